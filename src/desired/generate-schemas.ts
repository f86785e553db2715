/** Writes schemas.json from schema.ts: `npm run schemas`, for development only. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileSchemas } from './schema.ts';

export const generated = (): string => `${JSON.stringify(fileSchemas, null, 1)}\n`;

/** Writes only what differs, so that a second run changes nothing. */
export const generate = async (file: string): Promise<void> => {
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before !== generated()) await writeFile(file, generated());
};

if (process.argv[1]?.endsWith('generate-schemas.js') === true) await generate('src/desired/schemas.json');

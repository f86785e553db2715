/** The JSON Schemas that editors read, with this repository's own names in them. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemas } from '../../desired/schemas.ts';
import type { Desired } from '../../model/desired.ts';

/** Where the first line of each file looks for them. */
export const schemaFolder = (dir: string): string => join(dir, '.gatehouse/schemas');

/** How many there are; one that says the same already is not written again. */
export const writeSchemas = async (folder: string, desired: Desired | undefined): Promise<number> => {
  const files = Object.entries(schemas(desired));
  await mkdir(folder, { recursive: true });
  for (const [kind, schema] of files) {
    const path = join(folder, `${kind}.schema.json`);
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if ((await readFile(path, 'utf8').catch(() => undefined)) !== text) await writeFile(path, text);
  }
  return files.length;
};

/** Where they are used: names that a change brings are known to the editor as soon as it is validated. */
export const refreshSchemas = async (dir: string, desired: Desired | undefined): Promise<void> => {
  const folder = schemaFolder(dir);
  const isUsed = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isUsed && desired !== undefined) await writeSchemas(folder, desired);
};

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemas } from '../desired/schemas.ts';
import type { Context, Exit } from './run/context.ts';
import { readRepository } from './run/repository.ts';

/** Writes the JSON Schemas that editors use, completed with this repository's own names. */
export const schemaCommand = async (context: Context, options: { readonly out: string }): Promise<Exit> => {
  const { desired } = await readRepository(context);
  const files = Object.entries(schemas(desired));
  await mkdir(options.out, { recursive: true });
  for (const [kind, schema] of files)
    await writeFile(join(options.out, `${kind}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
  context.out(`${files.length} schemas written to ${options.out}`);
  return 0;
};

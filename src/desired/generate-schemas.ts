/** Writes schemas.json from schema.ts: `npm run schemas`, for development only; the product never loads this. */
import { writeFile } from 'node:fs/promises';
import { fileSchemas } from './schema/schema.ts';

await writeFile('src/desired/schemas.json', `${JSON.stringify(fileSchemas, null, 1)}\n`);

import type { CommandContext, ExitCode } from './run/context.ts';
import { readRepository } from './run/repository.ts';
import { writeSchemas } from './run/schema-files.ts';

/** Writes the JSON Schemas that editors use, completed with this repository's own names. */
export const schemaCommand = async (context: CommandContext, options: { readonly out: string }): Promise<ExitCode> => {
  const { desired } = await readRepository(context);
  context.out(`${await writeSchemas(options.out, desired)} schemas written to ${options.out}`);
  return 0;
};

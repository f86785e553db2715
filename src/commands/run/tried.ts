/** Steps that may fail without ending the command: the outcome on AWS is reported even if a disk or GitHub fails. */
import type { CommandContext } from './context.ts';

export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Returns whether the step succeeded; prints the reason if not. */
export const tried = async (
  { err }: Pick<CommandContext, 'err'>,
  what: string,
  act: () => Promise<unknown>,
): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch (error) {
    err(`${what}: ${errorMessage(error)}`);
    return false;
  }
};

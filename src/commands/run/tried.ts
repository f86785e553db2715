/** What may fail without ending the command: what was done on AWS is to be told whatever a disk or GitHub says. */
import type { Context } from './context.ts';

export const saidOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether it went well; if not, why not was said. */
export const tried = async (
  { err }: Pick<Context, 'err'>,
  what: string,
  act: () => Promise<unknown>,
): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch (error) {
    err(`${what}: ${saidOf(error)}`);
    return false;
  }
};

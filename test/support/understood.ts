/** What the product asks of `understand`, one question at a time. */
import type { Files } from '../../src/desired/load.ts';
import { understand } from '../../src/desired/understand.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Problem } from '../../src/model/problem.ts';

type Context = Parameters<typeof understand>[1];

/** Everything wrong in the files, sorted by file, line and column. */
export const validate = (files: Files, context: Context): readonly Problem[] => understand(files, context).problems;

/** What the files ask for on the day of `now`; they must have no error. */
export const resolve = (files: Files, context: Context): Desired => {
  const { desired, problems } = understand(files, context);
  if (desired === undefined) throw new Error(`the files have errors: ${JSON.stringify(problems)}`);
  return desired;
};

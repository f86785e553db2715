/** Accounts put together by marks that they get one after the other. */
import { grouped } from '../../model/lists.ts';
import { numbering } from '../situation/account-classes.ts';

/** One line of the files, or what AWS has of one: `sides` says of each account how it has the line. */
export type AccountLine = { readonly accounts: readonly string[]; readonly sides: readonly number[] };

const sidesThereAre = 4;

/** By the first name of each class of several, all its names, sorted. `texts`: what tells accounts apart to begin with. */
export const markedBy = (
  texts: ReadonlyMap<string, string>,
  lines: Iterable<AccountLine>,
): ReadonlyMap<string, readonly string[]> => {
  const numberOf = numbering();
  const marks = new Map<string, number>();
  for (const [account, text] of texts) marks.set(account, numberOf(text));
  let last = marks.size;
  for (const { accounts, sides } of lines) {
    // What was alike and has the line alike is alike.
    const next = new Map<number, number>();
    for (const [at, account] of accounts.entries()) {
      const before = marks.get(account);
      if (before === undefined) continue;
      const step = before * sidesThereAre + (sides[at] ?? 0);
      const mark = next.get(step) ?? (last += 1);
      next.set(step, mark);
      marks.set(account, mark);
    }
  }
  const alike = [...grouped(marks.keys(), (account) => marks.get(account)).values()];
  return new Map(
    alike
      .filter(({ length }) => length > 1)
      .map((names) => [...names].sort())
      .map((names) => [names[0] ?? '', names]),
  );
};

/**
 * Accounts to which the same happens, put together by marks: whoever looks at one account of each class has looked at all.
 */
import { grouped } from '../../model/lists.ts';
import { isOfIam } from '../../model/resource.ts';
import type { Principal, Resource } from '../../model/resource.ts';

/** Of an account that stands for its class, the names of all in the class, sorted, its own among them; of another, none. */
export type AccountSample = (account: string) => readonly string[];
export const everyAccount: AccountSample = (account) => [account];

/** For how many accounts, itself among them, an account stands. */
export type CountAccounts = (account: string) => number;
export const eachOnce: CountAccounts = () => 1;

/** How many things one thing stands for. */
export const countedBy = (countIn: CountAccounts, resource: Resource): number => {
  if (resource.kind === 'assignment' || isOfIam(resource)) return countIn(resource.account);
  if (resource.kind === 'account') return countIn(resource.name);
  return resource.kind === 'attachment' && resource.target.type === 'account' ? countIn(resource.target.name) : 1;
};

export type NumberOf = (text: string) => number;

/** The same number for the same text. */
export const numbering = (): NumberOf => {
  const known = new Map<string, number>();
  return (text) => {
    const number = known.get(text) ?? known.size;
    known.set(text, number);
    return number;
  };
};

/** A number for each principal with each set: what many accounts have of. */
export const lineNumbering = (): ((principal: Principal, permissionSet: string) => number) => {
  const known = new Map<string, Map<string, number>>();
  let lines = 0;
  return ({ type, name, orphan }, permissionSet) => {
    const who = `${type}${orphan ? '~' : ' '}${name}`;
    const sets = known.get(who) ?? new Map<string, number>();
    known.set(who, sets);
    const number = sets.get(permissionSet) ?? (lines += 1);
    sets.set(permissionSet, number);
    return number;
  };
};

export type AccountMarks = {
  /** By its name, what tells the account from others whatever is given there. */
  readonly texts: Iterable<readonly [account: string, text: string]>;
  /** What is given: for each, the accounts where it is. */
  readonly lines: Iterable<readonly string[]>;
};

const mostLines = 2 ** 26;

/** Accounts without a text are in no class: each is looked at by itself. */
export const sampleOf = ({ texts, lines }: AccountMarks): AccountSample => {
  const numberOf = numbering();
  const marks = new Map<string, number>();
  for (const [account, text] of texts) marks.set(account, numberOf(text));
  // The same marks in the same order are the same number.
  const next = new Map<number, number>();
  let [line, last] = [0, marks.size];
  for (const accounts of lines) {
    line += 1;
    for (const account of accounts) {
      const before = marks.get(account);
      if (before === undefined) continue;
      const step = before * mostLines + line;
      const number = next.get(step) ?? (last += 1);
      next.set(step, number);
      marks.set(account, number);
    }
  }
  const classes = grouped(marks.keys(), (account) => marks.get(account));
  const members = new Map([...classes.values()].map((all) => [all[0] ?? '', [...all].sort()]));
  return (account) => (marks.has(account) ? (members.get(account) ?? []) : [account]);
};

/** One run of several: which accounts it is about, and what it may use of the rates that all of them share. */
import { nameTaken, takenLines } from '../../desired/names.ts';
import type { Desired } from '../../model/desired.ts';
import { UserError } from '../../model/problem.ts';
import { counted } from '../../render/words.ts';

/** `index` counts from 1; 0 is what lies in no account. */
export type PlanShard = { readonly index: number; readonly of: number };
export type PartOptions = { readonly accounts?: readonly string[]; readonly shard?: PlanShard };

/** Throws an Error that says what is wrong with the word. */
export const parseShard = (text: string): PlanShard => {
  const [, index = '', of = ''] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === '' || shard.of < 1 || shard.index > shard.of)
    throw new Error('Write i/n with i from 1 to n, such as 2/5; 0/n is what lies in no account.');
  return shard;
};

type TakenPart = { readonly part: PartOptions; readonly taken: readonly string[] };

/** By account id, so that it does not depend on what the accounts are called. */
const inShard = (desired: Desired, { index, of }: PlanShard): readonly string[] =>
  Object.keys(desired.accounts)
    .toSorted()
    .filter((_, at) => (at % of) + 1 === index)
    .map((id) => desired.accounts[id] ?? id);

const declaredOnly = (names: readonly string[]): readonly string[] => {
  if (names.length === 0) throw new UserError('--accounts names no account; without it all are meant');
  return [...new Set(names)].toSorted();
};

export const isPart = ({ accounts, shard }: PartOptions): boolean => accounts !== undefined || shard !== undefined;

/** The accounts by their full names, with what was said in short. Throws a UserError when one is not declared. */
export const accountsTaken = (desired: Desired, part: PartOptions): TakenPart => {
  if (part.accounts === undefined) return { part, taken: [] };
  const known = Object.entries(desired.accounts).map(([id, name]) => ({ name, also: [id] }));
  const choice = { known, what: 'an account of access/organization.yaml', all: 'accounts' };
  const pairs = part.accounts.map((typed) => [typed, nameTaken(typed, choice)] as const);
  return { part: { ...part, accounts: pairs.map(([, name]) => name) }, taken: takenLines(pairs) };
};

/** Desired, about these accounts alone. Throws a UserError when none is named, or when both ways are used. */
export const partOf = (desired: Desired, { accounts, shard }: PartOptions): Desired => {
  if (accounts !== undefined && shard !== undefined)
    throw new UserError('--accounts and --shard are two ways to choose accounts: give one of them');
  if (accounts !== undefined) return { ...desired, part: declaredOnly(accounts) };
  if (shard === undefined) return desired;
  // A shard without accounts would still take its share of the rates from the others.
  const most = Math.max(Object.keys(desired.accounts).length, 1);
  if (shard.of > most)
    throw new UserError(
      `--shard ${shard.index}/${shard.of}: there are ${counted(most, 'account')}, so ${most} shards at most`,
    );
  return { ...desired, part: inShard(desired, shard) };
};

/** All shards together stay within the rates of the account that calls. What lies in no account is a run of its own, alone. */
export const shareOf = ({ shard }: PartOptions): number =>
  shard === undefined || shard.index === 0 ? 1 : 1 / shard.of;

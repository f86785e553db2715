/** What accounts are called. */
import { accountLabelOfId } from '../model/resource.ts';
import type { AccountId } from '../model/resource.ts';

export type NamedAccount = { readonly id: AccountId; readonly name: string };
export type AccountLabels = Readonly<Record<AccountId, string>>;

/**
 * The YAML's label by id; for an account that it does not name, AWS's name, or `~ID` when that is empty, begins with
 * `~`, is a declared label, or is another undeclared account's too (so that no label depends on the order of a list).
 */
export const labelsOfAccounts = (
  accounts: readonly NamedAccount[],
  declared: AccountLabels,
): ReadonlyMap<AccountId, string> => {
  const taken = new Set(Object.values(declared));
  const strangers = accounts.filter(({ id }) => declared[id] === undefined);
  const times = new Map<string, number>();
  for (const { name } of strangers) times.set(name, (times.get(name) ?? 0) + 1);
  const usable = (name: string): boolean =>
    name !== '' && !name.startsWith('~') && !taken.has(name) && times.get(name) === 1;
  return new Map(
    accounts.map(({ id, name }) => [id, declared[id] ?? (usable(name) ? name : accountLabelOfId(id))] as const),
  );
};

/** Accounts by names that a file can have: AWS's own where it is usable, else made of it and the id. */
import type { Live } from '../model/cloud.ts';
import { resourcesOf, stateOf } from '../model/resource.ts';
import type { Account, Resource } from '../model/resource.ts';

/** Characters that nobody sees: no file may contain them. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A name that YAML can say so that a reviewer sees all of it. */
export const isSayable = (name: string): boolean => /\S/.test(name) && !unseen.test(name);

const usable = (name: string): boolean => isSayable(name) && !name.startsWith('~') && !(name in Object.prototype);

/** Two accounts may have one name in AWS; the id tells them apart. */
const labelOf = ({ id, name }: Account): string => (usable(name) ? name : `Account-${id}`);

/** By present name; only those that change. */
const newLabels = (accounts: readonly Account[]): ReadonlyMap<string, string> => {
  const taken = new Set(accounts.map(({ name }) => name));
  const fresh = (account: Account): string => {
    const label = labelOf(account);
    return label !== account.name && taken.has(label) ? `${label}-${account.id}` : label;
  };
  const pairs = accounts.map((account) => [account.name, fresh(account)] as const);
  return new Map(pairs.filter(([before, after]) => before !== after));
};

const renamed = (resource: Resource, labels: ReadonlyMap<string, string>): Resource => {
  const label = (name: string): string => labels.get(name) ?? name;
  switch (resource.kind) {
    case 'account':
      return { ...resource, name: label(resource.name) };
    case 'attachment':
      return resource.target.type === 'account'
        ? { ...resource, target: { type: 'account', name: label(resource.target.name) } }
        : resource;
    case 'permission-set':
      return { ...resource, outdatedIn: resource.outdatedIn.map(label) };
    case 'assignment':
    case 'entitlement':
    case 'role':
    case 'policy':
    case 'oidc-provider':
    case 'resource-policy':
      return { ...resource, account: label(resource.account) };
    default:
      return resource;
  }
};

/** The same state with every account under a name that a file can have. */
export const withLabels = (live: Live): Live => {
  const labels = newLabels(resourcesOf(live.state, 'account'));
  if (labels.size === 0) return live;
  const named = (account: string): string => labels.get(account) ?? account;
  const iamUsers = live.iamUsers?.map((user) => ({ ...user, account: named(user.account) }));
  return {
    ...live,
    state: stateOf(Object.values(live.state).map((resource) => renamed(resource, labels))),
    ...(iamUsers === undefined ? {} : { iamUsers }),
    ...(live.iamRead === undefined ? {} : { iamRead: live.iamRead.map(named) }),
  };
};

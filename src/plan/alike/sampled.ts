/** What the files ask for and what AWS has, without the accounts that another one stands for. */
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import { isOfIam } from '../../model/resource.ts';
import type { Key, Resource, State } from '../../model/resource.ts';
import type { AlikeAccounts } from './accounts.ts';
import { accountInKey } from './lines.ts';
import { partsOf } from './parts.ts';

const placeOf = (resource: Resource): string | undefined => {
  if (resource.kind === 'account') return resource.name;
  if (isOfIam(resource)) return resource.account;
  return resource.kind === 'attachment' && resource.target.type === 'account' ? resource.target.name : undefined;
};

type IsLeft = (account: string | undefined) => boolean;

const stateLeft = (state: State, isLeft: IsLeft): State => {
  const { given, keys, rest } = partsOf(state);
  const left: Record<Key, Resource> = {};
  for (const [key, resource] of rest) if (isLeft(placeOf(resource))) left[key] = resource;
  for (const [at, assignment] of given.entries()) if (isLeft(assignment.account)) left[keys[at] ?? ''] = assignment;
  return left;
};

type Sides = { readonly desired: Desired; readonly live: Live };

export const sampledSides = ({ desired, live }: Sides, { isSpared }: AlikeAccounts): Sides => {
  const isLeft: IsLeft = (account) => account === undefined || !isSpared(account);
  const hasLeft = ({ key }: { readonly key: Key }): boolean => isLeft(accountInKey(key));
  return {
    live: { ...live, state: stateLeft(live.state, isLeft) },
    desired: {
      ...desired,
      state: stateLeft(desired.state, isLeft),
      accounts: Object.fromEntries(Object.entries(desired.accounts).filter(([, name]) => isLeft(name))),
      ending: desired.ending.filter(hasLeft),
      ended: desired.ended.filter(hasLeft),
      notBegun: desired.notBegun.filter((key) => isLeft(accountInKey(key))),
      dated: desired.dated.filter(hasLeft),
    },
  };
};

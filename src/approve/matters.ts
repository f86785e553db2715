/** What somebody must agree to: how dangerous it is, and where, by what no pull request can rename. */
import type { Live } from '../model/cloud.ts';
import type { Approval, Desired, Risk } from '../model/desired.ts';
import { remembered } from '../model/lists.ts';
import type { AccessChange, Change, Plan } from '../model/plan.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import type { Resource } from '../model/resource.ts';
import { keyOf, ouPath, pathToRoot, resourcesOf, stateOf } from '../model/resource.ts';
import { rekey } from '../plan/situation/rekey.ts';
import { EVERYWHERE } from '../plan/situation/reached-accounts.ts';
import { underPresentNames } from './labels.ts';
import { isAtLeast } from '../model/risk.ts';

/** `accounts`: ids, or '*' for every account. `ous`: paths as the last tree writes them, '' is Root. */
export type Matter = { readonly risk: Risk; readonly accounts: readonly string[]; readonly ous: readonly string[] };

/** `trees`: the base and the head, or main alone. `live`: where AWS was read. */
export type Scenery = { readonly trees: readonly Desired[]; readonly live?: Live };

/** Every tree under the names of the last one. */
const told = ({ trees }: Scenery): readonly Desired[] => {
  const newest = trees.at(-1);
  return newest === undefined ? [] : trees.map((tree) => (tree === newest ? tree : underPresentNames(tree, newest)));
};

type AccountPlace = { readonly name: string; readonly id: string; readonly parent: string };

/** Of the oldest tree first, so that the newest name of an id is the last. */
const accountsIn = (scenery: Scenery): readonly AccountPlace[] => [
  ...(scenery.live === undefined ? [] : resourcesOf(scenery.live.state, 'account')),
  ...told(scenery).flatMap(({ state }) => resourcesOf(state, 'account')),
];

const placesOf = (
  resource: Resource | undefined,
): { readonly accounts: readonly string[]; readonly ous: readonly string[] } => {
  if (resource === undefined) return { accounts: [], ous: [] };
  switch (resource.kind) {
    case 'ou':
      return { accounts: [], ous: [resource.path] };
    case 'account':
      return { accounts: [resource.name], ous: [resource.parent] };
    case 'attachment':
      if (resource.target.type === 'account') return { accounts: [resource.target.name], ous: [] };
      return { accounts: [], ous: [resource.target.type === 'ou' ? resource.target.path : ''] };
    case 'assignment':
    case 'entitlement':
    case 'role':
    case 'policy':
    case 'oidc-provider':
    case 'resource-policy':
      return { accounts: [resource.account], ous: [] };
    default:
      return { accounts: [], ous: [] };
  }
};

const ofChange = (change: Change): Matter => {
  const places = [beforeOf(change), afterOf(change)].map(placesOf);
  return {
    risk: change.risk,
    accounts: [...(change.reaches ?? []), ...places.flatMap(({ accounts }) => accounts)],
    ous: places.flatMap(({ ous }) => ous),
  };
};

const ofRow = ({ risk, accounts }: AccessChange): Matter => ({ risk, accounts, ous: [] });

/** Of plans that use the names of the last tree. */
export const mattersOf = (scenery: Scenery): ((plan: Pick<Plan, 'changes' | 'access'>) => readonly Matter[]) => {
  const ids = new Map(accountsIn(scenery).map(({ name, id }) => [name, id]));
  const byId = (matter: Matter): Matter => ({
    ...matter,
    accounts: [...new Set(matter.accounts)].map((name) => ids.get(name) ?? name),
  });
  return ({ changes, access }) => [...changes.map(ofChange), ...access.map(ofRow)].map(byId);
};

/** OU paths above every account, by its id, before and after. */
const pathsAbove = (scenery: Scenery): ReadonlyMap<string, readonly string[]> => {
  const above = new Map<string, readonly string[]>();
  for (const { id, parent } of accountsIn(scenery)) above.set(id, [...(above.get(id) ?? []), ...pathToRoot(parent)]);
  return above;
};

/** The path that an OU of another tree has in the last one. */
const presentPath = (tree: Desired, newest: Desired, path: string): string => {
  const probe: Resource = { kind: 'account', name: '', id: '', parent: path };
  const ous = stateOf([...resourcesOf(tree.state, 'ou'), probe]);
  const found = rekey(ous, newest.previously)[keyOf(probe)];
  return found?.kind === 'account' ? found.parent : path;
};

const pathsOf = (written: string, tree: Desired, newest: Desired): readonly string[] => {
  if (written === 'Root') return [''];
  return [written, ouPath(written.split('/'))].map((path) => presentPath(tree, newest, path));
};

const idIn = ({ accounts }: Desired, name: string): string =>
  Object.entries(accounts).find(([, label]) => label === name)?.[0] ?? name;

export type Matches = (when: Approval['when'], judge: Desired, matter: Matter) => boolean;

/** Whether an entry speaks of a matter; `judge` is the tree that the entry stands in: its names are that tree's. */
export const matching = (scenery: Scenery): Matches => {
  const above = pathsAbove(scenery);
  const newest = scenery.trees.at(-1);
  const isInOu = (paths: readonly string[], { accounts, ous }: Matter): boolean =>
    accounts.includes(EVERYWHERE) ||
    [...ous.flatMap(pathToRoot), ...accounts.flatMap((id) => above.get(id) ?? [])].some((path) => paths.includes(path));
  const placesIn = remembered((judge: Desired) =>
    remembered((written: string) => pathsOf(written, judge, newest ?? judge)),
  );
  return ({ risk, account, ou }, judge, matter) =>
    (risk === undefined || isAtLeast(matter.risk, risk)) &&
    (account === undefined || matter.accounts.includes(EVERYWHERE) || matter.accounts.includes(idIn(judge, account))) &&
    (ou === undefined || isInOu(placesIn(judge)(ou), matter));
};

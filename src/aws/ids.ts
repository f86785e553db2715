/** AWS's ids by the names that keys are made of: read once, then kept up to date by what apply does. */
import { controlPolicyTypes } from '../kinds/control-policies.ts';
import type { AccountId, ControlPolicy, Ou, Principal, Resource, Target } from '../model/resource.ts';
import { controlPolicyKey, encodeName, isControlPolicy, parentPath } from '../model/resource.ts';

/** The adapter's own index, the one thing in aws/ that is changed in place. */
export type AwsIds = {
  readonly rootId: string;
  readonly managementAccountId: AccountId;
  readonly instanceArn: string;
  readonly identityStoreId: string;
  /** ARN of the application of account access manager, if there is one. */
  readonly accountAccess?: string;
  /** OU path -> id; '' is Root. */
  readonly ous: Map<string, string>;
  /** Label -> id. */
  readonly accounts: Map<string, AccountId>;
  /** Accounts that are closed or closing. */
  readonly closed: Set<AccountId>;
  /** Key of the SCP or RCP -> id; FullAWSAccess too. */
  readonly policies: Map<string, string>;
  readonly groups: Map<string, string>;
  readonly users: Map<string, string>;
  /** Name -> ARN. */
  readonly permissionSets: Map<string, string>;
  /** `GROUP_ID/USER_ID` -> membership id. */
  readonly memberships: Map<string, string>;
};

/** Throws when AWS has nothing of that name: what a change needs was not made, or is gone. */
export const idIn = (index: ReadonlyMap<string, string>, name: string, kind: string): string => {
  const id = index.get(name);
  if (id === undefined) throw new Error(`${kind} ${JSON.stringify(name)} does not exist in AWS`);
  return id;
};

export const policyId = (ids: AwsIds, policy: Pick<ControlPolicy, 'kind' | 'name'>): string =>
  idIn(ids.policies, controlPolicyKey(policy), controlPolicyTypes[policy.kind].word);

export const targetId = (ids: AwsIds, target: Target): string => {
  if (target.type === 'root') return ids.rootId;
  return target.type === 'ou' ? idIn(ids.ous, target.path, 'OU') : idIn(ids.accounts, target.name, 'account');
};

/** The directory compares names without case (RFC 7643, 4.1.1), and the files may spell them otherwise. */
export const directoryId = (index: ReadonlyMap<string, string>, name: string): string | undefined => {
  const folded = name.toLowerCase();
  return index.get(name) ?? [...index].find(([known]) => known.toLowerCase() === folded)?.[1];
};

export const directoryIdIn = (index: ReadonlyMap<string, string>, name: string, kind: 'group' | 'user'): string =>
  directoryId(index, name) ?? idIn(index, name, kind);

/** An orphan's name is its id. */
export const principalId = (ids: AwsIds, principal: Principal): string => {
  if (principal.orphan === true) return principal.name;
  return directoryIdIn(principal.type === 'group' ? ids.groups : ids.users, principal.name, principal.type);
};

/** Records the new name of a resource, whether this run or somebody else renamed it. */
export const renameIn = (ids: AwsIds, before: Resource | undefined, after: Resource | undefined): void => {
  if (before?.kind === 'ou' && after?.kind === 'ou' && !ids.ous.has(after.path)) {
    moveOuPath(ids.ous, pathBefore(before), after.path);
  }
  if (before?.kind === 'group' && after?.kind === 'group') moveName(ids.groups, before.name, after.name);
  if (isControlPolicy(before) && isControlPolicy(after)) {
    moveName(ids.policies, controlPolicyKey(before), controlPolicyKey(after));
  }
};

const moveName = (index: Map<string, string>, from: string, to: string): void => {
  const id = index.get(from);
  if (from === to || id === undefined || index.has(to)) return;
  index.delete(from);
  index.set(to, id);
};

/** The path of an OU before it was renamed. */
export const pathBefore = (ou: Ou): string => {
  const parent = parentPath(ou.path);
  return parent === '' ? encodeName(ou.name) : `${parent}/${encodeName(ou.name)}`;
};

/** After an OU was renamed: it and every OU below it have new paths. */
const moveOuPath = (ous: Map<string, string>, from: string, to: string): void => {
  for (const [path, id] of [...ous]) {
    if (path !== from && !path.startsWith(`${from}/`)) continue;
    ous.delete(path);
    ous.set(`${to}${path.slice(from.length)}`, id);
  }
};

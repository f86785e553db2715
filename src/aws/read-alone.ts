/** What stands for the services that are not in use: an account of no organization, an organization without Identity Center. */
import { accountLabelOfId } from '../model/resource.ts';
import type { AccountId } from '../model/resource.ts';
import type { Labels } from './labels.ts';
import type { Assignments } from './read-assignments.ts';
import type { Directory } from './read-identity-store.ts';
import type { Instance } from './read-permission-sets.ts';
import type { Policies } from './read-policies.ts';
import type { Tree } from './read-tree.ts';

/** An account by itself is its own tree. */
export const treeOfOne = (id: AccountId, declared: Labels): Tree => {
  const name = declared[id] ?? accountLabelOfId(id);
  return {
    root: { Id: '' },
    ous: [],
    accounts: [{ kind: 'account', name, id, parent: '' }],
    closed: [],
    ouIds: new Map(),
    labels: new Map([[id, name]]),
  };
};

export const noPolicies: Policies = { resources: [], ids: new Map(), unread: [], closedTargets: new Map() };
export const noInstance: Instance = { instanceArn: '', identityStoreId: '' };
export const noDirectory: Directory = {
  groups: [],
  memberships: [],
  users: [],
  emails: [],
  profiles: [],
  fedBy: undefined,
  doubtful: [],
  groupIds: new Map(),
  userIds: new Map(),
  membershipIds: new Map(),
};
export const noAssignments: Assignments = { route: 'none', assignments: [], directory: noDirectory };

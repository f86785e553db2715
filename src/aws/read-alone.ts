/** What stands for the services that are not in use: an account of no organization, an organization without Identity Center. */
import { accountLabelOfId } from '../model/resource.ts';
import type { AccountId } from '../model/resource.ts';
import type { AccountLabels } from './labels.ts';
import type { AssignmentReading } from './read-assignments.ts';
import type { StoreDirectory } from './read-identity-store.ts';
import type { SsoInstanceIds } from './read-permission-sets.ts';
import type { PolicyReading } from './read-policies.ts';
import type { OrganizationTree } from './read-tree.ts';

/** An account by itself is its own tree. */
export const treeOfOne = (id: AccountId, declared: AccountLabels): OrganizationTree => {
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

export const noPolicies: PolicyReading = { resources: [], ids: new Map(), unread: [], closedTargets: new Map() };
export const absentInstance: SsoInstanceIds = { instanceArn: '', identityStoreId: '' };
export const noDirectory: StoreDirectory = {
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
export const noAssignments: AssignmentReading = { route: 'none', assignments: [], directory: noDirectory };

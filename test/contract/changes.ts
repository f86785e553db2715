/** Changes as a plan would make them, as far as the adapter looks at them. */
import type { Change } from '../../src/model/plan.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { PermissionSet, Resource } from '../../src/model/resource.ts';

const common = (action: string, resource: Resource) => ({
  id: `${action} ${keyOf(resource)}`,
  kind: resource.kind,
  key: keyOf(resource),
  phase: 'grant' as const,
  risk: 'low' as const,
  dependsOn: [],
});

export const create = (after: Resource): Change => ({ ...common('create', after), action: 'create', after });
export const remove = (before: Resource): Change => ({ ...common('delete', before), action: 'delete', before });
export const update = (before: Resource, after: Resource): Change => ({
  ...common('update', after),
  action: 'update',
  before,
  after,
});

export const permissionSet = (name: string, fields: Partial<PermissionSet> = {}): PermissionSet => ({
  kind: 'permission-set',
  name,
  sessionDuration: 3600,
  tags: {},
  managedPolicies: [],
  customerManagedPolicies: [],
  outdatedIn: [],
  ...fields,
});

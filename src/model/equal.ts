/** When two resources of one key are the same: each is made canonical first, then compared as text. */
import { canonicalPolicy, canonicalTrust } from './policy.ts';
import type { PolicyDocument } from './policy.ts';
import { isControlPolicy } from './resource.ts';
import type { ControlPolicy, CustomerPolicy, PermissionSet, Resource, Role } from './resource.ts';

const canonicalDocument = (document: PolicyDocument | undefined): string | null =>
  document === undefined ? null : canonicalPolicy(document);

const sortedEntries = (record: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const boundaryText = (boundary: PermissionSet['permissionsBoundary']): string | null => {
  if (boundary === undefined) return null;
  return 'managedPolicy' in boundary
    ? boundary.managedPolicy
    : `${boundary.customerManagedPolicy.path}${boundary.customerManagedPolicy.name}`;
};

const permissionSetFields = (set: PermissionSet): Readonly<Record<string, unknown>> => ({
  description: set.description ?? null,
  sessionDuration: set.sessionDuration,
  relayState: set.relayState ?? null,
  tags: sortedEntries(set.tags),
  managedPolicies: [...set.managedPolicies].sort(),
  customerManagedPolicies: set.customerManagedPolicies.map(({ path, name }) => `${path}${name}`).sort(),
  inlinePolicy: canonicalDocument(set.inlinePolicy),
  permissionsBoundary: boundaryText(set.permissionsBoundary),
  outdatedIn: [...set.outdatedIn].sort(),
  owner: set.owner ?? null,
  scope: set.scope ?? null,
});

const controlPolicyFields = (policy: ControlPolicy): Readonly<Record<string, unknown>> => ({
  name: policy.name,
  description: policy.description,
  document: canonicalDocument(policy.document),
  owner: policy.owner ?? null,
  scope: policy.scope ?? null,
});

const roleFields = (role: Role): Readonly<Record<string, unknown>> => ({
  path: role.path,
  description: role.description ?? null,
  trust: canonicalTrust(role.trust),
  managedPolicies: [...role.managedPolicies].sort(),
  customerManagedPolicies: role.customerManagedPolicies.map(({ path, name }) => `${path}${name}`).sort(),
  inlinePolicies: Object.keys(role.inlinePolicies)
    .sort()
    .map((name) => [name, canonicalDocument(role.inlinePolicies[name])]),
  permissionsBoundary: boundaryText(role.permissionsBoundary),
  maxSessionDuration: role.maxSessionDuration,
  instanceProfile: role.instanceProfile,
  tags: sortedEntries(role.tags),
  owner: role.owner ?? null,
});

/** The description cannot be changed (IAM CreatePolicy), so it makes no difference. */
const customerPolicyFields = (policy: CustomerPolicy): Readonly<Record<string, unknown>> => ({
  document: canonicalDocument(policy.document),
  tags: sortedEntries(policy.tags),
  owner: policy.owner ?? null,
});

/** Field by field, the values that count when AWS and the YAML are compared; a field of `null` is absent. */
export const comparableFields = (resource: Resource): Readonly<Record<string, unknown>> => {
  if (isControlPolicy(resource)) return controlPolicyFields(resource);
  switch (resource.kind) {
    case 'policy-type':
    case 'attachment':
    case 'membership':
    case 'assignment':
      return {};
    case 'ou':
      return { name: resource.name, owner: resource.owner ?? null };
    case 'account':
      return { parent: resource.parent };
    case 'group':
      return resource.source === 'external' ? {} : { name: resource.name, description: resource.description ?? null };
    case 'user': {
      const { displayName, givenName, familyName, email } = resource;
      return { displayName, givenName, familyName, email: email ?? null };
    }
    case 'permission-set':
      return permissionSetFields(resource);
    case 'role':
      return roleFields(resource);
    case 'policy':
      return customerPolicyFields(resource);
    case 'oidc-provider':
      return { clientIds: [...resource.clientIds].sort(), owner: resource.owner ?? null };
  }
};

/** One string for all resources that are the same to AWS; made for comparing and hashing, not for reading. */
export const canonical = (resource: Resource): string => JSON.stringify([resource.kind, comparableFields(resource)]);

export const changedFields = (before: Resource, after: Resource): readonly string[] => {
  const old = comparableFields(before);
  return Object.entries(comparableFields(after))
    .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(old[field]))
    .map(([field]) => field);
};

/** What a resource names: the keys it cannot exist without. */
import { statements, listOf } from '../../model/policy.ts';
import type {
  Attachment,
  CustomerManagedPolicy,
  Key,
  Principal,
  Resource,
  Role,
  State,
  Target,
} from '../../model/resource.ts';
import {
  ACCOUNT_ACCESS,
  accountKey,
  controlPolicyKey,
  customerPolicyKey,
  entitledRoleKey,
  groupKey,
  iamScope,
  isControlPolicy,
  oidcProviderKey,
  ouKey,
  parentPath,
  permissionSetKey,
  policyTypeKey,
  policyTypes,
  userKey,
} from '../../model/resource.ts';

export const principalKey = (principal: Principal): Key => {
  if (principal.orphan) return `${principal.type}/~${principal.name}`;
  return principal.type === 'group' ? groupKey(principal.name) : userKey(principal.name);
};

export const targetKeys = (target: Target): readonly Key[] => {
  if (target.type === 'root') return [];
  return [target.type === 'ou' ? ouKey(target.path) : accountKey(target.name)];
};

const parentKeys = (path: string): readonly Key[] => (path === '' ? [] : [ouKey(path)]);

const attachmentKeys = ({ policy, target }: Attachment): readonly Key[] => [
  controlPolicyKey(policy),
  policyTypeKey(policyTypes[policy.kind]),
  ...targetKeys(target),
];

type PolicyNamer = Pick<Role, 'customerManagedPolicies' | 'permissionsBoundary'>;

/** Customer managed policies that it names, the boundary among them. */
export const namedPolicies = (one: PolicyNamer): readonly CustomerManagedPolicy[] => {
  const boundary = one.permissionsBoundary;
  const own = boundary !== undefined && 'customerManagedPolicy' in boundary ? [boundary.customerManagedPolicy] : [];
  return [...one.customerManagedPolicies, ...own];
};

const federatedBy = /^arn:aws:iam::\d{12}:oidc-provider\/(.+)$/;

/** Principals of one type in a trust policy. */
export const trusted = ({ trust }: Role, type: 'AWS' | 'Federated'): readonly string[] =>
  statements(trust).flatMap(({ Principal }) =>
    Principal === undefined || typeof Principal === 'string' ? [] : listOf(Principal[type]),
  );

const roleKeys = (role: Role): readonly Key[] => [
  ...namedPolicies(role).map((policy) => customerPolicyKey({ ...policy, account: role.account })),
  ...trusted(role, 'Federated').flatMap((arn) => {
    const host = federatedBy.exec(arn)?.[1];
    return host === undefined ? [] : [oidcProviderKey({ account: role.account, host })];
  }),
];

/** Keys of other resources that this one is made of; never its own. */
export const mentions = (resource: Resource): readonly Key[] => {
  if (isControlPolicy(resource)) return [policyTypeKey(policyTypes[resource.kind])];
  switch (resource.kind) {
    case 'policy-type':
    case 'group':
    case 'user':
    case 'permission-set':
    case 'access-attributes':
      return [];
    case 'ou':
      return parentKeys(parentPath(resource.path));
    case 'account':
      return parentKeys(resource.parent);
    case 'attachment':
      return attachmentKeys(resource);
    case 'membership':
      return [groupKey(resource.group), userKey(resource.user)];
    case 'assignment':
      return [principalKey(resource.principal), permissionSetKey(resource.permissionSet), accountKey(resource.account)];
    case 'entitlement':
      return [
        principalKey(resource.principal),
        entitledRoleKey(resource),
        accountKey(resource.account),
        iamScope(resource.account),
        ACCOUNT_ACCESS,
      ];
    case 'role':
      return [accountKey(resource.account), iamScope(resource.account), ...new Set(roleKeys(resource))];
    case 'policy':
    case 'oidc-provider':
      return [accountKey(resource.account), iamScope(resource.account)];
    case 'resource-policy':
      return [accountKey(resource.account)];
  }
};

export type KeyIndex = ReadonlyMap<Key, readonly Key[]>;

/** For each key, the keys of what names it, in order. */
export const namedBy = (state: State): KeyIndex => {
  const index = new Map<Key, Key[]>();
  for (const key of Object.keys(state).sort()) {
    for (const named of mentions(state[key] as Resource)) {
      const list = index.get(named);
      if (list === undefined) index.set(named, [key]);
      else list.push(key);
    }
  }
  return index;
};

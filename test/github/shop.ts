/** A small repository of its own, so that a story takes seconds: three accounts, three groups, one guard rail. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const organization = `management: { name: Shop-Management, id: "111111111111" }
ous:
  Workloads:
    accounts:
      Shop-Production: { id: "222222222222", tags: { env: prod } }
      Shop-Dev: { id: "333333333333", tags: { env: nonprod } }
`;

export const approvals = `approvals:
  - { when: { risk: critical }, users: [ada, grace], count: 2 }
  - { when: { path: "scps/**" }, users: [ada] }
`;

export const settings = `organization: o-shop000000
region: eu-west-1
owner: shop/aws-access
breakGlass: { group: Shop-BreakGlass, permissionSet: Shop-BreakGlass }
reconciler: { plan: gatehouse/GatehousePlan, apply: gatehouse/GatehouseApply }
${approvals}`;

const breakGlass = `group: Shop-BreakGlass
description: Emergency administrators
source: identity-center
members: [ines@shop.example, omar@shop.example]
assignments:
  - { permissionSet: Shop-BreakGlass, ous: [Root], accounts: [Shop-Management] }
`;

export const support = `group: Shop-Support
description: Answers customers
source: identity-center
members: [kofi@shop.example]
assignments:
  - permissionSet: Shop-Support
    accounts: [Shop-Production]
`;

export const developers = `group: Shop-Developers
description: Writes the shop
source: identity-center
members: [lena@shop.example, miguel@shop.example]
assignments:
  - permissionSet: Shop-ReadOnly
    accounts: [Shop-Dev]
`;

const supportSet = `permissionSet: Shop-Support
description: Reads the order tables
sessionDuration: 4h
inlinePolicy:
  Version: "2012-10-17"
  Statement:
    - Effect: Allow
      Action: [dynamodb:GetItem, dynamodb:Query]
      Resource: "arn:aws:dynamodb:*:*:table/orders*"
`;

const supportTest = `- test: Support reads orders in Production
  as: { group: Shop-Support }
  in: { accounts: [Shop-Production] }
  allowed: [{ action: dynamodb:GetItem, resource: "arn:aws:dynamodb:*:*:table/orders" }]
- test: Support deletes nothing
  as: { group: Shop-Support }
  in: { accounts: [Shop-Production] }
  denied: [dynamodb:DeleteTable]
`;

const leaving = `scp: DenyLeaveOrganization
description: No account leaves
policy:
  Version: "2012-10-17"
  Statement: [{ Effect: Deny, Action: organizations:LeaveOrganization, Resource: "*" }]
`;

export const shop: Readonly<Record<string, string>> = {
  'access/organization.yaml': organization,
  'access/settings.yaml': settings,
  'access/groups/break-glass.yaml': breakGlass,
  'access/groups/support.yaml': support,
  'access/groups/developers.yaml': developers,
  'access/tests/support.yaml': supportTest,
  'permission-sets/break-glass.yaml':
    'permissionSet: Shop-BreakGlass\ndescription: Emergency administrator\nsessionDuration: 1h\nmanagedPolicies: [AdministratorAccess]\n',
  'permission-sets/read-only.yaml':
    'permissionSet: Shop-ReadOnly\ndescription: Looks\nsessionDuration: 8h\nmanagedPolicies: [ReadOnlyAccess]\n',
  'permission-sets/support.yaml': supportSet,
  'scps/deny-leave.yaml': leaving,
  'scps/bindings.yaml': 'ous:\n  Root: [DenyLeaveOrganization]\n',
};

export const writeShop = (dir: string): void => {
  for (const [path, text] of Object.entries(shop)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
};

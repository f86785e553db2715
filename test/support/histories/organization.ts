/** The organizations in which histories happen: small, with everything in them that a rule speaks of. */
import { stringify } from 'yaml';
import type { Member } from './memory-github.ts';
import type { Texts } from './merge-text.ts';

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

export const yaml = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

/** Who works on the repository: two who are listed, two who may write, one who may not, and a program. */
export const members: readonly Member[] = [
  { login: 'ada', can: true },
  { login: 'grace', can: true },
  { login: 'linus', can: true },
  { login: 'mallory', can: true },
  { login: 'rita', can: false },
  { login: 'helper[bot]', can: true, bot: true },
];

/** Who may be given access. */
export const staff = ['ines', 'omar', 'kofi', 'lena', 'miguel', 'zoe', 'max'].map((name) => `${name}@shop.example`);

export const MANAGEMENT = 'Management';
const accounts = [
  { name: 'Production', id: '222222222222', ou: 'Prod', env: 'prod' },
  { name: 'Staging', id: '333333333333', ou: 'NonProd', env: 'nonprod' },
  { name: 'Sandbox', id: '444444444444', ou: 'NonProd', env: 'nonprod' },
  { name: 'Data', id: '555555555555', ou: 'Prod', env: 'prod' },
  { name: 'Tools', id: '666666666666', ou: '', env: 'nonprod' },
] as const;

const glass = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_BreakGlass_????????????????';
const member = 'arn:aws:iam::*:role/gatehouse/GatehouseMember';

export const document = (...statements: readonly Value[]): Value => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** The reconciler is not excepted, which shuts it out of the accounts. */
export const sparingGlass = (actions: readonly string[]): Value => ({
  Effect: 'Deny',
  Action: actions,
  Resource: '*',
  Condition: { ArnNotLike: { 'aws:PrincipalArn': [glass] } },
});

/** Break-glass and the reconciler are excepted, as every guard rail must except them. */
export const sparing = (actions: readonly string[]): Value => ({
  Effect: 'Deny',
  Action: actions,
  Resource: '*',
  Condition: { ArnNotLike: { 'aws:PrincipalArn': [glass, member] } },
});

const entry = (name: string, { id, env }: (typeof accounts)[number]): readonly [string, Value] => [
  name,
  { id, tags: { env } },
];

const organization = (known: readonly (typeof accounts)[number][]): Value => {
  const at = (ou: string): Value =>
    Object.fromEntries(known.filter((one) => one.ou === ou).map((one) => entry(one.name, one)));
  return {
    management: { name: MANAGEMENT, id: '111111111111' },
    accounts: at(''),
    ous: { Prod: { accounts: at('Prod') }, NonProd: { accounts: at('NonProd') } },
  };
};

const approvals: readonly (readonly Value[])[] = [
  [
    { when: { risk: 'critical' }, users: ['ada', 'grace'], count: 2 },
    { when: { risk: 'high' }, users: ['ada', 'grace'] },
    { when: { path: 'scps/**' }, users: ['ada'] },
  ],
  [
    { when: { risk: 'critical' }, users: ['ada', 'grace'], count: 2 },
    { when: { account: 'Production' }, users: ['grace'] },
    { when: { ou: 'Prod', risk: 'medium' }, users: ['ada'] },
  ],
  [
    { when: { risk: 'medium' }, users: ['ada', 'grace'] },
    { when: { path: 'access/settings.yaml' }, users: ['ada', 'grace'], count: 2 },
  ],
];

const memberRole: Value = { name: 'GatehouseMember', path: '/gatehouse/' };

const settings = (rules: readonly Value[], more: Readonly<Record<string, Value>>): Value => ({
  organization: 'o-securecart0',
  region: 'eu-west-1',
  owner: 'securecart/aws-access',
  breakGlass: { group: 'BreakGlass', permissionSet: 'BreakGlass' },
  reconciler: { plan: 'gatehouse/GatehousePlan', apply: 'gatehouse/GatehouseApply' },
  ...more,
  approvals: rules,
});

const group = (name: string, people: readonly string[], assignments: readonly Value[]): Value => ({
  group: name,
  description: `The group ${name}`,
  source: 'identity-center',
  members: people,
  assignments,
});

const sets: Readonly<Record<string, Value>> = {
  'break-glass': {
    permissionSet: 'BreakGlass',
    description: 'Emergency administrator',
    sessionDuration: '1h',
    managedPolicies: ['AdministratorAccess'],
  },
  admin: {
    permissionSet: 'Admin',
    description: 'Administrator outside Production',
    sessionDuration: '4h',
    managedPolicies: ['AdministratorAccess'],
  },
  'read-only': {
    permissionSet: 'ReadOnly',
    description: 'Looks',
    sessionDuration: '8h',
    managedPolicies: ['AmazonS3ReadOnlyAccess', 'IAMReadOnlyAccess'],
  },
  developer: {
    permissionSet: 'Developer',
    description: 'Builds',
    sessionDuration: '8h',
    inlinePolicy: document(
      { Effect: 'Allow', Action: ['ec2:*', 's3:*', 'lambda:*'], Resource: '*' },
      { Effect: 'Deny', Action: ['s3:DeleteBucket'], Resource: '*' },
    ),
  },
  support: {
    permissionSet: 'Support',
    description: 'Reads the order tables',
    sessionDuration: '4h',
    inlinePolicy: document({
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:Query'],
      Resource: 'arn:aws:dynamodb:*:*:table/orders*',
    }),
  },
};

const until = (day: string): Value => ({ until: day, reason: 'SHOP-1' });

const groups = (first: string): Readonly<Record<string, Value>> => ({
  'break-glass': group(
    'BreakGlass',
    [staff[0] ?? '', staff[1] ?? ''],
    [{ permissionSet: 'BreakGlass', ous: ['Root'], accounts: [MANAGEMENT] }],
  ),
  support: group('Support', [staff[2] ?? ''], [{ permissionSet: 'Support', accounts: ['Production'] }]),
  developers: group(
    'Developers',
    [staff[3] ?? '', staff[4] ?? ''],
    [
      { permissionSet: 'ReadOnly', ous: ['Root'] },
      { permissionSet: 'Developer', accounts: [first], ...(until('2027-01-15') as object) },
    ],
  ),
  platform: group(
    'Platform',
    [staff[5] ?? ''],
    [{ permissionSet: 'Admin', tags: { env: 'nonprod' }, ous: ['NonProd'] }],
  ),
});

const scps: Readonly<Record<string, Value>> = {
  leave: {
    scp: 'DenyLeave',
    description: 'No account leaves',
    policy: document({ Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' }),
  },
  protect: {
    scp: 'Protect',
    description: 'Nobody administers identities or deletes data',
    policy: document(sparing(['iam:*']), sparing(['s3:DeleteBucket', 'dynamodb:DeleteTable'])),
  },
};

const roles: Readonly<Record<string, Value>> = {
  deploy: {
    role: 'Deploy',
    path: '/gatehouse/',
    accounts: ['Staging'],
    trust: [{ github: { repository: 'shop/shop', ref: 'refs/heads/main' } }],
    inlinePolicies: { deploy: document({ Effect: 'Allow', Action: ['lambda:UpdateFunctionCode'], Resource: '*' }) },
  },
};

/** A vendor reads what lies in the bucket of an account. */
const resources = (account: string, id: string): Value => ({
  resources: [
    {
      ...{ resource: `arn:aws:s3:::shop-${id}`, account, region: 'eu-west-1' },
      policy: document({
        Effect: 'Allow',
        Principal: { AWS: ['101010101010'] },
        Action: 's3:GetObject',
        Resource: [`arn:aws:s3:::shop-${id}/*`],
      }),
    },
  ],
});

const rcp: Value = {
  rcp: 'Perimeter',
  description: 'Nobody from elsewhere touches our objects',
  policy: document({
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: '*',
    Condition: {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-securecart0' },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  }),
};

const tests: Value = [
  {
    test: 'Support deletes nothing',
    as: { group: 'Support' },
    in: { accounts: ['Production'] },
    denied: ['dynamodb:DeleteTable'],
  },
];

const named = (folder: string, files: Readonly<Record<string, Value>>): Texts =>
  Object.fromEntries(Object.entries(files).map(([name, value]) => [`${folder}/${name}.yaml`, yaml(value)]));

export const accountIds: Readonly<Record<string, string>> = Object.fromEntries(
  accounts.map(({ name, id }) => [name, id]),
);

/** How many different organizations there are. */
export const variants = 12;

/** What main holds in the beginning, which AWS has already. */
export const organizationFiles = (variant: number): Texts => {
  const known = accounts.slice(0, 2 + (variant % 4));
  const hasRoles = variant % 4 === 3;
  const both = variant % 2 === 1;
  const { name: first, id: firstId } = known[0] ?? accounts[0];
  return {
    'README.md': '# Who may do what\n',
    'access/organization.yaml': yaml(organization(known)),
    'access/settings.yaml': yaml(settings(approvals[variant % approvals.length] ?? [], both ? { memberRole } : {})),
    'access/tests/support.yaml': yaml(tests),
    ...named('access/groups', groups(known[1]?.name ?? '')),
    ...(hasRoles ? named('access/roles', roles) : {}),
    ...(both ? { [`access/resources/shop-${firstId}.yaml`]: yaml(resources(first, firstId)) } : {}),
    ...(both ? { 'scps/rcp-perimeter.yaml': yaml(rcp) } : {}),
    ...named('permission-sets', sets),
    ...named('scps', both ? scps : { leave: scps['leave'] ?? null }),
    'scps/bindings.yaml': yaml({ ous: { Root: ['DenyLeave'], ...(both ? { Prod: ['Protect'] } : {}) } }),
  };
};

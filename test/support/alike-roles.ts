/**
 * Roles, customer policies, providers, policies of resources and entitlements for `alike-organizations.ts`: in files, and as
 * AWS has them of others. Some are the same in every account, some in a few, and some tell accounts apart.
 */
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { CustomerPolicy, OidcProvider, Resource, Role } from '../../src/model/resource.ts';
import { OWNER } from './build.ts';

type Decide = (choices: number) => number;
const pick = <T>(decide: Decide, items: readonly [T, ...T[]]): T => items[decide(items.length)] as T;
const idOf = (at: number): string => String(200_000_000_000 + at);

const trusts = [
  '{ account: Account-3, permissionSet: Admin }',
  '{ account: Account-8 }',
  '{ account: Account-8, principalArn: "arn:aws:iam::*:role/deploy-*" }',
  '{ github: { repository: securecart/shop, ref: refs/heads/main } }',
  '{ service: lambda.amazonaws.com }',
  '{ service: sns.amazonaws.com, sourceAccount: Account-12 }',
  '{ accountId: "999999999999", externalId: acme-7f3 }',
  '{ permissionSet: Admin }',
  '{ permissionSet: Admin }, { account: Account-8 }',
  '{ account: Management, role: GatehouseApply }',
  '{ account: Management, role: GatehousePlan }',
] as const;
const openTrust = '{ organization: o-example0000 }';

const inlines = [
  '{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }',
  '{ Effect: Allow, Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/Own" }',
  '{ Effect: Allow, Action: "iam:PassRole", Resource: "*" }',
  `{ Effect: Allow, Action: "ec2:*", Resource: "arn:aws:ec2:eu-west-1:${idOf(6)}:instance/*" }`,
  '{ Effect: Allow, Action: "ec2:RunInstances", Resource: "arn:aws:ec2:eu-west-1:${account}:instance/*" }',
] as const;

const roleText = (decide: Decide, name: string, target: string): string =>
  [
    `role: ${name}`,
    'path: /gatehouse/',
    `description: ${pick(decide, ['What it is', 'What it was'])}`,
    target,
    `trust: [${decide(20) === 0 ? openTrust : pick(decide, trusts)}]`,
    `managedPolicies: [${pick(decide, ['SecurityAudit', 'ReadOnlyAccess', 'PowerUserAccess'])}]`,
    'inlinePolicies:',
    '  own:',
    '    Version: "2012-10-17"',
    `    Statement: [${pick(decide, inlines).replace('${account}', '*')}]`,
  ].join('\n');

const wide = [
  'ous: [Root]',
  'ous: [Root]',
  'ous: [Work]',
  'ous: [Sand, Prod]',
  'accounts: [Account-2, Account-50]',
] as const;
const few = ['accounts: [Account-1]', 'accounts: [Account-20, Account-21]'] as const;

const bucketText = (decide: Decide): string =>
  [
    'resources:',
    '  - resource: arn:aws:s3:::shop',
    '    account: Account-25',
    '    region: eu-west-1',
    '    policy:',
    '      Version: "2012-10-17"',
    `      Statement: [{ Effect: Allow, Principal: ${pick(decide, ['{ AWS: "${account:Account-26}" }', '{ AWS: "${account:Account-26}" }', '"*"'])}, Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*"${decide(2) === 0 ? ', Condition: { StringEquals: { "aws:PrincipalOrgID": o-example0000 } }' : ''} }]`,
  ].join('\n');

const enteredText = [
  'role: Entered',
  'path: /gatehouse/',
  'accounts: [Account-30, Account-31]',
  'trust:',
  '  - { service: account-access.amazonaws.com, sourceAccount: Management, setContext: true, tagSession: true }',
  'managedPolicies: [ReadOnlyAccess]',
].join('\n');

/** Whether a group is put on a role decides its line, too. */
export type RoleFiles = { readonly texts: Readonly<Record<string, string>>; readonly line: readonly string[] };

export const noRoleFiles: RoleFiles = { texts: {}, line: [] };

export const roleFiles = (decide: Decide): RoleFiles => {
  const wish = (times: number, path: string, text: () => string): Readonly<Record<string, string>> =>
    decide(times) === 0 ? { [path]: text() } : {};
  const isEntered = decide(5) === 0;
  return {
    texts: {
      ...wish(2, 'access/roles/audit.yaml', () => roleText(decide, 'Audit', pick(decide, wide))),
      ...wish(3, 'access/roles/tool.yaml', () => roleText(decide, 'Tool', pick(decide, few))),
      ...wish(6, 'access/resources/shop.yaml', () => bucketText(decide)),
      ...(isEntered ? { 'access/roles/entered.yaml': enteredText } : {}),
    },
    line: isEntered ? ['  - { role: Entered, accounts: [Account-30] }'] : [],
  };
};

const trusting = (principal: Statement['Principal'], more: Partial<Statement> = {}): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal ?? '*', Action: 'sts:AssumeRole', ...more }],
});

const roleIn = (account: string, name: string, fields: Partial<Role>): Role => ({
  kind: 'role',
  account,
  name,
  path: '/',
  trust: trusting({ Service: 'ec2.amazonaws.com' }),
  managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  customerManagedPolicies: [],
  inlinePolicies: {},
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
  ...fields,
});

const policyIn = (account: string, id: string, tags: Readonly<Record<string, string>>): CustomerPolicy => ({
  kind: 'policy',
  account,
  name: 'Limit',
  path: '/',
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:sqs:eu-west-1:${id}:jobs` }],
  },
  tags,
});

const providerIn = (account: string): OidcProvider => ({
  kind: 'oidc-provider',
  account,
  host: 'token.actions.githubusercontent.com',
  clientIds: ['sts.amazonaws.com'],
});

type Home = { readonly name: string; readonly id: string };
type Everywhere = (home: Home) => readonly Resource[];

const rootOf = (id: string): Statement['Principal'] => ({ AWS: `arn:aws:iam::${id}:root` });

/** What is there of others, or was ours: each the same in every account, but for the account. */
const everywhere: readonly (readonly [times: number, make: Everywhere])[] = [
  [2, ({ name }) => [roleIn(name, 'OrganizationAccountAccessRole', { trust: trusting(rootOf('111111111111')) })]],
  [3, ({ name, id }) => [roleIn(name, 'Own', { trust: trusting(rootOf(id)) })]],
  [20, ({ name, id }) => [roleIn(name, `Deploy-${id}`, {})]],
  [4, ({ name, id }) => [roleIn(name, 'Old', { trust: trusting(rootOf(id)), owner: OWNER })]],
  [3, ({ name }) => [providerIn(name)]],
  [4, ({ name, id }) => [policyIn(name, id, {})]],
  [20, ({ name, id }) => [policyIn(name, id, { of: name })]],
];

/** What is in one account, or in a few. */
const somewhere: readonly (readonly [times: number, resources: readonly Resource[]])[] = [
  [3, [roleIn('Account-15', 'Odd', { trust: trusting(rootOf(idOf(16))) })]],
  [4, [15, 16, 55].map((at) => roleIn(`Account-${at}`, 'Old', { owner: OWNER }))],
  [
    20,
    [
      roleIn('Account-17', 'Open', {
        trust: trusting({ AWS: '*' }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-example0000' } } }),
      }),
    ],
  ],
  [
    20,
    [
      roleIn('Account-18', 'Pattern', {
        inlinePolicies: {
          own: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::2000000000*:role/Own' }],
          },
        },
      }),
    ],
  ],
];

/** `accounts`: of the files, by id. */
export const foundInside = (decide: Decide, accounts: Readonly<Record<string, string>>): readonly Resource[] => {
  const homes = Object.entries(accounts).map(([id, name]): Home => ({ id, name }));
  return [
    ...['GatehousePlan', 'GatehouseApply'].map((name) => roleIn('Management', name, {})),
    ...everywhere.flatMap(([times, make]) => (decide(times) === 0 ? homes.flatMap(make) : [])),
    ...somewhere.flatMap(([times, resources]) => (decide(times) === 0 ? resources : [])),
  ];
};

/**
 * Files of an organization of any size, and what AWS has of it: OUs, sets, and groups that each have one set in all accounts.
 * Written as text and made anew for AWS, so that nothing is shared that a run would not share.
 */
import type { Files } from '../../../src/desired/load.ts';
import type { Live } from '../../../src/model/cloud.ts';
import type { Desired } from '../../../src/model/desired.ts';
import { stateOf } from '../../../src/model/resource.ts';
import type { Kind, Resource, Role } from '../../../src/model/resource.ts';

/** `roles`: whether there are IAM roles, of ours and of others, in every account. */
export type Size = { readonly accounts: number; readonly groups: number; readonly roles?: boolean };

const ouCount = 50;
const setCount = 60;
const people = 10;
const owner = 'example/aws-access';
const managed = ['ReadOnlyAccess', 'PowerUserAccess', 'ViewOnlyAccess', 'SecurityAudit', 'AmazonS3FullAccess'];

const many = <T>(count: number, make: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const userOf = (at: number): string => `person-${at}@example.com`;

const organizationText = ({ accounts }: Size): string =>
  [
    `management: { name: Management, id: "${managementId}" }`,
    'ous:',
    ...many(ouCount, (ou) => [
      `  Ou-${ou}:`,
      '    accounts:',
      ...many(Math.ceil((accounts - ou) / ouCount), (at) => {
        const account = at * ouCount + ou;
        return `      Account-${account}: "${200_000_000_000 + account}"`;
      }),
    ]).flat(),
  ].join('\n');

const settingsText = [
  'organization: o-example0000',
  'region: eu-west-1',
  `owner: ${owner}`,
  'breakGlass: { group: Group-0, permissionSet: Set-0 }',
].join('\n');

const setText = (at: number): string =>
  [
    `permissionSet: Set-${at}`,
    `description: What team ${at} may do`,
    `managedPolicies: [${at === 0 ? 'AdministratorAccess' : managed[at % managed.length]}]`,
    ...(at === 0
      ? []
      : [
          'inlinePolicy:',
          '  Version: "2012-10-17"',
          `  Statement: [{ Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket-${at}/*" }]`,
        ]),
  ].join('\n');

const groupText = (at: number): string =>
  [
    `group: Group-${at}`,
    'source: identity-center',
    `members: [${many(people, (one) => userOf(at * people + one)).join(', ')}]`,
    'assignments:',
    `  - { permissionSet: Set-${at % setCount}, ous: [Root]${at === 0 ? ', accounts: [Management]' : ''} }`,
  ].join('\n');

const scpText = [
  'scp: DenyLeaving',
  'description: No account leaves',
  'policy:',
  '  Version: "2012-10-17"',
  '  Statement: [{ Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*" }]',
].join('\n');

/** One in every account that one account may enter, and one in one account that GitHub may. */
const roleTexts: Readonly<Record<string, string>> = {
  'access/roles/audit.yaml': [
    'role: Audit',
    'path: /gatehouse/',
    'ous: [Root]',
    'trust: [{ account: Account-0, permissionSet: Set-1 }]',
    'managedPolicies: [SecurityAudit]',
  ].join('\n'),
  'access/roles/deploy.yaml': [
    'role: Deploy',
    'path: /gatehouse/',
    'accounts: [Account-1]',
    'trust: [{ github: { repository: example/shop, ref: refs/heads/main } }]',
    'managedPolicies: [PowerUserAccess]',
  ].join('\n'),
};

export const filesOf = (size: Size): Files => {
  const texts: Readonly<Record<string, string>> = {
    'access/organization.yaml': organizationText(size),
    'access/settings.yaml': settingsText,
    ...Object.fromEntries(many(size.groups, (at) => [`access/groups/group-${at}.yaml`, groupText(at)])),
    ...Object.fromEntries(
      many(Math.min(setCount, size.groups), (at) => [`permission-sets/set-${at}.yaml`, setText(at)]),
    ),
    'scps/deny-leaving.yaml': scpText,
    'scps/bindings.yaml': 'ous: { Root: [DenyLeaving] }',
    ...(size.roles === true ? roleTexts : {}),
  };
  const files = Object.entries(texts).map(([path, text]) => ({ path, text: `${text}\n` }));
  return { root: 'memory', files, problems: [] };
};

const managementId = '111111111111';

/** What Organizations makes in every account, and the reconciler's own: nobody declares them. */
const rolesOfOthers = (account: string): readonly Role[] =>
  [
    { name: 'OrganizationAccountAccessRole', who: 'root' },
    { name: 'GatehouseMember', who: 'role/GatehouseApply' },
  ].map(({ name, who }) => ({
    kind: 'role',
    account,
    name,
    path: '/',
    trust: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${managementId}:${who}` }, Action: 'sts:AssumeRole' },
      ],
    },
    managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    customerManagedPolicies: [],
    inlinePolicies: {},
    maxSessionDuration: 3600,
    instanceProfile: false,
    tags: {},
  }));

const scoped: readonly Kind[] = ['permission-set', 'scp'];
/** Tagged as ours, as a whole. */
const owned: readonly Kind[] = ['ou', 'role'];

/** As AWS gives it: a thing of its own, tagged as ours where AWS has tags. */
const read = (resource: Resource): Resource => {
  if (resource.kind === 'assignment') return { ...resource, principal: { ...resource.principal } };
  if (owned.includes(resource.kind)) return { ...resource, owner } as Resource;
  return scoped.includes(resource.kind) ? ({ ...resource, owner, scope: 'all' } as Resource) : { ...resource };
};

/** What no plan makes is there: the tree, its accounts, and what AWS attaches to them. */
const isTree = (resource: Resource): boolean =>
  resource.kind === 'ou' ||
  resource.kind === 'account' ||
  resource.kind === 'policy-type' ||
  (resource.kind === 'attachment' && resource.policy.name === 'FullAWSAccess');

/** `all`: AWS is as the files say; `nothing`: only the tree is there. */
export const liveOf = (desired: Desired, has: 'all' | 'nothing'): Live => {
  const there = Object.values(desired.state).filter((resource) => has === 'all' || isTree(resource));
  const hasRoles = Object.values(desired.state).some(({ kind }) => kind === 'role');
  const others = hasRoles ? Object.values(desired.accounts).flatMap(rolesOfOthers) : [];
  return {
    organization: desired.settings.organization,
    managementAccountId: managementId,
    callerAccountId: managementId,
    state: stateOf([...there.map(read), ...others]),
    users: [...new Set(Object.values(desired.state).flatMap((one) => (one.kind === 'membership' ? [one.user] : [])))],
    iamRead: Object.values(desired.accounts),
    suspended: [],
    unread: [],
    notes: [],
    reads: { route: 'pairs', calls: {} },
  };
};

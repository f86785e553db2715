/**
 * Organizations that grew by hand, as one read of them would give: every kind, and every oddity that AWS lets people make.
 * A list of numbers decides what there is, so that a failure shrinks to few things.
 */
import fc from 'fast-check';
import type { Live } from '../../src/model/cloud.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import {
  FULL_AWS_ACCESS,
  encodeName,
  isSettingsKind,
  keyOf,
  ouPath,
  policyTypes,
  stateOf,
} from '../../src/model/resource.ts';
import type { SettingsDocument } from '../../src/model/settings-document.ts';
import type {
  Account,
  Attachment,
  ControlKind,
  Ou,
  PermissionSet,
  Resource,
  Role,
  Target,
} from '../../src/model/resource.ts';
import { decider } from './arbitraries.ts';
import {
  OWNER,
  account,
  allow,
  attachment,
  customerPolicy,
  deny,
  document,
  group,
  live,
  oidcProvider,
} from './build.ts';
import { ou, rcpType, role, scp, scpType, set, settingsPolicy, trusting } from './build.ts';
import { descriptions, oddNames, wordNames } from './odd-names.ts';

type Decide = ReturnType<typeof decider>;

const managementId = '111111111111';
const strangerId = '999999999999';
const policyArn = (name: string): string => `arn:aws:iam::aws:policy/${name}`;

const pick = <T>(decide: Decide, items: readonly [T, ...T[]] | readonly T[]): T => items[decide(items.length)] as T;
/** None to `most` of the items, each once. */
const some = <T>(decide: Decide, items: readonly T[], most: number): readonly T[] => {
  const count = decide(most + 1);
  return [...new Set(Array.from({ length: most }, () => pick(decide, items)).slice(0, count))];
};
/** Things of one key are one thing. */
const distinct = <R extends Resource>(resources: readonly R[]): readonly R[] => [
  ...new Map(resources.map((one) => [keyOf(one), one])).values(),
];
/** Absent as often as not. */
const maybe = <K extends string, T>(decide: Decide, key: K, value: T): { readonly [key in K]?: T } =>
  decide(2) === 1 ? ({ [key]: value } as { readonly [key in K]?: T }) : {};

const owners = [
  ...Array.from({ length: 4 }, () => undefined),
  ...Array.from({ length: 4 }, () => OWNER),
  'somebody/else',
  'org"x: y',
];
const ownership = (decide: Decide, scoped: 'scoped' | 'plain') => {
  const [owner, scope] = [pick(decide, owners), pick(decide, [undefined, 'all', 'declared'] as const)];
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(scope === undefined || owner === undefined || scoped === 'plain' ? {} : { scope }),
  };
};

const long = document(...Array.from({ length: 120 }, (_, at) => allow(`s3:Get${at}Object`, 'ec2:DescribeInstances')));
const conditional = (Condition: Statement['Condition']): PolicyDocument =>
  document({ ...allow('s3:GetObject'), ...(Condition === undefined ? {} : { Condition }) });
const documents: readonly PolicyDocument[] = [
  document(allow('s3:GetObject')),
  document(allow('*')),
  document(deny('s3:*', 'ec2:*')),
  document({ ...allow('iam:*'), Resource: [`arn:aws:iam::${managementId}:role/x`, 'arn:aws:s3:::b/${aws:username}'] }),
  document({ Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::*' }),
  { Statement: { Effect: 'Allow', Action: 's3:NoSuchAction', Resource: '*' } },
  { Version: '2008-10-17', Id: 'no', Statement: [{ Sid: 'yes', Effect: 'Deny', Action: '*', Resource: '*' }] },
  conditional({ StringEquals: { 'aws:NoSuchKey': 'x', 'aws:PrincipalTag/no': ['yes', '${aws:PrincipalTag/x}'] } }),
  conditional({ Bool: { 'aws:SecureTransport': true }, NumericLessThan: { 's3:max-keys': 10 }, Null: {} }),
  conditional({ StringLike: { 'aws:PrincipalArn': '${account:Nobody}' } }),
  long,
  document(deny('aws-portal:*', ...Array.from({ length: 250 }, (_, at) => `s3:Delete*${at}`))),
];
const rails: readonly PolicyDocument[] = [
  document(deny('s3:DeleteBucket')),
  document(allow('*'), deny('iam:CreateUser')),
  document({ Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], Resource: '*' }),
  document({ ...deny('*'), Condition: { StringNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } } }),
  document(deny(...Array.from({ length: 250 }, (_, at) => `s3:*Delete*${at}`))),
];
const resourceRail = (decide: Decide): PolicyDocument =>
  document({ ...deny(pick(decide, ['s3:*', 'sts:*'])), Principal: '*' });

/** Letters, digits, spaces and `_.:/=+-@` (API references, Tag). */
const tagPool = [
  {},
  { team: 'no' },
  { 'a: b': '12', '=': '' },
  { __proto__x: '1' },
  { 'größe/日本': ' ', env: '' },
] as const;

type Tree = { readonly ous: readonly Ou[]; readonly accounts: readonly Account[] };

const treeOf = (decide: Decide): Tree => {
  const paths: string[] = [];
  for (const _ of Array.from({ length: decide(6) })) {
    const parent = pick(decide, ['', ...paths]);
    const name = pick(
      decide,
      oddNames.filter((one) => one.length <= 128),
    );
    const path = parent === '' ? ouPath([name]) : `${parent}/${encodeName(name)}`;
    if (path.split('/').length < 5) paths.push(path);
  }
  const named = (path: string): Ou => {
    const owner = pick(decide, owners);
    return { ...ou(path), name: decodeURIComponentOf(path), ...(owner === undefined ? {} : { owner }) };
  };
  const ous = distinct(paths.map(named));
  const names = [
    'Dev',
    'Prod',
    ...some(
      decide,
      oddNames.filter((one) => one.length <= 50),
      4,
    ),
  ];
  // Two of one name are told apart by their ids, and so is what begins with `~`.
  const label = (name: string, id: string): string => (name.startsWith('~') || decide(8) === 7 ? `~${id}` : name);
  const accounts = names.map((name, at) => {
    const id = `${at + 2}`.repeat(12);
    return account(label(name, id), id, pick(decide, ['', ...ous.map(({ path }) => path)]));
  });
  return { ous, accounts: distinct(accounts) };
};

const decodeURIComponentOf = (path: string): string =>
  (path.split('/').at(-1) ?? '').replace(/%(7E|25|3A|40|2F|2B)/g, (text) => decodeURIComponent(text));

const targetsIn = ({ ous, accounts }: Tree): readonly Target[] => [
  { type: 'root' },
  ...ous.map(({ path }) => ({ type: 'ou', path }) as const),
  ...accounts.map(({ name }) => ({ type: 'account', name }) as const),
  { type: 'account', name: 'Management' },
];

/** Of a type that is not enabled nobody asks for policies. */
const settingsInUse = ['tag-policy', 's3-policy'] as const;
const settings: Readonly<Record<(typeof settingsInUse)[number], readonly SettingsDocument[]>> = {
  'tag-policy': [
    { tags: { team: { tag_key: { '@@assign': 'Team' }, tag_value: { '@@append': ['a', 'b'] } } } },
    { tags: { team: { tag_key: { '@@assign': 'team', '@@operators_allowed_for_child_policies': ['@@none'] } } } },
  ],
  's3-policy': [
    { s3_attributes: { public_access_block_configuration: { '@@assign': 'all' } } },
    { s3_attributes: { public_access_block_configuration: { '@@assign': 'none' } } },
  ],
};

const railsOf = (decide: Decide, tree: Tree): readonly Resource[] => {
  const [scps, rcps] = [decide(4) > 0, decide(2) === 1];
  const names = some(
    decide,
    oddNames.filter((one) => one.length <= 128),
    4,
  );
  const policies = distinct(
    names.map((name) => {
      const kind = pick(decide, ['scp', 'scp', 'rcp', ...settingsInUse] as const);
      const more = { description: pick(decide, descriptions), ...ownership(decide, 'scoped') };
      if (isSettingsKind(kind)) return { ...settingsPolicy(kind, name, pick(decide, settings[kind])), ...more };
      const made = scp(name, kind === 'scp' ? pick(decide, rails) : resourceRail(decide));
      return { ...made, kind, ...more };
    }),
  );
  const targets = targetsIn(tree);
  const inUse = settingsInUse.filter(() => decide(2) === 1);
  const isOn = ({ kind }: { readonly kind: ControlKind }): boolean =>
    kind === 'scp' ? scps : kind === 'rcp' ? rcps : inUse.some((one) => one === kind);
  const hanging = policies
    .filter(isOn)
    .flatMap(({ kind, name }) =>
      some(decide, targets, 3).map((on): Attachment => ({ kind: 'attachment', policy: { kind, name }, target: on })),
    );
  // The last SCP of a target cannot be detached.
  const closed = new Set(
    hanging
      .filter(({ policy }) => policy.kind === 'scp' && decide(4) === 3)
      .map(({ target: on }) => JSON.stringify(on)),
  );
  const full = targets
    .filter((on) => !closed.has(JSON.stringify(on)))
    .map((on): Attachment => ({ ...attachment(FULL_AWS_ACCESS, 'root'), target: on }));
  const types = inUse.map((kind): Resource => ({ kind: 'policy-type', type: policyTypes[kind] }));
  const own = policies.filter(({ kind }) => !isSettingsKind(kind) || inUse.some((one) => one === kind));
  return [...(scps ? [scpType, ...full] : []), ...(rcps ? [rcpType] : []), ...types, ...own, ...distinct(hanging)];
};

const users = [
  'ada',
  'bob@securecart.example',
  'no',
  'a/b',
  '😀',
  '~0a1b2c3d4e5f',
  'x'.repeat(128),
  'JIT-user',
  '__proto__',
];

const directoryOf = (decide: Decide): readonly Resource[] => {
  const groups = some(decide, oddNames, 6).map((name) => ({
    ...group(name),
    ...maybe(
      decide,
      'description',
      pick(
        decide,
        descriptions.filter((text) => text !== ''),
      ),
    ),
    source: pick(decide, ['identity-center', 'identity-center', 'external'] as const),
  }));
  const members = groups.flatMap(({ name }) =>
    some(decide, users, 3).map((user) => ({ kind: 'membership', group: name, user }) as const),
  );
  return [...groups, ...distinct(members)];
};

const references = [
  { name: 'OrdersReader', path: '/' },
  { name: 'a,b', path: '/gatehouse/' },
  { name: 'no', path: '/x/y/' },
];
const boundaries = [
  { managedPolicy: policyArn('PowerUserAccess') },
  { managedPolicy: policyArn('job-function/NoSuchPolicy') },
  ...references.map((customerManagedPolicy) => ({ customerManagedPolicy })),
];
const arns = [
  'AdministratorAccess',
  'ReadOnlyAccess',
  'job-function/Billing',
  'NoSuchPolicy',
  'service-role/AWSConfigRole',
];

const inOrder = (decide: Decide) =>
  [...some(decide, references, 2)].sort((a, b) => (`${a.path}${a.name}` < `${b.path}${b.name}` ? -1 : 1));

const setsOf = (decide: Decide, { accounts }: Tree): readonly PermissionSet[] =>
  distinct(
    some(decide, wordNames, 5).map((name) =>
      set(name, {
        ...maybe(
          decide,
          'description',
          pick(
            decide,
            descriptions.filter((text) => text !== ''),
          ),
        ),
        ...maybe(decide, 'relayState', pick(decide, ['https://console.aws.amazon.com/', 'no', 'a?b=c&d=#e: f'])),
        ...maybe(decide, 'inlinePolicy', pick(decide, documents)),
        ...maybe(decide, 'permissionsBoundary', pick(decide, boundaries)),
        sessionDuration: pick(decide, [3600, 43_200, 5400, 3601, 28_800]),
        tags: pick(decide, tagPool),
        managedPolicies: [...some(decide, arns, 3)].map(policyArn).sort(),
        customerManagedPolicies: inOrder(decide),
        outdatedIn: decide(6) === 5 ? accounts.slice(0, 1).map(({ name }) => name) : [],
        ...ownership(decide, 'scoped'),
      }),
    ),
  );

type Given = { readonly tree: Tree; readonly directory: readonly Resource[]; readonly sets: readonly PermissionSet[] };

const assignmentsOf = (decide: Decide, { tree, directory, sets }: Given): readonly Resource[] => {
  const groups = directory.flatMap((one) => (one.kind === 'group' ? [one.name] : []));
  const people = ['ada', 'no', '😀', '__proto__', 'JIT-user', 'x'.repeat(128)];
  const holders = [
    ...groups.map((name) => ({ type: 'group', name }) as const),
    ...some(decide, people, 2).map((name) => ({ type: 'user', name }) as const),
    ...(decide(3) === 2 ? [{ type: 'group', name: '90676e0e11-6d0e6a0c', orphan: true } as const] : []),
  ];
  const places = ['Management', ...tree.accounts.map(({ name }) => name)];
  return holders.flatMap((principal) =>
    sets.flatMap(({ name }) => {
      if (decide(2) === 0) return [];
      const everywhere = decide(3) === 2;
      return places
        .filter(() => decide(everywhere ? 6 : 2) > 0)
        .map((on) => ({ kind: 'assignment', principal, permissionSet: name, account: on }) as const);
    }),
  );
};

const accountRoot = (id: string): string => `arn:aws:iam::${id}:root`;
const github = 'token.actions.githubusercontent.com';
const webIdentity = (id: string, Condition: Statement['Condition']): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${id}:oidc-provider/${github}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  ...(Condition === undefined ? {} : { Condition }),
});
const subject = (sub: string): Statement['Condition'] => ({
  StringEquals: { [`${github}:aud`]: 'sts.amazonaws.com', [`${github}:sub`]: sub },
});
const trusted = (AWS: string, Condition: Statement['Condition'] = {}): Statement => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action: 'sts:AssumeRole',
  ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
});

/** Every form of trust that the files know, and some for which they have no words. */
const trustsIn = (own: string, other: string): readonly Statement[] => [
  ...(trusting({ Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] }).Statement as readonly Statement[]),
  {
    ...(trusting({ Service: 'sns.amazonaws.com' }).Statement as readonly [Statement])[0],
    Condition: {
      StringEquals: { 'aws:SourceAccount': other },
      ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${other}:no` },
    },
  },
  trusted(accountRoot(own)),
  trusted(accountRoot(other), { StringEquals: { 'sts:ExternalId': 'no' } }),
  trusted(accountRoot(strangerId), {
    StringEquals: { 'sts:ExternalId': '12' },
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
  }),
  trusted(`arn:aws:iam::${own}:role/gatehouse/CIRole`),
  trusted(`arn:aws:iam::${other}:role/Deploy`),
  trusted(`arn:aws:iam::${own}:user/team/ada`, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
  trusted(accountRoot(other), {
    ArnLike: {
      'aws:PrincipalArn': `arn:aws:iam::${other}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_Admin_????????????????`,
    },
  }),
  webIdentity(own, subject('repo:securecart/shop:ref:refs/heads/main')),
  webIdentity(own, subject('repo:securecart@12/shop@34:environment:a%3Ab')),
  webIdentity(own, subject('repo:securecart/*:ref:refs/heads/main')),
  webIdentity(own, { StringEquals: { 'gitlab.com:sub': 'x' } }),
  trusted('*'),
  trusted('AROAEXAMPLE0EXAMPLE00'),
  trusted(accountRoot(own), { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
  { Effect: 'Allow', Principal: { AWS: own }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
  { Effect: 'Deny', Principal: { AWS: other }, Action: 'sts:AssumeRole' },
];

const rolesOf = (decide: Decide, { accounts }: Tree): readonly Role[] => {
  const at = (name: string, place: Account, more: Partial<Role>): Role =>
    role(name, place.name, {
      path: pick(decide, ['/', '/gatehouse/', '/gatehouse/', '/service-role/', '/a!b/']),
      maxSessionDuration: pick(decide, [3600, 43_200, 5400]),
      instanceProfile: decide(3) === 2,
      tags: pick(decide, tagPool),
      ...more,
    });
  const twins = some(decide, wordNames, 4).flatMap((name) => {
    const shape: Partial<Role> = {
      ...maybe(
        decide,
        'description',
        pick(
          decide,
          descriptions.filter((text) => text !== ''),
        ),
      ),
      ...maybe(decide, 'permissionsBoundary', pick(decide, boundaries)),
      managedPolicies: [...some(decide, arns, 2)].map(policyArn).sort(),
      customerManagedPolicies: inOrder(decide),
      inlinePolicies: Object.fromEntries(some(decide, wordNames, 2).map((one) => [one, pick(decide, documents)])),
      ...ownership(decide, 'plain'),
    };
    const kinds = Array.from({ length: 1 + decide(2) }, () => decide(18));
    const path = pick(decide, ['/', '/gatehouse/', '/gatehouse/', '/a!b/']);
    return some(decide, accounts, 3).map((place, index) => {
      const other = accounts.find(({ id }) => id !== place.id) ?? place;
      const forms = trustsIn(place.id, other.id);
      const trust = document(...kinds.map((kind) => forms[kind] as Statement));
      return at(name, place, {
        ...shape,
        trust,
        path,
        ...(index === 2 ? { tags: { odd: 'one' } } : { tags: {}, maxSessionDuration: 3600, instanceProfile: false }),
      });
    });
  });
  const ways = decide(2) === 1 ? accounts.slice(0, 2).map((place) => at('GatehouseMember', place, {})) : [];
  return distinct([...twins, ...ways]);
};

const iamOf = (decide: Decide, tree: Tree): readonly Resource[] => {
  const policies = some(decide, wordNames, 3).flatMap((name) => {
    const [made, path] = [pick(decide, documents), pick(decide, ['/', '/gatehouse/', '/x/y/'])];
    const more = {
      ...maybe(
        decide,
        'description',
        pick(
          decide,
          descriptions.filter((text) => text !== ''),
        ),
      ),
      tags: pick(decide, tagPool),
      ...ownership(decide, 'plain'),
    };
    return some(decide, tree.accounts, 3).map(({ name: on }) => ({ ...customerPolicy(name, on, made), path, ...more }));
  });
  const providers = some(decide, tree.accounts, 2).map(({ name }) => ({
    ...oidcProvider(
      pick(decide, [github, 'gitlab.com', 'oidc.eks.eu-west-1.amazonaws.com/id/X']),
      name,
      'sts.amazonaws.com',
    ),
    ...ownership(decide, 'plain'),
  }));
  return [...rolesOf(decide, tree), ...distinct(policies), ...distinct(providers)];
};

const organizationOf = (numbers: readonly number[]): Live => {
  const decide = decider(numbers);
  const tree = treeOf(decide);
  const [directory, sets] = [directoryOf(decide), setsOf(decide, tree)];
  const resources = [
    ...Object.values(live([]).state).filter(({ kind }) => kind === 'account'),
    ...tree.ous,
    ...tree.accounts,
    ...railsOf(decide, tree),
    ...directory,
    ...sets,
    ...assignmentsOf(decide, { tree, directory, sets }),
    ...iamOf(decide, tree),
  ];
  return live([], {
    state: stateOf(resources),
    users,
    suspended: decide(3) === 2 ? ['Closed'] : [],
    unread: decide(4) === 3 ? [{ scope: 'iam/Dev', reason: 'AccessDenied: sts:AssumeRole' }] : [],
  });
};

/** As many as the largest of them decides by. */
const decisions = 700;

/** Without a bias: a small number decides for nothing, and a list of them would be an organization without anything. */
export const organizations: fc.Arbitrary<Live> = fc
  .noBias(fc.array(fc.nat({ max: 5039 }), { minLength: decisions, maxLength: decisions }))
  .map(organizationOf);

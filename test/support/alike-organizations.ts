/**
 * Large organizations in pairs that are nearly the same: as the files ask for it, and as other files, of an earlier day, would
 * have left AWS. Most accounts are like many others; some are told from them by one thing.
 */
import type { Files } from '../../src/desired/load.ts';
import { understand } from '../../src/desired/understand.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Resource } from '../../src/model/resource.ts';
import { isOfIam, stateOf } from '../../src/model/resource.ts';
import { foundInside, noRoleFiles, roleFiles } from './alike-roles.ts';
import type { RoleFiles } from './alike-roles.ts';
import { decider } from './arbitraries.ts';
import { NOW, OWNER } from './build.ts';

const accountCount = 120;
/** So many decisions are made in the files without roles, in the roles of the files, and in what AWS has inside accounts. */
const [inFiles, inRoles, found] = [120, 30, 20];
export const alikeDecisions = inFiles + inRoles + found;
const managementId = '111111111111';
const ous = ['Work', 'Work/Prod', 'Sand'] as const;
const sets = ['Admin', 'Reader', 'Writer', 'Boss'] as const;
const groups = ['Glass', 'Team', 'Other', 'Corp'] as const;
const days = [
  '2026-01-01',
  '2026-11-30',
  '2026-11-30',
  '2027-03-01',
  '2027-03-01',
  '2027-03-02',
  '2026-10-01',
] as const;

type Decide = ReturnType<typeof decider>;

const pick = <T>(decide: Decide, items: readonly [T, ...T[]]): T => items[decide(items.length)] as T;
/** Once in so many times. */
const onceIn = (decide: Decide, times: number, ...lines: readonly string[]): readonly string[] =>
  decide(times) === 0 ? lines : [];
const idOf = (at: number): string => String(200_000_000_000 + at);

const accountLine = (decide: Decide, at: number): string => {
  const tags = pick(decide, ['', '', '', ', tags: { env: prod }', ', tags: { env: test }']);
  return `      Account-${at}: { id: "${idOf(at)}"${tags} }`;
};

/** Tags come in blocks, so that many accounts have the same. */
const organizationText = (decide: Decide): string => {
  const parts = ['management: { name: Management, id: "111111111111" }', 'ous:'];
  const size = accountCount / ous.length;
  ous.forEach((ou, place) => {
    const name = ou === 'Work/Prod' ? 'Prod' : ou;
    parts.push(`  ${name}:`, '    accounts:');
    let line = '';
    for (let at = 0; at < size; at += 1) {
      const account = place * size + at;
      if (at % 20 === 0) line = accountLine(decide, 0);
      parts.push(line.replace('Account-0', `Account-${account}`).replace(idOf(0), idOf(account)));
    }
  });
  return parts.join('\n');
};

const settingsText = (decide: Decide): string =>
  [
    'organization: o-example0000',
    'region: eu-west-1',
    `owner: ${OWNER}`,
    'breakGlass: { group: Glass, permissionSet: Admin }',
    // Most plans are not refused: a refused one is made account by account.
    ...(decide(5) > 0 ? ['budgets: { delete: { assignment: 9999, role: 9999, policy: 9999 } }'] : []),
    ...onceIn(decide, 8, 'delegatedAdministrator: Account-3'),
    ...onceIn(decide, 4, 'ownership: { assignments: exclusive }'),
    ...onceIn(decide, 5, 'ignore: ["*@Account-7", Boss]'),
    ...onceIn(decide, 5, 'adopt: [permission-set/Writer]'),
  ].join('\n');

const documents = [
  'Statement: [{ Effect: Allow, Action: "s3:PutObject", Resource: "*" }]',
  'Statement: [{ Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::bucket/*" }]',
  `Statement: [{ Effect: Allow, Action: "ec2:*", Resource: "*", Condition: { StringEquals: { "aws:PrincipalAccount": "${idOf(5)}" } } }]`,
  'Statement: [{ Effect: Allow, Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/Deploy" }]',
  'Statement: [{ Effect: Allow, Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/gatehouse/A*" }]',
] as const;

const setText = (decide: Decide, name: string): string =>
  [
    `permissionSet: ${name}`,
    `description: ${pick(decide, ['What it is', 'What it was'])}`,
    `managedPolicies: [${name === 'Admin' || name === 'Boss' ? 'AdministratorAccess' : 'ReadOnlyAccess'}]`,
    ...(name === 'Writer' ? ['inlinePolicy:', '  Version: "2012-10-17"', `  ${pick(decide, documents)}`] : []),
    ...(name === 'Reader' ? onceIn(decide, 12, 'customerManagedPolicies: [{ name: Own }]') : []),
    ...onceIn(decide, 4, 'sessionDuration: 8h'),
  ].join('\n');

const targets = [
  'ous: [Root]',
  'ous: [Root]',
  'ous: [Work]',
  'ous: [Sand, Prod]',
  'ous: [Root], tags: { env: prod }',
] as const;
const exceptions = ['', '', ', except: [Account-1]', ', except: [Sand]'] as const;

const lineText = (decide: Decide, set: string): string => {
  const target = pick(decide, [...targets, 'accounts: [Account-2, Account-50]'] as unknown as readonly [
    string,
    ...string[],
  ]);
  const except = target === 'ous: [Root]' ? pick(decide, exceptions) : '';
  const until = decide(4) === 0 ? `, until: ${pick(decide, days)}, reason: SEC-1 for a while` : '';
  return `  - { permissionSet: ${set}, ${target}${except}${until} }`;
};

const linesOf = (decide: Decide): readonly string[] =>
  sets.flatMap((set) => [
    ...(set !== 'Admin' && decide(2) === 0 ? [lineText(decide, set)] : []),
    // Beside it the same from another line.
    ...(set === 'Boss'
      ? onceIn(decide, 4, '  - { permissionSet: Boss, accounts: [Account-60, Account-61, Account-62] }')
      : []),
  ]);

const assignmentsOf = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['assignments:', ...lines];

const groupText = (decide: Decide, name: string, more: readonly string[]): string => {
  const glass = '  - { permissionSet: Admin, ous: [Root], accounts: [Management] }';
  const lines = name === 'Glass' ? [glass] : [...linesOf(decide), ...(name === 'Team' ? more : [])];
  const people = ['ada', 'bob', 'cyd'].filter((user) => (name === 'Glass' && user === 'ada') || decide(2) === 0);
  return [
    `group: ${name}`,
    `source: ${name === 'Corp' ? 'external' : 'identity-center'}`,
    ...(name === 'Corp' ? [] : [`members: [${people.join(', ')}]`]),
    ...assignmentsOf(lines),
  ].join('\n');
};

const userText = (decide: Decide): string => {
  const lines = linesOf(decide);
  return ['user: dan', ...assignmentsOf(lines)].join('\n');
};

const railText = (decide: Decide, name: string): string =>
  [
    `scp: ${name}`,
    'description: What nobody may',
    'policy:',
    '  Version: "2012-10-17"',
    `  Statement: [{ Effect: Deny, Action: "${pick(decide, ['organizations:LeaveOrganization', 'ec2:*', 's3:DeleteBucket'])}", Resource: "*"${decide(5) === 0 ? `, Condition: { StringEquals: { "aws:PrincipalAccount": "${idOf(9)}" } }` : ''} }]`,
  ].join('\n');

const bindingsText = (decide: Decide): string =>
  [
    'ous:',
    '  Root: [Leave]',
    ...onceIn(decide, 3, '  Sand: [Extra]'),
    ...onceIn(decide, 3, 'accounts:', `  Account-${pick(decide, [4, 44])}: [Extra]`),
  ].join('\n');

const filesOf = (numbers: readonly number[], roles: RoleFiles): Files => {
  const decide = decider(numbers);
  const texts: Readonly<Record<string, string>> = {
    'access/organization.yaml': organizationText(decide),
    'access/settings.yaml': settingsText(decide),
    ...Object.fromEntries(sets.map((name) => [`permission-sets/${name}.yaml`, setText(decide, name)])),
    ...Object.fromEntries(groups.map((name) => [`access/groups/${name}.yaml`, groupText(decide, name, roles.line)])),
    'access/users/dan.yaml': userText(decide),
    'scps/leave.yaml': railText(decide, 'Leave'),
    'scps/extra.yaml': railText(decide, 'Extra'),
    'scps/bindings.yaml': bindingsText(decide),
    ...roles.texts,
  };
  const files = Object.entries(texts).map(([path, text]) => ({ path, text: `${text}\n` }));
  return { root: 'memory', files, problems: [] };
};

const desiredOf = (numbers: readonly number[], now: string, roles: RoleFiles): Desired => {
  const { desired, problems } = understand(filesOf(numbers, roles), { catalogue: loadCatalogue(), now });
  if (desired === undefined) throw new Error(JSON.stringify(problems.filter(({ severity }) => severity === 'error')));
  return desired;
};

const owned = (resource: Resource): Resource => {
  if (resource.kind === 'ou') return { ...resource, owner: OWNER };
  if (isOfIam(resource)) return { ...resource, owner: OWNER };
  return resource.kind === 'permission-set' || resource.kind === 'scp'
    ? { ...resource, owner: OWNER, scope: 'all' }
    : resource;
};

/** What no plan makes is there; of the rest `isThere` says what is. */
const isTree = (one: Resource): boolean => ['ou', 'account', 'policy-type'].includes(one.kind) || isOpen(one);
const isOpen = (one: Resource): boolean => one.kind === 'attachment' && one.policy.name === 'FullAWSAccess';

const liveOf = (desired: Desired, decide: Decide, inside: readonly Resource[]): Live => {
  const has = pick(decide, ['all', 'tree', 'all but one account', 'all but every third'] as const);
  const isThere = (one: Resource): boolean => {
    if (isTree(one) || has === 'all') return true;
    if (has === 'tree') return one.kind === 'group' && one.source === 'external';
    if (one.kind !== 'assignment') return true;
    return has === 'all but one account' ? one.account !== 'Account-30' : Number(one.account.slice(-1)) % 3 > 0;
  };
  return {
    organization: desired.settings.organization,
    managementAccountId: managementId,
    callerAccountId: decide(4) === 0 ? idOf(3) : managementId,
    state: stateOf([...Object.values(desired.state).filter(isThere).map(owned), ...inside]),
    users: ['ada', 'bob', 'cyd', ...(decide(16) > 0 ? ['dan'] : [])],
    iamRead: Object.values(desired.accounts).filter((_, at) => at % 40 > 0),
    suspended: onceIn(decide, 5, 'Account-11'),
    unread: [],
    notes: [],
    reads: { route: 'pairs', calls: {} },
  };
};

const earlier = '2026-06-01T12:00:00.000Z';

/** `before` decides what AWS has, `after` what the files ask for. */
type AlikeNumbers = {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly hasRoles: boolean;
};

export const alikeSides = ({
  before,
  after,
  hasRoles,
}: AlikeNumbers): { readonly desired: Desired; readonly live: Live } => {
  const rolesOf = (numbers: readonly number[]): RoleFiles =>
    hasRoles ? roleFiles(decider(numbers.slice(inFiles, inFiles + inRoles))) : noRoleFiles;
  const former = desiredOf(before, earlier, rolesOf(before));
  const inside = foundInside(decider(before.slice(inFiles + inRoles)), former.accounts);
  return {
    desired: desiredOf(after, NOW, rolesOf(after)),
    live: liveOf(former, decider(before.slice(100)), hasRoles ? inside : []),
  };
};

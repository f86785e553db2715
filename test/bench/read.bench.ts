/**
 * What reading an organization costs, beside the fewest calls and the least time that AWS's documented rates allow, on a
 * sandbox that enforces them and answers after 60 ms. Time is simulated, so the figures are the same on every machine.
 */
import { awsCloud } from '../../src/aws/cloud.ts';
import type { CloudContext } from '../../src/aws/cloud.ts';
import { createClients } from '../../src/aws/clients.ts';
import { organizationsRates, identityStoreRate, ssoAdminRate } from '../../src/model/quotas.ts';
import type { Rate } from '../../src/model/quotas.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { SdkRequest } from '../../src/sandbox/request-handler.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { catalogue } from '../aws/bench.ts';
import { simulatedClock } from '../aws/simulated-clock.ts';
import { MANAGEMENT, NOW, OWNER } from '../support/build.ts';
import { managementId, organizationOf } from './organization.ts';
import type { OrganizationSize } from './organization.ts';

const latency = 60;
const memberRole = { name: 'GatehouseMember', path: '/gatehouse/' };

/** A folded table: accounts, OUs, guard rails, sets, groups, users. */
const size = (counts: readonly [number, number, number, number, number, number]): OrganizationSize => {
  const [accounts, ous, guardRails, sets, groups, users] = counts;
  return { accounts, ous, guardRails, sets, groups, users, membersPerGroup: 5, assignmentsPerAccount: 10 };
};

export const sizes: readonly OrganizationSize[] = [
  size([20, 5, 10, 10, 15, 30]),
  size([100, 20, 40, 20, 50, 100]),
  size([500, 60, 80, 60, 300, 3_000]),
];

/** 1,001 pairs and 21 groups, for more and more users: each in one of the groups at most, or in twenty. */
const crossing: readonly OrganizationSize[] = [
  ...[100, 500, 900, 1_100, 10_000].map((users) => size([100, 20, 0, 20, 20, users])),
  ...[100, 500].map((users) => ({ ...size([100, 20, 0, 20, 20, users]), membersPerGroup: users })),
];

type CallCounts = Readonly<Record<string, number>>;

/** The least that any order of asking needs; each line says why AWS gives it no cheaper. */
export const floorOf = (world: SandboxWorld): CallCounts => {
  const { organizations, sso, identityStore } = world;
  const pages = (rows: number, page: number): number => Math.max(1, Math.ceil(rows / page));
  const accounts = Object.keys(organizations.accounts).length;
  const ous = Object.keys(organizations.ous).length;
  const policies = Object.values(organizations.policies);
  const written = policies.filter(({ AwsManaged }) => !AwsManaged);
  const sets = Object.keys(sso.permissionSets);
  const rowsOf = (arn: string): number => sso.provisioned.filter((role) => role.permissionSetArn === arn).length;
  const pairs = sso.provisioned.length;
  const principals = Object.keys(identityStore.groups).length + Object.keys(identityStore.users).length;
  const groups = Object.keys(identityStore.groups);
  const members = Object.values(identityStore.memberships);
  const byPrincipals = principals < pairs;
  const perSet = Object.fromEntries(
    [
      'DescribePermissionSet',
      'GetInlinePolicyForPermissionSet',
      'ListManagedPoliciesInPermissionSet',
      'ListCustomerManagedPolicyReferencesInPermissionSet',
      'GetPermissionsBoundaryForPermissionSet',
      'ListTagsForResource',
    ].map((operation) => [`sso-admin:${operation}`, sets.length]),
  );
  return {
    'sts:GetCallerIdentity': 1,
    'organizations:DescribeOrganization': 1,
    'organizations:ListRoots': 1,
    'organizations:ListAccounts': pages(accounts, 20),
    'organizations:ListOrganizationalUnitsForParent': ous + 1,
    'organizations:ListPolicies': ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']
      .map((type) => pages(policies.filter(({ Type }) => Type === type).length, 20))
      .reduce((sum, one) => sum + one, 0),
    'organizations:DescribePolicy': written.length,
    'organizations:ListTagsForResource': ous + written.length,
    'organizations:ListTargetsForPolicy': written.length + pages(accounts + ous + 1, 20),
    'sso-admin:ListInstances': 1,
    'sso-admin:ListPermissionSets': pages(sets.length, 100),
    ...perSet,
    'sso-admin:ListAccountsForProvisionedPermissionSet': sets
      .map((arn) => (rowsOf(arn) === 0 ? 1 : pages(rowsOf(arn), 100) + 1))
      .reduce((sum, one) => sum + one, 0),
    ...(byPrincipals
      ? { 'sso-admin:ListAccountAssignmentsForPrincipal': principals }
      : { 'sso-admin:ListAccountAssignments': pairs }),
    'identitystore:ListUsers': pages(Object.keys(identityStore.users).length, 100),
    'identitystore:ListGroups': pages(groups.length, 100),
    'identitystore:ListGroupMemberships': groups
      .map((id) => pages(members.filter(({ groupId }) => groupId === id).length, 100))
      .reduce((sum, one) => sum + one, 0),
    'sts:AssumeRole': accounts - 1,
    'iam:GetAccountAuthorizationDetails': accounts,
    'iam:ListRoles': accounts,
    'iam:ListOpenIDConnectProviders': accounts,
  };
};

const rateOf = (name: string): (Rate & { readonly group: string }) | undefined => {
  const [service = '', operation = ''] = name.split(':');
  if (service === 'sso-admin') return { ...ssoAdminRate, group: service };
  if (service === 'identitystore') return { ...identityStoreRate, group: name };
  const row = organizationsRates.find(({ operations }) => operations.includes(operation));
  return service === 'organizations' && row !== undefined ? { ...row, group: row.operations[0] ?? '' } : undefined;
};

/** Seconds of the group of calls that takes longest at its documented rate; nothing for the way to the first of them. */
const floorSeconds = (calls: CallCounts): { readonly seconds: number; readonly group: string } => {
  const groups = new Map<string, { count: number; rate: Rate }>();
  for (const [name, count] of Object.entries(calls)) {
    const rate = rateOf(name);
    if (rate === undefined) continue;
    groups.set(rate.group, { count: count + (groups.get(rate.group)?.count ?? 0), rate });
  }
  return [...groups]
    .map(([group, { count, rate }]) => ({ group, seconds: Math.max(0, (count - rate.burst) / rate.rate) }))
    .reduce((longest, one) => (one.seconds > longest.seconds ? one : longest), { group: '', seconds: 0 });
};

const stage = (world: SandboxWorld) => {
  const clock = simulatedClock(Date.parse(NOW));
  Object.assign(world.settings, { throttling: true });
  const sandbox = createSandbox(world, { catalogue });
  const inner = clock.watching(requestHandler(sandbox, clock.now));
  const handle = async (request: SdkRequest) => {
    await clock.sleep(latency);
    return inner.handle(request);
  };
  const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };
  const clients = createClients({ region: 'eu-west-1', requestHandler: { ...inner, handle }, credentials });
  return { clock, clients, sandbox };
};

export const total = (calls: CallCounts): number => Object.values(calls).reduce((sum, one) => sum + one, 0);

export type ReadFigures = {
  readonly size: OrganizationSize;
  readonly route: string;
  readonly assignments: number;
  readonly calls: CallCounts;
  readonly floor: CallCounts;
  readonly seconds: number;
  readonly floorSeconds: number;
  /** Which rate the floor waits for. */
  readonly bound: string;
};

/** Everything of it is read: of every account, by the role that enters it. */
export const readScene = (one: OrganizationSize) => {
  const world = organizationOf(one);
  const { clock, clients, sandbox } = stage(world);
  const labels = Object.fromEntries(Object.values(world.organizations.accounts).map(({ Id, Name }) => [Id, Name]));
  const permissionSets = Object.values(world.sso.permissionSets).map(({ name }) => name);
  const iam = { accounts: 'all', policies: [], memberRole } as const;
  const cloudOf = (more: Partial<CloudContext> = {}) =>
    awsCloud(clients, {
      labels: { ...labels, [managementId]: MANAGEMENT },
      owner: OWNER,
      ...{ permissionSets, iam, clock },
      ...more,
    });
  return { world, sandbox, clock, labels, iam, cloudOf };
};

const measured = async (one: OrganizationSize): Promise<ReadFigures> => {
  const { world, clock, cloudOf } = readScene(one);
  const floor = floorOf(world);
  const began = clock.now();
  const { reads, state } = await cloudOf().read();
  const { seconds, group } = floorSeconds(floor);
  return {
    size: one,
    route: reads.route,
    assignments: Object.keys(state).filter((key) => key.startsWith('assignment/')).length,
    calls: reads.calls,
    floor,
    seconds: (clock.now() - began) / 1_000,
    floorSeconds: seconds,
    bound: group,
  };
};

const each = async (all: readonly OrganizationSize[]): Promise<readonly ReadFigures[]> => {
  const figures: ReadFigures[] = [];
  for (const one of all) figures.push(await measured(one));
  return figures;
};

export const benchRead = () => each(sizes);
export const benchCrossing = () => each(crossing);

const ratio = (one: number, floor: number): string => (one / floor).toFixed(2);

const lineOf = (figures: ReadFigures): readonly string[] => {
  const { size: of, calls, floor, seconds, route, bound } = figures;
  const names = [...new Set([...Object.keys(calls), ...Object.keys(floor)])].sort();
  return [
    `  ${of.accounts} accounts, ${of.sets} sets, ${of.groups} groups, ${of.users} users, ${figures.assignments} assignments, by ${route}: ` +
      `${total(calls)} calls, floor ${total(floor)} (${ratio(total(calls), total(floor))}); ` +
      `${seconds.toFixed(1)} s, floor ${figures.floorSeconds.toFixed(1)} s of ${bound} (${ratio(seconds, figures.floorSeconds)})`,
    ...names
      .filter((name) => (calls[name] ?? 0) !== (floor[name] ?? 0))
      .map((name) => `    ${name} ${calls[name] ?? 0}, floor ${floor[name] ?? 0}`),
  ];
};

export const readLines = (figures: readonly ReadFigures[]): readonly string[] => [
  `reading: ${latency} ms to an answer, at the documented rates`,
  ...figures.flatMap(lineOf),
];

const assignmentCalls = ({ calls }: ReadFigures): number =>
  (calls['sso-admin:ListAccountAssignments'] ?? 0) + (calls['sso-admin:ListAccountAssignmentsForPrincipal'] ?? 0);

const crossingLine = (figures: ReadFigures): string => {
  const { size: of, route } = figures;
  const repeated = of.membersPerGroup === of.users ? 'in twenty groups' : 'in one group at most';
  return `  ${of.users} users ${repeated}: by ${route}, ${assignmentCalls(figures)} calls, ${figures.seconds.toFixed(1)} s for everything`;
};

export const crossingLines = (figures: readonly ReadFigures[]): readonly string[] => [
  'assignments of 1,001 pairs of a permission set and an account, 21 groups',
  ...figures.map(crossingLine),
];

/**
 * What reach costs for a whole organization, and how that grows: with distinct combinations of policies, not with accounts.
 * `benchReach` gives its figures as data; whoever runs it prints them.
 */
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Resource, State } from '../../src/model/resource.ts';
import { stateOf } from '../../src/model/resource.ts';
import { accessBetween } from '../../src/plan/access/access.ts';
import type { AccessContext } from '../../src/plan/access/context.ts';
import {
  MANAGEMENT,
  ORGANIZATION,
  OWNER,
  account,
  allow,
  assignment,
  attachment,
  deny,
  document,
  fullAccessEverywhere,
  group,
  management,
  membership,
  ou,
  role,
  scp,
  scpType,
  set,
} from '../support/build.ts';

export type ReachFigure = {
  readonly scale: number;
  readonly accounts: number;
  readonly assignments: number;
  /** What everybody has: from nobody assigned to the whole organization. */
  readonly everythingMs: number;
  /** A guard rail at the root is loosened: every account is touched. */
  readonly guardRailMs: number;
  readonly rows: number;
  /** Beyond what the two states take. */
  readonly heapMb: number;
};
export type ReachFigures = {
  readonly figures: readonly ReachFigure[];
  /** What it costs with a single account: reading the policies, whatever the size of the organization. */
  readonly floorMs: number;
};

const setCount = 60;
const groupCount = 300;
const ouCount = 20;
/** Of the accounts, each group has one in ten. */
const share = 10;

const named = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

const managedNames = ['ReadOnlyAccess', 'PowerUserAccess', 'ViewOnlyAccess', 'SecurityAudit', 'AmazonS3FullAccess'];

const sets = (): readonly Resource[] =>
  named('Set', setCount).map((name, at) =>
    set(name, {
      managedPolicies: [loadCatalogue().arnOf(managedNames[at % managedNames.length] ?? '') ?? ''],
      inlinePolicy: document(allow(`dynamodb:Get*`, 'sqs:*'), {
        ...allow('s3:PutObject'),
        Resource: `arn:aws:s3:::b${at}/*`,
      }),
    }),
  );

const exempt = (name: string) => ({
  ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_${name}_*` },
});

const rails = (): readonly Resource[] => [
  scp('Root', document({ ...deny('s3:DeleteBucket', 'kms:*'), Condition: exempt('Set1') })),
  attachment('Root', 'root'),
  ...named('Ou', ouCount).flatMap((name, at): readonly Resource[] => [
    ou(name),
    scp(`Guard${at}`, document({ ...deny(`ec2:*`, 'rds:Delete*'), Condition: exempt(`Set${at}`) })),
    attachment(`Guard${at}`, `ou:${name}`),
  ]),
];

const organization = (accountCount: number): readonly Resource[] => {
  const accounts = named('Account', accountCount).map((name, at) =>
    account(name, String(200_000_000_000 + at), `Ou${at % ouCount}`),
  );
  const groups = named('Group', groupCount).flatMap((name, at) => [group(name), membership(name, `user${at}`)]);
  const every = Math.min(share, accountCount);
  const assignments = named('Group', groupCount).flatMap((name, at) =>
    accounts
      .filter((_, index) => (index + at) % every === 0)
      .map((one, index) => assignment(`group:${name}`, `Set${(at + (index % 2)) % setCount}`, one.name)),
  );
  const all = [management, scpType, ...accounts, ...rails(), ...sets(), ...groups, ...assignments];
  return [...fullAccessEverywhere(all), ...all];
};

const context = (): AccessContext => ({
  knowledge: { actions: loadActionCatalogue(), policies: loadCatalogue() },
  place: { organization: ORGANIZATION, region: 'eu-west-1', managementAccount: MANAGEMENT },
  isProduction: (name) => name.endsWith('0'),
  unseen: [],
  isManagement: () => false,
  now: '2026-11-23T12:00:00.000Z',
});

const timed = <T>(work: () => T): { readonly result: T; readonly ms: number } => {
  const start = performance.now();
  const result = work();
  return { result, ms: Math.round(performance.now() - start) };
};

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
};

const without = (state: State, kind: Resource['kind']): State =>
  Object.fromEntries(Object.entries(state).filter(([, resource]) => resource.kind !== kind));

const figureOf = (scale: number, accounts: number): ReachFigure => {
  const resources = organization(accounts);
  const state = stateOf(resources);
  const nobody = without(state, 'assignment');
  const loosened = { ...state, 'scp/Root': scp('Root', document(deny('kms:*'))) };
  const before = heap();
  const everything = timed(() => accessBetween(nobody, state, context()));
  const heapMb = Math.round((heap() - before) / 1e6);
  const guardRail = timed(() => accessBetween(state, loosened, context()));
  return {
    scale,
    accounts,
    assignments: resources.filter(({ kind }) => kind === 'assignment').length,
    everythingMs: everything.ms,
    guardRailMs: guardRail.ms,
    rows: everything.result.rows.length,
    heapMb,
  };
};

/** At 1, 4 and 16 times 500 accounts, with 60 permission sets and 300 groups. Takes some ten seconds. */
export const benchReach = (scales: readonly number[] = [1, 4, 16]): ReachFigures => {
  figureOf(0, 1);
  const floor = figureOf(0, 1);
  return { figures: scales.map((scale) => figureOf(scale, 500 * scale)), floorMs: floor.everythingMs };
};

/** Lines for a terminal: the figures, each with its ratio to the first, and the floor. */
export const reachLines = ({ figures, floorMs }: ReachFigures): readonly string[] => {
  const first = figures[0]?.everythingMs ?? 1;
  return [
    ...figures.map(
      ({ scale, accounts, assignments, everythingMs, guardRailMs, rows, heapMb }) =>
        `reach ${scale}x: ${accounts} accounts, ${assignments} assignments: ${everythingMs} ms (${(everythingMs / first).toFixed(1)}x), ` +
        `guard rail ${guardRailMs} ms, ${rows} rows, ${heapMb} MB`,
    ),
    `reach floor: ${floorMs} ms with one account`,
  ];
};

const rolesPerAccount = 10;
const roleAccounts = 500;

type Likeness = 'in each account the same' | 'each naming its account';

/** Ours, for only such are told. */
const roles = (likeness: Likeness): readonly Resource[] =>
  named('Account', roleAccounts).flatMap((name, at) =>
    named('Role', rolesPerAccount).map((one, index) => {
      const bucket = likeness === 'each naming its account' ? `b-${200_000_000_000 + at}` : 'b';
      const Resource = `arn:aws:s3:::${bucket}/*`;
      return role(one, name, {
        managedPolicies: [loadCatalogue().arnOf(managedNames[index % managedNames.length] ?? '') ?? ''],
        inlinePolicies: { own: document({ ...allow('s3:PutObject'), Resource }) },
        owner: OWNER,
      });
    }),
  );

/** Of the processor: other work on the machine does not count. */
const cpuMs = (work: () => unknown): number => {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
};

const median = (numbers: readonly number[]): number =>
  Math.round(numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0);

export type RoleReachFigures = {
  readonly roles: number;
  readonly likeness: Likeness;
  readonly withoutMs: number;
  readonly withMs: number;
};

/** What 5,000 roles add when a guard rail at the root is loosened; the median of five. */
const roleReach = (likeness: Likeness): RoleReachFigures => {
  const organizationOf = organization(roleAccounts);
  const runs = [organizationOf, [...organizationOf, ...roles(likeness)]].map((resources) => () => {
    const state = stateOf(resources);
    const loosened = { ...state, 'scp/Root': scp('Root', document(deny('kms:*'))) };
    return cpuMs(() => accessBetween(state, loosened, context()));
  });
  const [withoutMs = 0, withMs = 0] = runs.map((run) => {
    run();
    return median([run(), run(), run(), run(), run()]);
  });
  return { roles: rolesPerAccount * roleAccounts, likeness, withoutMs, withMs };
};

export const benchRoleReach = (): readonly RoleReachFigures[] => [
  roleReach('in each account the same'),
  roleReach('each naming its account'),
];

export const roleReachLine = ({ roles: count, likeness, withoutMs, withMs }: RoleReachFigures): string =>
  `reach of a guard rail with ${count} roles, ${likeness}: ${withMs} ms of processor time, ${withoutMs} ms without them (${(withMs / withoutMs).toFixed(2)}x)`;

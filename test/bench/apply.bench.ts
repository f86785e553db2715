/**
 * What an apply costs in AWS's own time: 1,000 assignments over 100 accounts and 2 sets, on a sandbox that enforces the
 * documented rates and takes 2 s for each. Time is simulated, so the figures are the same on every machine.
 */
import { awsCloud } from '../../src/aws/cloud.ts';
import { createClients } from '../../src/aws/clients.ts';
import { walkPlan } from '../../src/commands/run/walk.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Plan } from '../../src/model/plan.ts';
import { concurrency, ssoAdminRate } from '../../src/model/quotas.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { catalogue } from '../aws/bench.ts';
import { simulatedClock } from '../aws/simulated-clock.ts';
import { MANAGEMENT, NOW, account, assignment, desired, externalGroup, set } from '../support/build.ts';

const accountCount = 100;
const groupCount = 5;
const latencySeconds = 2;

const accounts = Array.from({ length: accountCount }, (_, at) => ({
  name: `Account${at}`,
  id: String(200_000_000_000 + at),
}));
const groups = Array.from({ length: groupCount }, (_, at) => `Group${at}`);
const sets = ['Reader', 'Writer'];

const wanted = (resources: readonly Resource[]): Desired =>
  desired([
    ...accounts.map(({ name, id }) => account(name, id)),
    ...groups.map(externalGroup),
    ...sets.map((name) => set(name)),
    ...resources,
  ]);

const stage = () => {
  const clock = simulatedClock(Date.parse(NOW));
  const seed = {
    organizationId: 'o-securecart0',
    region: 'eu-west-1',
    management: { name: MANAGEMENT, id: '111111111111' },
    accounts,
    users: [],
    externalGroups: groups.map((name) => ({ name, members: ['ada@securecart.example'] })),
  };
  const world = brownfield(seed, clock.now());
  const sandbox = createSandbox(world, { catalogue });
  const latency = latencySeconds * 1_000;
  Object.assign(world.settings, {
    throttling: true,
    latencyMs: { assignment: latency, provisioning: latency, policyType: 0 },
  });
  const clients = createClients({
    region: 'eu-west-1',
    requestHandler: clock.watching(requestHandler(sandbox, clock.now)),
    credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' },
  });
  return { clock, clients };
};

type Stage = ReturnType<typeof stage>;

const planned = async ({ clients, clock }: Stage, files: Desired, calls: Map<string, number>) => {
  const onCall = (operation: string) => calls.set(operation, (calls.get(operation) ?? 0) + 1);
  const cloud = awsCloud(clients, {
    labels: files.accounts,
    owner: files.settings.owner,
    permissionSets: sets,
    clock,
    onCall,
  });
  const made: Plan = plan(files, await cloud.read(), NOW);
  return { cloud, plan: made };
};

const walked = async (at: Stage, files: Desired, calls: Map<string, number>) => {
  const { cloud, plan: made } = await planned(at, files, calls);
  const began = at.clock.now();
  calls.clear();
  const outcomes = await walkPlan(made, { cloud, events: { started: () => undefined, settled: () => undefined } });
  return { made, outcomes: [...outcomes.values()], seconds: (at.clock.now() - began) / 1_000 };
};

export type ApplyFigures = {
  readonly changes: number;
  readonly failed: number;
  readonly seconds: number;
  /** What the quotas allow: 15 outstanding, and 20 calls a second with one call per change; the slower of both. */
  readonly floorSeconds: number;
  readonly estimateSeconds: number;
  readonly calls: Readonly<Record<string, number>>;
};

export const benchApply = async (): Promise<ApplyFigures> => {
  const at = stage();
  const calls = new Map<string, number>();
  await walked(at, wanted([]), calls);
  const everybody = accounts.flatMap(({ name }) =>
    sets.flatMap((one) => groups.map((group) => assignment(`group:${group}`, one, name))),
  );
  const { made, outcomes, seconds } = await walked(at, wanted(everybody), calls);
  const changes = made.changes.length;
  return {
    changes,
    failed: outcomes.filter(({ status }) => status !== 'done').length,
    seconds,
    floorSeconds: Math.max(
      (changes / concurrency.outstandingAssignments) * latencySeconds,
      changes / ssoAdminRate.rate,
    ),
    estimateSeconds: made.estimate.seconds,
    calls: Object.fromEntries([...calls].sort(([, a], [, b]) => b - a)),
  };
};

export const applyLines = (figures: ApplyFigures): readonly string[] => [
  `apply: ${figures.changes} assignments, ${figures.failed} not done`,
  `  ${figures.seconds.toFixed(1)} s of AWS's time; floor ${figures.floorSeconds.toFixed(1)} s; ratio ${(figures.seconds / figures.floorSeconds).toFixed(2)}; the plan estimated ${figures.estimateSeconds} s`,
  ...Object.entries(figures.calls).map(([operation, count]) => `  ${operation} ${count}`),
];

/** Desired against live: what `plan`, `apply`, `drift` and `demo` have in common. */
import { awsCloud } from '../../aws/cloud.ts';
import type { AwsCloud } from '../../aws/cloud.ts';
import type { IamContext } from '../../aws/read-iam.ts';
import { loadActionCatalogue } from '../../evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { Plan } from '../../model/plan.ts';
import type { RecordOffer } from '../../model/record.ts';
import { isRefusing } from '../../model/plan.ts';
import { customerPolicyKey, resourcesOf, settingsKinds } from '../../model/resource.ts';
import { asDrift } from '../../plan/access/drift.ts';
import { endingPart } from '../../plan/carry/ending-part.ts';
import { guardedPart } from '../../plan/guards/part.ts';
import { withinPart } from '../../plan/carry/shards.ts';
import { guardsOf, wholePlan } from '../../plan/plan.ts';
import type { WholePlan } from '../../plan/plan.ts';
import type { Situation } from '../../plan/situation/situation.ts';
import type { CommandConnection } from './connect.ts';
import { connectCommand } from './connect.ts';
import type { CommandContext } from './context.ts';
import { accountsTaken, partOf, shareOf } from './part.ts';
import type { PartOptions } from './part.ts';
import { planTests } from './plan-tests.ts';
import { watched } from './reading.ts';
import { desiredOrProblems } from './repository.ts';

export type LivePlan = {
  readonly connection: CommandConnection;
  readonly cloud: AwsCloud;
  readonly desired: Desired;
  readonly live: Live;
  /** Of desired and live, as the plan found it. */
  readonly situation: () => Situation;
  readonly plan: Plan;
};

/**
 * A role that enters accounts enters them all: what is ours there and no longer declared is found. Without one, only those
 * that something is declared in.
 */
const iamOf = (
  { accounts: labels, state, part, settings: { memberRole } }: Desired,
  entered: readonly string[],
): IamContext => {
  const declared = [
    ...resourcesOf(state, 'role'),
    ...resourcesOf(state, 'policy'),
    ...resourcesOf(state, 'oidc-provider'),
  ];
  const accounts = [
    ...new Set([...declared.map(({ account }) => account), ...entered.map((name) => labels[name] ?? name)]),
  ];
  const policies = resourcesOf(state, 'policy').map(customerPolicyKey);
  if (memberRole !== undefined) return { accounts: part ?? 'all', policies, memberRole };
  const wanted = accounts.filter((account) => part?.includes(account) !== false);
  return { accounts: wanted.length === 0 ? 'none' : wanted, policies };
};

type LiveReadOptions = {
  /** Of the rates, where several runs go on at once. */
  readonly share?: number;
  /** `all`: what is not declared is to be known in full, too, at one more call for each. */
  readonly policies?: 'all';
  /** Accounts, by name or id, that are entered whatever is declared in them. */
  readonly entered?: readonly string[];
  readonly keeps?: 'a record';
};

export const cloudOf = (
  connection: CommandConnection,
  desired: Desired,
  { share = 1, policies, entered = [], keeps }: LiveReadOptions = {},
): AwsCloud =>
  watched(connection.watch, (onRead) =>
    awsCloud(connection.clients, {
      ...onRead,
      labels: desired.accounts,
      owner: desired.settings.owner,
      permissionSets: Object.values(desired.state).flatMap((resource) =>
        resource.kind === 'permission-set' ? [resource.name] : [],
      ),
      settings: settingsKinds.filter((kind) => resourcesOf(desired.state, kind).length > 0),
      ...(resourcesOf(desired.state, 'entitlement').length === 0 ? {} : { entitlements: true as const }),
      resources: (desired.resources ?? []).filter(({ account }) => desired.part?.includes(account) !== false),
      iam: { ...iamOf(desired, entered), ...(policies === undefined ? {} : { policies }) },
      share,
      ...(keeps === undefined ? {} : { keeps }),
      clock: connection.clock,
      ...(connection.wall === undefined ? {} : { wall: connection.wall }),
      ...(connection.interrupt === undefined ? {} : { interrupt: connection.interrupt }),
    }),
  );

const knowledge = () => ({ actions: loadActionCatalogue(), policies: loadCatalogue() });

/** The plan, rated by what AWS has beyond Git. */
export const driftOf = ({ plan: planned, ...made }: LivePlan): Plan =>
  asDrift(planned, { ...made, situation: made.situation(), knowledge: knowledge() });

/** Everything but the access tests. */
const wholeOf = (desired: Desired, live: Live, now: string): WholePlan =>
  wholePlan({ desired, live, now }, knowledge());

export const plannedFor = (desired: Desired, live: Live, now: string): Plan => wholeOf(desired, live, now).plan;

/** Its guards alone. */
export const guardsFor = (desired: Desired, live: Live, now: string): Plan['guards'] =>
  guardsOf({ desired, live, now }, knowledge());

type PlanningInput = {
  readonly connection: CommandConnection;
  readonly desired: Desired;
  readonly share?: number;
  /** `none`: nobody decides by this plan. */
  readonly tests?: 'none';
} & RecordOptions;

type RecordOptions = {
  /** What an earlier reading kept: what cannot have changed since is taken from it. */
  readonly record?: RecordOffer;
  /** Whether this reading is kept for later ones. */
  readonly keeps?: 'a record';
};

export const planOn = async (
  context: CommandContext,
  { connection, desired, share, tests, record, keeps }: PlanningInput,
): Promise<LivePlan> => {
  const cloud = cloudOf(connection, desired, {
    ...(share === undefined ? {} : { share }),
    ...(keeps === undefined ? {} : { keeps }),
  });
  const live = await (record === undefined ? cloud.read() : cloud.readSince(record, []));
  const { plan: whole, situation } = wholeOf(desired, live, context.now);
  const plan = { ...withinPart(whole, desired), tests: tests === 'none' ? [] : await planTests(context, live) };
  return { connection, cloud, desired, live, situation, plan };
};

/** The same AWS, and other files. The access tests stay as they were. */
export const plannedAnew = (made: LivePlan, desired: Desired, now: string): LivePlan => {
  const { plan: whole, situation } = wholeOf(desired, made.live, now);
  return { ...made, desired, situation, plan: { ...withinPart(whole, desired), tests: made.plan.tests } };
};

/** Nothing when the files have errors, which were printed. */
export const planLive = async (
  context: CommandContext,
  asked: PartOptions & RecordOptions = {},
): Promise<LivePlan | undefined> => {
  const whole = await desiredOrProblems(context);
  if (whole === undefined) return undefined;
  const { part, taken } = accountsTaken(whole, asked);
  for (const line of taken) context.err(line);
  const desired = partOf(whole, part);
  const connection = await connectCommand(context, desired);
  const { record, keeps } = asked;
  return planOn(context, {
    ...{ connection, desired, share: shareOf(part) },
    ...(record === undefined ? {} : { record }),
    ...(keeps === undefined ? {} : { keeps }),
  });
};

export const guardRefusal = (plan: Plan): boolean =>
  plan.guards.some((guard) => !guard.ok) || plan.tests.some(isRefusing);

/** With the guards asked again, of the part of a plan that is left. */
export const askedOfPart = (made: LivePlan): LivePlan => ({
  ...made,
  plan: guardedPart(made.plan, { situation: made.situation(), catalogue: loadCatalogue() }),
});

/** The part of a refused plan that is carried out anyway: grants whose end has come. */
export const endingsOf = (made: LivePlan): LivePlan => ({
  ...made,
  plan: endingPart(made.plan, { situation: made.situation(), catalogue: loadCatalogue() }),
});

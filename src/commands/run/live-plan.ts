/** Desired against live: what `plan`, `apply`, `drift` and `demo` have in common. */
import { awsCloud } from '../../aws/cloud.ts';
import type { AwsCloud } from '../../aws/cloud.ts';
import type { IamContext } from '../../aws/read-iam.ts';
import { loadActionCatalogue } from '../../evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { Plan } from '../../model/plan.ts';
import { isRefusing } from '../../model/plan.ts';
import { customerPolicyKey, resourcesOf } from '../../model/resource.ts';
import { asDrift } from '../../plan/access/drift.ts';
import { withAccess } from '../../plan/access/plan.ts';
import type { AccessInput } from '../../plan/access/plan.ts';
import { endingPart } from '../../plan/carry/ending-part.ts';
import { guardedPart } from '../../plan/guards/part.ts';
import { withinPart } from '../../plan/carry/shards.ts';
import { plan } from '../../plan/plan.ts';
import { withProof } from '../../plan/proof/plan.ts';
import type { Connection } from './connect.ts';
import { connect } from './connect.ts';
import type { Context } from './context.ts';
import { partOf, shareOf } from './part.ts';
import type { PartOptions } from './part.ts';
import { planTests } from './plan-tests.ts';
import { desiredOrProblems } from './repository.ts';

export type LivePlan = {
  readonly connection: Connection;
  readonly cloud: AwsCloud;
  readonly desired: Desired;
  readonly live: Live;
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

type Reading = {
  /** Of the rates, where several runs go on at once. */
  readonly share?: number;
  /** `all`: what is not declared is to be known in full, too, at one more call for each. */
  readonly policies?: 'all';
  /** Accounts, by name or id, that are entered whatever is declared in them. */
  readonly entered?: readonly string[];
};

export const cloudOf = (
  connection: Connection,
  desired: Desired,
  { share = 1, policies, entered = [] }: Reading = {},
): AwsCloud =>
  awsCloud(connection.clients, {
    labels: desired.accounts,
    owner: desired.settings.owner,
    permissionSets: Object.values(desired.state).flatMap((resource) =>
      resource.kind === 'permission-set' ? [resource.name] : [],
    ),
    iam: { ...iamOf(desired, entered), ...(policies === undefined ? {} : { policies }) },
    share,
    clock: connection.clock,
    ...(connection.interrupt === undefined ? {} : { interrupt: connection.interrupt }),
  });

const inputOf = (desired: Desired, live: Live): AccessInput => ({
  desired,
  live,
  knowledge: { actions: loadActionCatalogue(), policies: loadCatalogue() },
});

/** The plan, rated by what AWS has beyond Git. */
export const driftOf = ({ plan: planned, desired, live }: LivePlan): Plan => asDrift(planned, inputOf(desired, live));

/** Everything but the access tests. */
export const plannedFor = (desired: Desired, live: Live, now: string): Plan => {
  const input = inputOf(desired, live);
  return withProof(withAccess(plan(desired, live, now), input), input);
};

/** Its guards alone, for which nobody needs to know who gains what. */
export const guardsOf = (desired: Desired, live: Live, now: string): Plan['guards'] =>
  withProof(plan(desired, live, now), inputOf(desired, live)).guards;

type Ground = { readonly connection: Connection; readonly desired: Desired; readonly share?: number };

export const planOn = async (context: Context, { connection, desired, share }: Ground): Promise<LivePlan> => {
  const cloud = cloudOf(connection, desired, share === undefined ? {} : { share });
  const live = await cloud.read();
  const planned = withinPart(plannedFor(desired, live, context.now), desired);
  return { connection, cloud, desired, live, plan: { ...planned, tests: await planTests(context, live) } };
};

/** The same AWS, and other files. The access tests stay as they were. */
export const plannedAnew = (made: LivePlan, desired: Desired, now: string): LivePlan => {
  const planned = withinPart(plannedFor(desired, made.live, now), desired);
  return { ...made, desired, plan: { ...planned, tests: made.plan.tests } };
};

/** Nothing when the files have errors, which were printed. */
export const planLive = async (context: Context, part: PartOptions = {}): Promise<LivePlan | undefined> => {
  const whole = await desiredOrProblems(context);
  if (whole === undefined) return undefined;
  const desired = partOf(whole, part);
  const connection = await connect(context, desired);
  return planOn(context, { connection, desired, share: shareOf(part) });
};

export const refused = (plan: Plan): boolean => plan.guards.some((guard) => !guard.ok) || plan.tests.some(isRefusing);

/** With the guards asked again, of the part of a plan that is left. */
export const askedOfPart = (made: LivePlan): LivePlan => ({
  ...made,
  plan: guardedPart(made.plan, { ...made, catalogue: loadCatalogue() }),
});

/** Of a refused plan, what is carried out all the same. */
export const endingsOf = (made: LivePlan): LivePlan => ({
  ...made,
  plan: endingPart(made.plan, { ...made, catalogue: loadCatalogue() }),
});

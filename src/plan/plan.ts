/**
 * Desired and live become a plan in stages, each of which reads what those before it found and adds what it finds: the
 * situation, the differences, the drafts of changes with their phases, their order, the guards, what they do to people's
 * access, and the proof of their order. Nothing is found twice, and whoever needs no proof or access stops before it.
 */
import type { Live } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import type {
  AccessChange,
  Change,
  EffectiveChange,
  Expiring,
  GrantRow,
  GuardResult,
  Note,
  Plan,
} from '../model/plan.ts';
import { keyText } from '../model/resource.ts';
import type { State } from '../model/resource.ts';
import { once } from '../model/lists.ts';
import { accessOf } from './access/plan.ts';
import type { Knowledge } from './access/side.ts';
import { alikeAccounts } from './alike/accounts.ts';
import { sampledSides } from './alike/sampled.ts';
import { spreadPlan } from './alike/spread.ts';
import { differences } from './diff/differences.ts';
import type { Differences } from './diff/differences.ts';
import { fingerprintOf } from './digest.ts';
import { estimateOf, lanesOf, managementSetsIn } from './estimate.ts';
import { grantRowsOf } from './grants/grants.ts';
import { liftedNotes, resultsOf } from './guards/guard.ts';
import { guards } from './guards/guards.ts';
import { uncheckedNotes } from './guards/iam.ts';
import { sessionTails } from './interruptions/session-tail.ts';
import { arranged } from './phases/arranged.ts';
import type { ArrangedChanges } from './phases/arranged.ts';
import { drafted } from './phases/drafts.ts';
import type { DraftedChanges } from './phases/drafts.ts';
import { planTreesOf } from './phases/trees.ts';
import type { PlanTrees } from './phases/trees.ts';
import { provedOrder } from './proof/plan.ts';
import { userNotes } from './situation/created-users.ts';
import type { CountAccounts } from './situation/account-classes.ts';
import { closedNotes, livingPart } from './situation/living.ts';
import { project } from './situation/project.ts';
import { rolloutNotes } from './situation/rollouts.ts';
import { situationOf } from './situation/situation.ts';
import type { Situation } from './situation/situation.ts';
import { dayMs } from '../model/days.ts';

const soonDays = 14;

/** `now`: ISO 8601. */
export type PlanInput = { readonly desired: Desired; readonly live: Live; readonly now: string };
/** `countIn`: of a plan for a sample of the accounts, for how many each stands. */
type SampledInput = PlanInput & { readonly countIn?: CountAccounts };

type SituatedPlan = SampledInput & { readonly situation: Situation; readonly today: string };
type ComparedPlan = SituatedPlan & { readonly differences: Differences; readonly trees: PlanTrees };
type DraftedPlan = ComparedPlan & DraftedChanges;
type OrderedPlan = DraftedPlan & ArrangedChanges;
type GuardedPlan = OrderedPlan & {
  /** Live after the changes. */
  readonly result: State;
  readonly guards: readonly GuardResult[];
  readonly notes: readonly Note[];
};

type RatedPlan = GuardedPlan & {
  readonly access: readonly AccessChange[];
  readonly effective: readonly EffectiveChange[];
  readonly grants: readonly GrantRow[];
};

const dayOf = (now: string): string => new Date(now).toISOString().slice(0, 10);

const situated = (input: SampledInput): SituatedPlan => ({
  ...input,
  situation: situationOf(input.desired, input.live),
  today: dayOf(input.now),
});

const compared = (plan: SituatedPlan): ComparedPlan => {
  const found = differences(plan.situation, plan.countIn);
  return { ...plan, differences: found, trees: planTreesOf(plan.situation.current, found.changes) };
};

const withDrafts = (plan: ComparedPlan): DraftedPlan => ({
  ...plan,
  ...drafted(plan.situation, plan.trees, plan.differences.changes),
});

const inOrder = (plan: DraftedPlan): OrderedPlan => ({ ...plan, ...arranged(plan) });

const guarded = (plan: OrderedPlan): GuardedPlan => {
  const { situation, changes, gaps, today, desired, live } = plan;
  const result = project(situation.current, changes);
  const asked = { situation, changes, result, gaps, today, ...(plan.countIn && { countIn: plan.countIn }) };
  const notes = [
    ...rolloutNotes(desired, today),
    ...notesOf(desired, live),
    ...sessionTails([situation.current, result], changes),
    ...uncheckedNotes(asked),
    ...liftedNotes(guards, asked),
  ];
  return { ...plan, result, guards: resultsOf(guards, asked), notes };
};

const withAccess =
  (knowledge: Knowledge) =>
  (plan: GuardedPlan): RatedPlan => {
    const { changes, access, effective, notes } = accessOf({ ...plan, knowledge });
    const { situation, result, desired } = plan;
    const grants = grantRowsOf({ changes, before: situation.current, after: result, desired });
    return { ...plan, changes, access, effective, grants, notes: [...plan.notes, ...notes] };
  };

const withProof =
  (knowledge: Knowledge) =>
  <P extends GuardedPlan>(plan: P): P => ({ ...plan, ...provedOrder({ ...plan, knowledge }) });

const throughOrder = (input: SampledInput): OrderedPlan => inOrder(withDrafts(compared(situated(input))));
const throughGuards = (input: SampledInput): GuardedPlan => guarded(throughOrder(input));

const expiringOf = ({ ending }: Desired, now: string): readonly Expiring[] => {
  const last = dayOf(new Date(Date.parse(now) + soonDays * dayMs).toISOString());
  return ending
    .filter(({ until }) => until <= last)
    .map(({ key, until }) => ({ key, until }))
    .sort((a, b) => (a.until + a.key < b.until + b.key ? -1 : 1));
};

const endedNotes = ({ ended }: Pick<Desired, 'ended'>): readonly Note[] =>
  ended.map(({ key, until, place }) => ({ message: `${keyText(key)} ended on ${until}`, origin: place }));

const notesOf = (desired: Desired, live: Live): readonly Note[] => [
  ...desired.notes.map(({ file, line, column, message }): Note => ({ message, origin: { file, line, column } })),
  ...endedNotes(desired),
  ...closedNotes(desired, live),
  ...userNotes(desired, live),
  ...live.notes.map((message): Note => ({ message })),
];

const summaryOf = (changes: readonly Change[]): Plan['summary'] => {
  const counts = { create: 0, update: 0, delete: 0 };
  for (const { action } of changes) counts[action] += 1;
  return counts;
};

/** The plan as its JSON has it, of whatever the stages have found. */
const planOf = (found: GuardedPlan & Partial<RatedPlan>): Plan => {
  const { desired, live, now, situation, differences: compared, trees, changes, elsewhere } = found;
  const sides = { delegated: desired.settings.delegatedAdministrator, management: desired.managementAccount };
  const managementSets = managementSetsIn([trees.current, trees.final], desired.managementAccount);
  return {
    version: 1,
    organization: live.organization,
    ...(desired.part === undefined ? {} : { part: desired.part }),
    generatedAt: now,
    fingerprint: fingerprintOf(
      { organization: live.organization, part: desired.part },
      changes.map(({ id }) => id),
    ),
    summary: summaryOf(changes),
    changes,
    access: found.access ?? [],
    ...((found.effective ?? []).length === 0 ? {} : { effective: found.effective }),
    ...(found.grants === undefined ? {} : { grants: found.grants }),
    guards: found.guards,
    tests: [],
    interruptions: found.interruptions,
    expiring: expiringOf(situation.desired, now),
    unmanaged: compared.unmanaged,
    coverage: compared.coverage,
    unresolved: situation.unresolved,
    unread: live.unread,
    held: found.held,
    notes: found.notes,
    lanes: lanesOf([...changes, ...elsewhere], sides, managementSets),
    reads: live.reads,
    estimate: estimateOf(changes, found.countIn),
  };
};

/** What has to happen so that live becomes desired, and the state after that; no guard is asked. Throws as `plan` does. */
export const plannedState = (desired: Desired, live: Live, now: string): State => {
  const { situation, changes } = throughOrder({ desired, live, now });
  return project(situation.current, changes);
};

/**
 * What has to happen so that live becomes desired, in order, with the guards that need no evaluator. Throws a UserError when
 * a declared account is not in the organization. `access` and `tests` are empty here, and each risk is the worst.
 */
export const plan = (desired: Desired, live: Live, now: string): Plan => planOf(throughGuards({ desired, live, now }));

/** With what it does to people's access, and with risks that say so. */
export const ratedPlan = (input: PlanInput, knowledge: Knowledge): Plan =>
  planOf(withAccess(knowledge)(throughGuards(input)));

/** The guards of all stages, for which nobody needs to know who gains what. */
export const guardsOf = (input: PlanInput, knowledge: Knowledge): Plan['guards'] =>
  withProof(knowledge)(throughGuards(input)).guards;

/** `situation`: of the whole organization, made when somebody asks for it. */
export type WholePlan = { readonly plan: Plan; readonly situation: () => Situation };

const throughAll = (input: SampledInput, knowledge: Knowledge): RatedPlan =>
  withProof(knowledge)(withAccess(knowledge)(throughGuards(input)));

type Notes = readonly Note[];

/** The notes with others in the place of some that follow one another. */
const replaced = (notes: Notes, from: Notes, to: Notes): Notes => {
  const at = notes.findIndex(({ message }) => message === from[0]?.message);
  return at < 0 ? notes : notes.toSpliced(at, from.length, ...to);
};

/** Made with one account of each class; undefined where that cannot say it all. */
const planOfAlike = (input: PlanInput, knowledge: Knowledge): Plan | undefined => {
  const { desired, live, now } = input;
  const alike = alikeAccounts({ desired, live, catalogue: knowledge.policies });
  if (alike === undefined) return undefined;
  const countIn: CountAccounts = (account) => alike.classes.get(account)?.length ?? 1;
  const found = throughAll({ ...sampledSides(input, alike), now, countIn }, knowledge);
  const states = [found.situation.current, found.result];
  const [ended, tails] = [endedNotes(found.situation.desired), sessionTails(states, found.changes)];
  const saidAnew = [...ended, ...tails].map(({ message }) => message);
  const made = spreadPlan({ plan: planOf(found), levelOf: found.levelOf, desired, live, alike, saidAnew });
  if (made === undefined) return undefined;
  const whole = livingPart(desired, live);
  const notes = replaced(made.notes, ended, endedNotes(whole));
  return {
    ...made,
    fingerprint: fingerprintOf(
      made,
      made.changes.map(({ id }) => id),
    ),
    summary: summaryOf(made.changes),
    notes: replaced(notes, tails, sessionTails(states, made.changes)),
    expiring: expiringOf(whole, now),
  };
};

/** Through all stages. The access tests are asked by whoever has them. */
export const wholePlan = (input: PlanInput, knowledge: Knowledge): WholePlan => {
  const made = planOfAlike(input, knowledge);
  if (made !== undefined) return { plan: made, situation: once(() => situationOf(input.desired, input.live)) };
  const whole = throughAll(input, knowledge);
  return { plan: planOf(whole), situation: () => whole.situation };
};

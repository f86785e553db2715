/** Desired and live become a plan. */
import type { Live } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import type { Change, Expiring, HeldChange, Interruption, Note, Plan } from '../model/plan.ts';
import { userNotes } from './situation/created-users.ts';
import { edgesOf } from './waits/dependencies.ts';
import { differences } from './diff/differences.ts';
import { fingerprintOf } from './digest.ts';
import type { Draft, OrderGap } from './phases/draft.ts';
import { drafted } from './phases/drafts.ts';
import { treesOf } from './phases/trees.ts';
import type { Trees } from './phases/trees.ts';
import { withEnded } from './situation/ended.ts';
import { closedNotes } from './situation/living.ts';
import { estimateOf, lanesOf, managementSetsIn } from './estimate.ts';
import { otherLane } from './guards/delegate.ts';
import { liftedNotes, resultsOf } from './guards/guard.ts';
import type { Guarded } from './guards/guard.ts';
import { guards } from './guards/guards.ts';
import { uncheckedNotes } from './guards/iam.ts';
import { railInterruptions, revokedFirst } from './interruptions/interruptions.ts';
import { ordered } from './phases/order.ts';
import { sessionTails } from './interruptions/session-tail.ts';
import { roleInterruptions } from './interruptions/role-interruptions.ts';
import { situationOf } from './situation/situation.ts';
import type { Situation } from './situation/situation.ts';
import { withSlots } from './phases/slots.ts';
import { EVERYWHERE, reachesOf } from './situation/reached-accounts.ts';
import type { Reaches } from './situation/reached-accounts.ts';
import { consequences } from './carry/next.ts';
import { project } from './situation/project.ts';
import { dayMs, dayOf } from '../model/days.ts';

const soonDays = 14;

const reachOf = (reaches: Reaches, { before, after, phase }: Draft): { readonly reaches?: readonly string[] } => {
  if (phase === 'prepare' || phase === 'remove') return {};
  const all = new Set([before, after].flatMap((one) => (one === undefined ? [] : reaches.of(one))));
  if (all.size === 0) return {};
  return { reaches: all.has(EVERYWHERE) ? [EVERYWHERE] : [...all].sort() };
};

/** The worst, until `withAccess` judges a change by what it does to people. */
const unjudged = 'critical';

type Maker = { readonly situation: Situation; readonly reaches: Reaches };

const changeOf = ({ situation, reaches }: Maker, draft: Draft, dependsOn: readonly string[]): Change => {
  const { id, kind, key, action, before, after, phase, temporary, adopts } = draft;
  const origin = situation.desired.origins[key];
  return {
    id,
    action,
    kind,
    key,
    phase,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(origin === undefined ? {} : { origin }),
    risk: adopts ? 'low' : unjudged,
    dependsOn,
    ...reachOf(reaches, draft),
    ...(temporary ? { temporary } : {}),
    ...(adopts ? { adopts } : {}),
  } as Change;
};

type Arranged = {
  readonly changes: readonly Change[];
  /** Held for another credential than this one. */
  readonly elsewhere: readonly Change[];
  readonly held: readonly HeldChange[];
  readonly interruptions: readonly Interruption[];
  readonly gaps: readonly OrderGap[];
};

/** A stand-in is not hung up for a move that is not made. */
const idleStandIns = (changes: readonly Change[], held: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const needed = changes.filter(({ kind, id }) => kind === 'account' && held.has(id));
  const idle = new Set(needed.flatMap(({ dependsOn }) => dependsOn));
  return new Map(
    changes
      .filter(({ id, temporary, action }) => temporary && action === 'create' && idle.has(id))
      .map(({ id }) => [id, 'the account does not move']),
  );
};

type Reasons = ReadonlyMap<string, string>;

const heldReasons = (changes: readonly Change[], drafts: readonly Draft[], lane: Reasons): Reasons => {
  const own = new Map([
    ...lane,
    ...drafts.flatMap(({ id, held }) => (held === undefined ? [] : [[id, held] as const])),
  ]);
  const reasons = new Map([...consequences(changes, ({ id }) => own.has(id)), ...own]);
  return new Map([...idleStandIns(changes, reasons), ...reasons]);
};

/** In order, and without what is held: for itself, or because of what it depends on. */
const arranged = (situation: Situation, today: string): Arranged & { readonly trees: Trees } => {
  const { current, desired } = situation;
  const { changes: found } = differences(situation);
  const trees = treesOf(current, found);
  const reaches = reachesOf([trees.current, trees.final]);
  const { drafts, gaps } = withSlots(drafted(situation, trees, found), current, desired.settings.quotas);
  const order = ordered(drafts, edgesOf({ drafts, trees, reaches, glass: desired.settings.breakGlass?.group }));
  const all = order.drafts.map((draft) => changeOf({ situation, reaches }, draft, order.dependsOn.get(draft.id) ?? []));
  const elsewhere = otherLane({ situation, changes: all, result: trees.final, today });
  const reasons = heldReasons(all, drafts, elsewhere);
  const held = all.flatMap(({ id, key }) => {
    const reason = reasons.get(id);
    return reason === undefined ? [] : [{ id, key, reason }];
  });
  const changes = withEnded(all, desired, today).filter(({ id }) => !reasons.has(id));
  const interruptions = [
    ...order.interrupted.map(revokedFirst),
    ...railInterruptions(current, changes, desired.managementAccount),
    ...roleInterruptions(changes),
  ];
  return { changes, elsewhere: all.filter(({ id }) => elsewhere.has(id)), held, interruptions, gaps, trees };
};

const expiringOf = ({ ending }: Desired, now: string): readonly Expiring[] => {
  const last = dayOf(new Date(Date.parse(now) + soonDays * dayMs).toISOString());
  return ending
    .filter(({ until }) => until <= last)
    .map(({ key, until }) => ({ key, until }))
    .sort((a, b) => (a.until + a.key < b.until + b.key ? -1 : 1));
};

const notesOf = (desired: Desired, live: Live): readonly Note[] => [
  ...desired.notes.map(({ file, line, column, message }): Note => ({ message, origin: { file, line, column } })),
  ...desired.ended.map(({ key, until, place }): Note => ({ message: `${key} ended on ${until}`, origin: place })),
  ...closedNotes(desired, live),
  ...userNotes(desired, live),
  ...live.notes.map((message): Note => ({ message })),
];

const guardedNotes = (guarded: Guarded): readonly Note[] => [
  ...sessionTails([guarded.situation.current, guarded.result], guarded.changes),
  ...uncheckedNotes(guarded),
  ...liftedNotes(guards, guarded),
];

const countOf = (changes: readonly Change[], action: Change['action']): number =>
  changes.filter((change) => change.action === action).length;

const summaryOf = (changes: readonly Change[]): Plan['summary'] => ({
  create: countOf(changes, 'create'),
  update: countOf(changes, 'update'),
  delete: countOf(changes, 'delete'),
});

/**
 * What has to happen so that live becomes desired, in order. `now` is ISO 8601. Throws a UserError when a declared account
 * is not in the organization. `access` and `tests` are empty here: they take an evaluator.
 */
export const plan = (desired: Desired, live: Live, now: string): Plan => {
  const situation = situationOf(desired, live);
  const { unmanaged, coverage } = differences(situation);
  const { changes, elsewhere, held, interruptions, gaps, trees } = arranged(situation, dayOf(now));
  const result = project(situation.current, changes);
  const sides = { delegated: desired.settings.delegatedAdministrator, management: desired.managementAccount };
  const guarded = { situation, changes, result, gaps, today: dayOf(now) };
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
    access: [],
    guards: resultsOf(guards, guarded),
    tests: [],
    interruptions,
    expiring: expiringOf(situation.desired, now),
    unmanaged,
    coverage,
    unresolved: situation.unresolved,
    unread: live.unread,
    held,
    notes: [...notesOf(desired, live), ...guardedNotes(guarded)],
    lanes: lanesOf(
      [...changes, ...elsewhere],
      sides,
      managementSetsIn([trees.current, trees.final], desired.managementAccount),
    ),
    reads: live.reads,
    estimate: estimateOf(changes),
  };
};

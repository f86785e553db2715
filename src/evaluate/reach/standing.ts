/**
 * How an action stands with somebody who may choose the request: never allowed, allowed on what somebody picked out, or as
 * good as freely. Where nobody can tell that something narrows, it does not.
 */
import type { IamAction } from '../actions.ts';
import type { ActionTargets } from '../action-resources.ts';
import { actionTargetsOf } from '../action-resources.ts';
import { hasBit } from './bits.ts';
import type { ResourceExtent, ExtentReading } from './extent.ts';
import { resourceExtent, generous, isAmong, isApart } from './extent.ts';
import type { ReachLayer, SpokenStatement } from './reach.ts';
import type { Meeting, Pinned } from './requester.ts';
import { meetingBy, serviceOfKey } from './requester.ts';
import type { ReachStatement, ReachTest } from './statements.ts';
import type { Universe } from './universe.ts';

export type StatementStanding = 'never' | 'narrow' | 'free';

/** An action by its place in the universe. */
type ActionPurpose = { readonly at: number; readonly action: IamAction; readonly pinned?: Pinned };
type StandingContext = { readonly now: string };

const order: readonly StatementStanding[] = ['never', 'narrow', 'free'];
const least = (all: readonly StatementStanding[]): StatementStanding =>
  order.find((one) => all.includes(one)) ?? 'free';
const most = (all: readonly StatementStanding[]): StatementStanding =>
  order.findLast((one) => all.includes(one)) ?? 'never';

const extents = new WeakMap<ReachStatement, Map<string, WeakMap<ActionTargets, ResourceExtent>>>();

const readingName = (reading: ExtentReading): string => (reading.kind === 'strict' ? reading.account : reading.kind);

/** Actions that work on the same types of resources are asked about once. */
const extentIn = (statement: ReachStatement, { action }: ActionPurpose, reading: ExtentReading): ResourceExtent => {
  const name = readingName(reading);
  const byReading = extents.get(statement) ?? new Map<string, WeakMap<ActionTargets, ResourceExtent>>();
  extents.set(statement, byReading);
  const byTargets = byReading.get(name) ?? new WeakMap<ActionTargets, ResourceExtent>();
  byReading.set(name, byTargets);
  const targets = actionTargetsOf(action);
  const found = byTargets.get(targets) ?? resourceExtent(statement.patterns?.listed ?? [], action, reading);
  byTargets.set(targets, found);
  return found;
};

const meetings = new WeakMap<ReachTest, Map<string, Meeting>>();

const meetingOf = (test: ReachTest, { action, pinned }: ActionPurpose, { now }: StandingContext): Meeting => {
  const service = serviceOfKey(test.key);
  const has = service === undefined || service === action.service.toLowerCase();
  const name = JSON.stringify([has, now, pinned ?? null]);
  const known = meetings.get(test) ?? new Map<string, Meeting>();
  meetings.set(test, known);
  const made = known.get(name) ?? meetingBy(test, { now, has, ...(pinned === undefined ? {} : { pinned }) });
  known.set(name, made);
  return made;
};

const byResources = (statement: ReachStatement, purpose: ActionPurpose): StatementStanding => {
  if (statement.everyResource) return 'free';
  if (statement.patterns === undefined) return 'narrow';
  if (statement.patterns.negated)
    return extentIn(statement, purpose, { kind: 'strict', account: '' }) === 'all' ? 'never' : 'free';
  const extent = extentIn(statement, purpose, generous);
  return extent === 'all' ? 'free' : extent === 'some' ? 'narrow' : 'never';
};

const byTests = ({ open }: SpokenStatement, purpose: ActionPurpose, scene: StandingContext): StatementStanding =>
  least(
    open.map((test) => {
      const { some, someOrdinary } = meetingOf(test, purpose, scene);
      return someOrdinary ? 'free' : some ? 'narrow' : 'never';
    }),
  );

type Speaking = { readonly gate: ReachLayer; readonly purpose: ActionPurpose; readonly scene: StandingContext };

const speaking = ({ gate, purpose }: Speaking, effect: ReachStatement['effect']): readonly SpokenStatement[] =>
  gate.spoken.filter(({ statement }) => statement.effect === effect && hasBit(statement.actions, purpose.at));

/** Several lists of resources may cover every resource together. */
const together = (granting: readonly SpokenStatement[], { purpose, scene }: Speaking): StatementStanding => {
  const lists = granting.flatMap((one) => {
    const { patterns } = one.statement;
    const isFree = patterns !== undefined && !patterns.negated && byTests(one, purpose, scene) === 'free';
    return isFree ? [patterns.listed] : [];
  });
  return lists.length > 1 && resourceExtent(lists.flat(), purpose.action, generous) === 'all' ? 'free' : 'never';
};

const allowedIn = (here: Speaking): StatementStanding => {
  const granting = speaking(here, 'Allow');
  const each = most(
    granting.map((one) => least([byResources(one.statement, here.purpose), byTests(one, here.purpose, here.scene)])),
  );
  return each === 'narrow' ? most([each, together(granting, here)]) : each;
};

/** What a denial leaves of the resources. */
const sparedOf = (statement: ReachStatement, { purpose, gate }: Speaking): StatementStanding => {
  if (statement.everyResource) return 'never';
  if (statement.patterns === undefined) return 'free';
  if (!statement.patterns.negated)
    return extentIn(statement, purpose, { kind: 'strict', account: gate.accountId }) === 'all' ? 'never' : 'free';
  const excepted = extentIn(statement, purpose, generous);
  return excepted === 'all' ? 'free' : excepted === 'some' ? 'narrow' : 'never';
};

/** A denial is avoided by failing any one of its tests, or by another resource. */
const leftBy = (one: SpokenStatement, here: Speaking): StatementStanding =>
  most([
    sparedOf(one.statement, here),
    ...one.open.map((test): StatementStanding => {
      const { every, everyOrdinary } = meetingOf(test, here.purpose, here.scene);
      return every ? 'never' : everyOrdinary ? 'narrow' : 'free';
    }),
  ]);

const inGate = (here: Speaking): StatementStanding => {
  const allowed = allowedIn(here);
  return allowed === 'never' ? allowed : least([allowed, ...speaking(here, 'Deny').map((one) => leftBy(one, here))]);
};

/** Denials that no request of the action avoids but by what it is on. */
const firmDenials = (
  gates: readonly ReachLayer[],
  purpose: ActionPurpose,
  scene: StandingContext,
): readonly SpokenStatement[] =>
  gates
    .flatMap((gate) => speaking({ gate, purpose, scene }, 'Deny'))
    .filter(({ open }) => open.every((test) => meetingOf(test, purpose, scene).every));

const isDeniedOn = (pattern: string, denials: readonly SpokenStatement[], account: string): boolean =>
  denials.some(({ statement: { patterns } }) => {
    if (patterns === undefined) return false;
    return patterns.negated ? isApart(pattern, patterns.listed, account) : isAmong(pattern, patterns.listed, account);
  });

/** What a denial spares is what the allowance leaves out. */
const isDeniedBeside = (spared: readonly string[], denials: readonly SpokenStatement[], account: string): boolean =>
  denials.some(
    ({ statement: { patterns } }) =>
      patterns?.negated === true && patterns.listed.every((pattern) => isAmong(pattern, spared, account)),
  );

/** Whether each thing that the gate allows the action on is denied somewhere. */
const isTakenBack = (
  gate: ReachLayer,
  denials: readonly SpokenStatement[],
  { purpose, scene }: Omit<Speaking, 'gate'>,
): boolean =>
  speaking({ gate, purpose, scene }, 'Allow').every(({ statement: { patterns } }) => {
    if (patterns === undefined) return false;
    const { listed, negated } = patterns;
    if (negated) return isDeniedBeside(listed, denials, gate.accountId);
    return listed.every((pattern) => isDeniedOn(pattern, denials, gate.accountId));
  });

export type StandingOf = (gates: readonly ReachLayer[], action: number, pinned?: Pinned) => StatementStanding;

/** `now`: ISO 8601; what a date has ended is over, and what one begins can be waited for. */
export const standingsAt = (universe: Universe, now: string): StandingOf => {
  const known = new WeakMap<ReachLayer, Map<string, StatementStanding>>();
  const inOne = (gate: ReachLayer, purpose: ActionPurpose): StatementStanding => {
    const name = `${purpose.at} ${purpose.pinned?.value ?? ''}`;
    const made = known.get(gate) ?? new Map<string, StatementStanding>();
    known.set(gate, made);
    const standing = made.get(name) ?? inGate({ gate, purpose, scene: { now } });
    made.set(name, standing);
    return standing;
  };
  const emptied = new WeakMap<readonly ReachLayer[], Map<string, boolean>>();
  const isEmptied = (gates: readonly ReachLayer[], purpose: ActionPurpose): boolean => {
    const name = `${purpose.at} ${purpose.pinned?.value ?? ''}`;
    const made = emptied.get(gates) ?? new Map<string, boolean>();
    emptied.set(gates, made);
    const denials = firmDenials(gates, purpose, { now });
    const is =
      made.get(name) ??
      (denials.length > 0 && gates.some((gate) => isTakenBack(gate, denials, { purpose, scene: { now } })));
    made.set(name, is);
    return is;
  };
  return (gates, at, pinned) => {
    const action = universe.actions[at];
    if (action === undefined) return 'never';
    const purpose = { at, action, ...(pinned === undefined ? {} : { pinned }) };
    const found = least(gates.map((gate) => inOne(gate, purpose)));
    return found === 'narrow' && isEmptied(gates, purpose) ? 'never' : found;
  };
};

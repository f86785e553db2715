/** Which of the known escalation paths somebody comes to have. */

import type { EscalationPath } from './escalation-paths.ts';
import { escalationPaths } from './escalation-paths.ts';
import type { Bits } from './reach/bits.ts';
import { includesBits, indicesIn } from './reach/bits.ts';
import type { ReachLayer, ReachableActions } from './reach/reach.ts';
import type { Pinned } from './reach/requester.ts';
import type { StatementStanding, StandingOf } from './reach/standing.ts';
import type { Universe } from './reach/universe.ts';

export type Escalation = {
  readonly path: EscalationPath;
  /** Certain: nothing in the set narrows any of the actions, and no guard rail stops one. */
  readonly bound: 'certain' | 'possible';
};

export type EscalationPlace = 'management' | 'elsewhere';
type EscalationSides = {
  readonly before: readonly ReachableActions[];
  readonly after: readonly ReachableActions[];
  readonly place: EscalationPlace;
};
export type Escalations = {
  readonly opened: (sides: EscalationSides) => readonly Escalation[];
  /** The paths that somebody may go by a role that they pass: which roles those are decides what the path gives. */
  readonly passing: (role: ReachableActions, only?: Escalation['bound']) => readonly EscalationPath[];
};
type EscalationInput = { readonly universe: Universe; readonly standing: StandingOf };

type MarkedPath = { readonly path: EscalationPath; readonly actions: Bits; readonly each: readonly number[] };
type EscalationBound = Escalation['bound'] | 'none';

const ownGates = ({ gates }: ReachableActions): readonly ReachLayer[] =>
  gates.filter(({ place }) => place === 'identity' || place === 'boundary');

/** A role is passed to one of the path's services; other actions say nothing of that. */
const pinsOf = ({ passedTo = [] }: EscalationPath): readonly (Pinned | undefined)[] =>
  passedTo.length === 0 ? [undefined] : passedTo.map((value) => ({ key: 'iam:passedtoservice', value }));

const boundOf = ({ path, each }: MarkedPath, role: ReachableActions, standing: StandingOf): EscalationBound => {
  const stands = (gates: readonly ReachLayer[], wanted: (one: StatementStanding) => boolean): boolean =>
    pinsOf(path).some((pinned) => each.every((at) => wanted(standing(gates, at, pinned))));
  if (!stands(role.gates, (one) => one !== 'never')) return 'none';
  return stands(ownGates(role), (one) => one === 'free') ? 'certain' : 'possible';
};

const markedOnce = new WeakMap<Universe, readonly MarkedPath[]>();

/** A universe without one of the actions has nothing to say about the path. */
const markedIn = (universe: Universe): readonly MarkedPath[] =>
  escalationPaths.flatMap((path) => {
    const actions = universe.matching(path.actions);
    const each = indicesIn(actions);
    return path.byRoles === true || each.length < path.actions.length ? [] : [{ path, actions, each }];
  });

/** A path needs all its actions in one session, so role by role. One that was only possible and becomes certain is new. */
export function escalationsIn({ universe, standing }: EscalationInput): Escalations {
  let marks: readonly MarkedPath[] | undefined;
  const marked = (): readonly MarkedPath[] => {
    marks ??= markedOnce.get(universe) ?? markedIn(universe);
    markedOnce.set(universe, marks);
    return marks;
  };
  const known = new WeakMap<ReachableActions, ReadonlyMap<MarkedPath, EscalationBound>>();
  const open = (role: ReachableActions) =>
    marked()
      .filter(({ actions }) => includesBits(role.possible, actions))
      .map((one) => [one, boundOf(one, role, standing)] as const);
  const boundsOf = (role: ReachableActions): ReadonlyMap<MarkedPath, EscalationBound> => {
    const made = known.get(role) ?? new Map(open(role));
    known.set(role, made);
    return made;
  };
  const best = (one: MarkedPath, roles: readonly ReachableActions[]): EscalationBound => {
    const bounds = roles.map((role) => boundsOf(role).get(one) ?? 'none');
    return bounds.includes('certain') ? 'certain' : bounds.includes('possible') ? 'possible' : 'none';
  };
  const opened = ({ before, after, place }: EscalationSides): readonly Escalation[] => {
    const found = marked().flatMap((one): readonly Escalation[] => {
      if (one.path.where === 'management' && place !== 'management') return [];
      const [was, is] = [best(one, before), best(one, after)];
      if (is === 'none' || is === was || was === 'certain') return [];
      return [{ path: one.path, bound: is }];
    });
    return byBound(shortest(found));
  };
  const passing: Escalations['passing'] = (role, only) =>
    [...boundsOf(role)].flatMap(([{ path }, bound]) => {
      const isWanted = only === undefined ? bound !== 'none' : bound === only;
      return isWanted && passesRole(path) ? [path] : [];
    });
  return { opened, passing };
}

export const passesRole = ({ actions }: EscalationPath): boolean => actions.includes('iam:PassRole');

/** A path that is another one and more is not said besides it. */
const shortest = (all: readonly Escalation[]): readonly Escalation[] =>
  all.filter(
    ({ path, bound }) =>
      !all.some(
        (other) =>
          other.path.actions.length < path.actions.length &&
          (other.bound === 'certain' || bound === 'possible') &&
          (other.path.weight !== 'high' || path.weight === 'high') &&
          other.path.actions.every((action) => path.actions.includes(action)),
      ),
  );

const byBound = (all: readonly Escalation[]): readonly Escalation[] => [
  ...all.filter(({ bound }) => bound === 'certain'),
  ...all.filter(({ bound }) => bound === 'possible'),
];

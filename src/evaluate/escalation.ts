/** Which of the known escalation paths somebody comes to have. */

import { escalationPaths, type EscalationPath } from './escalation-paths.ts';
import { includesBits, indicesIn, type Bits } from './reach/bits.ts';
import type { Gate, Role } from './reach/reach.ts';
import type { Pinned } from './reach/requester.ts';
import type { Standing, StandingOf } from './reach/standing.ts';
import type { Universe } from './reach/universe.ts';

export type Escalation = {
  readonly path: EscalationPath;
  /** Certain: nothing in the set narrows any of the actions, and no guard rail stops one. */
  readonly bound: 'certain' | 'possible';
};

export type EscalationPlace = 'management' | 'elsewhere';
type Sides = { readonly before: readonly Role[]; readonly after: readonly Role[]; readonly place: EscalationPlace };
export type Escalations = {
  readonly opened: (sides: Sides) => readonly Escalation[];
  /** The paths that somebody may go by a role that they pass: which roles those are decides what the path gives. */
  readonly passing: (role: Role, only?: Escalation['bound']) => readonly EscalationPath[];
};
type Known = { readonly universe: Universe; readonly standing: StandingOf };

type Marked = { readonly path: EscalationPath; readonly actions: Bits; readonly each: readonly number[] };
type Bound = Escalation['bound'] | 'none';

const ownGates = ({ gates }: Role): readonly Gate[] =>
  gates.filter(({ place }) => place === 'identity' || place === 'boundary');

/** A role is passed to one of the path's services; other actions say nothing of that. */
const pinsOf = ({ passedTo = [] }: EscalationPath): readonly (Pinned | undefined)[] =>
  passedTo.length === 0 ? [undefined] : passedTo.map((value) => ({ key: 'iam:passedtoservice', value }));

const boundOf = ({ path, each }: Marked, role: Role, standing: StandingOf): Bound => {
  const stands = (gates: readonly Gate[], wanted: (one: Standing) => boolean): boolean =>
    pinsOf(path).some((pinned) => each.every((at) => wanted(standing(gates, at, pinned))));
  if (!stands(role.gates, (one) => one !== 'never')) return 'none';
  return stands(ownGates(role), (one) => one === 'free') ? 'certain' : 'possible';
};

const markedOnce = new WeakMap<Universe, readonly Marked[]>();

/** A universe without one of the actions has nothing to say about the path. */
const markedIn = (universe: Universe): readonly Marked[] =>
  escalationPaths.flatMap((path) => {
    const actions = universe.matching(path.actions);
    const each = indicesIn(actions);
    return path.byRoles === true || each.length < path.actions.length ? [] : [{ path, actions, each }];
  });

/** A path needs all its actions in one session, so role by role. One that was only possible and becomes certain is new. */
export function escalationsIn({ universe, standing }: Known): Escalations {
  let marks: readonly Marked[] | undefined;
  const marked = (): readonly Marked[] => {
    marks ??= markedOnce.get(universe) ?? markedIn(universe);
    markedOnce.set(universe, marks);
    return marks;
  };
  const known = new WeakMap<Role, ReadonlyMap<Marked, Bound>>();
  const open = (role: Role) =>
    marked()
      .filter(({ actions }) => includesBits(role.possible, actions))
      .map((one) => [one, boundOf(one, role, standing)] as const);
  const boundsOf = (role: Role): ReadonlyMap<Marked, Bound> => {
    const made = known.get(role) ?? new Map(open(role));
    known.set(role, made);
    return made;
  };
  const best = (one: Marked, roles: readonly Role[]): Bound => {
    const bounds = roles.map((role) => boundsOf(role).get(one) ?? 'none');
    return bounds.includes('certain') ? 'certain' : bounds.includes('possible') ? 'possible' : 'none';
  };
  const opened = ({ before, after, place }: Sides): readonly Escalation[] => {
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

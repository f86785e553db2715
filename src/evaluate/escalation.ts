/** Which of the known escalation paths somebody comes to have. */

import { escalationPaths, type EscalationPath } from './escalation-paths.ts';
import { includesBits, type Bits } from './reach/bits.ts';
import type { Role } from './reach/reach.ts';
import type { Universe } from './reach/universe.ts';

type Escalation = {
  readonly path: EscalationPath;
  /** Certain: the set gives each action on every resource, under no condition, and no guard rail stops it everywhere. */
  readonly bound: 'certain' | 'possible';
};

export type Escalations = (before: readonly Role[], after: readonly Role[]) => readonly Escalation[];

type Marked = { readonly path: EscalationPath; readonly actions: Bits };

/** A path needs all its actions in one session, so role by role. One that was only possible and becomes certain is new. */
export function escalationsIn(universe: Universe): Escalations {
  const marked = escalationPaths.map((path): Marked => ({ path, actions: universe.matching(path.actions) }));
  return (before, after) => {
    const open = (bound: Escalation['bound'], roles: readonly Role[]) =>
      marked.filter(
        ({ path, actions }) =>
          path.actions.length > 0 &&
          roles.some((role) => has(role.possible, actions) && (bound === 'possible' || has(role.own.certain, actions))),
      );
    const old = { certain: open('certain', before), possible: open('possible', before) };
    const next = { certain: open('certain', after), possible: open('possible', after) };
    return [
      ...next.certain
        .filter((each) => !old.certain.includes(each))
        .map(({ path }) => ({ path, bound: 'certain' as const })),
      ...next.possible
        .filter((each) => !old.possible.includes(each) && !next.certain.includes(each))
        .map(({ path }) => ({ path, bound: 'possible' as const })),
    ];
  };
}

/** A universe without the path's actions has nothing to say about it. */
function has(reached: Bits, actions: Bits): boolean {
  return actions.some((word) => word !== 0) && includesBits(reached, actions);
}

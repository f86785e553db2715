/** The states that guards are asked about: what there is, and the end of each phase. */
import { createWorld } from '../../evaluate/policies-of.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import { phases, subjectOf } from '../../model/plan.ts';
import type { Change } from '../../model/plan.ts';
import type { Key, Resource, State } from '../../model/resource.ts';
import { isGrant } from '../../model/resource.ts';
import type { AccountSample } from '../situation/account-classes.ts';
import type { Situation } from '../situation/situation.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { project } from '../situation/project.ts';

/** A state that the plan leaves behind: when, in words, and the changes that led to it from the one before. */
export type PhaseEnd = {
  readonly when: string;
  readonly state: State;
  readonly world: AccessWorld;
  readonly changes: readonly Change[];
};

export type Evaluated = {
  readonly situation: Situation;
  readonly today: string;
  readonly ends: readonly PhaseEnd[];
  /** Accounts of which the guards are told the same at every end. */
  readonly sample: AccountSample;
};

type IsAskedOf = (resource: Resource) => boolean;

/** Who has a set, and who is in a group, is asked of break-glass alone; and that is nearly all there is. */
const askedIn = ({ desired: { settings } }: Situation): IsAskedOf => {
  const group = settings.breakGlass?.group;
  return (one) => {
    if (isGrant(one)) return one.principal.name === group;
    return one.kind !== 'membership' && one.kind !== 'user';
  };
};

const asked = (state: State, isAsked: IsAskedOf): State => {
  const some: Record<Key, Resource> = {};
  for (const [key, resource] of Object.entries(state)) if (isAsked(resource)) some[key] = resource;
  return some;
};

type PhaseCourse = { readonly situation: Situation; readonly catalogue: Catalogue };

/** What there is, then the end of each phase that has changes; the last one is the end of the plan. */
export const phaseEnds = ({ situation, catalogue }: PhaseCourse, changes: readonly Change[]): readonly PhaseEnd[] => {
  const { desired } = situation;
  const { organization, region } = desired.settings;
  const { origins, managementAccount } = desired;
  const worldOf = (state: State): AccessWorld =>
    createWorld({ state, catalogue, origins, region, organization, managementAccount });
  const isAsked = askedIn(situation);
  const first = asked(situation.current, isAsked);
  let state = first;
  const ends = phases.flatMap((phase): readonly PhaseEnd[] => {
    const made = changes.filter((change) => change.phase === phase);
    if (made.length === 0) return [];
    state = project(
      state,
      made.filter((change) => isAsked(subjectOf(change))),
    );
    return [{ when: `after the phase ${phase}`, state, world: worldOf(state), changes: made }];
  });
  return [{ when: 'as things are', state: first, world: worldOf(first), changes: [] }, ...ends];
};

/** The part of a refused plan that is carried out all the same: what only ends. */
import { heldChange } from '../../model/held-text.ts';
import type { HeldReason } from '../../model/held.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { isAbsoluteGuard } from '../../model/guard.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { endedChanges } from '../situation/ended.ts';
import { guardSampleOf } from '../guards/account-sample.ts';
import { evaluatedGuards } from '../guards/evaluated.ts';
import { phaseEnds } from '../guards/phase-ends.ts';
import type { Guard } from '../guards/guard.ts';
import { guards } from '../guards/guards.ts';
import { project } from '../situation/project.ts';
import type { Situation } from '../situation/situation.ts';

export type EndingGround = { readonly situation: Situation; readonly catalogue: Catalogue };

type EndingContext = { readonly situation: Situation; readonly catalogue: Catalogue; readonly today: string };

const refusedBy = <Of>(all: readonly Guard<Of>[], guarded: Of): readonly string[] =>
  all
    .filter(({ id }) => isAbsoluteGuard(id))
    .flatMap((guard) => guard.refusals(guarded).map(({ key, message }) => `${guard.id} ${key ?? message}`));

const refusals = (ground: EndingContext, changes: readonly Change[]): readonly string[] => {
  const { situation, today } = ground;
  const result = project(situation.current, changes);
  const ends = phaseEnds(ground, changes);
  return [
    ...refusedBy(guards, { situation, changes, result, gaps: [], today }),
    ...refusedBy(evaluatedGuards, { situation, today, ends, sample: guardSampleOf({ ...ground, changes }) }),
  ];
};

/** What was wrong before is no reason to keep what has ended. */
const standsAgainst = (ground: EndingContext): ((changes: readonly Change[]) => boolean) => {
  const before = new Set(refusals(ground, []));
  return (changes) => refusals(ground, changes).some((one) => !before.has(one));
};

/** All of them, or one after the other as far as each may go with those before. */
const permitted = (ground: EndingContext, ended: readonly Change[]): readonly Change[] => {
  const isRefused = standsAgainst(ground);
  if (ended.length === 0 || !isRefused(ended)) return ended;
  return ended.reduce<readonly Change[]>(
    (kept, change) => (isRefused([...kept, change]) ? kept : [...kept, change]),
    [],
  );
};

const reasonFor = ({ ended }: Change): HeldReason => ({ is: ended === undefined ? 'refused-plan' : 'way-in' });

/** Of a plan that is refused: what only ends. Guards that no exception lifts are asked of that part alone. */
export const endingPart = (planned: Plan, { situation, catalogue }: EndingGround): Plan => {
  const ground = { situation, catalogue, today: planned.generatedAt.slice(0, 10) };
  const changes = permitted(ground, endedChanges(planned));
  const going = new Set(changes.map(({ id }) => id));
  const left = planned.changes.filter(({ id }) => !going.has(id));
  const held = left.map((change) => heldChange(change, reasonFor(change)));
  return { ...planned, changes, held: [...planned.held, ...held] };
};

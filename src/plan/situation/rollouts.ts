/** How far each guard rail has come that comes in stages, a sentence each until its last stage binds. */
import { controlPolicyTypes } from '../../kinds/control-policies.ts';
import type { Desired, Rollout, RolloutStage } from '../../model/desired.ts';
import type { Note } from '../../model/plan.ts';
import { nextStage, stagesBegun } from '../../model/rollout.ts';

const daysText = (days: number): string => (days === 1 ? '1 day' : `${days} days`);

const begunText = (begun: readonly RolloutStage[]): string =>
  begun.length === 0
    ? 'bound nowhere yet'
    : `bound to ${begun.map(({ ou, from }) => `${ou} since ${from ?? ''}`).join(', ')}`;

/** The first day that a stage may have without one is no day on which it comes: somebody merges it. */
const nextText = (rollout: Rollout, today: string): string => {
  const next = nextStage(rollout, today);
  if (next === undefined) return '';
  const { stage, day } = next;
  if (stage.after === undefined) return `; next ${stage.ou} on ${day}`;
  const due = day > today ? `due on ${day}` : `due since ${day}`;
  return `; next ${stage.ou}, ${due} (after ${daysText(stage.after)})`;
};

const restText = ({ stages }: Rollout, next: RolloutStage | undefined): string =>
  stages
    .slice(next === undefined ? stages.length : stages.indexOf(next) + 1)
    .map(({ ou, from, after = 0 }) => `, then ${ou} ${from === undefined ? `${daysText(after)} later` : `on ${from}`}`)
    .join('');

const noteOf = (rollout: Rollout, today: string): readonly Note[] => {
  const { policy, stages, place } = rollout;
  const begun = stagesBegun(rollout, today);
  if (begun.length === stages.length) return [];
  const next = nextStage(rollout, today)?.stage;
  const told = `${begunText(begun)}${nextText(rollout, today)}${restText(rollout, next)}`;
  return [{ message: `${controlPolicyTypes[policy.kind].word} ${policy.name}: ${told}`, origin: place }];
};

export const rolloutNotes = ({ rollouts }: Desired, today: string): readonly Note[] =>
  rollouts.flatMap((rollout) => noteOf(rollout, today));

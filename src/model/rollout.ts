/** Guard rails that come in stages: which binds since when, and which is next. By the files and the day alone. */
import { daysAfter } from './days.ts';
import type { Rollout, RolloutStage } from './desired.ts';

/** `day`: from when it binds; of a stage without a day, the first on which a pull request may give it one. */
export type NextStage = { readonly stage: RolloutStage; readonly day: string };

export const stagesBegun = ({ stages }: Rollout, today: string): readonly RolloutStage[] =>
  stages.filter(({ from }) => from !== undefined && from <= today);

/** The stage to which a pull request gives its day next. A stage without a day has one before it that has one. */
export const undatedStage = ({ stages }: Rollout): NextStage | undefined => {
  const index = stages.findIndex(({ from }) => from === undefined);
  const [before, stage] = [stages[index - 1], stages[index]];
  if (before?.from === undefined || stage?.after === undefined) return undefined;
  return { stage, day: daysAfter(before.from, stage.after) };
};

export const nextStage = (rollout: Rollout, today: string): NextStage | undefined => {
  const dated = rollout.stages.find(({ from }) => from !== undefined && from > today);
  if (dated?.from !== undefined) return { stage: dated, day: dated.from };
  return undatedStage(rollout);
};

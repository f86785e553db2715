/** `rollout` of scps/bindings.yaml: guard rails that come to one OU after the other. */
import type { Rollout, RolloutStage } from '../../model/desired.ts';
import type { ControlKind } from '../../model/resource.ts';
import { pathToRoot } from '../../model/resource.ts';
import type { Typed } from '../check-form.ts';
import { checkDate, settle } from '../dates.ts';
import type { SettledPieces } from '../dates.ts';
import { findOu, reportUnknownOu } from '../organization.ts';
import { quoted } from '../text.ts';
import { inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';
import type { FileSchemas } from '../schema/schema.ts';

/** The kind of a policy that may be bound by its name. */
export type BoundKind = (spot: FileSpot, name: string) => ControlKind | undefined;

type StageEntry = NonNullable<FileSchemas['bindings']['rollout']>[string][number];
type ReadStage = { readonly spot: FileSpot; readonly path: string; readonly stage: RolloutStage };

const daysOf = (after: string): number => Number(after.slice(0, -1));

/** Exactly one of `from` and `after`. */
const hasItsDay = (spot: FileSpot, { from, after }: StageEntry, { report }: ReadingContext): boolean => {
  if (from !== undefined && after !== undefined) {
    const at = spot.file.keyAt([...spot.path, 'after']);
    report({ at, rule: 'conflicting-keys', message: 'from and after exclude each other' });
    return false;
  }
  if (from === undefined && after === undefined)
    report({ at: placeOf(spot), rule: 'missing-key', message: 'neither from nor after says when it comes here' });
  return (after !== undefined || from !== undefined) && checkDate(inside(spot, 'from'), from, report);
};

const readStage = (spot: FileSpot, entry: StageEntry, world: ReadingContext): readonly ReadStage[] => {
  const { organization, report } = world;
  const isDated = hasItsDay(spot, entry, world);
  if (organization === undefined) return [];
  const path = findOu(entry.ou, organization);
  if (path === undefined) reportUnknownOu(inside(spot, 'ou'), entry.ou, { organization, report });
  if (path === undefined || !isDated) return [];
  const stage: RolloutStage = {
    target: path === '' ? { type: 'root' } : { type: 'ou', path },
    ou: entry.ou,
    place: placeOf(spot),
    ...(entry.from === undefined ? {} : { from: entry.from }),
    ...(entry.after === undefined ? {} : { after: daysOf(entry.after) }),
  };
  return [{ spot, path, stage }];
};

type StageMistake = { readonly key: 'ou' | 'from' | 'after'; readonly message: string };

const dayMistake = ({ stage }: ReadStage, before: RolloutStage | undefined): readonly StageMistake[] => {
  const { from } = stage;
  if (before === undefined)
    return from === undefined
      ? [{ key: 'after', message: 'the first stage needs from: no stage comes before it' }]
      : [];
  if (from === undefined) return [];
  if (before.from === undefined)
    return [{ key: 'from', message: `begins on ${from}, but the stage before has no day yet` }];
  return from < before.from
    ? [{ key: 'from', message: `begins on ${from}, before the stage before it, on ${before.from}` }]
    : [];
};

const placeMistake = ({ path, stage }: ReadStage, before: readonly ReadStage[]): readonly StageMistake[] => {
  const reached = before.find((one) => pathToRoot(path).includes(one.path));
  if (reached === undefined) return [];
  const message = `${quoted(stage.ou)} is reached by the stage on line ${reached.stage.place.line} already`;
  return [{ key: 'ou', message }];
};

const checkOrder = (stages: readonly ReadStage[], { report }: ReadingContext): void => {
  for (const [index, one] of stages.entries()) {
    const before = stages.slice(0, index);
    for (const { key, message } of [...dayMistake(one, before.at(-1)?.stage), ...placeMistake(one, before)])
      report({ at: placeOf(inside(one.spot, key)), rule: 'rollout-order', message });
  }
};

export const readRollouts = (
  { file, value }: Typed<'bindings'>,
  kindOf: BoundKind,
  world: ReadingContext,
): readonly Rollout[] =>
  Object.entries(value.rollout ?? {}).flatMap(([name, entries]): readonly Rollout[] => {
    const spot: FileSpot = { file, path: ['rollout', name] };
    const place = file.keyAt(spot.path);
    const kind = kindOf(spot, name);
    const stages = entries.flatMap((entry, index) => readStage(inside(spot, index), entry, world));
    if (stages.length === entries.length) checkOrder(stages, world);
    if (kind === undefined) return [];
    return [{ policy: { kind, name }, stages: stages.map(({ stage }) => stage), place }];
  });

/** A stage that has no day yet gives nothing on any day. */
export const settledStages = (rollouts: readonly Rollout[], today: string): SettledPieces => {
  const dated = rollouts.flatMap(({ policy, stages }, entry) =>
    stages.flatMap(({ target, from, place }) =>
      from === undefined ? [] : [{ resource: { kind: 'attachment' as const, policy, target }, at: place, from, entry }],
    ),
  );
  return settle([dated], today);
};

/**
 * Asked again of each change that is about to be made: whether the reviews behind it are what its effect demands on AWS as it is
 * now, where hand-made access, foreign guard rails and what is held today count as well.
 */
import { heldText } from '../model/held-text.ts';
import type { Live } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import { remembered } from '../model/lists.ts';
import type { Requirement, BallotResult } from './ballot.ts';
import type { Change, Plan } from '../model/plan.ts';
import type { Key } from '../model/resource.ts';
import { planBetweenOn, ratedAlone } from './between.ts';
import { mattersOf } from './matters.ts';
import { requirementsOf } from './requirements.ts';

/** A pull request that stands behind a change. */
export type Backer = {
  readonly name: string;
  readonly base: Desired;
  readonly end: Desired;
  readonly paths: readonly string[];
  /** Whether its reviews meet what is asked. */
  readonly verdict: (needed: readonly Requirement[]) => Promise<Pick<BallotResult, 'ok' | 'missing'>>;
};

export type AskAgainInput = {
  readonly plan: Plan;
  readonly desired: Desired;
  readonly live: Live;
  readonly now: string;
};

type Backers = ReadonlyMap<Key, readonly Backer[]>;

/** What the changes of one key demand, by every tree that has a say. */
const neededOf = (
  { desired, live }: AskAgainInput,
  changes: readonly Change[],
  backers: readonly Backer[],
): readonly Requirement[] => {
  const judges = [...new Set([...backers.flatMap(({ base, end }) => [base, end]), desired])];
  const scenery = { trees: judges, live };
  const paths = backers.flatMap((one) => one.paths);
  return requirementsOf({ matters: mattersOf(scenery)({ changes, access: [] }), paths, scenery }, judges);
};

/** Each of the demands is met by one of the pull requests; else what the newest of them lacks. */
const unmetTogether = async (
  needed: readonly Requirement[],
  backers: readonly Backer[],
): Promise<string | undefined> => {
  for (const one of needed) {
    const verdicts = await Promise.all(backers.map(({ verdict }) => verdict([one])));
    if (!verdicts.some(({ ok }) => ok)) return verdicts[0]?.missing.join('; ') ?? one.why;
  }
  return undefined;
};

type OwnPart = (backer: Backer) => Plan | undefined;

/** Of several, each must have been approved for its own part of the way. */
const unmetAlone = async (key: Key, ground: AskAgainInput, own: { backers: readonly Backer[]; partOf: OwnPart }) => {
  for (const backer of own.backers.length > 1 ? own.backers : []) {
    const changes = own.partOf(backer)?.changes.filter((change) => change.key === key) ?? [];
    const scenery = { trees: [backer.base, backer.end], live: ground.live };
    const matters = mattersOf(scenery)({ changes, access: [] });
    const needed = requirementsOf({ matters, paths: backer.paths, scenery }, scenery.trees);
    const { ok, missing } = await backer.verdict(needed);
    if (!ok) return `${backer.name}: ${missing.join('; ')}`;
  }
  return undefined;
};

/** Of the changes that are about to be made, by key: the approval that is missing. */
const unmetAmong = async (
  ground: AskAgainInput,
  going: readonly Change[],
  behind: Backers,
): Promise<ReadonlyMap<Key, string>> => {
  const keys = [...new Set(going.map(({ key }) => key))].filter((key) => behind.has(key));
  if (keys.length === 0) return new Map();
  const bases = [...new Set([...behind.values()].flat().map(({ base }) => base))];
  const rated = ratedAlone(ground, going, bases);
  const { live, now } = ground;
  const partOf = remembered(({ base, end }: Backer) => planBetweenOn({ from: base, to: end, live, now }));
  const unmet = new Map<Key, string>();
  for (const key of keys) {
    const backers = behind.get(key) ?? [];
    const changes = rated.filter((change) => change.key === key);
    const missing =
      (await unmetTogether(neededOf(ground, changes, backers), backers)) ??
      (await unmetAlone(key, ground, { backers, partOf }));
    if (missing !== undefined) unmet.set(key, `its effect on AWS as it is demands more: ${missing}`);
  }
  return unmet;
};

/** What is hung up for a move only goes up when the move is made. */
const standInsOf = (changes: readonly Change[], keys: ReadonlySet<Key>): readonly Key[] => {
  const needed = new Set(changes.filter(({ key }) => keys.has(key)).flatMap(({ dependsOn }) => dependsOn));
  return changes.filter(({ temporary, id }) => temporary === true && needed.has(id)).map(({ key }) => key);
};

/** Keys with what they wait for: holding one may make another more dangerous, so that it is asked until nothing more is held. */
export const heldByEffect = async (
  ground: AskAgainInput,
  behind: Backers,
  goingWithout: (held: ReadonlyMap<Key, string>) => readonly Change[],
): Promise<ReadonlyMap<Key, string>> => {
  const held = new Map<Key, string>();
  for (;;) {
    const unmet = await unmetAmong(ground, goingWithout(held), behind);
    if (unmet.size === 0) return held;
    for (const [key, reason] of unmet) held.set(key, reason);
    for (const key of standInsOf(ground.plan.changes, new Set(unmet.keys())))
      held.set(key, heldText({ is: 'no-move' }));
  }
};

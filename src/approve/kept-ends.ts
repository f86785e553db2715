/**
 * Approved ends that main does not have any more, though nobody with that right agreed to drop them: they still hold.
 * No change of AWS shows them, as AWS has what the files ask for; so main is read back, commit by commit, for how long
 * each gives what.
 */
import { endText, isGiven, outlivedEnd, overSince } from '../desired/terms.ts';
import type { Term } from '../desired/terms.ts';
import type { Live } from '../model/cloud.ts';
import type { Desired, Risk } from '../model/desired.ts';
import { grouped, once } from '../model/lists.ts';
import type { HeldChange, Plan } from '../model/plan.ts';
import type { Key, Resource, State } from '../model/resource.ts';
import { isLastingWayIn } from '../plan/situation/ended.ts';
import { situationOf } from '../plan/situation/situation.ts';
import { planBetween, planBetweenOn } from './between.ts';
import { agreedTo } from './agreed-terms.ts';
import type { Agreed, SpanJudge, TermWord } from './agreed-terms.ts';
import type { TreeAt } from './files-changed.ts';
import { underPresentNames } from './labels.ts';
import { mattersOf } from './matters.ts';
import { requirementsOf } from './requirements.ts';
import { reviewVerdict } from './reviews.ts';
import { spanFinder } from './spans.ts';
import type { MainBranch, MainSpan } from './spans.ts';
import { identityIn, termsOf } from './terms.ts';
import type { TermEntry, IdentityOf, TermChange, Terms } from './terms.ts';
import { isAtLeast, highestRisk } from '../model/risk.ts';
import { dayOf } from '../model/days.ts';

/** A tree each. Ends that were moved longer ago are taken as approved, which is said. */
export const MOST_TREES = 300;

/** Five calls to GitHub each, of the thousand that a job has in an hour. What is beyond them is held, and nothing is taken away. */
const MOST_ASKED = 100;
const TOO_MANY = `pull requests moved more ends than the ${MOST_ASKED} newest, and this one was not asked about`;

type KeptEndsInput = {
  readonly main: MainBranch;
  readonly desired: Desired;
  readonly live: Live;
  /** First-parent commits, and those of them that touch the folders; newest first. */
  readonly shas: readonly string[];
  readonly touching: readonly string[];
  readonly treeAt: TreeAt;
};

const without = (state: State, keys: ReadonlySet<Key>): State =>
  Object.fromEntries(Object.entries(state).filter(([key]) => !keys.has(key)));

type GivingInput = {
  readonly trees: readonly Desired[];
  readonly plan: Plan | undefined;
  readonly key: Key;
  readonly live?: Live;
};

/** What the reviews of a pull request lack for one thing that a plan gives. */
const unmetFor = async (
  main: MainBranch,
  span: MainSpan,
  { trees, plan, key, live }: GivingInput,
): Promise<string | undefined> => {
  const changes = plan?.changes.filter((change) => change.key === key) ?? [];
  if (span.pull === undefined) return 'no merged pull request brought it';
  if (changes.length === 0) return 'nobody knows what it gives';
  const scenery = { trees, ...(live === undefined ? {} : { live }) };
  const matters = mattersOf(scenery)({ changes, access: [] });
  const paths = await main.git.changedPaths(span.base, span.end);
  const { ok, missing } = await reviewVerdict(
    main.github,
    span.pull,
    requirementsOf({ matters, paths, scenery }, trees),
  );
  return ok ? undefined : missing.join('; ');
};

const treesIn = async ({ main, desired }: KeptEndsInput, { base, end }: MainSpan): Promise<readonly Desired[]> => {
  const found = await Promise.all([main.treeAt(base), main.treeAt(end)]);
  return found.flatMap((tree) => (tree === undefined ? [] : [underPresentNames(tree.desired, desired)]));
};

/** By what the trees say: as if its last tree gave it anew. */
const unmetInFiles = async (
  ground: KeptEndsInput,
  span: MainSpan,
  { key, identity }: { readonly key: Key; readonly identity: IdentityOf },
): Promise<string | undefined> => {
  const trees = await treesIn(ground, span);
  const to = trees.at(-1);
  const own = Object.keys(to?.state ?? {}).find((one) => identity(one) === identity(key));
  const plan =
    to === undefined || own === undefined
      ? undefined
      : planBetween({ ...to, state: without(to.state, new Set([own])) }, to, ground.main.now);
  const lacks = await unmetFor(ground.main, span, { trees, plan, key: own ?? key });
  return lacks === undefined ? undefined : `what is given demands more: ${lacks}`;
};

type Doubt = (span: MainSpan, key: Key) => Promise<string | undefined>;

/**
 * Where AWS makes more of it than the files do, by hand-made access say. That may have come long after the reviews, so that
 * it is told and nothing is taken away for it.
 */
const doubtsOn = (ground: KeptEndsInput, given: ReadonlyMap<Key, Resource>): Doubt => {
  const { main, desired, live } = ground;
  const plans = once(() => {
    const keys = new Set(given.keys());
    const from = { ...desired, state: without(desired.state, keys) };
    const to = { ...desired, state: { ...desired.state, ...Object.fromEntries(given) } };
    const bare = { ...live, state: without(live.state, keys) };
    return { inFiles: planBetween(from, to, main.now), onLive: planBetweenOn({ from, to, live: bare, now: main.now }) };
  });
  const riskIn = (plan: Plan | undefined, key: Key): Risk =>
    highestRisk((plan?.changes ?? []).flatMap((change) => (change.key === key ? [change.risk] : [])));
  return async (span, key) => {
    const { inFiles, onLive } = plans();
    if (isAtLeast(riskIn(inFiles, key), riskIn(onLive, key))) return undefined;
    const trees = await treesIn(ground, span);
    return unmetFor(main, span, { trees, plan: onLive, key, live });
  };
};

/** Asks about so many spans and no more. */
const judgeOf = (ground: KeptEndsInput, identity: IdentityOf): ((key: Key) => SpanJudge<MainSpan>) => {
  const asked = new Set<string>();
  const objection = async (span: MainSpan): Promise<string | undefined> => {
    asked.add(span.end);
    return asked.size > MOST_ASKED ? TOO_MANY : span.objection();
  };
  return (key) => ({ objection, unmet: (span) => unmetInFiles(ground, span, { key, identity }) });
};

/** What moved the term of one thing, newest first, each pull request as a whole. */
const wordsOn = async (
  { shas, touching }: KeptEndsInput,
  changes: readonly TermChange[],
  spanOf: (sha: string) => Promise<MainSpan>,
): Promise<readonly TermWord<MainSpan>[]> => {
  const ages = new Map(shas.map((sha, age) => [sha, age]));
  const ageOf = (sha: string): number => ages.get(sha) ?? Number.POSITIVE_INFINITY;
  const termAt = (sha: string): Term => {
    const age = ageOf(touching.find((one) => ageOf(one) >= ageOf(sha)) ?? '');
    return changes.find(({ commits: [newest = ''] }) => ageOf(newest) >= age)?.after ?? changes.at(-1)?.before ?? [];
  };
  const spans = new Map<string, MainSpan>();
  for (const commit of changes.flatMap(({ commits }) => commits)) {
    const span = await spanOf(commit);
    spans.set(span.end, span);
  }
  return [...spans.values()]
    .toSorted((a, b) => ageOf(a.end) - ageOf(b.end))
    .map((span) => ({ span, before: termAt(span.base), after: termAt(span.end) }));
};

type TermCase = { readonly id: string; readonly key: Key; readonly changes: readonly TermChange[] };

/** Only what the files give, or AWS has, can outlive an end. */
const keysById = ({ desired, live }: KeptEndsInput, identity: IdentityOf): ReadonlyMap<string, Key> => {
  const { current } = situationOf(desired, live);
  const keys = [...Object.keys(current), ...Object.keys(desired.state)];
  return new Map(keys.map((key) => [identity(key), key]));
};

const casesOf = (ground: KeptEndsInput, { changes }: Terms, identity: IdentityOf): readonly TermCase[] => {
  const keys = keysById(ground, identity);
  return [...changes].flatMap(([id, found]) => {
    const key = keys.get(id);
    return key === undefined ? [] : [{ id, key, changes: found }];
  });
};

/** Main gives it on a day on which an older word had let it end. */
const mayOutlive = (now: Term, { changes }: TermCase, today: string): boolean =>
  changes.some(({ before }) => outlivedEnd(before, now, today) !== undefined);

/** Main says nothing of it, and an older word let it end. */
const mayBeLost = (now: Term, { changes }: TermCase, today: string): boolean =>
  !isGiven(now, today) && changes.some(({ before }) => overSince(before, today) !== undefined);

export type KeptEnds = {
  /** Main, but for what was to end and has ended. */
  readonly desired: Desired;
  readonly held: readonly HeldChange[];
  /** Pull requests that moved an end without the approvals for it. */
  readonly spans: readonly MainSpan[];
  /** Whether it has ended by a word that counts, whatever newer ones say. */
  readonly isOver: (key: Key) => boolean;
  /** Whether main says nothing any more of it, which had ended: the record tells whether it was taken away then. */
  readonly isDropped: (key: Key) => boolean;
  /** Whether all of main was read. */
  readonly isWhole: boolean;
};

type AgreedCase = TermCase & { readonly agreed: Agreed<MainSpan>; readonly now: Term; readonly doubt?: string };

const reasonOf = (end: string, { objection }: Agreed<MainSpan>, today: string): string => {
  const what = end < today ? `it ended on ${end}` : `its end on ${end} stays`;
  if (objection === undefined) return `${what}: no pull request that counts moves it`;
  const { span, asked, why } = objection;
  return `${what}: ${span.name}, which says ${endText(asked)}, does not count: ${why}`;
};

const heldAmong = (found: readonly AgreedCase[], today: string): readonly HeldChange[] =>
  found.flatMap(({ key, agreed, now, doubt }) => {
    const end = outlivedEnd(agreed.term, now, today);
    if (end !== undefined) return [{ id: key, key, reason: reasonOf(end, agreed, today) }];
    const reason = `${agreed.by?.name ?? 'main'} moved its end, and its effect on AWS as it is demands more: ${doubt}`;
    return doubt === undefined ? [] : [{ id: key, key, reason }];
  });

/** What is given, or was to its last day. */
const entryOf = ({ desired }: KeptEndsInput, { key, changes }: TermCase): TermEntry | undefined => {
  const resource = desired.state[key];
  const place = desired.origins[key];
  const older = changes.find(({ entry }) => entry !== undefined)?.entry;
  if (resource === undefined) return older;
  return { resource, place: place ?? older?.place ?? { file: 'access', line: 1 } };
};

/** What is given anew after a break is judged as a change of that day. */
const isOver = ({ agreed: { term, objection }, now }: AgreedCase, today: string): boolean =>
  objection?.why !== TOO_MANY &&
  overSince(term, today) !== undefined &&
  (!isGiven(now, today) || outlivedEnd(term, now, today) !== undefined);

/** Nobody comes in any more without it: it has no last day. */
const isWayInKept = (ground: KeptEndsInput, one: TermCase): boolean => {
  const resource = entryOf(ground, one)?.resource;
  return resource !== undefined && isLastingWayIn(resource, ground.desired.settings);
};

const withEnded = (ground: KeptEndsInput, found: readonly AgreedCase[], today: string): Desired => {
  const { desired } = ground;
  const over = found.flatMap((one) => {
    const until = overSince(one.agreed.term, today);
    const entry = entryOf(ground, one);
    return until === undefined || entry === undefined ? [] : [{ ...entry, key: one.key, until }];
  });
  const keys = new Set(over.map(({ key }) => key));
  return {
    ...desired,
    state: without(desired.state, keys),
    ending: desired.ending.filter(({ key }) => !keys.has(key)),
    ended: [
      ...desired.ended.filter(({ key }) => !keys.has(key)),
      ...over.map(({ key, until, place }) => ({ key, until, place })),
    ],
    dated: [...desired.dated.filter(({ key, from }) => !keys.has(key) || (from ?? '') > today), ...over],
  };
};

/** Each with what it moved: seen from today it may not change that. */
const movers = (found: readonly AgreedCase[]): readonly MainSpan[] => {
  const by = grouped(found, ({ agreed }) => agreed.objection?.span ?? agreed.by);
  return [...by].map(([span, moved]) => {
    const keys = new Set(moved.map(({ key }) => key));
    return { ...span, changes: (key) => keys.has(key) || span.changes(key) };
  });
};

const foundIn = async (
  ground: KeptEndsInput,
  terms: Terms,
  { cases, identity }: { readonly cases: readonly TermCase[]; readonly identity: IdentityOf },
): Promise<readonly AgreedCase[]> => {
  const today = dayOf(ground.main.now);
  const entries = cases.map((one) => [one.key, entryOf(ground, one)?.resource] as const);
  const given = new Map(
    entries.flatMap(([key, resource]) => (resource === undefined ? [] : [[key, resource] as const])),
  );
  const [judge, doubts] = [judgeOf(ground, identity), doubtsOn(ground, given)];
  const spanOf = spanFinder(ground.main, ground.shas);
  const found: AgreedCase[] = [];
  for (const one of cases) {
    const words = await wordsOn(ground, one.changes, spanOf);
    const first = one.changes.at(-1)?.before ?? [];
    const agreed = await agreedTo(judge(one.key), { words, first, today });
    const doubt = agreed.by === undefined ? undefined : await doubts(agreed.by, one.key);
    found.push({ ...one, agreed, now: terms.now(one.id), ...(doubt === undefined ? {} : { doubt }) });
  }
  return found;
};

export const keptEnds = async (ground: KeptEndsInput): Promise<KeptEnds> => {
  const { main, desired, live, touching, treeAt } = ground;
  const today = dayOf(main.now);
  const identity = identityIn(live.emails);
  const known = new Set(ground.shas);
  const line = touching.slice(0, MOST_TREES).filter((sha) => known.has(sha));
  const terms = await termsOf(desired, { line, treeAt, identity });
  const cases = casesOf(ground, terms, identity).filter((one) => {
    const now = terms.now(one.id);
    return mayOutlive(now, one, today) || mayBeLost(now, one, today);
  });
  const found = await foundIn(ground, terms, { cases, identity });
  const over = found.filter((one) => isOver(one, today) && !isWayInKept(ground, one));
  const dropped = new Set(over.filter(({ agreed }) => agreed.dropped !== undefined).map(({ key }) => key));
  const overKeys = new Set(over.map(({ key }) => key).filter((key) => !dropped.has(key)));
  const held = heldAmong(found, today);
  const keys = new Set(held.map(({ key }) => key));
  return {
    desired: over.length === 0 ? desired : withEnded(ground, over, today),
    held,
    spans: movers(found.filter(({ key }) => keys.has(key))),
    isOver: (key) => overKeys.has(key),
    isDropped: (key) => dropped.has(key),
    isWhole: line.length === touching.length,
  };
};

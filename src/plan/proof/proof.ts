/**
 * The plan's order, proved: whichever calls fail and wherever it is killed, nobody can do what neither the old nor the new
 * state gives. What would expose something is made to wait; what nothing can make safe is said.
 */
import { addBits, common, countBits, indicesIn, isEmptyBits, noBits, without } from '../../evaluate/reach/bits.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import { beyond } from '../../evaluate/reach/cover.ts';
import { boundsOfAny } from '../../evaluate/reach/delta.ts';
import type { Universe } from '../../evaluate/reach/universe.ts';
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import type { Change, Interruption } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import { isGrant } from '../../model/resource.ts';
import { estimateOf } from '../estimate.ts';
import { bitOf, isDone, needsOf, ordersOf } from './orders.ts';
import type { DoneBits, Needs, Orders } from './orders.ts';
import { chainPairsIn } from './chain-pairs.ts';
import { grantHoldersIn, pairsIn } from './pairs.ts';
import type { PrincipalPair } from './pairs.ts';
import { placesIn, planRailsIn } from './places.ts';
import type { PlanRails, ProofInput } from './places.ts';
import { resourcePairsIn } from './resource-pairs.ts';
import { rolePairsIn } from './role-pairs.ts';
import { versionsOf } from './versions.ts';
import { once, remembered, shortList } from '../../model/lists.ts';
import { proofSampleOf } from './account-sample.ts';
import { everyAccount } from '../situation/account-classes.ts';
import type { AccountSample } from '../situation/account-classes.ts';

export type Exposure = {
  readonly principal: string;
  readonly account: string;
  /** Of the changes that meet there. */
  readonly keys: readonly string[];
  readonly message: string;
};

export type Proof = {
  /** With what they have to wait for as well. */
  readonly changes: readonly Change[];
  readonly exposures: readonly Exposure[];
  readonly interruptions: readonly Interruption[];
  /** How many pairs of a principal and an account were looked at, and how many moments. */
  readonly pairs: number;
  readonly moments: number;
};

/** What waits for what besides, and what that comes to as long as nothing is added. */
type Added = { readonly edges: Map<string, Set<string>>; needs: Needs | undefined; count: number };
type RoleJudge = {
  readonly universe: Universe;
  readonly beyond: (role: ReachableActions, others: readonly ReachableActions[]) => Bits;
};

const judgeOver = (universe: Universe): RoleJudge => {
  const known = new Map<string, Bits>();
  return {
    universe,
    beyond: (role, others) => {
      const name = `${role.id}:${others.map(({ id }) => id).join()}`;
      const found = known.get(name) ?? beyond(role, others, universe.size);
      known.set(name, found);
      return found;
    },
  };
};

/** What the principal can do at that moment and at neither end. */
const exposedAt = ({ universe, beyond: more }: RoleJudge, pair: PrincipalPair, moment: DoneBits): Bits => {
  const bits = noBits(universe.size);
  for (const { role, within } of pair.held(moment)) if (!within.includes(role)) addBits(bits, more(role, within));
  return bits;
};

const exposing = (judge: RoleJudge, pair: PrincipalPair, { moments }: Orders): readonly DoneBits[] =>
  moments.filter((moment) => !isEmptyBits(exposedAt(judge, pair, moment)));

type Edge = { readonly from: number; readonly to: number };

/** Later changes that could wait for earlier ones which are not done yet, so that the moment never comes. */
const remediesFor = ({ changes }: PrincipalPair, moment: DoneBits): readonly Edge[] =>
  changes.flatMap((_, from) =>
    isDone(moment, from) ? changes.flatMap((__, to) => (to < from && !isDone(moment, to) ? [{ from, to }] : [])) : [],
  );

const prevents = ({ from, to }: Edge, moment: DoneBits): boolean => isDone(moment, from) && !isDone(moment, to);

/** Of the edges that prevent the first moment, the one that prevents most of the others and least of what is fine. */
const bestRemedy = (pair: PrincipalPair, bad: readonly DoneBits[], all: readonly DoneBits[]): Edge | undefined => {
  const scored = remediesFor(pair, bad[0] ?? 0n).map((edge) => {
    const cured = bad.filter((moment) => prevents(edge, moment)).length;
    const lost = all.filter((moment) => prevents(edge, moment)).length - cured;
    return { edge, cured, lost };
  });
  return scored.sort((a, b) => b.cured - a.cured || a.lost - b.lost)[0]?.edge;
};

const wait = (added: Added, change: Change | undefined, need: Change | undefined): void => {
  if (change === undefined || need === undefined) return;
  added.edges.set(change.id, (added.edges.get(change.id) ?? new Set()).add(need.id));
  added.needs = undefined;
  added.count += 1;
};

const inSeries = ({ changes }: PrincipalPair, added: Added): void => {
  changes.forEach((change, at) => {
    if (at > 0) wait(added, change, changes[at - 1]);
  });
};

type ProofContext = { readonly stage: ProofInput; readonly judge: RoleJudge; readonly added: Added };

const ordersFor = ({ stage, added }: ProofContext, pair: PrincipalPair): Orders => {
  added.needs ??= needsOf(stage.changes, added.edges);
  return ordersOf(pair.changes, added.needs, pair.changes.map(pair.place.direction));
};

/** Adds what has to wait until no moment exposes anything, or nothing more can wait. */
const settled = (
  scene: ProofContext,
  pair: PrincipalPair,
): { readonly orders: Orders; readonly bad: readonly DoneBits[] } => {
  let orders = ordersFor(scene, pair);
  // What people in several groups could do beyond both ends, one of their groups could, which is looked at by itself.
  if (pair.groups.length > 0) return { orders, bad: [] };
  if (orders.serial) inSeries(pair, scene.added);
  let bad = exposing(scene.judge, pair, orders);
  let hopeless: readonly DoneBits[] = [];
  while (bad.length > hopeless.length) {
    const open = bad.filter((moment) => !hopeless.includes(moment));
    const edge = bestRemedy(pair, open, orders.moments);
    if (edge === undefined) hopeless = [...hopeless, ...open.slice(0, 1)];
    else {
      wait(scene.added, pair.changes[edge.from], pair.changes[edge.to]);
      orders = ordersFor(scene, pair);
      bad = exposing(scene.judge, pair, orders);
    }
  }
  return { orders, bad };
};

const most = 3;

const actionsIn = ({ actions }: Universe, bits: Bits): readonly string[] =>
  indicesIn(bits).flatMap((at) => {
    const action = actions[at];
    return action === undefined ? [] : [`${action.service}:${action.name}`];
  });

const textOf = ({ action, key }: Change): string => `${action} ${key}`;

const momentText = ({ changes }: PrincipalPair, moment: DoneBits): string => {
  const done = changes.filter((_, at) => isDone(moment, at));
  const open = changes.filter((change) => !done.includes(change));
  return `after ${shortList(done.map(textOf).reverse(), most)} and before ${shortList(open.map(textOf), most)}`;
};

const exposureOf = (judge: RoleJudge, pair: PrincipalPair, moment: DoneBits): Exposure => {
  const actions = actionsIn(judge.universe, exposedAt(judge, pair, moment));
  const { principals, place, through = '' } = pair;
  const principal = shortList(principals, most);
  return {
    principal,
    account: place.account,
    keys: pair.changes.map(({ key }) => key),
    message: `${principal} could do ${shortList(actions, most)} in ${place.account}${through} ${momentText(pair, moment)}, which neither what is there nor what is asked for gives. Make these changes one after the other in two pull requests, or grant an exception { guard: exposure, key: ${place.account} }.`,
  };
};

/** What both ends give and the moment does not, whatever the conditions. */
const surelyMissingAt = ({ universe: { size } }: RoleJudge, pair: PrincipalPair, moment: DoneBits): Bits => {
  const [first, last, now] = [0n, bitOf(pair.changes.length) - 1n, moment].map((one) =>
    boundsOfAny(pair.roles(one), size),
  );
  const bits = noBits(size);
  if (first === undefined || last === undefined || now === undefined) return bits;
  addBits(bits, without(common(first.possible, last.possible), now.possible));
  addBits(bits, without(common(first.certain, last.certain), now.certain));
  return bits;
};

/** Sound: a request that both ends allow and the moment does not has its action in it. */
const missingAt = ({ universe: { size }, beyond: more }: RoleJudge, pair: PrincipalPair, moment: DoneBits): Bits => {
  const now = pair.roles(moment);
  const [first, last] = [0n, bitOf(pair.changes.length) - 1n].map((end) => {
    const bits = noBits(size);
    for (const role of pair.roles(end)) if (!now.includes(role)) addBits(bits, more(role, now));
    return bits;
  });
  return first === undefined || last === undefined ? noBits(size) : common(first, last);
};

/** From the change that takes to the one that gives back, by what AWS's limits make the changes between them cost. */
const secondsOf = ({ changes: all }: ProofInput, { changes }: PrincipalPair, moment: DoneBits): number => {
  const places = changes.map((change) => all.indexOf(change));
  const [from, to] = [
    Math.min(...places.filter((_, at) => isDone(moment, at))),
    Math.max(...places.filter((_, at) => !isDone(moment, at))),
  ];
  return Math.max(1, estimateOf(all.slice(Math.min(from, to), Math.max(from, to) + 1)).seconds);
};

type Missing = { readonly moment: DoneBits; readonly bits: Bits };

const worst = (found: readonly Missing[]): Missing | undefined =>
  [...found].filter(({ bits }) => !isEmptyBits(bits)).sort((a, b) => countBits(b.bits) - countBits(a.bits))[0];

const interruptionOf = (
  { stage, judge }: ProofContext,
  pair: PrincipalPair,
  { orderly }: Orders,
): string | undefined => {
  const perhaps = worst(orderly.map((moment) => ({ moment, bits: missingAt(judge, pair, moment) })));
  if (perhaps === undefined) return undefined;
  const surely = worst(orderly.map((moment) => ({ moment, bits: surelyMissingAt(judge, pair, moment) })));
  const { moment, bits } = surely ?? perhaps;
  const how = surely === undefined ? 'under some conditions without' : 'without';
  const actions = shortList(actionsIn(judge.universe, bits), most);
  return `${how} ${actions} for about ${secondsOf(stage, pair, moment)} s: ${momentText(pair, moment)}`;
};

const withWaiting = (change: Change, more: ReadonlySet<string> | undefined): Change =>
  more === undefined ? change : { ...change, dependsOn: [...new Set([...change.dependsOn, ...more])].sort() };

type FoundInterruption = Interruption & Pick<PrincipalPair, 'groups'>;

/** Whoever reads that a group loses something need not read it again of all who are in it. */
const ofPeople = (found: readonly FoundInterruption[]): readonly Interruption[] => {
  const ofGroups = new Set(found.map(({ principal, account }) => `${principal} ${account}`));
  return found
    .filter(({ groups, account }) => !groups.some((group) => ofGroups.has(`${group} ${account}`)))
    .map(({ principal, account, message }) => ({ principal, account, message }));
};

type JudgedPairs = {
  readonly pairs: readonly [PrincipalPair, ...PrincipalPair[]];
  readonly orders: Orders;
  readonly bad: readonly DoneBits[];
};

const interruptionsOf = (scene: ProofContext, { pairs, orders }: JudgedPairs): readonly FoundInterruption[] => {
  const message = interruptionOf(scene, pairs[0], orders);
  if (message === undefined) return [];
  return pairs.flatMap(({ principals, groups, place }) =>
    principals.map((principal) => ({ principal, groups, account: place.account, message })),
  );
};

const alike = (pairs: readonly PrincipalPair[]): readonly (readonly [PrincipalPair, ...PrincipalPair[]])[] => {
  const groups = new Map<string, [PrincipalPair, ...PrincipalPair[]]>();
  for (const pair of pairs) {
    const group = groups.get(pair.name);
    if (group === undefined) groups.set(pair.name, [pair]);
    else group.push(pair);
  }
  return [...groups.values()];
};

/** What leads somewhere in several steps has been where the last one was: a step waits for the one before it. */
const stepByStep = ({ changes }: ProofInput, added: Added): void => {
  const latest = new Map<string, Change>();
  for (const change of changes) {
    if (isGrant(subjectOf(change)) || change.kind === 'membership') continue;
    const before = latest.get(change.key);
    if (before !== undefined && !change.dependsOn.includes(before.id)) wait(added, change, before);
    latest.set(change.key, change);
  }
};

type ProofGround = {
  readonly stage: ProofInput;
  readonly rails: PlanRails;
  readonly judge: RoleJudge;
};

type FoundPairs = {
  /** Of people, in the accounts of the sample. */
  readonly people: readonly PrincipalPair[];
  readonly roles: readonly PrincipalPair[];
};

const pairsOf = ({ stage, rails }: ProofGround, sample: AccountSample): FoundPairs => {
  const versions = versionsOf(stage.current, stage.changes);
  const placeOf = placesIn(stage, rails, versions);
  const world = { stage, versions, placeOf, holders: once(() => grantHoldersIn(stage, everyAccount)) };
  const holders = sample === everyAccount ? world.holders() : grantHoldersIn(stage, sample);
  return {
    people: pairsIn(stage, placeOf, holders),
    roles: [...rolePairsIn(world), ...chainPairsIn(world), ...resourcePairsIn(world)],
  };
};

/** `bent`: somebody's order had to be mended, so that accounts which were alike are alike no longer. */
type SampledProof = Proof & { readonly bent: boolean };

const provedIn = (ground: ProofGround, sample: AccountSample): SampledProof => {
  const { stage, judge } = ground;
  const added: Added = { edges: new Map(), needs: undefined, count: 0 };
  const scene: ProofContext = { stage, judge, added };
  stepByStep(stage, added);
  const steps = added.count;
  const { people, roles } = pairsOf(ground, sample);
  const own = new Set(roles);
  const counted = remembered((account: string) => sample(account).reduce((sum, name) => sum + stage.countIn(name), 0));
  const weightOf = (pair: PrincipalPair): number => (own.has(pair) ? stage.countIn : counted)(pair.place.account);
  const pairs = [...people, ...roles];
  const results = alike(pairs).map((group): JudgedPairs => ({ pairs: group, ...settled(scene, group[0]) }));
  return {
    changes:
      added.count === 0
        ? stage.changes
        : stage.changes.map((change) => withWaiting(change, added.edges.get(change.id))),
    exposures: results.flatMap(({ pairs: [pair], bad }) =>
      bad.slice(0, 1).map((moment) => exposureOf(judge, pair, moment)),
    ),
    interruptions: ofPeople(results.flatMap((result) => interruptionsOf(scene, result))),
    pairs: pairs.reduce((sum, pair) => sum + pair.principals.length * weightOf(pair), 0),
    moments: results.reduce((sum, { orders, pairs: [pair] }) => sum + orders.moments.length * weightOf(pair), 0),
    bent: added.count > steps,
  };
};

/**
 * Class by class, as long as there is nothing to say of any account: what there is to say, is said of each by name.
 * `stage.context.reach` must know every document of both ends and of every step between.
 */
export const proofOf = (stage: ProofInput): Proof => {
  if (stage.changes.length === 0) return { changes: [], exposures: [], interruptions: [], pairs: 0, moments: 0 };
  const rails = planRailsIn(stage);
  const ground = { stage, rails, judge: judgeOver(stage.context.reach.universe) };
  const sample = proofSampleOf(stage);
  const { bent, ...proof } = provedIn(ground, sample);
  const isClean = !bent && proof.exposures.length + proof.interruptions.length === 0;
  if (isClean || sample === everyAccount) return proof;
  const { bent: _, ...whole } = provedIn(ground, everyAccount);
  return whole;
};

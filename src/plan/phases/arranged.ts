/** Drafts become changes in their order, without what is held: for itself, or because of what it depends on. */
import { heldChange } from '../../model/held-text.ts';
import type { HeldReason } from '../../model/held.ts';
import type { Change, HeldChange, Interruption } from '../../model/plan.ts';
import { consequences } from '../carry/next.ts';
import { otherLane } from '../guards/delegate.ts';
import { railInterruptions, revokedFirst } from '../interruptions/interruptions.ts';
import { roleInterruptions } from '../interruptions/role-interruptions.ts';
import { withEnded } from '../situation/ended.ts';
import { EVERYWHERE, reachesOf } from '../situation/reached-accounts.ts';
import type { Reaches } from '../situation/reached-accounts.ts';
import type { Situation } from '../situation/situation.ts';
import { edgesOf } from '../waits/dependencies.ts';
import { isOfSettings } from '../situation/settings.ts';
import type { WaitPair } from '../waits/circles.ts';
import type { Draft } from './draft.ts';
import { ordered } from './order.ts';
import type { PlanTrees } from './trees.ts';

/** Settings come and go in phases of which nobody's access feels anything; their accounts feel them. */
const isFelt = ({ before, after, phase }: Draft): boolean => {
  if (phase !== 'prepare' && phase !== 'remove') return true;
  const subject = after ?? before;
  const isEdit = before !== undefined && after !== undefined;
  return subject !== undefined && isOfSettings(subject) && (isEdit || subject.kind === 'attachment');
};

const reachOf = (reaches: Reaches, draft: Draft): { readonly reaches?: readonly string[] } => {
  if (!isFelt(draft)) return {};
  const { before, after } = draft;
  const lists = [before, after].flatMap((one) => (one === undefined ? [] : [reaches.of(one)]));
  const [only = [], ...others] = lists;
  if (others.length === 0) return only.length === 0 ? {} : { reaches: only };
  const all = new Set(lists.flat());
  if (all.size === 0) return {};
  return { reaches: all.has(EVERYWHERE) ? [EVERYWHERE] : [...all].sort() };
};

/** The worst, until the stage of access judges a change by what it does to people. */
const unjudged = 'critical';

type ChangeMaker = { readonly situation: Situation; readonly reaches: Reaches };

const changeOf = ({ situation, reaches }: ChangeMaker, draft: Draft, dependsOn: readonly string[]): Change => {
  const { id, kind, key, action, before, after, phase, temporary, adopts } = draft;
  const origin = situation.desired.origins[key];
  return {
    id,
    action,
    kind,
    key,
    phase,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(origin === undefined ? {} : { origin }),
    risk: adopts ? 'low' : unjudged,
    dependsOn,
    ...reachOf(reaches, draft),
    ...(temporary ? { temporary } : {}),
    ...(adopts ? { adopts } : {}),
  } as Change;
};

type HeldById = ReadonlyMap<string, HeldReason>;

/** A stand-in is not hung up for a move that is not made. */
const idleStandIns = (changes: readonly Change[], held: HeldById): HeldById => {
  const needed = changes.filter(({ kind, id }) => kind === 'account' && held.has(id));
  const idle = new Set(needed.flatMap(({ dependsOn }) => dependsOn));
  return new Map(
    changes
      .filter(({ id, temporary, action }) => temporary && action === 'create' && idle.has(id))
      .map(({ id }) => [id, { is: 'no-move' }]),
  );
};

const heldReasons = (changes: readonly Change[], drafts: readonly Draft[], lane: HeldById): HeldById => {
  const own = new Map<string, HeldReason>([
    ...lane,
    ...drafts.flatMap(({ id, held }) => (held === undefined ? [] : [[id, held] as const])),
  ]);
  const reasons = new Map<string, HeldReason>([...consequences(changes, ({ id }) => own.has(id)), ...own]);
  return new Map([...idleStandIns(changes, reasons), ...reasons]);
};

export type ArrangedChanges = {
  readonly changes: readonly Change[];
  /** HeldChange for another credential than this one. */
  readonly elsewhere: readonly Change[];
  readonly held: readonly HeldChange[];
  readonly interruptions: readonly Interruption[];
  /** By id, how many steps lie before the change: in a phase, the order before that of the keys. */
  readonly levelOf: (id: string) => number;
};

/** `today`: YYYY-MM-DD, UTC. */
type ArrangeInput = {
  readonly situation: Situation;
  readonly trees: PlanTrees;
  readonly drafts: readonly Draft[];
  readonly pairs: readonly WaitPair[];
  readonly today: string;
};

export const arranged = ({ situation, trees, drafts, pairs, today }: ArrangeInput): ArrangedChanges => {
  const { current, desired } = situation;
  const reaches = reachesOf([trees.current, trees.final]);
  const order = ordered(drafts, edgesOf({ drafts, pairs, trees, reaches, glass: desired.settings.breakGlass?.group }));
  const all = order.drafts.map((draft) => changeOf({ situation, reaches }, draft, order.dependsOn.get(draft.id) ?? []));
  const elsewhere = otherLane({ situation, changes: all, result: trees.final, today });
  const reasons = heldReasons(all, drafts, elsewhere);
  const held = all.flatMap((change) => {
    const reason = reasons.get(change.id);
    return reason === undefined ? [] : [heldChange(change, reason)];
  });
  const changes = withEnded(all, desired, today).filter(({ id }) => !reasons.has(id));
  const interruptions = [
    ...order.interrupted.map(revokedFirst),
    ...railInterruptions(current, changes, desired.managementAccount),
    ...roleInterruptions(changes),
  ];
  const { levelOf } = order;
  return { changes, elsewhere: all.filter(({ id }) => elsewhere.has(id)), held, interruptions, levelOf };
};

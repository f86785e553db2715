/** Which changes of the plan on main are approved, by design section 5: from git, from live, and from what GitHub answers. */
import type { MainSpan } from './spans.ts';
import type { RunApproval, History } from './runs.ts';
import { approvalOf, droppedEndOf, endOf, unapproved } from './runs.ts';
import type { Live } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import { remembered } from '../model/lists.ts';
import type { Change, Plan } from '../model/plan.ts';
import { beforeOf } from '../model/plan.ts';
import type { Key, State } from '../model/resource.ts';
import { changesByKey, objectionAgainst } from '../plan/carry/cover.ts';
import type { ByKey } from '../plan/carry/cover.ts';
import { plan, plannedState } from '../plan/plan.ts';
import { FIRST_ADOPTION, takesOver } from './takeovers.ts';
import { situationOf } from '../plan/situation/situation.ts';
import type { TreeAt } from './files-changed.ts';
import { underPresentNames } from './labels.ts';

export type Today = {
  readonly plan: Plan;
  readonly desired: Desired;
  readonly live: Live;
  readonly now: string;
  readonly treeAt: TreeAt;
  /** Whether it has ended by a word that counts, whatever newer ones say. */
  readonly isOver: (key: Key) => boolean;
  /** Whether main says nothing any more of it, which had ended. */
  readonly isDropped: (key: Key) => boolean;
};

/** The plan that leads from what a commit asks for to what main asks for, where AWS is otherwise as it is. */
type FromThere = { readonly changes: ByKey; readonly wanted: State; readonly there: State };

const fromThere = async ({ desired, live, now, treeAt }: Today, commit: string): Promise<FromThere | undefined> => {
  const tree = await treeAt(commit);
  if (tree === undefined) return undefined;
  const older = underPresentNames(tree.desired, desired);
  try {
    const there = plannedState(older, live, now);
    const approved = plan(desired, { ...live, state: there }, now);
    return { changes: changesByKey(approved), wanted: older.state, there };
  } catch {
    // An account that the older tree declares is not in the organization any more: nothing can be said from there.
    return undefined;
  }
};

/**
 * What the older tree does not ask for is not there, and the other way round: else AWS has something that was never ours,
 * and taking it over is an approval of its own.
 */
const agrees = ({ wanted, there }: FromThere, key: Key): boolean =>
  (wanted[key] === undefined) === (there[key] === undefined);

const reasonOf = (approval: RunApproval | undefined, foreign: string | undefined): string => {
  if (approval?.is === 'held') return approval.reason;
  return foreign ?? unapproved(approval !== undefined && 'run' in approval ? approval.run : []);
};

const covers = (from: FromThere, changes: readonly Change[]): boolean => {
  const [first] = changes;
  const approved = from.changes.get(first?.key ?? '') ?? [];
  return (
    first !== undefined &&
    changes.every((change) => objectionAgainst(change, { approved, live: beforeOf(first) }) === undefined)
  );
};

export type Approved = {
  /** To be used as an approved plan. */
  readonly changes: readonly Change[];
  /** Why the other keys are not approved. */
  readonly reasons: ReadonlyMap<Key, string>;
  /** The pull requests that stand behind each approved key. */
  readonly spans: ReadonlyMap<Key, readonly MainSpan[]>;
};

/** Main as far as it is known, and more of it while there is more. */
export type HistoryWalk = { readonly next: () => Promise<History<MainSpan> | undefined> };

type Approvals = ReadonlyMap<Key, RunApproval<MainSpan>>;
type Decide = (key: Key, history: History<MainSpan>) => Promise<RunApproval<MainSpan>>;

/** Walks back only as far as some key is undecided. */
const decided = async (keys: readonly Key[], walk: HistoryWalk, decide: Decide): Promise<Approvals> => {
  const approvals = new Map<Key, RunApproval<MainSpan>>();
  for (;;) {
    const open = keys.filter((key) => (approvals.get(key)?.is ?? 'open') === 'open');
    const history = open.length === 0 ? undefined : await walk.next();
    if (history === undefined) return approvals;
    for (const key of open) approvals.set(key, await decide(key, history));
  }
};

/** Hung up and taken down within one apply: covered by the plan that hangs it up, whichever key that plan is about. */
const temporaryIn = (plans: readonly FromThere[], key: Key): readonly Change[] =>
  plans.flatMap(({ changes }) => (changes.get(key) ?? []).filter(({ temporary }) => temporary === true)).slice(0, 2);

/** An entry of main whose end has passed, AWS having exactly that entry, goes without a word. */
const endedEntries = (groups: ByKey): ReadonlyMap<Key, readonly Change[]> =>
  new Map([...groups].filter(([, changes]) => changes.some(({ ended }) => ended !== undefined)));

const grantedIn = (approvals: Approvals, ended: ReadonlyMap<Key, unknown>) =>
  [...approvals].flatMap(([key, one]) => (one.is === 'approved' && !ended.has(key) ? [{ key, ...one }] : []));

export const approvedChanges = async (today: Today, walk: HistoryWalk): Promise<Approved> => {
  const groups = changesByKey(today.plan);
  const ended = endedEntries(groups);
  const from = remembered((commit: string) => fromThere(today, commit));
  const foreign = new Map<Key, string>();
  const ground = { plan: today.plan, desired: today.desired, current: situationOf(today.desired, today.live).current };
  const isAt = async (key: Key, commit: string): Promise<boolean> => {
    const there = await from(commit);
    if (there === undefined) return false;
    const changes = groups.get(key) ?? [];
    const taken = agrees(there, key) ? takesOver(ground, there.wanted, changes) : FIRST_ADOPTION;
    if (taken !== undefined) foreign.set(key, taken);
    return taken === undefined && covers(there, changes);
  };
  const endedBy = (key: Key, history: History<MainSpan>) =>
    today.isDropped(key) ? droppedEndOf(key, history) : endOf(key, history);
  const asked = [...groups.keys()].filter((key) => !ended.has(key) || !today.isOver(key));
  const approvals = await decided(asked, walk, (key, history) =>
    ended.has(key) ? endedBy(key, history) : approvalOf(key, history, (commit) => isAt(key, commit)),
  );
  // An end that no commit which was looked at brought is older than they are.
  const over = [...ended].filter(([key]) => approvals.get(key)?.is !== 'held');
  const granted = grantedIn(approvals, ended);
  const plans = (await Promise.all([...new Set(granted.map((one) => one.from))].map(from))).filter(
    (one) => one !== undefined,
  );
  const approved = new Map(over);
  for (const { key, from: commit } of granted) approved.set(key, (await from(commit))?.changes.get(key) ?? []);
  for (const key of groups.keys()) {
    const temporary = approved.has(key) ? [] : temporaryIn(plans, key);
    if (temporary.length > 0) approved.set(key, temporary);
  }
  const left = [...groups.keys()].filter((key) => !approved.has(key));
  return {
    changes: [...approved.values()].flat(),
    reasons: new Map(left.map((key) => [key, reasonOf(approvals.get(key), foreign.get(key))])),
    spans: new Map(granted.map(({ key, spans }) => [key, spans])),
  };
};

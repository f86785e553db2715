/** A folded plan as it was before it was folded; whoever reads plans knows no other form. */
import type { NamesOrList, FoldedChange, FoldedPlan, FoldedRow } from '../../model/folded-plan.ts';
import { isFoldedRow } from '../../model/folded-plan.ts';
import type { Change, Lane, Plan } from '../../model/plan.ts';
import { keyOf } from '../../model/resource.ts';
import type { Assignment } from '../../model/resource.ts';
import { changeId } from '../digest.ts';

type NamesIn = (names: NamesOrList) => readonly string[];

/** A list that is not there is empty: what was to be said of it shows in the fingerprint. */
const namesIn =
  (lists: FoldedPlan['accountLists']): NamesIn =>
  (names) =>
    'list' in names ? (lists[names.list] ?? []) : names;

type UnfoldedChange = { readonly change: Change; readonly credential?: Lane['credential'] };

const changeIn = (row: FoldedRow, account: string): UnfoldedChange => {
  const { assignment, accounts: _accounts, credential, action, kind, ...shared } = row;
  const { kind: own, principal, permissionSet } = assignment;
  const resource: Assignment = { kind: own, principal, permissionSet, account };
  const key = keyOf(resource);
  const side = action === 'create' ? { after: resource } : { before: resource };
  const id = changeId({ kind, key, action, ...side });
  const change = { id, action, kind, key, ...shared, ...side, reaches: [account] } as Change;
  return { change, ...(credential && { credential }) };
};

const byKey = ({ change: one }: UnfoldedChange, { change: other }: UnfoldedChange): number =>
  one.key < other.key ? -1 : 1;

const isOfRun = (one: FoldedChange | undefined, other: FoldedRow): boolean => {
  if (one === undefined || !isFoldedRow(one)) return false;
  const lineOf = ({ action, phase, assignment }: FoldedRow): string => JSON.stringify([action, phase, assignment]);
  return lineOf(one) === lineOf(other);
};

/** Rows of one line stand together, and their changes in the order of the keys. */
const unfoldedChanges = (changes: readonly FoldedChange[], names: NamesIn): readonly UnfoldedChange[] => {
  const runs: UnfoldedChange[][] = [];
  changes.forEach((change, at) => {
    const run = isFoldedRow(change) && isOfRun(changes[at - 1], change) ? (runs.at(-1) ?? []) : [];
    if (run !== runs.at(-1)) runs.push(run);
    if (isFoldedRow(change)) for (const account of names(change.accounts)) run.push(changeIn(change, account));
    else run.push({ change: withNames(change, names) });
  });
  return runs.flatMap((run) => run.sort(byKey));
};

const withNames = (change: Exclude<FoldedChange, FoldedRow>, names: NamesIn): Change =>
  ({ ...change, ...(change.reaches && { reaches: names(change.reaches) }) }) as Change;

const unfoldedLanes = (lanes: readonly Lane[], changes: readonly UnfoldedChange[]): readonly Lane[] =>
  lanes.map(({ credential, changes: ids }) => {
    const listed = new Set(ids);
    const own = changes.flatMap(({ change: { id }, credential: needed }) =>
      needed === credential || listed.has(id) ? [id] : [],
    );
    const known = new Set(own);
    return { credential, changes: [...own, ...ids.filter((id) => !known.has(id))] };
  });

export const isFolded = (plan: Plan | FoldedPlan): plan is FoldedPlan => 'accountLists' in plan;

export const unfolded = (plan: FoldedPlan): Plan => {
  const { foldedBeyond: _beyond, accountLists, effective, grants, ...rest } = plan;
  const names = namesIn(accountLists);
  const changes = unfoldedChanges(plan.changes, names);
  return {
    ...rest,
    changes: changes.map(({ change }) => change),
    access: plan.access.map((row) => ({ ...row, accounts: names(row.accounts) })),
    ...(effective && { effective: effective.map((row) => ({ ...row, accounts: names(row.accounts) })) }),
    ...(grants && { grants: grants.map((row) => ({ ...row, where: names(row.where) })) }),
    lanes: unfoldedLanes(plan.lanes, changes),
  };
};

/** A large plan with one row for what is alike but for its account, and each long list of accounts once. */
import { FOLDED_BEYOND } from '../model/folded-plan.ts';
import type { NamesOrList, FoldedChange, FoldedPlan, FoldedRow } from '../model/folded-plan.ts';
import { remembered, rememberedOf } from '../model/lists.ts';
import type { Change, Lane, Plan } from '../model/plan.ts';
import { keyOf } from '../model/resource.ts';
import type { Assignment } from '../model/resource.ts';

/** Fewer names than this are no longer than what would stand for them. */
const longList = 8;

type NameLists = { readonly lists: (readonly string[])[]; readonly of: (names: readonly string[]) => NamesOrList };

const nameLists = (): NameLists => {
  const lists: (readonly string[])[] = [];
  const placeOf = remembered((text: string) => lists.push(text.split('\n')) - 1);
  const isOneEach = (names: readonly string[]): boolean => !names.some((name) => name.includes('\n'));
  const of = rememberedOf((names: readonly string[]): NamesOrList => {
    if (names.length < longList || !isOneEach(names)) return names;
    return { list: placeOf(names.join('\n')) };
  });
  return { lists, of };
};

/** The change of an assignment that is nothing but that: whoever reads the row makes the same of it. */
const plainAssignment = (change: Change): Assignment | undefined => {
  if (change.kind !== 'assignment' || change.action === 'update') return undefined;
  const subject = change.action === 'create' ? change.after : change.before;
  const { reaches = [] } = change;
  if (subject.kind !== 'assignment' || reaches.length !== 1 || reaches[0] !== subject.account) return undefined;
  return Object.keys(subject).length === 4 && keyOf(subject) === change.key ? subject : undefined;
};

const isOfOneLine = (one: Assignment, other: Assignment): boolean =>
  one.permissionSet === other.permissionSet &&
  one.principal.name === other.principal.name &&
  one.principal.type === other.principal.type &&
  one.principal.orphan === other.principal.orphan;

/** Changes of assignments that follow one another in the order of their keys, of one line at one step. */
type LineRun = readonly [Change, ...Change[]];

const continues = (first: Change, last: Change, next: Change): boolean => {
  const [one, other] = [plainAssignment(first), plainAssignment(next)];
  if (one === undefined || other === undefined || !isOfOneLine(one, other)) return false;
  return first.action === next.action && first.phase === next.phase && last.key < next.key;
};

const runsOf = (changes: readonly Change[]): readonly LineRun[] => {
  const runs: [Change, ...Change[]][] = [];
  for (const change of changes) {
    const run = runs.at(-1);
    if (run !== undefined && continues(run[0], run.at(-1) ?? run[0], change)) run.push(change);
    else runs.push([change]);
  }
  return runs;
};

type CredentialOf = (change: Change) => Lane['credential'] | undefined;

const sameValues = (one: Change, other: Change): boolean =>
  one.risk === other.risk &&
  one.riskReasons === other.riskReasons &&
  one.origin === other.origin &&
  one.dependsOn === other.dependsOn &&
  one.ended === other.ended;

/** What is the same of all changes of a row. */
const sharedOf = (change: Change, credentialOf: CredentialOf): Omit<FoldedRow, 'accounts' | 'assignment'> => {
  const { id: _id, key: _key, reaches: _reaches, ...rest } = change;
  const { before: _before, after: _after, ...shared } = { before: undefined, after: undefined, ...rest };
  const credential = credentialOf(change);
  return { ...shared, ...(credential && { credential }) } as Omit<FoldedRow, 'accounts' | 'assignment'>;
};

const accountsIn = (changes: readonly Change[]): readonly string[] =>
  changes.flatMap((change) => plainAssignment(change)?.account ?? []);

const rowsOf = (run: LineRun, credentialOf: CredentialOf, lists: NameLists): readonly FoldedRow[] => {
  const groups = new Map<string, Change[]>();
  let [last, first] = [[] as Change[], undefined as Change | undefined];
  for (const change of run) {
    if (first === undefined || !sameValues(first, change) || credentialOf(first) !== credentialOf(change)) {
      const text = JSON.stringify(sharedOf(change, credentialOf));
      last = groups.get(text) ?? [];
      groups.set(text, last);
      first = change;
    }
    last.push(change);
  }
  const { account: _account, ...assignment } = plainAssignment(run[0]) as Assignment;
  return [...groups.values()].flatMap((alike) =>
    alike
      .slice(0, 1)
      .map((one) => ({ ...sharedOf(one, credentialOf), assignment, accounts: lists.of(accountsIn(alike)) })),
  );
};

const startOf = ({ key }: Change): string => key.slice(0, key.lastIndexOf('@'));

type FoldedChanges = { readonly changes: readonly FoldedChange[]; readonly inRows: ReadonlySet<string> };

const foldedChanges = (plan: Plan, credentialOf: CredentialOf, lists: NameLists): FoldedChanges => {
  const inRows = new Set<string>();
  const withList = (change: Change): FoldedChange =>
    change.reaches === undefined ? change : { ...change, reaches: lists.of(change.reaches) };
  const runs = runsOf(plan.changes);
  const changes = runs.flatMap((run, at): readonly FoldedChange[] => {
    const before = runs[at - 1];
    // The same line again, at another step: beside its first rows it would be taken for a part of them.
    const isAgain = before !== undefined && startOf(before[0]) === startOf(run[0]);
    if (run.length === 1 || isAgain) return run.map(withList);
    for (const { id } of run) inRows.add(id);
    return rowsOf(run, credentialOf, lists);
  });
  return { changes, inRows };
};

/** By id, whose credential the change needs; nothing of any where the lanes are not in the order of the changes. */
const credentialsIn = ({ lanes, changes }: Plan): CredentialOf => {
  const [only, ...others] = lanes;
  if (only !== undefined && others.length === 0 && changes.every(({ id }, at) => only.changes[at] === id))
    return () => only.credential;
  const known = new Map(lanes.flatMap(({ credential, changes: ids }) => ids.map((id) => [id, credential] as const)));
  const isInOrder = lanes.every(({ credential, changes: ids }) => {
    const own = changes.filter(({ id }) => known.get(id) === credential);
    return own.every(({ id }, at) => ids[at] === id);
  });
  return ({ id }) => (isInOrder ? known.get(id) : undefined);
};

/** Those of rows are said in the rows. */
const foldedLanes = ({ lanes, changes: [first] }: Plan, credentialOf: CredentialOf, inRows: ReadonlySet<string>) =>
  first === undefined || credentialOf(first) === undefined
    ? lanes
    : lanes.map((lane) => ({ ...lane, changes: lane.changes.filter((id) => !inRows.has(id)) }));

export const foldedPlan = (plan: Plan): FoldedPlan => {
  const { version, ...rest } = plan;
  const lists = nameLists();
  const credentialOf = credentialsIn(plan);
  const { changes, inRows } = foldedChanges(plan, credentialOf, lists);
  const access = plan.access.map((row) => ({ ...row, accounts: lists.of(row.accounts) }));
  const effective = plan.effective?.map((row) => ({ ...row, accounts: lists.of(row.accounts) }));
  const grants = plan.grants?.map((row) => ({ ...row, where: lists.of(row.where) }));
  return {
    version,
    foldedBeyond: FOLDED_BEYOND,
    accountLists: lists.lists,
    ...rest,
    changes,
    access,
    ...(effective && { effective }),
    ...(grants && { grants }),
    lanes: foldedLanes(plan, credentialOf, inRows),
  };
};

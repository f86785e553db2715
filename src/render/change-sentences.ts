/** The plan's sentences of some of its changes: what an apply did and did not, what a change comes to. Raw text. */
import type { Change, GrantRow, Plan } from '../model/plan.ts';
import type { Key } from '../model/resource.ts';
import { keyOf } from '../model/resource.ts';
import { grantLines, grantParts, grantSentence } from './grant-sentences.ts';
import { otherSentences, railSentences } from './plan-sentences.ts';
import type { SummaryVoice } from './summary.ts';

type ToldPlan = Pick<Plan, 'changes' | 'grants'>;

/** A row that tells of a membership has one key whatever accounts it reaches; of an assignment, one for each account. */
const keyIn = ({ who, type, what = '', isRole, through }: GrantRow, account: string): Key => {
  if (through !== undefined) return keyOf({ kind: 'membership', group: through, user: who });
  const principal = { type, name: who };
  return isRole
    ? keyOf({ kind: 'entitlement', principal, role: what, account })
    : keyOf({ kind: 'assignment', principal, permissionSet: what, account });
};

const rowsOf = (row: GrantRow, isWanted: (key: Key) => boolean): readonly GrantRow[] => {
  if (row.through !== undefined) return isWanted(keyIn(row, '')) ? [row] : [];
  const where = row.where.filter((account) => isWanted(keyIn(row, account)));
  return where.length === 0 ? [] : [{ ...row, where }];
};

const grantSentences = (rows: readonly GrantRow[], voice: SummaryVoice): readonly string[] =>
  grantLines(rows).map((line) => grantSentence(grantParts(line, voice)));

/** What the changes of these keys do, several that are alike in one sentence. */
export const sentencesOf = (plan: ToldPlan, keys: Iterable<Key>, voice: SummaryVoice = 'plan'): readonly string[] => {
  const wanted = new Set(keys);
  const changes = plan.changes.filter(({ key }) => wanted.has(key));
  const rows = (plan.grants ?? []).flatMap((row) => rowsOf(row, (key) => wanted.has(key)));
  return [...grantSentences(rows, voice), ...railSentences({ changes }, voice), ...otherSentences({ changes }, voice)];
};

/** By key, the row that tells of it alone: whoever joins a group does, whatever that gives. */
const ownRows = (grants: readonly GrantRow[]): ReadonlyMap<Key, GrantRow> =>
  new Map(
    grants.flatMap((row): readonly (readonly [Key, GrantRow])[] => {
      const { what: _what, isRole: _isRole, ...rest } = row;
      if (row.through !== undefined) return [[keyIn(row, ''), { ...rest, where: [] }]];
      return row.where.map((account) => [keyIn(row, account), { ...row, where: [account] }]);
    }),
  );

/** Of one change its sentence; nothing where the plan has none. */
export const sentenceByChange = (
  { grants = [] }: ToldPlan,
  voice: SummaryVoice,
): ((change: Change) => string | undefined) => {
  const rows = ownRows(grants);
  return (change) => {
    const row = rows.get(change.key);
    if (row !== undefined && change.action !== 'update') return grantSentences([row], voice)[0];
    const alone = { changes: [change] };
    const [first, ...more] = [...railSentences(alone, voice), ...otherSentences(alone, voice)];
    return more.length === 0 ? first : `${first ?? ''}; ${more.join('; ')}`;
  };
};

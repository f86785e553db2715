/** What one plan does and another does not, told as a plan, so that it is said in the same words. */
import type { AccessChange, EffectiveChange, GrantRow, Plan } from '../model/plan.ts';
import { explainedBy } from './decisions.ts';

/** Without the places, which move when lines are added above. */
const grantWords = ({ file: _file, line: _line, where: _where, ...said }: GrantRow): string => JSON.stringify(said);
const accessWords = ({ accounts: _accounts, ...said }: AccessChange): string => JSON.stringify(said);

const pairs = <T>(rows: readonly T[], words: (row: T) => string, accounts: (row: T) => readonly string[]) =>
  new Set(rows.flatMap((row) => ['', ...accounts(row)].map((account) => `${words(row)}\n${account}`)));

const grantsOnlyIn = (rows: readonly GrantRow[], others: readonly GrantRow[]): readonly GrantRow[] => {
  const there = pairs(others, grantWords, ({ where }) => where);
  return rows.flatMap((row) => {
    const where = row.where.filter((account) => !there.has(`${grantWords(row)}\n${account}`));
    const isElsewhere = row.where.length === 0 && there.has(`${grantWords(row)}\n`);
    return isElsewhere || (row.where.length > 0 && where.length === 0) ? [] : [{ ...row, where }];
  });
};

const accessOnlyIn = (rows: readonly AccessChange[], others: readonly AccessChange[]): readonly AccessChange[] => {
  const there = pairs(others, accessWords, ({ accounts }) => accounts);
  return rows.flatMap((row) => {
    const accounts = row.accounts.filter((account) => !there.has(`${accessWords(row)}\n${account}`));
    return accounts.length === 0 ? [] : [{ ...row, accounts }];
  });
};

const effectiveWords = ({ accounts: _accounts, ...said }: EffectiveChange): string => JSON.stringify(said);

const effectiveOnlyIn = (
  rows: readonly EffectiveChange[],
  others: readonly EffectiveChange[],
): Pick<Plan, 'effective'> => {
  const there = pairs(others, effectiveWords, ({ accounts }) => accounts);
  const effective = rows.flatMap((row) => {
    const accounts = row.accounts.filter((account) => !there.has(`${effectiveWords(row)}\n${account}`));
    return accounts.length === 0 ? [] : [{ ...row, accounts }];
  });
  return rows.length === 0 ? {} : { effective };
};

/** Access that the grants of its own plan explain is told by these alone. */
const unexplained = ({ access, grants = [] }: Plan): readonly AccessChange[] => {
  const isExplained = explainedBy(grants);
  return access.filter((row) => !isExplained(row));
};

export const onlyIn = (plan: Plan, other: Plan): Plan => {
  const ids = new Set(other.changes.map(({ id }) => id));
  return {
    ...plan,
    changes: plan.changes.filter(({ id }) => !ids.has(id)),
    grants: grantsOnlyIn(plan.grants ?? [], other.grants ?? []),
    ...effectiveOnlyIn(plan.effective ?? [], other.effective ?? []),
    access: accessOnlyIn(unexplained(plan), unexplained(other)),
  };
};

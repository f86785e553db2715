/** How many things of a kind one plan may delete before somebody says that it is meant. */
import { isControlKind } from '../../model/resource.ts';
import type { Desired } from '../../model/desired.ts';
import type { Change } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import type { Kind } from '../../model/resource.ts';
import { countedBy, eachOnce } from '../situation/account-classes.ts';
import type { CountAccounts } from '../situation/account-classes.ts';
import { isEndedIn } from '../situation/ended.ts';
import { isLifted } from './guard.ts';
import type { Guard, Guarded, GuardRefusal } from './guard.ts';

/** What a date has ended was approved with the date: it is no mistake that a budget could catch. */
export const undatedIn = (
  changes: readonly Change[],
  desired: Pick<Desired, 'dated'>,
  today: string,
): readonly Change[] => {
  const isEnded = isEndedIn(desired, today);
  return changes.filter((change) => !isEnded(change));
};

export const kindsDeleted = (changes: readonly Change[]): readonly Kind[] => [
  ...new Set(changes.filter(({ action, temporary }) => action === 'delete' && !temporary).map(({ kind }) => kind)),
];

export const deletions = (changes: readonly Change[], kind: Kind, countIn: CountAccounts = eachOnce): number =>
  changes
    .filter((change) => change.kind === kind && change.action === 'delete' && !change.temporary)
    .reduce((sum, change) => sum + countedBy(countIn, subjectOf(change)), 0);

/** A control policy whose kind is not named has the budget of SCPs. */
const budgetOf = (budgets: Readonly<Record<string, number>>, kind: Kind): number | undefined =>
  budgets[kind] ?? (isControlKind(kind) ? budgets['scp'] : undefined);

/** What a budget can be asked of: the plans of several runs, put together, too. */
type Deleting = Pick<Guarded, 'changes' | 'today' | 'countIn'> & {
  readonly situation: Pick<Guarded['situation'], 'desired'>;
};

const refusals: Guard<Deleting>['refusals'] = ({ situation: { desired }, changes, today, countIn }) => {
  const meant = undatedIn(changes, desired, today);
  return kindsDeleted(meant).flatMap((kind) => {
    const budget = budgetOf(desired.settings.budgets.delete, kind);
    const count = deletions(meant, kind, countIn);
    return budget === undefined || count <= budget
      ? []
      : [
          {
            message: `${count} deletions of kind ${kind} exceed the budget of ${budget}. If they are meant, add an exception { guard: delete-budget, kind: ${kind}, count: ${count} } to access/settings.yaml.`,
            kind,
            count,
          },
        ];
  });
};

export const deleteBudget: Guard<Deleting> = {
  id: 'delete-budget',
  fine: 'Deletions are within their budgets.',
  refusals,
};

/** Without those that an exception lets through. */
export const beyondBudgets = (deleting: Deleting): readonly GuardRefusal[] =>
  refusals(deleting).filter((refusal) => !isLifted(deleting, deleteBudget, refusal));

/** The budget of each kind on that day, as far as exceptions widen it. */
export const budgetsOn = ({ settings }: Desired, today: string): ((kind: Kind) => number) => {
  const { budgets, exceptions } = settings;
  const valid = exceptions.filter(
    (one) => one.guard === deleteBudget.id && one.until >= today && one.key === undefined,
  );
  return (kind) => {
    const counts = valid.filter((one) => one.kind === undefined || one.kind === kind);
    return Math.max(budgetOf(budgets.delete, kind) ?? Infinity, ...counts.map(({ count }) => count ?? Infinity));
  };
};

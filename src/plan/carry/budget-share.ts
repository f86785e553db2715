/** How much of the deletion budgets one run may use that is about some of the accounts and knows nothing of the others. */
import type { Desired } from '../../model/desired.ts';
import type { Plan } from '../../model/plan.ts';
import { beyondBudgets, budgetsOn, deletions, kindsDeleted, undatedIn } from '../guards/delete-budget.ts';

/** `approved`: what the run was told to carry out. `today`: YYYY-MM-DD, UTC. */
type BudgetRun = {
  readonly plan: Plan;
  readonly approved: Plan | undefined;
  readonly desired: Desired;
  readonly today: string;
};

/**
 * What a run about some accounts would delete beyond its share: as much of each budget as its accounts are of all, rounded
 * down, so that the shares of all runs together are never more than the budget. A plan about all accounts is counted as a
 * whole instead, once for all of them.
 */
export const beyondShare = ({ plan, approved, desired, today }: BudgetRun): readonly string[] => {
  if (approved !== undefined && approved.part === undefined)
    return beyondBudgets({ situation: { desired }, changes: approved.changes, today }).map(({ message }) => message);
  const accounts = Object.keys(desired.accounts).length;
  const share = (desired.part?.length ?? accounts) / Math.max(1, accounts);
  const budgets = budgetsOn(desired, today);
  const meant = undatedIn(plan.changes, desired, today);
  return kindsDeleted(meant).flatMap((kind) => {
    const [whole, count] = [budgets(kind), deletions(meant, kind)];
    const most = Math.floor(whole * share);
    if (whole === Infinity || count <= most) return [];
    return `${count} deletions of kind ${kind} exceed the share of these accounts, ${most}, in the budget of ${whole}. Put the plans of all accounts together with plan --merge, and give that to --approved.`;
  });
};

/**
 * The JSON of a large plan, folded: assignments that are alike but for their accounts are one row, and each list of accounts
 * stands once. Version 1 as well: unfolded it is the same plan.
 */
import type { Change, Lane, Plan } from './plan.ts';
import type { Assignment } from './resource.ts';

/** A plan with more changes than this is written folded. */
export const FOLDED_BEYOND = 10_000;

/** A list of `accountLists`, by its place; short lists stand where they belong. */
export type NamesOrList = readonly string[] | { readonly list: number };

type OfEach = 'id' | 'key' | 'before' | 'after' | 'reaches';

/** Changes of assignments in each of the accounts, which they reach; ids and keys are computed from the rest. */
export type FoldedRow = Omit<Change, OfEach | 'action'> & {
  readonly action: 'create' | 'delete';
  readonly assignment: Omit<Assignment, 'account'>;
  readonly accounts: NamesOrList;
  readonly credential?: Lane['credential'];
};

export type FoldedChange = (Omit<Change, 'reaches'> & { readonly reaches?: NamesOrList }) | FoldedRow;

type WithNames<T, K extends keyof T> = Omit<T, K> & Readonly<Record<K, NamesOrList>>;

export type FoldedPlan = Omit<Plan, 'changes' | 'access' | 'effective' | 'grants'> & {
  /** With how many changes a plan is not folded yet. */
  readonly foldedBeyond: number;
  readonly accountLists: readonly (readonly string[])[];
  readonly changes: readonly FoldedChange[];
  readonly access: readonly WithNames<Plan['access'][number], 'accounts'>[];
  readonly effective?: readonly WithNames<NonNullable<Plan['effective']>[number], 'accounts'>[];
  readonly grants?: readonly WithNames<NonNullable<Plan['grants']>[number], 'where'>[];
};

export const isFoldedRow = (change: FoldedChange): change is FoldedRow => 'assignment' in change;

/** What an approved plan allows of the plan that was computed again. */
import { canonical } from '../../kinds/equal.ts';
import { grouped } from '../../model/lists.ts';
import { strangeValues } from '../../kinds/moved.ts';
import type { ApprovalObjection, ConsequenceReason } from '../../model/held.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { afterOf, beforeOf } from '../../model/plan.ts';
import { isControlPolicy } from '../../model/resource.ts';
import type { Key, Resource, ResourcePolicy, Role } from '../../model/resource.ts';
import { rolePassages } from '../../change/role-steps.ts';
import { controlPolicySteps } from '../phases/control-policy.ts';
import { passedBetween } from '../phases/resource-policy.ts';
import { consequences } from './next.ts';

export type UncoveredChange = {
  readonly id: string;
  readonly key: Key;
  readonly objection: ApprovalObjection | ConsequenceReason;
};
export type Covered = { readonly covered: readonly string[]; readonly held: readonly UncoveredChange[] };

const roleIn = (resource: Resource | undefined): Role | undefined => (resource?.kind === 'role' ? resource : undefined);

const policyIn = (resource: Resource | undefined): ResourcePolicy | undefined =>
  resource?.kind === 'resource-policy' ? resource : undefined;

/** The states between the first and the last, computed anew: nobody's word is taken for them. */
const between = (before: Resource | undefined, after: Resource | undefined): readonly (Resource | undefined)[] => {
  if (before?.kind === 'role' || after?.kind === 'role') return rolePassages(roleIn(before), roleIn(after));
  if (before?.kind === 'resource-policy' || after?.kind === 'resource-policy')
    return passedBetween({ before: policyIn(before), after: policyIn(after) });
  if (!isControlPolicy(before) || !isControlPolicy(after)) return [];
  return controlPolicySteps(before, after).steps.map((step) => step.after);
};

const temporaryStates = (changes: readonly Change[]): readonly (Resource | undefined)[] =>
  changes.filter(({ temporary }) => temporary).flatMap((change) => [beforeOf(change), afterOf(change)]);

/** Every state that the approved changes of one key lead through, `undefined` being its absence. */
const passed = (changes: readonly Change[]): readonly (Resource | undefined)[] => {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [before, after] = [beforeOf(first), afterOf(last)];
  return [before, ...between(before, after), after, ...temporaryStates(changes)];
};

const sameAfter = (one: Change, other: Change): boolean => {
  const [a, b] = [afterOf(one), afterOf(other)];
  return one.kind === other.kind && (a === undefined || b === undefined ? a === b : canonical(a) === canonical(b));
};

export type ByKey = ReadonlyMap<Key, readonly Change[]>;
/** In the order of the plan. */
export const changesByKey = ({ changes }: Pick<Plan, 'changes'>): ByKey => grouped(changes, ({ key }) => key);
const noApprovals: ByKey = new Map();

type ApprovalCase = { readonly approved: readonly Change[]; readonly live: Resource | undefined };

/** Why the approved changes of its key do not allow a change that was computed again; nothing when they do. */
export const objectionAgainst = (change: Change, { approved, live }: ApprovalCase): ApprovalObjection | undefined => {
  if (approved.length === 0) return { is: 'unapproved' };
  if (!approved.some((one) => sameAfter(one, change))) return { is: 'otherwise' };
  const [strange] = strangeValues(live, passed(approved));
  if (strange === undefined) return undefined;
  return strange === 'itself' ? { is: 'came-or-went' } : { is: 'strange', value: strange };
};

/**
 * Which changes of the recomputed plan are approved: kind, key and after are those of an approved change, and every
 * value that is live now is one that the approved changes of that key start from, pass through or end in. What is live
 * now, and under today's names, is what the recomputed changes start from. What is not covered counts as failed, so that
 * what depends on it, or needs its guard rail, is not covered either.
 */
export const cover = (recomputed: Plan, approved: Plan): Covered => {
  const approvals = recomputed.organization === approved.organization ? changesByKey(approved) : noApprovals;
  const firsts = changesByKey(recomputed);
  const judged = recomputed.changes.map((change) => {
    const first = firsts.get(change.key)?.[0] ?? change;
    const known = approvals.get(change.key) ?? [];
    const objection = objectionAgainst(change, { approved: known, live: beforeOf(first) });
    return { id: change.id, key: change.key, objection };
  });
  const own = new Map(
    judged.flatMap(({ id, objection }) => (objection === undefined ? [] : [[id, objection] as const])),
  );
  const dragged = consequences(recomputed.changes, ({ id }) => own.has(id));
  const objections = new Map<string, UncoveredChange['objection']>([...dragged, ...own]);
  return {
    covered: judged.filter(({ id }) => !objections.has(id)).map(({ id }) => id),
    held: judged.flatMap(({ id, key }) => {
      const objection = objections.get(id);
      return objection === undefined ? [] : [{ id, key, objection }];
    }),
  };
};

/** What a role, a customer managed policy or a permission set is while some changes are made and others are not. */
import type { Bundle } from '../../evaluate/reach/reach.ts';
import { grouped } from '../../model/lists.ts';
import type { Change } from '../../model/plan.ts';
import { afterOf, beforeOf, subjectOf } from '../../model/plan.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { Key, Resource, State } from '../../model/resource.ts';
import { customerPolicyKey, isGrant } from '../../model/resource.ts';
import { bundleOf, bundleOfRole } from '../access/side.ts';
import type { CustomerDocument, SideContext } from '../access/side.ts';
import { policiesIn } from '../diff/customer-policies.ts';
import type { SetOrRole } from '../diff/customer-policies.ts';

/** Of everything but who has what. */
export type Versions = {
  /** In the order of the plan. */
  readonly changesOf: (key: Key) => readonly Change[];
  readonly ever: (key: Key) => readonly Resource[];
  /** Undefined where it is not there; `done` may name changes of other things. */
  readonly at: (key: Key, done: readonly Change[]) => Resource | undefined;
  /** When everything is done. */
  readonly last: (key: Key) => Resource | undefined;
};

export const versionsOf = (current: State, changes: readonly Change[]): Versions => {
  const byKey = grouped(
    changes.filter((change) => !isGrant(subjectOf(change)) && change.kind !== 'membership'),
    ({ key }) => key,
  );
  const changesOf: Versions['changesOf'] = (key) => byKey.get(key) ?? [];
  return {
    changesOf,
    ever: (key) => [
      ...new Set(
        [current[key], ...changesOf(key).flatMap((one) => [beforeOf(one), afterOf(one)])].flatMap((one) => one ?? []),
      ),
    ],
    last: (key) => {
      const last = changesOf(key).at(-1);
      return last === undefined ? current[key] : afterOf(last);
    },
    at: (key, done) => {
      const last = changesOf(key).findLast((change) => done.includes(change));
      return last === undefined ? current[key] : afterOf(last);
    },
  };
};

export type Bundles = (one: SetOrRole, account: string, done: readonly Change[]) => Bundle;

const numbered = (): ((thing: object | null) => number) => {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return (thing) => {
    if (thing === null) return 0;
    const number = numbers.get(thing) ?? (last += 1);
    numbers.set(thing, number);
    return number;
  };
};

/** With the documents of customer managed policies as they are at that moment; nobody knows those that are not there. */
export const bundlesOver = (context: SideContext, { at }: Versions): Bundles => {
  const known = new Map<string, Bundle>();
  const numberOf = numbered();
  const documentIn = (key: Key, done: readonly Change[]): PolicyDocument | null => {
    const policy = at(key, done);
    return policy?.kind === 'policy' ? policy.document : null;
  };
  return (one, account, done) => {
    const documents = policiesIn(one, account).map((key) => documentIn(key, done));
    const name = [one, ...documents].map(numberOf).join();
    const customer: CustomerDocument = (policy) => documentIn(customerPolicyKey({ ...policy, account }), done);
    const make = (): Bundle =>
      one.kind === 'role' ? bundleOfRole(one, context, customer) : bundleOf(one, context, customer);
    const made = known.get(name) ?? make();
    known.set(name, made);
    return made;
  };
};

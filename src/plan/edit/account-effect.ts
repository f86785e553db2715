/** What an edit does to what its role or permission set may do in one account. */
import { ownValue } from '../../model/own-value.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { CustomerManagedPolicy, State } from '../../model/resource.ts';
import { customerPolicyKey } from '../../model/resource.ts';
import { joinedEffects } from '../../change/effect.ts';
import type { Effect } from '../../change/effect.ts';
import { nothing, ofBoundary, ofDocument, ofList } from './part-effects.ts';
import type { SetOrRole } from '../diff/customer-policies.ts';

type BearerSide = { readonly one: SetOrRole; readonly state: State; readonly account: string };

const inlineOf = ({ one }: BearerSide): Readonly<Record<string, PolicyDocument>> => {
  if (one.kind === 'role') return one.inlinePolicies;
  return one.inlinePolicy === undefined ? {} : { own: one.inlinePolicy };
};

const ofInline = (before: BearerSide, after: BearerSide): readonly Effect[] => {
  const [old, next] = [inlineOf(before), inlineOf(after)];
  return Object.keys({ ...old, ...next }).map((name) =>
    ofDocument(ownValue(old, name) ?? nothing, ownValue(next, name) ?? nothing),
  );
};

const documentIn = ({ state, account }: BearerSide, policy: CustomerManagedPolicy): PolicyDocument => {
  const found = state[customerPolicyKey({ ...policy, account })];
  return found?.kind === 'policy' ? found.document : nothing;
};

const isIn =
  ({ one }: BearerSide) =>
  ({ path, name }: CustomerManagedPolicy): boolean =>
    one.customerManagedPolicies.some((other) => other.path === path && other.name === name);

const ofCustomer = (before: BearerSide, after: BearerSide): readonly Effect[] => [
  ...after.one.customerManagedPolicies
    .filter((policy) => !isIn(before)(policy))
    .map((policy) => ofDocument(nothing, documentIn(after, policy))),
  ...before.one.customerManagedPolicies
    .filter((policy) => !isIn(after)(policy))
    .map((policy) => ofDocument(documentIn(before, policy), nothing)),
];

/** Of an edited role or set in one account. */
export const ofEdit = (before: BearerSide, after: BearerSide): Effect =>
  joinedEffects([
    ...ofInline(before, after),
    // What AWS's own policies say is not asked: they allow.
    ofList(before.one.managedPolicies, after.one.managedPolicies),
    ...ofCustomer(before, after),
    ofBoundary(before.one, after.one),
  ]);

/**
 * Whether `other` has to be made before `one`, both being about the same role or set: what allows must find the new filter,
 * and a filter goes only when what it held back is gone or held back otherwise.
 */
export const comesFirst = (other: Effect, one: Effect): boolean =>
  (one.allowsMore && other.filtersMore) || (one.filtersLess && (other.allowsLess || other.filtersMore));

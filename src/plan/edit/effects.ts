/** What an edit does to what its role or permission set may do: told apart by what allows and what forbids. */
import { ownValue } from '../../model/own-value.ts';
import { comparableFields } from '../../kinds/equal.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { CustomerManagedPolicy, PermissionSet, Resource, Role, State } from '../../model/resource.ts';
import { customerPolicyKey } from '../../model/resource.ts';
import { nothing } from './direction.ts';
import { uncovered } from './statement-cover.ts';

/** Denials and boundaries filter what is allowed. */
export type Effects = {
  readonly allowsMore: boolean;
  readonly allowsLess: boolean;
  readonly filtersMore: boolean;
  readonly filtersLess: boolean;
};

const none: Effects = { allowsMore: false, allowsLess: false, filtersMore: false, filtersLess: false };

const joined = (effects: readonly Effects[]): Effects => ({
  allowsMore: effects.some(({ allowsMore }) => allowsMore),
  allowsLess: effects.some(({ allowsLess }) => allowsLess),
  filtersMore: effects.some(({ filtersMore }) => filtersMore),
  filtersLess: effects.some(({ filtersLess }) => filtersLess),
});

export const ofDocument = (before: PolicyDocument, after: PolicyDocument): Effects => ({
  allowsMore: uncovered(after, before, 'Allow').length > 0,
  allowsLess: uncovered(before, after, 'Allow').length > 0,
  filtersMore: uncovered(after, before, 'Deny').length > 0,
  filtersLess: uncovered(before, after, 'Deny').length > 0,
});

/** As a boundary a document only filters. */
export const ofBoundaryDocument = (before: PolicyDocument, after: PolicyDocument): Effects => {
  const { allowsMore, allowsLess, filtersMore, filtersLess } = ofDocument(before, after);
  return { ...none, filtersMore: allowsLess || filtersMore, filtersLess: allowsMore || filtersLess };
};

type Policied = Role | PermissionSet;
type Side = { readonly one: Policied; readonly state: State; readonly account: string };

const inlineOf = ({ one }: Side): Readonly<Record<string, PolicyDocument>> => {
  if (one.kind === 'role') return one.inlinePolicies;
  return one.inlinePolicy === undefined ? {} : { own: one.inlinePolicy };
};

const ofInline = (before: Side, after: Side): readonly Effects[] => {
  const [old, next] = [inlineOf(before), inlineOf(after)];
  return Object.keys({ ...old, ...next }).map((name) =>
    ofDocument(ownValue(old, name) ?? nothing, ownValue(next, name) ?? nothing),
  );
};

/** What AWS's own policies say is not asked: they allow. */
const ofManaged = ({ one: before }: Side, { one: after }: Side): Effects => ({
  ...none,
  allowsMore: after.managedPolicies.some((arn) => !before.managedPolicies.includes(arn)),
  allowsLess: before.managedPolicies.some((arn) => !after.managedPolicies.includes(arn)),
});

const documentIn = ({ state, account }: Side, policy: CustomerManagedPolicy): PolicyDocument => {
  const found = state[customerPolicyKey({ ...policy, account })];
  return found?.kind === 'policy' ? found.document : nothing;
};

const isIn =
  ({ one }: Side) =>
  ({ path, name }: CustomerManagedPolicy): boolean =>
    one.customerManagedPolicies.some((other) => other.path === path && other.name === name);

const ofCustomer = (before: Side, after: Side): readonly Effects[] => [
  ...after.one.customerManagedPolicies
    .filter((policy) => !isIn(before)(policy))
    .map((policy) => ofDocument(nothing, documentIn(after, policy))),
  ...before.one.customerManagedPolicies
    .filter((policy) => !isIn(after)(policy))
    .map((policy) => ofDocument(documentIn(before, policy), nothing)),
];

const boundaryText = (one: Resource): unknown => comparableFields(one)['permissionsBoundary'];

/** A boundary that is exchanged may do either. */
const ofBoundary = ({ one: before }: Side, { one: after }: Side): Effects => {
  const [old, next] = [boundaryText(before), boundaryText(after)];
  return { ...none, filtersMore: old !== next && next !== null, filtersLess: old !== next && old !== null };
};

/** Of an edited role or set in one account. */
export const ofEdit = (before: Side, after: Side): Effects =>
  joined([
    ...ofInline(before, after),
    ofManaged(before, after),
    ...ofCustomer(before, after),
    ofBoundary(before, after),
  ]);

/**
 * Whether `other` has to be made before `one`, both being about the same role or set: what allows must find the new filter,
 * and a filter goes only when what it held back is gone or held back otherwise.
 */
export const comesFirst = (other: Effects, one: Effects): boolean =>
  (one.allowsMore && other.filtersMore) || (one.filtersLess && (other.allowsLess || other.filtersMore));

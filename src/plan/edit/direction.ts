/** Which way an edit goes: whether it takes away, gives, or does both. */
import { comparableFields } from '../../kinds/equal.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { Resource, Role } from '../../model/resource.ts';
import { classify } from './classify.ts';

export type Direction = { readonly tighter: boolean; readonly looser: boolean };

export const nothing: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** An element that goes takes something away, one that comes gives something. */
export const ofList = (before: readonly string[], after: readonly string[]): Direction => ({
  tighter: before.some((one) => !after.includes(one)),
  looser: after.some((one) => !before.includes(one)),
});

export const ofDocuments = (before: PolicyDocument, after: PolicyDocument): Direction => {
  const tightness = classify(before, after);
  return { tighter: ['tighter', 'both'].includes(tightness), looser: ['looser', 'both'].includes(tightness) };
};

/** A boundary that is exchanged may do either. */
export const ofBoundary = (before: Resource, after: Resource): Direction => {
  const [old, next] = [before, after].map((one) => comparableFields(one)['permissionsBoundary']);
  return { tighter: old !== next && next !== null, looser: old !== next && old !== null };
};

export const pathAndName = (of: Pick<Role, 'customerManagedPolicies'>): readonly string[] =>
  of.customerManagedPolicies.map(({ path, name }) => `${path}${name}`);

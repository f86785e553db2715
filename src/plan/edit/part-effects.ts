/** What an edit of one part of a role, a set or a policy does. */
import { noEffect } from '../../change/effect.ts';
import type { Effect } from '../../change/effect.ts';
import { comparableFields } from '../../kinds/equal.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { Resource, Role } from '../../model/resource.ts';
import { uncovered } from './statement-cover.ts';

export const nothing: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** Told from the statements alone, so that it holds for actions that nobody knows yet. */
export const ofDocument = (before: PolicyDocument, after: PolicyDocument): Effect => ({
  allowsMore: uncovered(after, before, 'Allow').length > 0,
  allowsLess: uncovered(before, after, 'Allow').length > 0,
  filtersMore: uncovered(after, before, 'Deny').length > 0,
  filtersLess: uncovered(before, after, 'Deny').length > 0,
});

/** As a boundary a document only filters. */
export const ofBoundaryDocument = (before: PolicyDocument, after: PolicyDocument): Effect => {
  const { allowsMore, allowsLess, filtersMore, filtersLess } = ofDocument(before, after);
  return { ...noEffect, filtersMore: allowsLess || filtersMore, filtersLess: allowsMore || filtersLess };
};

/** An element that goes takes something away, one that comes gives something. */
export const ofList = (before: readonly string[], after: readonly string[]): Effect => ({
  ...noEffect,
  allowsMore: after.some((one) => !before.includes(one)),
  allowsLess: before.some((one) => !after.includes(one)),
});

export const ofAmount = (before: number, after: number): Effect => ({
  ...noEffect,
  allowsMore: after > before,
  allowsLess: after < before,
});

/** A boundary that is exchanged may do either. */
export const ofBoundary = (before: Resource, after: Resource): Effect => {
  const [old, next] = [before, after].map((one) => comparableFields(one)['permissionsBoundary']);
  return { ...noEffect, filtersMore: old !== next && next !== null, filtersLess: old !== next && old !== null };
};

export const pathAndName = (of: Pick<Role, 'customerManagedPolicies'>): readonly string[] =>
  of.customerManagedPolicies.map(({ path, name }) => `${path}${name}`);

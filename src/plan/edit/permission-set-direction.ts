/** Whether an edited permission set gives less, as far as its fields tell. */
import type { PolicyDocument } from '../../model/policy.ts';
import type { PermissionSet } from '../../model/resource.ts';
import { nothing, ofBoundary, ofDocuments, ofList, pathAndName } from './direction.ts';
import type { Direction } from './direction.ts';

const nothingOr = (set: PermissionSet): PolicyDocument => set.inlinePolicy ?? nothing;

const directionsOf = (before: PermissionSet, after: PermissionSet): readonly Direction[] => [
  ofList(before.managedPolicies, after.managedPolicies),
  ofList(pathAndName(before), pathAndName(after)),
  ofDocuments(nothingOr(before), nothingOr(after)),
  ofBoundary(before, after),
  { tighter: after.sessionDuration < before.sessionDuration, looser: after.sessionDuration > before.sessionDuration },
  { tighter: before.outdatedIn.length > 0, looser: false },
];

export const takesAway = (before: PermissionSet, after: PermissionSet): boolean =>
  directionsOf(before, after).some(({ tighter }) => tighter);

/**
 * Only what can but take away goes with the revocations. A set that is not provisioned everywhere (an earlier run was
 * killed, a hand was at work) may be about to take away: it counts so unless something is plainly added.
 */
export const onlyTakesAway = (before: PermissionSet, after: PermissionSet): boolean =>
  takesAway(before, after) && !directionsOf(before, after).some(({ looser }) => looser);

/** Whether an edited role or customer policy gives less, as far as its fields tell. */
import { ownValue } from '../../model/own-value.ts';
import { changedFields } from '../../kinds/equal.ts';
import { trustAtoms } from '../../model/policy.ts';
import type { PolicyDocument, TrustAtom } from '../../model/policy.ts';
import type { CustomerPolicy, Role } from '../../model/resource.ts';
import { nothing, ofBoundary, ofDocuments, ofList, pathAndName } from './direction.ts';
import type { Direction } from './direction.ts';

/** Conditions are joined by AND: who passes more of them passes fewer. */
const covers = (wide: TrustAtom, narrow: TrustAtom): boolean =>
  wide.effect === narrow.effect &&
  wide.who === narrow.who &&
  wide.action === narrow.action &&
  wide.conditions.every((line) => narrow.conditions.includes(line));

const uncovered = (these: readonly TrustAtom[], by: readonly TrustAtom[], effect: TrustAtom['effect']): boolean =>
  these.some((one) => one.effect === effect && !by.some((other) => covers(other, one)));

/** What IAM shows of a role or a user that was deleted (IAM User Guide, "Principal"): nobody who could have a session. */
const deadId = /^A(RO|ID)A[A-Z0-9]+$/;

/** Who could assume the role by a way that is no longer there, or not under these conditions; each once. */
export const partedFrom = (before: Role, after: Role): readonly string[] => {
  const [old, next] = [trustAtoms(before.trust), trustAtoms(after.trust)];
  const denied = next.some((one) => one.effect === 'Deny' && !old.some((other) => covers(other, one)));
  const lost = old.filter((one) => one.effect === 'Allow' && (denied || !next.some((other) => covers(other, one))));
  const names = lost.map(({ who }) => who.slice(who.indexOf(' ') + 1));
  return [...new Set(names)].filter((name) => !deadId.test(name));
};

export const ofTrust = (before: PolicyDocument, after: PolicyDocument): Direction => {
  const [old, next] = [trustAtoms(before), trustAtoms(after)];
  return {
    tighter: uncovered(old, next, 'Allow') || uncovered(next, old, 'Deny'),
    looser: uncovered(next, old, 'Allow') || uncovered(old, next, 'Deny'),
  };
};

const ofInline = (before: Role, after: Role): readonly Direction[] =>
  Object.keys({ ...before.inlinePolicies, ...after.inlinePolicies }).map((name) =>
    ofDocuments(ownValue(before.inlinePolicies, name) ?? nothing, ownValue(after.inlinePolicies, name) ?? nothing),
  );

const ofRole = (before: Role, after: Role): readonly Direction[] => [
  ofTrust(before.trust, after.trust),
  ofList(before.managedPolicies, after.managedPolicies),
  ofList(pathAndName(before), pathAndName(after)),
  ...ofInline(before, after),
  ofBoundary(before, after),
  {
    tighter: after.maxSessionDuration < before.maxSessionDuration,
    looser: after.maxSessionDuration > before.maxSessionDuration,
  },
  {
    tighter: before.instanceProfile && !after.instanceProfile,
    looser: after.instanceProfile && !before.instanceProfile,
  },
];

const joined = (directions: readonly Direction[]): Direction => ({
  tighter: directions.some(({ tighter }) => tighter),
  looser: directions.some(({ looser }) => looser),
});

export const roleDirection = (before: Role, after: Role): Direction => joined(ofRole(before, after));
export const policyDirection = (before: CustomerPolicy, after: CustomerPolicy): Direction =>
  ofDocuments(before.document, after.document);

const silent = ['description', 'tags', 'owner'];

/** A boundary where there was none, and nothing else that anybody would feel. */
export const onlySetsBoundary = (before: Role, after: Role): boolean => {
  const fields = changedFields(before, after).filter((field) => !silent.includes(field));
  return before.permissionsBoundary === undefined && fields.join() === 'permissionsBoundary';
};

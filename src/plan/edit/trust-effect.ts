/** What an edit of a trust policy does, and who is parted from the role by it. */
import type { Effect } from '../../change/effect.ts';
import { trustAtoms } from '../../model/policy.ts';
import type { PolicyDocument, TrustAtom } from '../../model/policy.ts';
import type { Role } from '../../model/resource.ts';

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

export const ofTrust = (before: PolicyDocument, after: PolicyDocument): Effect => {
  const [old, next] = [trustAtoms(before), trustAtoms(after)];
  return {
    allowsMore: uncovered(next, old, 'Allow'),
    allowsLess: uncovered(old, next, 'Allow'),
    filtersMore: uncovered(next, old, 'Deny'),
    filtersLess: uncovered(old, next, 'Deny'),
  };
};

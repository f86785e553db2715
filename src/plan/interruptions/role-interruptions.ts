/** What a role may do before and after an edit and not while it is edited: it loses before it gains. */
import { ownValue } from '../../model/own-value.ts';
import type { Change, Interruption } from '../../model/plan.ts';
import type { Role } from '../../model/resource.ts';
import { nothing, ofDocument, pathAndName } from '../edit/part-effects.ts';

/** One policy of the role, by what an edit does to what it allows. */
type LostAndGained = { readonly less: boolean; readonly more: boolean };

const ofNames = (before: readonly string[], after: readonly string[]): readonly LostAndGained[] => [
  ...before.filter((one) => !after.includes(one)).map(() => ({ less: true, more: false })),
  ...after.filter((one) => !before.includes(one)).map(() => ({ less: false, more: true })),
];

const ofDocuments = (before: Role['inlinePolicies'], after: Role['inlinePolicies']): readonly LostAndGained[] =>
  Object.keys({ ...before, ...after }).map((name) => {
    const { allowsLess, allowsMore } = ofDocument(ownValue(before, name) ?? nothing, ownValue(after, name) ?? nothing);
    return { less: allowsLess, more: allowsMore };
  });

const partsOf = (before: Role, after: Role): readonly LostAndGained[] => [
  ...ofNames(before.managedPolicies, after.managedPolicies),
  ...ofNames(pathAndName(before), pathAndName(after)),
  ...ofDocuments(before.inlinePolicies, after.inlinePolicies),
];

/** A single document is exchanged in one call; from one policy to another it takes two. */
const passesBetween = (parts: readonly LostAndGained[]): boolean =>
  parts.some((one) => one.less && parts.some((other) => other !== one && other.more));

const message = 'what one of its policies allowed and another will allow is missing while it is edited, for seconds';

export const roleInterruptions = (changes: readonly Change[]): readonly Interruption[] =>
  changes.flatMap((change) => {
    if (change.action !== 'update' || change.before.kind !== 'role' || change.after.kind !== 'role') return [];
    const { before, after } = change;
    if (!passesBetween(partsOf(before, after))) return [];
    return [{ principal: `role:${after.name}`, account: after.account, message }];
  });

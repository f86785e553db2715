/** What is about settings allows and forbids nobody anything: no guard and no proof has to ask of it. */
import type { Change } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import type { Resource, SettingsKind } from '../../model/resource.ts';
import { isSettingsKind, isSettingsPolicy, policyTypes, settingsKinds } from '../../model/resource.ts';

/** The kind of settings that a policy, its attachment or the enabling of its type is about. */
export const settingsKindOf = (resource: Resource): SettingsKind | undefined => {
  if (isSettingsPolicy(resource)) return resource.kind;
  if (resource.kind === 'policy-type') return settingsKinds.find((kind) => policyTypes[kind] === resource.type);
  if (resource.kind !== 'attachment') return undefined;
  const { kind } = resource.policy;
  return isSettingsKind(kind) ? kind : undefined;
};

export const isOfSettings = (resource: Resource): boolean => settingsKindOf(resource) !== undefined;

export const withoutSettings = (changes: readonly Change[]): readonly Change[] =>
  changes.filter((change) => !isOfSettings(subjectOf(change)));

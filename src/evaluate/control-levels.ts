/** The guard rails that bind an account, from the root down. */
import { fixedPolicies, isFullAccessName } from '../kinds/control-policies.ts';
import { fullAccessDocument, statements } from '../model/policy.ts';
import { controlPolicyKey, isGuardRail, policyTypeKey, policyTypes, targetText } from '../model/resource.ts';
import type { Account, Attachment, ControlKind, GuardRailKind, Target } from '../model/resource.ts';
import type { NamedPolicy, PolicyLevel } from './layers.ts';
import type { WorldInput } from './world-input.ts';

type AttachedLevels = {
  readonly kind: GuardRailKind;
  readonly account: Account;
  /** By what they hang on, as `hangerOf` says it. */
  readonly attachments: ReadonlyMap<string, readonly Attachment[]>;
};

const targetsAbove = ({ name, parent }: Account): readonly { target: Target; name: string }[] => {
  const segments = parent === '' ? [] : parent.split('/');
  const paths = segments.map((_, index) => segments.slice(0, index + 1).join('/'));
  return [
    { target: { type: 'root' }, name: 'Root' },
    ...paths.map((path) => ({ target: { type: 'ou', path }, name: path }) as const),
    { target: { type: 'account', name }, name },
  ];
};

export const hangerOf = (kind: ControlKind, target: Target): string => `${kind}@${targetText(target)}`;

const controlPolicy = (kind: GuardRailKind, name: string, { state, origins }: WorldInput): NamedPolicy => {
  if (isFullAccessName(name)) return { name, policy: fullAccessDocument };
  const key = controlPolicyKey({ kind, name });
  const resource = state[key];
  if (!isGuardRail(resource)) return { name, policy: null };
  const places = statements(resource.document).map((_, index) => origins[`${key}#/document/Statement/${index}`]);
  return { name, policy: resource.document, places };
};

const attachedTo = (
  target: Target,
  { kind, attachments }: AttachedLevels,
  input: WorldInput,
): readonly NamedPolicy[] => {
  const names = (attachments.get(hangerOf(kind, target)) ?? []).map(({ policy }) => policy.name);
  return [...fixedPolicies(kind), ...names].map((name) => controlPolicy(kind, name, input));
};

/** Root first. Control policies bind no principal and no resource of the management account (Organizations User Guide). */
export const levelsFor = (hanging: AttachedLevels, input: WorldInput): readonly PolicyLevel[] => {
  const { kind, account } = hanging;
  if (account.name === input.managementAccount) return [];
  if (input.state[policyTypeKey(policyTypes[kind])] === undefined) return [];
  return targetsAbove(account).map(({ target, name }) => ({
    level: name,
    policies: attachedTo(target, hanging, input),
  }));
};

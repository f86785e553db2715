/** A guard rail that comes to production before it has hung anywhere else. */
import type { Desired } from '../../model/desired.ts';
import type { Change } from '../../model/plan.ts';
import type { Key, Resource, State } from '../../model/resource.ts';
import { isGuardRailKind, keyOf, resourcesOf } from '../../model/resource.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';
import { isFullAccess } from '../situation/situation.ts';
import type { Judgment } from './judgment.ts';

export type DeclaredStages = {
  /** Keys of the attachments that some rollout names. */
  readonly keys: ReadonlySet<Key>;
  /** Names of the accounts with the tag `env: prod` that guard rails bind. */
  readonly production: ReadonlySet<string>;
};

export const declaredStages = ({
  rollouts,
  accountTags,
  managementAccount,
}: Pick<Desired, 'rollouts' | 'accountTags' | 'managementAccount'>): DeclaredStages => ({
  keys: new Set(
    rollouts.flatMap(({ policy, stages }) => stages.map(({ target }) => keyOf({ kind: 'attachment', policy, target }))),
  ),
  production: new Set(
    Object.entries(accountTags).flatMap(([name, tags]) =>
      tags['env'] === 'prod' && name !== managementAccount ? [name] : [],
    ),
  ),
});

/**
 * One that hangs somewhere has been tried there. An organization without any guard rail of its own begins with all of them:
 * then this says nothing that its reviewer does not see.
 */
export const straightToProduction = (
  { before, stages }: { readonly before: State; readonly stages: DeclaredStages },
  { action, key, reaches = [] }: Change,
  resource: Resource,
): readonly Judgment[] => {
  if (resource.kind !== 'attachment' || action !== 'create' || stages.keys.has(key)) return [];
  const hanging = resourcesOf(before, 'attachment').filter((one) => !isFullAccess(one));
  const own = hanging.filter(({ policy }) => isGuardRailKind(policy.kind));
  if (own.length === 0 || own.some(({ policy }) => policy.name === resource.policy.name)) return [];
  const reached = [...stages.production].filter((name) => reaches.includes(EVERYWHERE) || reaches.includes(name));
  const [first, ...others] = reached;
  if (first === undefined) return [];
  const where = others.length === 0 ? first : `${first} and ${others.length} more`;
  return [{ risk: 'high', reasons: [`straight-to-production: binds ${where} before it hung anywhere else`] }];
};

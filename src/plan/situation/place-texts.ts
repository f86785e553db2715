/** What binds an account, as texts that are equal where it is the same. */
import { remembered } from '../../model/lists.ts';
import { canonicalPolicy } from '../../model/policy.ts';
import { FULL_AWS_ACCESS, customerPolicyKey, pathToRoot, targetText } from '../../model/resource.ts';
import type { Account, Attachment, Key, PermissionSet, Resource } from '../../model/resource.ts';
import { namedPolicies } from './mentions.ts';

export type LevelRails = {
  readonly hanging: readonly Attachment[];
  /** Whatever else there is to be said of guard rails there. */
  readonly more: readonly string[];
};

const levelText = (name: string, { hanging, more }: LevelRails): string => {
  const names = hanging.map(({ policy }) => `${policy.kind} ${policy.name}`).sort();
  // FullAWSAccess alone stops nobody.
  const isIdle = more.length === 0 && names.length === 1 && names[0] === `scp ${FULL_AWS_ACCESS}`;
  return isIdle ? '' : JSON.stringify([name, names, more]);
};

/** The guard rails from the root to the account. */
export const railTexts = (railsAt: (level: string) => LevelRails): ((account: Account) => string) => {
  const above = remembered((parent: string) =>
    pathToRoot(parent)
      .map((path) => (path === '' ? 'root' : `ou:${path}`))
      .map((level) => levelText(level, railsAt(level)))
      .join('\n'),
  );
  return ({ name, parent }) =>
    `${above(parent)}\n${levelText('account', railsAt(targetText({ type: 'account', name })))}`;
};

type FoundPolicy = { readonly found: Resource | undefined; readonly more: readonly string[] };

/** The documents that stand in the account behind the names that sets have for customer managed policies. */
export const policyTexts = (
  sets: readonly PermissionSet[],
  policyAt: (key: Key) => FoundPolicy,
): ((account: string) => string) => {
  const named = [...new Map(sets.flatMap(namedPolicies).map((one) => [`${one.path}${one.name}`, one])).values()];
  return (account) =>
    named
      .map((policy) => {
        const { found, more } = policyAt(customerPolicyKey({ ...policy, account }));
        return JSON.stringify([found?.kind === 'policy' ? canonicalPolicy(found.document) : null, more]);
      })
      .join('\n');
};

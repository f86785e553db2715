/** Roles that the policies of resources name and that no account has: AWS refuses such a policy, whoever writes it. */
import { namesIn } from '../../evaluate/trust/principals.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { BlockReason } from '../../model/held.ts';
import { statements } from '../../model/policy.ts';
import { resourcePolicyKey, resourcesOf, roleKey } from '../../model/resource.ts';
import type { Key, ResourcePolicy, State } from '../../model/resource.ts';

const roleArn = /^arn:aws:iam::(\d{12}):role(\/(?:.+\/)?)([^/*?]+)$/;
const madeByAws = /^\/(aws-reserved|aws-service-role)\//;

type RoleScene = { readonly desired: Desired; readonly live: Live; readonly current: State };

/** Of accounts whose roles were read; what AWS makes there is in no state. */
const isMissing = (arn: string, { desired, live, current }: RoleScene): boolean => {
  const [, id = '', path = '', name = ''] = roleArn.exec(arn) ?? [];
  const account = desired.accounts[id];
  if (account === undefined || live.iamRead?.includes(account) !== true || madeByAws.test(path)) return false;
  const key = roleKey({ account, name });
  return ![desired.state[key], current[key]].some((role) => role?.kind === 'role' && role.path === path);
};

const principalsIn = ({ document }: ResourcePolicy): readonly string[] =>
  statements(document).flatMap(({ Principal, NotPrincipal }) =>
    namesIn(Principal ?? NotPrincipal).flatMap(([type, name]) => (type === 'AWS' ? [name] : [])),
  );

/** By the key of the policy, the first one that it names. */
export const missingPrincipals = (scene: RoleScene): readonly (readonly [Key, BlockReason])[] =>
  resourcesOf(scene.desired.state, 'resource-policy').flatMap((policy) => {
    const role = principalsIn(policy).find((arn) => isMissing(arn, scene));
    return role === undefined ? [] : [[resourcePolicyKey(policy.resource), { is: 'no-principal', role }] as const];
  });

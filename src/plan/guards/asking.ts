/** Requests as guards ask them: only what is always allowed counts. */
import { decide } from '../../evaluate/decide.ts';
import type { Decision, Reason } from '../../evaluate/decide.ts';
import type { PolicyLayers } from '../../evaluate/layers.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import { parsePrincipal } from '../../evaluate/principal.ts';
import type { RequestContext, AccessRequest } from '../../evaluate/request.ts';
import { rememberedOf } from '../../model/lists.ts';
import type { Account } from '../../model/resource.ts';

/** `account`: of the resource. `absent`: keys that the request surely does not have. */
export type GuardRequest = {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly account: Pick<Account, 'id'>;
  readonly context?: RequestContext;
  readonly absent?: readonly string[];
};

const ourAccounts = rememberedOf(
  ({ accounts }: AccessWorld): ReadonlySet<string> => new Set([...accounts.values()].map(({ id }) => id)),
);

/**
 * Who is in an organization is a fact of each request by a role or user of one; services and identity providers are in none
 * (IAM User Guide, "AWS global condition context keys").
 */
const membershipOf = (world: AccessWorld, principal: string): Pick<AccessRequest, 'context' | 'absent'> => {
  const account = parsePrincipal(principal)?.account;
  if (account === undefined) return { absent: ['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths'] };
  return ourAccounts(world).has(account) ? { context: { 'aws:PrincipalOrgID': world.organization } } : {};
};

/** Everything is unknown that the request or its time could choose. */
export const decisionOn = (world: AccessWorld, asking: GuardRequest, policies: PolicyLayers): Decision => {
  const { principal, action, resource, account, context, absent = [] } = asking;
  const caller = membershipOf(world, principal);
  const known = { 'aws:SecureTransport': true, 'aws:ViaAWSService': false, 'aws:ResourceOrgID': world.organization };
  return decide(
    {
      ...{ principal, action, resource, resourceAccount: account.id },
      absent: [...(caller.absent ?? []), ...absent],
      context: { ...known, ...caller.context, ...context },
      unknown: ['*'],
    },
    policies,
  );
};

const placed = ({ policy, type, place }: Reason): string => {
  const name = type === 'rcp' ? `RCP ${policy}` : policy;
  return place === undefined ? name : `${name}, ${place.file}:${place.line},`;
};

/** Why it is not always allowed. */
export const decisionText = ({ decision, reasons, by, level, dependsOn }: Decision): string => {
  const names = [...new Set(reasons.map(placed))].join(' and ');
  if (decision === 'depends') return `it depends on ${dependsOn.join(', ')}${names === '' ? '' : ` in ${names}`}`;
  return names === '' ? `${by}${level === undefined ? '' : ` at ${level}`} does not allow it` : `${names} denies it`;
};

/** Whether any RCP but AWS's own binds the account's resources: without one, none can stop anybody. */
export const hasRcps = (world: AccessWorld, account: Account): boolean =>
  world.levels('rcp', account).some(({ policies }) => policies.length > 1);

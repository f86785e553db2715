/**
 * Whether a caller may do something with what has a resource policy ("Policy evaluation logic", IAM User Guide,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html): its own policies and the
 * resource's, either of which is enough within the account, but for KMS, whose key policies decide alone. SCPs and RCPs are not
 * asked. The administrator whom the sandbox invents for an account (see caller.ts) has no policies of its own and may do everything
 * but what a resource policy denies.
 */
import type { PolicyStatement } from '../iam/grammar/syntax.ts';
import { parsePolicy, textsOf } from '../iam/grammar/syntax.ts';
import { simulationDecision } from '../iam/simulation/decide.ts';
import { boundariesAt, policiesAt } from '../iam/simulation/sources.ts';
import type { AwsError, CallerSession, SandboxCall } from '../core.ts';
import { conditionHolds } from '../sts/conditions.ts';
import type { ConditionFacts } from '../sts/conditions.ts';
import { isLike } from '../sts/glob.ts';
import { speaksOfCaller } from '../sts/trust.ts';
import type { SandboxWorld } from '../world.ts';
import type { HeldResource, StoredResourcePolicy } from './state.ts';

export type ResourceAccess = {
  /** As policies write it, `s3:GetBucketPolicy`. */
  readonly action: string;
  readonly arn: string;
  readonly policy?: StoredResourcePolicy | undefined;
};

type AccessDecision = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** The user or role whose policies decide; none for an administrator whom the sandbox invented. */
const entityOf = ({ principalArn, roleArn }: CallerSession): string | undefined => {
  if (roleArn !== undefined) return roleArn;
  return principalArn.includes(':user/') ? principalArn : undefined;
};

const factsOf = (world: SandboxWorld, { caller, region, now }: SandboxCall, account: string): ConditionFacts => ({
  'aws:principalarn': entityOf(caller) ?? caller.principalArn,
  'aws:principalaccount': caller.account,
  'aws:principalorgid': world.organizations.id,
  'aws:principalisawsservice': 'false',
  'aws:viaawsservice': 'false',
  'aws:userid': caller.userId,
  'aws:resourceaccount': account,
  'aws:requestedregion': region,
  'aws:currenttime': new Date(now).toISOString(),
  'aws:securetransport': 'true',
});

const ofIdentity = (
  world: SandboxWorld,
  call: SandboxCall,
  { action, arn: resource }: ResourceAccess,
): AccessDecision => {
  const entity = entityOf(call.caller);
  if (entity === undefined) return 'allowed';
  const facts = factsOf(world, call, call.account);
  const [sources, boundaries] = [policiesAt(world, call, entity), boundariesAt(world, call, entity)];
  return simulationDecision({ sources, boundaries }, { action, resource, facts }).decision;
};

const lists = (patterns: unknown, value: string): boolean =>
  textsOf(patterns).some((one) => isLike(value.toLowerCase(), one.toLowerCase()));

const covers = ({ Action, NotAction, Resource, NotResource }: PolicyStatement, { action, arn }: ResourceAccess) =>
  (Action === undefined ? !lists(NotAction, action) : lists(Action, action)) &&
  (NotResource === undefined ? Resource === undefined || lists(Resource, arn) : !lists(NotResource, arn));

type ResourceAnswer = { readonly decision: AccessDecision; readonly names: 'caller' | 'account' };

const namesOnly = ({ Principal }: PolicyStatement, accounts: readonly string[]): boolean =>
  typeof Principal === 'object' &&
  Principal !== null &&
  textsOf((Principal as PolicyStatement)['AWS']).every((one) => accounts.includes(one));

/** `account`: the policy leaves it to those of the account's own. */
const ofResource = (world: SandboxWorld, call: SandboxCall, access: ResourceAccess): ResourceAnswer => {
  const { policy } = access;
  if (policy === undefined) return { decision: 'implicitDeny', names: 'account' };
  const { caller } = call;
  const facts = factsOf(world, call, caller.account);
  const entity = {
    account: caller.account,
    principalArn: caller.principalArn,
    entityId: caller.userId.split(':')[0] ?? '',
  };
  const met = parsePolicy(policy.text).statements.filter(
    (one) =>
      covers(one, access) &&
      speaksOfCaller(one, entity, policy.principals) &&
      (conditionHolds(one['Condition'], facts) ?? one['Effect'] === 'Deny'),
  );
  if (met.some((one) => one['Effect'] === 'Deny')) return { decision: 'explicitDeny', names: 'caller' };
  const root = [caller.account, `arn:aws:iam::${caller.account}:root`];
  const byName = met.some((one) => !namesOnly(one, root));
  return { decision: met.length > 0 ? 'allowed' : 'implicitDeny', names: byName ? 'caller' : 'account' };
};

const decided = (world: SandboxWorld, call: SandboxCall, access: ResourceAccess): AccessDecision => {
  const [own, { decision, names }] = [ofIdentity(world, call, access), ofResource(world, call, access)];
  if (own === 'explicitDeny' || decision === 'explicitDeny') return 'explicitDeny';
  const isKey = call.service === 'kms' && access.policy !== undefined;
  if (decision === 'allowed' && names === 'caller') return 'allowed';
  if (isKey) return decision === 'allowed' ? own : 'implicitDeny';
  return own;
};

const reasonOf = (decision: AccessDecision, { action }: ResourceAccess): string =>
  decision === 'explicitDeny'
    ? 'with an explicit deny in a policy'
    : `because no identity-based policy allows the ${action} action`;

/** Throws what `refuse` makes of AWS's sentence unless the caller may. */
export const authorize = (
  world: SandboxWorld,
  call: SandboxCall,
  access: ResourceAccess & { readonly refuse: (message: string) => AwsError },
): void => {
  const decision = decided(world, call, access);
  if (decision === 'allowed') return;
  const { principalArn } = call;
  throw access.refuse(
    `User: ${principalArn} is not authorized to perform: ${access.action} on resource: ${access.arn} ${reasonOf(decision, access)}`,
  );
};

/** What a call does to a resource. */
export const accessTo = (action: string, { arn, policy }: Pick<HeldResource, 'arn' | 'policy'>): ResourceAccess => ({
  action,
  arn,
  policy,
});

/** AssumeRole: a principal of AWS becomes a role. */
import type { SandboxCall, CallInput, SandboxOperation, CallerSession } from '../core.ts';
import { secondsIso } from '../core.ts';
import type { AssumableRole } from './assumable.ts';
import { durationOf, invalidValue, notAuthorized, roleAt } from './assumable.ts';
import type { ConditionFacts } from './conditions.ts';
import { openSession } from './credentials.ts';
import { isDeniedByRcp } from './resource-control.ts';
import { packedSize, sessionTagsIn, transitiveTagsIn } from './session-tags.ts';
import { trusts } from './trust.ts';
import type { IamRole } from '../iam/state.ts';
import { optionalTextMember, textMember } from '../members.ts';
import type { SandboxWorld } from '../world.ts';

/** The role ARN of a session, without its path: as aws:PrincipalArn it has one, so the session remembers it. */
const principalArnOf = ({ principalArn, roleArn }: CallerSession): string => {
  if (roleArn !== undefined) return roleArn;
  const [, account = '', name = ''] = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principalArn) ?? [];
  return name === '' ? principalArn : `arn:aws:iam::${account}:role/${name}`;
};

const optionalFacts = (input: CallInput, caller: CallerSession): ConditionFacts => {
  const externalId = optionalTextMember(input, 'ExternalId');
  const sourceIdentity = optionalTextMember(input, 'SourceIdentity') ?? caller.sourceIdentity;
  return {
    ...(externalId === undefined ? {} : { 'sts:externalid': externalId }),
    ...(sourceIdentity === undefined ? {} : { 'sts:sourceidentity': sourceIdentity }),
    ...(caller.mfa === undefined ? {} : { 'aws:multifactorauthpresent': String(caller.mfa) }),
    ...Object.fromEntries(sessionTagsIn(input).map(({ Key, Value }) => [`aws:requesttag/${Key.toLowerCase()}`, Value])),
  };
};

const factsOf = (world: SandboxWorld, input: CallInput, call: SandboxCall): ConditionFacts => {
  const { caller } = call;
  return {
    'aws:principalarn': principalArnOf(caller),
    'aws:principalaccount': caller.account,
    'aws:principalorgid': world.organizations.id,
    'aws:principaltype': caller.principalArn.includes(':user/') ? 'User' : 'AssumedRole',
    'aws:principalisawsservice': 'false',
    'aws:viaawsservice': 'false',
    'aws:userid': caller.userId,
    'aws:currenttime': new Date(call.now).toISOString(),
    'aws:securetransport': 'true',
    'sts:rolesessionname': textMember(input, 'RoleSessionName'),
    ...optionalFacts(input, caller),
  };
};

type AssumeRoleCall = { readonly input: CallInput; readonly call: SandboxCall };

const mustBeTrusted = (
  world: SandboxWorld,
  { account, role }: AssumableRole,
  { input, call }: AssumeRoleCall,
): void => {
  const { caller } = call;
  const facts = { ...factsOf(world, input, call), 'aws:resourceaccount': account };
  const question = {
    caller: {
      account: caller.account,
      principalArn: caller.principalArn,
      entityId: caller.userId.split(':')[0] ?? '',
    },
    facts,
  };
  const actions = [
    'sts:AssumeRole',
    ...(sessionTagsIn(input).length > 0 ? ['sts:TagSession'] : []),
    ...(input['SourceIdentity'] === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  const isDenied = (action: string): boolean =>
    isDeniedByRcp(world, { account, roleArn: role.Arn, action, facts, now: call.now });
  const refused = actions.find((action) => !trusts(role, { ...question, action }) || isDenied(action));
  if (refused !== undefined) throw notAuthorized(call, refused, role.Arn);
};

/** "Role chaining" is limited to one hour, whatever the role's maximum. */
const secondsOf = (input: CallInput, role: IamRole, caller: CallerSession): number => {
  const seconds = durationOf(input, role);
  if (caller.expiresAt !== undefined && seconds > 3600)
    throw invalidValue(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  return seconds;
};

export const assumeRole: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const arn = textMember(input, 'RoleArn');
  const assumed = roleAt(world, arn);
  const transitiveTags = transitiveTagsIn(input, call.caller);
  if (!assumed) throw notAuthorized(call, 'sts:AssumeRole', arn);
  mustBeTrusted(world, assumed, { input, call });
  const { account, role } = assumed;
  const packed = packedSize(input);
  const sourceIdentity = optionalTextMember(input, 'SourceIdentity') ?? call.caller.sourceIdentity;
  const session = {
    account,
    principalArn: `arn:aws:sts::${account}:assumed-role/${role.RoleName}/${textMember(input, 'RoleSessionName')}`,
    roleArn: role.Arn,
    userId: `${role.RoleId}:${textMember(input, 'RoleSessionName')}`,
    expiresAt: call.now + secondsOf(input, role, call.caller) * 1000,
    ...(transitiveTags.length > 0 ? { transitiveTags } : {}),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
  const Credentials = openSession(world, session, call.now);
  role.lastUsed = { date: secondsIso(call.now), region: call.region };
  return {
    Credentials,
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.principalArn },
    ...packed,
    SourceIdentity: sourceIdentity,
  };
};

/** The imitated Security Token Service. */
import { AwsError, nextId, type Call, type Input, type Operation, type Session } from '../core.ts';
import { isDeniedByRcp } from './resource-control.ts';
import { trusts } from './trust.ts';
import type { Facts } from './conditions.ts';
import { tagsIn } from '../iam/look.ts';
import { roleNamed, uniqueId, type IamRole } from '../iam/state.ts';
import { faultOf, optionalText, own, text, type Members } from '../members.ts';
import type { World } from '../world.ts';

const assumeRoleMembers: Members = {
  RoleArn: { kind: 'string', required: true, min: 20, max: 2048 },
  RoleSessionName: { kind: 'string', required: true, min: 2, max: 64, pattern: /^[\w+=,.@-]*$/ },
  DurationSeconds: { kind: 'string', pattern: /^\d{1,6}$/ },
  ExternalId: { kind: 'string', min: 2, max: 1224, pattern: /^[\w+=,.@:/-]*$/ },
  SourceIdentity: { kind: 'string', min: 2, max: 64, pattern: /^[\w+=,.@-]*$/ },
};

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

type Assumed = { readonly account: string; readonly role: IamRole };

const durationOf = (input: Input, { role }: Assumed, caller: Session): number => {
  const value = Number(text(input, 'DurationSeconds') || '3600');
  if (value < 900 || value > 43_200) throw invalid('DurationSeconds must be between 900 and 43200.');
  if (value > role.MaxSessionDuration)
    throw invalid('DurationSeconds exceeds the MaxSessionDuration set for this role.');
  // "Role chaining" is limited to one hour, whatever the role's maximum.
  if (caller.expiresAt !== undefined && value > 3600)
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  return value;
};

const denied = (call: Call, action: string, roleArn: string): AwsError =>
  new AwsError(
    'AccessDenied',
    `User: ${call.principalArn} is not authorized to perform: ${action} on resource: ${roleArn}`,
    { status: 403 },
  );

const roleAt = (world: World, arn: string): Assumed | undefined => {
  const [, account = '', path = '', name = ''] = /^arn:aws:iam::(\d{12}):role(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
  if (own(world.organizations.accounts, account) === undefined) return undefined;
  const role = roleNamed(world, account, name);
  return role?.Path === path ? { account, role } : undefined;
};

/** The role ARN of a session, without its path: as aws:PrincipalArn it has one, so the session remembers it. */
const principalArnOf = ({ principalArn, roleArn }: Session): string => {
  if (roleArn !== undefined) return roleArn;
  const [, account = '', name = ''] = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principalArn) ?? [];
  return name === '' ? principalArn : `arn:aws:iam::${account}:role/${name}`;
};

const factsOf = (world: World, input: Input, call: Call): Facts => {
  const { caller } = call;
  const externalId = optionalText(input, 'ExternalId');
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
    'sts:rolesessionname': text(input, 'RoleSessionName'),
    ...(externalId === undefined ? {} : { 'sts:externalid': externalId }),
    ...(caller.mfa === undefined ? {} : { 'aws:multifactorauthpresent': String(caller.mfa) }),
  };
};

type Asked = { readonly input: Input; readonly call: Call };

const mustBeTrusted = (world: World, { account, role }: Assumed, { input, call }: Asked): void => {
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
  const actions = tagsIn(input).length > 0 ? ['sts:AssumeRole', 'sts:TagSession'] : ['sts:AssumeRole'];
  const isDenied = (action: string): boolean =>
    isDeniedByRcp(world, { account, roleArn: role.Arn, action, facts, now: call.now });
  const refused = actions.find((action) => !trusts(role, { ...question, action }) || isDenied(action));
  if (refused !== undefined) throw denied(call, refused, role.Arn);
};

const forgetExpired = (world: World, now: number): void => {
  for (const [key, { expiresAt }] of Object.entries(world.sessions))
    if (expiresAt !== undefined && expiresAt + 24 * 3_600_000 < now) Reflect.deleteProperty(world.sessions, key);
};

const assumeRole: Operation<World> = (world, input, call) => {
  const fault = faultOf(input, assumeRoleMembers);
  if (fault) throw invalid(`The value of ${fault.member} breaks its rule: ${fault.rule}.`);
  const arn = text(input, 'RoleArn');
  const assumed = roleAt(world, arn);
  if (!assumed) throw denied(call, 'sts:AssumeRole', arn);
  mustBeTrusted(world, assumed, { input, call });
  const { account, role } = assumed;
  const expiresAt = call.now + durationOf(input, assumed, call.caller) * 1000;
  const session: Session = {
    account,
    principalArn: `arn:aws:sts::${account}:assumed-role/${role.RoleName}/${text(input, 'RoleSessionName')}`,
    roleArn: role.Arn,
    userId: `${role.RoleId}:${text(input, 'RoleSessionName')}`,
    expiresAt,
  };
  const AccessKeyId = uniqueId(world.ids, 'ASIA');
  forgetExpired(world, call.now);
  world.sessions[AccessKeyId] = session;
  role.lastUsed = { date: new Date(call.now).toISOString(), region: call.region };
  return {
    Credentials: {
      AccessKeyId,
      SecretAccessKey: nextId(world.ids, 40),
      SessionToken: nextId(world.ids, 64),
      Expiration: new Date(expiresAt).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.principalArn },
  };
};

const getCallerIdentity: Operation<World> = (_world, _input, { caller }) => ({
  UserId: caller.userId,
  Account: caller.account,
  Arn: caller.principalArn,
});

export const stsOperations: Readonly<Record<string, Operation<World>>> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
};

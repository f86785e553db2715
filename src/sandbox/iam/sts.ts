/** The imitated Security Token Service. */
import { AwsError, nextId, type Input, type Operation } from '../core.ts';
import { adminUserId } from '../caller.ts';
import { roleNamed } from './state.ts';
import { faultOf, text, type Members } from '../members.ts';
import type { Session, World } from '../world.ts';

const assumeRoleMembers: Members = {
  RoleArn: { kind: 'string', required: true, min: 20, max: 2048 },
  RoleSessionName: { kind: 'string', required: true, min: 2, max: 64, pattern: /^[\w+=,.@-]*$/ },
  DurationSeconds: { kind: 'string', pattern: /^\d{1,6}$/ },
  ExternalId: { kind: 'string', min: 2, max: 1224, pattern: /^[\w+=,.@:/-]*$/ },
};

const seconds = (input: Input): number => {
  const value = Number(text(input, 'DurationSeconds') || '3600');
  if (value >= 900 && value <= 43_200) return value;
  throw new AwsError('ValidationError', 'DurationSeconds must be between 900 and 43200.');
};

const denied = (principalArn: string, roleArn: string): AwsError =>
  new AwsError(
    'AccessDenied',
    `User: ${principalArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    { status: 403 },
  );

type Assumed = { readonly account: string; readonly name: string; readonly id: string; readonly maxSeconds: number };

/** The role every member account gets when it is created in an organization is there without anybody making it. */
const assumedRole = (world: World, arn: string): Assumed | undefined => {
  const [, account = '', path = '', name = ''] = /^arn:aws:iam::(\d{12}):role(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
  if (!Object.hasOwn(world.organizations.accounts, account)) return undefined;
  const role = roleNamed(world, account, name);
  if (role?.Path === path)
    return { account, name: role.RoleName, id: role.RoleId, maxSeconds: role.MaxSessionDuration };
  const builtIn =
    path === '/' && name === 'OrganizationAccountAccessRole' && account !== world.organizations.management;
  return builtIn ? { account, name, id: 'AROAORGANIZATIONACCES', maxSeconds: 3600 } : undefined;
};

const assumeRole: Operation<World> = (world, input, call) => {
  const fault = faultOf(input, assumeRoleMembers);
  if (fault) throw new AwsError('ValidationError', `The value of ${fault.member} breaks its rule: ${fault.rule}.`);
  const arn = text(input, 'RoleArn');
  const role = assumedRole(world, arn);
  if (!role) throw denied(call.principalArn, arn);
  const duration = seconds(input);
  if (duration > role.maxSeconds)
    throw new AwsError('ValidationError', 'DurationSeconds exceeds the MaxSessionDuration set for this role.');
  const session: Session = {
    account: role.account,
    principalArn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${text(input, 'RoleSessionName')}`,
    userId: `${role.id}:${text(input, 'RoleSessionName')}`,
  };
  const AccessKeyId = `ASIA${nextId(world.ids, 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`;
  world.sessions[AccessKeyId] = session;
  return {
    Credentials: {
      AccessKeyId,
      SecretAccessKey: nextId(world.ids, 40),
      SessionToken: nextId(world.ids, 64),
      Expiration: new Date(call.now + duration * 1000).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.principalArn },
  };
};

const getCallerIdentity: Operation<World> = (world, _input, call) => {
  const session = Object.values(world.sessions).find(({ principalArn }) => principalArn === call.principalArn);
  return { UserId: session?.userId ?? adminUserId, Account: call.account, Arn: call.principalArn };
};

export const stsOperations: Readonly<Record<string, Operation<World>>> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
};

/** Principals of Identity Center on IAM roles: made and deleted, never edited. */
import { concurrency, quotas } from '../../model/quotas.ts';
import type { CallInput, CallOutput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError, nextUuid } from '../core.ts';
import type { IamRole } from '../iam/state.ts';
import { own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { accountAccessIn, accessPage, accessTime, applicationNamed, invalidAccessInput } from './look.ts';
import type { AccessApplication, EntitledPrincipalId, SandboxEntitlement } from './state.ts';

type WantedEntitlement = { readonly principal: EntitledPrincipalId; readonly roleArn: string };

const principalRoleIn = (input: CallInput): WantedEntitlement => {
  const { principalRole } = input['entitlement'] as {
    readonly principalRole: {
      readonly principal: { readonly identityCenter: EntitledPrincipalId };
      readonly roleArn: string;
    };
  };
  return { principal: principalRole.principal.identityCenter, roleArn: principalRole.roleArn };
};

const requirePrincipal = ({ identityStore }: SandboxWorld, principal: EntitledPrincipalId): void => {
  const isThere =
    'groupId' in principal
      ? Object.hasOwn(identityStore.groups, principal.groupId)
      : Object.hasOwn(identityStore.users, principal.userId);
  if (!isThere) throw invalidAccessInput('The principal does not exist in the identity source.');
};

const accountIn = (roleArn: string): string => roleArn.split(':')[4] ?? '';

const roleAt = ({ iam }: SandboxWorld, arn: string): IamRole | undefined => {
  const account = own(iam, accountIn(arn));
  return Object.values(account?.roles ?? {}).find((role) => role.Arn === arn);
};

type TrustStatement = {
  readonly Effect?: string;
  readonly Principal?: '*' | { readonly Service?: string | readonly string[] };
  readonly Action?: string | readonly string[];
};

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

const covers = (pattern: string, action: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    'i',
  ).test(action);

/** What a role's trust must allow account-access.amazonaws.com (IAM User Guide, "Prepare your IAM roles"). */
const trusts = ({ AssumeRolePolicyDocument }: IamRole): boolean => {
  const { Statement } = JSON.parse(AssumeRolePolicyDocument) as {
    Statement: TrustStatement | readonly TrustStatement[];
  };
  const all = Array.isArray(Statement) ? (Statement as readonly TrustStatement[]) : [Statement as TrustStatement];
  const ours = all.filter(
    ({ Effect, Principal }) =>
      Effect === 'Allow' &&
      typeof Principal === 'object' &&
      listed(Principal.Service).includes('account-access.amazonaws.com'),
  );
  return ['sts:AssumeRole', 'sts:SetContext'].every((action) =>
    ours.some((statement) => listed(statement.Action).some((pattern) => covers(pattern, action))),
  );
};

/** A role that was made or edited a moment ago is not known everywhere: the words are those that terraform waits for. */
const requireRole = (world: SandboxWorld, roleArn: string, { now }: SandboxCall): void => {
  const role = roleAt(world, roleArn);
  const isKnown = role !== undefined && Date.parse(role.CreateDate) + world.settings.principalDelayMs <= now;
  if (!isKnown || !trusts(role)) throw invalidAccessInput(`Error while verifying role ${roleArn}`);
};

/** "Quotas and limits in account access manager". */
const requireRoom = ({ entitlements }: AccessApplication, { principal, roleArn }: WantedEntitlement): void => {
  if (!('groupId' in principal)) return;
  const groups = entitlements.filter((one) => one.roleArn === roleArn && 'groupId' in one.principal);
  if (groups.length >= quotas.groupsPerRole)
    throw new AwsError('ServiceQuotaExceededException', `Role ${roleArn} has the maximum number of groups.`, {
      status: 402,
    });
};

/** A write is carried out while others are: no more than so many of them. */
const begin = (world: SandboxWorld, { now }: SandboxCall): void => {
  const state = accountAccessIn(world);
  const open = state.outstanding.filter((due) => due > now);
  if (open.length >= concurrency.outstandingEntitlements)
    throw new AwsError('ThrottlingException', 'There are too many requests processing. Please try again later.', {
      status: 429,
    });
  const wait = world.settings.latencyMs.assignment;
  state.outstanding = wait > 0 ? [...open, now + wait] : open;
};

const isOf = (one: SandboxEntitlement, { principal, roleArn }: WantedEntitlement): boolean =>
  one.roleArn === roleArn && JSON.stringify(one.principal) === JSON.stringify(principal);

/** "This operation is idempotent." */
const createEntitlement: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const application = applicationNamed(world, input, { call });
  if (application.activeAt > call.now)
    throw new AwsError('ConflictException', 'The application is not active.', { status: 409 });
  const wanted = principalRoleIn(input);
  const there = application.entitlements.find((one) => isOf(one, wanted));
  if (there) return { entitlementId: there.id };
  requirePrincipal(world, wanted.principal);
  requireRole(world, wanted.roleArn, call);
  requireRoom(application, wanted);
  begin(world, call);
  const id = nextUuid(accountAccessIn(world).ids);
  application.entitlements = [...application.entitlements, { id, ...wanted, createdAt: call.now }];
  return { entitlementId: id };
};

/** The reference calls it idempotent; what AWS answers is in the tests of terraform-provider-aws. */
const deleteEntitlement: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const application = applicationNamed(world, input, { call });
  const id = textMember(input, 'entitlementId');
  if (!application.entitlements.some((one) => one.id === id)) throw invalidAccessInput('Entitlement not found');
  begin(world, call);
  application.entitlements = application.entitlements.filter((one) => one.id !== id);
  return {};
};

const shown = ({ organizations }: SandboxWorld, { principal, roleArn }: SandboxEntitlement): CallOutput => {
  const account = accountIn(roleArn);
  const accountName = own(organizations.accounts, account)?.Name;
  return {
    principalRole: {
      principal: { identityCenter: principal },
      roleArn,
      account,
      ...(accountName === undefined ? {} : { accountName }),
    },
  };
};

const getEntitlement: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const application = applicationNamed(world, input, { call });
  const found = application.entitlements.find(({ id }) => id === textMember(input, 'entitlementId'));
  if (!found) throw invalidAccessInput('Entitlement not found');
  return {
    applicationArn: application.arn,
    entitlementId: found.id,
    entitlement: shown(world, found),
    createdAt: accessTime(found.createdAt),
  };
};

type WantedRole = {
  readonly principal?: { readonly identityCenter?: EntitledPrincipalId };
  readonly roleArn?: string;
  readonly account?: string;
};

/** "All specified criteria must match." */
const meets = (one: SandboxEntitlement, { principal, roleArn, account }: WantedRole): boolean =>
  (principal?.identityCenter === undefined ||
    JSON.stringify(one.principal) === JSON.stringify(principal.identityCenter)) &&
  (roleArn === undefined || one.roleArn === roleArn) &&
  (account === undefined || accountIn(one.roleArn) === account);

const listEntitlements: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { entitlements } = applicationNamed(world, input, { call });
  const { principalRole = {} } = input['filter'] as { readonly principalRole?: WantedRole };
  const rows = entitlements
    .filter((one) => meets(one, principalRole))
    .map((one) => ({ entitlementId: one.id, entitlement: shown(world, one), createdAt: accessTime(one.createdAt) }));
  return accessPage('entitlements', rows, input);
};

export const entitlementOperations: WorldOperations = {
  CreateEntitlement: createEntitlement,
  DeleteEntitlement: deleteEntitlement,
  GetEntitlement: getEntitlement,
  ListEntitlements: listEntitlements,
};

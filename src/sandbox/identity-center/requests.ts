/** Identity Center's asynchronous work: begun at once, carried out when it is due, remembered with its outcome. */
import { concurrency } from '../../model/quotas.ts';
import type { SandboxCall, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError, nextUuid } from '../core.ts';
import { present, requiredInput, seconds, structure, word } from './input.ts';
import { ssoConflict, instanceOf, ssoNotFound, uuidRule } from './lookup.ts';
import { paged } from './page.ts';
import { missingPolicy, removeReservedRole, provisionedRoleIn, writeReservedRole } from './roles.ts';
import type { SsoAssignment, AssignmentRequest, ProvisioningRequest, SsoRequest, SsoState } from './state.ts';
import type { SandboxWorld } from '../world.ts';

const remembered = 7 * 86_400_000;

const sameAssignment = (one: SsoAssignment, other: SsoAssignment): boolean =>
  one.permissionSetArn === other.permissionSetArn &&
  one.accountId === other.accountId &&
  one.principalType === other.principalType &&
  one.principalId === other.principalId;

const unusableAccount = (world: SandboxWorld, accountId: string): string | null => {
  const account = world.organizations.accounts[accountId];
  if (!account) return `Received a 404 status error: AWS account ${accountId} is not part of the organization.`;
  if (account.State === 'ACTIVE') return null;
  return `Received a 403 status error: AWS account ${accountId} is ${account.State}.`;
};

const missingPrincipal = (world: SandboxWorld, { principalType, principalId }: SsoAssignment): string | null => {
  const known = principalType === 'GROUP' ? world.identityStore.groups : world.identityStore.users;
  return Object.hasOwn(known, principalId)
    ? null
    : `Received a 404 status error: ${principalType} ${principalId} was not found in the identity store.`;
};

/** Every attempt answers why it failed, null when it did not. */
const create = (world: SandboxWorld, { assignment, requestId, dueAt }: AssignmentRequest): string | null => {
  const set = world.sso.permissionSets[assignment.permissionSetArn];
  if (!set) return 'Received a 404 status error: PermissionSet not found.';
  const reason =
    unusableAccount(world, assignment.accountId) ??
    missingPrincipal(world, assignment) ??
    missingPolicy(world, assignment.accountId, set.definition);
  if (reason !== null) return reason;
  writeReservedRole(world, set, { accountId: assignment.accountId, now: dueAt, request: requestId });
  if (!world.sso.assignments.some((row) => sameAssignment(row, assignment))) world.sso.assignments.push(assignment);
  return null;
};

const remove = (world: SandboxWorld, { assignment }: AssignmentRequest): string | null => {
  const { sso } = world;
  const rest = sso.assignments.filter((row) => !sameAssignment(row, assignment));
  if (rest.length === sso.assignments.length) return 'Received a 404 status error: Assignment not found.';
  const reason = unusableAccount(world, assignment.accountId);
  if (reason !== null) return reason;
  sso.assignments = rest;
  const { permissionSetArn, accountId } = assignment;
  if (!rest.some((row) => row.permissionSetArn === permissionSetArn && row.accountId === accountId))
    removeReservedRole(world, permissionSetArn, accountId);
  return null;
};

const provisionOne = (world: SandboxWorld, request: ProvisioningRequest, accountId: string): string | null => {
  const set = world.sso.permissionSets[request.permissionSetArn];
  if (!set || !provisionedRoleIn(world, set.arn, accountId))
    return 'Received a 404 status error: Permission set provision not found in AWS account.';
  const reason = unusableAccount(world, accountId) ?? missingPolicy(world, accountId, set.definition);
  if (reason === null) writeReservedRole(world, set, { accountId, now: request.dueAt, request: request.requestId });
  return reason;
};

/** An account that fails does not keep the others from being provisioned. */
const provision = (world: SandboxWorld, request: ProvisioningRequest): string | null =>
  request.accountIds.map((accountId) => provisionOne(world, request, accountId)).find((reason) => reason !== null) ??
  null;

const carryOut = (world: SandboxWorld, request: SsoRequest): string | null => {
  switch (request.kind) {
    case 'creation':
      return create(world, request);
    case 'deletion':
      return remove(world, request);
    case 'provisioning':
      return provision(world, request);
  }
};

/** Carries out what is due at `now`, in the order in which it falls due. */
export const settleSso = (world: SandboxWorld, now: number): void => {
  const due = world.sso.requests.filter((request) => request.status === 'IN_PROGRESS' && request.dueAt <= now);
  for (const request of due.sort((one, other) => one.dueAt - other.dueAt)) {
    request.failureReason = carryOut(world, request);
    request.status = request.failureReason === null ? 'SUCCEEDED' : 'FAILED';
  }
  const forgotten = (request: SsoRequest): boolean => request.createdDate < now - remembered;
  if (world.sso.requests.some(forgotten))
    world.sso.requests = world.sso.requests.filter((request) => !forgotten(request));
};

const running = (sso: SsoState): readonly SsoRequest[] => sso.requests.filter(({ status }) => status === 'IN_PROGRESS');

/** The wording of AWS's answer when too many operations of a kind are outstanding. */
const tooMany = (): AwsError =>
  new AwsError('ThrottlingException', 'There are too many requests processing. Please try again later.');

const outstanding = {
  creation: concurrency.outstandingAssignments,
  deletion: Infinity,
  provisioning: concurrency.outstandingProvisions,
};

const accountsOf = (request: SsoRequest): readonly string[] =>
  request.kind === 'provisioning' ? request.accountIds : [request.assignment.accountId];

/** AWS updates one permission set's role in an account at a time (Identity Center quotas page). */
const refuseBusyAccount = (sso: SsoState, request: SsoRequest): void => {
  const accounts = accountsOf(request);
  const busy = running(sso).find(
    (other) =>
      other.permissionSetArn !== request.permissionSetArn &&
      accountsOf(other).some((accountId) => accounts.includes(accountId)),
  );
  if (busy)
    throw ssoConflict(
      `Another permission set is being updated in AWS account ${accountsOf(busy).join(', ')}. Please try again later.`,
    );
};

type NewRequest = Pick<SsoRequest, 'permissionSetArn'> &
  (Pick<AssignmentRequest, 'kind' | 'assignment'> | Pick<ProvisioningRequest, 'kind' | 'target' | 'accountIds'>);

/** Takes a request in, IN_PROGRESS, or refuses it: ThrottlingException, ConflictException. */
export const begin = (world: SandboxWorld, fresh: NewRequest, call: SandboxCall): SsoRequest => {
  const { latencyMs } = world.settings;
  const latency = fresh.kind === 'provisioning' ? latencyMs.provisioning : latencyMs.assignment;
  const request: SsoRequest = {
    ...fresh,
    requestId: nextUuid(world.ids),
    createdDate: call.now,
    dueAt: call.now + latency,
    status: 'IN_PROGRESS',
    failureReason: null,
  };
  if (running(world.sso).filter(({ kind }) => kind === request.kind).length >= outstanding[request.kind])
    throw tooMany();
  refuseBusyAccount(world.sso, request);
  world.sso.requests.push(request);
  return request;
};

const brief = (request: SsoRequest): CallOutput => ({
  Status: request.status,
  RequestId: request.requestId,
  CreatedDate: seconds(request.createdDate),
});

/** A request's status object, as the operation that began it and the Describe operations answer it. */
export const statusOf = (request: SsoRequest): CallOutput =>
  present({
    ...brief(request),
    FailureReason: request.failureReason,
    PermissionSetArn: request.permissionSetArn,
    ...(request.kind === 'provisioning'
      ? { AccountId: request.target }
      : {
          TargetId: request.assignment.accountId,
          TargetType: 'AWS_ACCOUNT',
          PrincipalType: request.assignment.principalType,
          PrincipalId: request.assignment.principalId,
        }),
  });

const describe =
  (kind: SsoRequest['kind'], member: { id: string; status: string }): SandboxOperation<SandboxWorld> =>
  (world, input) => {
    const { requests } = instanceOf(world, input);
    const id = requiredInput(input, member.id, uuidRule);
    const request = requests.find((known) => known.requestId === id && known.kind === kind);
    if (!request) throw ssoNotFound(`Could not find a request with id ${id}`);
    return { [member.status]: statusOf(request) };
  };

const statuses = ['IN_PROGRESS', 'FAILED', 'SUCCEEDED'] as const;

const listStatuses =
  (kind: SsoRequest['kind'], member: string): SandboxOperation<SandboxWorld> =>
  (world, input) => {
    const { requests } = instanceOf(world, input);
    const filter = structure(input, 'Filter');
    const status = filter && filter['Status'] !== undefined ? word(filter, 'Status', statuses) : null;
    const rows = requests.filter((known) => known.kind === kind && (status === null || known.status === status));
    return paged(input, member, rows.reverse().map(brief));
  };

export const statusOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  DescribeAccountAssignmentCreationStatus: describe('creation', {
    id: 'AccountAssignmentCreationRequestId',
    status: 'AccountAssignmentCreationStatus',
  }),
  DescribeAccountAssignmentDeletionStatus: describe('deletion', {
    id: 'AccountAssignmentDeletionRequestId',
    status: 'AccountAssignmentDeletionStatus',
  }),
  DescribePermissionSetProvisioningStatus: describe('provisioning', {
    id: 'ProvisionPermissionSetRequestId',
    status: 'PermissionSetProvisioningStatus',
  }),
  ListAccountAssignmentCreationStatus: listStatuses('creation', 'AccountAssignmentsCreationStatus'),
  ListAccountAssignmentDeletionStatus: listStatuses('deletion', 'AccountAssignmentsDeletionStatus'),
  ListPermissionSetProvisioningStatus: listStatuses('provisioning', 'PermissionSetsProvisioningStatus'),
};

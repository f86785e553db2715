/** Accounts that are made, closed and removed: AWS does the first two in the background. */
import type { SandboxOperation, CallOutput } from '../core.ts';
import { AwsError, nextId } from '../core.ts';
import { iamOf } from '../iam/state.ts';
import { optionalTextMember, textMember } from '../members.ts';
import { openCreated } from '../seed-accounts.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { attachDefaults, detachEverything } from './attach.ts';
import { accountIn, listOutput, missingFromOrganization } from './look.ts';
import { constraint, invalidOrganizationsInput } from './refusal.ts';
import type { OrganizationAccount, AccountRequest, OrganizationsState } from './state.ts';
import { organizationTagsIn } from './tags.ts';

const day = 86_400_000;

const requestsOf = (state: OrganizationsState): AccountRequest[] => (state.accountRequests ??= []);

const latencyOf = ({ settings }: SandboxWorld): number => settings.latencyMs.account ?? 0;

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

const outcomeOutput = ({ outcome, doneAt }: AccountRequest): CallOutput => {
  if (outcome === undefined) return { State: 'IN_PROGRESS' };
  const done = { CompletedTimestamp: seconds(doneAt) };
  if ('failure' in outcome) return { State: 'FAILED', FailureReason: outcome.failure, ...done };
  return { State: 'SUCCEEDED', AccountId: outcome.accountId, ...done };
};

const requestOutput = (request: AccountRequest): CallOutput => ({
  Id: request.Id,
  AccountName: request.name,
  RequestedTimestamp: seconds(request.askedAt),
  ...outcomeOutput(request),
});

const createAccount: SandboxOperation<SandboxWorld> = (world, input, { now }) => {
  const roleName = optionalTextMember(input, 'RoleName') ?? 'OrganizationAccountAccessRole';
  if (roleName.startsWith('AWSServiceRoleFor'))
    throw invalidOrganizationsInput('INVALID_ROLE_NAME', 'You provided a role name that is not valid.');
  const request: AccountRequest = {
    Id: `car-${nextId(world.ids, 32)}`,
    name: textMember(input, 'AccountName'),
    email: textMember(input, 'Email'),
    roleName,
    tags: organizationTagsIn(input),
    askedAt: now,
    doneAt: now + latencyOf(world),
  };
  requestsOf(world.organizations).push(request);
  return { CreateAccountStatus: requestOutput(request) };
};

const freshId = ({ organizations, ids }: SandboxWorld): string => {
  for (;;) {
    const id = nextId(ids, 12, '0123456789');
    if (!Object.hasOwn(organizations.accounts, id)) return id;
  }
};

const hasEmail = ({ accounts }: OrganizationsState, email: string): boolean =>
  Object.values(accounts).some((account) => account.Email.toLowerCase() === email.toLowerCase());

const made = (world: SandboxWorld, request: AccountRequest): NonNullable<AccountRequest['outcome']> => {
  const { organizations: state, ids, iam } = world;
  if (hasEmail(state, request.email)) return { failure: 'EMAIL_ALREADY_EXISTS' };
  const Id = freshId(world);
  state.accounts[Id] = {
    Id,
    Name: request.name,
    Email: request.email,
    State: 'ACTIVE',
    JoinedMethod: 'CREATED',
    JoinedTimestamp: seconds(request.doneAt),
    parent: state.rootId,
  };
  if (request.tags.length > 0) state.tags[Id] = [...request.tags];
  attachDefaults(state, Id, request.doneAt);
  iamOf(world, Id).root = { created: new Date(request.doneAt).toISOString(), mfa: false, keys: [] };
  openCreated({ iam, ids, management: state.management }, Id, { name: request.roleName, now: request.doneAt });
  return { accountId: Id };
};

/** "You can't reopen an account 90 days after you close it": then it is closed for good. */
const closedFor = (account: OrganizationAccount, now: number): void => {
  if (account.closing === undefined || account.closing.doneAt > now) return;
  account.State = account.closing.doneAt + 90 * day <= now ? 'CLOSED' : 'SUSPENDED';
};

/** Carries out what is due at `now`. */
export const settleAccounts = (world: SandboxWorld, now: number): void => {
  const { organizations: state } = world;
  for (const account of Object.values(state.accounts)) closedFor(account, now);
  for (const request of state.accountRequests ?? [])
    if (request.outcome === undefined && request.doneAt <= now) request.outcome = made(world, request);
};

const describeStatus: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const request = requestsOf(state).find(({ Id }) => Id === textMember(input, 'CreateAccountRequestId'));
  if (request) return { CreateAccountStatus: requestOutput(request) };
  throw missingFromOrganization(
    'CreateAccountStatusNotFoundException',
    "We can't find an create account request with the CreateAccountRequestId that you specified.",
  );
};

const listStatuses: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const wanted: readonly unknown[] = Array.isArray(input['States']) ? input['States'] : [];
  const rows = requestsOf(state)
    .map(requestOutput)
    .filter(({ State }) => wanted.length === 0 || wanted.includes(State));
  return listOutput('CreateAccountStatuses', rows, input);
};

/** "Within a rolling 30 day period", the higher of 250 and 20 % of the members, and never more than 1,000. */
const closureQuota = ({ accounts }: OrganizationsState): number =>
  Math.min(1_000, Math.max(250, Math.floor((Object.keys(accounts).length - 1) / 5)));

/** "Quotas and service limits": member accounts that can be closed at the same time. */
const closuresAtATime = 3;

const refuseManyClosures = (state: OrganizationsState, now: number): void => {
  const closures = Object.values(state.accounts).flatMap(({ closing }) => (closing === undefined ? [] : [closing]));
  if (closures.filter(({ doneAt }) => doneAt > now).length >= closuresAtATime)
    throw constraint(
      'CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED',
      'You have exceeded the number of accounts that you can close at a time.',
    );
  if (closures.filter(({ askedAt }) => askedAt > now - 30 * day).length >= closureQuota(state))
    throw constraint('CLOSE_ACCOUNT_QUOTA_EXCEEDED', 'You have exceeded close account quota for the past 30 days.');
};

const closeAccount: SandboxOperation<SandboxWorld> = (world, input, { now }) => {
  const { organizations: state } = world;
  const account = accountIn(state, input);
  if (account.Id === state.management)
    throw constraint('CANNOT_CLOSE_MANAGEMENT_ACCOUNT', 'You cannot close the management account.');
  if (account.State === 'SUSPENDED' || account.State === 'CLOSED')
    throw new AwsError('AccountAlreadyClosedException', 'The provided account is already closed.');
  if (account.State !== 'ACTIVE')
    throw new AwsError('ConflictException', 'The request conflicts with the current state of the account.');
  refuseManyClosures(state, now);
  account.State = 'PENDING_CLOSURE';
  account.closing = { askedAt: now, doneAt: now + latencyOf(world) };
  return {};
};

/** "Minimum age for removal of created accounts" ("Quotas and service limits"). */
const removalAge = 7 * day;

const refuseToLeave = (state: OrganizationsState, account: OrganizationAccount, now: number): void => {
  if (account.Id === state.management)
    throw new AwsError(
      'MasterCannotLeaveOrganizationException',
      "You can't remove a management account from an organization.",
    );
  if (state.delegatedAdministrators.some((delegate) => delegate.account === account.Id))
    throw constraint(
      'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
      'You must deregister the account as a delegated administrator before you remove it.',
    );
  if (account.JoinedMethod === 'CREATED' && account.JoinedTimestamp * 1000 > now - removalAge)
    throw constraint('WAIT_PERIOD_ACTIVE', 'A created account can be removed seven days after its creation.');
};

const leave = (state: OrganizationsState, account: OrganizationAccount, now: number): CallOutput => {
  refuseToLeave(state, account, now);
  detachEverything(state, account.Id);
  Reflect.deleteProperty(state.tags, account.Id);
  Reflect.deleteProperty(state.accounts, account.Id);
  return {};
};

export const organizationAccountOperations: WorldOperations = {
  CreateAccount: createAccount,
  DescribeCreateAccountStatus: describeStatus,
  ListCreateAccountStatus: listStatuses,
  CloseAccount: closeAccount,
  RemoveAccountFromOrganization: ({ organizations: state }, input, { now }) =>
    leave(state, accountIn(state, input), now),
  LeaveOrganization: ({ organizations: state }, _input, { account, now }) =>
    leave(state, accountIn(state, { AccountId: account }), now),
};

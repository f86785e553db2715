/** What an event of CloudTrail may have changed. An event that is not known here makes its whole service stale. */
import type { AccountId } from '../../model/resource.ts';
import { setEditEvents, textAt } from '../trace-events.ts';
import type { TrailRecord } from '../trace-events.ts';
import { keptOperations } from './kept.ts';
import type { KeptGroup } from './kept.ts';
import { allStale, staleIam, staleWhere } from './stale-rules.ts';
import type { StaleRule } from './stale-rules.ts';

type EventReader = (event: TrailRecord) => readonly StaleRule[];
type EventTable = Readonly<Record<string, EventReader>>;

/** Where the request does not name it, all of them. */
const where =
  (groups: readonly KeptGroup[], ...members: readonly string[]): EventReader =>
  ({ request }) => {
    const named = members.map((member) => textAt(request, member)).filter((id) => id !== '');
    return [staleWhere(groups, ...(named.length === members.length ? named : []))];
  };

/** What is there is listed anew whatever happened. */
const listed: EventReader = () => [];
const everything: EventReader = () => [allStale];

const tableOf = (names: readonly string[], reader: EventReader): EventTable =>
  Object.fromEntries(names.map((name) => [name, reader]));

/** AWS attaches it to every root, OU and account that comes (Organizations user guide, "SCP effects on permissions"). */
const newcomer: EventReader = () => [staleWhere(['targets'], 'p-FullAWSAccess')];

const organizationsEvents: EventTable = {
  ...tableOf(['AttachPolicy', 'DetachPolicy'], where(['targets'], 'policyId')),
  UpdatePolicy: where(['policies'], 'policyId'),
  ...tableOf(['TagResource', 'UntagResource'], where(['tags'], 'resourceId')),
  CreateOrganizationalUnit: (event) => [...where(['ous'], 'parentId')(event), ...newcomer(event)],
  ...tableOf(['UpdateOrganizationalUnit', 'DeleteOrganizationalUnit'], where(['ous'], 'organizationalUnitId')),
  ...tableOf(['CreateAccount', 'CreateGovCloudAccount', 'CreateAccountResult'], newcomer),
  // An account that comes back has none of the policies that it had.
  ...tableOf(
    ['RemoveAccountFromOrganization', 'LeaveOrganization', 'InviteAccountToOrganization', 'AcceptHandshake'],
    where(['targets']),
  ),
  // What is switched off is taken off everything.
  ...tableOf(['EnablePolicyType', 'DisablePolicyType'], where(['targets'])),
  ...tableOf(
    [
      'CreatePolicy',
      'DeletePolicy',
      'MoveAccount',
      'CloseAccount',
      'CloseAccountResult',
      'CancelHandshake',
      'DeclineHandshake',
      'EnableAWSServiceAccess',
      'DisableAWSServiceAccess',
    ],
    listed,
  ),
  // From then on others may write, or no longer: whose events have to be asked for was another question before.
  ...tableOf(
    ['RegisterDelegatedAdministrator', 'DeregisterDelegatedAdministrator', 'PutResourcePolicy', 'DeleteResourcePolicy'],
    everything,
  ),
};

const ofSet = where(['sets', 'provisioning'], 'permissionSetArn');
/** By account, the answer with the former versions names only the sets that had one. */
const setEdit: EventReader = (event) => [...ofSet(event), staleWhere(['provisionedTo'])];

const assignmentEdit: EventReader = (event) => [
  ...where(['assignments'], 'targetId', 'permissionSetArn')(event),
  ...where(['assignments'], 'principalId')(event),
  ...where(['provisioning'], 'permissionSetArn')(event),
  ...where(['provisionedTo'])(event),
];

const ssoEvents: EventTable = {
  ...tableOf([...setEditEvents, 'ProvisionPermissionSet'], setEdit),
  ...tableOf(['CreateAccountAssignment', 'DeleteAccountAssignment'], assignmentEdit),
  ...tableOf(['TagResource', 'UntagResource'], where(['setTags'], 'resourceArn')),
  ...tableOf(['CreatePermissionSet', 'DeletePermissionSet'], listed),
  // People who sign in at the portal (Identity Center user guide, "Logging IAM Identity Center API calls with AWS CloudTrail").
  ...tableOf(
    ['Authenticate', 'Federate', 'Logout', 'CreateToken', 'RegisterClient', 'StartDeviceAuthorization'],
    listed,
  ),
};

const inGroup = where(['memberships'], 'groupId');

const storeEvents: EventTable = {
  ...tableOf(['CreateGroupMembership', 'AddMemberToGroup', 'RemoveMemberFromGroup'], inGroup),
  // The group of it is the one whose recorded members have it, if any.
  DeleteGroupMembership: where(['memberships'], 'membershipId'),
  ...tableOf(['CreateUser', 'UpdateUser', 'DeleteUser', 'CreateGroup', 'UpdateGroup', 'DeleteGroup'], listed),
  ...tableOf(['EnableUser', 'DisableUser', 'UpdatePassword', 'UserAuthentication'], listed),
};

/** They change nothing that is read of IAM. */
const iamAside = new Set([
  'GenerateCredentialReport',
  'GenerateServiceLastAccessedDetails',
  'GenerateOrganizationsAccessReport',
  'ChangePassword',
  'CreateAccessKey',
  'UpdateAccessKey',
  'DeleteAccessKey',
  'CreateServiceLinkedRole',
  'DeleteServiceLinkedRole',
]);

const centralName = 'sso.amazonaws.com';

/** Identity Center provisions roles that are not read; only AWS itself writes who invoked a call. */
const isProvisioning = ({ whole, request }: TrailRecord): boolean =>
  textAt(whole, 'userIdentity', 'invokedBy') === centralName &&
  textAt(request, 'roleName').startsWith('AWSReservedSSO_');

/**
 * A policy that names a role or user says its id instead once it is gone, wherever that policy is (IAM user guide, "AWS JSON
 * policy elements: Principal"). IAM gives documents encoded.
 */
const named = (account: AccountId, principal: string): readonly StaleRule[] =>
  [...new Set([principal, encodeURIComponent(principal)])].map((name) =>
    staleWhere(['iam', 'resourcePolicies'], account, name),
  );

const goneWith = ({ name, request }: TrailRecord, account: AccountId): readonly StaleRule[] => {
  if (/^Delete(ServiceLinked)?Role$/.test(name)) return named(account, textAt(request, 'roleName'));
  return name === 'DeleteUser' ? named(account, textAt(request, 'userName')) : [];
};

const iamEvent: EventReader = (event) => {
  const account = textAt(event.whole, 'recipientAccountId');
  const gone = goneWith(event, account);
  if (iamAside.has(event.name) || isProvisioning(event)) return gone;
  return account === '' ? [{ operations: keptOperations.iam }, ...gone] : [staleIam(account), ...gone];
};

const service =
  (table: EventTable, groups: readonly KeptGroup[]): EventReader =>
  (event) =>
    (Object.hasOwn(table, event.name) ? table[event.name] : undefined)?.(event) ?? [staleWhere(groups)];

const ofSso: readonly KeptGroup[] = ['sets', 'setTags', 'provisioning', 'provisionedTo', 'assignments'];

const sources: EventTable = {
  'organizations.amazonaws.com': service(organizationsEvents, ['ous', 'tags', 'policies', 'targets']),
  [centralName]: service(ssoEvents, ofSso),
  'identitystore.amazonaws.com': service(storeEvents, ['memberships']),
  'sso-directory.amazonaws.com': service(storeEvents, ['memberships']),
  'identitystore-scim.amazonaws.com': () => [staleWhere(['memberships'])],
  'iam.amazonaws.com': iamEvent,
};

/** IAM's role manager makes roles by one call of its own, whose source is not documented. */
const madeElsewhere = new Set(['AcquireRole']);

/** Nothing for an event of a service whose answers are not kept. */
export const movedBy = (event: TrailRecord): readonly StaleRule[] => {
  const source = textAt(event.whole, 'eventSource');
  if (madeElsewhere.has(event.name)) return iamEvent(event);
  return (Object.hasOwn(sources, source) ? sources[source] : undefined)?.(event) ?? [];
};

/** Where in the event history a difference would be found: which calls make it, in which account and Region. */
import type { Change } from '../model/plan.ts';
import { subjectOf } from '../model/plan.ts';
import { controlPolicyKey, isControlPolicy, keyOf } from '../model/resource.ts';
import type {
  AccountId,
  Assignment,
  Attachment,
  Entitlement,
  Key,
  Resource,
  ResourcePolicy,
} from '../model/resource.ts';
import { directoryId } from './ids.ts';
import type { AwsIds } from './ids.ts';
import { principalId, targetId } from './ids.ts';
import { setEditEvents, textAt } from './trace-events.ts';
import type { TrailRecord } from './trace-events.ts';

/** One question to LookupEvents: it takes one attribute. */
export type TrailLookup = {
  readonly account: AccountId;
  readonly region: string;
  readonly attribute: 'EventName' | 'ResourceName';
  readonly value: string;
};

export type TrailQuestion = {
  readonly key: Key;
  readonly lookups: readonly TrailLookup[];
  readonly isIt: (record: TrailRecord) => boolean;
};

/** `region` is Identity Center's, `caller` the account whose history is asked for what is not one account's own. */
export type TraceContext = { readonly ids: AwsIds; readonly region: string; readonly caller: AccountId };

/** Global services write their events there ("Global service events"). */
const globalRegion = 'us-east-1';

type TracedCalls = {
  readonly events: readonly string[];
  readonly isIt: (record: TrailRecord) => boolean;
  readonly region: string;
};

/** What somebody did: made what is in AWS and not in Git, altered it, or took away what is in Git. */
type TracedAction = 'made' | 'altered' | 'removed';

const deedOf = ({ action }: Change): TracedAction => {
  if (action === 'update') return 'altered';
  return action === 'delete' ? 'made' : 'removed';
};

const has = (record: TrailRecord, wanted: Readonly<Record<string, string | undefined>>): boolean =>
  Object.entries(wanted).every(([name, value]) => value !== undefined && textAt(record.request, name) === value);

/** Undefined where AWS has nothing of that name. */
const orNone = (id: () => string): string | undefined => {
  try {
    return id();
  } catch {
    return undefined;
  }
};

const assignmentCalls = (one: Assignment, deed: TracedAction, { ids, region }: TraceContext): TracedCalls => {
  const wanted = {
    targetId: ids.accounts.get(one.account),
    permissionSetArn: ids.permissionSets.get(one.permissionSet),
    principalId: orNone(() => principalId(ids, one.principal)),
  };
  const events = deed === 'removed' ? ['DeleteAccountAssignment'] : ['CreateAccountAssignment'];
  return { events, region, isIt: (record) => has(record, wanted) };
};

/** Of a deletion the record names an id that nobody knows any more. */
const entitlementCalls = (
  { principal, role, account }: Entitlement,
  deed: TracedAction,
  { ids, region }: TraceContext,
): TracedCalls => {
  if (deed === 'removed') return { events: ['DeleteEntitlement'], region, isIt: () => false };
  const id = orNone(() => principalId(ids, principal));
  const arn = `arn:aws:iam::${ids.accounts.get(account)}:role/${role}`;
  const at = (record: TrailRecord, ...path: readonly string[]) =>
    textAt(record.request, 'entitlement', 'principalRole', ...path);
  const whose = ['principal', 'identityCenter', principal.type === 'group' ? 'groupId' : 'userId'];
  return {
    events: ['CreateEntitlement'],
    region,
    isIt: (record) => id !== undefined && at(record, 'roleArn') === arn && at(record, ...whose) === id,
  };
};

const setEdits: readonly string[] = [...setEditEvents, 'TagResource', 'UntagResource'];

const setCalls = (name: string, deed: TracedAction, { ids, region }: TraceContext): TracedCalls => {
  if (deed === 'made') return { events: ['CreatePermissionSet'], region, isIt: (record) => has(record, { name }) };
  if (deed === 'removed') return { events: ['DeletePermissionSet'], region, isIt: () => false };
  const arn = ids.permissionSets.get(name);
  const isIt = (record: TrailRecord): boolean =>
    has(record, { permissionSetArn: arn }) || has(record, { resourceArn: arn });
  return { events: setEdits, region, isIt };
};

const groupCalls = (name: string, deed: TracedAction, { ids, region }: TraceContext): TracedCalls => {
  if (deed === 'made') return { events: ['CreateGroup'], region, isIt: (record) => has(record, { displayName: name }) };
  const groupId = directoryId(ids.groups, name);
  return {
    events: deed === 'altered' ? ['UpdateGroup'] : ['DeleteGroup'],
    region,
    isIt: (record) => has(record, { groupId }),
  };
};

type MemberIds = { readonly group: string; readonly user: string };

/** The console's events are named otherwise than the API's; DeleteGroupMembership names neither group nor user. */
const membershipCalls = (
  { group, user }: MemberIds,
  deed: TracedAction,
  { ids, region }: TraceContext,
): TracedCalls => {
  const [groupId, userId] = [directoryId(ids.groups, group), directoryId(ids.users, user)];
  const isIt = (record: TrailRecord): boolean =>
    has(record, { groupId }) &&
    userId !== undefined &&
    [textAt(record.request, 'memberId', 'userId'), textAt(record.request, 'memberId')].includes(userId);
  const events = deed === 'removed' ? ['RemoveMemberFromGroup'] : ['CreateGroupMembership', 'AddMemberToGroup'];
  return { events, region, isIt };
};

const attachmentCalls = ({ policy, target }: Attachment, deed: TracedAction, { ids }: TraceContext): TracedCalls => {
  const wanted = {
    policyId: ids.policies.get(controlPolicyKey(policy)),
    targetId: orNone(() => targetId(ids, target)),
  };
  const events = deed === 'removed' ? ['DetachPolicy'] : ['AttachPolicy'];
  return { events, region: globalRegion, isIt: (record) => has(record, wanted) };
};

const ouCalls = (path: string, deed: TracedAction, { ids }: TraceContext): TracedCalls => {
  const id = ids.ous.get(path);
  const events = {
    made: ['CreateOrganizationalUnit'],
    altered: ['UpdateOrganizationalUnit'],
    removed: ['DeleteOrganizationalUnit'],
  }[deed];
  const isIt = (record: TrailRecord): boolean =>
    has(record, { organizationalUnitId: id }) ||
    (id !== undefined && textAt(record.response, 'organizationalUnit', 'id') === id);
  return { events, region: globalRegion, isIt };
};

const controlPolicyCalls = (key: Key, deed: TracedAction, { ids }: TraceContext): TracedCalls => {
  const id = ids.policies.get(key);
  if (deed === 'made')
    return {
      events: ['CreatePolicy'],
      region: globalRegion,
      isIt: ({ response }) => id !== undefined && textAt(response, 'policy', 'policySummary', 'id') === id,
    };
  const events = deed === 'altered' ? ['UpdatePolicy', 'TagResource', 'UntagResource'] : ['DeletePolicy'];
  const isIt = (record: TrailRecord): boolean => has(record, { policyId: id }) || has(record, { resourceId: id });
  return { events, region: globalRegion, isIt };
};

/** An instance has one configuration of them. */
const attributeEdits = ['Create', 'Update', 'Delete'].map(
  (verb) => `${verb}InstanceAccessControlAttributeConfiguration`,
);

/** Undefined for what lies in one account. */
const callsFor = (subject: Resource, deed: TracedAction, here: TraceContext): TracedCalls | undefined => {
  if (isControlPolicy(subject)) return controlPolicyCalls(keyOf(subject), deed, here);
  switch (subject.kind) {
    case 'assignment':
      return assignmentCalls(subject, deed, here);
    case 'entitlement':
      return entitlementCalls(subject, deed, here);
    case 'permission-set':
      return setCalls(subject.name, deed, here);
    case 'group':
      return groupCalls(subject.name, deed, here);
    case 'membership':
      return membershipCalls(subject, deed, here);
    case 'user':
      // DeleteUser names an id that nobody knows any more.
      return { events: ['DeleteUser'], region: here.region, isIt: () => false };
    case 'attachment':
      return attachmentCalls(subject, deed, here);
    case 'ou':
      return ouCalls(subject.path, deed, here);
    case 'account': {
      const accountId = here.ids.accounts.get(subject.name);
      return { events: ['MoveAccount'], region: globalRegion, isIt: (record) => has(record, { accountId }) };
    }
    case 'policy-type': {
      const events = deed === 'removed' ? ['DisablePolicyType'] : ['EnablePolicyType'];
      return { events, region: globalRegion, isIt: (record) => has(record, { policyType: subject.type }) };
    }
    case 'access-attributes':
      return { events: attributeEdits, region: here.region, isIt: () => true };
    case 'role':
    case 'policy':
    case 'oidc-provider':
    case 'resource-policy':
      return undefined;
  }
};

const lookupsOf = ({ events, region }: TracedCalls, account: AccountId): readonly TrailLookup[] =>
  events.map((value) => ({ account, region, attribute: 'EventName', value }));

/** Of IAM: what made, removed or altered a thing, by the beginning of its name. */
const ends: Readonly<Record<TracedAction, RegExp>> = {
  made: /^Create(Role|Policy|OpenIDConnectProvider)$/,
  removed: /^Delete(Role|Policy|OpenIDConnectProvider)$/,
  altered: /^(Update|Put|Delete|Attach|Detach|Tag|Untag|Add|Remove|CreatePolicyVersion|Set)/,
};

const named = (...values: readonly string[]): readonly Pick<TrailLookup, 'attribute' | 'value'>[] =>
  values.map((value) => ({ attribute: 'ResourceName', value }));

const providerEvents = ['Create', 'Delete', 'AddClientIDTo', 'RemoveClientIDFrom', 'Tag', 'Untag'].map((verb) => ({
  attribute: 'EventName' as const,
  value: `${verb}OpenIDConnectProvider`,
}));

type AccountTrace = {
  readonly ask: readonly Pick<TrailLookup, 'attribute' | 'value'>[];
  readonly isAbout: (record: TrailRecord) => boolean;
};

/** The calls that change the policy of a resource, by the service's prefix in its ARN, and the member that names the resource. */
const policyCalls: Readonly<Record<string, { readonly events: readonly string[]; readonly member: string }>> = {
  s3: { events: ['PutBucketPolicy', 'DeleteBucketPolicy'], member: 'bucketName' },
  sns: { events: ['SetTopicAttributes', 'AddPermission', 'RemovePermission'], member: 'topicArn' },
  kms: { events: ['PutKeyPolicy'], member: 'keyId' },
  secretsmanager: { events: ['PutResourcePolicy', 'DeleteResourcePolicy'], member: 'secretId' },
};

/** Callers name a key or a secret by its ARN or by the end of it. */
const ofResource = ({ resource }: ResourcePolicy): AccountTrace | undefined => {
  const [, , service = ''] = resource.split(':');
  const calls = policyCalls[service];
  if (calls === undefined) return undefined;
  const names = [resource, resource.split(':').at(-1) ?? '', resource.split(/[:/]/).at(-1) ?? ''];
  return {
    ask: calls.events.map((value) => ({ attribute: 'EventName' as const, value })),
    isAbout: (record) => names.some((name) => has(record, { [calls.member]: name })),
  };
};

/** The event history names the resources of IAM's events, so that one question finds everything about a role or policy. */
const inAccount = (subject: Resource, account: AccountId): AccountTrace | undefined => {
  if (subject.kind === 'role')
    return { ask: named(subject.name), isAbout: (record) => has(record, { roleName: subject.name }) };
  if (subject.kind === 'policy') {
    const policyArn = `arn:aws:iam::${account}:policy${subject.path}${subject.name}`;
    const isAbout = (record: TrailRecord): boolean =>
      has(record, { policyArn }) || has(record, { policyName: subject.name, path: subject.path });
    return { ask: named(subject.name, policyArn), isAbout };
  }
  if (subject.kind === 'resource-policy') return ofResource(subject);
  if (subject.kind !== 'oidc-provider') return undefined;
  const openIDConnectProviderArn = `arn:aws:iam::${account}:oidc-provider/${subject.host}`;
  const isAbout = (record: TrailRecord): boolean =>
    has(record, { openIDConnectProviderArn }) || has(record, { url: `https://${subject.host}` });
  return { ask: providerEvents, isAbout };
};

const accountOf = (subject: Resource, { ids }: TraceContext): AccountId | undefined =>
  'account' in subject ? ids.accounts.get(subject.account) : undefined;

/** Undefined when no id is known by which CloudTrail could be asked. */
export const trailQuestionOf = (change: Change, here: TraceContext): TrailQuestion | undefined => {
  const [subject, deed] = [subjectOf(change), deedOf(change)];
  const calls = callsFor(subject, deed, here);
  if (calls !== undefined) return { key: change.key, lookups: lookupsOf(calls, here.caller), isIt: calls.isIt };
  const account = accountOf(subject, here);
  const own = account === undefined ? undefined : inAccount(subject, account);
  if (account === undefined || own === undefined) return undefined;
  const isOfResource = subject.kind === 'resource-policy';
  const region = isOfResource ? subject.region : globalRegion;
  const lookups = own.ask.map((one) => ({ ...one, account, region }));
  // To put a policy makes, alters and removes it.
  const isDeed = (record: TrailRecord): boolean => isOfResource || ends[deed].test(record.name);
  return { key: change.key, lookups, isIt: (record) => isDeed(record) && own.isAbout(record) };
};

/** What CloudTrail's event history says of one call, and who made it. */
import type { Event } from '@aws-sdk/client-cloudtrail';
import type { Trace } from '../model/trace.ts';
import type { UnknownFields } from '../model/fields.ts';

/** A call that was carried out. */
export type TrailRecord = {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly request: UnknownFields;
  readonly response: UnknownFields;
  readonly whole: UnknownFields;
};

const fieldsOf = (value: unknown): UnknownFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as UnknownFields) : {};

const textOf = (fields: UnknownFields, name: string): string => {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value : '';
};

/** Calls that change what a permission set is, but for its tags. */
export const setEditEvents: readonly string[] = [
  'UpdatePermissionSet',
  'PutInlinePolicyToPermissionSet',
  'DeleteInlinePolicyFromPermissionSet',
  'AttachManagedPolicyToPermissionSet',
  'DetachManagedPolicyFromPermissionSet',
  'AttachCustomerManagedPolicyReferenceToPermissionSet',
  'DetachCustomerManagedPolicyReferenceFromPermissionSet',
  'PutPermissionsBoundaryToPermissionSet',
  'DeletePermissionsBoundaryFromPermissionSet',
];

/** The member at a path of names, as text; empty where there is none. */
export const textAt = (fields: UnknownFields, ...path: readonly [string, ...string[]]): string => {
  const inner = path.slice(0, -1).reduce<UnknownFields>((part, name) => fieldsOf(part[name]), fields);
  return textOf(inner, path.at(-1) ?? '');
};

/** A call that AWS refused changed nothing. */
export const eventIn = (text: string): TrailRecord | 'refused' | 'unreadable' => {
  let whole: UnknownFields;
  try {
    whole = fieldsOf(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
  if (whole['errorCode'] !== undefined) return 'refused';
  const at = Date.parse(textOf(whole, 'eventTime'));
  if (Number.isNaN(at)) return 'unreadable';
  return {
    name: textOf(whole, 'eventName'),
    at,
    request: fieldsOf(whole['requestParameters']),
    response: fieldsOf(whole['responseElements']),
    whole,
  };
};

/** Undefined for what cannot be read and for calls that AWS refused. */
export const recordOf = ({ CloudTrailEvent = '' }: Event): TrailRecord | undefined => {
  const event = eventIn(CloudTrailEvent);
  return typeof event === 'string' ? undefined : event;
};

/** `AWSReservedSSO_NAME_SUFFIX` is the role of the permission set NAME. */
const roleWords = (role: string): string => {
  const set = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(role)?.[1];
  return set === undefined ? `role ${role}` : `permission set ${set}`;
};

const assumedRole = (identity: UnknownFields): string => {
  const session = textOf(identity, 'arn').split('/').at(-1) ?? '';
  const role = textAt(identity, 'sessionContext', 'sessionIssuer', 'userName');
  return role === '' ? session : `${session} (${roleWords(role)})`;
};

/** A corporate directory has a token and no name ("Logging IAM Identity Center SCIM API calls with AWS CloudTrail"). */
const scim = 'identitystore-scim.amazonaws.com';

/** "CloudTrail userIdentity element". */
const whoIn = (whole: UnknownFields): string => {
  const identity = fieldsOf(whole['userIdentity']);
  if (textOf(whole, 'eventSource') === scim) return 'the corporate directory (SCIM)';
  switch (textOf(identity, 'type')) {
    case 'Root':
      return `the root user of account ${textOf(identity, 'accountId')}`;
    case 'IAMUser':
      return `IAM user ${textOf(identity, 'userName')}`;
    case 'AssumedRole':
      return assumedRole(identity);
    case 'AWSService':
      return `the AWS service ${textOf(identity, 'invokedBy')}`;
    default:
      return textOf(identity, 'arn') || textOf(identity, 'principalId') || 'unknown';
  }
};

/** The console sets the flag; calls that it makes for itself name an agent of its own. */
const isConsole = (whole: UnknownFields): boolean =>
  textOf(whole, 'sessionCredentialFromConsole') === 'true' ||
  /^(AWS Internal|console\.amazonaws\.com|signin\.amazonaws\.com)$/.test(textOf(whole, 'userAgent'));

export const traceOf = ({ whole, name, at }: TrailRecord): Trace => ({
  at: new Date(at).toISOString(),
  who: whoIn(whole),
  event: name,
  source: textOf(whole, 'sourceIPAddress'),
  via: isConsole(whole) ? 'console' : 'api',
});

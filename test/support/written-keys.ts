/** Which of the model's keys an API write is about, read from the request and from what the sandbox holds before it. */
import {
  controlPolicyKey,
  customerPolicyKey,
  encodeName,
  keyOf,
  oidcProviderKey,
  ouKey,
  resourcePolicyKey,
  roleKey,
} from '../../src/model/resource.ts';
import type { Key } from '../../src/model/resource.ts';
import type { HttpRequest } from '../../src/sandbox/http.ts';
import { isS3Call, parseS3Call } from '../../src/sandbox/wire-s3.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { assignmentOf, childPath, controlKindOf } from './world-state.ts';
import type { Naming } from './world-state.ts';

/** `part`: one of the calls that any change of the thing is made of. */
export type Intent = 'create' | 'update' | 'delete' | 'part';
export type Write = { readonly operation: string; readonly intent: Intent; readonly key: Key };

type Input = Readonly<Record<string, unknown>>;
type Reader = (input: Input, world: SandboxWorld, naming: Naming) => Key;

const text = (input: Input, member: string): string => {
  const value = input[member];
  return typeof value === 'string' ? value : '';
};

const ofOrganizationsId = (id: string, naming: Naming): Key => {
  const policy = naming.policy(id);
  return policy === undefined ? ouKey(naming.ou(id) ?? id) : controlPolicyKey(policy);
};

const attachment: Reader = (input, _, naming) =>
  keyOf({
    kind: 'attachment',
    policy: naming.policy(text(input, 'PolicyId')) ?? { kind: 'scp', name: text(input, 'PolicyId') },
    target: naming.target(text(input, 'TargetId')),
  });

const set: Reader = (input, _, naming) => {
  const arn = text(input, 'PermissionSetArn') || text(input, 'ResourceArn');
  return `permission-set/${encodeName(naming.set(arn) ?? arn)}`;
};

const assigned: Reader = (input, _, naming) =>
  keyOf(
    assignmentOf(naming, {
      permissionSetArn: text(input, 'PermissionSetArn'),
      accountId: text(input, 'TargetId'),
      principalType: text(input, 'PrincipalType') === 'GROUP' ? 'GROUP' : 'USER',
      principalId: text(input, 'PrincipalId'),
    }),
  );

const policy: Reader = (input, _, naming) => ofOrganizationsId(text(input, 'PolicyId'), naming);
const unit: Reader = (input, _, naming) => ofOrganizationsId(text(input, 'OrganizationalUnitId'), naming);
const group: Reader = (input, _, naming) =>
  `group/${encodeName(naming.group(text(input, 'GroupId')) ?? text(input, 'GroupId'))}`;

const member = (naming: Naming, groupId: string, userId: string): Key =>
  keyOf({ kind: 'membership', group: naming.group(groupId) ?? groupId, user: naming.user(userId) ?? userId });

const writes: Readonly<Record<string, readonly [Intent, Reader]>> = {
  EnablePolicyType: ['create', (input) => `policy-type/${text(input, 'PolicyType')}`],
  CreateOrganizationalUnit: [
    'create',
    (input, _, naming) => ouKey(childPath(naming.ou(text(input, 'ParentId')) ?? '?', text(input, 'Name'))),
  ],
  UpdateOrganizationalUnit: ['update', unit],
  DeleteOrganizationalUnit: ['delete', unit],
  MoveAccount: [
    'update',
    (input, _, naming) => `account/${encodeName(naming.account(text(input, 'AccountId')) ?? '?')}`,
  ],
  CreatePolicy: [
    'create',
    (input) =>
      controlPolicyKey({
        kind: controlKindOf(input['Type']),
        name: text(input, 'Name'),
      }),
  ],
  UpdatePolicy: ['update', policy],
  DeletePolicy: ['delete', policy],
  AttachPolicy: ['create', attachment],
  DetachPolicy: ['delete', attachment],
  CreatePermissionSet: ['create', (input) => `permission-set/${encodeName(text(input, 'Name'))}`],
  DeletePermissionSet: ['delete', set],
  CreateAccountAssignment: ['create', assigned],
  DeleteAccountAssignment: ['delete', assigned],
  CreateGroup: ['create', (input) => `group/${encodeName(text(input, 'DisplayName'))}`],
  UpdateGroup: ['update', group],
  DeleteGroup: ['delete', group],
  CreateGroupMembership: [
    'create',
    (input, _, naming) => member(naming, text(input, 'GroupId'), text(input['MemberId'] as Input, 'UserId')),
  ],
  DeleteGroupMembership: [
    'delete',
    (input, { identityStore }, naming) => {
      const row = identityStore.memberships[text(input, 'MembershipId')];
      return row === undefined ? 'membership/gone' : member(naming, row.groupId, row.userId);
    },
  ],
};

const identity: Readonly<Record<string, Intent>> = {
  CreateRole: 'create',
  DeleteRole: 'delete',
  CreatePolicy: 'create',
  DeletePolicy: 'delete',
  CreateOpenIDConnectProvider: 'create',
  DeleteOpenIDConnectProvider: 'delete',
};

const iamKey = (form: URLSearchParams, account: string): Key => {
  const role = form.get('RoleName') ?? form.get('InstanceProfileName');
  if (role !== null) return roleKey({ account, name: role });
  const [, path = form.get('Path') ?? '/', name = form.get('PolicyName') ?? ''] =
    /:policy(\/.*\/|\/)([^/]+)$/.exec(form.get('PolicyArn') ?? '') ?? [];
  if (name !== '') return customerPolicyKey({ account, path, name });
  const url = form.get('Url') ?? form.get('OpenIDConnectProviderArn') ?? '';
  return oidcProviderKey({ account, host: url.replace(/^https:\/\/|^.*oidc-provider\//, '') });
};

/** IAM's form: the account is that of the credentials. */
const iamWriteOf = ({ headers, body }: Request, world: SandboxWorld, naming: Naming): Write | undefined => {
  const form = new URLSearchParams(body);
  const operation = form.get('Action') ?? '';
  if (form.get('Version') !== '2010-05-08' || /^(List|Get)/.test(operation)) return undefined;
  const [, key = ''] = /Credential=([^/]+)\//.exec(headers['authorization'] ?? '') ?? [];
  const account = world.sessions[key]?.account ?? world.organizations.management;
  return {
    operation,
    intent: identity[operation] ?? 'part',
    key: iamKey(form, naming.account(account) ?? account),
  };
};

type Request = Pick<HttpRequest, 'headers' | 'body'>;

/** Of a bucket's policy. */
const s3WriteOf = (request: HttpRequest): Write | undefined => {
  const { operation, input } = parseS3Call(request);
  if (operation !== 'PutBucketPolicy' && operation !== 'DeleteBucketPolicy') return undefined;
  const key = resourcePolicyKey(`arn:aws:s3:::${text(input, 'Bucket')}`);
  return { operation, intent: operation === 'PutBucketPolicy' ? 'part' : 'delete', key };
};

/** Undefined for reads. Call it before the write is carried out. */
export const writeOf = (request: HttpRequest, world: SandboxWorld, naming: Naming): Write | undefined => {
  if (isS3Call(request)) return s3WriteOf(request);
  const [prefix = '', operation = ''] = (request.headers['x-amz-target'] ?? '').split('.');
  if (operation === '') return iamWriteOf(request, world, naming);
  if (/^(Describe|List|Get|IsMember|Lookup)/.test(operation)) return undefined;
  const input = JSON.parse(request.body) as Input;
  const known = writes[operation];
  if (known !== undefined) return { operation, intent: known[0], key: known[1](input, world, naming) };
  const key = prefix.includes('Organizations')
    ? ofOrganizationsId(text(input, 'ResourceId'), naming)
    : set(input, world, naming);
  return { operation, intent: 'update', key };
};

/** Managed policies: the account's own, and AWS's from the catalogue. */
import type { SandboxCall, ManagedPolicyCatalogue, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError, secondsIso } from '../core.ts';
import { checkSize } from './documents.ts';
import { checkManagedDocument } from './grammar/identity.ts';
import {
  deleteConflict,
  invalidIamInput,
  isTrue,
  missingIamEntity,
  iamListPage,
  iamTagsIn,
  tagsOutput,
  validationError,
} from './look.ts';
import type { IamAccount, IamPolicy, IamIdentity } from './state.ts';
import { iamOf, uniqueId } from './state.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const identities = ({ roles, users, groups = {} }: IamAccount): readonly IamIdentity[] => [
  ...Object.values(roles),
  ...Object.values(users),
  ...Object.values(groups),
];

const attachments = (iam: IamAccount, arn: string): number =>
  identities(iam).filter(({ attached }) => attached.some(({ PolicyArn }) => PolicyArn === arn)).length;

const boundaries = (iam: IamAccount, arn: string): number =>
  identities(iam).filter(({ PermissionsBoundary }) => PermissionsBoundary === arn).length;

/** As the lists answer it: without description and tags. */
export const listedPolicy = (iam: IamAccount, policy: IamPolicy): CallOutput => ({
  PolicyName: policy.PolicyName,
  PolicyId: policy.PolicyId,
  Arn: policy.Arn,
  Path: policy.Path,
  DefaultVersionId: policy.DefaultVersionId,
  AttachmentCount: attachments(iam, policy.Arn),
  PermissionsBoundaryUsageCount: boundaries(iam, policy.Arn),
  IsAttachable: true,
  CreateDate: policy.CreateDate,
  UpdateDate: policy.UpdateDate,
});

const policyOutput = (iam: IamAccount, policy: IamPolicy): CallOutput => ({
  ...listedPolicy(iam, policy),
  Description: policy.Description,
  Tags: policy.Tags,
});

/** An AWS managed policy as one of a single version: the catalogue keeps no older ones. */
export const managed = (catalogue: ManagedPolicyCatalogue, arn: string): IamPolicy | undefined => {
  const text = catalogue.document(arn);
  if (text === undefined) return undefined;
  const number = catalogue.version?.(arn) ?? 1;
  const VersionId = `v${number}`;
  const date = '2020-01-01T00:00:00Z';
  const [Path, PolicyName = ''] = arn.replace('arn:aws:iam::aws:policy', '').split(/(?<=\/)(?=[^/]+$)/);
  return {
    PolicyName,
    PolicyId: `ANPA${Buffer.from(arn).toString('hex').slice(-17).toUpperCase()}`,
    Arn: arn,
    Path: Path ?? '/',
    DefaultVersionId: VersionId,
    CreateDate: date,
    UpdateDate: date,
    versions: [{ VersionId, Document: text, CreateDate: date }],
    nextVersion: number + 1,
    Tags: [],
  };
};

/** The account's own policy that the input names, if it is there. */
export const ownPolicyIn = (world: SandboxWorld, account: string, input: CallInput): IamPolicy | undefined => {
  return own(iamOf(world, account).policies, textMember(input, 'PolicyArn'));
};

/** The account's own policy or AWS's; throws NoSuchEntity. */
export const iamPolicyIn = (world: SandboxWorld, input: CallInput, call: SandboxCall): IamPolicy => {
  const found = ownPolicyIn(world, call.account, input) ?? managed(call.catalogue, textMember(input, 'PolicyArn'));
  if (found) return found;
  throw missingIamEntity(`Policy ${textMember(input, 'PolicyArn')} does not exist or is not attachable.`);
};

/** Throws ValidationError for a text that is no ARN at all. */
export const mustBeArn = (arn: string): void => {
  if (!/^arn:[^:]+:iam:/.test(arn)) throw validationError(`ARN ${arn} is not valid.`);
};

const exists = (world: SandboxWorld, { account, catalogue }: SandboxCall, arn: string): boolean =>
  own(iamOf(world, account).policies, arn) !== undefined || catalogue.has(arn);

/** Policies of service-linked roles, which nobody else may carry. */
const isServiceLinked = (arn: string): boolean => arn.startsWith('arn:aws:iam::aws:policy/aws-service-role/');

/** Throws unless what the caller calls a role, user or group may carry the policy. */
export const mustBeAttachable = (
  world: SandboxWorld,
  call: SandboxCall,
  { arn, kind }: { readonly arn: string; readonly kind: string },
): void => {
  if (!exists(world, call, arn)) throw missingIamEntity(`Policy ${arn} does not exist or is not attachable.`);
  if (isServiceLinked(arn))
    throw new AwsError('PolicyNotAttachable', `Cannot attach a Service Role Policy to a Customer ${kind}.`);
};

/** Throws unless the account can set the policy as a boundary. */
export const mustBeBoundary = (world: SandboxWorld, call: SandboxCall, arn: string): void => {
  if (!/^arn:aws:iam::(\d{12}|aws):policy\/./.test(arn)) throw invalidIamInput(`ARN ${arn} is not valid.`);
  if (!exists(world, call, arn)) throw missingIamEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
};

/** "IAM and AWS STS quotas": the length of a managed policy, and how many versions it keeps. */
export const documentQuota = 6144;

const createPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { policies } = iamOf(world, call.account);
  const PolicyName = textMember(input, 'PolicyName');
  const Document = textMember(input, 'PolicyDocument');
  checkManagedDocument(Document);
  checkSize(Document, 'PolicySize', documentQuota);
  const tags = iamTagsIn(input, 'case-sensitive');
  const Path = optionalTextMember(input, 'Path') ?? '/';
  // Names of policies are unique in the account, whatever their path and case.
  const taken = Object.values(policies).some((known) => known.PolicyName.toLowerCase() === PolicyName.toLowerCase());
  if (taken)
    throw new AwsError(
      'EntityAlreadyExists',
      `A policy called ${PolicyName} already exists. Duplicate names are not allowed.`,
      { status: 409 },
    );
  const Arn = `arn:aws:iam::${call.account}:policy${Path}${PolicyName}`;
  const CreateDate = secondsIso(call.now);
  const description = optionalTextMember(input, 'Description');
  const policy: IamPolicy = {
    PolicyName,
    PolicyId: uniqueId(world.ids, 'ANPA'),
    Arn,
    Path,
    DefaultVersionId: 'v1',
    CreateDate,
    UpdateDate: CreateDate,
    versions: [{ VersionId: 'v1', Document, CreateDate }],
    nextVersion: 2,
    Tags: tags,
    ...(description === undefined ? {} : { Description: description }),
  };
  policies[Arn] = policy;
  return { Policy: { ...listedPolicy(iamOf(world, call.account), policy), ...tagsOutput(policy) } };
};

/** The refusal to change AWS's own policies, or one that is not there. */
export const foreign = (arn: string, verb: string): AwsError =>
  arn.startsWith('arn:aws:iam::aws:')
    ? new AwsError('AccessDenied', `Cannot ${verb} outside your own account.`, { status: 403 })
    : missingIamEntity(`Policy ${arn} was not found.`);

const deletePolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const iam = iamOf(world, call.account);
  const policy = ownPolicyIn(world, call.account, input);
  if (!policy) throw foreign(textMember(input, 'PolicyArn'), 'delete policies');
  if (attachments(iam, policy.Arn) + boundaries(iam, policy.Arn) > 0)
    throw deleteConflict('Cannot delete a policy attached to entities.');
  if (policy.versions.length > 1)
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  Reflect.deleteProperty(iam.policies, policy.Arn);
  return {};
};

const listPolicies: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const iam = iamOf(world, call.account);
  const scope = optionalTextMember(input, 'Scope') ?? 'All';
  const local = scope === 'AWS' ? [] : Object.values(iam.policies);
  const aws = scope === 'Local' ? [] : call.catalogue.arns().flatMap((arn) => managed(call.catalogue, arn) ?? []);
  const prefix = optionalTextMember(input, 'PathPrefix') ?? '/';
  const found = [...local, ...aws].filter(({ Path }) => Path.startsWith(prefix));
  const rows = found.map((policy) => listedPolicy(iam, policy));
  return iamListPage(
    'Policies',
    isTrue(input, 'OnlyAttached') ? rows.filter((row) => row['AttachmentCount'] !== 0) : rows,
    input,
  );
};

type PolicyUsage = { readonly attached: boolean; readonly bounds: boolean };

const uses = (identity: IamIdentity, arn: string): PolicyUsage => ({
  attached: identity.attached.some(({ PolicyArn }) => PolicyArn === arn),
  bounds: identity.PermissionsBoundary === arn,
});

const usageWanted = (usage: string | undefined, { attached, bounds }: PolicyUsage): boolean => {
  if (usage === 'PermissionsPolicy') return attached;
  return usage === 'PermissionsBoundary' ? bounds : attached || bounds;
};

const listEntities: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { Arn } = iamPolicyIn(world, input, call);
  const { roles, users, groups = {} } = iamOf(world, call.account);
  const filter = optionalTextMember(input, 'EntityFilter');
  const isUsed = (identity: IamIdentity): boolean =>
    usageWanted(optionalTextMember(input, 'PolicyUsageFilter'), uses(identity, Arn));
  const rows = [
    ...(filter === undefined || filter === 'Role' ? Object.values(roles) : [])
      .filter(isUsed)
      .map(({ RoleName, RoleId }) => ({ role: { RoleName, RoleId } })),
    ...(filter === undefined || filter === 'User' ? Object.values(users) : [])
      .filter(isUsed)
      .map(({ UserName, UserId }) => ({ user: { UserName, UserId } })),
    ...(filter === undefined || filter === 'Group' ? Object.values(groups) : [])
      .filter(isUsed)
      .map(({ GroupName, GroupId }) => ({ group: { GroupName, GroupId } })),
  ];
  const { Items, ...rest } = iamListPage('Items', rows, input);
  const items = Items as readonly {
    readonly role?: CallOutput;
    readonly user?: CallOutput;
    readonly group?: CallOutput;
  }[];
  return {
    PolicyGroups: items.flatMap(({ group }) => group ?? []),
    PolicyUsers: items.flatMap(({ user }) => user ?? []),
    PolicyRoles: items.flatMap(({ role }) => role ?? []),
    ...rest,
  };
};

export const iamPolicyOperations: WorldOperations = {
  CreatePolicy: createPolicy,
  DeletePolicy: deletePolicy,
  ListPolicies: listPolicies,
  ListEntitiesForPolicy: listEntities,
  GetPolicy: (world, input, call) => ({
    Policy: policyOutput(iamOf(world, call.account), iamPolicyIn(world, input, call)),
  }),
};

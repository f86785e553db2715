/** Managed policies: the account's own, and AWS's from the catalogue. */
import { AwsError, type Call, type Catalogue, type Input, type Operation, type Output } from '../core.ts';
import { checkSize } from './documents.ts';
import { checkManagedDocument } from './grammar/identity.ts';
import {
  alreadyExists,
  check,
  deleteConflict,
  document,
  isTrue,
  noSuchEntity,
  pageOf,
  path,
  policyArn,
  policyName,
  tagsIn,
} from './look.ts';
import { iamOf, uniqueId, type IamAccount, type IamPolicy, type Identity } from './state.ts';
import { optionalText, own, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const identities = ({ roles, users }: IamAccount): readonly Identity[] => [
  ...Object.values(roles),
  ...Object.values(users),
];

const attachments = (iam: IamAccount, arn: string): number =>
  identities(iam).filter(({ attached }) => attached.some(({ PolicyArn }) => PolicyArn === arn)).length;

const boundaries = (iam: IamAccount, arn: string): number =>
  identities(iam).filter(({ PermissionsBoundary }) => PermissionsBoundary === arn).length;

/** As the lists answer it: without description and tags. */
export const listedPolicy = (iam: IamAccount, policy: IamPolicy): Output => ({
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

const policyOutput = (iam: IamAccount, policy: IamPolicy): Output => ({
  ...listedPolicy(iam, policy),
  Description: policy.Description,
  ...(policy.Tags.length > 0 ? { Tags: policy.Tags } : {}),
});

/** An AWS managed policy as one of a single version: the catalogue keeps no older ones. */
export const managed = (catalogue: Catalogue, arn: string): IamPolicy | undefined => {
  const text = catalogue.document(arn);
  if (text === undefined) return undefined;
  const date = '2020-01-01T00:00:00.000Z';
  const [Path, PolicyName = ''] = arn.replace('arn:aws:iam::aws:policy', '').split(/(?<=\/)(?=[^/]+$)/);
  return {
    PolicyName,
    PolicyId: `ANPA${Buffer.from(arn).toString('hex').slice(-17).toUpperCase()}`,
    Arn: arn,
    Path: Path ?? '/',
    DefaultVersionId: 'v1',
    CreateDate: date,
    UpdateDate: date,
    versions: [{ VersionId: 'v1', Document: text, CreateDate: date }],
    nextVersion: 2,
    Tags: [],
  };
};

/** The account's own policy that the input names, if it is there. */
export const ownPolicyIn = (world: World, account: string, input: Input): IamPolicy | undefined => {
  check(input, { PolicyArn: policyArn });
  return own(iamOf(world, account).policies, text(input, 'PolicyArn'));
};

/** The account's own policy or AWS's; throws NoSuchEntity. */
export const policyIn = (world: World, input: Input, call: Call): IamPolicy => {
  const found = ownPolicyIn(world, call.account, input) ?? managed(call.catalogue, text(input, 'PolicyArn'));
  if (found) return found;
  throw noSuchEntity(`policy ${text(input, 'PolicyArn')}`);
};

/** Throws NoSuchEntity unless the account can attach the policy or set it as a boundary. */
export const mustBeAttachable = (world: World, { account, catalogue }: Call, arn: string): void => {
  if (own(iamOf(world, account).policies, arn) || catalogue.has(arn)) return;
  throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, { status: 404 });
};

/** "IAM and AWS STS quotas": the length of a managed policy, and how many versions it keeps. */
export const documentQuota = 6144;

const createPolicy: Operation<World> = (world, input, call) => {
  check(input, {
    PolicyName: policyName,
    PolicyDocument: document,
    Path: path,
    Description: { kind: 'string', max: 1000 },
  });
  const { policies } = iamOf(world, call.account);
  const PolicyName = text(input, 'PolicyName');
  const Document = text(input, 'PolicyDocument');
  checkManagedDocument(Document);
  checkSize(Document, 'PolicySize', documentQuota);
  const Path = optionalText(input, 'Path') ?? '/';
  // Names of policies are unique in the account, whatever their path and case.
  const taken = Object.values(policies).some((known) => known.PolicyName.toLowerCase() === PolicyName.toLowerCase());
  if (taken) throw alreadyExists(`A policy called ${PolicyName}`);
  const Arn = `arn:aws:iam::${call.account}:policy${Path}${PolicyName}`;
  const CreateDate = new Date(call.now).toISOString();
  const description = optionalText(input, 'Description');
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
    Tags: tagsIn(input),
    ...(description === undefined ? {} : { Description: description }),
  };
  policies[Arn] = policy;
  return { Policy: policyOutput(iamOf(world, call.account), policy) };
};

const deletePolicy: Operation<World> = (world, input, call) => {
  const iam = iamOf(world, call.account);
  const policy = ownPolicyIn(world, call.account, input);
  if (!policy) throw noSuchEntity(`policy ${text(input, 'PolicyArn')}`);
  if (attachments(iam, policy.Arn) + boundaries(iam, policy.Arn) > 0)
    throw deleteConflict('Cannot delete a policy attached to entities.');
  if (policy.versions.length > 1) throw deleteConflict('This policy has more than one version.');
  Reflect.deleteProperty(iam.policies, policy.Arn);
  return {};
};

const listPolicies: Operation<World> = (world, input, call) => {
  check(input, { Scope: { kind: 'string', oneOf: ['All', 'AWS', 'Local'] }, PathPrefix: { kind: 'string', max: 512 } });
  const iam = iamOf(world, call.account);
  const scope = optionalText(input, 'Scope') ?? 'All';
  const local = scope === 'AWS' ? [] : Object.values(iam.policies);
  const aws = scope === 'Local' ? [] : call.catalogue.arns().flatMap((arn) => managed(call.catalogue, arn) ?? []);
  const prefix = optionalText(input, 'PathPrefix') ?? '/';
  const found = [...local, ...aws].filter(({ Path }) => Path.startsWith(prefix));
  const rows = found.map((policy) => listedPolicy(iam, policy));
  return pageOf(
    'Policies',
    isTrue(input, 'OnlyAttached') ? rows.filter((row) => row['AttachmentCount'] !== 0) : rows,
    input,
  );
};

type Used = { readonly attached: boolean; readonly bounds: boolean };

const uses = (identity: Identity, arn: string): Used => ({
  attached: identity.attached.some(({ PolicyArn }) => PolicyArn === arn),
  bounds: identity.PermissionsBoundary === arn,
});

const usageWanted = (usage: string | undefined, { attached, bounds }: Used): boolean => {
  if (usage === 'PermissionsPolicy') return attached;
  return usage === 'PermissionsBoundary' ? bounds : attached || bounds;
};

const listEntities: Operation<World> = (world, input, call) => {
  check(input, {
    EntityFilter: {
      kind: 'string',
      oneOf: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'],
    },
    PolicyUsageFilter: { kind: 'string', oneOf: ['PermissionsPolicy', 'PermissionsBoundary'] },
  });
  const { Arn } = policyIn(world, input, call);
  const { roles, users } = iamOf(world, call.account);
  const filter = optionalText(input, 'EntityFilter');
  const isUsed = (identity: Identity): boolean =>
    usageWanted(optionalText(input, 'PolicyUsageFilter'), uses(identity, Arn));
  const rows = [
    ...(filter === undefined || filter === 'Role' ? Object.values(roles) : [])
      .filter(isUsed)
      .map(({ RoleName, RoleId }) => ({ role: { RoleName, RoleId } })),
    ...(filter === undefined || filter === 'User' ? Object.values(users) : [])
      .filter(isUsed)
      .map(({ UserName, UserId }) => ({ user: { UserName, UserId } })),
  ];
  const { Items, ...rest } = pageOf('Items', rows, input);
  const items = Items as readonly { readonly role?: Output; readonly user?: Output }[];
  return {
    PolicyGroups: [],
    PolicyUsers: items.flatMap(({ user }) => user ?? []),
    PolicyRoles: items.flatMap(({ role }) => role ?? []),
    ...rest,
  };
};

export const policyOperations: Ops = {
  CreatePolicy: createPolicy,
  DeletePolicy: deletePolicy,
  ListPolicies: listPolicies,
  ListEntitiesForPolicy: listEntities,
  GetPolicy: (world, input, call) => ({
    Policy: policyOutput(iamOf(world, call.account), policyIn(world, input, call)),
  }),
};

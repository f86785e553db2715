/** Managed policies: the account's own, and AWS's from the catalogue. */
import { AwsError, nextId, type Call, type Catalogue, type Operation, type Output } from '../core.ts';
import {
  alreadyExists,
  check,
  checkDocument,
  deleteConflict,
  document,
  encoded,
  noSuchEntity,
  pageOf,
  path,
  policyArn,
  policyName,
  tagsIn,
} from './look.ts';
import { iamOf, type IamAccount, type IamPolicy } from './state.ts';
import { optionalText, own, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const attachments = ({ roles }: IamAccount, arn: string): number =>
  Object.values(roles).filter(({ attached }) => attached.some(({ PolicyArn }) => PolicyArn === arn)).length;

const boundaries = ({ roles }: IamAccount, arn: string): number =>
  Object.values(roles).filter(({ PermissionsBoundary }) => PermissionsBoundary === arn).length;

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
const managed = (catalogue: Catalogue, arn: string): IamPolicy | undefined => {
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
    Tags: [],
  };
};

const policyAt = (world: World, call: Call, arn: string): IamPolicy => {
  const found = own(iamOf(world, call.account).policies, arn) ?? managed(call.catalogue, arn);
  if (found) return found;
  throw noSuchEntity(`policy ${arn}`);
};

export const createPolicy: Operation<World> = (world, input, call) => {
  check(input, { PolicyName: policyName, PolicyDocument: document, Path: path });
  const { policies } = iamOf(world, call.account);
  const PolicyName = text(input, 'PolicyName');
  const Document = text(input, 'PolicyDocument');
  checkDocument(Document);
  const Path = optionalText(input, 'Path') ?? '/';
  // Names of policies are unique in the account, whatever their path and case.
  const taken = Object.values(policies).some((known) => known.PolicyName.toLowerCase() === PolicyName.toLowerCase());
  if (taken) throw alreadyExists(`A policy called ${PolicyName}`);
  const Arn = `arn:aws:iam::${call.account}:policy${Path}${PolicyName}`;
  const CreateDate = new Date(call.now).toISOString();
  const description = optionalText(input, 'Description');
  const policy: IamPolicy = {
    PolicyName,
    PolicyId: `ANPA${nextId(world.ids, 17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    Arn,
    Path,
    DefaultVersionId: 'v1',
    CreateDate,
    UpdateDate: CreateDate,
    versions: [{ VersionId: 'v1', Document, CreateDate }],
    Tags: tagsIn(input),
    ...(description === undefined ? {} : { Description: description }),
  };
  policies[Arn] = policy;
  return { Policy: policyOutput(iamOf(world, call.account), policy) };
};

export const deletePolicy: Operation<World> = (world, input, call) => {
  check(input, { PolicyArn: policyArn });
  const iam = iamOf(world, call.account);
  const policy = own(iam.policies, text(input, 'PolicyArn'));
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
  const attached = text(input, 'OnlyAttached') === 'true';
  return pageOf('Policies', attached ? rows.filter((row) => row['AttachmentCount'] !== 0) : rows, input);
};

const versionOutput = (policy: IamPolicy, version: IamPolicy['versions'][number]): Output => ({
  VersionId: version.VersionId,
  IsDefaultVersion: version.VersionId === policy.DefaultVersionId,
  CreateDate: version.CreateDate,
});

/** With its document, as GetPolicyVersion and GetAccountAuthorizationDetails answer it. */
export const versionDetail = (policy: IamPolicy, version: IamPolicy['versions'][number]): Output => ({
  Document: encoded(version.Document),
  ...versionOutput(policy, version),
});

const getPolicyVersion: Operation<World> = (world, input, call) => {
  check(input, { PolicyArn: policyArn, VersionId: { kind: 'string', required: true } });
  const policy = policyAt(world, call, text(input, 'PolicyArn'));
  const version = policy.versions.find(({ VersionId }) => VersionId === text(input, 'VersionId'));
  if (version) return { PolicyVersion: versionDetail(policy, version) };
  throw new AwsError('NoSuchEntity', `Policy ${policy.Arn} has no version ${text(input, 'VersionId')}.`, {
    status: 404,
  });
};

export const policyReads: Ops = {
  ListPolicies: listPolicies,
  GetPolicyVersion: getPolicyVersion,
  GetPolicy: (world, input, call) => {
    check(input, { PolicyArn: policyArn });
    return {
      Policy: policyOutput(iamOf(world, call.account), policyAt(world, call, text(input, 'PolicyArn'))),
    };
  },
  ListPolicyVersions: (world, input, call) => {
    check(input, { PolicyArn: policyArn });
    const policy = policyAt(world, call, text(input, 'PolicyArn'));
    return pageOf(
      'Versions',
      policy.versions.map((version) => versionOutput(policy, version)),
      input,
    );
  },
};

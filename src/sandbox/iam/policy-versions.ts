/** Versions of managed policies: five at most, one of them in force. */
import { secondsIso, type Call, type Input, type Operation, type Output } from '../core.ts';
import { checkSize, limitExceeded } from './documents.ts';
import { deleteConflict, encoded, isTrue, missing, pageOf } from './look.ts';
import { checkManagedDocument } from './grammar/identity.ts';
import { documentQuota, foreign, managed, ownPolicyIn, policyIn } from './policies.ts';
import type { IamPolicy, IamPolicyVersion } from './state.ts';
import { text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const versionQuota = 5;

const versionOutput = (policy: IamPolicy, version: IamPolicyVersion): Output => ({
  VersionId: version.VersionId,
  IsDefaultVersion: version.VersionId === policy.DefaultVersionId,
  CreateDate: version.CreateDate,
});

/** With its document, as GetPolicyVersion and GetAccountAuthorizationDetails answer it. */
export const versionDetail = (policy: IamPolicy, version: IamPolicyVersion): Output => ({
  Document: encoded(version.Document),
  ...versionOutput(policy, version),
});

const versionIn = (policy: IamPolicy, input: Input): IamPolicyVersion => {
  const version = policy.versions.find(({ VersionId }) => VersionId === text(input, 'VersionId'));
  if (version) return version;
  throw missing(`Policy ${policy.Arn} version ${text(input, 'VersionId')} does not exist or is not attachable.`);
};

/** As `policyIn`, naming the version too where there is no such policy. */
const policyWithVersion = (world: World, input: Input, call: Call): IamPolicy => {
  const arn = text(input, 'PolicyArn');
  const found = ownPolicyIn(world, call.account, input) ?? managed(call.catalogue, arn);
  if (found) return found;
  throw missing(`Policy ${arn} version ${text(input, 'VersionId')} does not exist or is not attachable.`);
};

const toChange = (world: World, input: Input, { call, verb }: { readonly call: Call; readonly verb: string }) => {
  const policy = ownPolicyIn(world, call.account, input);
  if (policy) return policy;
  const arn = text(input, 'PolicyArn');
  if (arn.startsWith('arn:aws:iam::aws:')) throw foreign(arn, verb);
  if (input['VersionId'] !== undefined) return policyWithVersion(world, input, call);
  throw missing(`Policy ${arn} does not exist or is not attachable.`);
};

const putDefault = (policy: IamPolicy, VersionId: string, now: number): void => {
  policy.DefaultVersionId = VersionId;
  policy.UpdateDate = secondsIso(now);
};

const createVersion: Operation<World> = (world, input, call) => {
  const policy = toChange(world, input, { call, verb: 'update policies' });
  const Document = text(input, 'PolicyDocument');
  checkManagedDocument(Document);
  checkSize(Document, 'PolicySize', documentQuota);
  if (policy.versions.length >= versionQuota)
    throw limitExceeded(
      `A managed policy can have up to ${versionQuota} versions. Before you create a new version, you must delete an existing version.`,
    );
  const VersionId = `v${policy.nextVersion}`;
  const version = { VersionId, Document, CreateDate: secondsIso(call.now) };
  policy.nextVersion += 1;
  policy.versions = [version, ...policy.versions];
  if (isTrue(input, 'SetAsDefault')) putDefault(policy, VersionId, call.now);
  return { PolicyVersion: versionOutput(policy, version) };
};

const deleteVersion: Operation<World> = (world, input, call) => {
  const policy = toChange(world, input, { call, verb: 'delete policy versions for policies' });
  const version = versionIn(policy, input);
  if (version.VersionId === policy.DefaultVersionId)
    throw deleteConflict('Cannot delete the default version of a policy.');
  policy.versions = policy.versions.filter((one) => one !== version);
  return {};
};

export const policyVersionOperations: Ops = {
  CreatePolicyVersion: createVersion,
  DeletePolicyVersion: deleteVersion,
  SetDefaultPolicyVersion: (world, input, call) => {
    const policy = toChange(world, input, { call, verb: 'update policies' });
    putDefault(policy, versionIn(policy, input).VersionId, call.now);
    return {};
  },
  GetPolicyVersion: (world, input, call) => {
    const policy = policyWithVersion(world, input, call);
    return { PolicyVersion: versionDetail(policy, versionIn(policy, input)) };
  },
  ListPolicyVersions: (world, input, call) => {
    const policy = policyIn(world, input, call);
    return pageOf(
      'Versions',
      policy.versions.map((version) => versionOutput(policy, version)),
      input,
    );
  },
};

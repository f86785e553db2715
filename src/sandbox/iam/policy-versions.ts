/** Versions of managed policies: five at most, one of them in force. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { secondsIso } from '../core.ts';
import { checkSize, limitExceeded } from './documents.ts';
import { deleteConflict, encoded, isTrue, missingIamEntity, iamListPage } from './look.ts';
import { checkManagedDocument } from './grammar/identity.ts';
import { documentQuota, foreign, managed, ownPolicyIn, iamPolicyIn } from './policies.ts';
import type { IamPolicy, IamPolicyVersion } from './state.ts';
import { textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const versionQuota = 5;

const versionOutput = (policy: IamPolicy, version: IamPolicyVersion): CallOutput => ({
  VersionId: version.VersionId,
  IsDefaultVersion: version.VersionId === policy.DefaultVersionId,
  CreateDate: version.CreateDate,
});

/** With its document, as GetPolicyVersion and GetAccountAuthorizationDetails answer it. */
export const versionDetail = (policy: IamPolicy, version: IamPolicyVersion): CallOutput => ({
  Document: encoded(version.Document),
  ...versionOutput(policy, version),
});

const versionIn = (policy: IamPolicy, input: CallInput): IamPolicyVersion => {
  const version = policy.versions.find(({ VersionId }) => VersionId === textMember(input, 'VersionId'));
  if (version) return version;
  throw missingIamEntity(
    `Policy ${policy.Arn} version ${textMember(input, 'VersionId')} does not exist or is not attachable.`,
  );
};

/** As `policyIn`, naming the version too where there is no such policy. */
const policyWithVersion = (world: SandboxWorld, input: CallInput, call: SandboxCall): IamPolicy => {
  const arn = textMember(input, 'PolicyArn');
  const found = ownPolicyIn(world, call.account, input) ?? managed(call.catalogue, arn);
  if (found) return found;
  throw missingIamEntity(
    `Policy ${arn} version ${textMember(input, 'VersionId')} does not exist or is not attachable.`,
  );
};

const toChange = (
  world: SandboxWorld,
  input: CallInput,
  { call, verb }: { readonly call: SandboxCall; readonly verb: string },
) => {
  const policy = ownPolicyIn(world, call.account, input);
  if (policy) return policy;
  const arn = textMember(input, 'PolicyArn');
  if (arn.startsWith('arn:aws:iam::aws:')) throw foreign(arn, verb);
  if (input['VersionId'] !== undefined) return policyWithVersion(world, input, call);
  throw missingIamEntity(`Policy ${arn} does not exist or is not attachable.`);
};

const putDefault = (policy: IamPolicy, VersionId: string, now: number): void => {
  policy.DefaultVersionId = VersionId;
  policy.UpdateDate = secondsIso(now);
};

const createVersion: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const policy = toChange(world, input, { call, verb: 'update policies' });
  const Document = textMember(input, 'PolicyDocument');
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

const deleteVersion: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const policy = toChange(world, input, { call, verb: 'delete policy versions for policies' });
  const version = versionIn(policy, input);
  if (version.VersionId === policy.DefaultVersionId)
    throw deleteConflict('Cannot delete the default version of a policy.');
  policy.versions = policy.versions.filter((one) => one !== version);
  return {};
};

export const policyVersionOperations: WorldOperations = {
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
    const policy = iamPolicyIn(world, input, call);
    return iamListPage(
      'Versions',
      policy.versions.map((version) => versionOutput(policy, version)),
      input,
    );
  },
};

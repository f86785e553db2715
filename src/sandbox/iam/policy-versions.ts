/** Versions of managed policies: five at most, one of them in force. */
import { AwsError, type Call, type Input, type Operation, type Output } from '../core.ts';
import { checkSize, limitExceeded } from './documents.ts';
import { check, deleteConflict, document, encoded, isTrue, noSuchEntity, pageOf } from './look.ts';
import { checkManagedDocument } from './grammar/identity.ts';
import { documentQuota, ownPolicyIn, policyIn } from './policies.ts';
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
  check(input, { VersionId: { kind: 'string', required: true, pattern: /^v[1-9]\d*(\.[A-Za-z0-9-]*)?$/ } });
  const version = policy.versions.find(({ VersionId }) => VersionId === text(input, 'VersionId'));
  if (version) return version;
  throw new AwsError('NoSuchEntity', `Policy ${policy.Arn} version ${text(input, 'VersionId')} does not exist.`, {
    status: 404,
  });
};

const toChange = (world: World, input: Input, call: Call): IamPolicy => {
  const policy = ownPolicyIn(world, call.account, input);
  if (policy) return policy;
  if (call.catalogue.has(text(input, 'PolicyArn')))
    throw new AwsError('AccessDenied', 'AWS managed policies cannot be changed.', { status: 403 });
  throw noSuchEntity(`policy ${text(input, 'PolicyArn')}`);
};

const putDefault = (policy: IamPolicy, VersionId: string, now: number): void => {
  policy.DefaultVersionId = VersionId;
  policy.UpdateDate = new Date(now).toISOString();
};

const createVersion: Operation<World> = (world, input, call) => {
  const policy = toChange(world, input, call);
  check(input, { PolicyDocument: document });
  const Document = text(input, 'PolicyDocument');
  checkManagedDocument(Document);
  checkSize(Document, 'PolicySize', documentQuota);
  if (policy.versions.length >= versionQuota)
    throw limitExceeded(
      `A managed policy can have up to ${versionQuota} versions. Before you create a new version, you must delete an existing version.`,
    );
  const VersionId = `v${policy.nextVersion}`;
  const version = { VersionId, Document, CreateDate: new Date(call.now).toISOString() };
  policy.nextVersion += 1;
  policy.versions = [version, ...policy.versions];
  if (isTrue(input, 'SetAsDefault')) putDefault(policy, VersionId, call.now);
  return { PolicyVersion: versionOutput(policy, version) };
};

const deleteVersion: Operation<World> = (world, input, call) => {
  const policy = toChange(world, input, call);
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
    const policy = toChange(world, input, call);
    putDefault(policy, versionIn(policy, input).VersionId, call.now);
    return {};
  },
  GetPolicyVersion: (world, input, call) => {
    const policy = policyIn(world, input, call);
    return { PolicyVersion: versionDetail(policy, versionIn(policy, input)) };
  },
  ListPolicyVersions: (world, input, call) => {
    const policy = policyIn(world, input, call);
    check(input, {});
    return pageOf(
      'Versions',
      policy.versions.map((version) => versionOutput(policy, version)),
      input,
    );
  },
};

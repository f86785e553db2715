/** Writes of customer managed policies: a new version for each new document, five at most. */
import type { PolicyVersion } from '@aws-sdk/client-iam';
import { minified, samePolicy, statements } from '../model/policy.ts';
import type { PolicyDocument } from '../model/policy.ts';
import { customerPolicyKey } from '../model/resource.ts';
import type { CustomerPolicy } from '../model/resource.ts';
import type { AttachedEffect } from '../change/role-steps.ts';
import { confirm } from './confirm.ts';
import { isNamed } from './failures.ts';
import { customerPolicyArn, noSuchEntityName, readCustomerPolicy } from './look-iam.ts';
import type { AccountIam } from './look-iam.ts';
import { isArrived, requireSame } from './moved.ts';
import { allMarked } from './read-iam.ts';
import { createdOrFound, unless } from './retry.ts';
import { tagList, tagEdit } from './tags.ts';
import { taggedWith } from './write-roles.ts';
import { iamLooks, iamRoom } from './writing.ts';
import type { WriteContext } from './writing.ts';

/** IAM keeps no more ("IAM and AWS STS quotas", managed policy versions). */
const versionsKept = 5;

export const effectOfDocument = (document: PolicyDocument): AttachedEffect => {
  const effects = new Set(statements(document).map(({ Effect }) => Effect));
  if (!effects.has('Deny')) return 'allows';
  return effects.has('Allow') ? 'both' : 'denies';
};

const remember = ({ effects }: WriteContext, policy: CustomerPolicy): void => {
  effects.set(customerPolicyKey(policy), effectOfDocument(policy.document));
};

/** `before`: what a read that lags behind may still show. */
type CustomerPolicyStates = { readonly before: CustomerPolicy | undefined; readonly after: CustomerPolicy | undefined };

const confirmed = (writing: WriteContext, room: AccountIam, { before, after }: CustomerPolicyStates): Promise<void> => {
  const reference = after ?? before ?? { path: '/', name: '' };
  const read = () => readCustomerPolicy(room, reference);
  return confirm({ clock: writing.connection.clock, read, course: { states: [before], after }, looks: iamLooks });
};

/** One of the same name that appeared meanwhile must be this one: its create whose answer was lost, say. */
export const createCustomerPolicy = async (writing: WriteContext, policy: CustomerPolicy): Promise<void> => {
  const room = await iamRoom(writing, policy.account);
  const { fresh } = await createdOrFound({
    duplicate: 'EntityAlreadyExistsException',
    create: async () => {
      const input = {
        PolicyName: policy.name,
        Path: policy.path,
        PolicyDocument: minified(policy.document),
        Tags: tagList(taggedWith(policy)),
        ...(policy.description === undefined ? {} : { Description: policy.description }),
      };
      return (await room.iam.createPolicy(input)).Policy?.Arn;
    },
    find: async () => ((await readCustomerPolicy(room, policy)) ? customerPolicyArn(room, policy) : undefined),
  });
  if (!fresh) requireSame(await readCustomerPolicy(room, policy), policy);
  await confirmed(writing, room, { before: undefined, after: policy });
  remember(writing, policy);
};

const versionsOf = ({ iam }: AccountIam, PolicyArn: string): Promise<readonly PolicyVersion[]> =>
  allMarked(async (from) => {
    const { Versions, Marker } = await iam.listPolicyVersions({ PolicyArn, ...from });
    return { rows: Versions, Marker };
  });

const numberOf = ({ VersionId = '' }: PolicyVersion): number => Number(VersionId.replace(/\D/g, ''));

const unused = (versions: readonly PolicyVersion[]): readonly PolicyVersion[] =>
  versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).sort((a, b) => numberOf(a) - numberOf(b));

const dropVersion = ({ iam }: AccountIam, PolicyArn: string, { VersionId }: PolicyVersion): Promise<void> =>
  unless([noSuchEntityName], () => iam.deletePolicyVersion({ PolicyArn, VersionId }));

/** The oldest that nothing uses makes room; the default one never goes. */
const makeRoom = async (room: AccountIam, PolicyArn: string): Promise<void> => {
  const versions = await versionsOf(room, PolicyArn);
  const [oldest] = unused(versions);
  if (versions.length >= versionsKept && oldest !== undefined) await dropVersion(room, PolicyArn, oldest);
};

const setDocument = async (room: AccountIam, policy: CustomerPolicy): Promise<void> => {
  const PolicyArn = customerPolicyArn(room, policy);
  await makeRoom(room, PolicyArn);
  await createdOrFound({
    create: async () => {
      const input = { PolicyArn, PolicyDocument: minified(policy.document), SetAsDefault: true };
      return (await room.iam.createPolicyVersion(input)).PolicyVersion?.VersionId;
    },
    find: async () => {
      const live = await readCustomerPolicy(room, policy);
      return live !== undefined && samePolicy(live.document, policy.document) ? PolicyArn : undefined;
    },
  });
};

type CustomerPolicyEdit = { readonly from: CustomerPolicy; readonly to: CustomerPolicy };

const editTags = async (room: AccountIam, { from, to }: CustomerPolicyEdit): Promise<void> => {
  const PolicyArn = customerPolicyArn(room, to);
  const { set, remove } = tagEdit(taggedWith(from), taggedWith(to));
  if (Object.keys(set).length > 0) await room.iam.tagPolicy({ PolicyArn, Tags: tagList(set) });
  if (remove.length > 0) await room.iam.untagPolicy({ PolicyArn, TagKeys: [...remove] });
};

export const updateCustomerPolicy = async (
  writing: WriteContext,
  before: CustomerPolicy,
  after: CustomerPolicy,
): Promise<void> => {
  const room = await iamRoom(writing, after.account);
  const live = await readCustomerPolicy(room, after);
  if (isArrived(live, { states: [before], after })) return remember(writing, after);
  const from = live ?? before;
  if (!samePolicy(from.document, after.document)) await setDocument(room, after);
  await editTags(room, { from, to: after });
  await confirmed(writing, room, { before, after });
  remember(writing, after);
};

/** Who still uses it, in the words that IAM's DeleteConflict leaves out. */
const usersOf = async ({ iam }: AccountIam, PolicyArn: string): Promise<string> => {
  const { PolicyRoles = [], PolicyUsers = [], PolicyGroups = [] } = await iam.listEntitiesForPolicy({ PolicyArn });
  const named = [
    ...PolicyRoles.map(({ RoleName }) => `role ${RoleName}`),
    ...PolicyUsers.map(({ UserName }) => `user ${UserName}`),
    ...PolicyGroups.map(({ GroupName }) => `group ${GroupName}`),
  ];
  return named.length === 0 ? 'something' : named.slice(0, 5).join(', ');
};

const removePolicy = async (room: AccountIam, PolicyArn: string): Promise<void> => {
  try {
    await unless([noSuchEntityName], () => room.iam.deletePolicy({ PolicyArn }));
  } catch (thrown) {
    if (!isNamed(thrown, 'DeleteConflictException')) throw thrown;
    throw new Error(`it is still attached to ${await usersOf(room, PolicyArn)}`, { cause: thrown });
  }
};

/** DeletePolicy takes no policy that has more than its default version. */
export const deleteCustomerPolicy = async (writing: WriteContext, before: CustomerPolicy): Promise<void> => {
  const room = await iamRoom(writing, before.account);
  const live = await readCustomerPolicy(room, before);
  if (live === undefined || isArrived(live, { states: [before], after: undefined })) return;
  const PolicyArn = customerPolicyArn(room, before);
  for (const version of unused(await versionsOf(room, PolicyArn))) await dropVersion(room, PolicyArn, version);
  await removePolicy(room, PolicyArn);
  await confirmed(writing, room, { before, after: undefined });
};

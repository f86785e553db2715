/** Writes of control policies and their attachments. */
import { controlPolicyTypes } from '../kinds/control-policies.ts';
import { changedFields } from '../kinds/equal.ts';
import { minified } from '../model/policy.ts';
import { controlPolicyKey, isGuardRail, policyTypes } from '../model/resource.ts';
import type { Attachment, ControlPolicy } from '../model/resource.ts';
import { idIn, policyId, targetId } from './ids.ts';
import { requireSame } from './moved.ts';
import { createdOrFound, unless } from './retry.ts';
import { listPolicies, readControlPolicy } from './read-policies.ts';
import { tagList, ownershipTags } from './tags.ts';
import { editTags } from './write-organization.ts';
import type { WriteContext } from './writing.ts';

/** As it is sent and counted. */
const contentOf = (policy: ControlPolicy): string =>
  isGuardRail(policy) ? minified(policy.document) : JSON.stringify(policy.settings);

const fieldsOf = (policy: ControlPolicy) => ({
  Name: policy.name,
  Description: policy.description,
  Content: contentOf(policy),
});

/** One of the same name that appeared meanwhile must be this one: its create whose answer was lost, say. */
export const createPolicy = async (writing: WriteContext, policy: ControlPolicy): Promise<void> => {
  const { connection, ids } = writing;
  const fields = fieldsOf(policy);
  const tags = ownershipTags(policy);
  const { id, fresh } = await createdOrFound({
    duplicate: 'DuplicatePolicyException',
    create: async () => {
      const input = { ...fields, Type: policyTypes[policy.kind], Tags: tagList(tags) };
      return (await connection.organizations.createPolicy(input)).Policy?.PolicySummary?.Id;
    },
    find: async () => (await listPolicies(connection, policy.kind)).find(({ name }) => name === policy.name)?.id,
  });
  if (!fresh) requireSame(await readControlPolicy(connection, { kind: policy.kind, id }), policy);
  ids.policies.set(controlPolicyKey(policy), id);
};

const documentFields: readonly string[] = ['document', 'settings'];

const differing = (before: ControlPolicy, after: ControlPolicy): Partial<ReturnType<typeof fieldsOf>> => ({
  ...(before.name === after.name ? {} : { Name: after.name }),
  ...(before.description === after.description ? {} : { Description: after.description }),
  ...(changedFields(before, after).some((field) => documentFields.includes(field))
    ? { Content: contentOf(after) }
    : {}),
});

export const updatePolicy = async (
  writing: WriteContext,
  before: ControlPolicy,
  after: ControlPolicy,
): Promise<void> => {
  const { connection, ids } = writing;
  const [oldKey, newKey] = [controlPolicyKey(before), controlPolicyKey(after)];
  const PolicyId = idIn(ids.policies, ids.policies.has(newKey) ? newKey : oldKey, controlPolicyTypes[after.kind].word);
  const fields = differing(before, after);
  if (Object.keys(fields).length > 0) await connection.organizations.updatePolicy({ PolicyId, ...fields });
  await editTags(writing, PolicyId, [ownershipTags(before), ownershipTags(after)]);
};

export const deletePolicy = ({ connection, ids }: WriteContext, policy: ControlPolicy): Promise<void> =>
  unless(['PolicyNotFoundException'], () => connection.organizations.deletePolicy({ PolicyId: policyId(ids, policy) }));

const addressOf = ({ ids }: WriteContext, { policy, target }: Attachment) => ({
  PolicyId: policyId(ids, policy),
  TargetId: targetId(ids, target),
});

export const attachPolicy = (writing: WriteContext, attachment: Attachment): Promise<void> =>
  unless(['DuplicatePolicyAttachmentException'], () =>
    writing.connection.organizations.attachPolicy(addressOf(writing, attachment)),
  );

export const detachPolicy = (writing: WriteContext, attachment: Attachment): Promise<void> =>
  unless(['PolicyNotAttachedException', 'PolicyNotFoundException'], () =>
    writing.connection.organizations.detachPolicy(addressOf(writing, attachment)),
  );

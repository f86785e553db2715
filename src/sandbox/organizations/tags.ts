/** Tags of roots, OUs, accounts and policies. */
import type { CallInput, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { own, textMember } from '../members.ts';
import { isTarget, listOutput, missingFromOrganization } from './look.ts';
import { invalidOrganizationsInput } from './refusal.ts';
import type { OrganizationsState, Tag } from './state.ts';
import type { SandboxWorld } from '../world.ts';

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const maxTags = 50;

const keyIn = (key: unknown): string => {
  if (typeof key !== 'string') throw new AwsError('SerializationException', 'A tag key is a string.');
  if (key.length < 1) throw invalidOrganizationsInput('MIN_LENGTH_EXCEEDED', 'A tag key has at least 1 character.');
  if (key.length > 128) throw invalidOrganizationsInput('MAX_LENGTH_EXCEEDED', 'A tag key has at most 128 characters.');
  if (!allowed.test(key))
    throw invalidOrganizationsInput('INVALID_PATTERN', 'A tag key has characters that are not allowed.');
  if (/^aws:/i.test(key))
    throw invalidOrganizationsInput('INVALID_SYSTEM_TAGS_PARAMETER', 'Tag keys must not begin with aws:.');
  return key;
};

const valueIn = (value: unknown): string => {
  if (value === undefined || value === null) throw invalidOrganizationsInput('INPUT_REQUIRED', 'A tag needs a value.');
  if (typeof value !== 'string') throw new AwsError('SerializationException', 'A tag value is a string.');
  if (value.length > 256)
    throw invalidOrganizationsInput('MAX_LENGTH_EXCEEDED', 'A tag value has at most 256 characters.');
  if (!allowed.test(value))
    throw invalidOrganizationsInput('INVALID_PATTERN', 'A tag value has characters that are not allowed.');
  return value;
};

const tagIn = (value: unknown): Tag => {
  if (typeof value !== 'object' || value === null) throw new AwsError('SerializationException', 'A tag is an object.');
  const { Key, Value } = value as { Key?: unknown; Value?: unknown };
  return { Key: keyIn(Key), Value: valueIn(Value) };
};

/** The tags of an input, checked by themselves. */
export const organizationTagsIn = (input: CallInput): readonly Tag[] => {
  const list = Array.isArray(input['Tags']) ? (input['Tags'] as unknown[]) : [];
  const tags = list.map(tagIn);
  if (new Set(tags.map(({ Key }) => Key.toLowerCase())).size < tags.length)
    throw invalidOrganizationsInput('DUPLICATE_TAG_KEY', 'Tag keys must be unique, whatever their case.');
  if (tags.length > maxTags) throw tooMany();
  return tags;
};

const tooMany = (): AwsError =>
  new AwsError('ConstraintViolationException', `A resource has at most ${maxTags} tags.`, {
    fields: { Reason: 'MAX_TAG_LIMIT_EXCEEDED' },
  });

const resourceIn = (state: OrganizationsState, input: CallInput): string => {
  const id = textMember(input, 'ResourceId');
  const policy = own(state.policies, id);
  if (policy?.AwsManaged)
    throw invalidOrganizationsInput('IMMUTABLE_POLICY', 'An AWS managed policy cannot be tagged.');
  if (policy ?? (isTarget(state, id) || id === state.resourcePolicy?.Id)) return id;
  throw missingFromOrganization('TargetNotFoundException', "You specified a target that doesn't exist.");
};

const tagResource: SandboxOperation<SandboxWorld> = ({ organizations }, input) => {
  const id = resourceIn(organizations, input);
  const fresh = organizationTagsIn(input);
  const kept = (own(organizations.tags, id) ?? []).filter(({ Key }) => !fresh.some((tag) => tag.Key === Key));
  if (kept.length + fresh.length > maxTags) throw tooMany();
  organizations.tags[id] = [...kept, ...fresh];
  return {};
};

const untagResource: SandboxOperation<SandboxWorld> = ({ organizations }, input) => {
  const id = resourceIn(organizations, input);
  const keys = (Array.isArray(input['TagKeys']) ? (input['TagKeys'] as unknown[]) : []).map(keyIn);
  organizations.tags[id] = (own(organizations.tags, id) ?? []).filter(({ Key }) => !keys.includes(Key));
  return {};
};

const listTagsForResource: SandboxOperation<SandboxWorld> = ({ organizations }, input) => {
  const id = textMember(input, 'ResourceId');
  const found = own(organizations.policies, id)?.AwsManaged ? id : resourceIn(organizations, input);
  return listOutput('Tags', own(organizations.tags, found) ?? [], input);
};

export const tagOperations = {
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
} satisfies Readonly<Record<string, SandboxOperation<SandboxWorld>>>;

/** What IAM's operations share: pages, tags, documents and the words of their refusals. Input is checked before. */
import type { CallInput, CallOutput } from '../core.ts';
import { AwsError } from '../core.ts';
import type { IamIdentity } from './state.ts';
import { textMember } from '../members.ts';
import type { Tag } from '../organizations/state.ts';
import { takePage } from '../pages.ts';

/** One page as the result member `name`; 100 when MaxItems is absent. */
export const iamListPage = (name: string, all: readonly unknown[], input: CallInput): CallOutput => {
  const size = Number(textMember(input, 'MaxItems') || '100');
  const found = takePage(all, { token: input['Marker'], size, cap: 1000 });
  if (!found) throw new AwsError('ValidationError', 'Invalid Marker.');
  const { items, nextToken } = found;
  return { [name]: items, IsTruncated: nextToken !== undefined, ...(nextToken ? { Marker: nextToken } : {}) };
};

/** NoSuchEntity in a sentence of its own. */
export const missingIamEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, { status: 404 });

export const noSuchIamEntity = (what: string): AwsError => missingIamEntity(`The ${what} cannot be found.`);

export const alreadyExists = (what: string): AwsError =>
  new AwsError('EntityAlreadyExists', `${what} already exists.`, { status: 409 });

export const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflict', message, { status: 409 });

export const validationError = (message: string): AwsError => new AwsError('ValidationError', message);

export const invalidIamInput = (message: string): AwsError => new AwsError('InvalidInput', message);

/** RFC 3986, as the API reference of GetRole says. */
export const encoded = (json: string): string =>
  encodeURIComponent(json).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Whether keys that differ in case are one: so for users and roles, not for what else has tags ("Rules for tagging in
 * IAM and AWS STS": https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html).
 */
export type TagKeys = 'case-sensitive' | 'case-insensitive';

export const tagKey = (key: string, keys: TagKeys): string => (keys === 'case-sensitive' ? key : key.toLowerCase());

/** Throws unless no key is there twice. */
export const iamTagsIn = (input: CallInput, keys: TagKeys): Tag[] => {
  const list = (Array.isArray(input['Tags']) ? input['Tags'] : []) as readonly Tag[];
  const tags = list.map(({ Key, Value }) => ({ Key, Value }));
  if (new Set(tags.map(({ Key }) => tagKey(Key, keys))).size === tags.length) return tags;
  const note = keys === 'case-insensitive' ? ' Please note that Tag keys are case insensitive.' : '';
  throw invalidIamInput(`Duplicate tag keys found.${note}`);
};

export const textListMember = (input: CallInput, member: string): string[] =>
  (Array.isArray(input[member]) ? (input[member] as unknown[]) : []).map(String);

/** A flag of an awsQuery form. */
export const isTrue = (input: CallInput, member: string): boolean => input[member] === 'true';

export const unmodifiable = (message: string): AwsError => new AwsError('UnmodifiableEntity', message);

/** Absent when there is none, as IAM leaves out what is empty in most answers. */
export const tagsOutput = ({ Tags }: { readonly Tags: readonly Tag[] }): CallOutput =>
  Tags.length > 0 ? { Tags } : {};

export const boundaryOutput = ({ PermissionsBoundary }: IamIdentity): CallOutput =>
  PermissionsBoundary === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy',
          PermissionsBoundaryArn: PermissionsBoundary,
        },
      };

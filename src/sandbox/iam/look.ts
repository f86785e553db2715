/** What IAM's operations share: input checks, pages, documents and how roles and policies are written. */
import { AwsError, type Input, type Output } from '../core.ts';
import type { Identity } from './state.ts';
import { faultOf, text, type Member, type Members } from '../members.ts';
import type { Tag } from '../organizations/state.ts';
import { takePage } from '../pages.ts';

const documentText = /^[\t\n\r\u0020-\u00FF]+$/;

export const document: Member = { kind: 'string', required: true, min: 1, max: 131_072, pattern: documentText };
export const roleName: Member = { kind: 'string', required: true, min: 1, max: 64, pattern: /^[\w+=,.@-]+$/ };
export const policyName: Member = { kind: 'string', required: true, min: 1, max: 128, pattern: /^[\w+=,.@-]+$/ };
export const path: Member = { kind: 'string', min: 1, max: 512, pattern: /^(\/|\/[\u0021-\u007E]+\/)$/ };
export const policyArn: Member = { kind: 'string', required: true, min: 20, max: 2048 };

const page: Members = {
  Marker: { kind: 'string', min: 1, max: 320 },
  MaxItems: { kind: 'string', pattern: /^([1-9]\d{0,2}|1000)$/ },
};

/** Throws the ValidationError that IAM answers to members its model forbids. */
export const check = (input: Input, members: Members): void => {
  const fault = faultOf(input, { ...members, ...page });
  if (fault)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: ${fault.member} breaks its rule: ${fault.rule}.`,
    );
};

/** One page as the result member `name`; 100 when MaxItems is absent. */
export const pageOf = (name: string, all: readonly unknown[], input: Input): Output => {
  const size = Number(text(input, 'MaxItems') || '100');
  const found = takePage(all, { token: input['Marker'], size, cap: 1000 });
  if (!found) throw new AwsError('ValidationError', 'Invalid Marker.');
  const { items, nextToken } = found;
  return { [name]: items, IsTruncated: nextToken !== undefined, ...(nextToken ? { Marker: nextToken } : {}) };
};

export const noSuchEntity = (what: string): AwsError =>
  new AwsError('NoSuchEntity', `The ${what} cannot be found.`, { status: 404 });

export const alreadyExists = (what: string): AwsError =>
  new AwsError('EntityAlreadyExists', `${what} already exists.`, { status: 409 });

export const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflict', message, { status: 409 });

/** RFC 3986, as the API reference of GetRole says. */
export const encoded = (json: string): string =>
  encodeURIComponent(json).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws unless the tags of the input are pairs of text, at most 50, no key twice. */
export const tagsIn = (input: Input): Tag[] => {
  const list: unknown[] = Array.isArray(input['Tags']) ? (input['Tags'] as unknown[]) : [];
  const tags = list.map((tag) => {
    const { Key, Value } = isObject(tag) ? tag : {};
    if (typeof Key === 'string' && typeof Value === 'string' && Key.length > 0 && Key.length <= 128)
      return { Key, Value };
    throw new AwsError('ValidationError', 'A tag needs a key of 1 to 128 characters and a value.');
  });
  if (tags.length > 50) throw new AwsError('ValidationError', 'A resource has at most 50 tags.');
  if (new Set(tags.map(({ Key }) => Key.toLowerCase())).size < tags.length)
    throw new AwsError('InvalidInput', 'Duplicate tag keys found.');
  return tags;
};

/** Throws unless the input names keys to take off. */
export const tagKeysIn = (input: Input): readonly string[] => {
  const keys: unknown[] = Array.isArray(input['TagKeys']) ? (input['TagKeys'] as unknown[]) : [];
  if (keys.every((key): key is string => typeof key === 'string' && key.length > 0 && key.length <= 128)) return keys;
  throw new AwsError('ValidationError', 'A tag key has 1 to 128 characters.');
};

/** A flag of an awsQuery form. */
export const isTrue = (input: Input, member: string): boolean => input[member] === 'true';

export const unmodifiable = (message: string): AwsError => new AwsError('UnmodifiableEntity', message);

export const boundaryOutput = ({ PermissionsBoundary }: Identity): Output =>
  PermissionsBoundary === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy',
          PermissionsBoundaryArn: PermissionsBoundary,
        },
      };

/** Finding a user or group by something other than its id, and the one deprecated filter of the lists. */
import type { CallInput } from '../core.ts';
import type { ExternalId } from './state.ts';
import { invalidSsoInput, isRecord, requiredInput, structure, structures } from '../identity-center/input.ts';

export type AlternateIdentifier =
  | { readonly kind: 'external'; readonly id: ExternalId }
  | { readonly kind: 'attribute'; readonly path: string; readonly value: string };

const attributePath = { min: 1, max: 255 };

/** Exactly one of ExternalId and UniqueAttribute; `paths` are the attributes that are unique, in lower case. */
export const alternateFrom = (input: CallInput, paths: readonly string[]): AlternateIdentifier => {
  const union = structure(input, 'AlternateIdentifier') ?? {};
  const external = structure(union, 'ExternalId');
  const unique = structure(union, 'UniqueAttribute');
  if ((external === null) === (unique === null))
    throw invalidSsoInput('An AlternateIdentifier is either an ExternalId or a UniqueAttribute.');
  if (external)
    return { kind: 'external', id: { Issuer: requiredInput(external, 'Issuer'), Id: requiredInput(external, 'Id') } };
  const written = requiredInput(unique ?? {}, 'AttributePath', attributePath);
  const path = written.toLowerCase();
  if (!paths.includes(path)) throw invalidSsoInput(`The attribute ${written} is not a unique attribute`);
  if (unique?.['AttributeValue'] === '')
    throw invalidSsoInput('attribute value cannot be empty or null for attribute path');
  return { kind: 'attribute', path, value: requiredInput(unique ?? {}, 'AttributeValue') };
};

/** Whether one of the ids is that one. */
export const hasExternalId = (ids: readonly ExternalId[], wanted: ExternalId): boolean =>
  ids.some(({ Issuer, Id }) => Issuer === wanted.Issuer && Id === wanted.Id);

/** The value of the only filter that a list takes, null without one. */
export const filterFrom = (input: CallInput, path: string): string | null => {
  const [filter] = structures(input, 'Filters', { max: 1 });
  if (!filter) return null;
  if (requiredInput(filter, 'AttributePath', attributePath).toLowerCase() !== path.toLowerCase())
    throw invalidSsoInput(`The filter must be on ${path}.`);
  return requiredInput(filter, 'AttributeValue', { min: 1, max: 1024 });
};

type AttributeChange = { readonly path: string; readonly value: unknown };

/** The operations of UpdateGroup and UpdateUser; a value of null removes the attribute. */
export const changesFrom = (input: CallInput): readonly AttributeChange[] =>
  structures(input, 'Operations', { min: 1, max: 100 }).map((operation) => ({
    path: requiredInput(operation, 'AttributePath', attributePath),
    value: operation['AttributeValue'] ?? null,
  }));

/** A record with the value at a dotted path, copied where it differs; null takes the member out. */
export const withPath = (record: CallInput, path: readonly string[], value: unknown): CallInput => {
  const [head, ...rest] = path;
  if (head === undefined) return record;
  const { [head]: old, ...others } = record;
  if (rest.length > 0) return { ...others, [head]: withPath(isRecord(old) ? old : {}, rest, value) };
  return value === null ? others : { ...others, [head]: value };
};

/** Finding a user or group by something other than its id, and the one deprecated filter of the lists. */
import type { Input } from '../core.ts';
import type { ExternalId } from './state.ts';
import { invalid, isRecord, required, structure, structures } from '../identity-center/input.ts';

export type Alternate =
  | { readonly kind: 'external'; readonly id: ExternalId }
  | { readonly kind: 'attribute'; readonly path: string; readonly value: string };

const attributePath = { min: 1, max: 255 };

/** Exactly one of ExternalId and UniqueAttribute; `paths` are the attributes that are unique, in lower case. */
export const alternateFrom = (input: Input, paths: readonly string[]): Alternate => {
  const union = structure(input, 'AlternateIdentifier') ?? {};
  const external = structure(union, 'ExternalId');
  const unique = structure(union, 'UniqueAttribute');
  if ((external === null) === (unique === null))
    throw invalid('An AlternateIdentifier is either an ExternalId or a UniqueAttribute.');
  if (external) return { kind: 'external', id: { Issuer: required(external, 'Issuer'), Id: required(external, 'Id') } };
  const written = required(unique ?? {}, 'AttributePath', attributePath);
  const path = written.toLowerCase();
  if (!paths.includes(path)) throw invalid(`The attribute ${written} is not a unique attribute`);
  if (unique?.['AttributeValue'] === '') throw invalid('attribute value cannot be empty or null for attribute path');
  return { kind: 'attribute', path, value: required(unique ?? {}, 'AttributeValue') };
};

/** Whether one of the ids is that one. */
export const hasExternalId = (ids: readonly ExternalId[], wanted: ExternalId): boolean =>
  ids.some(({ Issuer, Id }) => Issuer === wanted.Issuer && Id === wanted.Id);

/** The value of the only filter that a list takes, null without one. */
export const filterFrom = (input: Input, path: string): string | null => {
  const [filter] = structures(input, 'Filters', { max: 1 });
  if (!filter) return null;
  if (required(filter, 'AttributePath', attributePath).toLowerCase() !== path.toLowerCase())
    throw invalid(`The filter must be on ${path}.`);
  return required(filter, 'AttributeValue', { min: 1, max: 1024 });
};

type AttributeChange = { readonly path: string; readonly value: unknown };

/** The operations of UpdateGroup and UpdateUser; a value of null removes the attribute. */
export const changesFrom = (input: Input): readonly AttributeChange[] =>
  structures(input, 'Operations', { min: 1, max: 100 }).map((operation) => ({
    path: required(operation, 'AttributePath', attributePath),
    value: operation['AttributeValue'] ?? null,
  }));

/** A record with the value at a dotted path, copied where it differs; null takes the member out. */
export const withPath = (record: Input, path: readonly string[], value: unknown): Input => {
  const [head, ...rest] = path;
  if (head === undefined) return record;
  const { [head]: old, ...others } = record;
  if (rest.length > 0) return { ...others, [head]: withPath(isRecord(old) ? old : {}, rest, value) };
  return value === null ? others : { ...others, [head]: value };
};

/**
 * The order of keys, for whoever writes or formats files: that of the schemas, so that a key which a schema has is in order.
 * Keys that are names (accounts, tags, condition keys) stay as they are.
 */
import { baseSchemas } from '../../desired/check-form.ts';
import type { FileKind } from '../../desired/check-form.ts';
import { formOfValue } from '../../desired/schema/conforms.ts';
import type { SchemaForm } from '../../desired/schema/conforms.ts';

/** What a schema says of one value of a file. */
export type ValueForm = { readonly form: SchemaForm | undefined; readonly root: SchemaForm; readonly value: unknown };

export const wholeForm = (kind: FileKind, value: unknown): ValueForm => {
  const root: SchemaForm = baseSchemas()[kind];
  return { form: formOfValue(root, value, root), root, value };
};

const below = ({ root }: ValueForm, form: SchemaForm | false | undefined, value: unknown): ValueForm => ({
  root,
  value,
  form: form === undefined || form === false ? undefined : formOfValue(form, value, root),
});

/** The value of a key, or of an item of a list. */
export const formBelow = (whole: ValueForm, step: string | number): ValueForm => {
  const { form, value } = whole;
  const inner = (value as Readonly<Record<string | number, unknown>> | null)?.[step];
  if (typeof step === 'number') return below(whole, form?.items, inner);
  const { properties, additionalProperties } = form ?? {};
  return below(
    whole,
    properties !== undefined && Object.hasOwn(properties, step) ? properties[step] : additionalProperties,
    inner,
  );
};

/** Things with their keys in order; a key that the schema does not name stays behind those that it does. */
export const inKeyOrder = <T>(things: readonly T[], { form }: ValueForm, keyOf: (thing: T) => string): readonly T[] => {
  const keys = Object.keys(form?.properties ?? {});
  const rank = (thing: T): number => {
    const index = keys.indexOf(keyOf(thing));
    return index < 0 ? keys.length : index;
  };
  return [...things].sort((one, other) => rank(one) - rank(other));
};

/** The keys of a kind of file, or of what is below it: `keysOf('group', 'assignments')` are those of an assignment. */
export const keysOf = (kind: FileKind, ...steps: readonly string[]): readonly string[] => {
  const root: SchemaForm = baseSchemas()[kind];
  const form = steps.reduce<SchemaForm | undefined>((at, step) => {
    const next = at?.properties?.[step];
    return next?.items ?? next?.anyOf?.find(({ properties }) => properties !== undefined) ?? next;
  }, root);
  return Object.keys(form?.properties ?? {});
};

/** The keys that stand before one. */
export const keysBefore = (keys: readonly string[], key: string): readonly string[] => keys.slice(0, keys.indexOf(key));

/** The fields of a file in the order of its kind. */
export const inFileOrder = <T extends object>(kind: FileKind, fields: T): T => {
  const keys = keysOf(kind);
  return Object.fromEntries(
    Object.entries(fields).sort(([one], [other]) => keys.indexOf(one) - keys.indexOf(other)),
  ) as T;
};

/** The same data, its keys in the order of the files at every depth. */
export const orderedData = (whole: ValueForm): unknown => {
  const { value } = whole;
  if (Array.isArray(value)) return value.map((_, index) => orderedData(formBelow(whole, index)));
  if (typeof value !== 'object' || value === null) return value;
  const keys = inKeyOrder(Object.keys(value), whole, (key) => key);
  return Object.fromEntries(keys.map((key) => [key, orderedData(formBelow(whole, key))]));
};

/**
 * Whether a value has the form of a schema, answered without compiling anything. Compiling every schema with ajv would cost
 * more than all the rest of `validate`; so ajv is loaded only for a file that this calls wrong, and says what is wrong.
 * A test holds the two to the same answer.
 */

export type JsonSchema = Readonly<Record<string, unknown>>;
type ObjectValues = Readonly<Record<string, unknown>>;
/** The schema as it is read: every keyword that schema.ts uses. */
export type SchemaForm = {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaForm[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly items?: SchemaForm;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, SchemaForm>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaForm | false;
  readonly propertyNames?: SchemaForm;
  readonly definitions?: Readonly<Record<string, SchemaForm>>;
};

const patterns = new Map<string, RegExp>();
const patternOf = (source: string): RegExp => {
  const known = patterns.get(source) ?? new RegExp(source, 'u');
  patterns.set(source, known);
  return known;
};

const hasType = (type: string, value: unknown): boolean => {
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return Number.isFinite(value);
  return typeof value === type;
};

/** JSON Schema counts characters, not UTF-16 units. */
const textConforms = (form: SchemaForm, text: string): boolean => {
  const length = form.minLength === undefined && form.maxLength === undefined ? 0 : [...text].length;
  if (length < (form.minLength ?? 0) || length > (form.maxLength ?? Infinity)) return false;
  return form.pattern === undefined || patternOf(form.pattern).test(text);
};

const listConforms = (form: SchemaForm, list: readonly unknown[], root: SchemaForm): boolean => {
  if (list.length < (form.minItems ?? 0)) return false;
  if (form.uniqueItems === true && new Set(list.map((item) => JSON.stringify(item))).size !== list.length) return false;
  const { items } = form;
  return items === undefined || list.every((item) => formConforms(items, item, root));
};

const mapConforms = (form: SchemaForm, map: ObjectValues, root: SchemaForm): boolean => {
  if (form.required?.some((name) => !Object.hasOwn(map, name)) === true) return false;
  return Object.entries(map).every(([name, value]) => {
    if (form.propertyNames !== undefined && !textConforms(form.propertyNames, name)) return false;
    const own = form.properties !== undefined && Object.hasOwn(form.properties, name);
    const inner = own ? form.properties[name] : form.additionalProperties;
    return inner === undefined || (inner !== false && formConforms(inner, value, root));
  });
};

const follow = (form: SchemaForm, root: SchemaForm): SchemaForm =>
  form.$ref === undefined ? form : (root.definitions?.[form.$ref.slice('#/definitions/'.length)] ?? form);

const partsConform = (form: SchemaForm, value: unknown, root: SchemaForm): boolean => {
  if (typeof value === 'string') return textConforms(form, value);
  if (typeof value === 'number') return value >= (form.minimum ?? -Infinity);
  if (Array.isArray(value)) return listConforms(form, value, root);
  return typeof value !== 'object' || value === null || mapConforms(form, value as ObjectValues, root);
};

const formConforms = (written: SchemaForm, value: unknown, root: SchemaForm): boolean => {
  const form = follow(written, root);
  if (form.type !== undefined && !hasType(form.type, value)) return false;
  if (form.const !== undefined && form.const !== value) return false;
  if (form.enum !== undefined && !form.enum.includes(value)) return false;
  if (form.anyOf !== undefined && !form.anyOf.some((branch) => formConforms(branch, value, root))) return false;
  return partsConform(form, value, root);
};

/** The form that a value has: of several, the first that it conforms to. */
export const formOfValue = (written: SchemaForm, value: unknown, root: SchemaForm): SchemaForm => {
  const form = follow(written, root);
  const branch = form.anyOf?.find((one) => formConforms(one, value, root));
  return branch === undefined ? form : formOfValue(branch, value, root);
};

export const conforms = (schema: JsonSchema, value: unknown): boolean => formConforms(schema, value, schema);

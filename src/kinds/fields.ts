/**
 * Every field of every kind, by its form: what a form means for comparing, showing, writing and editing is told once, by
 * whoever does it. A field that a noun has and this table lacks does not compile, nor does a form that cannot hold its value.
 */
import type { PolicyDocument } from '../model/policy.ts';
import type { SettingsDocument } from '../model/settings-document.ts';
import { guardRailKinds, settingsKinds } from '../model/resource.ts';
import type {
  CustomerManagedPolicy,
  GuardRail,
  Kind,
  PermissionsBoundary,
  Resource,
  ResourceOf,
  SettingsPolicy,
} from '../model/resource.ts';

/** The forms, each with the values that it may hold. */
type FormValues = {
  /** Part of the key, or told by it: another value is another resource. */
  readonly key: unknown;
  /** Neither compared nor written by us: AWS decides it. */
  readonly readOnly: unknown;
  /** Shown when a resource appears, and never changed afterwards. */
  readonly immutable: string;
  /** Not in the key of what it names: another value is a rename or a move, which has words of its own. */
  readonly name: string;
  readonly text: string;
  readonly seconds: number;
  readonly flag: boolean;
  /** A set of texts. */
  readonly texts: readonly string[];
  /** ARNs of AWS managed policies, which the files write by name. */
  readonly managedPolicies: readonly string[];
  readonly references: readonly CustomerManagedPolicy[];
  readonly boundary: PermissionsBoundary;
  readonly tags: Readonly<Record<string, string>>;
  readonly document: PolicyDocument;
  readonly trust: PolicyDocument;
  readonly resourcePolicy: PolicyDocument;
  /** JSON that AWS alone understands. */
  readonly settings: SettingsDocument;
  /** Documents by name. */
  readonly documents: Readonly<Record<string, PolicyDocument>>;
  /** How far AWS has got with an edit: no file says it. */
  readonly progress: readonly string[];
  /** Whose it is, kept in a tag: no file says it. */
  readonly ownership: string;
};
export type Form = keyof FormValues;
export type FormValue<F extends Form> = FormValues[F];

type FormFor<Value> = { readonly [F in Form]: Value extends FormValues[F] ? F : never }[Form];
type FieldsOf<R> = { readonly [F in Exclude<keyof R, 'kind'>]-?: FormFor<NonNullable<R[F]>> };
type FieldTable = { readonly [K in Kind]: FieldsOf<ResourceOf<K>> };

const guardRail = {
  name: 'name',
  description: 'text',
  document: 'document',
  owner: 'ownership',
  scope: 'ownership',
} as const satisfies FieldsOf<GuardRail>;
const settingsPolicy = {
  name: 'name',
  description: 'text',
  settings: 'settings',
  owner: 'ownership',
  scope: 'ownership',
} as const satisfies FieldsOf<SettingsPolicy>;

const forEach = <K extends Kind, T>(kinds: readonly K[], forms: T): Readonly<Record<K, T>> =>
  Object.fromEntries(kinds.map((kind) => [kind, forms])) as Readonly<Record<K, T>>;

/** In the order in which fields are compared. */
export const fieldForms = {
  'policy-type': { type: 'key' },
  ou: { path: 'key', name: 'name', owner: 'ownership' },
  account: { name: 'key', id: 'key', parent: 'name' },
  ...forEach(guardRailKinds, guardRail),
  ...forEach(settingsKinds, settingsPolicy),
  attachment: { policy: 'key', target: 'key' },
  group: { name: 'name', description: 'text', source: 'readOnly' },
  user: { name: 'key', displayName: 'text', givenName: 'text', familyName: 'text', email: 'text' },
  membership: { group: 'key', user: 'key' },
  'permission-set': {
    name: 'key',
    description: 'text',
    sessionDuration: 'seconds',
    relayState: 'text',
    tags: 'tags',
    managedPolicies: 'managedPolicies',
    customerManagedPolicies: 'references',
    inlinePolicy: 'document',
    permissionsBoundary: 'boundary',
    outdatedIn: 'progress',
    owner: 'ownership',
    scope: 'ownership',
  },
  assignment: { principal: 'key', permissionSet: 'key', account: 'key' },
  entitlement: { principal: 'key', role: 'key', account: 'key' },
  role: {
    account: 'key',
    name: 'key',
    path: 'text',
    description: 'text',
    trust: 'trust',
    managedPolicies: 'managedPolicies',
    customerManagedPolicies: 'references',
    inlinePolicies: 'documents',
    permissionsBoundary: 'boundary',
    maxSessionDuration: 'seconds',
    instanceProfile: 'flag',
    tags: 'tags',
    owner: 'ownership',
  },
  policy: {
    account: 'key',
    name: 'key',
    path: 'key',
    description: 'immutable',
    document: 'document',
    tags: 'tags',
    owner: 'ownership',
  },
  'oidc-provider': { account: 'key', host: 'key', clientIds: 'texts', owner: 'ownership' },
  'resource-policy': { resource: 'key', account: 'key', region: 'key', document: 'resourcePolicy' },
  'access-attributes': { attributes: 'tags' },
} as const satisfies FieldTable;

/** Fields of a kind that have one of the forms, as a type. */
export type FieldOf<K extends Kind, F extends Form> = {
  readonly [Name in keyof (typeof fieldForms)[K]]: (typeof fieldForms)[K][Name] extends F ? Name : never;
}[keyof (typeof fieldForms)[K]];

export type Field = { readonly name: string; readonly form: Form };

const listed = Object.fromEntries(
  Object.entries(fieldForms).map(([kind, forms]) => [
    kind,
    Object.entries<Form>(forms).map(([name, form]): Field => ({ name, form })),
  ]),
) as unknown as Readonly<Record<Kind, readonly Field[]>>;

export const fieldsOf = (kind: Kind): readonly Field[] => listed[kind];

export const fieldsOfForm = <K extends Kind, F extends Form>(kind: K, form: F): readonly FieldOf<K, F>[] =>
  listed[kind].filter((field) => field.form === form).map(({ name }) => name as FieldOf<K, F>);

export const formOf = (kind: Kind, name: string): Form | undefined =>
  listed[kind].find((field) => field.name === name)?.form;

export const valueOf = (resource: Resource, field: string): unknown =>
  (resource as unknown as Readonly<Record<string, unknown>>)[field];

/** With its fields in the order of the table, as plans print them. */
export const inFieldOrder = <R extends Resource>(resource: R): R => {
  const names = ['kind', ...listed[resource.kind].map(({ name }) => name)].filter((name) => name in resource);
  return Object.fromEntries(names.map((name) => [name, valueOf(resource, name)])) as unknown as R;
};

const unsaid: readonly Form[] = ['progress', 'ownership'];

/** Whether a field is compared though no file says it: whose a thing is, and how far AWS has got with it. */
export const isUnsaid = (kind: Kind, name: string): boolean => {
  const form = formOf(kind, name);
  return form !== undefined && unsaid.includes(form);
};

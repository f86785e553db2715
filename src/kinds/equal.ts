/** When two resources of one key are the same: each is made canonical first, then compared as text. */
import { canonicalPolicy, canonicalResourcePolicy, canonicalTrust } from '../model/policy.ts';
import type { PolicyDocument } from '../model/policy.ts';
import { canonicalSettings } from '../model/settings-document.ts';
import type { CustomerManagedPolicy, Kind, Resource } from '../model/resource.ts';
import { fieldForms } from './fields.ts';
import type { Form, FormValue } from './fields.ts';

const referenceText = ({ path, name }: CustomerManagedPolicy): string => `${path}${name}`;

/** What counts of a value of each form; `null` where it never makes a difference. A field of `null` is absent. */
const comparers: { readonly [F in Form]: ((value: FormValue<F>) => unknown) | null } = {
  key: null,
  readOnly: null,
  // IAM's CreatePolicy alone takes the description of a customer policy.
  immutable: null,
  name: (text) => text,
  text: (text) => text,
  seconds: (count) => count,
  flag: (is) => is,
  texts: (list) => [...list].sort(),
  managedPolicies: (arns) => [...arns].sort(),
  references: (policies) => policies.map(referenceText).sort(),
  boundary: (boundary) =>
    'managedPolicy' in boundary ? boundary.managedPolicy : referenceText(boundary.customerManagedPolicy),
  tags: (tags) => Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)),
  document: canonicalPolicy,
  trust: canonicalTrust,
  resourcePolicy: canonicalResourcePolicy,
  settings: canonicalSettings,
  documents: (documents) =>
    Object.keys(documents)
      .sort()
      .map((name) => [name, canonicalPolicy(documents[name] as PolicyDocument)]),
  progress: (list) => [...list].sort(),
  ownership: (text) => text,
};

type Compared = { readonly field: string; readonly compare: (value: never) => unknown };

const comparedFields = Object.fromEntries(
  Object.entries(fieldForms).map(([kind, forms]) => [
    kind,
    Object.entries<Form>(forms).flatMap(([field, form]): readonly Compared[] => {
      const compare = comparers[form];
      return compare === null ? [] : [{ field, compare }];
    }),
  ]),
) as unknown as Readonly<Record<Kind, readonly Compared[]>>;

const nothing: Readonly<Record<string, unknown>> = {};

/** Field by field, the values that count when AWS and the YAML are compared; a field of `null` is absent. */
export const comparableFields = (resource: Resource): Readonly<Record<string, unknown>> => {
  // The corporate directory's: never written by us.
  if (resource.kind === 'group' && resource.source === 'external') return nothing;
  const values = resource as unknown as Readonly<Record<string, unknown>>;
  const comparable: Record<string, unknown> = {};
  for (const { field, compare } of comparedFields[resource.kind]) {
    const value = values[field];
    comparable[field] = value === undefined ? null : compare(value as never);
  }
  return comparable;
};

/** One string for all resources that are the same to AWS; made for comparing and hashing, not for reading. */
export const canonical = (resource: Resource): string => JSON.stringify([resource.kind, comparableFields(resource)]);

export const changedFields = (before: Resource, after: Resource): readonly string[] => {
  const old = comparableFields(before);
  return Object.entries(comparableFields(after))
    .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(old[field]))
    .map(([field]) => field);
};

/** What files can ask for: not whose a thing is, nor how far AWS has got with an edit of it. */
export const asDeclared = (resource: Resource): Resource => {
  const { owner: _, scope: __, ...rest } = resource as Resource & { readonly owner?: string; readonly scope?: string };
  return rest.kind === 'permission-set' ? { ...rest, outdatedIn: [] } : rest;
};

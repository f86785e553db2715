/** The text of one file each: a group, a user, a permission set, an SCP or RCP. */
import { fieldsOf, valueOf } from '../../kinds/fields.ts';
import type { Form, FormValue } from '../../kinds/fields.ts';
import type { ControlPolicy, PermissionSet, Resource } from '../../model/resource.ts';
import { isSettingsKind } from '../../model/resource.ts';
import type { WrittenGroup, WrittenUser } from '../../model/written.ts';
import type { AnyDocument } from '../../model/settings-document.ts';
import { inFileOrder } from './key-order.ts';
import type { AccountNames } from './policies.ts';
import { contentOf, documentYaml, policyYaml } from './policies.ts';
import { assignmentsLines } from './targets.ts';
import { block, entry, textOf } from './text.ts';
import type { Yaml } from './text.ts';

/** `depth` folders below the root. */
export const schemaLine = (kind: string, depth: number): string =>
  `# yaml-language-server: $schema=${'../'.repeat(depth)}.gatehouse/schemas/${kind}.schema.json`;

const unmanagedMembers = '# Its members are not managed: one of them has no name that a file could say.';
const doubtfulMembers = [
  '# Its members are not managed: AWS does not show whether the corporate directory sends them. If it does, write',
  '# `source: external` above. If you keep them here, list all of them under `members:`.',
];

const memberLines = ({ members, group, unsaid }: WrittenGroup): readonly string[] => {
  if (members === undefined) {
    if (unsaid === undefined || group.source === 'external') return [];
    return unsaid === 'doubtful' ? doubtfulMembers : [unmanagedMembers];
  }
  return members.length === 0 ? ['members: []'] : ['members:', ...block(members).map((line) => `  ${line}`)];
};

export const groupText = (written: WrittenGroup): string => {
  const { name, description, source } = written.group;
  return textOf([
    schemaLine('group', 2),
    ...entry('group', name, 0),
    ...(description === undefined ? [] : entry('description', description, 0)),
    `source: ${source}`,
    ...memberLines(written),
    ...assignmentsLines(written.assignments),
  ]);
};

export const userText = ({ user, assignments }: WrittenUser): string =>
  textOf([schemaLine('user', 2), ...entry('user', user, 0), ...assignmentsLines(assignments)]);

/** `8h`, `90m` or `5400s`, whichever is whole. */
const writtenDuration = (seconds: number): string => {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
};

export type PolicyNames = {
  readonly accounts: AccountNames;
  /** The name of an AWS managed policy, or its ARN where it has no name. */
  readonly managedPolicy: (arn: string) => string;
};

type Pieces = { readonly [key: string]: Yaml | undefined };

const customer = ({ name, path }: { readonly name: string; readonly path: string }): Yaml =>
  path === '/' ? { name } : { name, path };

export const unlessEmpty = <T extends object>(value: T): T | undefined =>
  Object.keys(value).length === 0 ? undefined : value;

type Writer<F extends Form> = (value: FormValue<F>, names: PolicyNames) => Yaml | undefined;
/** The values of each form as a file has them; null where no file has them, or where they are written with their documents. */
const writers: { readonly [F in Form]: Writer<F> | null } = {
  key: null,
  readOnly: null,
  name: null,
  progress: null,
  ownership: null,
  document: null,
  trust: null,
  resourcePolicy: null,
  settings: null,
  text: (text) => text,
  immutable: (text) => text,
  seconds: writtenDuration,
  flag: (is) => is || undefined,
  texts: (list) => unlessEmpty([...list]),
  managedPolicies: (arns, names) => unlessEmpty(arns.map(names.managedPolicy)),
  references: (policies) => unlessEmpty(policies.map(customer)),
  boundary: (boundary, names) =>
    'managedPolicy' in boundary
      ? { managedPolicy: names.managedPolicy(boundary.managedPolicy) }
      : { customerManagedPolicy: customer(boundary.customerManagedPolicy) },
  documents: (documents, names) =>
    unlessEmpty(
      Object.fromEntries(
        Object.entries(documents)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, document]) => [name, policyYaml(document, names.accounts)]),
      ),
    ),
  tags: unlessEmpty,
};

/** Every field that a file says under the field's own name, documents that may lie beside it excepted. */
export const writtenFields = (resource: Resource, names: PolicyNames): Pieces =>
  Object.fromEntries(
    fieldsOf(resource.kind).flatMap(({ name, form }) => {
      const [value, write] = [valueOf(resource, name), writers[form]];
      return write === null ? [] : [[name, value === undefined ? undefined : write(value as never, names)]];
    }),
  );

/** Every field of a set that is not its inline policy, in the order of the files. */
export const setFields = (set: PermissionSet, names: PolicyNames): Pieces => ({
  permissionSet: set.name,
  ...writtenFields(set, names),
});

/** Where a document is: in the file, or in a file beside it. */
export type Beside = { readonly file?: string };

export const documentField = (key: string, document: AnyDocument | undefined, from: Beside & PolicyNames): Pieces => {
  if (document === undefined) return {};
  return from.file === undefined ? { [key]: documentYaml(document, from.accounts) } : { [`${key}File`]: from.file };
};

export const permissionSetText = (set: PermissionSet, from: Beside & PolicyNames): string =>
  textOf([
    schemaLine('permission-set', 1),
    ...block(
      inFileOrder('permission-set', {
        ...setFields(set, from),
        ...documentField('inlinePolicy', set.inlinePolicy, from),
      }),
    ),
  ]);

const headOf = ({ kind, name, description }: ControlPolicy): Pieces => ({
  ...(isSettingsKind(kind) ? { 'policy-type': kind, name } : { [kind]: name }),
  ...(description === '' ? {} : { description }),
});

export const controlPolicyText = (policy: ControlPolicy, from: Beside & PolicyNames): string =>
  textOf([
    schemaLine(isSettingsKind(policy.kind) ? 'settings-policy' : 'scp', 1),
    ...block({ ...headOf(policy), ...documentField('policy', contentOf(policy), from) }),
  ]);

/** What one change says: its sign, its words, and the lines of its fields. Raw text: who shows it makes it harmless. */
import { ownValue } from '../model/own-value.ts';
import { changedFields } from '../model/equal.ts';
import type { Change } from '../model/plan.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import { canonicalPolicy } from '../model/policy.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { ControlPolicy, Group, PermissionSet, PermissionsBoundary, Resource, Role } from '../model/resource.ts';
import { decodeName, isControlPolicy } from '../model/resource.ts';
import { folded, policyDiff, prettyPolicy } from './policy-diff.ts';
import type { DiffLine } from './policy-diff.ts';
import { counted, foldedList } from './words.ts';

export const signs = { create: '+', update: '~', delete: '-' } as const;

/** Field by field what is shown of a resource; a list has a line for each element. */
type Fields = Readonly<Record<string, readonly string[]>>;

/** A string of one line: quoted, so that its ends and its spaces can be seen. */
const field = (name: string, value: string | undefined): Fields =>
  value === undefined || value === '' ? {} : { [name]: [`${name}: ${JSON.stringify(value)}`] };
const list = (name: string, values: readonly string[]): Fields => ({
  [name]: [...values].sort().map((value) => `${name}: ${value}`),
});

/** "4h", "90m", "45s". */
const sessionText = (seconds: number): string => {
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
};

const boundaryText = (boundary: PermissionsBoundary): string =>
  'managedPolicy' in boundary
    ? boundary.managedPolicy
    : `${boundary.customerManagedPolicy.path}${boundary.customerManagedPolicy.name}`;

const tagFields = (tags: Readonly<Record<string, string>>): Fields =>
  list(
    'tags',
    Object.entries(tags).map(([key, value]) => `${key} = ${value}`),
  );

const permissionSetFields = (set: PermissionSet): Fields => ({
  ...field('description', set.description),
  sessionDuration: [`sessionDuration: ${sessionText(set.sessionDuration)}`],
  ...field('relayState', set.relayState),
  ...list('managedPolicies', set.managedPolicies),
  ...list(
    'customerManagedPolicies',
    set.customerManagedPolicies.map(({ path, name }) => `${path}${name}`),
  ),
  ...list('permissionsBoundary', set.permissionsBoundary === undefined ? [] : [boundaryText(set.permissionsBoundary)]),
  ...tagFields(set.tags),
  ...ownershipFields(set),
});

const roleFields = (role: Role): Fields => ({
  ...field('path', role.path),
  ...field('description', role.description),
  maxSessionDuration: [`maxSessionDuration: ${sessionText(role.maxSessionDuration)}`],
  ...list('managedPolicies', role.managedPolicies),
  ...list(
    'customerManagedPolicies',
    role.customerManagedPolicies.map(({ path, name }) => `${path}${name}`),
  ),
  ...list(
    'permissionsBoundary',
    role.permissionsBoundary === undefined ? [] : [boundaryText(role.permissionsBoundary)],
  ),
  ...list('instanceProfile', role.instanceProfile ? [role.name] : []),
  ...tagFields(role.tags),
  ...ownershipFields(role),
});

const ownershipFields = (owned: { readonly owner?: string; readonly scope?: string }): Fields => ({
  ...field('owner', owned.owner),
  ...field('scope', owned.scope),
});

const groupFields = (group: Group): Fields => field('description', group.description);
const controlPolicyFields = (policy: ControlPolicy): Fields => ({
  ...field('description', policy.description),
  ...ownershipFields(policy),
});

const fieldsOf = (resource: Resource | undefined): Fields => {
  if (isControlPolicy(resource)) return controlPolicyFields(resource);
  switch (resource?.kind) {
    case 'permission-set':
      return permissionSetFields(resource);
    case 'group':
      return groupFields(resource);
    case 'user':
      return {
        ...field('displayName', resource.displayName),
        ...field('givenName', resource.givenName),
        ...field('familyName', resource.familyName),
        ...field('email', resource.email),
      };
    case 'ou':
      return ownershipFields(resource);
    case 'role':
      return roleFields(resource);
    case 'policy':
      return {
        ...field('description', resource.description),
        ...tagFields(resource.tags),
        ...ownershipFields(resource),
      };
    case 'oidc-provider':
      return { ...list('clientIds', resource.clientIds), ...ownershipFields(resource) };
    default:
      return {};
  }
};

/** By what they are called in the files; a role has several. */
type Documents = Readonly<Record<string, PolicyDocument>>;

const documentsOf = (resource: Resource | undefined): Documents => {
  if (isControlPolicy(resource)) return { document: resource.document };
  switch (resource?.kind) {
    case 'policy':
      return { document: resource.document };
    case 'permission-set':
      return resource.inlinePolicy === undefined ? {} : { inlinePolicy: resource.inlinePolicy };
    case 'role':
      return {
        trust: resource.trust,
        ...Object.fromEntries(
          Object.entries(resource.inlinePolicies).map(([name, document]) => [`inlinePolicies ${name}`, document]),
        ),
      };
    default:
      return {};
  }
};

const linesWith = (sign: DiffLine['sign'], texts: readonly string[]): readonly DiffLine[] =>
  texts.map((text) => ({ sign, text }));

type Ends = { readonly before: PolicyDocument | undefined; readonly after: PolicyDocument | undefined };

const documentLines = (name: string, { before, after }: Ends): readonly DiffLine[] => {
  const title = `${name}:`;
  if (before !== undefined && after !== undefined)
    return canonicalPolicy(before) === canonicalPolicy(after)
      ? []
      : [...linesWith(' ', [title]), ...folded(policyDiff(before, after), 3)];
  if (after !== undefined) return linesWith('+', [title, ...prettyPolicy(after)]);
  return before === undefined ? [] : linesWith('-', [title, ...prettyPolicy(before)]);
};

/** Of the changed fields: trust first, then what the role may do. */
const allDocumentLines = (fields: readonly string[], before: Documents, after: Documents): readonly DiffLine[] =>
  Object.keys({ ...before, ...after })
    .filter((name) => fields.includes(name.split(' ')[0] ?? ''))
    .flatMap((name) => documentLines(name, { before: ownValue(before, name), after: ownValue(after, name) }));

const fieldLines = (name: string, before: Fields, after: Fields): readonly DiffLine[] => {
  const [gone, come] = [ownValue(before, name) ?? [], ownValue(after, name) ?? []];
  return [
    ...linesWith(
      '-',
      gone.filter((line) => !come.includes(line)),
    ),
    ...linesWith(
      '+',
      come.filter((line) => !gone.includes(line)),
    ),
  ];
};

const documentFields = ['trust', 'inlinePolicies', 'document', 'inlinePolicy'];

/** The lines that tell before from after: all fields of what is created or deleted, the changed ones of an update. */
export const detailLines = (change: Change): readonly DiffLine[] => {
  const [before, after] = [beforeOf(change), afterOf(change)];
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  const changed =
    change.action === 'update'
      ? changedFields(change.before, change.after)
      : [...Object.keys({ ...old, ...fresh }), ...documentFields];
  const plain = changed.filter((name) => !documentFields.includes(name));
  return [
    ...plain.flatMap((name) => fieldLines(name, old, fresh)),
    ...allDocumentLines(changed, documentsOf(before), documentsOf(after)),
  ];
};

const place = (path: string): string => (path === '' ? 'Root' : path.split('/').map(decodeName).join('/'));

const nameOf = (resource: Resource): string | undefined =>
  resource.kind === 'ou' || resource.kind === 'group' || isControlPolicy(resource) ? resource.name : undefined;

const ownerOf = (resource: Resource): string | undefined => ('owner' in resource ? resource.owner : undefined);

const movedWords = (before: Resource, after: Resource): readonly string[] =>
  before.kind === 'account' && after.kind === 'account' && before.parent !== after.parent
    ? [`moves from ${place(before.parent)} to ${place(after.parent)}`]
    : [];

const provisionWords = (before: Resource): readonly string[] =>
  before.kind === 'permission-set' && before.outdatedIn.length > 0
    ? [`provisioned again in ${counted(before.outdatedIn.length, 'account')}: ${foldedList(before.outdatedIn, 3)}`]
    : [];

const adoptionWords = (change: Change & { readonly action: 'update' }): readonly string[] => {
  if (change.adopts === true) return ['adopted: it exists in AWS and becomes ours, nothing else changes'];
  return ownerOf(change.before) === undefined && ownerOf(change.after) !== undefined ? ['adopted and changed'] : [];
};

/** Sets and policies carry an owner, so that a plan tells ours from others'. */
const alongWords = ({ kind }: Resource): readonly string[] =>
  kind === 'group' ? ['groups carry no owner: whoever made it, its people and its access come along'] : [];

const updateWords = (change: Change & { readonly action: 'update' }): readonly string[] => {
  const [was, is] = [nameOf(change.before), nameOf(change.after)];
  return [
    ...(was === undefined || was === is ? [] : [`renamed from ${JSON.stringify(was)}`, ...alongWords(change.before)]),
    ...movedWords(change.before, change.after),
    ...adoptionWords(change),
    ...provisionWords(change.before),
  ];
};

/** What the sign and the key do not say: renamed, moved, adopted, temporary. */
export const changeWords = (change: Change): readonly string[] => [
  ...(change.temporary === true ? ['only for the length of this apply'] : []),
  ...(change.action === 'update' ? updateWords(change) : []),
];

/** What one change says: its sign, its words, and the lines of its fields. Raw text: who shows it makes it harmless. */
import { ownValue } from '../model/own-value.ts';
import { changedFields } from '../kinds/equal.ts';
import type { Change } from '../model/plan.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import { canonicalPolicy } from '../model/policy.ts';
import { canonicalSettings, isPolicyDocument } from '../model/settings-document.ts';
import type { AnyDocument } from '../model/settings-document.ts';
import type { CustomerManagedPolicy, Kind, Resource } from '../model/resource.ts';
import { fieldsOf, valueOf } from '../kinds/fields.ts';
import type { Field, Form, FormValue } from '../kinds/fields.ts';
import { decodeName, isControlPolicy } from '../model/resource.ts';
import { foldedLines, policyDiff, prettyPolicy } from './policy-diff.ts';
import type { DiffLine } from './policy-diff.ts';
import { prettySettings, settingsDiff } from './settings-diff.ts';
import { counted, foldedList } from './words.ts';

export const signs = { create: '+', update: '~', delete: '-' } as const;

/** Field by field what is shown of a resource; a list has a line for each element. */
type ListFields = Readonly<Record<string, readonly string[]>>;

/** A string of one line: quoted, so that its ends and its spaces can be seen. */
const quotedText = (text: string): readonly string[] => (text === '' ? [] : [JSON.stringify(text)]);

/** "4h", "90m", "45s". */
const sessionText = (seconds: number): string => {
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
};

const referenceText = ({ path, name }: CustomerManagedPolicy): string => `${path}${name}`;

type Shown<F extends Form> = (value: FormValue<F>, resource: Resource) => readonly string[];
/** The values of each form as they are shown; `words` where the change says it, `document` where it is compared line by line. */
const shown: { readonly [F in Form]: Shown<F> | 'words' | 'document' } = {
  key: 'words',
  readOnly: 'words',
  name: 'words',
  progress: 'words',
  text: quotedText,
  immutable: quotedText,
  seconds: (seconds) => [sessionText(seconds)],
  texts: (list) => [...list].sort(),
  managedPolicies: (arns) => [...arns].sort(),
  references: (policies) => policies.map(referenceText).sort(),
  boundary: (boundary) => [
    'managedPolicy' in boundary ? boundary.managedPolicy : referenceText(boundary.customerManagedPolicy),
  ],
  // An instance profile has the name of its role.
  flag: (is, resource) => (is && 'name' in resource ? [resource.name] : []),
  tags: (tags) =>
    Object.entries(tags)
      .map(([key, value]) => `${key} = ${value}`)
      .sort(),
  ownership: quotedText,
  document: 'document',
  trust: 'document',
  resourcePolicy: 'document',
  documents: 'document',
  settings: 'document',
};

/** Short values come first, tags and whose it is last. */
const places: Partial<Readonly<Record<Form, number>>> = { text: 0, immutable: 0, seconds: 0, tags: 2, ownership: 3 };
const placeOf = ({ form }: Field): number => places[form] ?? 1;

const fieldsShown = (kind: Kind): readonly Field[] => [...fieldsOf(kind)].sort((a, b) => placeOf(a) - placeOf(b));

const linesOf = (resource: Resource | undefined): ListFields => {
  if (resource === undefined) return {};
  const entries = fieldsShown(resource.kind).flatMap(({ name, form }) => {
    const [value, lines] = [valueOf(resource, name), shown[form]];
    if (value === undefined || typeof lines === 'string') return [];
    return [[name, lines(value as never, resource).map((line) => `${name}: ${line}`)] as const];
  });
  return Object.fromEntries(entries);
};

/** By what they are called in the files; a role has several. */
type DocumentsByName = Readonly<Record<string, AnyDocument>>;

const documentsOf = (resource: Resource | undefined): DocumentsByName => {
  if (resource === undefined) return {};
  const entries = fieldsOf(resource.kind).flatMap(({ name, form }) => {
    const value = valueOf(resource, name);
    if (value === undefined || shown[form] !== 'document') return [];
    if (form !== 'documents') return [[name, value as AnyDocument] as const];
    return Object.entries(value as DocumentsByName).map(([one, document]) => [`${name} ${one}`, document] as const);
  });
  return Object.fromEntries(entries);
};

const linesWith = (sign: DiffLine['sign'], texts: readonly string[]): readonly DiffLine[] =>
  texts.map((text) => ({ sign, text }));

type DocumentChange = { readonly before: AnyDocument | undefined; readonly after: AnyDocument | undefined };

const pretty = (document: AnyDocument): readonly string[] =>
  isPolicyDocument(document) ? prettyPolicy(document) : prettySettings(document);

const isSame = (before: AnyDocument, after: AnyDocument): boolean =>
  isPolicyDocument(before) && isPolicyDocument(after)
    ? canonicalPolicy(before) === canonicalPolicy(after)
    : canonicalSettings(before) === canonicalSettings(after);

const diffOf = (before: AnyDocument, after: AnyDocument): readonly DiffLine[] =>
  isPolicyDocument(before) && isPolicyDocument(after) ? policyDiff(before, after) : settingsDiff(before, after);

const documentLines = (name: string, { before, after }: DocumentChange): readonly DiffLine[] => {
  const title = `${name}:`;
  if (before !== undefined && after !== undefined)
    return isSame(before, after) ? [] : [...linesWith(' ', [title]), ...foldedLines(diffOf(before, after), 3)];
  if (after !== undefined) return linesWith('+', [title, ...pretty(after)]);
  return before === undefined ? [] : linesWith('-', [title, ...pretty(before)]);
};

/** Of the changed fields: trust first, then what the role may do. */
const allDocumentLines = (
  fields: readonly string[],
  before: DocumentsByName,
  after: DocumentsByName,
): readonly DiffLine[] =>
  Object.keys({ ...before, ...after })
    .filter((name) => fields.includes(name.split(' ')[0] ?? ''))
    .flatMap((name) => documentLines(name, { before: ownValue(before, name), after: ownValue(after, name) }));

const fieldLines = (name: string, before: ListFields, after: ListFields): readonly DiffLine[] => {
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

/** The lines that tell before from after: all fields of what is created or deleted, the changed ones of an update. */
export const detailLines = (change: Change): readonly DiffLine[] => {
  const [before, after] = [beforeOf(change), afterOf(change)];
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const changed =
    change.action === 'update'
      ? changedFields(change.before, change.after)
      : fieldsShown(change.kind).map(({ name }) => name);
  return [
    ...changed.flatMap((name) => fieldLines(name, old, fresh)),
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

/** All files parsed and sorted by kind, and the names that they declare. */
import { guardRailKinds } from '../model/resource.ts';
import type { Files, SourceFile } from './load.ts';
import { checkForm } from './check-form.ts';
import type { FileKind, Typed } from './check-form.ts';
import type { FileFinding, ReportFinding } from './rules.ts';
import { parseFile } from './yaml-file.ts';
import type { YamlFile } from './yaml-file.ts';

/** The names of one kind; `complete` is false when a file of the kind could not be read, so that a name may be in it. */
export type NameIndex = { readonly names: ReadonlySet<string>; readonly complete: boolean };
export type DeclaredNames = {
  readonly groups: NameIndex;
  readonly permissionSets: NameIndex;
  readonly controlPolicies: NameIndex;
  readonly roles: NameIndex;
};
/** The kinds of which every file is of a right form, so that all that they say is known. */
type Complete = ReadonlySet<FileKind>;
export type FileDocuments = {
  readonly typed: readonly Typed<FileKind>[];
  readonly known: DeclaredNames;
  readonly complete: Complete;
  readonly policyFiles: ReadonlyMap<string, SourceFile>;
};

/** Rules for paths and code owners speak of these names: another spelling would lead a file out of their reach. */
const special: Readonly<Record<string, FileKind>> = {
  'access/organization.yaml': 'organization',
  'access/settings.yaml': 'settings',
  'scps/bindings.yaml': 'bindings',
};

const places: readonly (readonly [RegExp, FileKind])[] = [
  [/^access\/groups\//, 'group'],
  [/^access\/users\//, 'user'],
  [/^access\/roles\//, 'role'],
  [/^access\/policies\//, 'policy'],
  [/^access\/resources\//, 'resources'],
  [/^access\/tests\//, 'tests'],
  [/^permission-sets\//, 'permission-set'],
  [/^scps\//, 'scp'],
];

const kinds: readonly FileKind[] = [...Object.values(special), ...places.map(([, kind]) => kind), 'settings-policy'];

const isPolicyFile = ({ path }: SourceFile): boolean => path.endsWith('.json');

/** What a path comes to when neither case, encoding nor the two endings of YAML count. */
const loosely = (path: string): string =>
  path
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\.yml$/, '.yaml');

/** The special name that the path nearly has, such as `access/settings.yaml` for `access/Settings.yml`. */
const almostSpecial = (path: string): string | undefined => {
  const loose = loosely(path);
  return Object.hasOwn(special, loose) && !Object.hasOwn(special, path) ? loose : undefined;
};

const endsAsItShould = /\.(yaml|yml|json)$/;

/** By where the file lies; nothing where no kind of file belongs. */
export const fileKindOf = (path: string): FileKind | undefined => {
  if (Object.hasOwn(special, path)) return special[path];
  if (almostSpecial(path) !== undefined || (/\.[^/]*$/.test(path) && !endsAsItShould.test(path))) return undefined;
  return places.find(([pattern]) => pattern.test(path))?.[1];
};

/** Beside the SCPs and RCPs lie policies that set settings: they say of which type they are. */
export const fileKindIn = (kind: FileKind, { value }: YamlFile): FileKind => {
  const isSettings = typeof value === 'object' && value !== null && Object.hasOwn(value, 'policy-type');
  return kind === 'scp' && isSettings ? 'settings-policy' : kind;
};

const usualHint =
  'access/ has groups/, users/, roles/, policies/, resources/, tests/, organization.yaml and settings.yaml.';

/** What to call it instead. */
const hintFor = (path: string): string => {
  const meant = almostSpecial(path);
  if (meant !== undefined) return `Call it ${meant}.`;
  const loose = loosely(path);
  return loose !== path && fileKindOf(loose) !== undefined ? `Write it in lower case: ${loose}` : usualHint;
};

type ReadFile = {
  readonly kind: FileKind;
  readonly file: YamlFile | undefined;
  readonly typed: Typed<FileKind> | undefined;
};

/** One file against the schema of its place, every problem reported. */
export const readOfFile = (source: SourceFile, report: ReportFinding): ReadFile | undefined => {
  const kind = fileKindOf(source.path);
  if (kind === undefined) {
    const message = 'no kind of file belongs here';
    const at = { file: source.path, line: 1, column: 1 };
    report({ at, rule: 'unexpected-file', message, hint: hintFor(source.path) });
    return undefined;
  }
  const file = parseFile(source, report);
  if (file === undefined) return { kind, file, typed: undefined };
  const own = fileKindIn(kind, file);
  return { kind: own, file, typed: checkForm(own, file, report) };
};

/** Of the newest files that were parsed. */
const MOST_KNOWN = 4_000;
const known = new Map<string, { readonly one: ReadFile | undefined; readonly findings: readonly FileFinding[] }>();

/** Commits of main have most of their files in common, and parsing is nearly all that a tree costs: each text is parsed once. */
const read = (source: SourceFile, report: ReportFinding): ReadFile | undefined => {
  const id = `${source.path}\0${source.text}`;
  const found = known.get(id);
  if (found !== undefined) {
    found.findings.forEach(report);
    return found.one;
  }
  const findings: FileFinding[] = [];
  const one = readOfFile(source, (finding) => {
    findings.push(finding);
    report(finding);
  });
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(id, { one, findings });
  return one;
};

const stringAt = (value: unknown, key: string): readonly string[] => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  const name = (value as Readonly<Record<string, unknown>>)[key];
  return typeof name === 'string' ? [name] : [];
};

/** Names in files of a wrong form count as declared, so that one mistake is not reported a hundred times. */
const namesIn = (reads: readonly ReadFile[], keys: readonly string[]): NameIndex => {
  const found = reads.map(({ file }) => keys.flatMap((key) => stringAt(file?.value, key)));
  return { names: new Set(found.flat()), complete: found.every(({ length }) => length > 0) };
};

/** Whether a file of the kind, or a folder that may hold one, could not be read from the disk. */
const isLost = (kind: FileKind, { problems }: Files): boolean => {
  const folder = kind === 'settings-policy' ? 'scp' : kind;
  return problems.some(({ file }) => (fileKindOf(file) ?? folder) === folder);
};

const isWhole = ({ typed }: ReadFile): boolean => typed !== undefined && typed.partly === undefined;

const joinedIndex = (one: NameIndex, other: NameIndex): NameIndex => ({
  names: new Set([...one.names, ...other.names]),
  complete: one.complete && other.complete,
});

export const readDocuments = (all: Files, report: ReportFinding): FileDocuments => {
  const { files } = all;
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const reads = sorted
    .filter((file) => !isPolicyFile(file))
    .flatMap((file) => {
      const one = read(file, report);
      return one === undefined ? [] : [one];
    });
  const ofOne = (kind: FileKind): readonly ReadFile[] => reads.filter((one) => one.kind === kind);
  const indexOf = (kind: FileKind, keys: readonly string[]): NameIndex => {
    const { names, complete } = namesIn(ofOne(kind), keys);
    return { names, complete: complete && !isLost(kind, all) };
  };
  return {
    typed: reads.flatMap(({ typed }) => (typed === undefined ? [] : [typed])),
    known: {
      groups: indexOf('group', ['group']),
      permissionSets: indexOf('permission-set', ['permissionSet']),
      roles: indexOf('role', ['role']),
      controlPolicies: joinedIndex(indexOf('scp', guardRailKinds), indexOf('settings-policy', ['name'])),
    },
    complete: new Set(kinds.filter((kind) => ofOne(kind).every(isWhole) && !isLost(kind, all))),
    policyFiles: new Map(sorted.filter(isPolicyFile).map((file) => [file.path, file])),
  };
};

export const ofKind = <K extends FileKind>(documents: FileDocuments, kind: K): readonly Typed<K>[] =>
  documents.typed.filter((typed): typed is Typed<K> => typed.kind === kind);

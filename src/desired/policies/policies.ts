/** Policy documents: found, filled in with account ids, and checked to be policies at all. Deeper lint is elsewhere. */
import { posix } from 'node:path';
import { statements, listOf } from '../../model/policy.ts';
import type { PolicyDocument, Statement } from '../../model/policy.ts';
import type { Place } from '../../model/problem.ts';
import { encodeName, guardRailKinds, isGuardRailKind } from '../../model/resource.ts';
import { oddCharacter } from '../checks/characters.ts';
import { reportUnknownAccount } from '../organization.ts';
import { quoted } from '../text.ts';
import { inside, placeOf } from '../world.ts';
import type { Path } from '../yaml-file.ts';
import type { FileSpot, ReadingContext } from '../world.ts';
import type { PolicyEntryUse } from './policy-source.ts';

export type FoundPolicy = {
  readonly document: PolicyDocument;
  readonly at: Place;
  /** In the order of the document. */
  readonly statements: readonly Place[];
};

type SourceOf<T> = { readonly spot: FileSpot; readonly document: T };
type DocumentSource = SourceOf<PolicyDocument>;
const resolvePath = (from: string, written: string): string | undefined => {
  const folder = posix.dirname(from);
  const path = posix.normalize(posix.join(folder, written));
  const isPlain = !posix.isAbsolute(written) && !written.includes('\\');
  return isPlain && path.startsWith(`${folder}/`) ? path : undefined;
};

type JsonFileKind = 'policy-document' | 'settings-document';

const fromFile = (
  spot: FileSpot,
  { file: written, kind }: { readonly file: string; readonly kind: JsonFileKind },
  world: ReadingContext,
): SourceOf<unknown> | undefined => {
  const path = resolvePath(spot.file.path, written);
  const at = placeOf(spot);
  if (path === undefined) {
    const folder = posix.dirname(spot.file.path);
    const message = `${quoted(written)} leads out of ${folder}/, the folder of the file that names it`;
    const hint = `Move the policy file to ${folder}/ or below.`;
    world.report({ at, rule: 'outside-folders', message, hint });
    return undefined;
  }
  const found = world.policyFile(path, kind);
  if (found === 'missing') {
    world.report({
      at,
      rule: 'missing-file',
      message: `${quoted(path)} is not there, or is no .json file that can be read`,
    });
  }
  if (typeof found === 'string') return undefined;
  return { spot: { file: found.file, path: [] }, document: found.value };
};

const accountVariable = /\$\{account:([^}]*)\}/g;

/** With the ids of `${account:NAME}` filled in. */
export const fillText = (spot: FileSpot, text: string, { organization, report }: ReadingContext): string =>
  text.replace(accountVariable, (whole, name: string) => {
    if (organization === undefined) return whole;
    const account = organization.accounts.get(name);
    if (account === undefined) reportUnknownAccount(spot, name, { organization, report });
    return account?.id ?? whole;
  });

/** The value with every `${account:NAME}` filled in. */
export const filledIn = (spot: FileSpot, value: unknown, world: ReadingContext): unknown => {
  if (typeof value === 'string') return fillText(spot, value, world);
  if (Array.isArray(value)) return value.map((item, index) => filledIn(inside(spot, index), item, world));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filledIn(inside(spot, key), item, world)]),
  );
};

const spotsOf = ({ spot, document }: DocumentSource): readonly FileSpot[] =>
  Array.isArray(document.Statement)
    ? statements(document).map((_, index) => inside(spot, 'Statement', index))
    : [inside(spot, 'Statement')];

type DocumentMistake = { readonly message: string; readonly path: Path };
const mistake = (message: string, ...path: Path): readonly DocumentMistake[] => [{ message, path }];

const exactlyOne = (
  statement: Statement,
  names: readonly [keyof Statement, keyof Statement],
): readonly DocumentMistake[] => {
  const present = names.filter((name) => statement[name] !== undefined);
  if (present.length === 1) return [];
  return present.length === 0
    ? mistake(`${names[0]} is missing`)
    : mistake(`${names.join(' and ')} exclude each other`);
};

/** IAM answers "Missing required field Principal" to a trust policy whose statement names nobody; so do resources. */
const missingPrincipal = (statement: Statement): readonly DocumentMistake[] => {
  const found = exactlyOne(statement, ['Principal', 'NotPrincipal']);
  if (found.length > 0) return found;
  const key = statement.Principal === undefined ? 'NotPrincipal' : 'Principal';
  const element = statement[key];
  const names = typeof element === 'string' ? [element] : Object.values(element ?? {});
  const namesNobody = names.length === 0 || names.some((one) => one.length === 0);
  return namesNobody ? mistake(`${key} names nobody`, key) : [];
};

const principalMistake = (statement: Statement, use: PolicyEntryUse): readonly DocumentMistake[] => {
  if (use === 'trust' || use === 'resource') return missingPrincipal(statement);
  const key = statement.Principal === undefined ? 'NotPrincipal' : 'Principal';
  if (use !== 'rcp') {
    const where = use === 'scp' ? 'an SCP' : 'an identity policy';
    return statement[key] === undefined ? [] : mistake(`Principal has no place in ${where}`, key);
  }
  return statement.Principal === '*' ? [] : mistake('an RCP needs Principal: "*"', key);
};

/** IAM policy grammar: `*`, or a service prefix, a colon and a name with wildcards. */
const actionPattern = /^(\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+)$/;
const resourcePattern = /^(\*$|arn:)/;

type TextForm = { readonly pattern: RegExp; readonly says: string };

/** The first entry of the lists that is not of the form. */
const badEntry = (
  statement: Statement,
  names: readonly ('Action' | 'NotAction' | 'Resource' | 'NotResource')[],
  { pattern, says }: TextForm,
): readonly DocumentMistake[] => {
  for (const name of names) {
    const entries = listOf(statement[name]);
    const index = entries.findIndex((entry) => !pattern.test(entry));
    const entry = entries[index] ?? '';
    const odd = oddCharacter(entry);
    const which = odd === undefined ? '' : `: it has the ${odd}`;
    if (index >= 0) return mistake(`${quoted(entry)} ${says}${which}`, name, index);
  }
  return [];
};

const lists = ['Action', 'NotAction', 'Resource', 'NotResource'] as const;

/** IAM answers "Policy statement must contain actions" and "… resources" to an empty list as to none. */
const emptyList = (statement: Statement): readonly DocumentMistake[] =>
  lists.flatMap((name) => (statement[name]?.length === 0 ? mistake(`${name} names nothing`, name) : []));

/** A trust policy has none; of which service a resource is decides whether its policy has. */
const resourceMistake = (statement: Statement, use: PolicyEntryUse): readonly DocumentMistake[] => {
  const isFree = use === 'resource' && statement.Resource === undefined && statement.NotResource === undefined;
  return use === 'trust' || isFree ? [] : exactlyOne(statement, ['Resource', 'NotResource']);
};

const mistakesOf = (statement: Statement, use: PolicyEntryUse): readonly DocumentMistake[] => [
  ...exactlyOne(statement, ['Action', 'NotAction']),
  ...resourceMistake(statement, use),
  ...emptyList(statement),
  ...principalMistake(statement, use),
  ...(use === 'rcp' && statement.Effect !== 'Deny' ? mistake('an RCP can only deny', 'Effect') : []),
  ...badEntry(statement, ['Action', 'NotAction'], {
    pattern: actionPattern,
    says: 'is not an action such as s3:GetObject',
  }),
  ...badEntry(statement, ['Resource', 'NotResource'], { pattern: resourcePattern, says: 'is neither an ARN nor "*"' }),
];

const repeatedSids = (document: PolicyDocument): readonly string[] => {
  const sids = statements(document).flatMap(({ Sid }) => (Sid === undefined || Sid === '' ? [] : [Sid]));
  return [...new Set(sids.filter((sid, index) => sids.indexOf(sid) !== index))];
};

const check = (source: DocumentSource, use: PolicyEntryUse, { report }: ReadingContext): void => {
  const spots = spotsOf(source);
  for (const [index, statement] of statements(source.document).entries()) {
    const spot = spots[index] ?? source.spot;
    for (const { message, path } of mistakesOf(statement, use))
      report({ at: placeOf(inside(spot, ...path)), rule: 'not-a-policy', message });
  }
  const at = placeOf(source.spot);
  for (const sid of repeatedSids(source.document)) {
    report({ at, rule: 'not-a-policy', message: `two statements have the Sid ${quoted(sid)}` });
  }
  if (isGuardRailKind(use) && source.document.Version !== '2012-10-17') {
    report({ at, rule: 'not-a-policy', message: 'Version must be "2012-10-17"' });
  }
};

export type WrittenSource = {
  /** The key of the document, and its twin that names a file. */
  readonly key: string;
  readonly fileKey: string;
  readonly document: unknown;
  readonly file: string | undefined;
  readonly fileKind: JsonFileKind;
};
type PolicyEntry = Omit<WrittenSource, 'fileKind'> & {
  readonly use: PolicyEntryUse;
  /** What declares it, where the file declares several things. */
  readonly owner?: string;
};

/** The document that stands at a key or in the file that its twin names. */
export const documentSource = (
  spot: FileSpot,
  written: WrittenSource,
  world: ReadingContext,
): SourceOf<unknown> | undefined => {
  if (written.document !== undefined && written.file !== undefined) {
    const message = `${written.key} and ${written.fileKey} exclude each other`;
    world.report({ at: spot.file.keyAt([...spot.path, written.fileKey]), rule: 'conflicting-keys', message });
    return undefined;
  }
  const { file, fileKind: kind } = written;
  if (file !== undefined) return fromFile(inside(spot, written.fileKey), { file, kind }, world);
  if (written.document === undefined) return undefined;
  return { spot: inside(spot, written.key), document: written.document };
};

const ownKinds = Object.fromEntries(guardRailKinds.map((kind) => [kind, kind]));
const ownerKinds: Readonly<Record<string, string>> = {
  permissionSet: 'permission-set',
  ...ownKinds,
  policy: 'policy',
  role: 'role',
};

const ownerOf = ({ file }: FileSpot): string => {
  const value = file.value as Readonly<Record<string, unknown>>;
  const found = Object.entries(ownerKinds).find(([key]) => typeof value[key] === 'string');
  return found === undefined ? file.path : `${found[1]}/${encodeName(String(value[found[0]]))}`;
};

/** A lone statement is written without a list: its index is no step of the path in the file. */
const stepsIn = ({ spot, document }: DocumentSource, path: Path): Path =>
  Array.isArray(document.Statement) || path[0] !== 'Statement'
    ? [...spot.path, ...path]
    : [...spot.path, 'Statement', ...path.slice(2)];

const keep = (
  spot: FileSpot,
  written: PolicyEntry,
  { source, world }: { source: DocumentSource; world: ReadingContext },
): PolicyDocument => {
  const document = filledIn(source.spot, source.document, world) as PolicyDocument;
  const key = written.file === undefined ? written.key : written.fileKey;
  world.keepPolicy({
    owner: written.owner ?? ownerOf(spot),
    use: written.use,
    document,
    named: spot.file.keyAt([...spot.path, key]),
    at: (path) => source.spot.file.at(stepsIn(source, path)),
    keyAt: (path) => source.spot.file.keyAt(stepsIn(source, path)),
  });
  return document;
};

/** The policy that stands at a key or in the file that its twin names, with the ids of `${account:NAME}` filled in. */
export const readPolicy = (spot: FileSpot, written: PolicyEntry, world: ReadingContext): FoundPolicy | undefined => {
  const found = documentSource(spot, { ...written, fileKind: 'policy-document' }, world);
  if (found === undefined) return undefined;
  const source = { ...found, document: found.document as PolicyDocument };
  check(source, written.use, world);
  return {
    document: keep(spot, written, { source, world }),
    at: placeOf(source.spot),
    statements: spotsOf(source).map(placeOf),
  };
};

/** Places inside a piece: `/FIELD` and `/FIELD/Statement/N`. */
export const policyPlaces = (field: string, policy: FoundPolicy | undefined): Readonly<Record<string, Place>> => {
  if (policy === undefined) return {};
  const inner = policy.statements.map((place, index) => [`/${field}/Statement/${index}`, place] as const);
  return Object.fromEntries([[`/${field}`, policy.at] as const, ...inner]);
};

type SizeLimit = { readonly size: number; readonly limit: number; readonly counted: string };

export const checkSizes = (
  at: Place,
  what: string,
  { sizes, world }: { sizes: readonly SizeLimit[]; world: ReadingContext },
): void => {
  for (const { size, limit, counted } of sizes) {
    if (size <= limit) continue;
    world.report({ at, rule: 'policy-too-large', message: `${what} has ${size} ${counted}; AWS allows ${limit}` });
  }
};

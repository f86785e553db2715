/** The files, understood once: their problems and, if there is no error, what they ask for. */
import type { Catalogue } from '../model/catalogue.ts';
import type { Desired, Settings } from '../model/desired.ts';
import { once } from '../model/lists.ts';
import type { Place, Problem } from '../model/problem.ts';
import { quotas } from '../model/quotas.ts';
import { controlKinds, controlPolicyKey, encodeName, groupKey, keyOf, permissionSetKey } from '../model/resource.ts';
import type { Resource } from '../model/resource.ts';
import { stateMaker } from '../model/states.ts';
import { checkForm } from './check-form.ts';
import type { Typed } from './check-form.ts';
import { readControlPolicies } from './policies/control-policies.ts';
import type { ControlPolicies } from './policies/control-policies.ts';
import { readCustomerPolicies } from './policies/customer-policies.ts';
import { readResourcePolicies } from './policies/resource-policies.ts';
import type { ResourcePolicies } from './policies/resource-policies.ts';
import type { SettledPieces } from './dates.ts';
import { checkDeclared } from './declared.ts';
import type { Declarations } from './declared.ts';
import { fileKindOf, ofKind, readDocuments } from './documents.ts';
import { checkWayIn } from './checks/check-way-in.ts';
import type { FileDocuments } from './documents.ts';
import { readAccess } from './groups.ts';
import type { GroupAccess } from './groups.ts';
import type { Files } from './load.ts';
import { idHint, readOrganization } from './organization.ts';
import type { DeclaredOrganization } from './declared-organization.ts';
import { readPermissionSetFiles } from './permission-sets.ts';
import type { PolicySource } from './policies/policy-source.ts';
import { readPreviously } from './previously.ts';
import type { FormerNames } from './previously.ts';
import { readRoles } from './roles.ts';
import type { Roles } from './roles.ts';
import { collector, sortProblems } from './rules.ts';
import type { ReportFinding } from './rules.ts';
import { checkAlikeFiles, checkAlikeNames } from './checks/check-alike.ts';
import { checkScripts } from './checks/check-scripts.ts';
import { declaredNames } from './declared-names.ts';
import { checkSettings, withDefaults } from './settings.ts';
import { quoted } from './text.ts';
import { uniqueNames } from './world.ts';
import type { ReadingContext } from './world.ts';
import type { Piece } from './piece.ts';
import { parseFile } from './yaml-file.ts';
import { dayOf } from '../model/days.ts';

/** `now`: ISO 8601; an entry holds or not by its UTC day. */
type UnderstandContext = { readonly catalogue: Catalogue; readonly now: string };
export type Understanding = {
  readonly problems: readonly Problem[];
  /** Nothing when a problem is an error. */
  readonly desired: Desired | undefined;
  /** Access tests of a right form. */
  readonly declared: Declarations;
  /** Every policy document, those in files with other errors too. */
  readonly policies: readonly PolicySource[];
};

const single = <T extends Typed<'organization' | 'settings'>>(
  files: readonly T[],
  report: ReportFinding,
): T | undefined => {
  const isNew = uniqueNames('file', report);
  for (const { kind, file } of files) isNew(kind, file.at([]));
  return files[0];
};

const requireFile = (files: Files, name: string, report: ReportFinding): void => {
  const path = `access/${name}.yaml`;
  if (files.files.some((file) => file.path === path) || files.problems.some(({ file }) => file === path)) return;
  const message = 'there is no such file, and every repository has one';
  report({ at: { file: `access/${name}.yaml`, line: 1, column: 1 }, rule: 'missing-file', message });
};

/** Policy files are read when something names them; what nothing names is said. */
const policyFiles = ({ policyFiles: sources }: FileDocuments, report: ReportFinding) => {
  const read = new Map<string, Exclude<ReturnType<ReadingContext['policyFile']>, 'missing'>>();
  const named = new Set<string>();
  const policyFile: ReadingContext['policyFile'] = (path, kind) => {
    const source = sources.get(path);
    if (source === undefined) return 'missing';
    named.add(path);
    const known = read.get(`${kind} ${path}`);
    if (known !== undefined) return known;
    const file = parseFile(source, report);
    const typed = (file === undefined ? undefined : checkForm(kind, file, report)) ?? 'unusable';
    read.set(`${kind} ${path}`, typed);
    return typed;
  };
  const reportUnused = ({ isWrong }: ReadingContext): void => {
    if (isWrong('permission-set', 'scp', 'role', 'policy', 'resources')) return;
    for (const file of sources.keys()) {
      if (!named.has(file))
        report({ at: { file, line: 1, column: 1 }, rule: 'unused-file', message: 'nothing names this policy file' });
    }
  };
  return { policyFile, reportUnused };
};

/** Names of accounts and OUs are not judged by a part of the tree. */
const wholeOrganization = (typed: Typed<'organization'>, report: ReportFinding): DeclaredOrganization | undefined => {
  const organization = readOrganization(typed, report);
  return typed.partly === undefined ? organization : undefined;
};

const worldOf = (
  documents: FileDocuments,
  context: UnderstandContext,
  { report, isWrong }: Pick<ReadingContext, 'report' | 'isWrong'>,
) => {
  const policies: PolicySource[] = [];
  const settings = single(ofKind(documents, 'settings'), report);
  const organization = single(ofKind(documents, 'organization'), report);
  const { policyFile, reportUnused } = policyFiles(documents, report);
  const world: ReadingContext = {
    report,
    catalogue: context.catalogue,
    today: dayOf(context.now),
    organization: organization === undefined ? undefined : wholeOrganization(organization, report),
    known: documents.known,
    isWrong,
    limits: { ...quotas, ...settings?.value.quotas },
    policyFile,
    keepPolicy: (policy) => void policies.push(policy),
  };
  return { world, settings, policies, reportUnused };
};

const statedIn = (pieces: readonly Piece[]): Pick<Desired, 'state' | 'origins'> => {
  const { add, state } = stateMaker<Resource>();
  const origins: Record<string, Place> = {};
  for (const { resource, at, inner } of pieces) {
    const key = keyOf(resource);
    add(key, resource);
    origins[key] = at;
    if (inner === undefined) continue;
    for (const [path, place] of Object.entries(inner)) origins[`${key}#${path}`] = place;
  }
  return { state: state(), origins };
};

const isPresent = (pieces: readonly Piece[]): ((former: FormerNames, name: string) => boolean) => {
  const present = once(() => new Set(pieces.map(({ resource }) => keyOf(resource))));
  return ({ kind, key }, name) => {
    const keys = present();
    if (kind === 'group') return keys.has(groupKey(name));
    if (kind === 'permission-set') return keys.has(permissionSetKey(name));
    if (kind === 'ou') return keys.has([...key.split('/').slice(0, -1), encodeName(name)].join('/'));
    return controlKinds.some((one) => keys.has(controlPolicyKey({ kind: one, name })));
  };
};

const reportUnusedSets = (sets: readonly Piece[], { usedSets }: GroupAccess, world: ReadingContext): void => {
  if (world.isWrong('group', 'user')) return;
  for (const { resource, at } of sets) {
    if (resource.kind !== 'permission-set' || usedSets.has(resource.name)) continue;
    world.report({ at, rule: 'unused-permission-set', message: `${quoted(resource.name)} is given to nobody` });
  }
};

type UnderstoodParts = {
  readonly settings: Settings;
  readonly attributes: readonly Piece[];
  readonly organization: DeclaredOrganization;
  readonly access: GroupAccess;
  readonly controls: ControlPolicies;
  readonly roles: Roles;
  readonly customerPolicies: SettledPieces;
  readonly resources: ResourcePolicies;
};

type Whole = {
  readonly pieces: readonly Piece[];
  readonly previously: Desired['previously'];
  readonly problems: readonly Problem[];
};

const desiredOf = (parts: UnderstoodParts, { pieces: found, previously, problems }: Whole): Desired => {
  const { attributes, settings, organization, access, controls, roles, customerPolicies, resources } = parts;
  const accounts = [...organization.accounts.values()];
  const manages = settings.oidcProviders === 'manage';
  const dated = [access, roles, customerPolicies, resources, controls.staged];
  const pieces = [...found, ...(manages ? roles.providers : []), ...attributes];
  return {
    settings,
    ...statedIn(pieces),
    absent: [...access.absent, ...controls.absent, ...resources.absent],
    ...(resources.addresses.length === 0 ? {} : { resources: resources.addresses }),
    memberGroups: access.memberGroups,
    previously,
    accounts: Object.fromEntries(accounts.map(({ id, name }) => [id, name])),
    managementAccount: organization.management,
    accountTags: Object.fromEntries(accounts.map(({ name, tags }) => [name, tags])),
    ending: dated.flatMap((part) => part.ending),
    ended: dated.flatMap((part) => part.ended),
    notBegun: dated.flatMap((part) => part.notBegun),
    terms: Object.assign({}, ...dated.map(({ terms }) => terms)) as Desired['terms'],
    dated: [...dated.flatMap((part) => part.dated), ...(manages ? roles.datedProviders : [])],
    rollouts: controls.rollouts,
    notes: problems,
  };
};

const readAll = (documents: FileDocuments, world: ReadingContext) => {
  const sets = readPermissionSetFiles(ofKind(documents, 'permission-set'), world);
  const policies = { rails: ofKind(documents, 'scp'), settings: ofKind(documents, 'settings-policy') };
  const controls = readControlPolicies(policies, ofKind(documents, 'bindings'), world);
  const files = { groups: ofKind(documents, 'group'), users: ofKind(documents, 'user') };
  const access = readAccess({ ...files, roles: ofKind(documents, 'role') }, world);
  reportUnusedSets(sets.pieces, access, world);
  const givenSets = world.isWrong('organization', 'group', 'user') ? undefined : access.givenSets;
  const roles = readRoles(ofKind(documents, 'role'), { world, givenSets });
  access.checkTrusts(roles.all);
  const customerPolicies = readCustomerPolicies(ofKind(documents, 'policy'), world);
  const resources = readResourcePolicies(ofKind(documents, 'resources'), world);
  const rooms = [controls, sets, access, roles, customerPolicies, resources];
  const pieces = [...(world.organization?.pieces ?? []), ...rooms.flatMap((room) => room.pieces)];
  const former = [...(world.organization?.former ?? []), ...controls.former, ...sets.former, ...access.former];
  const previously = readPreviously(former, isPresent(pieces), world.report);
  return { controls, access, roles, customerPolicies, resources, pieces, previously };
};

/** Where the settings say nothing, whatever AWS has stays. */
const attributesIn = ({ file, value }: Typed<'settings'>): readonly Piece[] =>
  value.attributes === undefined
    ? []
    : [{ resource: { kind: 'access-attributes', attributes: value.attributes }, at: file.keyAt(['attributes']) }];

const managementIdOf = ({ accounts, management }: DeclaredOrganization): string => accounts.get(management)?.id ?? '';

/** What lies where no kind of file belongs may have been meant for any. */
const wrongIn =
  (problems: () => readonly Problem[]): ReadingContext['isWrong'] =>
  (...kinds) =>
    problems().some(({ file, severity }) => {
      const kind = fileKindOf(file);
      return severity === 'error' && (kind === undefined || kinds.includes(kind));
    });

const readOnce = (files: Files, context: UnderstandContext): Understanding => {
  const { report, problems: collected } = collector();
  for (const name of ['organization', 'settings']) requireFile(files, name, report);
  const documents = readDocuments(files, report);
  const isWrong = wrongIn(() => [...files.problems, ...collected()]);
  const { world, settings, policies, reportUnused } = worldOf(documents, context, { report, isWrong });
  if (settings !== undefined) checkSettings(settings, world);
  const { pieces, previously, ...rooms } = readAll(documents, world);
  if (settings !== undefined) checkWayIn(documents, settings.value, world);
  const declared = checkDeclared(documents, world, rooms.roles.all);
  reportUnused(world);
  const names = declaredNames(documents);
  checkScripts(names, report);
  checkAlikeNames(names, report);
  checkAlikeFiles(files.files, report);
  const { organization } = world;
  const hint = (id: string): string | undefined => organization && idHint(id, organization);
  const problems = sortProblems([...files.problems, ...collected(hint)]);
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  if (hasErrors || settings === undefined || organization === undefined)
    return { problems, desired: undefined, declared, policies };
  const parts = {
    settings: withDefaults(settings.value, managementIdOf(organization)),
    attributes: attributesIn(settings),
    organization,
    ...rooms,
  };
  return { problems, desired: desiredOf(parts, { pieces, previously, problems }), declared, policies };
};

const understood = new WeakMap<Files, { readonly day: string; readonly understanding: Understanding }>();

/** Everything of the files on the day of `now`, in one pass that is made once. Throws only when `now` is no instant. */
export const understand = (files: Files, context: UnderstandContext): Understanding => {
  const known = understood.get(files);
  const day = dayOf(context.now);
  if (known?.day === day) return known.understanding;
  const understanding = readOnce(files, context);
  understood.set(files, { day, understanding });
  return understanding;
};

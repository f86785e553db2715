/** scps/: control policies, and where they hang. */
import { controlPolicyTypes, fixedPolicies, fullAccessOf, isFullAccessName } from '../../kinds/control-policies.ts';
import { minified } from '../../model/policy.ts';
import type { Place } from '../../model/problem.ts';
import {
  FULL_AWS_ACCESS,
  controlKinds,
  controlPolicyKey,
  guardRailKinds,
  keyOf,
  policyTypes,
} from '../../model/resource.ts';
import type { Attachment, ControlKind, GuardRailKind, Key, SettingsKind, Target } from '../../model/resource.ts';
import type { Typed } from '../check-form.ts';
import { findOu, reportUnknownAccount, reportUnknownOu } from '../organization.ts';
import { checkSizes, policyPlaces, readPolicy } from './policies.ts';
import { readSettings } from './settings-document.ts';
import type { FormerNames } from '../previously.ts';
import { quoted } from '../text.ts';
import { checkName, inside, placeOf, uniqueNames } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';
import type { Piece } from '../piece.ts';

type RailFile = Typed<'scp'>;
type SettingsFile = Typed<'settings-policy'>;
export type PolicyFiles = { readonly rails: readonly RailFile[]; readonly settings: readonly SettingsFile[] };

type NamedFile = { readonly name: string; readonly at: Place };
type NamedPolicyFile = NamedFile &
  (
    | { readonly kind: GuardRailKind; readonly typed: RailFile }
    | { readonly kind: SettingsKind; readonly typed: SettingsFile }
  );

const namedRail = (typed: RailFile, { report }: ReadingContext): NamedPolicyFile | undefined => {
  const { file, value } = typed;
  const [kind, other] = guardRailKinds.filter((one) => value[one] !== undefined);
  if (kind !== undefined && other !== undefined) {
    report({ at: file.keyAt([other]), rule: 'conflicting-keys', message: `${kind} and ${other} exclude each other` });
    return undefined;
  }
  const name = kind === undefined ? undefined : value[kind];
  if (kind !== undefined && name !== undefined) return { kind, name, at: file.at([kind]), typed };
  const [first = '', ...rest] = guardRailKinds;
  const others = rest.map((one) => `${one}, for a ${controlPolicyTypes[one].longWord}`).join('; or ');
  const hint = `Or ${others}; or policy-type and name.`;
  report({ at: file.at([]), rule: 'missing-key', message: `${first} is missing`, hint });
  return undefined;
};

const namedSettings = (typed: SettingsFile): NamedPolicyFile => {
  const { file, value } = typed;
  return { kind: value['policy-type'], name: value.name, at: file.at(['name']), typed };
};

/** Organizations counts the content exactly as it is sent (orgs_reference_limits); it is sent minified. */
const checkSize = (kind: ControlKind, { at, size }: { at: Place; size: number }, world: ReadingContext): void => {
  const { word, quotas } = controlPolicyTypes[kind];
  if (quotas.size === undefined) return;
  const limit = { size, limit: world.limits[quotas.size], counted: 'characters' };
  checkSizes(at, `the ${word}`, { sizes: [limit], world });
};

const checkReserved = ({ name, at }: NamedPolicyFile, { report }: ReadingContext): void => {
  if (!isFullAccessName(name)) return;
  report({ at, rule: 'reserved-name', message: `${quoted(name)} is AWS's own policy` });
};

const reportMissing = ({ at, typed: { value } }: NamedPolicyFile, { report }: ReadingContext): void => {
  if (value.policy !== undefined || value.policyFile !== undefined) return;
  report({ at, rule: 'missing-key', message: 'policy is missing', hint: 'Or policyFile.' });
};

const railPiece = (
  kind: GuardRailKind,
  typed: RailFile,
  world: ReadingContext,
): Pick<Piece, 'resource' | 'inner'> | undefined => {
  const { file, value } = typed;
  const written = { key: 'policy', fileKey: 'policyFile', document: value.policy, file: value.policyFile, use: kind };
  const policy = readPolicy({ file, path: [] }, written, world);
  const name = value[kind];
  if (policy === undefined || name === undefined) return undefined;
  checkSize(kind, { at: policy.at, size: minified(policy.document).length }, world);
  const resource = { kind, name, description: value.description ?? '', document: policy.document };
  return { resource, inner: policyPlaces('document', policy) };
};

const settingsPiece = (
  { file, value }: SettingsFile,
  world: ReadingContext,
): Pick<Piece, 'resource' | 'inner'> | undefined => {
  const { 'policy-type': kind, name, description = '' } = value;
  const fileKind = 'settings-document' as const;
  const written = { key: 'policy', fileKey: 'policyFile', document: value.policy, file: value.policyFile, fileKind };
  const found = readSettings({ file, path: [] }, { ...written, kind }, world);
  if (found === undefined) return undefined;
  const at = placeOf(found.spot);
  checkSize(kind, { at, size: JSON.stringify(found.settings).length }, world);
  return { resource: { kind, name, description, settings: found.settings }, inner: { '/settings': at } };
};

const readOne = (named: NamedPolicyFile, world: ReadingContext): Piece | undefined => {
  checkReserved(named, world);
  const piece =
    'policy-type' in named.typed.value
      ? settingsPiece(named.typed as SettingsFile, world)
      : railPiece(named.kind as GuardRailKind, named.typed as RailFile, world);
  if (piece === undefined) reportMissing(named, world);
  return piece === undefined ? undefined : { ...piece, at: named.at };
};

const formerOf = ({ kind, name, typed }: NamedPolicyFile): readonly FormerNames[] => {
  const names = typed.value.previously;
  if (names === undefined) return [];
  const at = typed.file.at(['previously']);
  return [{ kind: 'control-policy', key: controlPolicyKey({ kind, name }), name, names, at }];
};

const checkCounts = (named: readonly NamedPolicyFile[], { limits, report }: ReadingContext): void => {
  for (const kind of controlKinds) {
    const { perOrganization } = controlPolicyTypes[kind].quotas;
    if (perOrganization === undefined) continue;
    const limit = limits[perOrganization];
    const own = named.filter((policy) => policy.kind === kind);
    const at = own[limit]?.at;
    if (at !== undefined)
      report({ at, rule: 'too-many', message: `${own.length} policies of this type; AWS allows ${limit}` });
  }
};

type Binding = {
  readonly target: Target;
  readonly names: readonly string[];
  readonly fullAccess: 'kept' | 'taken';
  readonly spot: FileSpot;
};

type BindingEntry = readonly string[] | { readonly policies?: readonly string[]; readonly fullAwsAccess?: boolean };

const bindingOf = (spot: FileSpot, target: Target, written: BindingEntry): Binding => {
  if (!('length' in written)) {
    const fullAccess = written.fullAwsAccess === false ? 'taken' : 'kept';
    return {
      target,
      names: written.policies ?? [],
      fullAccess,
      spot: written.policies ? inside(spot, 'policies') : spot,
    };
  }
  return { target, names: written, fullAccess: 'kept', spot };
};

const ouBindings = ({ file, value }: Typed<'bindings'>, { organization, report }: ReadingContext): readonly Binding[] =>
  Object.entries(value.ous ?? {}).flatMap(([written, binding]) => {
    const spot: FileSpot = { file, path: ['ous', written] };
    if (organization === undefined) return [];
    const path = findOu(written, organization);
    if (path === undefined) reportUnknownOu(spot, written, { organization, report });
    if (path === undefined) return [];
    return [bindingOf(spot, path === '' ? { type: 'root' } : { type: 'ou', path }, binding)];
  });

const accountBindings = (
  { file, value }: Typed<'bindings'>,
  { organization, report }: ReadingContext,
): readonly Binding[] =>
  Object.entries(value.accounts ?? {}).flatMap(([name, binding]) => {
    const spot: FileSpot = { file, path: ['accounts', name] };
    if (organization === undefined) return [];
    if (organization.accounts.has(name)) return [bindingOf(spot, { type: 'account', name }, binding)];
    reportUnknownAccount(spot, name, { organization, report });
    return [];
  });

type KindsByPolicy = ReadonlyMap<string, ControlKind>;

const attachmentsOf = (
  { target, names, spot }: Binding,
  kinds: KindsByPolicy,
  world: ReadingContext,
): readonly Piece[] =>
  names.flatMap((name, at) => {
    const here = inside(spot, at);
    if (isFullAccessName(name)) {
      const hint = 'FullAWSAccess hangs everywhere unless fullAwsAccess: false.';
      world.report({ at: placeOf(here), rule: 'reserved-name', message: `${quoted(name)} is not bound by name`, hint });
      return [];
    }
    const index = world.known.controlPolicies;
    const check = { name, index, rule: 'unknown-scp', what: 'a policy of scps/', all: 'policies' } as const;
    const kind = checkName(here, check, world.report) ? kinds.get(name) : undefined;
    if (kind === undefined) return [];
    return [{ resource: { kind: 'attachment', policy: { kind, name }, target }, at: placeOf(here) } as const];
  });

const checkSlots = (binding: Binding, kinds: KindsByPolicy, { limits, report }: ReadingContext): void => {
  const count = (kind: ControlKind): number => binding.names.filter((name) => kinds.get(name) === kind).length;
  const scps = count('scp') + (binding.fullAccess === 'kept' ? 1 : 0);
  const at = placeOf(binding.spot);
  for (const kind of controlKinds) {
    const { plural, quotas } = controlPolicyTypes[kind];
    if (quotas.perTarget === undefined) continue;
    const used = kind === 'scp' ? scps : count(kind) + fixedPolicies(kind).length;
    const included = fullAccessOf(kind) === undefined ? '' : ", AWS's full access included";
    const limit = limits[quotas.perTarget];
    if (used > limit)
      report({ at, rule: 'too-many', message: `${used} ${plural} here${included}; AWS allows ${limit}` });
  }
  if (scps === 0) report({ at, rule: 'no-policy-on-target', message: 'no SCP is left here; AWS demands one' });
};

/** AWS hangs FullAWSAccess on the root, every OU and every account when SCPs are enabled. */
const fullAccessEverywhere = (world: ReadingContext): readonly Piece[] => {
  const full = (target: Target, at: Place): Piece => ({
    resource: { kind: 'attachment', policy: { kind: 'scp', name: FULL_AWS_ACCESS }, target },
    at,
  });
  const { organization } = world;
  if (organization === undefined) return [];
  const root = { file: organization.accounts.get(organization.management)?.at.file ?? '', line: 1, column: 1 };
  return [
    full({ type: 'root' }, root),
    ...[...organization.ous].map(([path, at]) => full({ type: 'ou', path }, at)),
    ...[...organization.accounts.values()].map(({ name, at }) => full({ type: 'account', name }, at)),
  ];
};

const takenKeys = (bindings: readonly Binding[]): readonly Key[] =>
  bindings
    .filter(({ fullAccess }) => fullAccess === 'taken')
    .map(({ target }) => keyOf({ kind: 'attachment', policy: { kind: 'scp', name: FULL_AWS_ACCESS }, target }));

const typesInUse = (named: readonly NamedPolicyFile[]): readonly Piece[] =>
  controlKinds.flatMap((kind): readonly Piece[] => {
    const first = named.find((policy) => policy.kind === kind);
    return first === undefined ? [] : [{ resource: { kind: 'policy-type', type: policyTypes[kind] }, at: first.at }];
  });

const reportUnbound = (
  named: readonly NamedPolicyFile[],
  attachments: readonly Piece[],
  world: ReadingContext,
): void => {
  if (world.isWrong('organization', 'bindings')) return;
  const bound = new Set(attachments.map(({ resource }) => (resource as Attachment).policy.name));
  for (const { name, at } of named) {
    if (!bound.has(name)) world.report({ at, rule: 'unbound-policy', message: `${quoted(name)} hangs nowhere` });
  }
};

const readBindings = (files: readonly Typed<'bindings'>[], kinds: KindsByPolicy, world: ReadingContext) => {
  const bindings = files.flatMap((typed) => [...ouBindings(typed, world), ...accountBindings(typed, world)]);
  for (const binding of bindings) checkSlots(binding, kinds, world);
  return { bindings, attachments: bindings.flatMap((binding) => attachmentsOf(binding, kinds, world)) };
};

const namedPolicies = ({ rails, settings }: PolicyFiles, world: ReadingContext): readonly NamedPolicyFile[] => {
  const isNew = uniqueNames('control policy', world.report);
  const all = [...rails.flatMap((typed) => namedRail(typed, world) ?? []), ...settings.map(namedSettings)];
  const named = all.filter(({ name, at }) => isNew(name, at));
  checkCounts(named, world);
  return named;
};

export type ControlPolicies = {
  readonly pieces: readonly Piece[];
  readonly absent: readonly Key[];
  readonly former: readonly FormerNames[];
};

export const readControlPolicies = (
  files: PolicyFiles,
  bindingFiles: readonly Typed<'bindings'>[],
  world: ReadingContext,
): ControlPolicies => {
  const named = namedPolicies(files, world);
  const kinds = new Map(named.map(({ name, kind }) => [name, kind]));
  const { bindings, attachments } = readBindings(bindingFiles, kinds, world);
  reportUnbound(named, attachments, world);
  const absent = takenKeys(bindings);
  const usesScps = named.some(({ kind }) => kind === 'scp');
  const full = usesScps ? fullAccessEverywhere(world) : [];
  return {
    pieces: [
      ...typesInUse(named),
      ...named.flatMap((policy) => readOne(policy, world) ?? []),
      ...full.filter(({ resource }) => !absent.includes(keyOf(resource))),
      ...attachments,
    ],
    absent,
    former: named.flatMap(formerOf),
  };
};

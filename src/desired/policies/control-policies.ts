/** scps/: control policies, and where they hang. */
import { controlPolicyTypes, isFullAccessName } from '../../kinds/control-policies.ts';
import { minified } from '../../model/policy.ts';
import type { Rollout } from '../../model/desired.ts';
import type { Place } from '../../model/problem.ts';
import {
  FULL_AWS_ACCESS,
  controlKinds,
  controlPolicyKey,
  guardRailKinds,
  keyOf,
  policyTypes,
} from '../../model/resource.ts';
import type { ControlKind, GuardRailKind, Key, SettingsKind, Target } from '../../model/resource.ts';
import type { Typed } from '../check-form.ts';
import type { SettledPieces } from '../dates.ts';
import { readBindings } from './bindings.ts';
import type { Binding } from './bindings.ts';
import { settledStages } from './rollouts.ts';
import { checkSizes, policyPlaces, readPolicy } from './policies.ts';
import { readSettings } from './settings-document.ts';
import type { FormerNames } from '../previously.ts';
import { quoted } from '../text.ts';
import { placeOf, uniqueNames } from '../world.ts';
import type { ReadingContext } from '../world.ts';
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

const reportUnbound = (named: readonly NamedPolicyFile[], bound: ReadonlySet<string>, world: ReadingContext): void => {
  if (world.isWrong('organization', 'bindings')) return;
  for (const { name, at } of named) {
    if (!bound.has(name)) world.report({ at, rule: 'unbound-policy', message: `${quoted(name)} hangs nowhere` });
  }
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
  /** What hangs by stages; of `pieces` too, where the day has come. */
  readonly staged: SettledPieces;
  readonly rollouts: readonly Rollout[];
};

export const readControlPolicies = (
  files: PolicyFiles,
  bindingFiles: readonly Typed<'bindings'>[],
  world: ReadingContext,
): ControlPolicies => {
  const named = namedPolicies(files, world);
  const kinds = new Map(named.map(({ name, kind }) => [name, kind]));
  const { bindings, attachments, rollouts } = readBindings(bindingFiles, kinds, world);
  const staged = settledStages(rollouts, world.today);
  const bound = [
    ...attachments.map(({ resource }) => resource.policy.name),
    ...rollouts.map(({ policy }) => policy.name),
  ];
  reportUnbound(named, new Set(bound), world);
  const absent = takenKeys(bindings);
  const usesScps = named.some(({ kind }) => kind === 'scp');
  const full = usesScps ? fullAccessEverywhere(world) : [];
  return {
    pieces: [
      ...typesInUse(named),
      ...named.flatMap((policy) => readOne(policy, world) ?? []),
      ...full.filter(({ resource }) => !absent.includes(keyOf(resource))),
      ...attachments,
      ...staged.pieces,
    ],
    absent,
    former: named.flatMap(formerOf),
    staged,
    rollouts,
  };
};

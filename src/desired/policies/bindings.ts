/** scps/bindings.yaml: what hangs where, and what comes in stages. */
import { controlPolicyTypes, fixedPolicies, fullAccessOf, isFullAccessName } from '../../kinds/control-policies.ts';
import type { Rollout } from '../../model/desired.ts';
import { grouped } from '../../model/lists.ts';
import type { Place } from '../../model/problem.ts';
import { controlKinds, targetText } from '../../model/resource.ts';
import type { Attachment, ControlKind, Target } from '../../model/resource.ts';
import type { Typed } from '../check-form.ts';
import { findOu, reportUnknownAccount, reportUnknownOu } from '../organization.ts';
import type { Piece } from '../piece.ts';
import { quoted } from '../text.ts';
import { checkName, inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';
import { readRollouts } from './rollouts.ts';
import type { BoundKind } from './rollouts.ts';

export type Binding = {
  readonly target: Target;
  readonly names: readonly string[];
  readonly fullAccess: 'kept' | 'taken';
  /** Of the names. */
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

/** Of a policy that is bound by its name; whatever it may not be is reported. */
const boundKindIn =
  (kinds: KindsByPolicy, world: ReadingContext): BoundKind =>
  (spot, name) => {
    if (isFullAccessName(name)) {
      const hint = 'FullAWSAccess hangs everywhere unless fullAwsAccess: false.';
      world.report({ at: placeOf(spot), rule: 'reserved-name', message: `${quoted(name)} is not bound by name`, hint });
      return undefined;
    }
    const index = world.known.controlPolicies;
    const check = { name, index, rule: 'unknown-scp', what: 'a policy of scps/', all: 'policies' } as const;
    return checkName(spot, check, world.report) ? kinds.get(name) : undefined;
  };

type AttachmentPiece = Piece & { readonly resource: Attachment };

const attachmentsOf = ({ target, names, spot }: Binding, kindOf: BoundKind): readonly AttachmentPiece[] =>
  names.flatMap((name, at) => {
    const here = inside(spot, at);
    const kind = kindOf(here, name);
    if (kind === undefined) return [];
    return [{ resource: { kind: 'attachment', policy: { kind, name }, target }, at: placeOf(here) } as const];
  });

type Hanging = Pick<Binding, 'target' | 'names' | 'fullAccess'> & { readonly at: Place };

/** Every stage counts, begun or not, so that no later day is refused what this one allows. */
const withStages = (bindings: readonly Binding[], rollouts: readonly Rollout[]): readonly Hanging[] => {
  const staged = rollouts.flatMap(({ policy, stages }) =>
    stages.map(({ target, place }) => ({ target, place, policy })),
  );
  const own = new Set(bindings.map(({ target }) => targetText(target)));
  const added = grouped(staged, ({ target }) => targetText(target));
  const namesAt = (target: Target) => (added.get(targetText(target)) ?? []).map(({ policy }) => policy.name);
  const alone = [...added.values()].flatMap(([first]): readonly Hanging[] =>
    first === undefined || own.has(targetText(first.target))
      ? []
      : [{ target: first.target, names: namesAt(first.target), fullAccess: 'kept', at: first.place }],
  );
  return [
    ...bindings.map((binding) => ({
      ...binding,
      at: placeOf(binding.spot),
      names: [...binding.names, ...namesAt(binding.target)],
    })),
    ...alone,
  ];
};

const checkSlots = (binding: Hanging, kinds: KindsByPolicy, { limits, report }: ReadingContext): void => {
  const count = (kind: ControlKind): number => binding.names.filter((name) => kinds.get(name) === kind).length;
  const scps = count('scp') + (binding.fullAccess === 'kept' ? 1 : 0);
  const { at } = binding;
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

const refuseTwice = (bindings: readonly Binding[], rollouts: readonly Rollout[], { report }: ReadingContext): void => {
  const staged = new Map(rollouts.map(({ policy, place }) => [policy.name, place]));
  for (const { names, spot } of bindings)
    for (const [index, name] of names.entries()) {
      const place = staged.get(name);
      if (place === undefined) continue;
      const message = `${quoted(name)} has a rollout (line ${place.line}), which says every place where it hangs`;
      report({ at: placeOf(inside(spot, index)), rule: 'conflicting-keys', message });
    }
};

type Bindings = {
  readonly bindings: readonly Binding[];
  readonly attachments: readonly AttachmentPiece[];
  readonly rollouts: readonly Rollout[];
};

export const readBindings = (
  files: readonly Typed<'bindings'>[],
  kinds: KindsByPolicy,
  world: ReadingContext,
): Bindings => {
  const kindOf = boundKindIn(kinds, world);
  const bindings = files.flatMap((typed) => [...ouBindings(typed, world), ...accountBindings(typed, world)]);
  const rollouts = files.flatMap((typed) => readRollouts(typed, kindOf, world));
  refuseTwice(bindings, rollouts, world);
  for (const hanging of withStages(bindings, rollouts)) checkSlots(hanging, kinds, world);
  return { bindings, attachments: bindings.flatMap((binding) => attachmentsOf(binding, kindOf)), rollouts };
};

/**
 * Effective policies: everything above an account and on it, merged level by level ("Inheritance operators", "Inheritance
 * examples", https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html). Written for itself, so
 * that a plan's own idea of inheritance is held to another one.
 */
import { isObject, parsedJson } from '../iam/grammar/syntax.ts';
import type { CallInput, JsonObject, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import { above, missingFromOrganization, typesNow } from './look.ts';
import { invalidOrganizationsInput } from './refusal.ts';
import type { OrganizationsState } from './state.ts';
import type { SandboxWorld } from '../world.ts';

/** One policy's element, with the level on which the policy hangs. */
type LevelElement = { readonly level: number; readonly node: JsonObject };

const CONTROL = '@@operators_allowed_for_child_policies';
const every: readonly string[] = ['@@assign', '@@append', '@@remove'];

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [value]);

const controlOf = (node: JsonObject): readonly string[] => {
  if (!(CONTROL in node)) return every;
  const named = listOf(node[CONTROL]);
  return named.includes('@@all') ? every : every.filter((operator) => named.includes(operator));
};

/** What a policy on a level may do to an element: what those above it leave, and for a new one what its parent leaves. */
const allowedOn = (pieces: readonly LevelElement[], base: (level: number) => readonly string[]) => {
  const [first] = pieces;
  const start = first === undefined ? every : base(first.level);
  return (level: number): readonly string[] =>
    pieces
      .filter((piece) => piece.level < level)
      .reduce((left, { node }) => left.filter((operator) => controlOf(node).includes(operator)), start);
};

const operated = (before: unknown, node: JsonObject, may: (operator: string) => boolean): unknown => {
  let value = before;
  if ('@@assign' in node && may('@@assign')) value = node['@@assign'];
  if ('@@append' in node && may('@@append'))
    value = [...new Set([...(value === undefined ? [] : listOf(value)), ...listOf(node['@@append'])])];
  if ('@@remove' in node && may('@@remove') && value !== undefined) {
    const rest = listOf(value).filter((one) => !listOf(node['@@remove']).includes(one));
    value = rest.length === 0 ? undefined : rest;
  }
  return value;
};

/** Of one level the policy that was attached first assigns. */
const valueOf = (pieces: readonly LevelElement[], allowed: (level: number) => readonly string[]): unknown => {
  const assigned = new Set<number>();
  return pieces.reduce<unknown>((value, { level, node }) => {
    const may = (operator: string): boolean =>
      allowed(level).includes(operator) && !(operator === '@@assign' && assigned.has(level));
    const next = operated(value, node, may);
    if ('@@assign' in node) assigned.add(level);
    return next;
  }, undefined);
};

const merged = (pieces: readonly LevelElement[], base: (level: number) => readonly string[]): unknown => {
  const allowed = allowedOn(pieces, base);
  const value = valueOf(pieces, allowed);
  if (value !== undefined) return value;
  const names = new Set(pieces.flatMap(({ node }) => Object.keys(node).filter((name) => !name.startsWith('@@'))));
  const entries = [...names].flatMap((name) => {
    const inner = pieces.flatMap(({ level, node }): readonly LevelElement[] => {
      const below = own(node, name);
      return isObject(below) ? [{ level, node: below }] : [];
    });
    const found = merged(inner, allowed);
    return found === undefined ? [] : [[name, found] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

/** In the order in which they were attached to the target. */
const hangingOn = (state: OrganizationsState, target: string, type: string): readonly string[] => {
  const order = (id: string): number => (state.attachmentOrder ?? []).indexOf(`${id} ${target}`);
  return Object.values(state.policies)
    .filter(({ Id, Type }) => Type === type && (own(state.attachments, Id) ?? []).includes(target))
    .sort((one, other) => order(one.Id) - order(other.Id))
    .map(({ Content }) => Content);
};

export const effectiveContent = (state: OrganizationsState, account: string, type: string): string | undefined => {
  const parent = own(state.accounts, account)?.parent ?? state.rootId;
  const pieces = [...above(state, parent), account].flatMap((target, level) =>
    hangingOn(state, target, type).flatMap((content): readonly LevelElement[] => {
      const node = parsedJson(content);
      return isObject(node) ? [{ level, node }] : [];
    }),
  );
  const found = merged(pieces, () => every);
  return found === undefined ? undefined : JSON.stringify(found);
};

/** "Specifying an organization root or organizational unit (OU) as the target is not supported" (API_DescribeEffectivePolicy). */
const accountAsked = (state: OrganizationsState, input: CallInput, caller: string): string => {
  const asked = optionalTextMember(input, 'TargetId') ?? caller;
  if (own(state.accounts, asked) !== undefined) return asked;
  if (asked === state.rootId || own(state.ous, asked) !== undefined)
    throw invalidOrganizationsInput('TARGET_NOT_SUPPORTED', 'You specified a target that is not an account.');
  throw missingFromOrganization('TargetNotFoundException', "You specified a target that doesn't exist.");
};

export const describeEffectivePolicy: SandboxOperation<SandboxWorld> = (world, input, { caller, now }) => {
  const state = world.organizations;
  const PolicyType = textMember(input, 'PolicyType');
  const TargetId = accountAsked(state, input, caller.account);
  const enabled = typesNow(state, now).some(({ Type, Status }) => Type === PolicyType && Status === 'ENABLED');
  const content = enabled ? effectiveContent(state, TargetId, PolicyType) : undefined;
  if (content === undefined)
    throw new AwsError('EffectivePolicyNotFoundException', 'There is no effective policy of this type.');
  const LastUpdatedTimestamp = Math.floor(now / 1000);
  return { EffectivePolicy: { PolicyContent: content, LastUpdatedTimestamp, TargetId, PolicyType } };
};

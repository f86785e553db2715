/** Which roles a grant names that nobody knows: what they may do is not known either. */
import { glob, wildcardCodes } from '../../evaluate/match.ts';
import type { PlacedRole } from '../../evaluate/policies-of.ts';
import { hasBit } from '../../evaluate/reach/bits.ts';
import { isOpenedIn } from '../../evaluate/reach/delta.ts';
import type { Delta } from '../../evaluate/reach/delta.ts';
import { resourceExtent, generous } from '../../evaluate/reach/extent.ts';
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import { rememberedOf } from '../../model/lists.ts';
import type { RolesBehind } from './behind.ts';
import type { Family } from './families.ts';
import type { Marks } from './marks.ts';

export type FamilySides = {
  readonly account: { readonly name: string; readonly id: string };
  readonly before: Family;
  readonly after: Family;
  readonly delta: Delta;
};

/** As they are named: patterns, or words for all. */
export type Strangers = { readonly assumed: readonly string[]; readonly passed: readonly string[] };
type StrangerContext = { readonly marks: Marks; readonly after: RolesBehind };

/** What else decides about the action in the role: denials, and what stands above. */
const aroundIn = ({ gates }: ReachableActions, at: number): readonly unknown[] =>
  gates.map(({ id, place, spoken }) => {
    if (place !== 'identity') return id;
    const denials = spoken.filter(({ statement }) => statement.effect === 'Deny' && hasBit(statement.actions, at));
    return denials.map(({ statement, open }) => [statement.resources.text, ...open.map(({ text }) => text)]);
  });

/** `key` is the same where nothing about the grant differs. */
type RoleGrant = { readonly pattern: string; readonly key: string };

/** What is not said by patterns of resources may be any. */
const grantsIn = (family: Family, at: number): readonly RoleGrant[] =>
  family.flatMap(({ role }) => {
    const around = aroundIn(role, at);
    return role.gates
      .filter(({ place }) => place === 'identity')
      .flatMap(({ spoken }) => spoken)
      .filter(({ statement }) => statement.effect === 'Allow' && hasBit(statement.actions, at))
      .flatMap(({ statement: { patterns }, open }) => {
        const listed = patterns === undefined || patterns.negated ? ['*'] : patterns.listed;
        const tests = open.map(({ text }) => text);
        return listed.map((pattern) => ({ pattern, key: JSON.stringify([pattern, tests, around]) }));
      });
  });

const textIn = (pattern: string, account: string): string =>
  pattern.replace(/\$\{aws:principalaccount\}/gi, account).replace(/\$\{[^}]*\}/g, '*');

const names = (text: string, roles: readonly PlacedRole[]): boolean =>
  roles.some(({ arn }) => glob(wildcardCodes(text), arn));

/** The account of an ARN is its fifth part (IAM User Guide, "IAM ARNs"). */
const within = (text: string, account: string): string | undefined => {
  const parts = text.split(':');
  if (parts.length < 6) return text;
  return glob(wildcardCodes(parts[4] ?? ''), account) ? parts.with(4, account).join(':') : undefined;
};

/** Asked for each set in each account that it is given in: to walk the list there would take the square of the accounts. */
const idsOf = rememberedOf((unseen: readonly string[]): ReadonlySet<string> => new Set(unseen));

/** In an account whose roles nobody read, one that is declared is known by its whole name, and by no pattern. */
const mayBeUnseen = (text: string, unseen: readonly string[], { has }: RolesBehind): boolean =>
  unseen.some((account) => {
    const there = within(text, account);
    return there !== undefined && !has(there);
  });

/** An action by its place. */
type NamedRoles = {
  readonly at: number;
  readonly roles: () => readonly PlacedRole[];
  readonly unseen: readonly string[];
};

/** Of an action that was opened: what its new grants name. */
const strangersTo = (
  { marks, after }: StrangerContext,
  sides: FamilySides,
  { at, roles, unseen }: NamedRoles,
): readonly string[] => {
  const { universe, standing } = marks;
  const known = universe.actions[at];
  if (known === undefined || !isOpenedIn(sides.delta, at)) return [];
  const there = sides.after.filter(({ role }) => standing(role.gates, at) !== 'never');
  if (there.some(({ role }) => standing(role.gates, at) === 'free')) return [`every role that lets them in`];
  const old = new Set(grantsIn(sides.before, at).map(({ key }) => key));
  const isAny = (pattern: string): boolean => resourceExtent([pattern], known, generous) === 'all';
  const come = grantsIn(there, at).filter(({ key }) => !old.has(key));
  return [...new Set(come.map(({ pattern }) => pattern))].filter((pattern) => {
    const text = textIn(pattern, sides.account.id);
    return isAny(pattern) || mayBeUnseen(text, unseen, after) || !names(text, roles());
  });
};

export const strangersOf = (context: StrangerContext, sides: FamilySides): Strangers => {
  const { roles, unseen } = context.after;
  const own = () => roles().filter(({ account }) => account.name === sides.account.name);
  return {
    assumed: strangersTo(context, sides, { at: context.marks.assumeRole, roles, unseen }),
    passed: strangersTo(context, sides, {
      at: context.marks.passRole,
      roles: own,
      unseen: idsOf(unseen).has(sides.account.id) ? [sides.account.id] : [],
    }),
  };
};

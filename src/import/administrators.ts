/** Who is administrator where, as access tests that hold on what was found. */
import { askAllowed, askDenied } from '../evaluate/ask/ask.ts';
import type { InquiryContext } from '../evaluate/ask/question.ts';
import { iamUserActor, roleActors, setActor } from '../evaluate/actors.ts';
import type { Actor } from '../evaluate/actors.ts';
import type { AccessWorld } from '../evaluate/policies-of.ts';
import type { Administrator } from '../model/audit.ts';
import type { Account, Assignment, Principal, Role } from '../model/resource.ts';
import { principalText, resourcesOf } from '../model/resource.ts';
import type { Verdict } from '../model/why.ts';
import type { WrittenTest } from '../model/written.ts';
import type { TargetOf } from './written-roles.ts';

/** Whoever may do this may give himself everything else (IAM User Guide, "Permissions boundaries", delegating). */
export const administratorAction = 'iam:AttachRolePolicy';

/** What a set gives in an account, asked once. */
const verdictsOf = (asker: InquiryContext): ((set: string, account: Account) => Verdict) => {
  const known = new Map<string, Verdict>();
  const ask = (set: string, account: Account): Verdict => {
    const actor = setActor(asker.world, set, account);
    if (actor === undefined) return 'denied';
    const asking = { action: administratorAction };
    if (askAllowed(asker, actor, asking).decision === 'allowed') return 'allowed';
    return askDenied(asker, actor, asking).decision === 'denied' ? 'denied' : 'depends';
  };
  return (set, account) => {
    const key = JSON.stringify([set, account.name]);
    const verdict = known.get(key) ?? ask(set, account);
    known.set(key, verdict);
    return verdict;
  };
};

/** `allowed` where one set allows; else `depends` where it depends for one of them. */
const together = (verdicts: readonly Verdict[]): Verdict => {
  if (verdicts.includes('allowed')) return 'allowed';
  return verdicts.includes('depends') ? 'depends' : 'denied';
};

/** By which of its policies somebody is administrator; nothing where not, or where it depends. */
const administeredBy = (asker: InquiryContext, actor: Actor): readonly string[] | undefined => {
  const { decision, detail } = askAllowed(asker, actor, { action: administratorAction });
  if (decision !== 'allowed') return undefined;
  return [...new Set(detail.reasons.filter(({ type }) => type === 'identity').map(({ policy }) => policy))];
};

/** IAM users who are administrators of their account; no file declares them, and no test speaks of them. */
export const administratorUsers = (asker: InquiryContext): readonly Administrator[] =>
  [...asker.world.users.values()].flatMap((placed) => {
    const by = administeredBy(asker, iamUserActor(asker.world, placed));
    if (by === undefined) return [];
    return [{ kind: 'user', account: placed.account.name, name: placed.user.name, by } as const];
  });

/** Roles that are administrators of their account, of those that are `wanted`. */
export const administratorRoles = (asker: InquiryContext, wanted: (role: Role) => boolean): readonly Administrator[] =>
  [...asker.world.accounts.values()].flatMap((account) =>
    roleActors(asker.world, account, wanted).flatMap((actor) => {
      const by = administeredBy(asker, actor);
      return by === undefined
        ? []
        : [{ kind: 'role', account: account.name, name: actor.arn.split('/').at(-1) ?? '', by } as const];
    }),
  );

type SetsIn = ReadonlyMap<string, readonly string[]>;
type SetsHolder = { readonly principal: Principal; readonly setsIn: SetsIn };

const directHolders = (assignments: readonly Assignment[]): ReadonlyMap<string, SetsHolder> => {
  const holders = new Map<string, { principal: Principal; setsIn: Map<string, string[]> }>();
  for (const { principal, account, permissionSet } of assignments) {
    const key = principalText(principal);
    const holder = holders.get(key) ?? { principal, setsIn: new Map<string, string[]>() };
    holders.set(key, holder);
    holder.setsIn.set(account, [...(holder.setsIn.get(account) ?? []), permissionSet]);
  }
  return holders;
};

/** A user holds what the groups hold that it is known to be a member of. */
const withGroups = (holder: SetsHolder, holders: ReadonlyMap<string, SetsHolder>, world: AccessWorld): SetsHolder => {
  const { principal } = holder;
  if (principal.type === 'group') return holder;
  const groups = resourcesOf(world.state, 'membership').filter(({ user }) => user === principal.name);
  const all = [
    holder,
    ...groups.flatMap(({ group }) => holders.get(principalText({ type: 'group', name: group })) ?? []),
  ];
  const accounts = new Set(all.flatMap(({ setsIn }) => [...setsIn.keys()]));
  const setsIn = new Map(
    [...accounts].map((account) => [account, all.flatMap((one) => one.setsIn.get(account) ?? [])] as const),
  );
  return { principal, setsIn };
};

const holdersOf = (world: AccessWorld): readonly SetsHolder[] => {
  const holders = directHolders(world.assignments);
  const sorted = [...holders].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, holder]) => withGroups(holder, holders, world));
};

export type AdministratorAccounts = {
  readonly principal: Principal;
  /** Names of accounts. */
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
};

/**
 * For everybody who holds something: where they are administrators, and where they are not. Where it depends on what
 * nobody knows, an account is in neither list.
 */
export const administratorsOf = (asker: InquiryContext): readonly AdministratorAccounts[] => {
  const verdictOf = verdictsOf(asker);
  const { world } = asker;
  const accounts = [...world.accounts.values()];
  return holdersOf(world).map(({ principal, setsIn }) => {
    const judged = accounts.map((account) => ({
      name: account.name,
      verdict: together((setsIn.get(account.name) ?? []).map((set) => verdictOf(set, account))),
    }));
    const named = (wanted: Verdict) => judged.filter(({ verdict }) => verdict === wanted).map(({ name }) => name);
    return { principal, allowed: named('allowed'), denied: named('denied') };
  });
};

const subjectOf = ({ type, name }: Principal): WrittenTest['as'] =>
  type === 'group' ? { group: name } : { user: name };

const testOf = (
  one: AdministratorAccounts,
  { verdict, title, fold }: { readonly verdict: 'allowed' | 'denied'; readonly title: string; readonly fold: TargetOf },
): readonly WrittenTest[] => {
  const accounts = one[verdict];
  if (accounts.length === 0) return [];
  return [{ test: title, as: subjectOf(one.principal), in: fold(accounts), verdict, actions: [administratorAction] }];
};

export const administratorTests = (found: readonly AdministratorAccounts[], fold: TargetOf): readonly WrittenTest[] =>
  found.flatMap((one) => {
    const who = `${one.principal.type === 'group' ? 'Group' : 'User'} ${one.principal.name}`;
    const elsewhere = one.allowed.length === 0 ? 'nowhere' : 'nowhere else';
    return [
      ...testOf(one, { verdict: 'allowed', title: `${who} is administrator`, fold }),
      ...testOf(one, { verdict: 'denied', title: `${who} is administrator ${elsewhere}`, fold }),
    ];
  });

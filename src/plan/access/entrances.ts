/**
 * Whoever a role trusts comes in only as far as the RCPs of its account let them. An RCP binds them wherever they are from
 * (Organizations User Guide, "Resource control policies"), so that one that changes shuts them out, or lets them in, while
 * the trust stays as it is.
 */
import type { Decision, Reason } from '../../evaluate/decide.ts';
import { createWorld } from '../../evaluate/policies-of.ts';
import type { AccessWorld, PlacedRole } from '../../evaluate/policies-of.ts';
import { parsePrincipal } from '../../evaluate/principal.ts';
import { once, remembered } from '../../model/lists.ts';
import type { Statement } from '../../model/policy.ts';
import { policyTypes, roleKey } from '../../model/resource.ts';
import type { Account, Resource, Role, State } from '../../model/resource.ts';
import { callersOf, entering } from '../guards/let-in.ts';
import type { TrustCaller } from '../guards/let-in.ts';
import type { Knowledge, OrganizationPlace } from './side.ts';

/** What becomes of somebody whom the trust names before and after. `by`: the RCPs that shut them out. */
export type EntranceChange = {
  readonly what: 'opened' | 'shut' | 'narrowed' | 'widened';
  readonly by: readonly string[];
};

export type Entrances = {
  /** Of a statement that the role's trust has on both sides. */
  readonly changeOf: (role: Role, statement: Statement) => EntranceChange | undefined;
  /** The RCPs that keep out, after, whom the statement would let in. */
  readonly shutAfter: (role: Role, statement: Statement) => readonly string[];
};

const isOfRcps = (resource: Resource | undefined): boolean => {
  if (resource?.kind === 'attachment') return resource.policy.kind === 'rcp';
  if (resource?.kind === 'policy-type') return resource.type === policyTypes.rcp;
  return resource?.kind === 'rcp' || resource?.kind === 'account';
};

/** Whether anything differs by which RCPs bind other roles. */
export const mayMoveRcps = (before: State, after: State): boolean =>
  [...Object.keys(before), ...Object.keys(after)].some(
    (key) => before[key] !== after[key] && isOfRcps(before[key] ?? after[key]),
  );

type EntranceSide = {
  readonly world: AccessWorld;
  readonly roles: ReadonlyMap<string, PlacedRole>;
  /** Ids of the accounts of the organization. */
  readonly ours: ReadonlySet<string>;
};

const sideOf = (state: State, knowledge: Knowledge, place: OrganizationPlace): EntranceSide => {
  const world = createWorld({ ...place, state, catalogue: knowledge.policies, origins: {} });
  return {
    world,
    roles: new Map([...world.roles.values()].map((placed) => [roleKey(placed.role), placed])),
    ours: new Set([...world.accounts.values()].map(({ id }) => id)),
  };
};

/** Of an organization that nobody has. */
const strangeOrganization = { 'aws:PrincipalOrgID': 'o-0000000000', 'aws:PrincipalOrgPaths': 'o-0000000000/r-0000/' };
const ofOrganization = ['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths'];

/** Whom else an RCP may except: an account that is not ours may belong to any of them. */
const organizationsIn = (world: AccessWorld, account: Account): readonly string[] => {
  const documents = world.levels('rcp', account).flatMap(({ policies }) => policies.map(({ policy }) => policy));
  const named = JSON.stringify(documents).match(/\bo-[a-z0-9]{10,32}\b/g) ?? [];
  return [...new Set(named)].filter((id) => id !== world.organization);
};

const says = ({ context }: TrustCaller, key: string): boolean =>
  Object.keys(context).some((name) => name.toLowerCase() === key.toLowerCase());

/** The same from no organization, from one that nobody knows, and from each that the RCPs name; never from ours. */
const homesOf = ({ world, ours }: EntranceSide, account: Account, caller: TrustCaller): readonly TrustCaller[] => {
  const id = parsePrincipal(caller.principal)?.account;
  if (id === undefined || ours.has(id) || ofOrganization.some((key) => says(caller, key))) return [caller];
  const named = organizationsIn(world, account).map((each) => ({
    ...caller,
    context: { ...caller.context, 'aws:PrincipalOrgID': each },
  }));
  return [
    { ...caller, absent: ofOrganization },
    { ...caller, context: { ...caller.context, ...strangeOrganization } },
    ...named,
  ];
};

type EntranceStanding = { readonly decision: Decision['decision']; readonly rails: readonly Reason[] };

/** Everybody but a few is, of all, somebody whom nobody named. */
const callersNamed = (statement: Statement): readonly TrustCaller[] =>
  callersOf(statement.NotPrincipal === undefined ? statement : { ...statement, Principal: '*' }).filter(
    ({ principal }) => parsePrincipal(principal) !== undefined,
  );

const standingOf = (side: EntranceSide, key: string, statement: Statement): EntranceStanding | undefined => {
  const placed = side.roles.get(key);
  if (placed === undefined) return undefined;
  const decisions = callersNamed(statement)
    .flatMap((caller) => homesOf(side, placed.account, caller))
    .map((caller) => entering({ world: side.world, placed }, caller));
  const [first] = decisions;
  if (first === undefined) return undefined;
  const isSame = decisions.every(({ decision }) => decision === first.decision);
  const rails = decisions.flatMap(({ decision, reasons }) =>
    decision === 'allowed' ? [] : reasons.filter(({ type }) => type === 'rcp'),
  );
  return { decision: isSame ? first.decision : 'depends', rails };
};

const namesOf = (rails: readonly Reason[]): readonly string[] =>
  [...new Set(rails.map(({ policy }) => `RCP ${policy}`))].sort();

const textOf = ({ rails }: EntranceStanding): readonly string[] =>
  rails.map(({ policy, statement }) => `${policy} ${statement}`);
const hasMore = (one: EntranceStanding, other: EntranceStanding): boolean =>
  textOf(one).some((text) => !textOf(other).includes(text));

const whatOf = (before: EntranceStanding, after: EntranceStanding): EntranceChange['what'] | undefined => {
  const [was, is] = [before.decision, after.decision];
  if (is === 'denied') return was === 'denied' ? undefined : 'shut';
  if (was === 'denied') return 'opened';
  if (was !== is) return is === 'allowed' ? 'widened' : 'narrowed';
  if (hasMore(after, before)) return 'narrowed';
  return hasMore(before, after) ? 'widened' : undefined;
};

/** Between two states of one organization. */
export const entrancesBetween = (
  before: State,
  after: State,
  { knowledge, place }: { readonly knowledge: Knowledge; readonly place: OrganizationPlace },
): Entrances => {
  const sides = once(
    () => [before, after].map((state) => sideOf(state, knowledge, place)) as [EntranceSide, EntranceSide],
  );
  /** The same RCPs over the account on both sides. */
  const isStill = remembered((account: string) => {
    const levels = sides().map(({ world }) => {
      const found = world.accounts.get(account);
      return found === undefined ? [] : world.levels('rcp', found);
    });
    return JSON.stringify(levels[0]) === JSON.stringify(levels[1]);
  });
  return {
    changeOf: (role, statement) => {
      if (isStill(role.account)) return undefined;
      const [was, is] = sides().map((side) => standingOf(side, roleKey(role), statement));
      const what = was === undefined || is === undefined ? undefined : whatOf(was, is);
      return what === undefined ? undefined : { what, by: namesOf((is ?? was)?.rails ?? []) };
    },
    shutAfter: (role, statement) => {
      const is = standingOf(sides()[1], roleKey(role), statement);
      return is?.decision === 'denied' ? namesOf(is.rails) : [];
    },
  };
};

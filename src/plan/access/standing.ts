/** How somebody whom a policy names stands before what bars the way above it: RCPs, in the first place. */
import type { Decision, Reason } from '../../evaluate/decide.ts';
import { createWorld } from '../../evaluate/policies-of.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import { parsePrincipal } from '../../evaluate/principal.ts';
import { once, rememberedOf } from '../../model/lists.ts';
import type { Statement } from '../../model/policy.ts';
import { policyTypes } from '../../model/resource.ts';
import type { Account, Resource, State } from '../../model/resource.ts';
import { callersOf } from '../guards/let-in.ts';
import type { TrustCaller } from '../guards/let-in.ts';
import type { Knowledge, OrganizationPlace } from './side.ts';

/** Two states of one organization, made when somebody asks for them. */
export type WorldsBetween = () => readonly [before: AccessWorld, after: AccessWorld];

export const worldsBetween = (
  before: State,
  after: State,
  { knowledge, place }: { readonly knowledge: Knowledge; readonly place: OrganizationPlace },
): WorldsBetween =>
  once(() => {
    const [first, last] = [before, after].map((state) =>
      createWorld({ ...place, state, catalogue: knowledge.policies, origins: {} }),
    );
    return [first, last] as [AccessWorld, AccessWorld];
  });

/** What becomes of somebody whom a policy names before and after. `by`: what shuts them out. */
export type EntranceChange = {
  readonly what: 'opened' | 'shut' | 'narrowed' | 'widened';
  readonly by: readonly string[];
};

/** Whom something lets in, or keeps out, whom a policy names as before. */
export type EntranceMove = { readonly who: string; readonly account: string; readonly opens: boolean };

/** Anything that has a policy by which others come in. */
export type Entered = {
  readonly world: AccessWorld;
  readonly account: Account;
  readonly enter: (caller: TrustCaller) => Decision;
};

const isOfRcps = (resource: Resource | undefined): boolean => {
  if (resource?.kind === 'attachment') return resource.policy.kind === 'rcp';
  if (resource?.kind === 'policy-type') return resource.type === policyTypes.rcp;
  return resource?.kind === 'rcp' || resource?.kind === 'account';
};

/** Whether anything differs by which RCPs bind other things. */
export const mayMoveRcps = (before: State, after: State): boolean => differs(before, after, isOfRcps);

export const differs = (before: State, after: State, bears: (resource: Resource | undefined) => boolean): boolean =>
  [...Object.keys(before), ...Object.keys(after)].some(
    (key) => before[key] !== after[key] && bears(before[key] ?? after[key]),
  );

const oursIn = rememberedOf(
  ({ accounts }: AccessWorld): ReadonlySet<string> => new Set([...accounts.values()].map(({ id }) => id)),
);

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
const homesOf = ({ world, account }: Entered, caller: TrustCaller): readonly TrustCaller[] => {
  const id = parsePrincipal(caller.principal)?.account;
  if (id === undefined || oursIn(world).has(id) || ofOrganization.some((key) => says(caller, key))) return [caller];
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

/** Everybody but a few is, of all, somebody whom nobody named. */
export const callersNamed = (statement: Statement): readonly TrustCaller[] =>
  callersOf(statement.NotPrincipal === undefined ? statement : { ...statement, Principal: '*' }).filter(
    ({ principal }) => parsePrincipal(principal) !== undefined,
  );

export type EntranceStanding = { readonly decision: Decision['decision']; readonly rails: readonly Reason[] };

/** Undefined where the callers are none. */
export const standingOf = (entered: Entered, callers: readonly TrustCaller[]): EntranceStanding | undefined => {
  const decisions = callers.flatMap((caller) => homesOf(entered, caller)).map(entered.enter);
  const [first] = decisions;
  if (first === undefined) return undefined;
  const isSame = decisions.every(({ decision }) => decision === first.decision);
  const rails = decisions.flatMap(({ decision, reasons }) =>
    decision === 'allowed' ? [] : reasons.filter(({ type }) => type === 'rcp'),
  );
  return { decision: isSame ? first.decision : 'depends', rails };
};

export const namesOf = (rails: readonly Reason[]): readonly string[] =>
  [...new Set(rails.map(({ policy }) => `RCP ${policy}`))].sort();

const textOf = ({ rails }: EntranceStanding): readonly string[] =>
  rails.map(({ policy, statement }) => `${policy} ${statement}`);
const hasMore = (one: EntranceStanding, other: EntranceStanding): boolean =>
  textOf(one).some((text) => !textOf(other).includes(text));

export const whatOf = (before: EntranceStanding, after: EntranceStanding): EntranceChange['what'] | undefined => {
  const [was, is] = [before.decision, after.decision];
  if (is === 'denied') return was === 'denied' ? undefined : 'shut';
  if (was === 'denied') return 'opened';
  if (was !== is) return is === 'allowed' ? 'widened' : 'narrowed';
  if (hasMore(after, before)) return 'narrowed';
  return hasMore(before, after) ? 'widened' : undefined;
};

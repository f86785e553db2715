/** What each permission set and each role comes to where it is given: its risk, its actions, and what guard rails take back. */
import type { AccessItem } from '../model/plan.ts';
import { decodeName, grantsOf, isGrant, resourcesOf, stateOf } from '../model/resource.ts';
import type { Grant, State } from '../model/resource.ts';
import { accessBetween } from '../plan/access/access.ts';
import type { AccessContext } from '../plan/access/context.ts';
import { rangesOf } from './ranges.ts';
import type { Given, Report, ReportReach } from './report.ts';
import { laterOf } from './grants.ts';
import { givenIn } from './sides.ts';
import type { Lists, ReportInput } from './sides.ts';

/** More of one service and level are counted. */
const most = 12;

const bare = (service: string, names: readonly string[]): readonly string[] =>
  names.map((name) => (name.startsWith(`${service}:`) ? name.slice(service.length + 1) : name));

export const givenOf = ({ service, level, actions, except, bound }: AccessItem): Given => ({
  service,
  level,
  actions: bare(service, actions.slice(0, most)),
  more: Math.max(0, actions.length - most),
  ...(except === undefined ? {} : { except: except.slice(0, most) }),
  bound,
});

/** One holder for each set or role, who has it wherever anybody does: what it comes to does not hang on who holds it. */
const oneHolderEach = (grants: readonly Grant[]): readonly Grant[] =>
  grants.map((grant) => ({ ...grant, principal: { type: 'group', name: givenIn(grant) } }));

const withoutHolders = (state: State): State =>
  Object.fromEntries(Object.entries(state).filter(([, one]) => !isGrant(one) && one.kind !== 'membership'));

const unseenIn = (state: State): readonly string[] => {
  const seen = new Set(resourcesOf(state, 'role').map(({ account }) => account));
  return resourcesOf(state, 'account').flatMap(({ id, name }) => (seen.has(name) ? [] : [id]));
};

const contextOf = ({ desired, knowledge, organization, now }: ReportInput, state: State): AccessContext => {
  const { settings, managementAccount, accountTags } = desired;
  return {
    knowledge,
    place: { organization, region: settings.region, managementAccount },
    isProduction: (account) => account === managementAccount || accountTags[account]?.['env'] === 'prod',
    isManagement: (account) => account === managementAccount || account === settings.delegatedAdministrator,
    unseen: unseenIn(state),
    now,
  };
};

type Reach = Omit<ReportReach, 'gives'> & { readonly gives: readonly Given[] };
type ReportSide = { readonly state: State; readonly grants: readonly Grant[]; readonly before?: true };

const sideReaches = (input: ReportInput, { setAt, accountAt }: Lists, side: ReportSide): readonly Reach[] => {
  const bare = withoutHolders(side.state);
  const given = { ...bare, ...stateOf(oneHolderEach(side.grants)) };
  const { rows } = accessBetween(bare, given, contextOf(input, side.state));
  const told = rows.map(({ change }) => ({
    set: setAt(decodeName(change.principal.slice('group:'.length))),
    accounts: rangesOf(change.accounts.map(accountAt)),
    risk: change.risk,
    because: change.riskReasons ?? [],
    gives: change.gained.map(givenOf),
    blocked: (change.blocked ?? []).map(({ by, actions }) => ({ by, actions })),
    ...(side.before === undefined ? {} : { before: side.before }),
  }));
  return told.filter(({ set }) => set >= 0);
};

/** Each list of what is given once, and where it is in their list. */
const interned = (reaches: readonly Reach[]): Pick<Report, 'reaches' | 'given'> => {
  const places = new Map<string, number>();
  const given: (readonly Given[])[] = [];
  const placeOf = (gives: readonly Given[]): number => {
    const text = JSON.stringify(gives);
    const place = places.get(text) ?? given.push(gives) - 1;
    places.set(text, place);
    return place;
  };
  return { reaches: reaches.map((reach) => ({ ...reach, gives: placeOf(reach.gives) })), given };
};

/** What is given later counts as given; of a plan both sides, where they differ. */
export const reachRowsOf = (input: ReportInput, lists: Lists): Pick<Report, 'reaches' | 'given'> => {
  const later = laterOf(input).flatMap(({ resource }) => (isGrant(resource) ? [resource] : []));
  const now = sideReaches(input, lists, {
    state: input.state,
    grants: [...grantsOf(input.state), ...later],
  });
  if (input.before === undefined) return interned(now);
  const old = sideReaches(input, lists, { state: input.before, grants: grantsOf(input.before), before: true });
  const said = new Set(now.map((one) => JSON.stringify(one)));
  return interned([...now, ...old.filter(({ before: _, ...one }) => !said.has(JSON.stringify(one)))]);
};

/** Which approvals a pull request needs: the entries of `approvals`, of both trees, that match what it does. */
import type { Requirement } from '../github/approvals.ts';
import type { Approval, Desired, Risk, Settings } from '../model/desired.ts';
import type { Change, Plan } from '../model/plan.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import type { Resource } from '../model/resource.ts';
import { ouPath, pathToRoot, resourcesOf } from '../model/resource.ts';
import { globMatches } from '../plan/glob.ts';
import { planBetween } from './github-between.ts';
import { ruleChanges } from './github-files-changed.ts';
import type { RuledTree } from './github-files-changed.ts';

/** One thing that somebody must agree to: how dangerous, where. `accounts`: '*' is every account. */
type Matter = { readonly risk: Risk; readonly accounts: readonly string[]; readonly ous: readonly string[] };

export type Proposal = {
  readonly plan: Plan;
  /** Paths that the pull request touches; '*' where a path is not known, so that it may be any. */
  readonly paths: readonly string[];
  readonly trees: readonly Desired[];
  /** Said of the files themselves: changed settings, changed access tests, files outside the three folders. */
  readonly criticalFiles: readonly string[];
};

/** What a pull request proposes by itself, whatever AWS has. */
export const proposalOf = (
  { base, head }: { readonly base: RuledTree; readonly head: RuledTree },
  paths: readonly string[],
  now: string,
): Proposal => ({
  plan: planBetween(base.desired, head.desired, now),
  paths,
  trees: [base.desired, head.desired],
  criticalFiles: ruleChanges(base, head, paths),
});

const EVERYWHERE = '*';
const ranks: readonly Risk[] = ['low', 'medium', 'high', 'critical'];
const isAtLeast = (risk: Risk, least: Risk): boolean => ranks.indexOf(risk) >= ranks.indexOf(least);

const placesOf = (
  resource: Resource | undefined,
): { readonly accounts: readonly string[]; readonly ous: readonly string[] } => {
  if (resource === undefined) return { accounts: [], ous: [] };
  switch (resource.kind) {
    case 'ou':
      return { accounts: [], ous: [resource.path] };
    case 'account':
      return { accounts: [resource.name], ous: [resource.parent] };
    case 'attachment':
      if (resource.target.type === 'account') return { accounts: [resource.target.name], ous: [] };
      return { accounts: [], ous: [resource.target.type === 'ou' ? resource.target.path : ''] };
    case 'assignment':
    case 'role':
    case 'policy':
    case 'oidc-provider':
      return { accounts: [resource.account], ous: [] };
    default:
      return { accounts: [], ous: [] };
  }
};

const matterOf = (change: Change): Matter => {
  const places = [beforeOf(change), afterOf(change)].map(placesOf);
  return {
    risk: change.risk,
    accounts: [...(change.reaches ?? []), ...places.flatMap(({ accounts }) => accounts)],
    ous: places.flatMap(({ ous }) => ous),
  };
};

const mattersOf = ({ plan, criticalFiles }: Proposal): readonly Matter[] => [
  ...plan.changes.map(matterOf),
  ...plan.access.map(({ risk, accounts }) => ({ risk, accounts, ous: [] })),
  ...criticalFiles.map((): Matter => ({ risk: 'critical', accounts: [], ous: [] })),
];

/** OU paths above every account, in either tree. */
const pathsAbove = (trees: readonly Desired[]): ReadonlyMap<string, readonly string[]> => {
  const above = new Map<string, readonly string[]>();
  for (const { state } of trees)
    for (const { name, parent } of resourcesOf(state, 'account'))
      above.set(name, [...(above.get(name) ?? []), ...pathToRoot(parent)]);
  return above;
};

type Where = { readonly matter: Matter; readonly above: ReadonlyMap<string, readonly string[]> };

const isInOu = (written: string, { matter, above }: Where): boolean => {
  const paths = written === 'Root' ? [''] : [written, ouPath(written.split('/'))];
  const found = [...matter.ous.flatMap(pathToRoot), ...matter.accounts.flatMap((name) => above.get(name) ?? [])];
  return matter.accounts.includes(EVERYWHERE) || paths.some((path) => found.includes(path));
};

const isInAccount = (name: string, { matter }: Where): boolean =>
  matter.accounts.includes(name) || matter.accounts.includes(EVERYWHERE);

/** A risk stands for itself and everything above it. */
const matchesMatter = ({ risk, account, ou }: Approval['when'], where: Where): boolean =>
  (risk === undefined || isAtLeast(where.matter.risk, risk)) &&
  (account === undefined || isInAccount(account, where)) &&
  (ou === undefined || isInOu(ou, where));

const matches = ({ when }: Approval, proposal: Proposal): boolean => {
  const touches =
    when.path === undefined || proposal.paths.some((path) => path === EVERYWHERE || globMatches(when.path ?? '', path));
  if (!touches) return false;
  if (when.risk === undefined && when.account === undefined && when.ou === undefined) return true;
  const above = pathsAbove(proposal.trees);
  return mattersOf(proposal).some((matter) => matchesMatter(when, { matter, above }));
};

const whyOf = ({ risk, path, account, ou }: Approval['when']): string =>
  [
    ...(risk === undefined ? [] : [`risk ${risk}`]),
    ...(path === undefined ? [] : [`path ${path}`]),
    ...(account === undefined ? [] : [`account ${account}`]),
    ...(ou === undefined ? [] : [`OU ${ou}`]),
  ].join(', ') || 'every change';

const requirementOf = ({ when, users = [], teams = [], count = 1 }: Approval): Requirement => ({
  users,
  teams,
  count,
  why: whyOf(when),
});

/** "risk critical: 2 approvals, from ada-gh, grace-gh or team security". */
export const requirementText = ({ why, count, users, teams }: Requirement): string => {
  const names = [...users, ...teams.map((team) => `team ${team}`)];
  const from = names.length === 0 ? 'anybody who may write here' : names.join(' or ');
  return `${why}: ${count === 1 ? '1 approval' : `${count} approvals`} from ${from}`;
};

const anyWriter: Requirement = { users: [], teams: [], count: 1, why: 'every pull request' };

/** Each entry that matches, of each of the settings; where none does, one approval of anybody who may write. */
export const requirementsOf = (proposal: Proposal, settings: readonly Settings[]): readonly Requirement[] => {
  const entries = settings.flatMap(({ approvals }) => approvals).filter((entry) => matches(entry, proposal));
  const unique = new Map(entries.map((entry) => [JSON.stringify(entry), requirementOf(entry)]));
  return unique.size === 0 ? [anyWriter] : [...unique.values()];
};

/** Which approvals a pull request needs: the entries of `approvals`, of both trees, that match what it does. */
import type { Requirement } from './ballot.ts';
import type { Approval, Desired } from '../model/desired.ts';
import { globMatches } from '../model/glob.ts';
import { matching } from './matters.ts';
import type { Matches, Matter, Scenery } from './matters.ts';

/** What is to be approved. `paths`: that are touched; '*' where a path is not known, so that it may be any. */
export type Approvable = {
  readonly matters: readonly Matter[];
  readonly paths: readonly string[];
  readonly scenery: Scenery;
};

const EVERY_PATH = '*';

type JudgedApproval = { readonly approval: Approval; readonly judge: Desired };

const touches = (path: string | undefined, { paths }: Approvable): boolean =>
  path === undefined || paths.some((one) => one === EVERY_PATH || globMatches(path, one));

const isMet = ({ approval: { when }, judge }: JudgedApproval, asked: Approvable, matches: Matches): boolean => {
  if (!touches(when.path, asked)) return false;
  if (when.risk === undefined && when.account === undefined && when.ou === undefined) return true;
  return asked.matters.some((matter) => matches(when, judge, matter));
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

/** Each entry that matches, in words of the tree it stands in; where none does, one approval of anybody who may write. */
export const requirementsOf = (asked: Approvable, judges: readonly Desired[]): readonly Requirement[] => {
  const matches = matching(asked.scenery);
  const entries = judges
    .flatMap((judge) => judge.settings.approvals.map((approval): JudgedApproval => ({ approval, judge })))
    .filter((entry) => isMet(entry, asked, matches));
  const unique = new Map(entries.map(({ approval }) => [JSON.stringify(approval), requirementOf(approval)]));
  return unique.size === 0 ? [anyWriter] : [...unique.values()];
};

/** Whether the reviews of a pull request are the approvals that it needs. Decides; asks nobody. */
import type { Authorship, GitHubUser, Review } from '../model/github.ts';

/** What must be met; with neither users nor teams anybody who may write will do. */
export type Requirement = {
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly count: number;
  /** What it is for, in words of the settings: "risk critical". */
  readonly why: string;
};

/** What GitHub answered about somebody who approved. */
export type Voter = {
  readonly login: string;
  readonly canWrite: boolean;
  readonly teams: readonly string[];
};

export type Ballot = {
  readonly requirements: readonly Requirement[];
  readonly voters: readonly Voter[];
  /** Teams that the token cannot read. */
  readonly unreadableTeams: readonly string[];
};

export type BallotResult = {
  readonly ok: boolean;
  /** Logins whose approval counts. */
  readonly approvers: readonly string[];
  /** One sentence for each requirement that is not met: what is missing, from whom. */
  readonly missing: readonly string[];
  /** One sentence for each approval that does not count. */
  readonly ignored: readonly string[];
};

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const includes = (logins: readonly string[], login: string): boolean => logins.some((one) => same(one, login));

type Authors = {
  readonly author: GitHubUser;
  readonly authors: readonly string[];
  readonly head: string;
  /** When its base was changed, in any order. */
  readonly baseChanges: readonly string[];
};

/** A comment takes nothing back; every other review replaces what its author said before. */
const latest = (reviews: readonly Review[]): readonly Review[] => {
  const last = new Map<string, Review>();
  const ordered = [...reviews].sort((a, b) =>
    a.submittedAt < b.submittedAt ? -1 : a.submittedAt > b.submittedAt ? 1 : 0,
  );
  for (const review of ordered) {
    if (review.user === undefined || review.state === 'COMMENTED' || review.state === 'PENDING') continue;
    last.set(review.user.login.toLowerCase(), review);
  }
  return [...last.values()];
};

const objection = (review: Review, { author, authors, head, baseChanges }: Authors): string | undefined => {
  const { user, commit } = review;
  if (user === undefined) return undefined;
  if (user.bot) return `${user.login} is no person`;
  if (same(user.login, author.login)) return `${user.login} opened the pull request`;
  if (includes(authors, user.login)) return `${user.login} wrote a commit of it`;
  if (commit !== head) return `${user.login} approved ${commit.slice(0, 7)}, which is not the final head`;
  // The same commits are another change on another base. GitHub tells seconds apart and no more.
  return baseChanges.some((at) => at === '' || review.submittedAt <= at)
    ? `${user.login} approved it before its base was changed`
    : undefined;
};

/** Who approved the final head and may have a say, and who approved in vain. */
export const countedApprovals = (reviews: readonly Review[], who: Authors) => {
  const approvals = latest(reviews).filter(({ state }) => state === 'APPROVED');
  const judged = approvals.map((review) => ({ login: review.user?.login ?? '', reason: objection(review, who) }));
  return {
    logins: judged.filter(({ reason }) => reason === undefined).map(({ login }) => login),
    ignored: judged.flatMap(({ reason }) => reason ?? []),
  };
};

export type EarlierApproval = { readonly login: string; readonly commit: string };

/** `stale`: ids of approvals that GitHub itself took back when commits were pushed. */
type Recalled = { readonly reviews: readonly Review[]; readonly stale: readonly number[] };

/** Who approved an earlier head and could still have a say, newest first; nobody who took it back by hand. */
export const earlierApprovals = ({ reviews, stale }: Recalled, who: Authors): readonly EarlierApproval[] =>
  latest(reviews)
    .filter(({ state, id }) => state === 'APPROVED' || (state === 'DISMISSED' && stale.includes(id)))
    .filter((review) => review.commit !== who.head && objection(review, { ...who, head: review.commit }) === undefined)
    .toSorted((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1))
    .map(({ user, commit }) => ({ login: user?.login ?? '', commit }));

/** Why nobody can say that those who approved did not write it themselves; nothing when it can be said. */
export const doubtsAbout = ({ unattributed, isWhole }: Authorship): readonly string[] => {
  const [first, ...others] = unattributed.map((sha) => sha.slice(0, 7));
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const nobody = `commit ${first ?? ''}${more}: GitHub knows no account of its author or committer, so it may be by who approved; add the e-mail address to the account, or commit it again`;
  const many = 'it has 250 commits or more, and GitHub says of no more who wrote them; squash them';
  return [...(first === undefined ? [] : [nobody]), ...(isWhole ? [] : [many])];
};

const meets = ({ users, teams }: Requirement, voter: Voter): boolean => {
  if (users.length === 0 && teams.length === 0) return true;
  return includes(users, voter.login) || teams.some((team) => includes(voter.teams, team));
};

const whoText = ({ users, teams }: Requirement): string => {
  const names = [...users, ...teams.map((team) => `team ${team}`)];
  if (names.length === 0) return 'anybody who may write here';
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
};

const missingText = (
  requirement: Requirement,
  voters: readonly Voter[],
  unreadable: readonly string[],
): string | undefined => {
  const found = voters.filter((voter) => meets(requirement, voter)).map(({ login }) => login);
  if (found.length >= requirement.count) return undefined;
  const has = found.length === 0 ? '' : `, has ${found.join(' and ')}`;
  const blind = requirement.teams.filter((team) => unreadable.includes(team));
  const why =
    blind.length === 0
      ? ''
      : `; the token cannot read team ${blind.join(' and ')}: list users, or use a GitHub App that may read members`;
  const approvals = requirement.count === 1 ? '1 approval' : `${requirement.count} approvals`;
  return `${requirement.why}: needs ${approvals} from ${whoText(requirement)}${has}${why}`;
};

/** Every requirement is met by its own count of people; one person may stand for several requirements. */
export const verdictOf = ({ requirements, voters, unreadableTeams }: Ballot): BallotResult => {
  const writers = voters.filter(({ canWrite }) => canWrite);
  const missing = requirements.flatMap((one) => missingText(one, writers, unreadableTeams) ?? []);
  return {
    ok: missing.length === 0,
    approvers: writers.map(({ login }) => login),
    missing: [...new Set(missing)],
    ignored: voters.filter(({ canWrite }) => !canWrite).map(({ login }) => `${login} may not write here`),
  };
};

/** Whether somebody may start by hand what the requirements are about: listed in each, or a writer where nobody is listed. */
export const mayStart = (requirements: readonly Requirement[], voter: Voter): boolean =>
  voter.canWrite && requirements.every((requirement) => meets(requirement, voter));

/** The reviews of a pull request, as GitHub answers them now, against what it needs. */
import type { Requirement, BallotResult, Voter } from './ballot.ts';
import { countedApprovals, doubtsAbout, verdictOf } from './ballot.ts';
import type { GitHub, PullRequest } from '../model/github.ts';

type Teams = { readonly teams: readonly string[]; readonly unreadable: readonly string[] };

const teamsOf = async (github: GitHub, login: string, asked: readonly string[]): Promise<Teams> => {
  const found = await Promise.all(asked.map(async (team) => ({ team, is: await github.teamMembership(team, login) })));
  return {
    teams: found.filter(({ is }) => is === 'member').map(({ team }) => team),
    unreadable: found.filter(({ is }) => is === 'unreadable').map(({ team }) => team),
  };
};

const teamsIn = (requirements: readonly Requirement[]): readonly string[] => [
  ...new Set(requirements.flatMap(({ teams }) => teams)),
];

/** What GitHub says of one person, as far as the requirements ask for it. */
export const voterOf = async (github: GitHub, login: string, requirements: readonly Requirement[]) => {
  const { teams, unreadable } = await teamsOf(github, login, teamsIn(requirements));
  const voter: Voter = { login, canWrite: await github.canWrite(login), teams };
  return { voter, unreadable };
};

export const reviewVerdict = async (
  github: GitHub,
  pull: PullRequest,
  requirements: readonly Requirement[],
): Promise<BallotResult> => {
  const { number, author, headSha: head } = pull;
  const [reviews, written, baseChanges] = await Promise.all([
    github.reviews(number),
    github.authorship(number),
    github.baseChanges(number),
  ]);
  const who = { author, authors: written.logins, head, baseChanges };
  const { logins, ignored } = countedApprovals(reviews, who);
  const asked = await Promise.all(logins.map((login) => voterOf(github, login, requirements)));
  const unreadableTeams = [...new Set(asked.flatMap(({ unreadable }) => unreadable))];
  const verdict = verdictOf({ requirements, voters: asked.map(({ voter }) => voter), unreadableTeams });
  const doubts = doubtsAbout(written);
  return {
    ...verdict,
    ok: verdict.ok && doubts.length === 0,
    missing: [...verdict.missing, ...doubts],
    ignored: [...ignored, ...verdict.ignored],
  };
};

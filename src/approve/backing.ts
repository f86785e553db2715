/** By which pull request commits of main came, and who approved it: for people to read, not for an apply to decide by. */
import type { GitHub, PullRequest } from '../model/github.ts';
import { once, remembered } from '../model/lists.ts';
import type { GrantBacking } from '../model/review.ts';
import { pullOfCommit } from './history.ts';
import { reviewVerdict } from './reviews.ts';

const backedBy = async (github: GitHub, pull: PullRequest): Promise<GrantBacking> => {
  const { approvers, ignored, missing } = await reviewVerdict(github, pull, []);
  const { number, author } = pull;
  return { is: 'pull request', number, author: author.login, approvers, ignored: [...ignored, ...missing] };
};

/** `isHopeless`: of an error after which no other call would fare better. */
export const backingFrom = (
  github: GitHub,
  isHopeless: (error: unknown) => boolean,
): ((sha: string) => Promise<GrantBacking>) => {
  const branch = once(() => github.defaultBranch());
  const backings = new Map<number, Promise<GrantBacking>>();
  let lost: GrantBacking | undefined;
  const asked = async (sha: string): Promise<GrantBacking> => {
    const pull = pullOfCommit({ sha, parent: '', pulls: await github.pullsOf(sha) }, await branch());
    if (pull === undefined) return { is: 'no pull request' };
    const backing = backings.get(pull.number) ?? backedBy(github, pull);
    backings.set(pull.number, backing);
    return backing;
  };
  return remembered(async (sha: string) => {
    if (lost !== undefined) return lost;
    try {
      return await asked(sha);
    } catch (error) {
      const unread: GrantBacking = { is: 'not read', why: error instanceof Error ? error.message : String(error) };
      if (isHopeless(error)) lost = unread;
      return unread;
    }
  });
};

/** Whose a branch is, decided on what GitHub says of its commits; the story on the fake is in adopt.test.ts. */
import { describe, expect, it } from 'vitest';
import type { BranchCommit, BranchPull } from '../../src/model/github.ts';
import { clearAdoption, putAdoption } from '../../src/github/adopt-pull.ts';
import type { GitHub, GitHubUser } from '../../src/model/github.ts';

const us: GitHubUser = { login: 'github-actions[bot]', id: 1, bot: true };
const linus: GitHubUser = { login: 'linus', id: 2, bot: false };
const webFlow: GitHubUser = { login: 'web-flow', id: 3, bot: false };

const digest = 'a'.repeat(64);
const older = 'b'.repeat(64);
const commit = (more: Partial<BranchCommit> = {}): BranchCommit => ({
  sha: 'c1',
  author: us,
  committer: us,
  message: `Adopt\n\nGatehouse-Adopts: ${older}`,
  ...more,
});
const pull = (more: Partial<BranchPull> = {}): BranchPull => ({
  number: 7,
  author: us,
  title: 'old',
  body: '',
  state: 'open',
  ...more,
});

type Scene = {
  readonly tips: readonly (string | undefined)[];
  readonly ahead?: readonly BranchCommit[];
  readonly pulls?: readonly BranchPull[];
};

/** Answers as told, and remembers what was written. */
const github = ({ tips, ahead = [], pulls = [] }: Scene) => {
  const wrote: string[] = [];
  const left = [...tips];
  const note = async (what: string): Promise<void> => void wrote.push(what);
  const port = {
    isOwn: async (person: GitHubUser | undefined) => person?.id === us.id,
    branchTip: async () => (left.length > 1 ? left.shift() : left[0]),
    commitsAhead: async () => ahead,
    pullsFrom: async () => pulls,
    openBranches: async () => [],
    commitFiles: async () => (await note('commit'), 'c2'),
    createBranch: (branch: string) => note(`create ${branch}`),
    moveBranch: (branch: string) => note(`move ${branch}`),
    deleteBranch: (branch: string) => note(`delete ${branch}`),
    createPull: async () => (await note('open'), 9),
    updatePull: (number: number, { state }: { readonly state?: string }) =>
      note(`edit ${number} ${state ?? ''}`.trim()),
  };
  return { port: port as unknown as GitHub, wrote };
};

const base = { branch: 'main', tip: 'm1' };
const adoption = { branch: 'gatehouse/adopt-low', title: 't', body: 'b', subject: 's', digest, files: [] };
const put = async (scene: Scene) => {
  const { port, wrote } = github(scene);
  return { ...(await putAdoption(port, base, adoption)), wrote };
};

describe('a branch of ours', () => {
  it('is moved over our own commit, also when GitHub was the committer', async () => {
    for (const one of [commit(), commit({ committer: webFlow })])
      expect(await put({ tips: ['c1'], ahead: [one], pulls: [pull()] })).toMatchObject({
        did: 'updated',
        wrote: ['commit', 'move gatehouse/adopt-low', 'edit 7'],
      });
  });

  it.each([
    ['an author', commit({ author: linus })],
    ['a committer', commit({ committer: linus })],
    ['nobody whom GitHub knows', commit({ author: undefined, committer: undefined })],
    ['another job of ours', commit({ message: 'Format' })],
  ])('is nobody’s to move when a commit has %s', async (_, one) => {
    const scene = { tips: ['c1'], ahead: [commit(), one], pulls: [pull()] };
    expect(await put(scene)).toMatchObject({ did: 'left', number: 7, wrote: [] });
    const { port, wrote } = github(scene);
    expect(await clearAdoption(port, base, { branch: 'x', body: '' })).toMatchObject({ did: 'left' });
    expect(wrote).toEqual([]);
  });

  it('is left where somebody pushed while the commit was being made', async () => {
    const made = await put({ tips: ['c1', 'theirs'], ahead: [commit()], pulls: [pull()] });
    expect(made).toMatchObject({ did: 'left', reason: 'somebody pushed to it just now', wrote: ['commit'] });
  });

  it('keeps the words of a pull request that somebody else opened from it, and stays when nothing is left', async () => {
    const theirs = pull({ author: linus });
    expect((await put({ tips: ['c1'], ahead: [commit()], pulls: [theirs] })).wrote).toEqual([
      'commit',
      'move gatehouse/adopt-low',
    ]);
    const { port, wrote } = github({ tips: ['c1'], ahead: [commit()], pulls: [theirs] });
    expect(await clearAdoption(port, base, { branch: 'x', body: '' })).toMatchObject({ did: 'left' });
    expect(wrote).toEqual([]);
  });

  it('is made anew after a merge, and goes after one when nothing drifts', async () => {
    const merged = pull({ state: 'merged', body: `<!-- gatehouse:adopt ${digest} -->` });
    expect((await put({ tips: [undefined], pulls: [merged] })).wrote).toEqual([
      'commit',
      'create gatehouse/adopt-low',
      'open',
    ]);
    const { port, wrote } = github({ tips: ['c1'], ahead: [commit()], pulls: [merged] });
    expect(await clearAdoption(port, base, { branch: 'x', body: '' })).toEqual({ did: 'closed' });
    expect(wrote).toEqual(['delete x']);
  });

  it('is not proposed again by what was closed with the same edits, but is by others', async () => {
    const closed = pull({ state: 'closed', body: `<!-- gatehouse:adopt ${digest} -->\nb` });
    expect(await put({ tips: [undefined], pulls: [closed] })).toMatchObject({ did: 'left', wrote: [] });
    const other = pull({ state: 'closed', body: `<!-- gatehouse:adopt ${older} -->\nb` });
    expect(await put({ tips: [undefined], pulls: [other] })).toMatchObject({ did: 'opened', number: 9 });
  });
});

/** What the history of main says of a key: who touched it, whether it counts, and what a day that counts has ended. */
import type { Live } from '../../../src/model/cloud.ts';
import type { Approval, Desired } from '../../../src/model/desired.ts';
import type { Key } from '../../../src/model/resource.ts';
import { approversOf, asked, idKey, wishesOf } from './chronicle.ts';
import type { Entry, Wishes } from './chronicle.ts';
import type { MemoryGit } from './memory-git.ts';
import { members } from './organization.ts';
import type { Watch } from './watch.ts';

export type Run = {
  /** AWS before it. */
  readonly live: Live;
  readonly now: string;
  readonly watch: Pick<Watch, 'writes' | 'moments'>;
  /** Of main, newest last. */
  readonly entries: readonly Entry[];
  /** How many entries of main there were when a key was last as main asks. */
  readonly agreed: ReadonlyMap<Key, number>;
  /** Groups that somebody made by hand, by name. */
  readonly foreign: ReadonlySet<string>;
  /** Who started it by hand, if it was. */
  readonly starters: readonly string[];
};

export type Trees = {
  readonly git: MemoryGit;
  readonly main: Desired;
  readonly now: string;
  readonly wishes: (sha: string) => Wishes | undefined;
};

export const treesOf = (git: MemoryGit, main: Desired, now: string): Trees => {
  const found = new Map<string, Wishes | undefined>();
  return {
    git,
    main,
    now,
    wishes: (sha) => {
      if (!found.has(sha)) {
        const tree = asked(git.filesOf(sha), now);
        found.set(sha, tree && wishesOf(tree, main));
      }
      return found.get(sha);
    },
  };
};

type Which = 'today' | 'ever';

/** Files with errors say nothing of any key, so that they may have changed each. */
export const touches = ({ wishes }: Trees, { base, end }: Entry, key: Key, which: Which): boolean => {
  const [before, after] = [wishes(base), wishes(end)];
  return before === undefined || after === undefined || before[which](key) !== after[which](key);
};

export const isSound = ({ git, wishes }: Trees, { base, end, pull, honest }: Entry): boolean =>
  pull !== undefined &&
  honest &&
  wishes(base) !== undefined &&
  wishes(end) !== undefined &&
  approversOf(pull, git, members).length > 0;

export const isMetBy = ({ users = [], count = 1 }: Approval, approvers: readonly string[]): boolean =>
  approvers.filter((login) => users.length === 0 || users.includes(login)).length >= count;

export const nameOf = ({ pull, end }: Entry): string =>
  pull === undefined ? `commit ${end.slice(0, 7)}` : `pull request #${pull.number}`;

/** Whoever any entry of any tree that has a say asks for has approved it. */
export const isMetWhole = (trees: Trees, entry: Entry): boolean => {
  const { pull, base, end } = entry;
  if (pull === undefined || !isSound(trees, entry)) return false;
  const crew = approversOf(pull, trees.git, members);
  const judges = [trees.main, ...[base, end].flatMap((sha) => asked(trees.git.filesOf(sha), trees.now) ?? [])];
  return judges.every(({ settings }) => settings.approvals.every((one) => isMetBy(one, crew)));
};

/**
 * A day that counts ended it. The newest word that counts says so; an older one does only where what came between does not
 * count, as a word that builds on such a one may count for no more than what it takes away.
 */
export const hadEnded = (run: Run, trees: Trees, key: Key): boolean => {
  const said = run.entries.toReversed().filter((entry) => touches(trees, entry, key, 'ever'));
  for (const [at, entry] of said.entries()) {
    if (!isSound(trees, entry)) continue;
    if (trees.wishes(entry.end)?.over(key) === true) return true;
    // Who takes an entry out of the files after its last day does not undo that it has ended.
    const isDropped = trees.wishes(entry.base)?.over(key) === true && isSilent(trees, entry, key);
    if (!isDropped && isMetWhole(trees, entry) && said.slice(at + 1).every((older) => isSound(trees, older)))
      return false;
  }
  return trees.wishes(run.entries[0]?.base ?? '')?.over(key) === true;
};

const isSilent = ({ wishes }: Trees, { end }: Entry, key: Key): boolean => wishes(end)?.state[key] === undefined;

/** The same by the key under which AWS has it. */
export const keyEnded = (run: Run, trees: Trees, key: Key): boolean => {
  const there = run.live.state[key];
  return there !== undefined && hadEnded(run, trees, idKey(there, trees.main));
};

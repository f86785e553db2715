/** What people do with pull requests and around them, each a step of a history. */
import { asked } from './chronicle.ts';
import { anyEdit, withEdit } from './edits.ts';
import type { NamedEdit } from './edits.ts';
import type { Pull } from './memory-github.ts';
import { members } from './organization.ts';
import { count, note, nowOf, tell, today } from './tale.ts';
import type { Tale } from './tale.ts';

/** Most people look at what the validation says before they push. */
const edit = (tale: Tale, onto: string): NamedEdit => {
  const { git, chance } = tale;
  const files = git.filesOf(onto);
  const careful = chance.percent(93);
  for (let left = 12; ; left -= 1) {
    const found = anyEdit({ files, chance, today: today(tale) });
    if (!careful || left === 0) return found;
    if (asked(withEdit(files, found.edited), nowOf(tale)) !== undefined) return found;
  }
};

export const commit = (tale: Tale, onto: string, by: string, how = edit(tale, onto)): string => {
  const { git, chance } = tale;
  const { kind, edited } = how;
  count(tale, `edit of ${kind}`);
  tell(tale, `  ${by} edits ${Object.keys(edited).join(', ')}`);
  const author = chance.percent(4) ? chance.of('ada', undefined, 'grace') : by;
  const files = withEdit(git.filesOf(onto), edited);
  return git.commit({ files, parents: [onto], ...(author === undefined ? {} : { author }) });
};

const pullsIn = ({ github }: Tale, state: Pull['state']): readonly Pull[] =>
  [...github.pulls.values()].filter((pull) => pull.state === state);

const anyAuthor = ({ chance }: Tale): string =>
  chance.percent(88) ? chance.of('linus', 'mallory') : chance.of('ada', 'grace');

const opened = (tale: Tale, by: string, head: string): Pull => {
  const { github, chance, git } = tale;
  const isStacked = chance.percent(5);
  if (isStacked) github.branches.set('feature', git.commit({ files: git.filesOf(head), parents: [head], author: by }));
  const pull = github.open({ by, head, base: isStacked ? 'feature' : 'main' });
  note(tale, 'opened', `#${pull.number} by ${by} onto ${pull.base}`);
  return pull;
};

export const open = (tale: Tale): void => {
  const by = anyAuthor(tale);
  let head = tale.github.main();
  for (let left = 1 + Number(tale.chance.percent(25)); left > 0; left -= 1) head = commit(tale, head, by);
  const pull = opened(tale, by, head);
  if (tale.chance.percent(75)) approve(tale, pull);
  if (tale.chance.percent(8)) pushTo(tale, pull);
  if (tale.chance.percent(70)) mergeOne(tale, pull);
};

export const everybody: readonly string[] = ['ada', 'grace', 'linus', 'mallory'];

const approve = (tale: Tale, pull: Pull): void => {
  approveBy(
    tale,
    pull,
    tale.chance.of(
      everybody,
      everybody,
      everybody,
      everybody,
      ['ada', 'grace'],
      ['linus', 'mallory'],
      ['ada'],
      ['grace'],
    ),
  );
};

export const approveBy = (tale: Tale, pull: Pull, crew: readonly string[]): void => {
  for (const login of crew) tale.github.review(pull, login, 'APPROVED');
  note(tale, 'approved', `#${pull.number} by ${crew.join(', ')}`);
};

export const review = (tale: Tale): void => {
  const { chance, github } = tale;
  const pull = chance.one(chance.percent(90) ? pullsIn(tale, 'open') : pullsIn(tale, 'merged'));
  if (pull === undefined) return;
  if (chance.percent(50)) return approve(tale, pull);
  const by = chance.one(members)?.login ?? '';
  const state = chance.of('APPROVED', 'APPROVED', 'CHANGES_REQUESTED', 'COMMENTED');
  github.review(pull, by, state);
  note(tale, 'reviewed', `#${pull.number} by ${by}: ${state}`);
};

export const dismiss = (tale: Tale): void => {
  const pull = tale.chance.one(pullsIn(tale, 'open').filter(({ reviews }) => reviews.length > 0));
  if (pull === undefined) return;
  tale.github.dismiss(pull, tale.chance.below(pull.reviews.length));
  note(tale, 'dismissed', `#${pull.number}`);
};

export const pushMore = (tale: Tale): void => {
  const pull = tale.chance.one(pullsIn(tale, 'open'));
  if (pull !== undefined) pushTo(tale, pull);
};

export const pushTo = (tale: Tale, pull: Pull): void => {
  const { git, github, chance } = tale;
  const by = chance.percent(80) ? pull.author : anyAuthor(tale);
  const merged = chance.percent(25) ? git.merged(pull.head, github.main()) : undefined;
  pull.head =
    merged === undefined
      ? commit(tale, pull.head, by)
      : git.commit({ files: merged, parents: [pull.head, github.main()], author: by });
  note(tale, 'pushed', `#${pull.number} by ${by}`);
};

export const changeBase = (tale: Tale): void => {
  const pull = tale.chance.one(pullsIn(tale, 'open'));
  if (pull === undefined) return;
  tale.github.changeBase(pull, pull.base === 'main' ? 'feature' : 'main');
  note(tale, 'base changed', `#${pull.number} onto ${pull.base}`);
};

const landed = (tale: Tale, pull: Pull): void => {
  const { git, entries } = tale;
  if (pull.span === undefined) return;
  const { base, end } = pull.span;
  const whole = git.merged(base, pull.head);
  const honest = whole !== undefined && JSON.stringify(sorted(whole)) === JSON.stringify(sorted(git.filesOf(end)));
  entries.push({ base, end, pull, honest });
};

const sorted = (files: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(files)
    .filter(([path]) => /^(access|permission-sets|scps)\//.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1));

export const merge = (tale: Tale): void => {
  const { chance } = tale;
  const waiting = pullsIn(tale, 'open').filter(({ base }) => base === 'main');
  const good = waiting.filter(({ reviews }) => reviews.length > 0);
  const pull = chance.one(good.length > 0 && chance.percent(75) ? good : waiting);
  if (pull !== undefined) mergeOne(tale, pull);
};

export const mergeOne = (tale: Tale, pull: Pull): void => {
  const { chance, github, git } = tale;
  const method = chance.of('merge', 'squash', 'rebase');
  const by = chance.of('ada', 'linus', 'mallory');
  if (chance.percent(4)) {
    const files = git.merged(github.main(), pull.head);
    if (files === undefined) return;
    github.mergeByHand(pull, by, withEdit(files, edit(tale, pull.head).edited));
    note(tale, 'merged by hand', `#${pull.number} by ${by}`);
  } else if (github.merge(pull, by, method)) note(tale, `merged (${method})`, `#${pull.number} by ${by}`);
  else return note(tale, 'conflict', `#${pull.number}`);
  landed(tale, pull);
};

export const pushMain = (tale: Tale): void => {
  const { github, entries } = tale;
  const base = github.main();
  const end = commit(tale, base, tale.chance.of('linus', 'mallory'));
  github.push('main', end);
  entries.push({ base, end, honest: false });
  note(tale, 'pushed to main');
};

export const revert = (tale: Tale): void => {
  const { git, github, chance, entries } = tale;
  const entry = chance.one(entries.slice(-4));
  const files = entry && git.undone(entry, github.main());
  if (files === undefined) return;
  const by = anyAuthor(tale);
  const base = github.main();
  const head = git.commit({ files, parents: [base], author: by });
  if (chance.percent(20)) {
    github.push('main', head);
    entries.push({ base, end: head, honest: false });
    return note(tale, 'reverted on main');
  }
  const pull = github.open({ by, head, base: 'main' });
  note(tale, 'revert opened', `#${pull.number} by ${by}`);
  if (chance.percent(60)) approve(tale, pull);
};

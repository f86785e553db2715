/** Sequences of steps that chance alone would seldom bring together: each is one way to get more than was approved. */
import { changeBucket } from './buckets.ts';
import { giveByHand } from './by-hand.ts';
import { thisEdit } from './edits.ts';
import type { Particular } from './edits.ts';
import type { Pull } from './memory-github.ts';
import { approveBy, commit, everybody, mergeOne, pushTo } from './people.ts';
import { note, today } from './tale.ts';
import type { Tale } from './tale.ts';

/** What a plot does besides pull requests. */
export type Acts = {
  readonly meddle: (tale: Tale) => void;
  readonly jump: (tale: Tale, days?: number) => Promise<void>;
  readonly apply: (tale: Tale) => Promise<unknown>;
};

const someCrew = ({ chance }: Tale): readonly string[] =>
  chance.of(['linus', 'mallory'], ['linus', 'mallory'], ['ada'], ['grace'], [], everybody);

type What = Particular | 'anything';

const opened = (tale: Tale, what: What): Pull => {
  const { git, github, chance } = tale;
  const [by, main] = [chance.of('linus', 'mallory'), github.main()];
  const desk = { files: git.filesOf(main), chance, today: today(tale) };
  const edit = what === 'anything' ? undefined : thisEdit(what, desk);
  const head = edit === undefined ? commit(tale, main, by) : commit(tale, main, by, edit);
  const pull = github.open({ by, head, base: 'main' });
  note(tale, 'opened', `#${pull.number} by ${by}: ${what}`);
  return pull;
};

const brought = (tale: Tale, what: What, crew: readonly string[]): void => {
  const pull = opened(tale, what);
  approveBy(tale, pull, crew);
  mergeOne(tale, pull);
};

type Plot = (tale: Tale, acts: Acts) => Promise<unknown>;

/** Somebody made it dangerous on AWS, which no file knows. */
const onForeignGround =
  (what: What, group: string): Plot =>
  (tale, { meddle, apply }) => {
    meddle(tale);
    const { sandbox, chance, clock } = tale;
    giveByHand({ sandbox, chance, now: clock.now() }, group);
    brought(tale, what, someCrew(tale));
    return apply(tale);
  };

const endMoved: Plot = async (tale, { jump, apply }) => {
  brought(tale, 'giveForSomeDays', everybody);
  await apply(tale);
  brought(tale, 'moveAnEnd', someCrew(tale));
  if (tale.chance.percent(40)) await apply(tale);
  await jump(tale, 10 + tale.chance.below(20));
  return apply(tale);
};

/** First what would stand in the way, then what it stood in the way of. */
const inTwo =
  (what: What): Plot =>
  (tale, { apply }) => {
    brought(tale, what, someCrew(tale));
    brought(tale, tale.chance.of('join', 'anything', 'giveForSomeDays'), someCrew(tale));
    return apply(tale);
  };

/** Who says who has to approve shall not say so of the same pull request. */
const underOwnRules: Plot = (tale, { apply }) => {
  const { git, github, chance } = tale;
  const by = chance.of('linus', 'mallory');
  const desk = (sha: string) => ({ files: git.filesOf(sha), chance, today: today(tale) });
  const weak = commit(tale, github.main(), by, thisEdit('letAnybodyApprove', desk(github.main())));
  const head = commit(tale, weak, by, thisEdit(chance.of('join', 'giveForSomeDays', 'moveAccount'), desk(weak)));
  const pull = github.open({ by, head, base: 'main' });
  note(tale, 'opened', `#${pull.number} by ${by}: under its own rules`);
  approveBy(tale, pull, ['linus', 'mallory']);
  mergeOne(tale, pull);
  return apply(tale);
};

const afterApproval: Plot = (tale, { apply }) => {
  const pull = opened(tale, 'join');
  approveBy(tale, pull, everybody);
  pushTo(tale, pull);
  mergeOne(tale, pull);
  return apply(tale);
};

const fromAnotherBase: Plot = async (tale, { apply }) => {
  const pull = opened(tale, 'anything');
  tale.github.changeBase(pull, 'feature');
  approveBy(tale, pull, everybody);
  await tale.clock.sleep(1_000);
  tale.github.changeBase(pull, 'main');
  mergeOne(tale, pull);
  return apply(tale);
};

/** What was held once stands beside what comes later. */
const onTopOfHeld: Plot = async (tale, { apply }) => {
  brought(tale, 'anything', someCrew(tale));
  await apply(tale);
  brought(tale, 'join', everybody);
  return apply(tale);
};

/** A bucket's policy and the RCP above it, written, turned and written again. */
const bucketTwice: Plot = async (tale, { apply }) => {
  brought(tale, 'bucketAndRcp', everybody);
  await apply(tale);
  if (tale.chance.percent(25)) {
    changeBucket(tale.sandbox, tale.chance, tale.clock.now());
    tale.touched.aws = true;
    tale.touched.times += 1;
  }
  brought(tale, 'bucketAndRcp', tale.chance.of(everybody, everybody, someCrew(tale)));
  return apply(tale);
};

const plots: Readonly<Record<string, Plot>> = {
  'opens a bucket below an RCP': bucketTwice,
  'joins on foreign ground': onForeignGround('joinSupport', 'Support'),
  'takes what was made by hand': onForeignGround('takeByHand', 'ByHand'),
  'moves on foreign ground': onForeignGround('moveAccount', 'Developers'),
  'moves an end': endMoved,
  'weakens the rules first': inTwo('weaken'),
  'untags production first': inTwo('untag'),
  'shuts the reconciler out': (tale, { apply }) => {
    brought(tale, 'shutOut', everybody);
    return apply(tale);
  },
  'judges by its own rules': underOwnRules,
  'pushes after approval': afterApproval,
  'comes from another base': fromAnotherBase,
  'builds on what is held': onTopOfHeld,
};

export const anyPlot = async (tale: Tale, acts: Acts): Promise<void> => {
  const name = tale.chance.one(Object.keys(plots)) ?? '';
  note(tale, `plot ${name}`);
  await plots[name]?.(tale, acts);
};

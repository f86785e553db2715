/** One line for a terminal while AWS is read or an apply runs. */
import { keyText } from '../model/resource.ts';
import type { Change } from '../model/plan.ts';
import { readStages } from '../model/reads.ts';
import type { ReadEvent, ReadStage } from '../model/reads.ts';
import { signs } from './change-detail.ts';
import { terminal } from './untrusted.ts';
import { counted, durationWords, number } from './words.ts';

/** Seconds. */
export type ApplyStanding = {
  readonly settled: number;
  readonly total: number;
  readonly elapsed: number;
  /** What the plan said before anything was begun. */
  readonly estimate: number;
  /** Begun and without an outcome, the oldest first, each with its age. */
  readonly running: readonly { readonly change: Change; readonly age: number }[];
};

/** A rate is believed once this many changes, and seconds, have made it. */
const enough = { changes: 5, seconds: 2 };

const isSteady = ({ settled, elapsed }: ApplyStanding): boolean =>
  settled >= enough.changes && elapsed >= enough.seconds;

const secondsLeft = (standing: ApplyStanding): number => {
  const { settled, total, elapsed, estimate } = standing;
  return isSteady(standing) ? ((total - settled) * elapsed) / settled : Math.max(1, estimate - elapsed);
};

const rate = ({ settled, elapsed }: ApplyStanding): string => {
  const perSecond = settled / elapsed;
  return perSecond >= 1 ? `${perSecond.toFixed(1)} a second` : `${(perSecond * 60).toFixed(0)} a minute`;
};

const waiting = ({ running }: ApplyStanding): string => {
  const [oldest] = running;
  if (oldest === undefined) return '';
  const others = running.length > 1 ? ` and ${counted(running.length - 1, 'other')}` : '';
  return `waits ${counted(Math.floor(oldest.age), 'second')} for ${signs[oldest.change.action]} ${terminal(keyText(oldest.change.key))}${others}`;
};

/** "12 of 40 changes · 3.2 a second · about 9 seconds left · waits 2 seconds for + assignment/… and 3 others" */
export const progressLine = (standing: ApplyStanding): string =>
  [
    `${number(standing.settled)} of ${counted(standing.total, 'change')}`,
    ...(isSteady(standing) ? [rate(standing)] : []),
    ...(standing.settled < standing.total ? [`about ${durationWords(secondsLeft(standing))} left`] : []),
    waiting(standing),
  ]
    .filter((part) => part !== '')
    .join(' · ');

const stageWords: Readonly<Record<ReadStage, string>> = {
  organization: 'organization',
  'guard-rails': 'guard rails',
  directory: 'groups',
  'permission-sets': 'permission sets',
  assignments: 'assignments',
  accounts: 'roles in accounts',
};

const turns = ['|', '/', '-', '\\'];
const turnsASecond = 8;

const inOrder = (events: readonly ReadEvent[]): readonly ReadEvent[] =>
  events.toSorted((one, other) => readStages.indexOf(one.stage) - readStages.indexOf(other.stage));

/** "| Reading AWS, 4 s · permission sets 12 of 15 · roles in accounts 3 of 9": what is not finished yet. */
export const readingLine = (events: readonly ReadEvent[], seconds: number): string => {
  const turn = turns[Math.floor(seconds * turnsASecond) % turns.length] ?? '';
  const open = inOrder(events).filter(({ done, total }) => done < total);
  const parts = open.map(({ stage, done, total }) => `${stageWords[stage]} ${number(done)} of ${number(total)}`);
  return [`${turn} Reading AWS, ${Math.floor(seconds)} s`, ...parts].join(' · ');
};

/** "Read: permission sets, 15 of 15, after 2 seconds". */
export const stageText = ({ stage, done, total }: ReadEvent, seconds: number): string =>
  `Read: ${stageWords[stage]}, ${number(done)} of ${number(total)}, after ${counted(Math.round(seconds), 'second')}`;

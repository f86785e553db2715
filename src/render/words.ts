/** How counts, kinds, phases and routes are said. */
import { kindRows } from '../kinds/kinds.ts';
import { trailLateness } from '../model/record.ts';
import type { RecordUse } from '../model/record.ts';
import type { Reads } from '../model/reads.ts';
import type { Change, Phase, Plan } from '../model/plan.ts';
import { kindOfKey } from '../model/resource.ts';
import type { Kind } from '../model/resource.ts';

export const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 change", "2,000 changes"; the plural is the singular with an s unless it is given. */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${number(count)} ${count === 1 ? singular : plural}`;

/** "a", "a and b", "a, b and c". */
export const enumerated = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

/** The first `most` of a list, and how many more there are. */
export const foldedList = (names: readonly string[], most: number): string => {
  const rest = names.length - most;
  return rest <= 1 ? names.join(', ') : `${names.slice(0, most).join(', ')} … and ${number(rest)} more`;
};

/** What each phase is for, as a heading. */
export const phaseTitles: Readonly<Record<Phase, string>> = {
  prepare: 'Prepare: what nobody feels yet',
  restrict: 'Restrict: guard rails go up',
  grant: 'Grant: access appears',
  revoke: 'Revoke: access goes',
  relax: 'Relax: guard rails come down',
  remove: 'Remove: what is no longer needed',
};

/** A line of progress while a phase runs: "Restrict: guard rails go up (3 of 12)". */
export const phaseProgress = (phase: Phase, done: number, total: number): string =>
  `${phaseTitles[phase]} (${number(done)} of ${number(total)})`;

/** Guards and not findings: one that fails is said once for each thing that it finds. */
export const guardCounts = ({
  guards,
}: Pick<Plan, 'guards'>): { readonly failing: number; readonly holding: number } => {
  const failing = new Set(guards.filter(({ ok }) => !ok).map(({ id }) => id));
  const holding = new Set(guards.filter(({ ok, id }) => ok && !failing.has(id)).map(({ id }) => id));
  return { failing: failing.size, holding: holding.size };
};

export const criticalOf = (plan: Plan): readonly Change[] =>
  plan.changes.filter((change) => change.risk === 'critical');

/** "6,000 assignments". */
export const countedKind = (count: number, kind: Kind): string =>
  counted(count, kindRows[kind].singular, kindRows[kind].plural);

/**
 * "1 group is not in AWS yet, so 1 assignment is left out"; undefined where nothing is left out. A run that leaves something
 * out has not made AWS what Git says.
 */
export const leftOutSentence = ({ unresolved }: Plan): string | undefined => {
  const missing = unresolved.filter(({ leftOut = [] }) => leftOut.length > 0);
  if (missing.length === 0) return undefined;
  const groups = missing.filter(({ name }) => name.startsWith('group/')).length;
  const people = missing.length - groups;
  const who = [...(groups > 0 ? [counted(groups, 'group')] : []), ...(people > 0 ? [counted(people, 'user')] : [])];
  const out = [...new Set(missing.flatMap(({ leftOut = [] }) => leftOut))].map((key) => ({
    kind: kindOfKey(key) as Kind,
  }));
  const [are, left] = [missing.length === 1 ? 'is' : 'are', out.length === 1 ? 'is' : 'are'];
  return `${enumerated(who)} ${are} not in AWS yet, so ${kindCounts(out).replaceAll(', ', ' and ')} ${left} left out`;
};

/** "12 assignments, 3 SCPs", the most numerous first; "and 9 of 4 other kinds" where there are more kinds than `most`. */
export const kindCounts = (things: readonly { readonly kind: Kind }[], most = Number.POSITIVE_INFINITY): string => {
  const counts = new Map<Kind, number>();
  for (const { kind } of things) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const all = [...counts].sort(([, one], [, other]) => other - one);
  const shown = all.length > most + 1 ? all.slice(0, most) : all;
  const rest = all.slice(shown.length).reduce((sum, [, count]) => sum + count, 0);
  const text = shown.map(([kind, count]) => countedKind(count, kind)).join(', ');
  return rest === 0 ? text : `${text} and ${number(rest)} of ${all.length - shown.length} other kinds`;
};

const routes: Readonly<Record<Reads['route'], string>> = {
  pairs: ', assignments by permission set and account',
  principals: ', assignments by group and user',
  none: '',
};

const clockTime = (iso: string): string => `${iso.slice(11, 16)} UTC`;

/** A record is believed for a day at most. */
const ageWords = (milliseconds: number): string => {
  const minutes = Math.floor(milliseconds / 60_000);
  return minutes < 120 ? counted(minutes, 'minute') : counted(Math.floor(minutes / 60), 'hour');
};

const recordSentence = (record: RecordUse): string => {
  if ('whole' in record) return ` AWS was read whole: ${record.whole}.`;
  const { from, certain, anew, moved } = record;
  const age = ageWords(Date.parse(certain) + trailLateness - Date.parse(from));
  const since = `and what moved since: ${counted(moved, 'event')} in CloudTrail, ${counted(anew, 'answer')} asked for anew`;
  return ` AWS as of ${clockTime(from)}, ${age} ago, ${since}. Changes by hand after ${clockTime(certain)} may be missing.`;
};

/** Empty where nothing was read. */
export const readsSentence = (reads: Reads): string => {
  const calls = Object.values(reads.calls).reduce((sum, count) => sum + count, 0);
  if (calls === 0) return '';
  const { record } = reads;
  const used = record === undefined ? '' : recordSentence(record);
  return `Read with ${counted(calls, 'call')}${routes[reads.route]}.${used}`;
};

/** "9 seconds", "2 minutes": rounded up. */
export const durationWords = (seconds: number): string => {
  if (seconds < 90) return counted(Math.ceil(seconds), 'second');
  return counted(Math.ceil(seconds / 60), 'minute');
};

export const estimateSentence = ({ estimate }: Plan): string =>
  `Applying takes about ${counted(estimate.calls, 'call')} and ${durationWords(estimate.seconds)}.`;

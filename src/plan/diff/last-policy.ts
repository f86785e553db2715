/** AWS never lets a target be without an SCP (Organizations API, DetachPolicy): what to do about the last one. */
import type { Attachment, Key, Resource } from '../../model/resource.ts';
import { keyOf, ouKey, resourcesOf, targetText } from '../../model/resource.ts';
import type { ResourceDifference } from './difference.ts';
import { fullAccessOn, isFullAccess, scpType } from '../situation/situation.ts';
import type { Situation } from '../situation/situation.ts';

const scpOn = (resource: Resource | undefined): Attachment | undefined =>
  resource?.kind === 'attachment' && resource.policy.kind === 'scp' ? resource : undefined;

/** An OU that goes and lacks FullAWSAccess gets it for its last moments, empty as it is, so that the rest comes off. */
const farewells = ({ current }: Situation, changes: readonly ResourceDifference[]): readonly ResourceDifference[] =>
  changes.flatMap(({ before, after, held }) => {
    if (before?.kind !== 'ou' || after !== undefined || held !== undefined || current[scpType] === undefined) return [];
    const full = fullAccessOn({ type: 'ou', path: before.path });
    const key = keyOf(full);
    return current[key] === undefined ? [{ key, before: undefined, after: full }] : [];
  });

const countByTarget = (attachments: readonly (Attachment | undefined)[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const one of attachments) {
    if (one !== undefined) counts.set(targetText(one.target), (counts.get(targetText(one.target)) ?? 0) + 1);
  }
  return counts;
};

const goesWith = (changes: readonly ResourceDifference[]): ReadonlySet<Key> =>
  new Set(changes.filter(({ after, held }) => after === undefined && held === undefined).map(({ key }) => key));

const isLeaving = ({ before, after, held }: ResourceDifference): boolean =>
  scpOn(before) !== undefined && after === undefined && held === undefined;

/** FullAWSAccess stays rather than anything else: it forbids nothing. */
const keeper = (leaving: readonly ResourceDifference[]): Key | undefined =>
  (leaving.find(({ before }) => before !== undefined && isFullAccess(before)) ?? leaving.at(-1))?.key;

/** Per target that would be left bare, the one attachment that has to stay. */
const keepers = ({ current }: Situation, changes: readonly ResourceDifference[]): ReadonlySet<Key> => {
  const gone = goesWith(changes);
  const leaving = changes.filter(isLeaving);
  const hanging = countByTarget(resourcesOf(current, 'attachment').map(scpOn));
  const coming = countByTarget(changes.map(({ before, after }) => (before === undefined ? scpOn(after) : undefined)));
  const targets = countByTarget(leaving.map(({ before }) => scpOn(before)));
  const bare = [...targets].filter(
    ([target, count]) => (hanging.get(target) ?? 0) + (coming.get(target) ?? 0) === count && !gone.has(ouOf(target)),
  );
  const kept = bare.map(([target]) =>
    keeper(leaving.filter(({ before }) => targetText((before as Attachment).target) === target)),
  );
  return new Set(kept.filter((key) => key !== undefined));
};

const ouOf = (target: string): Key => (target.startsWith('ou:') ? ouKey(target.slice('ou:'.length)) : '');

/** The same changes with the last SCP of every target kept, or relieved. */
export const keepingLastPolicies = (
  situation: Situation,
  changes: readonly ResourceDifference[],
): readonly ResourceDifference[] => {
  const all = [...changes, ...farewells(situation, changes)];
  const kept = keepers(situation, all);
  return all.map((change) =>
    kept.has(change.key) && isLeaving(change) ? { ...change, held: { is: 'last-policy' } } : change,
  );
};

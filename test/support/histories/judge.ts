/**
 * Judges an apply by the history alone: was each key that it wrote approved by the people whom its effect on AWS, as it was a
 * moment before, demands; did anybody get more on the way than before and after; did break-glass keep what it had.
 */
import { loadActionCatalogue } from '../../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../../src/evaluate/catalogue.ts';
import type { Live } from '../../../src/model/cloud.ts';
import type { Approval, Desired, Risk } from '../../../src/model/desired.ts';
import type { Change, Plan } from '../../../src/model/plan.ts';
import { beforeOf, subjectOf } from '../../../src/model/plan.ts';
import { UserError } from '../../../src/model/problem.ts';
import type { Key, Resource, State } from '../../../src/model/resource.ts';
import { keyOf, keyText, ouKey, parentPath, pathToRoot, resourcesOf } from '../../../src/model/resource.ts';
import { globMatches } from '../../../src/model/glob.ts';
import { plan } from '../../../src/plan/plan.ts';
import { project } from '../../../src/plan/situation/project.ts';
import { rekey } from '../../../src/plan/situation/rekey.ts';
import { childPath } from '../world-state.ts';
import { approversOf, asked, idKey } from './chronicle.ts';
import type { Entry } from './chronicle.ts';
import type { MemoryGit } from './memory-git.ts';
import { members } from './organization.ts';
import { keptAccess } from './kept-access.ts';
import { takeover } from './taken-over.ts';
import { allAccessIn, glassIn } from './watch.ts';
import { wayIn } from './way-in.ts';
import { hadEnded, isMetBy, isMetWhole, isSound, keyEnded, nameOf, touches, treesOf } from './words.ts';
import type { Run, Trees } from './words.ts';
import { withAccess } from '../stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const ranks: readonly Risk[] = ['low', 'medium', 'high', 'critical'];
const isAtLeast = (risk: Risk, least: Risk): boolean => ranks.indexOf(risk) >= ranks.indexOf(least);

/** A renamed OU stands in `before` under its new path with its old name. */
const formerKey = (resource: Resource): Key =>
  resource.kind === 'ou' ? ouKey(childPath(parentPath(resource.path), resource.name)) : keyOf(resource);

const changesOf = (whole: Plan, key: Key): readonly Change[] =>
  whole.changes.filter((one) => one.key === key || (one.action !== 'create' && formerKey(one.before) === key));

const accountIds = ({ accounts }: Desired, live: Live): ReadonlyMap<string, string> =>
  new Map([
    ...resourcesOf(live.state, 'account').map(({ name, id }) => [name, id] as const),
    ...Object.entries(accounts).map(([id, name]) => [name, id] as const),
  ]);

/** Where a change is felt, by the ids of accounts; '*' is everywhere. */
const placesOf = (changes: readonly Change[], ids: ReadonlyMap<string, string>): readonly string[] =>
  changes.flatMap(({ reaches = [] }) => reaches.map((name) => ids.get(name) ?? name));

type Effect = {
  readonly risk: Risk;
  readonly accounts: readonly string[];
  readonly paths: readonly string[];
};

const parentsOf = (id: string, states: readonly State[]): readonly string[] =>
  states.flatMap((state) =>
    resourcesOf(state, 'account').flatMap((one) => (one.id === id ? pathToRoot(one.parent) : [])),
  );

/** Whether an entry of `approvals` speaks of it; `tree`: in whose names it is written. */
const demands = ({ when }: Approval, tree: Desired, effect: Effect, states: readonly State[]): boolean => {
  const everywhere = effect.accounts.includes('*');
  const isThere = (): boolean => everywhere || effect.accounts.some((id) => tree.accounts[id] === when.account);
  const isBelow = (): boolean =>
    everywhere ||
    effect.accounts.some((id) => parentsOf(id, states).includes(when.ou === 'Root' ? '' : (when.ou ?? '')));
  return (
    (when.risk === undefined || isAtLeast(effect.risk, when.risk)) &&
    (when.path === undefined || effect.paths.some((path) => globMatches(when.path ?? '', path))) &&
    (when.account === undefined || isThere()) &&
    (when.ou === undefined || isBelow())
  );
};

const whyOf = ({ when, users, count }: Approval): string => JSON.stringify({ ...when, users, count });

type Case = {
  readonly key: Key;
  readonly changes: readonly Change[];
  readonly whole: Plan;
};

const pathsOf = ({ git }: Trees, { base, end }: Entry): readonly string[] => {
  const [from, to] = [git.filesOf(base), git.filesOf(end)];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((path) => from[path] !== to[path]);
};

/** The first demand of a tree that nobody meets. */
const unmet = (run: Run, trees: Trees, { changes }: Case, sound: readonly Entry[]): string | undefined => {
  const effect: Effect = {
    risk: changes.reduce<Risk>((worst, { risk }) => (isAtLeast(risk, worst) ? risk : worst), 'low'),
    accounts: placesOf(changes, accountIds(trees.main, run.live)),
    paths: sound.flatMap((entry) => pathsOf(trees, entry)),
  };
  // By hand, main alone says who may.
  const bases =
    run.starters.length > 0 ? [] : sound.flatMap(({ base }) => asked(trees.git.filesOf(base), run.now) ?? []);
  const judges = [trees.main, ...bases];
  const crews = sound.map(({ pull }) => (pull === undefined ? [] : approversOf(pull, trees.git, members)));
  const missing = judges.flatMap((tree) =>
    tree.settings.approvals.filter(
      (one) =>
        demands(one, tree, effect, [tree.state, run.live.state]) &&
        !crews.some((crew) => isMetBy(one, crew)) &&
        !(
          tree === trees.main &&
          run.starters.length > 0 &&
          run.starters.every((who) => isMetBy({ ...one, count: 1 }, [who]))
        ),
    ),
  );
  const [first] = missing;
  return first === undefined ? undefined : `risk ${effect.risk}, and nobody meets ${whyOf(first)}`;
};

/** Why what was written of one key should not have been. */
const objection = (run: Run, trees: Trees, one: Case): string | undefined => {
  const [change] = one.changes;
  if (change === undefined) return keyEnded(run, trees, one.key) ? undefined : 'no plan asks for it';
  if (one.changes.every(({ temporary }) => temporary === true)) return undefined;
  const key = idKey(subjectOf(change), trees.main);
  const newest = run.entries.toReversed();
  const isEnd = one.changes.every(({ ended }) => ended !== undefined);
  // A newer word that brought the day forward, or took the entry away, need not count where the day that was approved has come.
  if (one.changes.every(({ action }) => action === 'delete') && hadEnded(run, trees, key)) return undefined;
  const said = newest.filter((entry) => touches(trees, entry, key, isEnd ? 'ever' : 'today'));
  const [last] = said;
  const byHand = run.starters.length > 0;
  if (last === undefined)
    return byHand
      ? unmet(run, trees, one, [])
      : isEnd || hadEnded(run, trees, key)
        ? undefined
        : 'no pull request asks for it';
  if (!isSound(trees, last) && !byHand) return `${nameOf(last)} behind it is not approved`;
  if (isEnd) return undefined;
  const since = run.agreed.get(key) ?? 0;
  const behind = said.filter((entry) => entry === last || run.entries.indexOf(entry) >= since);
  const sound = behind.filter((entry) => isSound(trees, entry));
  return takeover(run, trees, one.changes, sound) ?? unmet(run, trees, one, sound);
};

const planned = (run: Run, main: Desired): Plan | undefined => {
  try {
    return plan(main, run.live, run.now);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};

const exposures = (run: Run, whole: Plan, main: Desired): readonly string[] => {
  // What is renamed keeps what it had.
  const state = rekey(run.live.state, main.previously);
  const before = new Set([...allAccessIn(run.live.state), ...allAccessIn(state)]);
  const after = allAccessIn(project(state, whole.changes));
  return run.watch.moments.flatMap((moment) =>
    [...moment.access]
      .filter((one) => !before.has(one) && !after.has(one))
      .map((one) => `after ${moment.after}: ${one}, which neither the old nor the new state gives`),
  );
};

const lostGlass = (run: Run, { settings: { breakGlass } }: Desired): readonly string[] => {
  if (breakGlass === undefined) return [];
  const before = glassIn(run.live.state, breakGlass);
  return run.watch.moments.flatMap(({ after, glass }) =>
    [...before].filter((one) => !glass.has(one)).map((one) => `after ${after}: break-glass lost ${one}`),
  );
};

const lostWayIn = (run: Run, { settings: { memberRole } }: Desired): readonly string[] => {
  if (memberRole === undefined) return [];
  const before = wayIn(run.live.state, memberRole);
  return run.watch.moments.flatMap(({ after, wayIn: left }) =>
    [...before].filter((one) => !left.has(one)).map((one) => `after ${after}: the reconciler lost ${one}`),
  );
};

/** By key, as the page of an apply says it. */
/** By key as people read it; a sentence may stand before it. */
const reasonsIn = (said: string): ReadonlyMap<string, string> =>
  new Map(
    [...said.matchAll(/^- (?:[^`]*\. )?`([^`]+)`(?: \(\w+\))?: (.*)$/gm)].map(([, key = '', reason = '']) => [
      key,
      reason,
    ]),
  );

const wantOfApproval = /^(drift|live moved|first adoption|nobody approved)|does not count|effect on AWS|is gone/;

export type Rest = Pick<Run, 'live' | 'now' | 'entries' | 'agreed' | 'foreign'> & {
  /** What the last apply said. */
  readonly said: string;
  /** Nobody but the reconciler and pull requests had a hand in it. */
  readonly clean: boolean;
};

/**
 * Asked principal by principal, AWS shows nothing of a deleted one where a living one holds the same set: the reader then sees
 * only pairs that nobody living explains (src/aws/read-assignments.ts). It gives nobody anything.
 */
const isUnseen = (change: Change, { live }: Rest): boolean => {
  const dead = beforeOf(change);
  return (
    dead?.kind === 'assignment' &&
    dead.principal.orphan === true &&
    resourcesOf(live.state, 'assignment').some(
      ({ principal, permissionSet, account }) =>
        principal.orphan !== true && permissionSet === dead.permissionSet && account === dead.account,
    )
  );
};

/** After an apply that nothing disturbed: what is left has a reason, and nothing is left that everybody approved. */
export const judgeRest = (git: MemoryGit, rest: Rest): readonly string[] => {
  const main = asked(git.filesOf(rest.entries.at(-1)?.end ?? ''), rest.now);
  const run = { ...rest, watch: { writes: [], moments: [] }, starters: [] };
  const whole = main === undefined ? undefined : planned(run, main);
  if (main === undefined || whole === undefined) return [];
  const [trees, reasons] = [treesOf(git, main, rest.now), reasonsIn(rest.said)];
  const kept = rest.clean ? keptAccess(run, trees) : [];
  if (/Refused/.test(rest.said)) return kept;
  const left = whole.changes.flatMap((change) => {
    const reason = reasons.get(keyText(change.key));
    if (reason === undefined)
      return change.temporary === true || isUnseen(change, rest) ? [] : [`${change.key} is left without a word`];
    if (!rest.clean || !wantOfApproval.test(reason)) return [];
    const key = idKey(subjectOf(change), main);
    const said = rest.entries.filter((entry) => touches(trees, entry, key, 'ever'));
    const behind = said.filter(
      (entry, at) => at === said.length - 1 || rest.entries.indexOf(entry) >= (rest.agreed.get(key) ?? 0),
    );
    if (behind.length === 0 || !behind.every((entry) => isMetWhole(trees, entry))) return [];
    return [`${change.key} is lost, which ${behind.map(nameOf).join(', ')} approved: ${reason}`];
  });
  return [...left, ...kept];
};

/** Each violation is a sentence. */
export const judge = (git: MemoryGit, run: Run): readonly string[] => {
  const { writes } = run.watch;
  const last = run.entries.at(-1);
  if (writes.length === 0 || last === undefined) return [];
  const main = asked(git.filesOf(last.end), run.now);
  if (main === undefined) return [`wrote ${writes[0]?.key ?? ''} although the files of main have errors`];
  const whole = planned(run, main);
  if (whole === undefined) return ['wrote although nothing can be planned'];
  const trees = treesOf(git, main, run.now);
  const keys = [...new Set(writes.map(({ key }) => key))];
  const going = [...new Set(keys.flatMap((key) => changesOf(whole, key)))];
  const input = { desired: main, live: run.live, knowledge };
  const rated = withAccess({ ...whole, changes: whole.changes.filter((one) => going.includes(one)) }, input);
  const objections = keys.flatMap((key) => {
    const found = objection(run, trees, {
      key,
      changes: changesOf(rated, key),
      whole,
    });
    return found === undefined ? [] : [`${key} was written: ${found}`];
  });
  return [...objections, ...exposures(run, whole, main), ...lostGlass(run, main), ...lostWayIn(run, main)];
};

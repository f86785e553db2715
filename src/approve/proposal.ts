/** What a pull request proposes: on every day, by what the trees say and by what AWS makes of it. */
import type { Live } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import type { DateChange, Plan } from '../model/plan.ts';
import type { Membership } from '../model/resource.ts';
import { grantsOf, groupKey, keyOf } from '../model/resource.ts';
import { EVERYWHERE } from '../plan/situation/reached-accounts.ts';
import { planBetween, planBetweenOn } from './between.ts';
import { dateChanges } from './dates.ts';
import type { Day, JudgedDays } from './days.ts';
import { MOST_JUDGED, judgedDays } from './days.ts';
import { ruleChanges } from './files-changed.ts';
import type { RuledTree } from './files-changed.ts';
import { mattersOf } from './matters.ts';
import type { Matter, Scenery } from './matters.ts';
import { organizationChanges, releasedGroups } from './organization-changed.ts';
import type { SaidChange } from './organization-changed.ts';
import { isAtLeast, highestRisk } from '../model/risk.ts';
import { dayOf } from '../model/days.ts';

export type Proposal = {
  /** What the trees say of today. */
  readonly plan: Plan;
  /** Of every day, of the trees and of AWS. */
  readonly matters: readonly Matter[];
  /** Said of the files themselves: rules, files outside the three folders, names and tags of accounts, groups that are let go. */
  readonly said: readonly SaidChange[];
  readonly dates: readonly DateChange[];
  /** Paths that the pull request touches; '*' where a path is not known, so that it may be any. */
  readonly paths: readonly string[];
  readonly scenery: Scenery;
};

type ProposalTrees = { readonly base: RuledTree; readonly head: RuledTree };
/** `live`: AWS, if it was asked, under the names of the head. */
export type ProposalInput = { readonly paths: readonly string[]; readonly now: string; readonly live?: Live };

type ProposalWorld = { readonly live: Live | undefined; readonly now: string };

const atNoon = (day: string): string => `${day}T12:00:00.000Z`;

const plansBetween = (
  { live }: ProposalWorld,
  sides: { readonly from: Desired; readonly to: Desired; readonly now: string },
): readonly Plan[] => {
  const { from, to, now } = sides;
  const onLive = live === undefined ? undefined : planBetweenOn({ from, to, live, now });
  return [planBetween(from, to, now), ...(onLive === undefined ? [] : [onLive])];
};

/** Nobody has this name: it stands for whoever comes. */
const ANYBODY = '~anybody';

const joining = (groups: readonly string[], to: Desired): Desired => {
  const joined = groups.map((group): Membership => ({ kind: 'membership', group, user: ANYBODY }));
  return { ...to, state: { ...to.state, ...Object.fromEntries(joined.map((one) => [keyOf(one), one])) } };
};

const withAnybody = (live: Live | undefined): Live | undefined =>
  live === undefined ? undefined : { ...live, users: [...live.users, ANYBODY] };

/** What somebody who joins the groups gets, on that day. */
const joinedOn = (world: ProposalWorld, { to, day }: Day, groups: readonly string[]): readonly Plan[] => {
  const there = groups.filter((name) => to.state[groupKey(name)] !== undefined);
  const missing = groups
    .filter((name) => to.state[groupKey(name)] === undefined)
    .map((name) => ({ kind: 'group', name, source: 'identity-center' }) as const);
  const from: Desired = {
    ...to,
    state: { ...to.state, ...Object.fromEntries(missing.map((one) => [keyOf(one), one])) },
  };
  const sides = { from, to: joining([...there, ...missing.map(({ name }) => name)], from), now: atNoon(day) };
  return plansBetween({ ...world, live: withAnybody(world.live) }, sides);
};

/** One of the days on which these groups are given the same. */
const givenAlike = (days: readonly Day[], groups: readonly string[]): readonly Day[] => {
  const names = new Set(groups);
  const given = ({ to }: Day): string =>
    grantsOf(to.state)
      .filter(({ principal }) => principal.type === 'group' && names.has(principal.name))
      .map(keyOf)
      .join(' ');
  return [...new Map(days.toReversed().map((day) => [given(day), day])).values()].toReversed();
};

const released = (world: ProposalWorld, days: readonly Day[], scenery: Scenery): readonly SaidChange[] => {
  const [today] = days;
  const groups = today === undefined ? [] : releasedGroups(today.told, today.to);
  if (today === undefined || groups.length === 0) return [];
  const alike = givenAlike(days, groups);
  const plans = alike.slice(0, MOST_JUDGED).flatMap((day) => joinedOn(world, day, groups));
  const isAnything = alike.length > MOST_JUDGED;
  return groups.map((name): SaidChange => {
    const key = keyOf({ kind: 'membership', group: name, user: ANYBODY });
    const own = plans.flatMap(({ changes }) =>
      mattersOf(scenery)({ changes: changes.filter((one) => one.key === key), access: [] }),
    );
    const isGlass = [today.told, today.to].some(({ settings }) => settings.breakGlass?.group === name);
    return {
      text: `group ${name}: its members are not managed any more, so that whoever is made one by hand stays`,
      risk: isGlass || isAnything ? 'critical' : highestRisk(own.map(({ risk }) => risk)),
      accounts: isAnything ? [EVERYWHERE] : [...new Set(own.flatMap(({ accounts }) => accounts))],
      ous: [],
    };
  });
};

/** Nobody knows what it does then: it may be anything. */
const unjudged = ({ unjudgedFrom }: JudgedDays, unratedFrom: string | undefined): readonly SaidChange[] => {
  const [first] = [unjudgedFrom, unratedFrom].filter((day) => day !== undefined).sort();
  if (first === undefined) return [];
  const text = `it does something else on more than ${MOST_JUDGED} days: what it does from ${first} on is not judged, and counts as critical in every account. Make it smaller, or give it fewer different dates`;
  return [{ text, risk: 'critical', accounts: [EVERYWHERE], ous: [''] }];
};

const ruled = (trees: ProposalTrees, paths: readonly string[]): readonly SaidChange[] =>
  ruleChanges(trees.base, trees.head, paths).map((text) => ({ text, risk: 'critical', accounts: [], ous: [] }));

export const proposalOf = (trees: ProposalTrees, { paths, now, live }: ProposalInput): Proposal => {
  const [base, head] = [trees.base.desired, trees.head.desired];
  const scenery: Scenery = { trees: [base, head], ...(live === undefined ? {} : { live }) };
  const world = { live, now };
  const days = judgedDays({ base, head }, dayOf(now), live);
  const { all } = days;
  const plans = days.judged.map((day, index) =>
    plansBetween(world, { from: day.from, to: day.to, now: index === 0 ? now : atNoon(day.day) }),
  );
  const moved = dateChanges(all, (from, to, day) => plansBetween(world, { from, to, now: atNoon(day) }));
  const said = [
    ...ruled(trees, paths),
    ...organizationChanges(base, head),
    ...released(world, all, scenery),
    ...unjudged(days, moved.unratedFrom),
  ];
  const matters = [...plans.flat(), ...moved.plans].flatMap(mattersOf(scenery));
  const [today] = plans[0] ?? [];
  return {
    plan: today ?? planBetween(base, head, now),
    matters: [...matters, ...said],
    said,
    dates: moved.changes,
    paths,
    scenery,
  };
};

/** One sentence for each that is critical, and one for each that is less. */
export const saidTexts = (
  said: readonly SaidChange[],
): { readonly critical: readonly string[]; readonly lesser: readonly string[] } => ({
  critical: said.filter(({ risk }) => isAtLeast(risk, 'critical')).map(({ text }) => text),
  lesser: said.filter(({ risk }) => !isAtLeast(risk, 'critical')).map(({ text, risk }) => `${text} (${risk})`),
});

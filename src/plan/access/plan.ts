/** What a plan does to people, and the risks of its changes judged by that. */
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { AccessChange, Change, EffectiveChange, Note } from '../../model/plan.ts';
import { beforeOf } from '../../model/plan.ts';
import type { State } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';
import { accessBetween } from './access.ts';
import { effectiveBetween } from './effective.ts';
import { doorsBetween } from './doors.ts';
import { entrancesBetween } from './entrances.ts';
import { worldsBetween } from './standing.ts';
import type { AccessContext } from './context.ts';
import type { Knowledge } from './side.ts';
import { resourcesBetween } from './resource-grants.ts';
import { trustScene, trustsBetween } from './trusts.ts';
import type { TrustJudging } from './trusts.ts';
import { breaksGlass } from '../guards/breaks-glass.ts';
import type { Judgment } from './judgment.ts';
import { sessionTagNotes } from './session-tags.ts';
import { parallelNotes } from './parallel.ts';
import { judgedChange } from './risk-changes.ts';
import type { ChangeContext } from './risk-changes.ts';
import { declaredStages } from './risk-stages.ts';
import type { Situation } from '../situation/situation.ts';

export type AccessInput = { readonly desired: Desired; readonly live: Live; readonly knowledge: Knowledge };

export type JudgedChanges = {
  readonly changes: readonly Judgment[];
  readonly rows: readonly AccessChange[];
  readonly effective: readonly EffectiveChange[];
};
type JudgedStep = {
  readonly before: State;
  readonly after: State;
  readonly changes: readonly Change[];
  /** ISO 8601: the day for which the plan was made. */
  readonly now: string;
};

const accountNames = (states: readonly State[]): ReadonlyMap<string, string> =>
  new Map(states.flatMap((state) => resourcesOf(state, 'account').map(({ id, name }) => [id, name] as const)));

/** What these changes do to people between the two states: a judgment for each, in their order, and the rows. */
export const judgedBetween = (
  { before, after, changes, now }: JudgedStep,
  { situation, desired, live, knowledge }: AccessInput & { readonly situation: Situation },
): JudgedChanges => {
  const scene = { ...contextOf({ desired, live, knowledge }), now };
  const access = accessBetween(before, after, scene);
  const worlds = worldsBetween(before, after, scene);
  const glass = (change: Change): boolean => breaksGlass(situation, { ...change, before: beforeOf(change) });
  const trusts = trustsBetween(
    before,
    after,
    trustScene([before, after], {
      ...sceneOf(desired),
      rating: access.ratings.ofRole,
      entrances: entrancesBetween(worlds),
      gives: access.gives,
    }),
  );
  const accounts = accountNames([before, after]);
  const { actions } = knowledge;
  const doors = doorsBetween(before, after, { worlds, actions });
  const resources = resourcesBetween(before, after, { ...sceneOf(desired), accounts, actions, doors });
  const effective = effectiveBetween(before, after);
  const context: ChangeContext = {
    access,
    before,
    after,
    breaksGlass: glass,
    trusts: trusts.judgments,
    resources: resources.judgments,
    moves: [...trusts.moves, ...resources.moves],
    effective,
    stages: declaredStages(desired),
  };
  return {
    changes: changes.map((change) => judgedChange(context, change)),
    rows: [...access.rows.map((row) => row.change), ...trusts.rows, ...resources.rows],
    effective,
  };
};

/** `situation` is that of `desired` and `live`; `result`: the state after the changes. */
export type UnratedPlan = AccessInput & {
  readonly situation: Situation;
  readonly changes: readonly Change[];
  readonly result: State;
  readonly now: string;
};

export type RatedChanges = {
  readonly changes: readonly Change[];
  readonly access: readonly AccessChange[];
  readonly effective: readonly EffectiveChange[];
  readonly notes: readonly Note[];
};

/** Ids stay: a risk is no part of what is approved. */
export const accessOf = (plan: UnratedPlan): RatedChanges => {
  const { situation, changes, result, now } = plan;
  if (changes.length === 0) return { changes, access: [], effective: [], notes: [] };
  const judging = { before: situation.current, after: result, changes, now };
  const { changes: judgments, rows, effective } = judgedBetween(judging, plan);
  const rated = changes.map((change, index): Change => {
    const { risk = change.risk, reasons = [] } = judgments[index] ?? {};
    return { ...change, risk, riskReasons: reasons };
  });
  const nobody = rows.length === 0 ? [{ message: "These changes change nobody's access." }] : [];
  const parallel = parallelNotes({ before: situation.current, after: result, changes }, { ...contextOf(plan), now });
  const tags = sessionTagNotes(changes, result);
  return { changes: rated, access: rows, effective, notes: [...(tags.length > 0 ? tags : nobody), ...parallel] };
};

const sceneOf = ({
  settings,
  managementAccount,
  accountTags,
}: Desired): Omit<TrustJudging, 'accounts' | 'rating' | 'entrances' | 'gives'> => ({
  organization: settings.organization,
  owner: settings.owner,
  isProduction: (account) => account === managementAccount || accountTags[account]?.['env'] === 'prod',
});

const unseenIn = ({ desired: { accounts }, live: { iamRead = [] } }: AccessInput): readonly string[] => {
  const seen = new Set(iamRead);
  return Object.entries(accounts).flatMap(([id, name]) => (seen.has(name) ? [] : [id]));
};

const contextOf = (input: AccessInput): Omit<AccessContext, 'now'> => {
  const { desired, knowledge } = input;
  return {
    knowledge,
    unseen: unseenIn(input),
    place: {
      organization: desired.settings.organization,
      region: desired.settings.region,
      managementAccount: desired.managementAccount,
    },
    isProduction: sceneOf(desired).isProduction,
    isManagement: (account) =>
      account === desired.managementAccount || account === desired.settings.delegatedAdministrator,
  };
};

/** A plan completed with what it does to people, and with risks judged by that. */
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { AccessChange, Change, Note, Plan } from '../../model/plan.ts';
import { beforeOf } from '../../model/plan.ts';
import type { State } from '../../model/resource.ts';
import { accessBetween } from './access.ts';
import type { AccessContext } from './context.ts';
import type { Knowledge } from './side.ts';
import { trustScene, trustsBetween } from './trusts.ts';
import type { TrustScene } from './trusts.ts';
import { project } from '../situation/project.ts';
import { breaksGlass } from '../guards/breaks-glass.ts';
import type { Judgment } from './judgment.ts';
import { judgedChange } from './risk-changes.ts';
import type { ChangeContext } from './risk-changes.ts';
import { situationOf } from '../situation/situation.ts';

export type AccessInput = { readonly desired: Desired; readonly live: Live; readonly knowledge: Knowledge };

export type Judged = { readonly changes: readonly Judgment[]; readonly rows: readonly AccessChange[] };
type Step = {
  readonly before: State;
  readonly after: State;
  readonly changes: readonly Change[];
  /** ISO 8601: the day for which the plan was made. */
  readonly now: string;
};

/** What these changes do to people between the two states: a judgment for each, in their order, and the rows. */
export const judgedBetween = (
  { before, after, changes, now }: Step,
  { desired, live, knowledge }: AccessInput,
): Judged => {
  const situation = situationOf(desired, live);
  const access = accessBetween(before, after, { ...contextOf({ desired, live, knowledge }), now });
  const glass = (change: Change): boolean => breaksGlass(situation, { ...change, before: beforeOf(change) });
  const trusts = trustsBetween(
    before,
    after,
    trustScene([before, after], { ...sceneOf(desired), rating: access.ratings.ofRole }),
  );
  const context: ChangeContext = { access, before, after, breaksGlass: glass, trusts: trusts.judgments };
  return {
    changes: changes.map((change) => judgedChange(context, change)),
    rows: [...access.rows.map((row) => row.change), ...trusts.rows],
  };
};

/**
 * `planned` is `plan(desired, live, …)` of the same two. Ids and fingerprint stay: a risk is no part of what is approved.
 */
export const withAccess = (planned: Plan, input: AccessInput): Plan => {
  if (planned.changes.length === 0) return planned;
  const before = situationOf(input.desired, input.live).current;
  const step = { before, after: project(before, planned.changes), changes: planned.changes, now: planned.generatedAt };
  const { changes: judgments, rows } = judgedBetween(step, input);
  const changes = planned.changes.map((change, index): Change => {
    const { risk = change.risk, reasons = [] } = judgments[index] ?? {};
    return { ...change, risk, riskReasons: reasons };
  });
  return { ...planned, changes, access: rows, notes: [...planned.notes, ...noteOf(planned, rows.length)] };
};

const sceneOf = ({ settings, managementAccount, accountTags }: Desired): Omit<TrustScene, 'accounts' | 'rating'> => ({
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

const noteOf = ({ changes }: Plan, rows: number): readonly Note[] =>
  changes.length > 0 && rows === 0 ? [{ message: "These changes change nobody's access." }] : [];

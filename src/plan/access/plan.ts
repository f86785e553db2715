/** A plan completed with what it does to people, and with risks judged by that. */
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { Change, Note, Plan } from '../../model/plan.ts';
import { beforeOf } from '../../model/plan.ts';
import { accessBetween } from './access.ts';
import type { AccessContext } from './access.ts';
import type { Knowledge } from './side.ts';
import { trustScene, trustsBetween } from './trusts.ts';
import type { TrustScene } from './trusts.ts';
import { project } from '../plan.ts';
import { breaksGlass } from '../risk.ts';
import { judgedChange } from './risk-changes.ts';
import type { ChangeContext } from './risk-changes.ts';
import { situationOf } from '../situation.ts';

export type AccessInput = { readonly desired: Desired; readonly live: Live; readonly knowledge: Knowledge };

/**
 * `planned` is `plan(desired, live, …)` of the same two. Ids and fingerprint stay: a risk is no part of what is approved.
 */
export const withAccess = (planned: Plan, { desired, live, knowledge }: AccessInput): Plan => {
  if (planned.changes.length === 0) return planned;
  const situation = situationOf(desired, live);
  const before = situation.current;
  const after = project(before, planned.changes);
  const access = accessBetween(before, after, contextOf(desired, knowledge));
  const glass = (change: Change): boolean => breaksGlass(situation, { ...change, before: beforeOf(change) });
  const trusts = trustsBetween(before, after, trustScene([before, after], sceneOf(desired)));
  const context: ChangeContext = { access, before, after, breaksGlass: glass, trusts: trusts.judgments };
  const changes = planned.changes.map((change): Change => {
    const { risk, reasons } = judgedChange(context, change);
    return { ...change, risk, riskReasons: reasons };
  });
  const rows = [...access.rows.map((row) => row.change), ...trusts.rows];
  return { ...planned, changes, access: rows, notes: [...planned.notes, ...noteOf(planned, rows.length)] };
};

const sceneOf = ({ settings, managementAccount, accountTags }: Desired): Omit<TrustScene, 'accounts'> => ({
  organization: settings.organization,
  isProduction: (account) => account === managementAccount || accountTags[account]?.['env'] === 'prod',
});

const contextOf = (desired: Desired, knowledge: Knowledge): AccessContext => ({
  knowledge,
  place: {
    organization: desired.settings.organization,
    region: desired.settings.region,
    managementAccount: desired.managementAccount,
  },
  isProduction: sceneOf(desired).isProduction,
});

const noteOf = ({ changes }: Plan, rows: number): readonly Note[] =>
  changes.length > 0 && rows === 0 ? [{ message: "These changes change nobody's access." }] : [];

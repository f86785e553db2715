/** Access in the words of a reviewer. */
import type { AccessChange, AccessItem, Plan } from '../model/plan.ts';
import { rulesOf } from '../model/risk.ts';
import type { SummaryVoice } from './summary.ts';
import { counted, foldedList } from './words.ts';

const shortAction = (service: string, action: string): string =>
  action.startsWith(`${service}:`) ? action.slice(service.length + 1) : action;

const whatText = (item: AccessItem, most: number): string => {
  const except = item.except ?? [];
  if (item.service === '*') return `everything${except.length > 0 ? ` except ${foldedList(except, most)}` : ''}`;
  if (item.actions.every((action) => action === `${item.service}:*`)) return `${item.service}: everything`;
  const actions = item.actions.map((action) => shortAction(item.service, action));
  return `${item.service} ${item.level}: ${foldedList(actions, most)}`;
};

/** "s3 Write: PutObject, DeleteObject … and 4 more", "possibly everything except iam:CreateUser". */
export const accessItemText = (item: AccessItem, most: number): string =>
  `${item.narrower ? 'narrower: ' : ''}${item.bound === 'possible' ? 'possibly ' : ''}${whatText(item, most)}`;

/** "group:Ops (5 people) in 3 accounts: A, B, C" without the principal; roles and whom they trust are not counted. */
export const reachText = (change: AccessChange, most: number): string => {
  const isCounted = /^(group|user):/.test(change.principal);
  const people = isCounted ? `(${counted(change.people, 'person', 'people')}) ` : '';
  const accounts =
    change.accounts.length === 1
      ? (change.accounts[0] ?? '')
      : `${counted(change.accounts.length, 'account')}: ${foldedList(change.accounts, most)}`;
  return `${people}in ${accounts}`;
};

const blockedVerb = ({ lost }: AccessChange, actions: readonly string[]): string => {
  const isOne = actions.length === 1;
  if (lost.some((item) => actions.every((action) => item.actions.includes(action)))) return isOne ? 'is' : 'are';
  return isOne ? 'stays' : 'stay';
};

/** "s3:DeleteBucket stays blocked by ProtectProduction", one for each that stands in the way; what is lost is blocked now. */
export const blockedTexts = (change: AccessChange, most: number): readonly string[] =>
  (change.blocked ?? []).map(
    ({ actions, by }) => `${foldedList(actions, most)} ${blockedVerb(change, actions)} blocked by ${by}`,
  );

/** The ids of the rules that decided the risk: "escalation, production". */
export const ruleIds = (change: Pick<AccessChange, 'riskReasons'>): string => rulesOf(change).join(', ');

/** Drift is worded from AWS's side: access that the correction takes away is access that somebody has too much. */
const asHad = (change: AccessChange): AccessChange => ({
  ...change,
  gained: change.lost,
  lost: change.gained,
  changed: change.changed.map(({ narrower: _, ...item }) => item),
});

/** The rows in the words of a plan (gained, lost) or of drift (too much, too little). */
export const accessIn = ({ access }: Plan, voice: SummaryVoice): readonly AccessChange[] =>
  voice === 'drift' ? access.map(asHad) : access;

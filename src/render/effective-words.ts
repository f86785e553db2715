/** What the settings of accounts come to, in the words of a reviewer; of drift as of a plan: + is what Git says. */
import { settingsPolicyTypes } from '../kinds/control-policies.ts';
import type { EffectiveChange, Plan, SettingChange } from '../model/plan.ts';
import { byDanger } from '../model/risk.ts';
import type { SettingsValue } from '../model/settings-document.ts';
import { counted, foldedList } from './words.ts';

const valueText = (value: SettingsValue): string => {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(valueText).join(', ') || 'nothing' : JSON.stringify(value);
};

/** "+ guardduty.enablement.default.foundational.status: enabled". */
const settingText = ({ path, before, after }: SettingChange): string => {
  if (after === undefined) return `- ${path}: ${before === undefined ? '' : valueText(before)}`;
  return before === undefined
    ? `+ ${path}: ${valueText(after)}`
    : `~ ${path}: ${valueText(before)} → ${valueText(after)}`;
};

/** A change of settings may name many of them; each is in the plan's JSON. */
const MOST_SETTINGS = 4;
const MOST_ACCOUNTS = 4;

const placesText = ({ accounts }: EffectiveChange): string =>
  accounts.length === 1
    ? (accounts[0] ?? '')
    : `${counted(accounts.length, 'account')} (${foldedList(accounts, MOST_ACCOUNTS)})`;

const clashText = ({ clashes = [] }: EffectiveChange): string =>
  clashes.length === 0
    ? ''
    : `; two policies of one target set ${foldedList(clashes, MOST_SETTINGS)}, and AWS takes the one attached first`;

const isGrave = ({ risk }: EffectiveChange): boolean => risk === 'high' || risk === 'critical';

/** "GuardDuty policy of 10 accounts: 2 settings (medium)". */
const shortOf = (row: EffectiveChange): string => {
  const places = row.accounts.length === 1 ? (row.accounts[0] ?? '') : counted(row.accounts.length, 'account');
  const settings = `${counted(row.changes.length, 'setting')}${clashText(row)}`;
  return `${settingsPolicyTypes[row.kind].word} of ${places}: ${settings} (${row.risk})`;
};

const sentenceOf = (row: EffectiveChange): string => {
  const settings = foldedList(row.changes.map(settingText), MOST_SETTINGS);
  return `${settingsPolicyTypes[row.kind].word} of ${placesText(row)}: ${settings}${clashText(row)} (${row.risk})`;
};

export const EFFECTIVE_TITLE = 'Effective policies (+ set, - no longer set, ~ set otherwise)';

/** A sentence for each type and the accounts that share what is said of them, the riskiest first. */
export const effectiveSentences = ({ effective = [] }: Pick<Plan, 'effective'>): readonly string[] =>
  effective.toSorted(byDanger).map(sentenceOf);

/** Where room is short: the grave ones. */
export const graveEffectiveSentences = ({ effective = [] }: Pick<Plan, 'effective'>): readonly string[] =>
  effective.filter(isGrave).toSorted(byDanger).map(sentenceOf);

/** Where room is short: of the others, how many settings. */
export const otherEffectiveSentences = ({ effective = [] }: Pick<Plan, 'effective'>): readonly string[] =>
  effective
    .filter((row) => !isGrave(row))
    .toSorted(byDanger)
    .map(shortOf);

/** What a plan does to the settings that accounts have through policies that hang above them. */
import type { EffectivePolicy } from '../../evaluate/effective-policy.ts';
import { effectivePolicies, settingsByPath } from '../../evaluate/effective-policies.ts';
import { settingsPolicyTypes } from '../../kinds/control-policies.ts';
import { grouped } from '../../model/lists.ts';
import { ownValue } from '../../model/own-value.ts';
import type { Change, EffectiveChange, SettingChange } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import type { SettingsKind, State } from '../../model/resource.ts';
import { keyOf, resourcesOf, settingsKinds } from '../../model/resource.ts';
import type { SettingsValue } from '../../model/settings-document.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';
import { settingsKindOf } from '../situation/settings.ts';
import type { Judgment } from './judgment.ts';
import { joined } from './judgment.ts';

const changesBetween = (before: EffectivePolicy, after: EffectivePolicy): readonly SettingChange[] => {
  const [old, next] = [settingsByPath(before.settings), settingsByPath(after.settings)];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].sort().flatMap((path): readonly SettingChange[] => {
    const [was, is] = [ownValue(old, path), ownValue(next, path)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [{ path, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
};

/** Values by which a setting protects nothing, in the words of the types' syntax pages. */
const off = /^(disabled?|none|optin|off|false|unblock.*|block[-_]?none)$/i;

const isList = (value: SettingsValue | undefined): value is readonly SettingsValue[] => Array.isArray(value);

/** Whether all that was set is set still, and what comes switches nothing off. */
const onlyAdds = ({ path, before, after }: SettingChange): boolean => {
  const turnsOff = /(^|\.)disable_/.test(path);
  if (isList(after) && (before === undefined || isList(before)))
    return (before ?? []).every((one) => after.includes(one)) && (after.length === 0 || !turnsOff);
  return before === undefined && !off.test(typeof after === 'string' ? after : JSON.stringify(after));
};

const shown = 3;

const judged = (kind: SettingsKind, changes: readonly SettingChange[]): Judgment => {
  const { word, about } = settingsPolicyTypes[kind];
  const lesser = changes.filter((change) => !onlyAdds(change)).map(({ path }) => path);
  if (lesser.length === 0) return { risk: 'medium', reasons: [`settings-added: the ${word} sets more`] };
  const paths = `${lesser.slice(0, shown).join(', ')}${lesser.length > shown ? ` and ${lesser.length - shown} more` : ''}`;
  return about === 'security'
    ? { risk: 'high', reasons: [`settings-changed: what the ${word} protects may be without it: ${paths}`] }
    : { risk: 'medium', reasons: [`settings-changed: the ${word} sets otherwise: ${paths}`] };
};

const rowsOf = (before: State, after: State, kind: SettingsKind): readonly EffectiveChange[] => {
  const [was, is] = [effectivePolicies(before, kind), effectivePolicies(after, kind)];
  const rows = resourcesOf(after, 'account').flatMap((account) => {
    const old = before[keyOf(account)];
    const next = is(account);
    const changes = changesBetween(was(old?.kind === 'account' ? old : account), next);
    return changes.length === 0 ? [] : [{ account: account.name, changes, clashes: next.clashes }];
  });
  return [...grouped(rows, ({ changes, clashes }) => JSON.stringify([changes, clashes])).values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const { risk, reasons } = judged(kind, first.changes);
    const accounts = alike.map(({ account }) => account).sort();
    const clashes = first.clashes.length === 0 ? {} : { clashes: first.clashes };
    return [{ kind, accounts, changes: first.changes, ...clashes, risk, riskReasons: reasons }];
  });
};

/** By type, then by the first account; accounts with the same changes share a row. */
export const effectiveBetween = (before: State, after: State): readonly EffectiveChange[] =>
  settingsKinds.flatMap((kind) => rowsOf(before, after, kind));

/**
 * How bad a change of a settings policy, its attachment or its type is, by what it comes to in the accounts that it reaches;
 * nothing where it comes to nothing. What is made or deleted hangs nowhere at that moment: its attachments are judged.
 */
export const judgedSettings = (rows: readonly EffectiveChange[], change: Change): Judgment | undefined => {
  const subject = subjectOf(change);
  const counts = subject.kind === 'attachment' || change.action === 'update' || subject.kind === 'policy-type';
  if (!counts || (subject.kind === 'policy-type' && change.action === 'create')) return undefined;
  const reaches = change.reaches ?? [];
  const concerned = rows.filter(
    ({ kind, accounts }) =>
      kind === settingsKindOf(subject) &&
      (reaches.includes(EVERYWHERE) || accounts.some((name) => reaches.includes(name))),
  );
  return concerned.length === 0
    ? undefined
    : joined(concerned.map(({ risk, riskReasons = [] }) => ({ risk, reasons: riskReasons })));
};

/** What a plan does to the settings that accounts have through policies that hang above them. */
import { effectivePolicy } from '../../evaluate/effective-policy.ts';
import type { EffectivePolicy } from '../../evaluate/effective-policy.ts';
import { settingsPolicyTypes } from '../../kinds/control-policies.ts';
import { grouped, remembered } from '../../model/lists.ts';
import { ownValue } from '../../model/own-value.ts';
import type { Change, EffectiveChange, SettingChange } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import type { Account, SettingsKind, State } from '../../model/resource.ts';
import {
  controlPolicyKey,
  isSettingsPolicy,
  keyOf,
  pathToRoot,
  policyTypeKey,
  policyTypes,
  resourcesOf,
  settingsKinds,
  targetText,
} from '../../model/resource.ts';
import { isSettingsNode } from '../../model/settings-document.ts';
import type { SettingsDocument, SettingsValue } from '../../model/settings-document.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';
import { settingsKindOf } from '../situation/settings.ts';
import type { Judgment } from './judgment.ts';
import { joined } from './judgment.ts';

const nothing: EffectivePolicy = { settings: undefined, clashes: [] };

const placesAbove = ({ name, parent }: Account): readonly string[] => [
  ...[...pathToRoot(parent)].reverse().map((path) => (path === '' ? 'root' : `ou:${path}`)),
  targetText({ type: 'account', name }),
];

/** By account. Of policies on one target AWS asks which was attached first, which no state tells: they count by name. */
const effectiveIn = (state: State, kind: SettingsKind): ((account: Account) => EffectivePolicy) => {
  if (state[policyTypeKey(policyTypes[kind])] === undefined) return () => nothing;
  const own = resourcesOf(state, 'attachment').filter(({ policy }) => policy.kind === kind);
  const hanging = grouped(own, ({ target }) => targetText(target));
  const documents = (place: string): readonly SettingsDocument[] =>
    (hanging.get(place) ?? [])
      .map(({ policy }) => policy.name)
      .sort()
      .flatMap((name) => {
        const policy = state[controlPolicyKey({ kind, name })];
        return isSettingsPolicy(policy) ? [policy.settings] : [];
      });
  // Accounts below the same policies have the same settings.
  const merged = remembered((places: string) => effectivePolicy((JSON.parse(places) as string[]).map(documents)));
  return (account) => {
    const places = placesAbove(account).filter((place) => hanging.has(place));
    return places.length === 0 ? nothing : merged(JSON.stringify(places));
  };
};

type Leaves = Readonly<Record<string, SettingsValue>>;

/** Each setting by its path. */
const leavesIn = (document: SettingsDocument | undefined, path = ''): Leaves =>
  Object.fromEntries(
    Object.entries(document ?? {}).flatMap(([name, value]) => {
      const here = path === '' ? name : `${path}.${name}`;
      return isSettingsNode(value) ? Object.entries(leavesIn(value, here)) : [[here, value] as [string, SettingsValue]];
    }),
  );

const changesBetween = (before: EffectivePolicy, after: EffectivePolicy): readonly SettingChange[] => {
  const [old, next] = [leavesIn(before.settings), leavesIn(after.settings)];
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
  const [was, is] = [effectiveIn(before, kind), effectiveIn(after, kind)];
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

/** What the policies of Organizations that set settings come to in each account. */
import { effectivePolicies, settingsByPath } from '../evaluate/effective-policies.ts';
import { settingsPolicyTypes } from '../kinds/control-policies.ts';
import { grouped } from '../model/lists.ts';
import { ownValue } from '../model/own-value.ts';
import { keyOf, settingsKinds } from '../model/resource.ts';
import type { Account, SettingsKind, State } from '../model/resource.ts';
import type { SettingsDocument, SettingsValue } from '../model/settings-document.ts';
import { rangesOf } from './ranges.ts';
import type { ReportSettings, SettingLine } from './report.ts';
import type { Lists, ReportInput } from './sides.ts';

const textOf = (value: SettingsValue | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** `before` is said where a plan changes it. */
const linesOf = (now: SettingsDocument | undefined, old: SettingsDocument | undefined): readonly SettingLine[] => {
  const [is, was] = [settingsByPath(now), settingsByPath(old)];
  return [...new Set([...Object.keys(is), ...Object.keys(was)])].sort().map((path) => {
    const [value, before] = [textOf(ownValue(is, path)), textOf(ownValue(was, path))];
    return { path, value, ...(value === before ? {} : { before }) };
  });
};

const settingsIn = (state: State, kind: SettingsKind) => {
  const policies = effectivePolicies(state, kind);
  return (account: Account): SettingsDocument | undefined => {
    const found = state[keyOf(account)];
    return found?.kind === 'account' ? policies(found).settings : undefined;
  };
};

/** Accounts with the same settings of a type share a row; those without any have none. */
export const settingsOf = (input: ReportInput, { accounts, accountAt }: Lists): readonly ReportSettings[] =>
  settingsKinds.flatMap((kind) => {
    const [now, old] = [settingsIn(input.state, kind), settingsIn(input.before ?? input.state, kind)];
    const found = accounts.map((account) => ({ name: account.name, lines: linesOf(now(account), old(account)) }));
    const alike = grouped(found, ({ lines }) => JSON.stringify(lines));
    return [...alike.values()].flatMap((same): readonly ReportSettings[] => {
      const lines = same[0]?.lines ?? [];
      if (lines.length === 0) return [];
      const places = same.map(({ name }) => accountAt(name));
      return [{ type: settingsPolicyTypes[kind].word, accounts: rangesOf(places), lines }];
    });
  });

/** The same facts as flat tables of names, for spreadsheets and scripts. */
import { placesInRange } from './ranges.ts';
import type { Given, Report, ReportGrant, ReportReach } from './report.ts';

export type Row = Readonly<Record<string, string | number | boolean>>;
export type Tables = Readonly<Record<string, readonly Row[]>>;

const isOnSide = (one: ReportReach, side: ReportReach['before']): boolean => one.before === side;

type ReachOf = (set: number, account: number, isGone: boolean) => ReportReach | undefined;

/** By set and account; what is taken away is judged by the side that had it. */
const reachIn = ({ reaches }: Report): ReachOf => {
  const mapOf = (wanted: readonly ReportReach[]) =>
    new Map<string, ReportReach>(
      wanted.flatMap((one) => placesInRange(one.accounts).map((account) => [`${one.set} ${account}`, one] as const)),
    );
  const now = mapOf(reaches.filter((one) => isOnSide(one, undefined)));
  const old = mapOf(reaches.filter((one) => isOnSide(one, true)));
  return (set, account, isGone) => {
    const key = `${set} ${account}`;
    return isGone ? (old.get(key) ?? now.get(key)) : now.get(key);
  };
};

const stateOf = ({ later, standing, undeclared }: ReportGrant): string =>
  later ? 'later' : (standing ?? (undeclared ? 'undeclared' : ''));

const placeOf = ({ accounts }: Report, place: number) => {
  const { name = '', id = '', ou = '' } = accounts[place] ?? {};
  return { account: name, accountId: id, ou };
};

/** One of the two is empty. */
const givenOf = ({ sets }: Pick<Report, 'sets'>, place: number) => {
  const { name = '', isRole } = sets[place] ?? {};
  return { permissionSet: isRole ? '' : name, role: isRole ? name : '' };
};

const grantRows = (report: Report): readonly Row[] => {
  const reachOf = reachIn(report);
  return report.grants.flatMap((grant) => {
    const { type = '', name = '' } = report.principals[grant.who] ?? {};
    const { from = '', until = '', reason = '', at = '' } = grant;
    return placesInRange(grant.accounts).map((place): Row => ({
      type,
      who: name,
      ...givenOf(report, grant.set),
      ...placeOf(report, place),
      risk: reachOf(grant.set, place, grant.standing === 'removed')?.risk ?? '',
      from,
      until,
      reason,
      state: stateOf(grant),
      at,
    }));
  });
};

const memberRows = ({ members, principals }: Report): readonly Row[] =>
  members.map(({ group, user, from = '', until = '', reason = '', later, standing, at = '' }) => ({
    group: principals[group]?.name ?? '',
    user: principals[user]?.name ?? '',
    from,
    until,
    reason,
    state: later ? 'later' : (standing ?? ''),
    at,
  }));

const givenText = ({ service, level, actions, more, except = [], bound }: Given): string => {
  const but = except.length === 0 ? '' : ` except ${except.join(' ')}`;
  const rest = more === 0 ? '' : ` and ${more} more`;
  return `${service} ${level}${bound === 'possible' ? ' (on some resources or conditions)' : ''}: ${actions.join(' ')}${rest}${but}`;
};

const reachRows = ({ reaches, given, sets, accounts }: Report): readonly Row[] =>
  reaches.flatMap((reach) =>
    placesInRange(reach.accounts).map((place) => ({
      ...givenOf({ sets }, reach.set),
      account: accounts[place]?.name ?? '',
      side: reach.before ? 'before' : '',
      risk: reach.risk,
      because: reach.because.join('; '),
      gives: (given[reach.gives] ?? []).map(givenText).join('; '),
      blocked: reach.blocked.map(({ by, actions }) => `${by}: ${actions.join(' ')}`).join('; '),
    })),
  );

const railRows = ({ rails }: Report): readonly Row[] =>
  rails.flatMap(({ kind, name, statements, on, standing = '' }) =>
    statements.map((statement) => ({
      kind,
      name,
      on: on.map((target) => `${target.type}${target.name === '' ? '' : `:${target.name}`}`).join(' '),
      effect: statement.effect,
      actions: `${statement.allBut ? 'all but ' : ''}${statement.actions.join(' ')}`,
      resources: statement.resources.join(' '),
      conditions: statement.conditions.join('; '),
      state: standing,
      at: statement.at ?? '',
    })),
  );

const settingRows = ({ settings, accounts }: Report): readonly Row[] =>
  settings.flatMap(({ type, accounts: ranges, lines }) =>
    placesInRange(ranges).flatMap((place) =>
      lines.map(({ path, value, before }) => ({
        account: accounts[place]?.name ?? '',
        type,
        setting: path,
        value,
        before: before ?? value,
      })),
    ),
  );

const trustRows = ({ roles, accounts }: Report): readonly Row[] =>
  roles.flatMap(({ account, path, name, trusts, standing = '', until = '' }) =>
    trusts.map((trust) => ({
      role: `${path.slice(1)}${name}`,
      account: accounts[account]?.name ?? '',
      trusts: trust.who,
      kind: trust.kind,
      from: trust.from === undefined ? '' : (accounts[trust.from]?.name ?? ''),
      conditions: trust.conditions.join('; '),
      until,
      state: standing,
      at: trust.at ?? '',
    })),
  );

export const tablesOf = (report: Report): Tables => ({
  grants: grantRows(report),
  members: memberRows(report),
  reaches: reachRows(report),
  rails: railRows(report),
  settings: settingRows(report),
  trusts: trustRows(report),
  tests: report.tests.map(({ name, ok, at = '', day = '', message = '' }) => ({ name, ok, day, message, at })),
  changes: report.changes.map(({ action, words, key, risk, because, at = '' }) => ({
    action,
    words,
    risk,
    because: because.join('; '),
    key,
    at,
  })),
});

/**
 * A spreadsheet takes a cell that begins so for a formula, and runs it. Where semicolons or tabs part the cells, as in half of
 * Europe, quotes inside a row hold nothing together: a cell begins after each of them, and after each line end.
 */
const formula = /^(?=[=+\-@\t\r])|(?<=[;\t\r\n] *"*)(?=[=+\-@])/g;

const cell = (value: string | number | boolean): string => {
  const plain = String(value).replace(formula, "'");
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

/** RFC 4180. A table without rows has no header either. */
export const csvOf = (rows: readonly Row[]): string => {
  const [first] = rows;
  if (first === undefined) return '';
  const names = Object.keys(first);
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    .map((line) => `${line.map(cell).join(',')}\r\n`)
    .join('');
};

/** Who may become which role: outsiders first, then from account to account, and the paths of several steps. */
import type { ReportRole, Trust } from '../report.ts';
import { conditionList, trustText } from './account.ts';
import type { Child } from './dom.ts';
import { el, placeLink, section, standingMark, table } from './dom.ts';
import type { Model } from './model.ts';
import { placesOf } from './model.ts';
import { accountsText, grantNotes, setLink, untilText, whoLink } from './words.ts';

/** One trust with all the roles of one name that have it. */
type Entrance = { readonly trust: Trust; readonly role: ReportRole; readonly accounts: number[] };

const entrancesIn = ({ report }: Model): readonly Entrance[] => {
  const found = new Map<string, Entrance>();
  for (const role of report.roles)
    for (const trust of role.trusts) {
      const key = JSON.stringify([
        role.path,
        role.name,
        role.standing,
        trust.at,
        trust.who,
        trust.kind,
        trust.conditions,
      ]);
      const known = found.get(key) ?? { trust, role, accounts: [] };
      known.accounts.push(role.account);
      found.set(key, known);
    }
  return [...found.values()];
};

const nameOf = ({ path, name }: ReportRole): string => `${path.slice(1)}${name}`;

const entranceRow = (model: Model, { trust, role, accounts }: Entrance): readonly Child[] => [
  trustText(model, trust),
  [nameOf(role), ' ', standingMark(role.standing)],
  accountsText(model, accounts),
  conditionList(trust.conditions),
  untilText(role.until),
  placeLink(model.report, trust.at ?? role.at),
];

const columns = ['Who', 'Becomes', 'In', 'Conditions', 'Until', 'Written at'];

const isOutside = ({ trust: { kind } }: Entrance): boolean =>
  kind === 'outsider' || kind === 'everybody' || kind === 'provider';
const isAcross = ({ trust: { kind, from }, accounts }: Entrance): boolean =>
  kind === 'account' && !(accounts.length === 1 && accounts[0] === from);

type Path = { readonly start: Trust; readonly roles: readonly number[] };

const longest = 6;
const mostPaths = 200;

/** Each role that a role may become, by the trust that names it. */
const stepsIn = ({ report }: Model): ReadonlyMap<number, readonly number[]> => {
  const steps = new Map<number, number[]>();
  report.roles.forEach(({ trusts }, to) => {
    for (const { role } of trusts) if (role !== undefined) steps.set(role, [...(steps.get(role) ?? []), to]);
  });
  return steps;
};

/** From somebody who is no role through at least two. */
const pathsIn = (model: Model): readonly Path[] => {
  const steps = stepsIn(model);
  const found: Path[] = [];
  const walk = (start: Trust, roles: readonly number[]): void => {
    if (found.length >= mostPaths || roles.length > longest) return;
    if (roles.length > 1) found.push({ start, roles });
    for (const next of steps.get(roles.at(-1) ?? -1) ?? []) if (!roles.includes(next)) walk(start, [...roles, next]);
  };
  model.report.roles.forEach(({ trusts }, place) => {
    for (const trust of trusts) if (trust.role === undefined && trust.kind !== 'service') walk(trust, [place]);
  });
  return found;
};

const pathItem = (model: Model, { start, roles }: Path): HTMLElement =>
  el(
    'li',
    {},
    trustText(model, start),
    roles.map((place) => {
      const role = model.report.roles[place];
      const account = model.report.accounts[role?.account ?? -1]?.name ?? '';
      return role === undefined ? undefined : [' → ', el('b', {}, nameOf(role)), ` of ${account}`];
    }),
  );

const entranceTable = (model: Model, caption: string, entrances: readonly Entrance[]): HTMLElement =>
  table(
    { caption, empty: 'Nobody.' },
    columns,
    entrances.map((one) => entranceRow(model, one)),
  );

/** Groups and people whom account access manager puts on a role itself. */
const enteredTable = (model: Model): HTMLElement =>
  table(
    { caption: 'Groups and people on a role itself, without a permission set', empty: 'Nobody.' },
    ['Who', 'Becomes', 'In', 'Why', 'Until', 'Written at'],
    model.report.grants
      .filter(({ set }) => model.report.sets[set]?.isRole)
      .map((grant) => [
        [whoLink(model, grant.who), ' ', grantNotes({ grant })],
        setLink(model, grant.set),
        accountsText(model, placesOf(grant.accounts)),
        grant.reason ?? '',
        untilText(grant.until),
        placeLink(model.report, grant.at),
      ]),
  );

export const trustsView = (model: Model): HTMLElement => {
  const entrances = entrancesIn(model);
  const paths = pathsIn(model);
  const rest = entrances.filter((one) => !isOutside(one) && !isAcross(one));
  return el(
    'section',
    {},
    el('h1', {}, 'Trust'),
    section(
      'From outside',
      entranceTable(model, 'Who comes from outside the organization', entrances.filter(isOutside)),
    ),
    section('By account access manager', enteredTable(model)),
    section(
      'From account to account',
      entranceTable(model, 'Who comes from another account', entrances.filter(isAcross)),
    ),
    section(
      'In several steps',
      paths.length === 0
        ? el('p', { class: 'empty' }, 'No role leads to another.')
        : el('ul', { class: 'paths' }, ...paths.map((path) => pathItem(model, path))),
      paths.length >= mostPaths ? el('p', { class: 'empty' }, `Only the first ${mostPaths}.`) : undefined,
    ),
    section('Within an account, and services', entranceTable(model, 'Services, and who is of the same account', rest)),
  );
};

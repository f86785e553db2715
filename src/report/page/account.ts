/** Of an account: who can act there, which roles trust whom, which guard rails hold, what is set. */
import type {
  RailStatement,
  ReportAccount,
  ReportGrant,
  ReportRail,
  ReportRole,
  SettingLine,
  Trust,
} from '../report.ts';
import type { Child } from './dom.ts';
import { el, linkTo, placeLink, section, standingMark, table } from './dom.ts';
import type { Holding, Model } from './model.ts';
import { within } from './model.ts';
import { grantNotes, riskMark, setLink, untilText, whoLink } from './words.ts';

const statementText = ({ effect, allBut, actions }: RailStatement): Child => {
  const verb = effect === 'Deny' ? 'Denies' : 'Allows';
  return [el('b', {}, verb), ` ${allBut ? 'everything but ' : ''}${actions.join(', ')}`];
};

export const statementList = (model: Model, statements: readonly RailStatement[]): HTMLElement =>
  el(
    'ul',
    { class: 'statements' },
    ...statements.map((statement) =>
      el(
        'li',
        {},
        statementText(statement),
        statement.resources.length === 0 ? '' : ` on ${statement.resources.join(', ')}`,
        statement.conditions.length === 0
          ? ''
          : el('ul', { class: 'conditions' }, ...statement.conditions.map((one) => el('li', {}, `where ${one}`))),
        ' ',
        placeLink(model.report, statement.at),
      ),
    ),
  );

export const railLink = ({ name }: ReportRail): Child => linkTo(name, 'tree', 'rail', name);

const railRows = (model: Model, place: number): readonly (readonly Child[])[] => {
  const account = model.report.accounts[place];
  if (account === undefined) return [];
  return model.railsAbove(account).flatMap(({ level, rails }) =>
    rails.flatMap((rail) => {
      const found = model.report.rails[rail];
      if (found === undefined) return [];
      const on = found.on.find(({ name, type }) => name === level || (type === 'root' && level === 'Root'));
      return [
        [
          [railLink(found), ' ', standingMark(found.standing ?? on?.standing)],
          level,
          found.description,
          placeLink(model.report, on?.at ?? found.at),
        ],
      ];
    }),
  );
};

const holders = (model: Model, place: number): readonly Holding[] =>
  model.report.grants.filter(({ accounts }) => within(accounts, place)).map((grant) => ({ grant }));

const holderRow = (model: Model, { grant }: Holding, place: number): readonly Child[] => {
  const people = model.membersOf(grant.who);
  const { type } = model.report.principals[grant.who] ?? {};
  return [
    [whoLink(model, grant.who), ' ', grantNotes({ grant })],
    setLink(model, grant.set),
    riskMark(model.riskOf(grant, place)),
    untilText(grant.until),
    type === 'user' ? 'this person' : people.map(({ user }, at) => [at === 0 ? '' : ', ', whoLink(model, user)]),
    grant.reason ?? '',
    placeLink(model.report, grant.at),
  ];
};

export const trustText = (model: Model, trust: Trust): Child => {
  const role = trust.role === undefined ? undefined : model.report.roles[trust.role];
  const mark = el('span', { class: `trust ${trust.kind}` }, trust.kind);
  if (role === undefined) return [mark, ' ', trust.who];
  const account = model.report.accounts[role.account]?.name ?? '';
  return [mark, ` ${role.path.slice(1)}${role.name} in `, linkTo(account, 'account', account)];
};

export const conditionList = (conditions: readonly string[]): Child =>
  conditions.length === 0
    ? el('span', { class: 'quiet' }, 'without a condition')
    : el('ul', { class: 'conditions' }, ...conditions.map((one) => el('li', {}, one)));

/** Who is put on the role itself. */
const enteredBy = ({ report }: Model, { path, name, account }: ReportRole): readonly ReportGrant[] => {
  const set = report.sets.findIndex((one) => one.isRole && one.name === `${path.slice(1)}${name}`);
  return set < 0 ? [] : report.grants.filter((grant) => grant.set === set && within(grant.accounts, account));
};

const roleRow = (model: Model, role: ReportRole): readonly Child[] => [
  [
    `${role.path.slice(1)}${role.name}`,
    ' ',
    standingMark(role.standing),
    role.undeclared ? el('span', { class: 'standing undeclared' }, 'in no file') : undefined,
  ],
  el(
    'ul',
    { class: 'trusts' },
    ...role.trusts.map((trust) => el('li', {}, trustText(model, trust), conditionList(trust.conditions))),
    ...enteredBy(model, role).map((grant) =>
      el('li', {}, 'entered by ', whoLink(model, grant.who), ' ', grantNotes({ grant })),
    ),
  ),
  role.policies.join(', '),
  untilText(role.until),
  placeLink(model.report, role.at),
];

const facts = ({ report }: Model, account: ReportAccount): HTMLElement => {
  const kind = account.kind === 'elsewhere' ? 'not production' : account.kind;
  return el(
    'p',
    {},
    [account.id, account.ou || 'Root', kind, ...account.tags].join(' · '),
    ' ',
    placeLink(report, account.at),
  );
};

const holderTable = (model: Model, place: number): HTMLElement =>
  table(
    { caption: 'Groups and people who are given something here', empty: 'Nobody is given anything here.' },
    ['Who', 'Gets', 'Risk', 'Until', 'People', 'Why', 'Written at'],
    holders(model, place).map((one) => holderRow(model, one, place)),
  );

const roleTable = (model: Model, place: number): HTMLElement =>
  table(
    { caption: 'Roles of this account', empty: 'No role is known here.' },
    ['Role', 'Trusts', 'Policies', 'Until', 'Written at'],
    model.report.roles.filter((role) => role.account === place).map((role) => roleRow(model, role)),
  );

const railTable = (model: Model, place: number): HTMLElement => {
  const isManagement = model.report.accounts[place]?.kind === 'management';
  return table(
    {
      caption: 'From the root to the account',
      empty: isManagement ? 'No guard rail binds the management account.' : 'None.',
    },
    ['Guard rail', 'Hangs on', 'What for', 'Written at'],
    railRows(model, place),
  );
};

const settingValue = ({ value, before }: SettingLine): Child => {
  if (before === undefined) return value;
  const [old, next] = [before === '' ? 'not set' : before, value === '' ? 'not set' : value];
  return [el('del', {}, old), ' ', el('ins', {}, next)];
};

const settingTable = (model: Model, place: number): HTMLElement =>
  table(
    { caption: 'What policies of Organizations set in this account', empty: 'None.' },
    ['Policy type', 'Setting', 'Value'],
    model.report.settings
      .filter(({ accounts }) => within(accounts, place))
      .flatMap(({ type, lines }) => lines.map((line) => [type, line.path, settingValue(line)])),
  );

export const accountView = (model: Model, name: string): HTMLElement => {
  const place = model.report.accounts.findIndex((one) => one.name === name);
  const account = model.report.accounts[place];
  if (account === undefined)
    return el('section', {}, el('h1', {}, name), el('p', {}, 'No account of that name is in the report.'));
  return el(
    'section',
    {},
    el('h1', {}, account.name, ' ', el('small', {}, 'account'), standingMark(account.standing)),
    facts(model, account),
    section('Who can', holderTable(model, place)),
    section('Roles, and whom they trust', roleTable(model, place)),
    section('Guard rails', railTable(model, place)),
    section('Settings', settingTable(model, place)),
  );
};

/** What an edit of files has at hand: the files of a moment, what is named in them, and small pieces to write. */
import { parseDocument } from 'yaml';
import type { Chance } from './chance.ts';
import type { Texts } from './merge-text.ts';
import { MANAGEMENT, document, staff, yaml } from './organization.ts';

export type Value = Record<string, unknown>;
export type Desk = { readonly files: Texts; readonly chance: Chance; readonly today: string };
/** Null takes the file away; undefined: there is nothing to do it to. */
export type Edited = Readonly<Record<string, string | null>> | undefined;
export type Edit = (desk: Desk) => Edited;

const dayMs = 86_400_000;
export const dayFrom = (today: string, days: number): string =>
  new Date(Date.parse(`${today}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

export const pathsIn = (files: Texts, folder: string): readonly string[] =>
  Object.keys(files).filter((path) => path.startsWith(`${folder}/`) && !/^scps\/(bindings|rcp-.*)\.yaml$/.test(path));

/** A merge by hand may have left what is no YAML: nobody finds anything in it, and an edit writes the file anew. */
export const valueOf = (files: Texts, path: string): Value => {
  const read = parseDocument(files[path] ?? '{}');
  return (read.errors.length > 0 ? {} : read.toJS()) as Value;
};

export const listOf = (value: Value, name: string): unknown[] => {
  const found = value[name];
  return Array.isArray(found) ? (found as unknown[]) : [];
};

/** Changes one file of a folder in place. */
export const inOne =
  (folder: string, change: (value: Value, desk: Desk) => void): Edit =>
  (desk) => {
    const path = desk.chance.one(pathsIn(desk.files, folder));
    if (path === undefined) return undefined;
    const value = valueOf(desk.files, path);
    change(value, desk);
    return { [path]: yaml(value) };
  };

export const inFile =
  (path: string, change: (value: Value, desk: Desk) => void): Edit =>
  (desk) => {
    if (desk.files[path] === undefined) return undefined;
    const value = valueOf(desk.files, path);
    change(value, desk);
    return { [path]: yaml(value) };
  };

export const namesIn = (files: Texts, folder: string, key: string): readonly string[] =>
  pathsIn(files, folder).map((path) => String(valueOf(files, path)[key]));

const organizationOf = (files: Texts): Value => valueOf(files, 'access/organization.yaml');

type Place = { readonly accounts: Value; readonly ou: string };

export const placesOf = (organization: Value): readonly Place[] => {
  const ous = (organization['ous'] ?? {}) as Record<string, Value>;
  organization['accounts'] ??= {};
  return [
    { accounts: organization['accounts'] as Value, ou: 'Root' },
    ...Object.entries(ous).map(([ou, value]) => {
      value['accounts'] ??= {};
      return { accounts: value['accounts'] as Value, ou };
    }),
  ];
};

export const accountsOf = (files: Texts): readonly string[] => [
  MANAGEMENT,
  ...placesOf(organizationOf(files)).flatMap(({ accounts }) => Object.keys(accounts)),
];
export const ousOf = (files: Texts): readonly string[] => placesOf(organizationOf(files)).map(({ ou }) => ou);

const dates = ({ chance, today }: Desk): Value => {
  if (chance.percent(60)) return {};
  const from = chance.percent(35) ? { from: dayFrom(today, chance.below(25) - 3) } : {};
  const until = chance.percent(75) ? { until: dayFrom(today, chance.below(60) - 2) } : {};
  return { ...from, ...until, reason: 'SHOP-2' };
};

export const assignment = (desk: Desk): Value => {
  const { files, chance } = desk;
  const permissionSet = chance.one(namesIn(files, 'permission-sets', 'permissionSet'));
  const account = chance.one(accountsOf(files)) ?? MANAGEMENT;
  const where = chance.percent(75) ? { accounts: [account] } : { ous: [chance.one(ousOf(files)) ?? 'Root'] };
  const narrowed = chance.percent(12) ? { tags: { env: chance.of('prod', 'nonprod') } } : {};
  return { permissionSet, ...where, ...narrowed, ...dates(desk) };
};

export const member = (desk: Desk): unknown => {
  const user = desk.chance.one(staff) ?? '';
  const when = dates(desk);
  return Object.keys(when).length === 0 ? user : { user, ...when };
};

/** Some entry that has dates, or any, gets others. */
export const redated = (entries: unknown[], desk: Desk): void => {
  const { chance, today } = desk;
  const dated = entries.flatMap((one, at) => (typeof one === 'object' && one !== null && 'until' in one ? [at] : []));
  const at = chance.one(dated.length > 0 && chance.percent(75) ? dated : [...entries.keys()]);
  if (at === undefined) return;
  const old = typeof entries[at] === 'string' ? { user: entries[at] } : (entries[at] as Value);
  const { until, from, ...rest } = old;
  const next = dayFrom(today, chance.below(50) - 5);
  entries[at] = chance.of<Value>(
    { ...rest, ...(from === undefined ? {} : { from }), reason: 'SHOP-3' },
    { ...rest, until: next, reason: 'SHOP-3' },
    { ...rest, from: next, ...(until === undefined ? {} : { until: dayFrom(next, 9) }), reason: 'SHOP-3' },
    { ...rest, ...(until === undefined ? {} : { until }), reason: 'SHOP-3' },
  );
};

const actions = ['s3:*', 'ec2:*', 'iam:*', 'iam:PassRole', 'dynamodb:*', 'lambda:*', 's3:GetObject', '*'];

const condition = (chance: Chance): Value =>
  chance.of<Value>(
    {},
    {},
    { Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
    { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } },
    { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } },
  );

export const statement = (chance: Chance): Value => ({
  Effect: chance.percent(75) ? 'Allow' : 'Deny',
  Action: [chance.one(actions), ...(chance.percent(30) ? [chance.one(actions)] : [])],
  Resource: chance.of('*', '*', 'arn:aws:s3:::shop-*/*', 'arn:aws:dynamodb:*:*:table/orders*'),
  ...condition(chance),
});

const statementsIn = (policy: unknown): unknown[] =>
  typeof policy === 'object' && policy !== null ? listOf(policy as Value, 'Statement') : [];

export const redocumented = (policy: unknown, chance: Chance): unknown => {
  const statements = [...statementsIn(policy)];
  if (statements.length > 1 && chance.percent(35)) statements.splice(chance.below(statements.length), 1);
  else statements.push(statement(chance));
  return document(...(statements as never[]));
};

export const renamed = (key: string): ((value: Value, desk: Desk) => void) => {
  return (value, { chance }) => {
    const old = String(value[key]);
    value[key] = `${old.replace(/-v\d$/, '')}-v${chance.below(9)}`;
    if (chance.percent(80)) value['previously'] = [old];
  };
};

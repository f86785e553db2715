/** Organizations of any size for the page: OUs of twenty accounts, sets of four kinds, groups with six grants and their people. */
import type { Place } from '../../src/model/problem.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { Account, Assignment, Resource } from '../../src/model/resource.ts';
import { reportOf } from '../../src/report/build.ts';
import type { Report } from '../../src/report/report.ts';
import * as build from './build.ts';
import { reportInputOf } from './report.ts';

export type Size = {
  readonly accounts: number;
  readonly sets: number;
  readonly groups: number;
  readonly people: number;
};

const perOu = 20;
const policies = ['ReadOnlyAccess', 'PowerUserAccess', 'AmazonS3FullAccess', 'AdministratorAccess'];
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const idOf = (index: number): string => String(200_000_000_000 + index);
const ouOf = (index: number): string => `Ou${Math.floor(index / perOu)}`;
const accountsOf = ({ accounts }: Size): readonly Account[] =>
  many(accounts - 1, (index) => build.account(`Account-${index}`, idOf(index), ouOf(index)));

/** Five of whole OUs and one of a single account, each an entry of its own. */
const grantsOf = (size: Size, accounts: readonly Account[]): readonly (readonly Assignment[])[] =>
  many(size.groups, (group) =>
    many(6, (entry) => {
      const set = `Set-${(group * 7 + entry * 11) % size.sets}`;
      const ou = ouOf((group * 37 + entry * 101 * perOu) % accounts.length);
      const wanted =
        entry === 5 ? accounts.slice(group % accounts.length).slice(0, 1) : accounts.filter((one) => one.parent === ou);
      return wanted.map(({ name }) => build.assignment(`group:Group-${group}`, set, name));
    }),
  ).flat();

export const largeReport = (size: Size): Report => {
  const accounts = accountsOf(size);
  const entries = grantsOf(size, accounts);
  const sets = many(size.sets, (index) =>
    build.set(`Set-${index}`, {
      managedPolicies: [`arn:aws:iam::aws:policy/${policies[index % policies.length] ?? ''}`],
    }),
  );
  const groups = many(size.groups, (index) => build.group(`Group-${index}`));
  const members = many(size.people, (index) =>
    build.membership(`Group-${index % size.groups}`, `person-${index}@example.com`),
  );
  const rails = [build.scp('NoDeletes', build.document(build.deny('s3:DeleteBucket', 'kms:ScheduleKeyDeletion')))];
  const ous = [...new Set(accounts.map(({ parent }) => parent))].map((path) => build.ou(path));
  const all: readonly Resource[] = [
    ...ous,
    ...accounts,
    ...sets,
    ...groups,
    ...members,
    ...rails,
    build.attachment('NoDeletes', 'root'),
    ...entries.flat(),
  ];
  const origins = Object.fromEntries(
    entries.flatMap((entry, line) =>
      entry.map((one): [string, Place] => [
        keyOf(one),
        { file: `access/groups/group-${Math.floor(line / 6)}.yaml`, line: 4 + (line % 6) * 3 },
      ]),
    ),
  );
  const desired = build.desired(all, { origins });
  return reportOf(reportInputOf(desired));
};

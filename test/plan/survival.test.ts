import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { consequences } from '../../src/plan/walk.ts';
import {
  NOW,
  account,
  attachment,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  ou,
  owned,
  scp,
} from '../support/build.ts';
import { administrators, glassAssigned } from '../support/guard-scenes.ts';

const base: readonly Resource[] = [
  ...[owned(ou('Work')), account('Dev', '222222222222', 'Work'), group('Glass'), group('Team')],
  ...['ada', 'bob', 'eve', 'fay'].map((user) => membership('Team', user)),
];
const [old, next] = [administrators('Glass'), administrators('Glass2')];

const planned = (wanted: readonly Resource[], found: readonly Resource[], permissionSet = 'Glass'): Plan =>
  plan(
    desired([...base, ...wanted], {
      memberGroups: ['Glass', 'Team'],
      settings: { breakGlass: { group: 'Glass', permissionSet } },
    }),
    live([...base, ...found], { users: ['ada', 'bob', 'eve', 'fay'] }),
    NOW,
  );

const leftWithout = ({ changes }: Plan, failed: string): readonly string[] => {
  const held = consequences(changes, ({ key, action }) => key === failed && action !== 'delete');
  return changes.filter(({ id, key }) => !held.has(id) && key !== failed).map(({ action, key }) => `${action} ${key}`);
};

describe('when one call fails', () => {
  it('the old members of break-glass stay until all the new ones are in', () => {
    const have = [old, ...glassAssigned('Glass')];
    const people = (names: readonly string[]) => names.map((name) => membership('Glass', name));
    const result = planned(
      [old, ...glassAssigned('Glass'), ...people(['eve', 'fay'])],
      [...have, ...people(['ada', 'bob'])],
    );
    expect(leftWithout(result, 'membership/Glass:eve')).toEqual(['create membership/Glass:fay']);
    expect(leftWithout(result, 'membership/Glass:fay')).toEqual(['create membership/Glass:eve']);
  });

  it('the old assignments of break-glass stay until all the new ones are there', () => {
    const ada = membership('Glass', 'ada');
    const result = planned(
      [old, next, ...glassAssigned('Glass2'), ada],
      [old, ...glassAssigned('Glass'), ada],
      'Glass2',
    );
    expect(
      leftWithout(result, 'assignment/group:Glass:Glass2@Dev').filter((line) => line.startsWith('delete')),
    ).toEqual([]);
    expect(leftWithout(result, 'permission-set/Glass2')).toEqual([]);
  });

  it('a guard rail is not hung up with the document that it had before', () => {
    const result = planned(
      [scp('P', document(deny('s3:*'))), attachment('P', 'ou:Work')],
      [owned(scp('P', document(deny('*'))))],
    );
    expect(leftWithout(result, 'scp/P')).toEqual([]);
  });

  it('a guard rail is not hung up elsewhere before it is tightened where it hangs', () => {
    const hung = attachment('P', 'account:Dev');
    const result = planned(
      [scp('P', document(deny('s3:*'), deny('iam:*'))), hung, attachment('P', 'ou:Work')],
      [owned(scp('P', document(deny('s3:*')))), hung],
    );
    expect(leftWithout(result, 'scp/P')).toEqual([]);
  });
});

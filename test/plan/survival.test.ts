import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { consequences } from '../../src/plan/carry/next.ts';
import {
  NOW,
  account,
  allow,
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
const fullAccess = 'attachment/scp:FullAWSAccess@ou:Work';
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

  it('a guard rail is not hung up elsewhere before it is loosened where it hangs', () => {
    const dev = attachment('P', 'account:Dev');
    const result = planned(
      [
        scp('P', document(deny('s3:*'))),
        dev,
        attachment('P', 'ou:Work'),
        owned(scp('Q')),
        attachment('Q', 'account:Dev'),
      ],
      [owned(scp('P', document(deny('s3:*', 'iam:*')))), dev, owned(scp('Q')), attachment('Q', 'ou:Work')],
    );
    const place = ({ action, key }: Change) => `${action} ${key}`;
    expect(result.changes.map(({ phase, ...change }) => `${phase} ${place(change as Change)}`)).toEqual([
      'restrict create attachment/scp:Q@account:Dev',
      'relax update scp/P',
      'relax create attachment/scp:P@ou:Work',
      'relax delete attachment/scp:Q@ou:Work',
    ]);
    expect(leftWithout(result, 'scp/P')).toEqual(['create attachment/scp:Q@account:Dev']);
    expect(leftWithout(result, 'attachment/scp:P@ou:Work').join()).not.toContain('delete attachment');
  });

  it('an allow-list that is loosened takes the place of FullAWSAccess only then', () => {
    const list = (...actions: readonly string[]) => owned(scp('List', document(allow(...actions))));
    const dev = attachment('List', 'account:Dev');
    const wanted = desired([...base, list('s3:*', 'iam:*'), dev, attachment('List', 'ou:Work')], {
      absent: [fullAccess],
    });
    const result = plan(wanted, live([...base, list('s3:*'), dev]), NOW);
    expect(result.changes.map(({ phase, action, key }) => `${phase} ${action} ${key}`)).toEqual([
      'relax update scp/List',
      'relax create attachment/scp:List@ou:Work',
      `relax delete ${fullAccess}`,
    ]);
  });

  it('an account does not move below a guard rail before that is edited', () => {
    const rails = [attachment('P', 'ou:Lab'), owned(scp('Q')), attachment('Q', 'ou:Work')];
    const lab = [owned(ou('Lab')), ...rails];
    const result = planned(
      [...lab, scp('P', document(deny('s3:*'))), account('Dev', '222222222222', 'Lab')],
      [...lab, owned(scp('P', document(deny('s3:*', 'iam:*'))))],
    );
    expect(leftWithout(result, 'scp/P').join()).not.toContain('account/Dev');
    expect(leftWithout(result, 'scp/P')).not.toContain('delete attachment/scp:Q@account:Dev');
  });
});

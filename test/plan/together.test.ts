import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, account, assignment, desired, group, live, membership, owned, set } from '../support/build.ts';

const base = [account('Dev', '222222222222'), group('Team')];
const reader = set('Reader');
const given = assignment('group:Team', 'Reader', 'Dev');

const lines = (wanted: readonly Resource[], found: readonly Resource[]): readonly string[] => {
  const settled = [...base, reader, ...wanted];
  const { changes } = plan(desired(settled, { memberGroups: ['Team'] }), live([...base, owned(reader), ...found]), NOW);
  const keyOfId = new Map(changes.map(({ id, key }) => [id, key]));
  return changes.map(({ phase, action, key, dependsOn }) =>
    [`${phase}: ${action} ${key}`, ...dependsOn.map((id) => keyOfId.get(id))].join(' < '),
  );
};

describe('members and assignments of one group that change together', () => {
  it('lets who leaves go before the group is given anything', () => {
    expect(lines([given], [membership('Team', 'ada')])).toEqual([
      'revoke: delete membership/Team:ada',
      'revoke: create assignment/group:Team:Reader@Dev < membership/Team:ada',
    ]);
  });

  it('takes from the group before anybody joins it', () => {
    expect(lines([membership('Team', 'ada')], [given])).toEqual([
      'revoke: delete assignment/group:Team:Reader@Dev',
      'revoke: create membership/Team:ada < assignment/group:Team:Reader@Dev',
    ]);
  });

  it('grants at once where nobody leaves', () => {
    expect(lines([given, membership('Team', 'ada')], [])).toEqual([
      'grant: create assignment/group:Team:Reader@Dev',
      'grant: create membership/Team:ada',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { plan } from '../../src/plan/plan.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { NOW, account, assignment, attachment, desired, group, live, ou, scp, set } from '../support/build.ts';

const dev = account('Dev', '222222222222');
const line = ({ phase, action, key }: Change): string => `${phase}: ${action} ${key}`;
const lines = (planned: Plan): readonly string[] => planned.changes.map(line);

describe('the plan', () => {
  it('plans one group, set, assignment, SCP and OU in the order of the phases', () => {
    const wanted = [
      dev,
      ou('Workloads'),
      group('Developers'),
      set('Developer'),
      assignment('group:Developers', 'Developer', 'Dev'),
      scp('DenyS3'),
      attachment('DenyS3', 'ou:Workloads'),
    ];
    const planned = plan(desired(wanted), live([dev]), NOW);
    expect(lines(planned)).toEqual([
      'prepare: create ou/Workloads',
      'prepare: create scp/DenyS3',
      'restrict: create attachment/scp:DenyS3@ou:Workloads',
      'grant: create group/Developers',
      'grant: create permission-set/Developer',
      'grant: create assignment/group:Developers:Developer@Dev',
    ]);
    expect(planned.guards.filter(({ ok }) => !ok)).toEqual([]);
    expect(planned.held).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { liveOfPlan } from '../../src/commands/adopt.ts';
import { UserError } from '../../src/model/problem.ts';
import { attachment, desired, group, scp, set } from '../support/build.ts';
import { create, planOf, remove, update } from '../render/plans.ts';

const wanted = desired([group('Team'), set('Read', { sessionDuration: 7200 })]);
const said = { kind: 'held', key: 'permission-set/Theirs', id: 'x', reason: 'foreign owner' } as const;
const plan = planOf(
  [
    create(group('Team')),
    update(set('Read'), set('Read', { sessionDuration: 7200 })),
    create(attachment('Rail', 'account:Prod'), { temporary: true }),
    remove(attachment('Rail', 'account:Prod'), { temporary: true }),
    remove(scp('Gone')),
  ],
  { unmanaged: [{ kind: 'role', key: 'role/Prod:Hand' }], held: [said] },
);

describe('the AWS that a plan speaks of', () => {
  it('has what its changes begin with, and nothing that hangs for one apply only', () => {
    const live = liveOfPlan(plan, wanted, ['group/Team']);
    expect(live['group/Team']).toBeUndefined();
    expect(live['permission-set/Read']).toMatchObject({ sessionDuration: 3600 });
    expect(live['scp/Gone']).toBeDefined();
    expect(Object.keys(live).filter((key) => key.includes('Rail'))).toEqual([]);
  });

  it.each([
    ['role/Prod:Hand', 'lists it as unmanaged'],
    ['permission-set/Theirs', 'holds it'],
    ['scp/Nowhere', 'changes no such thing'],
  ])('does not say what %s is, and a live read is asked for by name', (key, reason) => {
    const asked = (): unknown => liveOfPlan(plan, wanted, ['group/Team', key]);
    expect(asked).toThrow(UserError);
    expect(asked).toThrow(new RegExp(`^${key}: .*${reason}.* AWS is read$`));
  });
});

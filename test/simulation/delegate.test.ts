/** Two credentials, one organization: a delegated administrator makes its lane, the management account the other. */
import { describe, expect, it } from 'vitest';
import { walkPlan } from '../../src/commands/run/walk.ts';
import type { Live, Outcome } from '../../src/model/cloud.ts';
import type { Plan } from '../../src/model/plan.ts';
import { resourcesOf } from '../../src/model/resource.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { accessKeyOf } from '../../src/sandbox/caller.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import { accounts, bench, labels, management, region } from '../aws/bench.ts';
import type { Bench } from '../aws/bench.ts';
import { NOW, assignment, desired, group, membership, ou, set } from '../support/build.ts';

const [delegate] = accounts;
if (delegate === undefined) throw new Error('the bench has no accounts');
const ada = 'ada@securecart.example';

const wanted: readonly Resource[] = [
  ou('Work'),
  group('Readers'),
  membership('Readers', ada),
  set('Reader', { managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
  set('Root', { managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
  assignment('group:Readers', 'Reader', 'Staging'),
  assignment(`user:${ada}`, 'Root', management.name),
];

const planOn = (live: Live): Plan => {
  const want = desired([...resourcesOf(live.state, 'account'), ...wanted], {
    accounts: labels,
    managementAccount: management.name,
    memberGroups: ['Readers'],
    settings: { organization: live.organization, region, delegatedAdministrator: delegate.name },
  });
  return plan(want, live, NOW);
};

type Made = { readonly plan: Plan; readonly outcomes: readonly Outcome[]; readonly calls: Bench['calls'] };

const applyAs = async (account: string, sandbox: Sandbox): Promise<Made> => {
  const { cloudOf, calls } = bench({ sandbox, accessKeyId: accessKeyOf(account) });
  const cloud = cloudOf();
  const made = planOn(await cloud.read());
  const silent = { started: () => undefined, settled: () => undefined };
  return { plan: made, calls, outcomes: [...(await walkPlan(made, { cloud, events: silent })).values()] };
};

const statuses = ({ outcomes }: Made): readonly string[] => [...new Set(outcomes.map(({ status }) => status))];

describe('an apply with the credential of a delegated administrator', () => {
  it('makes its lane and leaves the other for the management account, which finds nothing else to do', async () => {
    const { sandbox, clients } = bench();
    const organizations = await clients.organizations();
    await organizations.registerDelegatedAdministrator({
      AccountId: delegate.id,
      ServicePrincipal: 'sso.amazonaws.com',
    });

    const first = await applyAs(delegate.id, sandbox);
    expect(statuses(first)).toEqual(['done']);
    expect(first.plan.changes.map(({ key }) => key).sort()).toEqual([
      'assignment/group:Readers:Reader@Staging',
      'group/Readers',
      'membership/Readers:ada%40securecart.example',
      'permission-set/Reader',
    ]);
    const reason = "needs the management account's credential";
    expect(
      first.plan.held
        .filter((one) => one.reason === reason)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['assignment/user:ada%40securecart.example:Root@Management', 'ou/Work', 'permission-set/Root']);
    expect([...first.calls.keys()].filter((call) => /organizations:(Create|Attach|Update)/.test(call))).toEqual([]);

    const second = await applyAs(management.id, sandbox);
    expect(statuses(second)).toEqual(['done']);
    expect(second.plan.held).toEqual([]);
    expect(second.plan.changes.map(({ key }) => key).sort()).toEqual([
      'assignment/user:ada%40securecart.example:Root@Management',
      'ou/Work',
      'permission-set/Root',
    ]);
    expect((await applyAs(delegate.id, sandbox)).plan).toMatchObject({ changes: [], held: [] });
  });
});

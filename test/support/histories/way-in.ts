/** Whether the reconciler still gets done what it does in the accounts: measured by decision, as an administrator of its name. */
import { strayActors } from '../../../src/evaluate/actors.ts';
import { decide } from '../../../src/evaluate/decide.ts';
import { createWorld } from '../../../src/evaluate/policies-of.ts';
import type { Settings } from '../../../src/model/desired.ts';
import type { State } from '../../../src/model/resource.ts';
import { MANAGEMENT } from './organization.ts';
import { smallKnowledge } from '../powers.ts';

export type MemberRole = NonNullable<Settings['memberRole']>;

const needed = ['iam:GetRole', 'iam:CreateRole', 'iam:DeleteRole', 'iam:PutRolePolicy', 'sts:GetCallerIdentity'];

/** `account action`. */
export const wayIn = (state: State, { path, name }: Pick<MemberRole, 'path' | 'name'>): ReadonlySet<string> => {
  const world = createWorld({
    state,
    catalogue: smallKnowledge.policies,
    origins: {},
    region: 'eu-west-1',
    organization: 'o-securecart0',
    managementAccount: MANAGEMENT,
  });
  const all = [...world.accounts.values()].flatMap((account) => {
    const policies = strayActors(world, account).find(({ kind }) => kind === 'role')?.policies;
    if (policies === undefined) return [];
    const principal = `arn:aws:iam::${account.id}:role${path}${name}`;
    const context = { 'aws:RequestedRegion': 'us-east-1' };
    return needed
      .filter((action) => decide({ action, resource: '*', principal, context }, policies).decision === 'allowed')
      .map((action) => `${account.name} ${action}`);
  });
  return new Set(all);
};

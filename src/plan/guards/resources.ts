/** Policies of resources that would lock out those who have to be able to change them back. */
import { setActor } from '../../evaluate/actors.ts';
import { allowingAll } from '../../evaluate/layers.ts';
import { accountOf } from '../../evaluate/policies-of.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import type { ResourceService } from '../../kinds/resource-policies.ts';
import type { Desired } from '../../model/desired.ts';
import { shortList } from '../../model/lists.ts';
import { afterOf } from '../../model/plan.ts';
import type { Change } from '../../model/plan.ts';
import type { Account, ResourcePolicy } from '../../model/resource.ts';
import { decisionOn, decisionText } from './asking.ts';
import type { Guard, GuardRefusal } from './guard.ts';
import type { Evaluated } from './phase-ends.ts';

/** By which a policy is read, replaced and taken away. */
const repairs: Partial<Readonly<Record<ResourceService, readonly string[]>>> = {
  s3: ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  sns: ['sns:GetTopicAttributes', 'sns:SetTopicAttributes'],
  kms: ['kms:GetKeyPolicy', 'kms:PutKeyPolicy'],
  secretsmanager: [
    'secretsmanager:GetResourcePolicy',
    'secretsmanager:PutResourcePolicy',
    'secretsmanager:DeleteResourcePolicy',
  ],
};

type Keeper = { readonly name: string; readonly arn: string };

/** Where the reconciler is at home it acts as itself, elsewhere as the member role. */
const reconcilerIn = ({ settings, managementAccount }: Desired, { name, id }: Account): Keeper => {
  const home = settings.delegatedAdministrator ?? managementAccount;
  const { name: role = 'OrganizationAccountAccessRole', path = '/' } = settings.memberRole ?? {};
  const own = name === home ? settings.reconciler?.apply : undefined;
  return { name: own ?? role, arn: `arn:aws:iam::${id}:role${own === undefined ? `${path}${role}` : `/${own}`}` };
};

const keepersIn = (desired: Desired, world: AccessWorld, account: Account): readonly Keeper[] => {
  const set = desired.settings.breakGlass?.permissionSet;
  const glass = set === undefined ? undefined : setActor(world, set, account);
  return [
    reconcilerIn(desired, account),
    ...(set === undefined || glass === undefined ? [] : [{ name: set, arn: glass.arn }]),
  ];
};

/** Only the policy of the resource is judged: their own policies and guard rails are other guards' business. */
const lockedOut = (world: AccessWorld, policy: ResourcePolicy, keeper: Keeper): readonly string[] => {
  const account = accountOf(world, policy.account);
  const service = resourceOfArn(policy.resource)?.service;
  if (account === undefined || service === undefined) return [];
  const layers = {
    identityPolicies: [allowingAll],
    resourcePolicy: { name: 'the policy of the resource', policy: policy.document },
  };
  return (repairs[service] ?? []).flatMap((action) => {
    const decision = decisionOn(world, { principal: keeper.arn, action, resource: policy.resource, account }, layers);
    return decision.decision === 'allowed' ? [] : [`${action} (${decisionText(decision)})`];
  });
};

/** A key allows nobody whom its policy does not name; elsewhere only a denial locks out. */
const howToKeep = (service: ResourceService | undefined): string =>
  service === 'kms'
    ? 'Let the account decide: Principal: the account, Action: kms:*.'
    : 'Except it by aws:PrincipalArn in the denial.';

const refusalsOf = (desired: Desired, world: AccessWorld, change: Change): readonly GuardRefusal[] => {
  const policy = afterOf(change);
  if (policy?.kind !== 'resource-policy') return [];
  const account = accountOf(world, policy.account);
  if (account === undefined) return [];
  return keepersIn(desired, world, account).flatMap((keeper) => {
    const lost = lockedOut(world, policy, keeper);
    if (lost.length === 0) return [];
    const message = `${policy.resource} would lock out ${keeper.name} in ${policy.account}: ${shortList(lost, 2, '; ')}. ${howToKeep(resourceOfArn(policy.resource)?.service)}`;
    return [{ key: change.key, message }];
  });
};

export const resourceGuards: readonly Guard<Evaluated>[] = [
  {
    id: 'resource-lockout',
    fine: 'Break-glass and the reconciler can change back every policy of a resource.',
    refusals: ({ situation: { desired }, ends }) =>
      ends.flatMap(({ world, changes }) => changes.flatMap((change) => refusalsOf(desired, world, change))),
  },
];

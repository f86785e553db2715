/** Resources whose policies are known, or could not be read. */
import type { PolicyDocument } from '../model/policy.ts';
import { statements } from '../model/policy.ts';
import { resourcePolicyKey, resourcesOf } from '../model/resource.ts';
import type { Account } from '../model/resource.ts';
import type { NamedPolicy } from './layers.ts';
import type { WorldInput } from './world-input.ts';

/** A resource in its account, with its policy; its Region, which the ARN of a bucket does not say. */
export type PlacedResource = {
  readonly arn: string;
  readonly account: Account;
  readonly region: string;
  readonly policy: NamedPolicy;
};

const declaredResources = (
  accounts: ReadonlyMap<string, Account>,
  { state, origins }: WorldInput,
): readonly PlacedResource[] =>
  resourcesOf(state, 'resource-policy').flatMap(({ resource: arn, account: name, region, document }) => {
    const account = accounts.get(name);
    if (account === undefined) return [];
    const key = resourcePolicyKey(arn);
    const places = statements(document).map((_, index) => origins[`${key}#/document/Statement/${index}`]);
    return [{ arn, account, region, policy: { name: `policy of ${arn}`, policy: document, places } }];
  });
/** May allow everything and deny everything: each answer hangs on it, whoever asks. */
const unreadPolicy = (arn: string): PolicyDocument => {
  const hanging = {
    Principal: '*',
    Action: '*',
    Resource: '*',
    Condition: { BinaryEquals: { [`the policy of ${arn}`]: '' } },
  } as const;
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', ...hanging },
      { Effect: 'Deny', ...hanging },
    ],
  };
};
export const placedResources = (
  accounts: ReadonlyMap<string, Account>,
  input: WorldInput,
): readonly PlacedResource[] => [
  ...declaredResources(accounts, input),
  ...(input.unreadResources ?? []).flatMap(({ arn, account: name, region }) => {
    const account = accounts.get(name);
    const policy = { name: `policy of ${arn}`, policy: unreadPolicy(arn), assumed: true } as const;
    return account === undefined ? [] : [{ arn, account, region, policy }];
  }),
];

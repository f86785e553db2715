/** Where things are in the imitated organization, and how AWS writes them. */
import { AwsError, type Input, type Output } from '../core.ts';
import { own, text } from '../members.ts';
import { invalidInput } from './refusal.ts';
import type { Account, OrganizationalUnit, OrganizationsState, Policy } from './state.ts';
import { takePage } from '../pages.ts';

export const missing = (code: string, message: string): AwsError => new AwsError(code, message);

export const arnOf = (state: OrganizationsState, kind: string, id: string): string =>
  `arn:aws:organizations::${state.management}:${kind}/${state.id}/${id}`;

/** The root and OUs above a node, topmost first. */
export const above = (state: OrganizationsState, parent: string): readonly string[] => {
  const unit = own(state.ous, parent);
  return unit ? [...above(state, unit.parent), parent] : [parent];
};

const pathOf = (state: OrganizationsState, parent: string, id: string): string =>
  `${[state.id, ...above(state, parent), id].join('/')}/`;

export const ouOutput = (state: OrganizationsState, unit: OrganizationalUnit): Output => ({
  Id: unit.Id,
  Arn: arnOf(state, 'ou', unit.Id),
  Name: unit.Name,
  Path: pathOf(state, unit.parent, unit.Id),
});

// `Status` is retired since September 2026 (Account data type): only `State` is answered.
export const accountOutput = (state: OrganizationsState, account: Account): Output => ({
  Id: account.Id,
  Arn: arnOf(state, 'account', account.Id),
  Email: account.Email,
  Name: account.Name,
  State: account.State,
  Paths: [pathOf(state, account.parent, account.Id)],
  JoinedMethod: account.JoinedMethod,
  JoinedTimestamp: account.JoinedTimestamp,
});

export const policySummary = (state: OrganizationsState, policy: Policy): Output => ({
  Id: policy.Id,
  Arn: policy.AwsManaged
    ? `arn:aws:organizations::aws:policy/${policy.Type.toLowerCase()}/${policy.Id}`
    : arnOf(state, 'policy', `${policy.Type.toLowerCase()}/${policy.Id}`),
  Name: policy.Name,
  Description: policy.Description,
  Type: policy.Type,
  AwsManaged: policy.AwsManaged,
});

/** The policy types of the root that are not plainly disabled, with their status now. */
export const typesNow = (state: OrganizationsState, now: number): readonly { Type: string; Status: string }[] =>
  state.policyTypes.flatMap(({ Type, settled, settlesAt }) => {
    if (settlesAt > now) return [{ Type, Status: settled === 'ENABLED' ? 'PENDING_ENABLE' : 'PENDING_DISABLE' }];
    return settled === 'ENABLED' ? [{ Type, Status: 'ENABLED' }] : [];
  });

export const rootOutput = (state: OrganizationsState, now: number): Output => ({
  Id: state.rootId,
  Arn: arnOf(state, 'root', state.rootId),
  Name: 'Root',
  PolicyTypes: typesNow(state, now),
});

export const isParent = (state: OrganizationsState, id: string): boolean =>
  id === state.rootId || Object.hasOwn(state.ous, id);

export const isTarget = (state: OrganizationsState, id: string): boolean =>
  isParent(state, id) || Object.hasOwn(state.accounts, id);

export const parentIn = (state: OrganizationsState, input: Input): string => {
  const id = text(input, 'ParentId');
  if (isParent(state, id)) return id;
  throw missing('ParentNotFoundException', "You specified a parent that doesn't exist.");
};

export const ouIn = (state: OrganizationsState, input: Input): OrganizationalUnit => {
  const unit = own(state.ous, text(input, 'OrganizationalUnitId'));
  if (unit) return unit;
  throw missing('OrganizationalUnitNotFoundException', "You specified an organizational unit that doesn't exist.");
};

export const accountIn = (state: OrganizationsState, input: Input): Account => {
  const account = own(state.accounts, text(input, 'AccountId'));
  if (account) return account;
  throw missing('AccountNotFoundException', "You specified an account that doesn't exist.");
};

/** What reads say; writes have other words. */
export const noSuchPolicy = "You specified a policy that doesn't exist.";

const unknownPolicy = "We can't find a policy with the PolicyId that you specified.";

export const policyIn = (state: OrganizationsState, input: Input, otherwise = unknownPolicy): Policy => {
  const policy = own(state.policies, text(input, 'PolicyId'));
  if (policy) return policy;
  throw missing('PolicyNotFoundException', otherwise);
};

export const targetIn = (state: OrganizationsState, input: Input): string => {
  const id = text(input, 'TargetId');
  if (isTarget(state, id)) return id;
  throw missing('TargetNotFoundException', "You specified a target that doesn't exist.");
};

/** One page of at most 20 as the output member `name`. */
export const listOutput = (name: string, all: readonly unknown[], input: Input): Output => {
  const page = takePage(all, { token: input['NextToken'], size: input['MaxResults'], cap: 20 });
  if (!page) throw invalidInput('INVALID_NEXT_TOKEN', 'You specified an invalid pagination token.');
  return { [name]: page.items, ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }) };
};

/** Where things are in the imitated organization, and how AWS writes them. */
import type { CallInput, CallOutput } from '../core.ts';
import { AwsError } from '../core.ts';
import { own, textMember } from '../members.ts';
import { invalidOrganizationsInput } from './refusal.ts';
import type { OrganizationAccount, OrganizationalUnit, OrganizationsState, OrganizationPolicy } from './state.ts';
import { takePage } from '../pages.ts';

export const missingFromOrganization = (code: string, message: string): AwsError => new AwsError(code, message);

export const arnOf = (state: OrganizationsState, kind: string, id: string): string =>
  `arn:aws:organizations::${state.management}:${kind}/${state.id}/${id}`;

/** The root and OUs above a node, topmost first. */
export const above = (state: OrganizationsState, parent: string): readonly string[] => {
  const unit = own(state.ous, parent);
  return unit ? [...above(state, unit.parent), parent] : [parent];
};

const pathOf = (state: OrganizationsState, parent: string, id: string): string =>
  `${[state.id, ...above(state, parent), id].join('/')}/`;

export const ouOutput = (state: OrganizationsState, unit: OrganizationalUnit): CallOutput => ({
  Id: unit.Id,
  Arn: arnOf(state, 'ou', unit.Id),
  Name: unit.Name,
  Path: pathOf(state, unit.parent, unit.Id),
});

// `Status` is retired since September 2026 (Account data type): only `State` is answered.
export const accountOutput = (state: OrganizationsState, account: OrganizationAccount): CallOutput => ({
  Id: account.Id,
  Arn: arnOf(state, 'account', account.Id),
  Email: account.Email,
  Name: account.Name,
  State: account.State,
  Paths: [pathOf(state, account.parent, account.Id)],
  JoinedMethod: account.JoinedMethod,
  JoinedTimestamp: account.JoinedTimestamp,
});

export const policySummary = (state: OrganizationsState, policy: OrganizationPolicy): CallOutput => ({
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

export const rootOutput = (state: OrganizationsState, now: number): CallOutput => ({
  Id: state.rootId,
  Arn: arnOf(state, 'root', state.rootId),
  Name: 'Root',
  PolicyTypes: typesNow(state, now),
});

export const isParent = (state: OrganizationsState, id: string): boolean =>
  id === state.rootId || Object.hasOwn(state.ous, id);

export const isTarget = (state: OrganizationsState, id: string): boolean =>
  isParent(state, id) || Object.hasOwn(state.accounts, id);

export const parentIn = (state: OrganizationsState, input: CallInput): string => {
  const id = textMember(input, 'ParentId');
  if (isParent(state, id)) return id;
  throw missingFromOrganization('ParentNotFoundException', "You specified a parent that doesn't exist.");
};

export const ouIn = (state: OrganizationsState, input: CallInput): OrganizationalUnit => {
  const unit = own(state.ous, textMember(input, 'OrganizationalUnitId'));
  if (unit) return unit;
  throw missingFromOrganization(
    'OrganizationalUnitNotFoundException',
    "You specified an organizational unit that doesn't exist.",
  );
};

export const accountIn = (state: OrganizationsState, input: CallInput): OrganizationAccount => {
  const account = own(state.accounts, textMember(input, 'AccountId'));
  if (account) return account;
  throw missingFromOrganization('AccountNotFoundException', "You specified an account that doesn't exist.");
};

/** What reads say; writes have other words. */
export const noSuchPolicy = "You specified a policy that doesn't exist.";

const unknownPolicy = "We can't find a policy with the PolicyId that you specified.";

export const organizationPolicyIn = (
  state: OrganizationsState,
  input: CallInput,
  otherwise = unknownPolicy,
): OrganizationPolicy => {
  const policy = own(state.policies, textMember(input, 'PolicyId'));
  if (policy) return policy;
  throw missingFromOrganization('PolicyNotFoundException', otherwise);
};

export const targetIn = (state: OrganizationsState, input: CallInput): string => {
  const id = textMember(input, 'TargetId');
  if (isTarget(state, id)) return id;
  throw missingFromOrganization('TargetNotFoundException', "You specified a target that doesn't exist.");
};

/** One page of at most 20 as the output member `name`. */
export const listOutput = (name: string, all: readonly unknown[], input: CallInput): CallOutput => {
  const page = takePage(all, { token: input['NextToken'], size: input['MaxResults'], cap: 20 });
  if (!page) throw invalidOrganizationsInput('INVALID_NEXT_TOKEN', 'You specified an invalid pagination token.');
  return { [name]: page.items, ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }) };
};

/** Whether a role's trust policy lets a caller assume it. */
import type { ConditionFacts } from './conditions.ts';
import { conditionHolds } from './conditions.ts';
import { isLike } from './glob.ts';
import type { JsonObject } from '../core.ts';
import type { PolicyStatement } from '../iam/grammar/syntax.ts';
import { parsePolicy } from '../iam/grammar/syntax.ts';
import type { RoleTrustPolicy } from '../iam/principals.ts';

export type StsCaller = {
  readonly account: string;
  /** The session's or user's ARN. */
  readonly principalArn: string;
  /** The unique id of the role or user behind it. */
  readonly entityId: string;
  /** The identity provider that vouches for somebody who is no principal of AWS. */
  readonly federated?: string;
};

type TrustQuestion = { readonly caller: StsCaller; readonly action: string; readonly facts: ConditionFacts };

type SavedIds = RoleTrustPolicy['principals'];

/** An ARN of a role or user stands for the id that it had when the policy was saved. */
const isCaller = (principal: string, caller: StsCaller, principals: SavedIds): boolean => {
  const id = Object.hasOwn(principals, principal) ? principals[principal] : undefined;
  if (id !== undefined) return id === caller.entityId;
  if (principal === '*' || principal === caller.account || principal === caller.entityId) return true;
  return principal === `arn:aws:iam::${caller.account}:root` || principal === caller.principalArn;
};

const names = (principal: unknown, type: 'AWS' | 'Federated'): readonly unknown[] => {
  if (principal === '*') return type === 'AWS' ? ['*'] : [];
  if (typeof principal !== 'object' || principal === null) return [];
  return [(principal as JsonObject)[type] ?? []].flat();
};

/** Whether a statement is about the caller. */
export const speaksOfCaller = (statement: PolicyStatement, caller: StsCaller, principals: SavedIds): boolean => {
  const { federated } = caller;
  const named = (principal: unknown): boolean =>
    federated === undefined
      ? names(principal, 'AWS').some((one) => typeof one === 'string' && isCaller(one, caller, principals))
      : names(principal, 'Federated').includes(federated);
  return statement['Principal'] === undefined ? !named(statement['NotPrincipal']) : named(statement['Principal']);
};

const covers = (statement: PolicyStatement, { action }: TrustQuestion): boolean => {
  const listed = (patterns: unknown): boolean =>
    [patterns].flat().some((one) => typeof one === 'string' && isLike(action.toLowerCase(), one.toLowerCase()));
  return statement['Action'] === undefined ? !listed(statement['NotAction']) : listed(statement['Action']);
};

/** What cannot be evaluated allows nothing and denies what it might. */
const applies = (statement: PolicyStatement, question: TrustQuestion, role: RoleTrustPolicy): boolean => {
  if (!speaksOfCaller(statement, question.caller, role.principals) || !covers(statement, question)) return false;
  const held = conditionHolds(statement['Condition'], question.facts);
  return held ?? statement['Effect'] === 'Deny';
};

/** Only the trust policy is asked: whoever calls here has a policy of their own that allows it. */
export const trusts = (role: RoleTrustPolicy, question: TrustQuestion): boolean => {
  const met = parsePolicy(role.AssumeRolePolicyDocument).statements.filter((one) => applies(one, question, role));
  return met.length > 0 && met.every((one) => one['Effect'] === 'Allow');
};

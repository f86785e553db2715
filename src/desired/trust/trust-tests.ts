/** What an entry of a role's trust demands of who comes, as lines of the Condition element. */
import type { ConditionBlock, OneOrMany } from '../../model/policy.ts';
import { listOf } from '../../model/policy.ts';
import type { TextsByName, WrittenTrust } from '../../model/written.ts';

export type TrustTest = readonly [operator: string, key: string, values: OneOrMany<string>];

/** Wildcards and policy variables are what people write StringLike for. */
const isPattern = (text: string): boolean => /[*?$]/.test(text);

/** `quantifier`: of a key that may have several values in a request. */
export const textTest = (
  key: string,
  values: OneOrMany<string> | undefined,
  quantifier: '' | 'ForAnyValue:' | 'ForAllValues:' = '',
): readonly TrustTest[] => {
  if (values === undefined) return [];
  const operator = listOf(values).some(isPattern) ? 'StringLike' : 'StringEquals';
  return [[`${quantifier}${operator}`, key, values]];
};

export const arnTest = (key: string, values: OneOrMany<string> | undefined): readonly TrustTest[] =>
  values === undefined ? [] : [['ArnLike', key, values]];

export const pathTest = (key: string, values: OneOrMany<string> | undefined): readonly TrustTest[] =>
  values === undefined ? [] : [['ForAnyValue:StringLike', key, values]];

export const byName = (
  prefix: string,
  texts: TextsByName | undefined,
  quantifierOf: (name: string) => '' | 'ForAnyValue:' = () => '',
): readonly TrustTest[] =>
  Object.entries(texts ?? {}).flatMap(([name, values]) => textTest(`${prefix}${name}`, values, quantifierOf(name)));

/** Of the session that is asked for; these may stand beside whoever asks. */
export const sessionTests = (trust: WrittenTrust): readonly TrustTest[] => [
  ...byName('aws:PrincipalTag/', trust.principalTags),
  ...textTest('sts:RoleSessionName', trust.sessionName),
  ...textTest('sts:SourceIdentity', trust.sourceIdentity),
  ...byName('aws:RequestTag/', trust.sessionTags),
  ...textTest('aws:TagKeys', trust.sessionTagKeys, 'ForAllValues:'),
  ...textTest('sts:TransitiveTagKeys', trust.transitiveTagKeys, 'ForAllValues:'),
];

/** Of a caller of an account. */
export const callerTests = (trust: WrittenTrust): readonly TrustTest[] => [
  ...textTest('sts:ExternalId', trust.externalId),
  ...(trust.mfa ? ([['Bool', 'aws:MultiFactorAuthPresent', 'true']] as const) : []),
  ...textTest('aws:PrincipalOrgID', trust.organization),
  ...pathTest('aws:PrincipalOrgPaths', trust.organizationPath),
  ...arnTest('aws:PrincipalArn', trust.principalArn),
];

export const conditionOf = (tests: readonly TrustTest[]): ConditionBlock =>
  tests.reduce<Record<string, Record<string, OneOrMany<string>>>>(
    (block, [operator, key, values]) => ({ ...block, [operator]: { ...block[operator], [key]: values } }),
    {},
  );

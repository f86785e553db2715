/** What IAM accepts as a policy, and how large it may be. */
import { AwsError } from '../core.ts';

type Statement = Readonly<Record<string, unknown>>;

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);

export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', message, { status: 409 });

const isObject = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws MalformedPolicyDocument unless the text is a policy: an object with statements that allow or deny. */
export const statementsOf = (json: string): readonly Statement[] => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  const statements: readonly unknown[] = isObject(value) ? [value['Statement']].flat() : [];
  const valid = statements.every(
    (statement): statement is Statement =>
      isObject(statement) && (statement['Effect'] === 'Allow' || statement['Effect'] === 'Deny'),
  );
  if (statements.length === 0 || !valid) throw malformed('Syntax errors in policy.');
  return statements;
};

const hasAction = (statement: Statement): boolean =>
  statement['Action'] !== undefined || statement['NotAction'] !== undefined;

/** Throws unless the text is a policy for users and roles: no principal. */
export const checkIdentityPolicy = (json: string): void => {
  const statements = statementsOf(json);
  if (statements.some((one) => one['Principal'] !== undefined || one['NotPrincipal'] !== undefined))
    throw malformed('Policy document should not specify a principal.');
  if (!statements.every(hasAction)) throw malformed('Policy statement must contain actions.');
};

/** Throws unless the text is a trust policy: who may assume, and no resource. */
export const checkTrustPolicy = (json: string): readonly Statement[] => {
  const statements = statementsOf(json);
  if (statements.some((one) => one['Resource'] !== undefined || one['NotResource'] !== undefined))
    throw malformed('Has prohibited field Resource');
  if (statements.some((one) => one['Principal'] === undefined && one['NotPrincipal'] === undefined))
    throw malformed('Missing required field Principal');
  if (!statements.every(hasAction)) throw malformed('Missing required field Action');
  return statements;
};

/** IAM does not count white space ("IAM and AWS STS quotas"). */
export const sizeOf = (document: string): number => document.replace(/[\t\n\r ]/g, '').length;

/** Throws LimitExceeded when the document is larger than a quota, named as IAM names it. */
export const checkSize = (document: string, name: string, quota: number): void => {
  if (sizeOf(document) > quota) throw limitExceeded(`Cannot exceed quota for ${name}: ${quota}`);
};

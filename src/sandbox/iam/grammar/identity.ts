/**
 * Policies of users, groups and roles. The order in which IAM finds faults is that of recorded answers to documents
 * with more than one.
 */
import { hasReadableDates } from './dates.ts';
import { isParsedArn, resourceFault } from './resources.ts';
import { malformed, parsePolicy, textsOf, type PolicyStatement } from './syntax.ts';

const resourcesOf = (statement: PolicyStatement): readonly string[] => [
  ...textsOf(statement['Resource']),
  ...textsOf(statement['NotResource']),
];

const actionsOf = (statement: PolicyStatement): readonly string[] => [
  ...textsOf(statement['Action']),
  ...textsOf(statement['NotAction']),
];

const isLegacy = (statement: PolicyStatement): boolean =>
  ['Allow', 'Deny'].includes(String(statement['Effect'])) &&
  hasReadableDates(statement) &&
  resourcesOf(statement).every(isParsedArn);

const sidsOf = (statements: readonly PolicyStatement[]): readonly string[] =>
  statements.flatMap((statement) => textsOf(statement['Sid'])).filter((sid) => sid !== '');

export const repeatedSid = (statements: readonly PolicyStatement[]): string | undefined => {
  const sids = sidsOf(statements);
  return new Set(sids).size < sids.length ? 'Statement IDs (SID) in a single policy must be unique.' : undefined;
};

const sidFault = (statements: readonly PolicyStatement[]): string | undefined =>
  repeatedSid(statements) ??
  (sidsOf(statements).every((sid) => /^[0-9A-Za-z]*$/.test(sid))
    ? undefined
    : 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*');

const actionFault = (action: string): string | undefined => {
  if (action === '*') return undefined;
  const [vendor = '', ...names] = action.split(':');
  if (names.length === 0) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  if (names.length > 1) return 'Actions/Condition can contain only one colon.';
  return vendor === '*' || /^[A-Za-z0-9.-]+$/.test(vendor) ? undefined : `Vendor ${vendor} is not valid`;
};

/** What is wrong with actions and resources, whoever they are for. */
export const reachFault = (statements: readonly PolicyStatement[]): string | undefined => {
  if (statements.some((one) => actionsOf(one).length === 0)) return 'Policy statement must contain actions.';
  const resource = statements.flatMap(resourcesOf).flatMap((text) => resourceFault(text) ?? [])[0];
  if (resource !== undefined) return resource;
  if (statements.some((one) => resourcesOf(one).length === 0)) return 'Policy statement must contain resources.';
  return statements.flatMap(actionsOf).flatMap((action) => actionFault(action) ?? [])[0];
};

/** What the older of IAM's two parsers does not read, whatever else is wrong. */
export const legacyFault = (statements: readonly PolicyStatement[]): string | undefined =>
  statements.every(isLegacy) ? undefined : 'The policy failed legacy parsing';

const faultOf = (statements: readonly PolicyStatement[]): string | undefined => {
  if (statements.some((one) => one['Principal'] !== undefined || one['NotPrincipal'] !== undefined))
    return 'Policy document should not specify a principal.';
  return legacyFault(statements) ?? sidFault(statements) ?? reachFault(statements);
};

/** Throws unless the text is a policy for users, groups and roles. */
export const checkInlineDocument = (text: string): void => {
  const fault = faultOf(parsePolicy(text).statements);
  if (fault !== undefined) throw malformed(fault);
};

/** As `checkInlineDocument`; a managed policy must also say that it is of the newer version. */
export const checkManagedDocument = (text: string): void => {
  if (parsePolicy(text).version !== '2012-10-17')
    throw malformed('Policy document must be version 2012-10-17 or greater.');
  checkInlineDocument(text);
};

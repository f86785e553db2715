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

/** What the older of IAM's two parsers does not read, whatever else is wrong. */
const isLegacy = (statement: PolicyStatement): boolean =>
  ['Allow', 'Deny'].includes(String(statement['Effect'])) &&
  hasReadableDates(statement) &&
  resourcesOf(statement).every(isParsedArn);

const sidFault = (statements: readonly PolicyStatement[]): string | undefined => {
  const sids = statements.flatMap((statement) => textsOf(statement['Sid'])).filter((sid) => sid !== '');
  if (new Set(sids).size < sids.length) return 'Statement IDs (SID) in a single policy must be unique.';
  return sids.every((sid) => /^[0-9A-Za-z]*$/.test(sid))
    ? undefined
    : 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
};

const actionFault = (action: string): string | undefined => {
  if (action === '*') return undefined;
  const [vendor = '', ...names] = action.split(':');
  if (names.length === 0) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  if (names.length > 1) return 'Actions/Condition can contain only one colon.';
  return vendor === '*' || /^[A-Za-z0-9.-]+$/.test(vendor) ? undefined : `Vendor ${vendor} is not valid`;
};

const faultOf = (statements: readonly PolicyStatement[]): string | undefined => {
  if (statements.some((one) => one['Principal'] !== undefined || one['NotPrincipal'] !== undefined))
    return 'Policy document should not specify a principal.';
  if (!statements.every(isLegacy)) return 'The policy failed legacy parsing';
  const sids = sidFault(statements);
  if (sids !== undefined) return sids;
  if (statements.some((one) => actionsOf(one).length === 0)) return 'Policy statement must contain actions.';
  const resource = statements.flatMap(resourcesOf).flatMap((text) => resourceFault(text) ?? [])[0];
  if (resource !== undefined) return resource;
  if (statements.some((one) => resourcesOf(one).length === 0)) return 'Policy statement must contain resources.';
  return statements.flatMap(actionsOf).flatMap((action) => actionFault(action) ?? [])[0];
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

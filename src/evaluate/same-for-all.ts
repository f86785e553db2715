/** Conditions that are met by every request, or by none, whoever asks for what. */
import { readOperatorName } from './conditions.ts';

type ConditionTest = { readonly operator: string; readonly key: string; readonly values: readonly string[] };

/**
 * Every signed request carries these
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
 */
const inEveryRequest: ReadonlySet<string> = new Set([
  ...['aws:currenttime', 'aws:epochtime', 'aws:requestedregion', 'aws:securetransport', 'aws:viaawsservice'],
  ...['aws:principalaccount', 'aws:principalarn', 'aws:principaltype', 'aws:userid'],
]);

const hasBoth = (values: readonly string[]): boolean =>
  ['true', 'false'].every((want) => values.some((value) => value.toLowerCase() === want));

const booleans: ReadonlySet<string> = new Set([
  ...['aws:multifactorauthpresent', 'aws:principalisawsservice', 'aws:securetransport', 'aws:viaawsservice'],
]);

/** Some value of the test matches whatever a request says; what is no ARN fits no ARN operator. */
const takesAny = (base: string, key: string, values: readonly string[]): boolean => {
  if (/^arn/.test(base)) return key === 'aws:principalarn' && values.includes('*');
  if (/^string(not)?like$/.test(base)) return values.some((value) => /^\*+$/.test(value));
  return base === 'bool' && booleans.has(key) && hasBoth(values);
};

const ofNull = (key: string, values: readonly string[]): boolean | undefined => {
  if (hasBoth(values)) return true;
  return inEveryRequest.has(key) ? values.some((value) => value.toLowerCase() === 'false') : undefined;
};

/** Whether every request meets it (true), none does (false), or that hangs on the request. */
export const answerOfAll = ({ operator, key, values }: ConditionTest): boolean | undefined => {
  const { base, quantifier, ifExists } = readOperatorName(operator);
  const lower = key.toLowerCase();
  const isSent = inEveryRequest.has(lower);
  if (base === 'null') return ofNull(lower, values);
  const negated = base.includes('not');
  if (values.length === 0 && quantifier === 'one') return negated || (ifExists ? undefined : false);
  if (!takesAny(base, lower, values)) return undefined;
  if (!negated && (ifExists || quantifier === 'forallvalues')) return true;
  return isSent && quantifier === 'one' ? !negated : undefined;
};

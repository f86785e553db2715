/** Values of conditions that no request can have, and what a test with nothing but such values comes to. */
import type { LintStatement, LintTest } from './document.ts';
import type { LintContext } from './context.ts';
import { variableKeys } from './facts.ts';
import { answerOfAll } from '../same-for-all.ts';
import { listOf } from '../../model/policy.ts';

/** Providers bring keys of their own, which have a dot before their colon. */
const isProvidersKey = (key: string): boolean => /^[^:]*\.[^:]*:/.test(key);

/** Keys of variables that never have a value: no request carries them. */
export const valuelessKeys = (text: string, { facts }: Pick<LintContext, 'facts'>): readonly string[] =>
  variableKeys(text).filter((key) => !Object.hasOwn(facts.keys, key) && !isProvidersKey(key));

/** AWS replaces variables in string and ARN operators alone (IAM User Guide, "Variables and tags"). */
export const replacesVariables = ({ base }: LintTest): boolean => /^(string|arn)/.test(base);

/** What some global keys always look like (IAM User Guide, "Global condition keys"). */
const forms: readonly (readonly [RegExp, RegExp])[] = [
  [/^aws:(principal|resource|source)account$/, /^\d{12}$/],
  [/^aws:(principal|resource|source|vpce)orgid$/, /^o-[a-z0-9]{10,32}$/],
  [/^aws:(principal|resource|source|vpce)orgpaths$/, /^o-[a-z0-9]{10,32}\/r-/],
  [/^aws:sourcevpc$/, /^vpc-[0-9a-f]+$/],
  [/^aws:sourcevpce$/, /^vpce-[0-9a-z]+$/],
  [/^aws:requestedregion$/, /^[a-z]{2,}(-[a-z]+)+-\d+$|^aws-global$/],
  [/^aws:principaltype$/i, /^(Account|User|FederatedUser|AssumedRole|Anonymous)$/],
];

/** A session's aws:PrincipalArn is its role's ARN, and no group ever asks. */
const isNobody = (arn: string): boolean =>
  /^arn:[^:]*:sts:[^:]*:[^:]*:assumed-role\/|^arn:[^:]*:iam:[^:]*:[^:]*:group\//.test(arn);

const misshapen = (key: string, value: string): boolean => {
  if (/[*?]|\$\{/.test(value)) return false;
  const form = forms.find(([name]) => name.test(key))?.[1];
  return form !== undefined && !form.test(value);
};

/** Said by itself elsewhere: a variable that has no value or is not replaced. */
export const hasDeadVariable = (test: LintTest, value: string, context: LintContext): boolean =>
  value.includes('${') && (!replacesVariables(test) || valuelessKeys(value, context).length > 0);

export const isImpossible = ({ key }: LintTest, value: string): boolean =>
  misshapen(key, value) || (key === 'aws:principalarn' && isNobody(value));

const isDead = (test: LintTest, context: LintContext): boolean =>
  test.values.every((value) => hasDeadVariable(test, value, context) || isImpossible(test, value));

const isUnknownKey = ({ key }: LintTest, { facts }: LintContext): boolean =>
  !Object.hasOwn(facts.keys, key) && !isProvidersKey(key);

/** Every request passes it. */
export const alwaysHolds = (test: LintTest, context: LintContext): boolean => {
  if (answerOfAll(test) === true) return true;
  if (test.base === 'null') return isUnknownKey(test, context) && test.values.every((value) => /^true$/i.test(value));
  if (isUnknownKey(test, context)) return test.negated || test.ifExists || test.quantifier === 'forallvalues';
  return test.quantifier === 'one' && test.negated && isDead(test, context);
};

const everyAddress = ['0.0.0.0/0', '::/0'];

/** Every value that a request can have is listed, so that a negated test fails for all that have the key. */
export const listsAll = ({ base, values }: LintTest): boolean => {
  if (/^string(not)?like$/.test(base)) return values.some((value) => /^\*+$/.test(value));
  if (/^arn/.test(base))
    return values.some((value) => /^(\*|arn:(aws|\*):(iam|\*):\*?:\*:\*|arn:\*:\*:\*:\*:\*)$/.test(value));
  return base === 'notipaddress' && everyAddress.every((range) => values.includes(range));
};

/** No request passes it. */
export const neverHolds = (test: LintTest, context: LintContext): boolean => {
  if (test.base === 'null' || test.quantifier === 'forallvalues') return false;
  if (test.negated) return listsAll(test) && test.key.startsWith('aws:principal') && test.quantifier === 'one';
  return !test.ifExists && (isUnknownKey(test, context) || isDead(test, context));
};

/** Everything of the element is dead, or it is not there. */
export const isDeadResource = ({ statement }: LintStatement, context: LintContext): boolean => {
  const texts = listOf(statement.Resource);
  return texts.length > 0 && texts.every((text) => valuelessKeys(text, context).length > 0);
};

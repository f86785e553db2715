/**
 * The shape of a policy document: which elements there are and what type each has ("Grammar of the IAM JSON policy
 * language", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
 */
import { AwsError } from '../../core.ts';

export type PolicyStatement = Readonly<Record<string, unknown>>;
export type ParsedPolicy = { readonly version: string | undefined; readonly statements: readonly PolicyStatement[] };

export const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);

const syntaxError = (): AwsError => malformed('Syntax errors in policy.');

export const isObject = (value: unknown): value is PolicyStatement =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const statementElements: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

const comparisons: readonly string[] = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ...['StringLike', 'StringNotLike', 'Bool', 'BinaryEquals', 'IpAddress', 'NotIpAddress'],
  ...['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'],
  ...['Numeric', 'Date'].flatMap((type) =>
    ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
      (comparison) => `${type}${comparison}`,
    ),
  ),
];

/** "You can add IfExists to the end of any condition operator name except the Null condition." */
const operators: ReadonlySet<string> = new Set([...comparisons.flatMap((one) => [one, `${one}IfExists`]), 'Null']);

/** The operator without what makes it one of a set. */
export const plainOperator = (operator: string): string => operator.replace(/^(ForAllValues|ForAnyValue):/, '');

const isText = (value: unknown): value is string => typeof value === 'string';

const isTextOrTexts = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.every((one) => isText(one) || one === null));

const isConditionValue = (value: unknown): boolean =>
  isText(value) || typeof value === 'boolean' || typeof value === 'number';

const isBlock = (block: unknown): block is PolicyStatement =>
  isObject(block) && Object.values(block).every((value) => Array.isArray(value) || isConditionValue(value));

/** An operator that does not exist is not noticed while nothing stands under it. */
const isCondition = (condition: unknown): boolean =>
  isObject(condition) &&
  Object.entries(condition).every(
    ([operator, block]) =>
      isBlock(block) && (operators.has(plainOperator(operator)) || Object.keys(block).length === 0),
  );

const effects: readonly unknown[] = ['allow', 'deny'];

const hasBoth = (statement: PolicyStatement, element: string): boolean =>
  statement[element] !== undefined && statement[`Not${element}`] !== undefined;

const optional = (value: unknown, holds: (value: unknown) => boolean): boolean => value === undefined || holds(value);

const isStatement = (statement: unknown): statement is PolicyStatement =>
  isObject(statement) &&
  Object.keys(statement).every((element) => statementElements.includes(element)) &&
  !['Action', 'Resource', 'Principal'].some((element) => hasBoth(statement, element)) &&
  isText(statement['Effect']) &&
  effects.includes(statement['Effect'].toLowerCase()) &&
  ['Action', 'NotAction', 'Resource', 'NotResource'].every((element) => optional(statement[element], isTextOrTexts)) &&
  optional(statement['Condition'], isCondition) &&
  optional(statement['Sid'], isText);

const versions: readonly unknown[] = ['2008-10-17', '2012-10-17', undefined];

/** Undefined for what is no JSON. */
export const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Throws unless the text is a policy document whose elements all have their type. */
export const parsePolicy = (text: string): ParsedPolicy => {
  const value = parsedJson(text);
  if (!isObject(value)) throw syntaxError();
  const known = Object.keys(value).every((element) => ['Version', 'Id', 'Statement'].includes(element));
  const { Version, Id, Statement } = value;
  const statements: readonly unknown[] = [Statement].flat();
  if (!known || !versions.includes(Version) || !optional(Id, isText)) throw syntaxError();
  if (statements.length === 0 || !statements.every(isStatement)) throw syntaxError();
  return { version: Version as string | undefined, statements };
};

/** The texts of an element that is one text or a list of them. */
export const textsOf = (value: unknown): readonly string[] => [value].flat().filter(isText);

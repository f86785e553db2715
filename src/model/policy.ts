/** Policy documents: their shape and what it means for two of them to be equal. */

export type OneOrMany<T> = T | readonly T[];
export type PrincipalElement = '*' | Readonly<Record<string, OneOrMany<string>>>;
export type ConditionValue = string | number | boolean;
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany<ConditionValue>>>>>;

/** A statement as AWS writes it; which elements may stand together is the lint's business. */
export type Statement = {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: ConditionBlock;
};

export type PolicyDocument = {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
};

/** Providers that every account has, by their own names (IAM User Guide, "Principal": OIDC federated principals). */
export const webIdentityProviders: readonly string[] = [
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
];

/** Most elements of a policy are one value or a list of them. */
export const listOf = <T>(value: OneOrMany<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

export const statements = (document: PolicyDocument): readonly Statement[] => listOf(document.Statement);

const sortedSet = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

const canonicalPrincipalName = (value: string): string => /^arn:aws:iam::(\d{12}):root$/.exec(value)?.[1] ?? value;

const canonicalPrincipal = (element: PrincipalElement | undefined): unknown => {
  if (element === undefined) return undefined;
  if (element === '*') return { AWS: ['*'] };
  const entries = Object.entries(element).map(
    ([type, names]) => [type, sortedSet(listOf(names).map(canonicalPrincipalName))] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

type OperatorAndValues = readonly [operator: string, values: readonly string[], key: string];

const canonicalCondition = (
  block: ConditionBlock | undefined,
  plain: (...test: OperatorAndValues) => OperatorAndValues = (...test) => test,
): readonly string[] | undefined => {
  const lines = Object.entries(block ?? {}).flatMap(([written, keys]) =>
    Object.entries(keys).map(([key, items]) => {
      const [operator, values] = plain(written, listOf(items).map(String), key.toLowerCase());
      return JSON.stringify([operator, key.toLowerCase(), sortedSet(values)]);
    }),
  );
  return lines.length === 0 ? undefined : sortedSet(lines);
};

const lowerSet = (value: OneOrMany<string> | undefined): readonly string[] | undefined =>
  value === undefined ? undefined : sortedSet(listOf(value).map((text) => text.toLowerCase()));

const textSet = (value: OneOrMany<string> | undefined): readonly string[] | undefined =>
  value === undefined ? undefined : sortedSet(listOf(value));

const canonicalStatement = (statement: Statement): string =>
  JSON.stringify([
    statement.Sid ?? '',
    statement.Effect,
    canonicalPrincipal(statement.Principal),
    canonicalPrincipal(statement.NotPrincipal),
    lowerSet(statement.Action),
    lowerSet(statement.NotAction),
    textSet(statement.Resource),
    textSet(statement.NotResource),
    canonicalCondition(statement.Condition),
  ]);

/** One string for all statements that mean the same, whatever they are called. */
export const meaningOf = ({ Sid: _, ...statement }: Statement): string => canonicalStatement(statement);

/**
 * One string for all documents that mean the same: order, string or list, case of actions and condition keys, account id
 * or root ARN do not matter. IAM reads a document without Version as 2008-10-17.
 */
export const canonicalPolicy = (document: PolicyDocument): string =>
  JSON.stringify([
    document.Version ?? '2008-10-17',
    document.Id ?? '',
    statements(document).map(canonicalStatement).sort(),
  ]);

/** One way in: who, by which call, under which conditions (each a line that has to hold). */
export type TrustAtom = {
  readonly effect: 'Allow' | 'Deny';
  readonly who: string;
  readonly action: string;
  readonly conditions: readonly string[];
};

const principalNames = (statement: Statement): readonly string[] => {
  if (statement.Principal === undefined) return [`not ${JSON.stringify(canonicalPrincipal(statement.NotPrincipal))}`];
  const element = canonicalPrincipal(statement.Principal) as Readonly<Record<string, readonly string[]>>;
  return Object.entries(element).flatMap(([type, names]) => names.map((name) => `${type} ${name}`));
};

const arnKeys = ['aws:sourcearn', 'aws:principalarn'];
/** An ARN that has wildcards, if any, in its last part alone: there ArnLike and StringLike read them alike. */
const wholeArn = /^arn:[^:*?$]+:[^:*?$]+:[^:*?$]*:[^:*?$]*:[^$]+$/;

/** As ArnLike, or as it is. */
const asArnTest = (operator: string, values: readonly string[], key: string): string => {
  const isOfArns = arnKeys.includes(key) && values.every((value) => wholeArn.test(value));
  const reads = /string(not)?like$/i.test(operator) || !values.some((value) => /[*?]/.test(value));
  return isOfArns && reads ? operator.replace(/string(not)?(equals|like)$/i, 'Arn$1Like') : operator;
};

/**
 * An operator and its values, one for all that mean the same: StringLike of texts without wildcards or variables is
 * StringEquals, ArnEquals is ArnLike, as is a comparison of whole ARNs as texts, and Bool does not heed case (IAM User Guide,
 * "Condition operators").
 */
const plainTest = (operator: string, values: readonly string[], key: string): OperatorAndValues => {
  if (/^bool(ifexists)?$/i.test(operator)) return [operator, values.map((value) => value.toLowerCase()), key];
  if (/arn(not)?equals/i.test(operator)) return [operator.replace(/equals/i, 'Like'), values, key];
  const asArns = asArnTest(operator, values, key);
  if (asArns !== operator) return [asArns, values, key];
  const isPlain = /string(not)?like/i.test(operator) && !values.some((value) => /[*?$]/.test(value));
  return [isPlain ? operator.replace(/like/i, 'Equals') : operator, values, key];
};

const atomsOf = (statement: Statement): readonly TrustAtom[] => {
  const conditions = canonicalCondition(statement.Condition, plainTest) ?? [];
  const actions = lowerSet(statement.Action) ?? [`not ${JSON.stringify(lowerSet(statement.NotAction) ?? [])}`];
  return principalNames(statement).flatMap((who) =>
    actions.map((action): TrustAtom => ({ effect: statement.Effect, who, action, conditions })),
  );
};

/** A trust policy taken apart: its Sids, and how its principals and calls share statements, decide nothing. */
export const trustAtoms = (document: PolicyDocument): readonly TrustAtom[] => statements(document).flatMap(atomsOf);

/** One string for all trust policies that let the same in; the version counts only where it decides, in policy variables. */
export const canonicalTrust = (document: PolicyDocument): string => {
  const atoms = sortedSet(trustAtoms(document).map((atom) => JSON.stringify(atom)));
  return JSON.stringify([atoms.join().includes('${') ? (document.Version ?? '2008-10-17') : '', atoms]);
};

/** What a statement says of some resources, to one principal and one action. */
const accessLines = (statement: Statement): readonly string[] => {
  const resources = [textSet(statement.Resource), textSet(statement.NotResource)];
  return atomsOf(statement).map((atom) => JSON.stringify([atom, resources]));
};

/**
 * One string for all policies of a resource that say the same. AWS shows an account as its root, one value for a list of one, and
 * principals in an order of its own (IAM User Guide, "AWS JSON policy elements: Principal"); Sids and the Id decide nothing.
 */
export const canonicalResourcePolicy = (document: PolicyDocument): string => {
  const lines = sortedSet(statements(document).flatMap(accessLines));
  return JSON.stringify([lines.join().includes('${') ? (document.Version ?? '2008-10-17') : '', lines]);
};

export const samePolicy = (one: PolicyDocument, other: PolicyDocument): boolean =>
  canonicalPolicy(one) === canonicalPolicy(other);

/** Above U+00FF; each half of a surrogate pair by itself, as JSON escapes it. */
const beyondLatin1 = /[\u0100-\uffff]/g;
const jsonEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The document as it is sent to AWS: without white space, which Organizations would count (orgs_reference_limits), and with
 * JSON escapes for the characters beyond U+00FF, which IAM and Identity Center refuse as they are
 * (docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html, PolicyDocument).
 */
export const minified = (document: PolicyDocument): string =>
  JSON.stringify(document).replace(beyondLatin1, jsonEscape);

/** What IAM and Identity Center count of a document. */
export const withoutWhiteSpace = (document: PolicyDocument): string => minified(document).replace(/\s/g, '');

/** What FullAWSAccess and RCPFullAWSAccess say. */
export const fullAccessDocument: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

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

const asList = <T>(value: OneOrMany<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

export const statements = (document: PolicyDocument): readonly Statement[] => asList(document.Statement);

const sortedSet = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

const canonicalPrincipalName = (value: string): string => /^arn:aws:iam::(\d{12}):root$/.exec(value)?.[1] ?? value;

const canonicalPrincipal = (element: PrincipalElement | undefined): unknown => {
  if (element === undefined) return undefined;
  if (element === '*') return { AWS: ['*'] };
  const entries = Object.entries(element).map(
    ([type, names]) => [type, sortedSet(asList(names).map(canonicalPrincipalName))] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

const canonicalCondition = (block: ConditionBlock | undefined): unknown => {
  const lines = Object.entries(block ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      JSON.stringify([operator, key.toLowerCase(), sortedSet(asList(values).map(String))]),
    ),
  );
  return lines.length === 0 ? undefined : sortedSet(lines);
};

const lowerSet = (value: OneOrMany<string> | undefined): readonly string[] | undefined =>
  value === undefined ? undefined : sortedSet(asList(value).map((text) => text.toLowerCase()));

const textSet = (value: OneOrMany<string> | undefined): readonly string[] | undefined =>
  value === undefined ? undefined : sortedSet(asList(value));

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

export const samePolicy = (one: PolicyDocument, other: PolicyDocument): boolean =>
  canonicalPolicy(one) === canonicalPolicy(other);

/** The document as it is sent to AWS: without white space, which Organizations would count (orgs_reference_limits). */
export const minified = (document: PolicyDocument): string => JSON.stringify(document);

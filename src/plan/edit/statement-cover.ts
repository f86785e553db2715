/** Whether one statement says all that another says: by their elements, so that it holds for actions that nobody knows yet. */
import { canonicalPolicy, statements, listOf } from '../../model/policy.ts';
import type { OneOrMany, PolicyDocument, Statement } from '../../model/policy.ts';

const older = '2008-10-17';

/** Statements by what they mean: without Sid; the version counts only where it decides, in policy variables. */
export const meaning = (document: PolicyDocument, statement: Statement): string => {
  const { Sid: _, ...rest } = statement;
  const hasVariables = JSON.stringify(rest).includes('${');
  return canonicalPolicy({ Version: hasVariables ? (document.Version ?? older) : older, Statement: [rest] });
};

/** What a lone star, the same words, or a beginning followed by one star match for certain; other patterns count as narrower. */
const covers = (wide: string, narrow: string): boolean => {
  if (wide === '*' || wide === narrow) return true;
  const stem = wide.slice(0, -1);
  return wide.endsWith('*') && stem.includes(':') && !/[*?]|\$\{/.test(stem) && narrow.startsWith(stem);
};

const coversAll = (wide: readonly string[], narrow: readonly string[]): boolean =>
  narrow.every((one) => wide.some((other) => covers(other, one)));

/** Actions are compared without case. */
const actionsOf = (value: OneOrMany<string> | undefined): readonly string[] =>
  listOf(value).map((one) => one.toLowerCase());

const coversResources = (wide: Statement, narrow: Statement): boolean => {
  if (wide.NotResource !== undefined)
    return narrow.NotResource !== undefined && coversAll(listOf(narrow.NotResource), listOf(wide.NotResource));
  return narrow.Resource !== undefined && coversAll(listOf(wide.Resource), listOf(narrow.Resource));
};

/** All elements but those that are compared by themselves. */
const restOf = (document: PolicyDocument, statement: Statement): string => {
  const { Action: _a, NotAction: _na, Resource: _r, NotResource: _nr, ...rest } = statement;
  return meaning(document, { ...rest, Action: '*', Resource: '*' });
};

type StatementInDocument = { readonly document: PolicyDocument; readonly statement: Statement };

const versionOf = ({ document, statement }: StatementInDocument): string =>
  JSON.stringify(statement).includes('${') ? (document.Version ?? older) : '';

const alike = (one: StatementInDocument, other: StatementInDocument): boolean =>
  one.statement.Effect === other.statement.Effect &&
  versionOf(one) === versionOf(other) &&
  restOf(one.document, one.statement) === restOf(other.document, other.statement);

/** The actions of `narrow` that no one of `wide` covers with all its resources; everything but some, or a list. */
const isCovered = (narrow: StatementInDocument, wide: readonly StatementInDocument[]): boolean => {
  const { statement } = narrow;
  const fit = wide.filter((one) => alike(one, narrow) && coversResources(one.statement, statement));
  if (statement.NotAction !== undefined) {
    const except = actionsOf(statement.NotAction);
    return fit.some(
      (one) =>
        listOf(one.statement.Action).includes('*') ||
        (one.statement.NotAction !== undefined && coversAll(except, actionsOf(one.statement.NotAction))),
    );
  }
  const patterns = fit.flatMap((one) => actionsOf(one.statement.Action));
  return statement.Action !== undefined && coversAll(patterns, actionsOf(statement.Action));
};

/** The statements of one effect in `one` that those of `other` do not wholly say. */
export const uncovered = (
  one: PolicyDocument,
  other: PolicyDocument,
  effect: Statement['Effect'],
): readonly Statement[] => {
  const known = new Set(statements(other).map((statement) => meaning(other, statement)));
  const wide = statements(other).map((statement): StatementInDocument => ({ document: other, statement }));
  return statements(one).filter(
    (statement) =>
      statement.Effect === effect &&
      !known.has(meaning(one, statement)) &&
      !isCovered({ document: one, statement }, wide),
  );
};

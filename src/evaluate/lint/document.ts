/** What the lint reads: a policy document that knows where each of its values is written. */
import type { GuardRailKind } from '../../model/resource.ts';
import type { ConditionValue, OneOrMany, PolicyDocument, Statement } from '../../model/policy.ts';
import { listOf } from '../../model/policy.ts';
import type { Place } from '../../model/problem.ts';
import { readOperatorName } from '../conditions.ts';
import type { OperatorName } from '../conditions.ts';
import type { LintRuleId } from './rules.ts';

export type LintUse = 'identity' | 'boundary' | GuardRailKind | 'trust' | 'resource';
/** From the document to a value in it: `['Statement', 0, 'Action', 2]`; a single value counts as a list of one. */
export type LintPath = readonly (string | number)[];
export type LintDocument = {
  /** The resource that it belongs to: `scp/DenyRootUser`. */
  readonly key: string;
  readonly use: LintUse;
  readonly document: PolicyDocument;
  /** What its file says that it is for. */
  readonly description?: string;
  /** The key that holds the document, or names its file. */
  readonly named: Place;
  /** Where the value is written. */
  readonly at: (path: LintPath) => Place;
  /** Where the key of the value is written. */
  readonly keyAt: (path: LintPath) => Place;
  /** Ids of the accounts that a control policy binds; unknown while the files have errors. */
  readonly accounts?: readonly string[];
};

export type LintFinding = {
  readonly rule: LintRuleId;
  readonly at: Place;
  readonly message: string;
  readonly hint?: string;
};

/** One statement with its place in its document. */
export type LintStatement = {
  readonly of: LintDocument;
  readonly index: number;
  readonly statement: Statement;
  readonly at: (...path: LintPath) => Place;
  readonly keyAt: (...path: LintPath) => Place;
};

export const statementsOf = (of: LintDocument): readonly LintStatement[] =>
  listOf(of.document.Statement).map((statement, index) => ({
    of,
    index,
    statement,
    at: (...path) => of.at(['Statement', index, ...path]),
    keyAt: (...path) => of.keyAt(['Statement', index, ...path]),
  }));

/** By its Sid, else by its number as people count. */
export const documentName = ({ statement, index }: LintStatement): string =>
  statement.Sid === undefined || statement.Sid === '' ? `statement ${index + 1}` : `statement ${quote(statement.Sid)}`;

export const quote = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);

/** One line of a Condition element. `key` is in lower case. */
export type LintTest = OperatorName & {
  readonly operator: string;
  readonly written: string;
  readonly key: string;
  readonly negated: boolean;
  readonly values: readonly string[];
};

const textsOf = (values: OneOrMany<ConditionValue>): readonly string[] => listOf(values).map(String);

export const testsOf = (statement: Statement): readonly LintTest[] =>
  Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) => {
    const name = readOperatorName(operator);
    const negated = name.base.includes('not');
    return Object.entries(keys).map(([written, values]) => {
      return { ...name, operator, written, key: written.toLowerCase(), negated, values: textsOf(values) };
    });
  });

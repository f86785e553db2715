/** Statements as reach sees them: which actions, on everything or on something, and under what they hang. */

import type { ConditionBlock, PolicyDocument, Statement } from '../../model/policy.ts';
import { canonicalPolicy, statements, listOf } from '../../model/policy.ts';
import { compileConditions } from '../conditions.ts';
import type { NamedPolicy } from '../layers.ts';
import { answerOfAll } from '../same-for-all.ts';
import type { Bits } from './bits.ts';
import { without } from './bits.ts';
import type { Tested } from './requester.ts';
import type { ReachSubject } from './subject.ts';
import { hangsOnSuffix, lookupFor, sessionArn, subjectName } from './subject.ts';
import type { Universe } from './universe.ts';
import type { Truth } from '../truth.ts';
import { everyTruth, unknown } from '../truth.ts';

export type ReachStatement = {
  readonly policy: string;
  readonly effect: Statement['Effect'];
  readonly actions: Bits;
  readonly everyResource: boolean;
  readonly resources: StatementPart;
  /** The patterns of Resource or, `negated`, of NotResource; none where nobody has the policy. */
  readonly patterns: { readonly listed: readonly string[]; readonly negated: boolean } | undefined;
  readonly tests: readonly ReachTest[];
  /** Another asker may get another answer: by the name of the set, or by the account too. */
  readonly varies: 'no' | 'by set' | 'by account';
};

/** A part of a statement: its canonical text, and the facts about the asker that its meaning hangs on. */
type StatementPart = {
  readonly text: string;
  readonly set: boolean;
  readonly path: boolean;
  readonly account?: boolean;
};
export type ReachTest = StatementPart &
  Tested & {
    /** Values that are compared with the asker's ARN. */
    readonly arns: readonly string[];
    /** The ARN stands inside a value, where its unknown suffix would be taken for a text. */
    readonly arnInValue: boolean;
  };

/** What a statement says to one asker. `scope` is equal where it says the same of every action of both. */
export type Resolved =
  | {
      readonly bound: 'certain' | 'possible';
      readonly scope: string;
      /** What hangs on the request. */
      readonly open: readonly ReachTest[];
    }
  | undefined;

const older = '2008-10-17';

export function reachStatements({ name, policy }: NamedPolicy, universe: Universe): readonly ReachStatement[] {
  if (policy === null) return unknownStatements(name, universe);
  return statements(policy).map((statement): ReachStatement => {
    const resources = resourcesIn(policy, statement);
    const tests = testsIn(policy, statement.Condition ?? {});
    return {
      policy: name,
      effect: statement.Effect,
      actions: actionsOf(statement, universe),
      everyResource: isEveryResource(statement),
      resources,
      patterns: {
        listed: listOf(statement.Resource ?? statement.NotResource ?? '*'),
        negated: statement.Resource === undefined && statement.NotResource !== undefined,
      },
      tests,
      varies: varianceOf([resources, ...tests], tests),
    };
  });
}

/** The statements of the documents that tell accounts apart. */
export function tellingStatements(documents: Iterable<PolicyDocument>, universe: Universe): readonly ReachStatement[] {
  return [...new Set(documents)].flatMap((policy) => {
    const Statement = statements(policy).filter((statement) => {
      const tests = testsIn(policy, statement.Condition ?? {});
      return varianceOf([resourcesIn(policy, statement), ...tests], tests) === 'by account';
    });
    return Statement.length === 0 ? [] : reachStatements({ name: '', policy: { ...policy, Statement } }, universe);
  });
}

/** A policy that nobody has at hand may allow or deny anything. */
function unknownStatements(policy: string, universe: Universe): readonly ReachStatement[] {
  return (['Allow', 'Deny'] as const).map((effect) => ({
    policy,
    effect,
    actions: universe.all,
    everyResource: false,
    resources: { text: `policy:${policy}`, set: false, path: false },
    patterns: undefined,
    tests: [],
    varies: 'no',
  }));
}

function actionsOf(statement: Statement, universe: Universe): Bits {
  if (statement.Action !== undefined) return universe.matching(listOf(statement.Action));
  if (statement.NotAction === undefined) return universe.matching([]);
  return without(universe.all, universe.matching(listOf(statement.NotAction)));
}

function isEveryResource({ Resource, NotResource }: Statement): boolean {
  if (Resource !== undefined) return listOf(Resource).includes('*');
  return listOf(NotResource).length === 0;
}

/** A denial that names an account denies all of it there, and nothing elsewhere. */
function resourcesIn(document: PolicyDocument, { Effect, Resource, NotResource }: Statement): StatementPart {
  const parts = Resource === undefined ? (NotResource === undefined ? {} : { NotResource }) : { Resource };
  const patterns = [...listOf(Resource), ...listOf(NotResource)];
  const account = Effect === 'Deny' && patterns.some((arn) => /^([^:]*:){4}\d{12}:/.test(arn));
  return { ...said(document, parts, variablesIn(document, patterns)), account };
}

function testsIn(document: PolicyDocument, block: ConditionBlock): readonly ReachTest[] {
  const syntax = document.Version === '2012-10-17' ? 'read' : 'plain';
  return Object.entries(block).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]): ReachTest => {
      const Condition = { [operator]: { [key]: value } };
      const inside = variablesIn(document, listOf(value).map(String));
      const isArn = key.toLowerCase() === 'aws:principalarn';
      return {
        ...said(document, { Condition }, `${key.toLowerCase()} ${inside}`),
        operator,
        key: key.toLowerCase(),
        values: listOf(value).map(String),
        holds: compileConditions(Condition, syntax)[0] ?? (() => true),
        arns: isArn ? listOf(value).map(String) : [],
        arnInValue: inside.includes('aws:principalarn'),
      };
    }),
  );
}

/** The values that hold policy variables, in lower case; none in the older policy language. */
function variablesIn(document: PolicyDocument, values: readonly string[]): string {
  if (document.Version !== '2012-10-17') return '';
  return values
    .filter((value) => value.includes('${'))
    .join(' ')
    .toLowerCase();
}

/** The version counts only where it decides, in policy variables. */
function said(document: PolicyDocument, parts: Partial<Statement>, keys: string): StatementPart {
  const Version = JSON.stringify(parts).includes('${') ? (document.Version ?? older) : older;
  return {
    text: canonicalPolicy({ Version, Statement: [{ Effect: 'Allow', ...parts }] }),
    set: /aws:(principalarn|userid|username)/.test(keys),
    path: /aws:(principal|resource|source)orgpaths/.test(keys),
  };
}

/**
 * Only digits tell accounts from each other, and not those behind `:role/`: that stands once in an ARN, so a star before it
 * takes the account whole.
 */
function couldTellAccounts(arn: string): boolean {
  return arn.includes('${') || /[0-9]/.test(arn.replace(/^arn:(aws|\*):iam::\*:role\/.*/, ''));
}

function varianceOf(parts: readonly StatementPart[], tests: readonly ReachTest[]): ReachStatement['varies'] {
  const byAccount = tests.some(({ text, arns }) => /aws:principalaccount/i.test(text) || arns.some(couldTellAccounts));
  if (byAccount || parts.some(({ path, account }) => path || account)) return 'by account';
  return parts.some(({ set }) => set) ? 'by set' : 'no';
}

/** Undefined where it never speaks of the asker. */
export function resolvedStatement(statement: ReachStatement, subject: ReachSubject): Resolved {
  const answers = statement.tests.map((test) => ({ test, truth: truthOf(test, subject) }));
  const truth = everyTruth(answers, (answer) => answer.truth);
  if (truth === false) return undefined;
  const open = answers.filter((answer) => answer.truth !== true).map(({ test }) => test);
  const scope = [statement.resources, ...open].map((part) => textFor(part, subject)).sort();
  return {
    bound: truth === true && statement.everyResource ? 'certain' : 'possible',
    scope: truth === true && statement.everyResource ? '' : JSON.stringify(scope),
    open,
  };
}

function truthOf(test: ReachTest, subject: ReachSubject): Truth {
  const { holds, arns, arnInValue } = test;
  const settled = answerOfAll(test);
  if (settled !== undefined) return settled;
  const arn = sessionArn(subject);
  const open = arnInValue || arns.some((value) => value.includes('${') || hangsOnSuffix(value, arn));
  return open ? unknown('aws:principalarn') : holds(lookupFor(subject));
}

function textFor({ text, set, path, account }: StatementPart, subject: ReachSubject): string {
  const within = `${path ? ` in ${subject.ouPath}` : ''}${account ? ` in ${subject.accountId}` : ''}`;
  return `${text}${set ? ` for ${subjectName(subject)}` : ''}${within}`;
}

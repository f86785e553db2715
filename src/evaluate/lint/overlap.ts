/** Statements and entries that do nothing: no request matches them, or another one says as much already. */
import { globOf, liesWithin, resourceGlob } from '../ask/patterns.ts';
import type { Glob } from '../ask/patterns.ts';
import { documentName, quote, statementsOf, testsOf } from './document.ts';
import type { LintFinding, LintDocument, LintStatement, LintTest } from './document.ts';
import type { LintContext } from './context.ts';
import { parsePattern } from '../match.ts';
import { listOf } from '../../model/policy.ts';

const isPlain = (test: LintTest): boolean => test.quantifier === 'one' && !test.ifExists;
const isExact = (test: LintTest): boolean =>
  isPlain(test) && /^(string(not)?equals|bool|arn(not)?equals|null)$/.test(test.base);

/** Only Bool has no regard for case. */
const valuesOf = ({ base, values }: LintTest): readonly string[] =>
  base === 'bool' ? values.map((value) => value.toLowerCase()) : values;

const isAbsence = ({ base, values }: LintTest): boolean =>
  base === 'null' && values.every((value) => value.toLowerCase() === 'true');

const isFixed = (test: LintTest): boolean =>
  isExact(test) && test.base !== 'null' && !test.values.some((value) => /[*?]|\$\{/.test(value));

/** Of two tests with fixed values, the first of them positive. */
const disjoint = (one: LintTest, other: LintTest): string | undefined => {
  const [ones, others] = [valuesOf(one), valuesOf(other)];
  const shared = ones.filter((value) => others.includes(value));
  if (other.negated) {
    return shared.length < ones.length
      ? undefined
      : `${other.operator} excludes every value that ${one.operator} allows`;
  }
  return shared.length > 0
    ? undefined
    : `${one.operator} and ${other.operator} have no value of ${one.written} in common`;
};

/** Why two tests of one key cannot both hold, if they cannot. */
const contradiction = (one: LintTest, other: LintTest): string | undefined => {
  if (one.key !== other.key || one === other) return undefined;
  if (isAbsence(one)) {
    const needsIt = isPlain(other) && !other.negated && other.base !== 'null';
    return needsIt ? `${one.written} must be absent, and ${other.operator} needs it` : undefined;
  }
  return !one.negated && isFixed(one) && isFixed(other) ? disjoint(one, other) : undefined;
};

const emptyTest = (test: LintTest): string | undefined =>
  test.values.length === 0 && !test.negated && isPlain(test)
    ? `${test.operator} of ${test.written} has no value`
    : undefined;

const contradictions = (at: LintStatement): readonly LintFinding[] => {
  const tests = testsOf(at.statement);
  return tests.flatMap((test, index) => {
    const others = tests.filter((other, position) => position > index || test.base === 'null' || other.negated);
    const why =
      emptyTest(test) ?? others.map((other) => contradiction(test, other)).find((found) => found !== undefined);
    if (why === undefined) return [];
    const place = at.keyAt('Condition', test.operator, test.written);
    return [{ rule: 'never-matches', at: place, message: `${documentName(at)} can never match: ${why}` } as const];
  });
};

const emptyLists = (at: LintStatement): readonly LintFinding[] =>
  (['Action', 'Resource', 'NotResource'] as const).flatMap((element) => {
    const value = at.statement[element];
    const isDead =
      element === 'NotResource' ? listOf(value).includes('*') : value !== undefined && listOf(value).length === 0;
    const why = element === 'NotResource' ? 'NotResource excludes everything' : `${element} is empty`;
    return isDead
      ? [
          {
            rule: 'never-matches',
            at: at.keyAt(element),
            message: `${documentName(at)} can never match: ${why}`,
          } as const,
        ]
      : [];
  });

const excludesAll = (at: LintStatement): readonly LintFinding[] =>
  listOf(at.statement.NotAction).includes('*')
    ? [
        {
          rule: 'never-matches',
          at: at.keyAt('NotAction'),
          message: `${documentName(at)} can never match: NotAction excludes everything`,
        },
      ]
    : [];

/** StringEquals and its kin compare letter by letter (IAM User Guide, "String condition operators"). */
const literalWildcards = (at: LintStatement): readonly LintFinding[] =>
  testsOf(at.statement).flatMap((test) => {
    if (!/^string(not)?equals/.test(test.base)) return [];
    return test.values.flatMap((value, index) => {
      if (!/[*?]/.test(value.replace(/\$\{[^}]*\}/g, ''))) return [];
      const message = `${test.operator} takes the wildcard in ${quote(value)} for a plain character`;
      const hint = `Write ${test.negated ? 'StringNotLike' : 'StringLike'}.`;
      const place = at.at('Condition', test.operator, test.written, index);
      return [{ rule: 'literal-wildcard', at: place, message, hint } as const];
    });
  });

/** IAM User Guide, "Set operators for multivalued context keys". */
const setOperators = (at: LintStatement, { facts }: LintContext): readonly LintFinding[] =>
  testsOf(at.statement).flatMap((test) => {
    const type = Object.hasOwn(facts.keys, test.key) ? facts.keys[test.key]?.type : undefined;
    if (type === undefined || test.base === 'null') return [];
    const place = at.keyAt('Condition', test.operator, test.written);
    if (type.startsWith('ArrayOf') && test.quantifier === 'one') {
      const message = `${test.written} has many values; ${test.operator} alone does not say which of them must match`;
      return [
        {
          rule: 'set-operator',
          at: place,
          message,
          hint: `Write ForAnyValue:${test.operator} or ForAllValues:${test.operator}.`,
        },
      ];
    }
    if (test.quantifier !== 'forallvalues' || at.statement.Effect !== 'Allow' || isGuarded(at, test)) return [];
    const message = `${test.operator} also holds when ${test.written} is absent`;
    return [{ rule: 'set-operator', at: place, message, hint: `Add Null: { ${test.written}: "false" }.` }];
  });

const isGuarded = (at: LintStatement, test: LintTest): boolean =>
  testsOf(at.statement).some(
    ({ base, key, values }) =>
      base === 'null' && key === test.key && values.every((value) => value.toLowerCase() === 'false'),
  );

export const lintMatching = (at: LintStatement, context: LintContext): readonly LintFinding[] => [
  ...emptyLists(at),
  ...excludesAll(at),
  ...contradictions(at),
  ...literalWildcards(at),
  ...setOperators(at, context),
];

/** Patterns with more stars than anybody writes are not compared: the work would grow with their number. */
const mostStars = 6;
const isSimple = (text: string): boolean => text.split('*').length <= mostStars + 1;

type Sets = {
  readonly at: LintStatement;
  readonly actions: readonly Glob[];
  readonly notActions: readonly Glob[];
  readonly resources: readonly Glob[];
  readonly notResources: readonly Glob[];
  readonly tests: ReadonlySet<string>;
  readonly principal: string;
};

const actionGlobs = (value: readonly string[]): readonly Glob[] => value.map((text) => globOf(text.toLowerCase()));
const resourceGlobs = (value: readonly string[]): readonly Glob[] =>
  value.map((text) => resourceGlob(parsePattern(text), 'whole'));

const setsOf = (at: LintStatement): Sets => {
  const { Action, NotAction, Resource, NotResource, Principal, NotPrincipal } = at.statement;
  const tests = testsOf(at.statement).map(({ operator, key, values }) =>
    JSON.stringify([operator.toLowerCase(), key, [...values].sort()]),
  );
  return {
    at,
    actions: actionGlobs(listOf(Action)),
    notActions: actionGlobs(listOf(NotAction)),
    resources: resourceGlobs(listOf(Resource)),
    notResources: resourceGlobs(listOf(NotResource)),
    tests: new Set(tests),
    principal: JSON.stringify([Principal ?? null, NotPrincipal ?? null]),
  };
};

const allWithin = (inner: readonly Glob[], outer: readonly Glob[]): boolean =>
  inner.every((one) => outer.some((other) => liesWithin(one, other)));

/** `not` lists are turned around: what excludes less speaks of more. Two kinds of element are not compared. */
const elementWithin = (
  inner: readonly [readonly Glob[], readonly Glob[]],
  outer: readonly [readonly Glob[], readonly Glob[]],
): boolean => {
  const [in_, notIn] = inner;
  const [out, notOut] = outer;
  if (out.length > 0 && in_.length > 0) return allWithin(in_, out);
  if (out.some((glob) => liesWithin(globOf('*'), glob))) return true;
  return notOut.length > 0 && notIn.length > 0 && allWithin(notOut, notIn);
};

const isWithin = (inner: Sets, outer: Sets): boolean =>
  (inner.principal === outer.principal || outer.principal === JSON.stringify(['*', null])) &&
  [...outer.tests].every((test) => inner.tests.has(test)) &&
  elementWithin([inner.actions, inner.notActions], [outer.actions, outer.notActions]) &&
  (outer.resources.length + outer.notResources.length === 0 ||
    elementWithin([inner.resources, inner.notResources], [outer.resources, outer.notResources]));

const isComparable = ({ statement: { Action, NotAction, Resource, NotResource } }: LintStatement): boolean =>
  [Action, NotAction, Resource, NotResource].every((element) => listOf(element).every(isSimple));

/** More statements than any policy within AWS's sizes has; beyond, pairs are not compared. */
const mostCompared = 100;

const coverOf = (inner: Sets, all: readonly Sets[]): LintFinding | undefined => {
  const { statement } = inner.at;
  const outer = all.find((other) => {
    if (other === inner || !isWithin(inner, other)) return false;
    if (other.at.statement.Effect !== statement.Effect) return statement.Effect === 'Allow';
    // Of two that say the same, the later one is said to be too much.
    return other.at.index < inner.at.index || !isWithin(other, inner);
  });
  if (outer === undefined) return undefined;
  const isDenied = outer.at.statement.Effect !== statement.Effect;
  const says = isDenied
    ? `denies everything that ${documentName(inner.at)} allows`
    : `covers ${documentName(inner.at)}`;
  return { rule: 'covered-statement', at: inner.at.at(), message: `${documentName(outer.at)} ${says}` };
};

export const lintCovered = (of: LintDocument): readonly LintFinding[] => {
  const all = statementsOf(of).filter(isComparable).map(setsOf);
  if (all.length > mostCompared) return [];
  return all.flatMap((sets) => coverOf(sets, all) ?? []);
};

/** Pairs of patterns of one list. */
const mostPairs = 20_000;

type ListedPattern = { readonly text: string; readonly index: number; readonly lower: string };

/** The entry that makes this one superfluous: one like it before, or a wider one anywhere. */
const coverIn = (
  entry: ListedPattern,
  first: ListedPattern | undefined,
  wide: readonly ListedPattern[],
): ListedPattern | undefined => {
  if (first !== undefined && first.index < entry.index) return first;
  return wide.find(({ lower }) => lower !== entry.lower && liesWithin(globOf(entry.lower), globOf(lower)));
};

/** Entries of one list; for NotAction the same, since it is a list of exceptions. */
export const lintCoveredActions = (at: LintStatement): readonly LintFinding[] =>
  (['Action', 'NotAction'] as const).flatMap((element) => {
    const entries = listOf(at.statement[element]).map((text, index) => ({ text, index, lower: text.toLowerCase() }));
    const wide = entries.filter(({ lower }) => /[*?]/.test(lower));
    if (entries.length * wide.length > mostPairs || !entries.every(({ text }) => isSimple(text))) return [];
    const first = new Map([...entries].reverse().map((entry) => [entry.lower, entry]));
    return entries.flatMap((entry) => {
      const cover = coverIn(entry, first.get(entry.lower), wide);
      if (cover === undefined) return [];
      const message = `${quote(cover.text)} covers ${quote(entry.text)}`;
      return [{ rule: 'covered-action', at: at.at(element, entry.index), message } as const];
    });
  });

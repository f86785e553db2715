/**
 * A policy as it speaks of a set of requests: each statement that applies to all of the set is left with its conditions
 * alone, one that applies to none is silent, one that applies to a part hangs on a key that nobody knows. What `decide`
 * then says, it says of every request of the set.
 */

import type { ConditionBlock, PolicyDocument, Statement } from '../../model/policy.ts';
import { statements, listOf } from '../../model/policy.ts';
import type { Glob, PatternReading } from './patterns.ts';
import { resourceGlob } from './patterns.ts';
import type { SetMember, TextSet } from './sets.ts';
import { isInside, isOutside, setMemberOf, onlyText, readingOf } from './sets.ts';
import type { PolicyLevel, NamedPolicy } from '../layers.ts';
import { glob } from '../match.ts';
import type { Truth } from '../truth.ts';
import { not, someTruth, unknown } from '../truth.ts';
import type { ResourceUse } from '../resource-text.ts';
import { resourceTexts } from '../resource-text.ts';
import type { ContextLookup, Template } from '../variables.ts';
import { compileTemplate, matchTemplate } from '../variables.ts';

/** The names under which a decision says that it differs within the set. */
export const WHICH_ACTION = 'which action';
export const WHICH_RESOURCE = 'which resource';

export type RequestSet = {
  readonly actions: TextSet;
  readonly resources: TextSet;
  /** The same for sets of the same actions and resources: each policy is looked up by it. */
  readonly key: string;
  readonly lookup: ContextLookup;
};

type ResourceTemplates = { readonly templates: readonly Template[]; readonly negated: boolean };
export type ReadyStatement = {
  readonly statement: Statement;
  readonly actions: { readonly members: readonly SetMember[]; readonly negated: boolean };
  readonly resources: ResourceTemplates;
};
type Ready = {
  readonly statements: readonly ReadyStatement[];
  readonly variables: boolean;
  readonly byAction: Map<string, readonly Truth[]>;
  readonly byRequest: Map<string, PolicyDocument>;
  readonly byVector: Map<string, PolicyDocument>;
};

/** A pattern without a service, other than a star, is refused by IAM and matches nothing. */
const actionMembers = (patterns: readonly string[]): readonly SetMember[] =>
  patterns
    .filter((pattern) => pattern === '*' || /^[^:]+:/.test(pattern))
    .map((pattern) => setMemberOf(pattern.toLowerCase()));

type DocumentSyntax = { readonly version: string | undefined; readonly use: ResourceUse };

const readyStatement = (statement: Statement, { version, use }: DocumentSyntax): ReadyStatement => {
  const variables = version === '2012-10-17' ? 'read' : 'plain';
  const written = listOf(statement.Resource ?? statement.NotResource ?? '*');
  const resources = written.flatMap((text) => resourceTexts(text, use));
  return {
    statement,
    actions: {
      members: actionMembers(listOf(statement.Action ?? statement.NotAction)),
      negated: statement.Action === undefined,
    },
    resources: {
      templates: resources.map((text) => compileTemplate(text, { variables, wildcards: 'read', letters: 'exact' })),
      negated: statement.Resource === undefined && statement.NotResource !== undefined,
    },
  };
};

type ReadyDocuments = WeakMap<PolicyDocument, Ready>;
const documents: Readonly<Record<ResourceUse, ReadyDocuments>> = {
  identity: new WeakMap(),
  plain: new WeakMap(),
  aws: new WeakMap(),
};

const readyOf = (document: PolicyDocument, use: ResourceUse): Ready => {
  const known = documents[use].get(document);
  if (known !== undefined) return known;
  const list = statements(document).map((statement) => readyStatement(statement, { version: document.Version, use }));
  const variables = list.some(({ resources }) => resources.templates.some(({ fixed }) => fixed === undefined));
  const made = { statements: list, variables, byAction: new Map(), byRequest: new Map(), byVector: new Map() };
  documents[use].set(document, made);
  return made;
};

const useOf = ({ byAws }: NamedPolicy): ResourceUse => (byAws ? 'aws' : 'identity');

/** Of a policy of a user or role, or of its boundary; none of one whose document nobody has. */
export const readyStatements = (named: NamedPolicy): readonly ReadyStatement[] =>
  named.policy === null ? [] : readyOf(named.policy, useOf(named)).statements;

const actionTruth = ({ actions }: ReadyStatement, set: TextSet): Truth => {
  const one = onlyText(set);
  const inside = actions.members.some((member) =>
    one === undefined ? isInside(set, member.glob) : glob(member.glob, one),
  );
  const outside = !inside && (one !== undefined || actions.members.every((member) => isOutside(set, member.glob)));
  const truth = inside ? true : outside ? false : unknown(WHICH_ACTION);
  return actions.negated ? not(truth) : truth;
};

/**
 * A Deny that only reaches names with a colon and a second ARN in them is not counted as reaching a pattern: it can take
 * nothing but such names from what is allowed. An Allow is, for somebody could choose such a name.
 */
const touchReading = ({ statement, resources }: ReadyStatement, set: TextSet): PatternReading =>
  statement.Effect === 'Deny' && !resources.negated && onlyText(set) === undefined ? 'aligned' : readingOf(set);

/** All of it, nothing of it, or a part; a variable that nobody knows stands for any text until it is known. */
const listedTruth = (ready: ReadyStatement, { resources, lookup }: RequestSet): Truth => {
  const holds = (reading: PatternReading, test: (codes: Glob) => boolean): Truth =>
    someTruth(ready.resources.templates, (template) =>
      matchTemplate(template, lookup, (pattern) => test(resourceGlob(pattern, reading))),
    );
  const inside = holds('whole', (codes) => isInside(resources, codes));
  if (inside === true) return true;
  const touched = holds(touchReading(ready, resources), (codes) => !isOutside(resources, codes));
  if (touched === false) return false;
  if (inside !== false) return inside;
  return touched === true ? unknown(WHICH_RESOURCE) : touched;
};

const resourceTruth = (ready: ReadyStatement, set: RequestSet): Truth => {
  const truth = listedTruth(ready, set);
  return ready.resources.negated ? not(truth) : truth;
};

/** Whether a statement speaks of the set, its conditions aside. */
export const speaksOf = (ready: ReadyStatement, set: RequestSet): Truth => {
  const action = actionTruth(ready, set.actions);
  if (action === false) return false;
  const resource = resourceTruth(ready, set);
  if (resource === false || action === true) return resource;
  return resource === true ? action : unknown(...action.keys, ...resource.keys);
};

/** Keeps its place in the list, so that a reason still names the statement by its index. */
const silent: Statement = { Effect: 'Allow', Action: 'none', Resource: '*' };

/** Nothing is compared when the key is unknown, and this one always is. */
const hanging = (condition: ConditionBlock | undefined, keys: readonly string[]): ConditionBlock => ({
  ...condition,
  BinaryEquals: { ...condition?.['BinaryEquals'], ...Object.fromEntries(keys.map((key) => [key, ''])) },
});

const narrowedStatement = ({ statement }: ReadyStatement, truth: Truth): Statement => {
  if (truth === false) return silent;
  const { NotAction: _action, NotResource: _resource, ...rest } = statement;
  const whole: Statement = { ...rest, Action: '*', Resource: '*' };
  return truth === true ? whole : { ...whole, Condition: hanging(statement.Condition, truth.keys) };
};

const actionTruths = (ready: Ready, set: TextSet): readonly Truth[] => {
  const known = ready.byAction.get(set.key) ?? ready.statements.map((statement) => actionTruth(statement, set));
  ready.byAction.set(set.key, known);
  return known;
};

const narrowedDocument = (document: PolicyDocument, ready: Ready, set: RequestSet): PolicyDocument => {
  const actions = actionTruths(ready, set.actions);
  const truths = ready.statements.map((statement, index) =>
    actions[index] === false ? false : speaksOf(statement, set),
  );
  const vector = JSON.stringify(truths);
  const known = ready.byVector.get(vector);
  if (known !== undefined) return known;
  const Statement = ready.statements.map((statement, index) => narrowedStatement(statement, truths[index] ?? false));
  const made: PolicyDocument = { ...(document.Version === undefined ? {} : { Version: document.Version }), Statement };
  ready.byVector.set(vector, made);
  return made;
};

const narrowedOrKnown = (document: PolicyDocument, set: RequestSet, use: ResourceUse): PolicyDocument => {
  const ready = readyOf(document, use);
  if (ready.variables) return narrowedDocument(document, ready, set);
  const before = ready.byRequest.get(set.key);
  if (before !== undefined) return before;
  const made = narrowedDocument(document, ready, set);
  ready.byRequest.set(set.key, made);
  return made;
};

const narrowFor = (named: NamedPolicy, set: RequestSet, use: ResourceUse): NamedPolicy =>
  named.policy === null ? named : { ...named, policy: narrowedOrKnown(named.policy, set, use) };

/** Of a policy of a user or role, or of its boundary. */
export const narrow = (named: NamedPolicy, set: RequestSet): NamedPolicy => narrowFor(named, set, useOf(named));

/** Of the policy of a resource. */
export const narrowResource = (named: NamedPolicy, set: RequestSet): NamedPolicy => narrowFor(named, set, 'plain');

/** The same of a set that lies in the resource in part only. */
export const narrowHanging = (named: NamedPolicy, set: RequestSet): NamedPolicy => {
  if (named.policy === null) return named;
  const ready = readyOf(named.policy, 'plain');
  const Statement = ready.statements.map((statement) => {
    const truth = speaksOf(statement, set);
    const keys = typeof truth === 'boolean' ? [] : truth.keys;
    return narrowedStatement(statement, truth === false ? false : unknown(WHICH_RESOURCE, ...keys));
  });
  return { ...named, policy: { Version: '2012-10-17', Statement } };
};

const hasVariables = ({ policy }: NamedPolicy): boolean => policy !== null && readyOf(policy, 'plain').variables;

type Narrowed = { readonly fixed: boolean; readonly byRequest: Map<string, readonly PolicyLevel[]> };
const narrowedLevels = new WeakMap<readonly PolicyLevel[], Narrowed>();

const narrowEach = (levels: readonly PolicyLevel[], set: RequestSet): readonly PolicyLevel[] =>
  levels.map(({ level, policies }) => ({ level, policies: policies.map((policy) => narrowFor(policy, set, 'plain')) }));

/** Everybody in an account is asked under the same levels, so they are narrowed once for all of them. */
export const narrowLevels = (levels: readonly PolicyLevel[], set: RequestSet): readonly PolicyLevel[] => {
  const fixed = () => !levels.some(({ policies }) => policies.some(hasVariables));
  const known = narrowedLevels.get(levels) ?? { fixed: fixed(), byRequest: new Map<string, readonly PolicyLevel[]>() };
  narrowedLevels.set(levels, known);
  if (!known.fixed) return narrowEach(levels, set);
  const before = known.byRequest.get(set.key);
  if (before !== undefined) return before;
  const made = narrowEach(levels, set);
  known.byRequest.set(set.key, made);
  return made;
};

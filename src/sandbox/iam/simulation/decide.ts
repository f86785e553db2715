/** What identity policies decide about one action on one resource: enough for the policy simulator's answers. */
import type { ConditionFacts } from '../../sts/conditions.ts';
import { conditionHolds } from '../../sts/conditions.ts';
import { isLike } from '../../sts/glob.ts';
import type { PolicyStatement } from '../grammar/syntax.ts';
import { isObject, parsePolicy, textsOf } from '../grammar/syntax.ts';
import type { MatchSpan } from './positions.ts';
import { statementSpans } from './positions.ts';

export type SimulationSource = { readonly id: string; readonly type: string; readonly text: string };
export type SimulationQuestion = { readonly action: string; readonly resource: string; readonly facts: ConditionFacts };
export type MatchedStatement = {
  readonly effect: string;
  readonly source: SimulationSource;
  readonly span: MatchSpan | undefined;
};
export type SimulationDecision = {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  readonly matched: readonly MatchedStatement[];
};

const lists = (patterns: unknown, value: string): boolean => textsOf(patterns).some((one) => isLike(value, one));

const meetsAction = ({ Action, NotAction }: PolicyStatement, action: string): boolean => {
  const lower = (patterns: unknown): readonly string[] => textsOf(patterns).map((one) => one.toLowerCase());
  return Action === undefined ? !lists(lower(NotAction), action) : lists(lower(Action), action);
};

const meetsResource = ({ Resource, NotResource }: PolicyStatement, resource: string): boolean =>
  Resource === undefined ? !lists(NotResource, resource) : lists(Resource, resource);

/** A condition that cannot be evaluated allows nothing and denies what it might. */
const meets = (statement: PolicyStatement, { action, resource, facts }: SimulationQuestion): boolean =>
  meetsAction(statement, action.toLowerCase()) &&
  meetsResource(statement, resource) &&
  (conditionHolds(statement['Condition'], facts) ?? statement['Effect'] === 'Deny');

const matchedIn = (source: SimulationSource, question: SimulationQuestion): readonly MatchedStatement[] => {
  const spans = statementSpans(source.text);
  return parsePolicy(source.text).statements.flatMap((statement, index) =>
    meets(statement, question) ? [{ effect: String(statement['Effect']), source, span: spans[index] }] : [],
  );
};

const outcome = (matched: readonly MatchedStatement[]): SimulationDecision['decision'] => {
  if (matched.some(({ effect }) => effect === 'Deny')) return 'explicitDeny';
  return matched.length > 0 ? 'allowed' : 'implicitDeny';
};

export type SimulationPolicies = {
  readonly sources: readonly SimulationSource[];
  readonly boundaries: readonly SimulationSource[];
};

/** Without a boundary the policies decide alone; with one, both must allow. */
export const simulationDecision = (
  { sources, boundaries }: SimulationPolicies,
  question: SimulationQuestion,
): SimulationDecision => {
  const matched = sources.flatMap((source) => matchedIn(source, question));
  const bounding = boundaries.flatMap((source) => matchedIn(source, question));
  const own = outcome(matched);
  const bounded = boundaries.length === 0 ? own : outcome(bounding);
  const denied = [...matched, ...bounding].filter(({ effect }) => effect === 'Deny');
  if (denied.length > 0) return { decision: 'explicitDeny', matched: denied };
  return own === 'allowed' && bounded === 'allowed'
    ? { decision: 'allowed', matched }
    : { decision: 'implicitDeny', matched: [] };
};

/** The condition keys that the policies ask about. */
export const contextKeys = (sources: readonly SimulationSource[]): readonly string[] => {
  const keys = sources.flatMap(({ text }) =>
    parsePolicy(text).statements.flatMap(({ Condition }) =>
      Object.values(isObject(Condition) ? Condition : {}).flatMap((block) => Object.keys(block as PolicyStatement)),
    ),
  );
  const variables = sources.flatMap(({ text }) =>
    [...text.matchAll(/\$\{([\w-]+:[^},]+)/g)].map(([, key]) => key ?? ''),
  );
  return [...new Set([...keys, ...variables].map((key) => key.trim()))];
};

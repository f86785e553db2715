/** Actions and condition keys against what AWS documents: names that do not exist, keys that an action never carries. */
import { matchesAction, parseAction, parseActionPattern } from '../actions.ts';
import { documentName, quote, testsOf } from './document.ts';
import type { LintFinding, LintStatement, LintTest } from './document.ts';
import type { LintContext, TestedAction } from './context.ts';
import { carriesKey } from './facts.ts';
import type { ActionFacts, ServiceFacts } from './facts.ts';
import type { LintRuleId } from './rules.ts';
import type { LocatedFinding } from './silence.ts';
import { nearestAction } from '../nearest-action.ts';
import { matches, parsePattern } from '../match.ts';
import { listOf } from '../../model/policy.ts';

type PatternAt = { readonly pattern: string; readonly element: 'Action' | 'NotAction'; readonly index: number };

const namedActions = ({ statement }: LintStatement): readonly PatternAt[] =>
  (['Action', 'NotAction'] as const).flatMap((element) =>
    listOf(statement[element]).map((pattern, index) => ({ pattern, element, index })),
  );

const isAction = (pattern: string): boolean => /^[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+$/.test(pattern);

/** `isNew`: a full name of a service that exists, near none of its actions: AWS may have it since. */
type UnknownAction = { readonly message: string; readonly near: string | undefined; readonly isNew: boolean };

const unknownAction = (pattern: string, { facts, suggest }: LintContext): UnknownAction | undefined => {
  const { service, name } = parseAction(pattern);
  const names = facts.actionNames.get(service);
  if (names === undefined) {
    const near = suggest(service, facts.actionNames.keys());
    return {
      message: `${quote(service)} is not a service`,
      near: near && `${near}:${pattern.slice(service.length + 1)}`,
      isNew: false,
    };
  }
  const parsed = parsePattern(name);
  if (names.some((known) => matches(parsed, known.toLowerCase()))) return undefined;
  const near = nearestAction(pattern.slice(service.length + 1), { service, names, suggest });
  const isPattern = /[*?]/.test(name);
  const message = `${quote(pattern)} ${isPattern ? 'matches no action' : 'is not an action'}`;
  return { message, near: near && `${service}:${near}`, isNew: !isPattern && near === undefined };
};

const unknownWide = (pattern: string, { facts }: LintContext): UnknownAction | undefined => {
  const parsed = parseActionPattern(pattern);
  const isKnown = [...facts.actionNames].some(([service, names]) =>
    names.some((name) => matchesAction(parsed, parseAction(`${service}:${name}`))),
  );
  return isKnown ? undefined : { message: `${quote(pattern)} matches no action`, near: undefined, isNew: false };
};

const testedFinding = ({ at, within }: TestedAction, { message, near, isNew }: UnknownAction): LocatedFinding => ({
  rule: isNew ? 'uncatalogued-action' : 'vacuous-test',
  at,
  message,
  within: [within],
  ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
});

/** In an access test the service may be a pattern too; each of these is held against every action of AWS. */
const mostWide = 50;

/** The actions that access tests name: a test about what does not exist holds, whatever the policies say. */
export const lintTested = (tested: readonly TestedAction[], context: LintContext): readonly LocatedFinding[] => {
  const wide = tested.filter(({ pattern }) => !isAction(pattern) && pattern !== '*').slice(0, mostWide);
  return [...tested.filter(({ pattern }) => isAction(pattern)), ...wide].flatMap((one) => {
    const unknown = (isAction(one.pattern) ? unknownAction : unknownWide)(one.pattern, context);
    return unknown === undefined ? [] : [testedFinding(one, unknown)];
  });
};

/** What a denial names in vain is an open door; anywhere else it is only dead text. */
const ruleFor = ({ statement }: LintStatement, element: PatternAt['element']): LintRuleId =>
  statement.Effect === 'Deny' && element === 'Action' ? 'empty-deny' : 'unknown-action';

export const lintActions = (at: LintStatement, context: LintContext): readonly LintFinding[] =>
  namedActions(at).flatMap(({ pattern, element, index }) => {
    const unknown = isAction(pattern) ? unknownAction(pattern, context) : undefined;
    if (unknown === undefined) return [];
    const { message, near } = unknown;
    const hint = near === undefined ? {} : { hint: `Did you mean ${near}?` };
    return [{ rule: ruleFor(at, element), at: at.at(element, index), message, ...hint }];
  });

/** Keys of an identity provider are its host and a claim; they stand in no catalogue. */
const isProvidersKey = (key: string): boolean => /^[^:]*\./.test(key);

const unknownKey = (test: LintTest, at: LintStatement, { facts, suggest }: LintContext): readonly LintFinding[] => {
  if (Object.hasOwn(facts.keys, test.key) || isProvidersKey(test.key)) return [];
  const prefix = test.key.slice(0, Math.max(0, test.key.indexOf(':')));
  const near = suggest(test.written, Object.hasOwn(facts.keyNames, prefix) ? (facts.keyNames[prefix] ?? []) : []);
  const message = `${quote(test.written)} is not a condition key`;
  const place = at.keyAt('Condition', test.operator, test.written);
  const hint = near === undefined ? {} : { hint: `Did you mean ${near}?` };
  return [{ rule: 'unknown-condition-key', at: place, message, ...hint }];
};

export const factsOf = (service: string, { facts }: LintContext): ServiceFacts | undefined =>
  Object.hasOwn(facts.services, service) ? facts.services[service] : undefined;

export const actionsLike = (pattern: string, { actions }: ServiceFacts): readonly ActionFacts[] => {
  const { name } = parseAction(pattern);
  if (!/[*?]/.test(name)) return Object.hasOwn(actions, name) ? [actions[name] as ActionFacts] : [];
  const parsed = parsePattern(name);
  return Object.entries(actions).flatMap(([lower, action]) => (matches(parsed, lower) ? [action] : []));
};

/** Whether some action of the pattern carries the key; undefined where nothing is known of them. */
const isSupported = (pattern: string, key: string, context: LintContext): boolean | undefined => {
  const service = factsOf(parseAction(pattern).service, context);
  if (service === undefined) return undefined;
  const actions = actionsLike(pattern, service);
  if (actions.length === 0) return undefined;
  return carriesKey(service.keys, key) || actions.some(({ keys }) => carriesKey(keys, key));
};

/** Global keys (aws:…) are in the request context whatever the documentation of one action lists. */
const isJudged = (test: LintTest, { facts }: LintContext): boolean =>
  Object.hasOwn(facts.keys, test.key) && !test.key.startsWith('aws:') && !isProvidersKey(test.key);

const consequence = (test: LintTest): string => {
  if (test.base === 'null') return '';
  const holds = test.ifExists || test.negated || test.quantifier === 'forallvalues';
  return holds ? ', so that the condition always holds' : ', so that the condition never holds';
};

/** With IfExists, and with Null, actions without the key may be meant; one that carries it must be there. */
const unsupported = (test: LintTest, at: LintStatement, context: LintContext): readonly LintFinding[] => {
  if (!isJudged(test, context)) return [];
  const answers = listOf(at.statement.Action).map(
    (pattern) => [pattern, isSupported(pattern, test.key, context)] as const,
  );
  const without = answers.filter(([, supported]) => supported === false).map(([pattern]) => pattern);
  const tolerant = test.ifExists || test.base === 'null';
  if (without.length === 0 || (tolerant && without.length < answers.length)) return [];
  const shown =
    without.length > 3 ? `${without.slice(0, 3).join(', ')} and ${without.length - 3} more` : without.join(', ');
  const message = `${test.written} is never in a request for ${shown}${consequence(test)} there (${documentName(at)})`;
  const place = at.keyAt('Condition', test.operator, test.written);
  return [{ rule: 'unsupported-condition-key', at: place, message }];
};

export const lintConditionKeys = (at: LintStatement, context: LintContext): readonly LintFinding[] =>
  testsOf(at.statement).flatMap((test) => [...unknownKey(test, at, context), ...unsupported(test, at, context)]);

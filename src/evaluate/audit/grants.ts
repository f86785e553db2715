/** What a policy document grants outright, by itself: enough to see a way from few permissions to many. */
import type { OneOrMany, PolicyDocument, Statement } from '../../model/policy.ts';
import { statements, listOf } from '../../model/policy.ts';
import { escalationPaths } from '../escalation-paths.ts';
import { matches, parsePattern } from '../match.ts';

const isNamed = (patterns: OneOrMany<string> | undefined, action: string): boolean =>
  listOf(patterns).some((pattern) => matches(parsePattern(pattern.toLowerCase()), action.toLowerCase()));

const speaksOf = ({ Action, NotAction }: Statement, action: string): boolean =>
  Action === undefined ? NotAction !== undefined && !isNamed(NotAction, action) : isNamed(Action, action);

const isEverywhere = ({ Resource, Condition }: Statement): boolean =>
  Condition === undefined && listOf(Resource).includes('*');

/** Allowed on every resource under no condition, and not denied so. */
const grants = (document: PolicyDocument, action: string): boolean => {
  const met = statements(document).filter((one) => isEverywhere(one) && speaksOf(one, action));
  return met.length > 0 && met.every(({ Effect }) => Effect === 'Allow');
};

/** Those that give more rights by themselves, in any account. */
const outright = escalationPaths.filter(
  ({ weight, where, byRoles }) => weight === undefined && where === undefined && byRoles === undefined,
);

/** Names of the known escalation paths that the document opens alone, on every resource. */
export const pathsIn = (document: PolicyDocument): readonly string[] =>
  outright.filter(({ actions }) => actions.every((action) => grants(document, action))).map(({ name }) => name);

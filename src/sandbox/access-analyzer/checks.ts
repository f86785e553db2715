/**
 * The custom policy checks, by an evaluation of the sandbox's own. It reads actions, resources and principals by their
 * wildcards and takes a condition for one that may hold; where it cannot tell, the check fails, as a careful reader's would.
 */
import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError } from '../core.ts';
import type { PolicyStatement } from '../iam/grammar/syntax.ts';
import { parsePolicy, textsOf } from '../iam/grammar/syntax.ts';
import { textMember } from '../members.ts';
import { isPublicStatement } from '../resources/public.ts';
import { isLike } from '../sts/glob.ts';
import type { SandboxWorld } from '../world.ts';

const statementsIn = (input: CallInput, member: string): readonly PolicyStatement[] => {
  try {
    return parsePolicy(textMember(input, member)).statements;
  } catch {
    throw new AwsError('InvalidParameterException', `${member} is not a valid policy document.`);
  }
};

type CheckMessages = { readonly passes: string; readonly fails: string };

const answer = (
  at: readonly number[],
  statements: readonly PolicyStatement[],
  { passes, fails }: CheckMessages,
): CallOutput => {
  if (at.length === 0) return { result: 'PASS', message: passes };
  const reasons = at.map((statementIndex) => {
    const sid = statements[statementIndex]?.['Sid'];
    return {
      description: `In the statement with index: ${statementIndex}.`,
      statementIndex,
      ...(typeof sid === 'string' ? { statementId: sid } : {}),
    };
  });
  return { result: 'FAIL', message: fails, reasons };
};

const where = (
  statements: readonly PolicyStatement[],
  holds: (statement: PolicyStatement) => boolean,
): readonly number[] => statements.flatMap((statement, index) => (holds(statement) ? [index] : []));

const isAllow = ({ Effect }: PolicyStatement): boolean => Effect === 'Allow';

/** Patterns of what the statement is about; one that says what it is not about may be about anything. */
const patternsOf = (statement: PolicyStatement, element: 'Action' | 'Resource'): readonly string[] => {
  if (statement[`Not${element}`] !== undefined || statement[element] === undefined) return ['*'];
  return textsOf(statement[element]).map((one) => (element === 'Action' ? one.toLowerCase() : one));
};

/** Whether two patterns have something in common, or may have. */
const meet = (one: string, other: string): boolean => isLike(one, other) || isLike(other, one);

const isExact = (statement: PolicyStatement): boolean =>
  statement['Condition'] === undefined &&
  statement['NotAction'] === undefined &&
  statement['NotResource'] === undefined;

const covers = (statement: PolicyStatement, action: string, resource: string): boolean =>
  patternsOf(statement, 'Action').some((pattern) => isLike(action, pattern)) &&
  patternsOf(statement, 'Resource').some((pattern) => isLike(resource, pattern));

type CheckedAccess = { readonly actions: readonly string[]; readonly resources: readonly string[] };

const accessIn = (input: CallInput): readonly CheckedAccess[] =>
  (input['access'] as readonly CallInput[]).map((one) => ({
    actions: Array.isArray(one['actions']) ? textsOf(one['actions']).map((action) => action.toLowerCase()) : ['*'],
    resources: Array.isArray(one['resources']) ? textsOf(one['resources']) : ['*'],
  }));

const pairsOf = ({ actions, resources }: CheckedAccess): readonly (readonly [string, string])[] =>
  actions.flatMap((action) => resources.map((resource) => [action, resource] as const));

const notGranted: SandboxOperation<SandboxWorld> = (_world, input) => {
  const statements = statementsIn(input, 'policyDocument');
  const denies = statements.filter((statement) => !isAllow(statement) && isExact(statement));
  const asked = accessIn(input)
    .flatMap(pairsOf)
    .filter(([action, resource]) => !denies.some((statement) => covers(statement, action, resource)));
  const grants = (statement: PolicyStatement): boolean =>
    isAllow(statement) &&
    asked.some(
      ([action, resource]) =>
        patternsOf(statement, 'Action').some((pattern) => meet(action, pattern)) &&
        patternsOf(statement, 'Resource').some((pattern) => meet(resource, pattern)),
    );
  return answer(where(statements, grants), statements, {
    passes: 'The policy document does not grant access to perform the listed actions or resources.',
    fails: 'The policy document grants access to perform one or more of the listed actions or resources.',
  });
};

const without = (statement: PolicyStatement, element: string): string => {
  const { Sid: _, [element]: _element, ...rest } = statement;
  return JSON.stringify(rest);
};

const sameFor = (one: PolicyStatement, other: PolicyStatement): boolean =>
  JSON.stringify(one['Principal'] ?? null) === JSON.stringify(other['Principal'] ?? null) &&
  JSON.stringify(one['NotPrincipal'] ?? null) === JSON.stringify(other['NotPrincipal'] ?? null) &&
  (other['Condition'] === undefined || JSON.stringify(one['Condition']) === JSON.stringify(other['Condition']));

const isCovered = (statement: PolicyStatement, before: readonly PolicyStatement[]): boolean => {
  if (before.some((one) => without(one, 'Sid') === without(statement, 'Sid'))) return true;
  if (statement['NotAction'] !== undefined || statement['NotResource'] !== undefined) return false;
  const wider = before.filter(
    (one) => one['NotAction'] === undefined && one['NotResource'] === undefined && sameFor(statement, one),
  );
  const access = { actions: patternsOf(statement, 'Action'), resources: patternsOf(statement, 'Resource') };
  return pairsOf(access).every(([action, resource]) => wider.some((one) => covers(one, action, resource)));
};

const noNewAccess: SandboxOperation<SandboxWorld> = (_world, input) => {
  const [fresh, before] = [statementsIn(input, 'newPolicyDocument'), statementsIn(input, 'existingPolicyDocument')];
  const kept = (deny: PolicyStatement): boolean => fresh.some((one) => without(one, 'Sid') === without(deny, 'Sid'));
  const allowed = before.filter(isAllow);
  const isLooser = !before.filter((one) => !isAllow(one)).every(kept);
  const at = where(fresh, (statement) => isAllow(statement) && (isLooser || !isCovered(statement, allowed)));
  return answer(at, fresh, {
    passes: 'The modified permissions do not grant new access compared to your existing policy.',
    fails: 'The modified permissions grant new access compared to your existing policy.',
  });
};

const noPublicAccess: SandboxOperation<SandboxWorld> = (_world, input) => {
  const statements = statementsIn(input, 'policyDocument');
  return answer(where(statements, isPublicStatement), statements, {
    passes: 'The resource policy does not grant public access for the given resource type.',
    fails: 'The resource policy grants public access for the given resource type.',
  });
};

export const checkOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  CheckAccessNotGranted: notGranted,
  CheckNoNewAccess: noNewAccess,
  CheckNoPublicAccess: noPublicAccess,
};

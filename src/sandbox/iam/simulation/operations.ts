/** The policy simulator: SimulateCustomPolicy, SimulatePrincipalPolicy and the condition keys they need. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../../core.ts';
import type { ConditionFacts } from '../../sts/conditions.ts';
import { checkInlineDocument } from '../grammar/identity.ts';
import { iamListPage, textListMember } from '../look.ts';
import type { MatchedStatement, SimulationPolicies, SimulationSource } from './decide.ts';
import { contextKeys, simulationDecision } from './decide.ts';
import { boundariesAt, policiesAt } from './sources.ts';
import { textMember } from '../../members.ts';
import { asEntries } from '../../wire-query.ts';
import type { SandboxWorld, WorldOperations } from '../../world.ts';

const given = (input: CallInput, member: string, id: string): readonly SimulationSource[] =>
  textListMember(input, member).map((document, index) => {
    checkInlineDocument(document);
    return { id: `${id}.${index + 1}`, type: 'IAM Policy', text: document };
  });

type ContextKeyEntry = { readonly ContextKeyName?: string; readonly ContextKeyValues?: readonly string[] };

/** One value for each key: the first. */
const factsIn = (input: CallInput): ConditionFacts => {
  const entries = (Array.isArray(input['ContextEntries']) ? input['ContextEntries'] : []) as readonly ContextKeyEntry[];
  return Object.fromEntries(
    entries.map(({ ContextKeyName = '', ContextKeyValues = [] }) => [
      ContextKeyName.toLowerCase(),
      ContextKeyValues[0] ?? '',
    ]),
  );
};

const matchedOutput = ({ source, span }: MatchedStatement): CallOutput => ({
  SourcePolicyId: source.id,
  SourcePolicyType: source.type,
  ...span,
});

const results = (policies: SimulationPolicies, input: CallInput): readonly CallOutput[] => {
  const facts = factsIn(input);
  const asked = contextKeys([...policies.sources, ...policies.boundaries]);
  const missingKeys = asked.filter((key) => !Object.hasOwn(facts, key.toLowerCase()));
  const resources = textListMember(input, 'ResourceArns');
  return textListMember(input, 'ActionNames').flatMap((action) =>
    (resources.length > 0 ? resources : ['*']).map((resource) => {
      const { decision, matched } = simulationDecision(policies, { action, resource, facts });
      const statements = matched.map(matchedOutput);
      const specific = {
        EvalResourceName: resource,
        EvalResourceDecision: decision,
        MatchedStatements: statements,
        MissingContextValues: missingKeys,
      };
      return {
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: decision,
        MatchedStatements: statements,
        MissingContextValues: missingKeys,
        EvalDecisionDetails: asEntries({}),
        ResourceSpecificResults: [specific],
      };
    }),
  );
};

/** A boundary in the request takes the place of the principal's own. */
const boundariesIn = (input: CallInput, otherwise: readonly SimulationSource[]): readonly SimulationSource[] => {
  const asked = given(input, 'PermissionsBoundaryPolicyInputList', 'PermissionsBoundaryPolicyInputList');
  return asked.length > 0 ? asked : otherwise;
};

const simulatePrincipal: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const arn = textMember(input, 'PolicySourceArn');
  const sources = [...policiesAt(world, call, arn), ...given(input, 'PolicyInputList', 'PolicyInputList')];
  const boundaries = boundariesIn(input, boundariesAt(world, call, arn));
  return iamListPage('EvaluationResults', results({ sources, boundaries }, input), input);
};

const simulateCustom: SandboxOperation<SandboxWorld> = (_world, input) => {
  const sources = given(input, 'PolicyInputList', 'PolicyInputList');
  return iamListPage('EvaluationResults', results({ sources, boundaries: boundariesIn(input, []) }, input), input);
};

const keysOf = (world: SandboxWorld, input: CallInput, call: SandboxCall): CallOutput => {
  const held = policiesAt(world, call, textMember(input, 'PolicySourceArn'));
  return { ContextKeyNames: contextKeys([...held, ...given(input, 'PolicyInputList', 'PolicyInputList')]) };
};

export const simulationOperations: WorldOperations = {
  SimulatePrincipalPolicy: simulatePrincipal,
  SimulateCustomPolicy: simulateCustom,
  GetContextKeysForPrincipalPolicy: keysOf,
  GetContextKeysForCustomPolicy: (_world, input) => ({
    ContextKeyNames: contextKeys(given(input, 'PolicyInputList', 'PolicyInputList')),
  }),
};

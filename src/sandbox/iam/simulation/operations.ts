/** The policy simulator: SimulateCustomPolicy, SimulatePrincipalPolicy and the condition keys they need. */
import type { Call, Input, Operation, Output } from '../../core.ts';
import type { Facts } from '../../sts/conditions.ts';
import { checkInlineDocument } from '../grammar/identity.ts';
import { pageOf, textsIn } from '../look.ts';
import { contextKeys, decide, type Matched, type Source } from './decide.ts';
import { boundariesAt, policiesAt } from './sources.ts';
import { text } from '../../members.ts';
import { asEntries } from '../../wire-query.ts';
import type { World } from '../../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const given = (input: Input, member: string, id: string): readonly Source[] =>
  textsIn(input, member).map((document, index) => {
    checkInlineDocument(document);
    return { id: `${id}.${index + 1}`, type: 'IAM Policy', text: document };
  });

type Entry = { readonly ContextKeyName?: string; readonly ContextKeyValues?: readonly string[] };

/** One value for each key: the first. */
const factsIn = (input: Input): Facts => {
  const entries = (Array.isArray(input['ContextEntries']) ? input['ContextEntries'] : []) as readonly Entry[];
  return Object.fromEntries(
    entries.map(({ ContextKeyName = '', ContextKeyValues = [] }) => [
      ContextKeyName.toLowerCase(),
      ContextKeyValues[0] ?? '',
    ]),
  );
};

const matchedOutput = ({ source, span }: Matched): Output => ({
  SourcePolicyId: source.id,
  SourcePolicyType: source.type,
  ...span,
});

type Simulated = { readonly sources: readonly Source[]; readonly boundaries: readonly Source[] };

const results = (policies: Simulated, input: Input): readonly Output[] => {
  const facts = factsIn(input);
  const asked = contextKeys([...policies.sources, ...policies.boundaries]);
  const missingKeys = asked.filter((key) => !Object.hasOwn(facts, key.toLowerCase()));
  const resources = textsIn(input, 'ResourceArns');
  return textsIn(input, 'ActionNames').flatMap((action) =>
    (resources.length > 0 ? resources : ['*']).map((resource) => {
      const { decision, matched } = decide(policies, { action, resource, facts });
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
const boundariesIn = (input: Input, otherwise: readonly Source[]): readonly Source[] => {
  const asked = given(input, 'PermissionsBoundaryPolicyInputList', 'PermissionsBoundaryPolicyInputList');
  return asked.length > 0 ? asked : otherwise;
};

const simulatePrincipal: Operation<World> = (world, input, call) => {
  const arn = text(input, 'PolicySourceArn');
  const sources = [...policiesAt(world, call, arn), ...given(input, 'PolicyInputList', 'PolicyInputList')];
  const boundaries = boundariesIn(input, boundariesAt(world, call, arn));
  return pageOf('EvaluationResults', results({ sources, boundaries }, input), input);
};

const simulateCustom: Operation<World> = (_world, input) => {
  const sources = given(input, 'PolicyInputList', 'PolicyInputList');
  return pageOf('EvaluationResults', results({ sources, boundaries: boundariesIn(input, []) }, input), input);
};

const keysOf = (world: World, input: Input, call: Call): Output => {
  const held = policiesAt(world, call, text(input, 'PolicySourceArn'));
  return { ContextKeyNames: contextKeys([...held, ...given(input, 'PolicyInputList', 'PolicyInputList')]) };
};

export const simulationOperations: Ops = {
  SimulatePrincipalPolicy: simulatePrincipal,
  SimulateCustomPolicy: simulateCustom,
  GetContextKeysForPrincipalPolicy: keysOf,
  GetContextKeysForCustomPolicy: (_world, input) => ({
    ContextKeyNames: contextKeys(given(input, 'PolicyInputList', 'PolicyInputList')),
  }),
};

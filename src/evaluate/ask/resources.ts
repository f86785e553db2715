/** What the policies of resources say about a question: those that the state has, each by the ARN of its resource. */
import { coveredBy } from '../../kinds/resource-policies.ts';
import { statements, listOf } from '../../model/policy.ts';
import type { Statement } from '../../model/policy.ts';
import type { NamedPolicy } from '../layers.ts';
import type { AccessWorld } from '../policies-of.ts';
import type { PlacedResource } from '../placed-resources.ts';
import { parsePrincipal, principalNaming } from '../principal.ts';
import type { PrincipalNaming } from '../principal.ts';
import type { ActorQuestion } from './asking.ts';
import { narrowHanging, narrowResource } from './narrow.ts';
import type { RequestSet } from './narrow.ts';
import type { SetMember, TextSet } from './sets.ts';
import { isEmptySet, isInside, isOutside, lessenedBy, narrowedBy, resourcePatternSet, setMemberOf } from './sets.ts';

/** Every question asks it of every resource. */
const known = new WeakMap<PlacedResource, readonly SetMember[]>();
const covers = (placed: PlacedResource): readonly SetMember[] => {
  const found = known.get(placed) ?? coveredBy(placed.arn).map(setMemberOf);
  known.set(placed, found);
  return found;
};

/** The one resource in which all that is asked about lies. */
export const resourceAsked = (world: AccessWorld, resources: TextSet): PlacedResource | undefined =>
  world.resources.find((placed) => covers(placed).some(({ glob }) => isInside(resources, glob)));

const touched = (world: AccessWorld, resources: TextSet): readonly PlacedResource[] =>
  world.resources.filter((placed) => covers(placed).some(({ glob }) => !isOutside(resources, glob)));

/**
 * As it speaks of the whole question. Where only a part lies in resources that have policies, what these say hangs on which
 * resource it is. Nothing where none of them is asked about.
 */
export const resourcePolicyAsked = (
  world: AccessWorld,
  resources: TextSet,
  set: RequestSet,
): NamedPolicy | undefined => {
  const whole = resourceAsked(world, resources);
  if (whole !== undefined) return narrowResource(whole.policy, set);
  const parts = touched(world, resources);
  if (parts.length === 0) return undefined;
  const policies = parts.map(({ policy }) => narrowHanging(policy, set));
  return {
    name: parts.map(({ policy }) => policy.name).join(' and '),
    policy: {
      Version: '2012-10-17',
      Statement: policies.flatMap(({ policy }) => (policy === null ? [] : statements(policy))),
    },
    places: policies.flatMap(({ places = [] }) => places),
  };
};

/** How the statement allows the actor something; a Deny and one about others do not. */
const namingIn = ({ Effect, Principal, NotPrincipal }: Statement, actor: ActorQuestion['actor']): PrincipalNaming => {
  const principal = parsePrincipal(actor.arn);
  if (Effect !== 'Allow' || principal === undefined) return 'none';
  if (Principal === undefined) return NotPrincipal === undefined ? 'none' : 'direct';
  return principalNaming(Principal, principal);
};

type Opening = { readonly placed: PlacedResource; readonly statement: Statement };

const openingsFor = ({ world, actor }: OpenedFor, namings: readonly PrincipalNaming[]): readonly Opening[] =>
  world.resources.flatMap((placed) =>
    statements(placed.policy.policy ?? { Statement: [] })
      .filter((statement) => namings.includes(namingIn(statement, actor)))
      .map((statement) => ({ placed, statement })),
  );

type OpenedFor = { readonly world: AccessWorld; readonly actor: ActorQuestion['actor'] };

const actionParts = (actions: TextSet, { Action, NotAction }: Statement): readonly TextSet[] => {
  const members = listOf(Action ?? NotAction).map((pattern) => setMemberOf(pattern.toLowerCase()));
  return Action === undefined ? [lessenedBy(actions, members)] : members.map((member) => narrowedBy(actions, member));
};

/**
 * The parts of a question that the policy of a resource may allow without any statement of the actor's own: it names them, or
 * everybody (IAM User Guide, "Policy evaluation logic").
 */
export const openedQuestions = (world: AccessWorld, question: ActorQuestion): readonly ActorQuestion[] =>
  openingsFor({ world, actor: question.actor }, ['direct', 'role']).flatMap(({ placed, statement }) =>
    actionParts(question.actions, statement).flatMap((actions) =>
      covers(placed)
        .map((member) => ({ ...question, actions, resources: narrowedBy(question.resources, member) }))
        .filter((one) => !isEmptySet(one.actions) && !isEmptySet(one.resources)),
    ),
  );

/** Where the policies of resources name the actor, or its account. */
export const resourcesOpenTo = (world: AccessWorld, actor: ActorQuestion['actor']): readonly TextSet[] =>
  openingsFor({ world, actor }, ['direct', 'role', 'account']).flatMap(({ placed, statement: { Resource } }) =>
    listOf(Resource ?? '*').flatMap((text) => (text === '*' ? coveredBy(placed.arn) : [text]).map(resourcePatternSet)),
  );

/** Patterns of the actions that they give the actor. */
export const actionsOpenTo = (world: AccessWorld, actor: ActorQuestion['actor']): readonly string[] =>
  openingsFor({ world, actor }, ['direct', 'role']).flatMap(({ statement: { Action } }) => listOf(Action ?? '*'));

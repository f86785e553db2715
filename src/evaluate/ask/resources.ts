/** What the policies of resources say about a question: those that the state has, each by the ARN of its resource. */
import { coveredBy } from '../../kinds/resource-policies.ts';
import { rememberedOf } from '../../model/lists.ts';
import { statements, listOf } from '../../model/policy.ts';
import type { Statement } from '../../model/policy.ts';
import type { NamedPolicy } from '../layers.ts';
import type { AccessWorld } from '../policies-of.ts';
import type { PlacedResource } from '../placed-resources.ts';
import { parsePrincipal, principalNaming } from '../principal.ts';
import type { PrincipalNaming, RequestPrincipal } from '../principal.ts';
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

type ResourcesAsked = {
  /** The one in which all that is asked about lies. */
  readonly whole: PlacedResource | undefined;
  /** Where there is none, those that some of it may lie in. */
  readonly parts: readonly PlacedResource[];
};

const resourcesAskedOf = (placed: readonly PlacedResource[], resources: TextSet): ResourcesAsked => {
  const whole = placed.find((one) => covers(one).some(({ glob }) => isInside(resources, glob)));
  const parts =
    whole === undefined ? placed.filter((one) => covers(one).some(({ glob }) => !isOutside(resources, glob))) : [];
  return { whole, parts };
};

/** By the key of a set: many people are asked about the same resources. */
const askedBefore = rememberedOf((_: readonly PlacedResource[]) => new Map<string, ResourcesAsked>());

const resourcesAsked = ({ resources: placed }: AccessWorld, resources: TextSet): ResourcesAsked => {
  const before = askedBefore(placed);
  const found = before.get(resources.key) ?? resourcesAskedOf(placed, resources);
  before.set(resources.key, found);
  return found;
};

/** The one resource in which all that is asked about lies. */
export const resourceAsked = (world: AccessWorld, resources: TextSet): PlacedResource | undefined =>
  resourcesAsked(world, resources).whole;

/**
 * As it speaks of the whole question. Where only a part lies in resources that have policies, what these say hangs on which
 * resource it is. Nothing where none of them is asked about.
 */
export const resourcePolicyAsked = (
  world: AccessWorld,
  resources: TextSet,
  set: RequestSet,
): NamedPolicy | undefined => {
  const { whole, parts } = resourcesAsked(world, resources);
  if (whole !== undefined) return narrowResource(whole.policy, set);
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

/** How the statement allows a principal something; a Deny and one about others do not. */
const namingIn = ({ Effect, Principal, NotPrincipal }: Statement, principal: RequestPrincipal): PrincipalNaming => {
  if (Effect !== 'Allow') return 'none';
  if (Principal === undefined) return NotPrincipal === undefined ? 'none' : 'direct';
  return principalNaming(Principal, principal);
};

type Opening = { readonly placed: PlacedResource; readonly statement: Statement; readonly naming: PrincipalNaming };

const openingsTo = (resources: readonly PlacedResource[], arn: string): readonly Opening[] => {
  const principal = parsePrincipal(arn);
  if (principal === undefined) return [];
  return resources.flatMap((placed) =>
    statements(placed.policy.policy ?? { Statement: [] })
      .map((statement) => ({ placed, statement, naming: namingIn(statement, principal) }))
      .filter(({ naming }) => naming !== 'none'),
  );
};

/** By the ARN of an actor, who is asked many questions. */
const openedBefore = rememberedOf((_: readonly PlacedResource[]) => new Map<string, readonly Opening[]>());

const openingsFor = ({ world, actor }: OpenedFor, namings: readonly PrincipalNaming[]): readonly Opening[] => {
  const before = openedBefore(world.resources);
  const found = before.get(actor.arn) ?? openingsTo(world.resources, actor.arn);
  before.set(actor.arn, found);
  return found.filter(({ naming }) => namings.includes(naming));
};

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

/** Where somebody's own statements may allow something of a question: outside of that there is nothing to ask about. */

import { roleCallerOf } from './assuming.ts';
import type { ReadyStatement, RequestSet } from './narrow.ts';
import { readyStatements, speaksOf } from './narrow.ts';
import type { InquiryContext } from './question.ts';
import { requestOf, setOf } from './question.ts';
import type { ActorQuestion } from './asking.ts';
import type { SetMember, TextSet } from './sets.ts';
import { isEmptySet, lessenedBy, narrowedBy, onlyText, readingOf, resourceMember } from './sets.ts';
import type { Template } from '../variables.ts';
import { matchTemplate } from '../variables.ts';

type Granting = { readonly statement: ReadyStatement; readonly set: RequestSet };

/** The identity statements that may allow something of the question. */
export const grantingStatements = (asker: InquiryContext, question: ActorQuestion): readonly Granting[] => {
  const set = setOf(question, requestOf(asker, question));
  return (question.actor.policies.identityPolicies ?? [])
    .flatMap(readyStatements)
    .filter((statement) => statement.statement.Effect === 'Allow' && speaksOf(statement, set) !== false)
    .map((statement) => ({ statement, set }));
};

/** A template filled in; nothing when a variable in it has no value, an open one when nobody knows the value. */
const filled = (
  template: Template,
  { lookup, resources }: RequestSet,
): { member: SetMember; known: boolean } | undefined => {
  let member: SetMember | undefined;
  const truth = matchTemplate(template, lookup, (pattern) => {
    member = resourceMember(pattern, readingOf(resources));
    return true;
  });
  return member === undefined ? undefined : { member, known: truth === true };
};

export const membersOf = ({ statement, set }: Granting) =>
  statement.resources.templates.flatMap((template) => filled(template, set) ?? []);

const resourcePieces = (resources: TextSet, granting: Granting): readonly TextSet[] => {
  const listed = membersOf(granting);
  if (!granting.statement.resources.negated) return listed.map(({ member }) => narrowedBy(resources, member));
  return [
    lessenedBy(
      resources,
      listed.flatMap(({ member, known }) => (known ? [member] : [])),
    ),
  ];
};

const actionPieces = (actions: TextSet, { statement }: Granting): readonly TextSet[] => {
  if (onlyText(actions) !== undefined) return [actions];
  const { members, negated } = statement.actions;
  return negated ? [lessenedBy(actions, members)] : members.map((member) => narrowedBy(actions, member));
};

/**
 * The parts of the question that an identity statement may allow: what lies in none of them has no grant. The root user
 * and whoever is asked for instead of the actor need none, and a policy that nobody has may grant anything.
 */
export const pieces = (asker: InquiryContext, question: ActorQuestion): readonly ActorQuestion[] => {
  if (roleCallerOf(asker.world, question).principal !== question.actor.arn) return [question];
  const unread = question.actor.policies.identityPolicies?.some(({ policy }) => policy === null) ?? false;
  if (question.actor.kind === 'root' || unread) return [question];
  const parts = grantingStatements(asker, question).flatMap((granting) =>
    actionPieces(question.actions, granting).flatMap((actions) =>
      resourcePieces(question.resources, granting).map((resources) => ({ ...question, actions, resources })),
    ),
  );
  return parts.filter(({ actions, resources }) => !isEmptySet(actions) && !isEmptySet(resources));
};

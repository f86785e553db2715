/**
 * Questions about a set of requests: is all of it allowed, is none of it. Never says either wrongly: what hangs
 * on a key that nobody knows, or differs within the set in a way that was not resolved, depends.
 */

import { actionsWithin, hasWildcard } from './actions.ts';
import { trustedQuestions } from './assuming.ts';
import { askedResources, candidates } from './candidates.ts';
import { pieces } from './grants.ts';
import { openedQuestions } from './resources.ts';
import { WHICH_ACTION, WHICH_RESOURCE } from './narrow.ts';
import { isFree } from '../by-aws.ts';
import type { InquiryAnswer, InquiryContext } from './question.ts';
import { decideSet, actorQuestionOf, isDeniedByRails } from './question.ts';
import type { ActorQuestion, Inquiry } from './asking.ts';
import type { SetMember } from './sets.ts';
import { actionSet, lessenedBy, setMemberOf, onlyText } from './sets.ts';
import type { Actor } from '../actors.ts';

/** Against `denied`: an answer that is allowed, else one that depends; undefined where all are denied. */
const worst = (answers: Iterable<InquiryAnswer>): InquiryAnswer | undefined => {
  let found: InquiryAnswer | undefined;
  for (const answer of answers) {
    if (answer.decision === 'allowed') return answer;
    if (answer.decision === 'depends') found ??= answer;
  }
  return found;
};

const undeniedAction = (asker: InquiryContext, piece: ActorQuestion): InquiryAnswer | undefined => {
  const globs = (list: readonly SetMember[]) => list.map(({ glob }) => glob);
  const names = actionsWithin(globs(piece.actions.within), globs(piece.actions.without));
  const isAsked = (action: string): boolean => !isFree(action.toLowerCase());
  const one = (action: string): ActorQuestion => ({
    ...piece,
    actions: actionSet(action),
    asking: { ...piece.asking, action },
  });
  return worst(lazily(names, (action) => (isAsked(action) ? undenied(asker, one(action)) : undefined)));
};

function* lazily<From, To>(items: Iterable<From>, make: (item: From) => To | undefined): Iterable<To> {
  for (const item of items) {
    const made = make(item);
    if (made !== undefined) yield made;
  }
}

const undeniedPiece = (asker: InquiryContext, piece: ActorQuestion): InquiryAnswer | undefined => {
  const answer = decideSet(asker, piece);
  if (answer.decision === 'denied') return undefined;
  return onlyText(piece.actions) === undefined ? undeniedAction(asker, piece) : answer;
};

/** A counterexample to "none of it is allowed"; undefined when that is shown. */
const undenied = (
  asker: InquiryContext,
  question: ActorQuestion,
  isWholeDenied = decideSet(asker, question).decision === 'denied',
): InquiryAnswer | undefined => {
  const trusted = [...trustedQuestions(asker.world, question), ...openedQuestions(asker.world, question)];
  const granted = isWholeDenied ? [] : pieces(asker, question);
  return worst(lazily([...trusted, ...granted], (piece) => undeniedPiece(asker, piece)));
};

/** Is nothing of it allowed? `denied` when that is shown, else a counterexample. */
export const askDenied = (asker: InquiryContext, actor: Actor, asking: Inquiry): InquiryAnswer => {
  const question = actorQuestionOf(actor, asking);
  const whole = decideSet(asker, question);
  if (whole.detail.by === 'aws') return whole;
  const found = undenied(asker, question, whole.decision === 'denied');
  if (found !== undefined) return found;
  return whole.decision === 'denied' ? whole : { ...whole, decision: 'denied' };
};

/** What `askDenied` finds that is not denied; undefined where all is, and then no more is known than that. */
export const notDenied = (asker: InquiryContext, actor: Actor, asking: Inquiry): InquiryAnswer | undefined => {
  const question = actorQuestionOf(actor, asking);
  if (isDeniedByRails(asker, question)) return undenied(asker, question, true);
  const answer = askDenied(asker, actor, asking);
  return answer.decision === 'denied' ? undefined : answer;
};

/** The same, on every resource but these (patterns). */
export const askDeniedElsewhere = (
  asker: InquiryContext,
  actor: Actor,
  { asking, except }: { readonly asking: Inquiry; readonly except: readonly string[] },
): InquiryAnswer | undefined => {
  const question = actorQuestionOf(actor, asking);
  return undenied(asker, { ...question, resources: lessenedBy(question.resources, except.map(setMemberOf)) });
};

const best = (answers: Iterable<InquiryAnswer>): InquiryAnswer | undefined => {
  let found: InquiryAnswer | undefined;
  for (const answer of answers) {
    if (answer.decision === 'allowed') return answer;
    if (found === undefined || (found.decision === 'denied' && answer.decision === 'depends')) found = answer;
  }
  return found;
};

/** Denied on every resource that was tried: no one of them is worth naming. */
const nowhere = (asker: InquiryContext, question: ActorQuestion, found: InquiryAnswer | undefined): InquiryAnswer => {
  const { resource: _resource, ...rest } = found ?? decideSet(asker, question);
  return rest;
};

const allowedAction = (asker: InquiryContext, question: ActorQuestion): InquiryAnswer => {
  const { resource } = question.asking;
  if (resource !== undefined)
    return decideSet(asker, { ...question, resources: askedResources(asker, question, resource) });
  const sets = candidates(asker, question);
  const found = best(lazily(sets, (resources) => decideSet(asker, { ...question, resources })));
  return found === undefined || found.decision === 'denied' ? nowhere(asker, question, found) : found;
};

/** Is it allowed: on the whole of the resource's pattern, or without one on some resource? An action's wildcard means each. */
export const askAllowed = (asker: InquiryContext, actor: Actor, asking: Inquiry): InquiryAnswer => {
  const question = actorQuestionOf(actor, asking);
  if (!hasWildcard(asking.action)) return allowedAction(asker, question);
  const names = actionsWithin(question.actions.within.map(({ glob }) => glob));
  let last: InquiryAnswer | undefined;
  for (const action of names) {
    last = allowedAction(asker, actorQuestionOf(actor, { ...asking, action }));
    if (last.decision !== 'allowed') return last;
  }
  return last ?? decideSet(asker, question);
};

/** Allowed, denied or depends, whichever can be shown. */
export const ask = (asker: InquiryContext, actor: Actor, asking: Inquiry): InquiryAnswer => {
  const allowed = askAllowed(asker, actor, asking);
  if (allowed.decision === 'allowed') return allowed;
  const denied = askDenied(asker, actor, asking);
  if (denied.decision !== 'allowed') return denied;
  const which = hasWildcard(asking.action) ? WHICH_ACTION : WHICH_RESOURCE;
  return { ...denied, decision: 'depends', detail: { ...denied.detail, dependsOn: [which] } };
};

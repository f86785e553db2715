/**
 * Questions about sets of requests: is everything of it allowed, is nothing of it. Never says either wrongly: what hangs
 * on a key that nobody knows, or differs within the set in a way that was not resolved, depends.
 */

import { actionsWithin, hasWildcard } from './actions.ts';
import { trustedQuestions } from './assuming.ts';
import { askedResources, candidates } from './candidates.ts';
import { pieces } from './grants.ts';
import { WHICH_ACTION, WHICH_RESOURCE } from './narrow.ts';
import { isFree } from '../by-aws.ts';
import type { Answer, Asker } from './question.ts';
import { decideSet, questionOf } from './question.ts';
import type { Question, Asking } from './asking.ts';
import type { Member } from './sets.ts';
import { actionSet, lessenedBy, memberOf, onlyText } from './sets.ts';
import type { Actor } from '../actors.ts';

/** Where one is not denied: what is surely allowed says more than what may be. */
const worst = (answers: Iterable<Answer>): Answer | undefined => {
  let found: Answer | undefined;
  for (const answer of answers) {
    if (answer.decision === 'allowed') return answer;
    if (answer.decision === 'depends') found ??= answer;
  }
  return found;
};

const undeniedAction = (asker: Asker, piece: Question): Answer | undefined => {
  const globs = (list: readonly Member[]) => list.map(({ glob }) => glob);
  const names = actionsWithin(globs(piece.actions.within), globs(piece.actions.without));
  const isAsked = (action: string): boolean => !isFree(action.toLowerCase());
  const one = (action: string): Question => ({
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

const undeniedPiece = (asker: Asker, piece: Question): Answer | undefined => {
  const answer = decideSet(asker, piece);
  if (answer.decision === 'denied') return undefined;
  return onlyText(piece.actions) === undefined ? undeniedAction(asker, piece) : answer;
};

/** What stands against "none of it is allowed"; nothing when that is shown. */
const undenied = (asker: Asker, question: Question, whole = decideSet(asker, question)): Answer | undefined => {
  const trusted = trustedQuestions(asker.world, question);
  const granted = whole.decision === 'denied' ? [] : pieces(asker, question);
  return worst(lazily([...trusted, ...granted], (piece) => undeniedPiece(asker, piece)));
};

/** Is nothing of it allowed? `denied` when that is shown, else what stands against it. */
export const askDenied = (asker: Asker, actor: Actor, asking: Asking): Answer => {
  const question = questionOf(actor, asking);
  const whole = decideSet(asker, question);
  if (whole.detail.by === 'aws') return whole;
  const found = undenied(asker, question, whole);
  if (found !== undefined) return found;
  return whole.decision === 'denied' ? whole : { ...whole, decision: 'denied' };
};

/** The same, on every resource but these (patterns). */
export const askDeniedElsewhere = (
  asker: Asker,
  actor: Actor,
  { asking, except }: { readonly asking: Asking; readonly except: readonly string[] },
): Answer | undefined => {
  const question = questionOf(actor, asking);
  return undenied(asker, { ...question, resources: lessenedBy(question.resources, except.map(memberOf)) });
};

const best = (answers: Iterable<Answer>): Answer | undefined => {
  let found: Answer | undefined;
  for (const answer of answers) {
    if (answer.decision === 'allowed') return answer;
    if (found === undefined || (found.decision === 'denied' && answer.decision === 'depends')) found = answer;
  }
  return found;
};

/** Denied on every resource that was tried: no one of them is worth naming. */
const nowhere = (asker: Asker, question: Question, found: Answer | undefined): Answer => {
  const { resource: _resource, ...rest } = found ?? decideSet(asker, question);
  return rest;
};

const allowedAction = (asker: Asker, question: Question): Answer => {
  const { resource } = question.asking;
  if (resource !== undefined)
    return decideSet(asker, { ...question, resources: askedResources(asker, question, resource) });
  const sets = candidates(asker, question);
  const found = best(lazily(sets, (resources) => decideSet(asker, { ...question, resources })));
  return found === undefined || found.decision === 'denied' ? nowhere(asker, question, found) : found;
};

/** Is it allowed: on the whole of the resource's pattern, or without one on some resource? An action's wildcard means each. */
export const askAllowed = (asker: Asker, actor: Actor, asking: Asking): Answer => {
  const question = questionOf(actor, asking);
  if (!hasWildcard(asking.action)) return allowedAction(asker, question);
  const names = actionsWithin(question.actions.within.map(({ glob }) => glob));
  let last: Answer | undefined;
  for (const action of names) {
    last = allowedAction(asker, questionOf(actor, { ...asking, action }));
    if (last.decision !== 'allowed') return last;
  }
  return last ?? decideSet(asker, question);
};

/** Allowed, denied or depends, whichever can be shown. */
export const ask = (asker: Asker, actor: Actor, asking: Asking): Answer => {
  const allowed = askAllowed(asker, actor, asking);
  if (allowed.decision === 'allowed') return allowed;
  const denied = askDenied(asker, actor, asking);
  if (denied.decision !== 'allowed') return denied;
  const which = hasWildcard(asking.action) ? WHICH_ACTION : WHICH_RESOURCE;
  return { ...denied, decision: 'depends', detail: { ...denied.detail, dependsOn: [which] } };
};

/** Of how much of what was asked an answer holds: it may be asked of a pattern, or of no resource in particular. */
import type { Actor } from '../actors.ts';
import { actionsWithin, hasWildcard } from './actions.ts';
import { askAllowed } from './ask.ts';
import { allResources, askedResources, isExample } from './candidates.ts';
import { WHICH_ACTION, WHICH_RESOURCE } from './narrow.ts';
import type { InquiryAnswer, InquiryContext } from './question.ts';
import { decideSet, actorQuestionOf } from './question.ts';
import type { Inquiry } from './asking.ts';

/** `resource` is one that a policy names or the caller asked for; nothing where none of them is worth naming. */
export type AnswerExtent = { readonly of: 'some-resource' | 'some-action'; readonly resource?: string };

/** Whether the answer is the same for all that the action works on, or all that the pattern matches. */
const holdsOfAll = (asker: InquiryContext, actor: Actor, { asking, answer }: AnsweredInquiry): boolean => {
  const question = actorQuestionOf(actor, asking);
  const { resource } = asking;
  if (answer.detail.dependsOn.includes(WHICH_RESOURCE)) return false;
  if (resource !== undefined && answer.decision === 'allowed') return true;
  const sets = resource === undefined ? allResources(asker, question) : [askedResources(asker, question, resource)];
  return sets.every((resources) => {
    const { decision, detail } = decideSet(asker, { ...question, resources });
    return decision === answer.decision && !detail.dependsOn.includes(WHICH_RESOURCE);
  });
};

type AnsweredInquiry = { readonly asking: Inquiry; readonly answer: InquiryAnswer };

const ofResources = (asker: InquiryContext, actor: Actor, asked: AnsweredInquiry): AnswerExtent | undefined => {
  const { asking, answer } = asked;
  if (asking.resource !== undefined && !hasWildcard(asking.resource)) return undefined;
  if (holdsOfAll(asker, actor, asked)) return undefined;
  const { resource } = answer;
  const isTelling = resource !== undefined && !isExample(asker, actorQuestionOf(actor, asking), resource);
  return { of: 'some-resource', ...(isTelling ? { resource } : {}) };
};

/** Of an action pattern, all allowed: the first action that is allowed on some resources only, if there is one. */
const ofEachAction = (asker: InquiryContext, actor: Actor, asking: Inquiry): AnswerExtent | undefined => {
  for (const action of actionsWithin(actorQuestionOf(actor, asking).actions.within.map(({ glob }) => glob))) {
    const one = { ...asking, action };
    const extent = ofResources(asker, actor, { asking: one, answer: askAllowed(asker, actor, one) });
    if (extent !== undefined) return { of: extent.of };
  }
  return undefined;
};

const ofActions = (
  asker: InquiryContext,
  actor: Actor,
  { asking, answer }: AnsweredInquiry,
): AnswerExtent | undefined => {
  if (answer.decision === 'allowed') return ofEachAction(asker, actor, asking);
  const { detail } = decideSet(asker, actorQuestionOf(actor, asking));
  const isSome =
    detail.decision !== 'depends' || [WHICH_ACTION, WHICH_RESOURCE].some((one) => detail.dependsOn.includes(one));
  return isSome ? { of: 'some-action' } : undefined;
};

/** Nothing where the answer holds of everything that was asked, or is no. */
export const answerExtent = (asker: InquiryContext, actor: Actor, asked: AnsweredInquiry): AnswerExtent | undefined => {
  const { asking, answer } = asked;
  if (answer.decision === 'denied' || answer.detail.by === 'aws') return undefined;
  return hasWildcard(asking.action) ? ofActions(asker, actor, asked) : ofResources(asker, actor, asked);
};

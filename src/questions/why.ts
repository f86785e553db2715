/** Why a principal may or may not do an action in an account: each way to it, and what each comes to. */
import type { Actor } from '../evaluate/actors.ts';
import { hasWildcard, actionsMatching, loadActionResources } from '../evaluate/ask/actions.ts';
import { ask } from '../evaluate/ask/ask.ts';
import type { AnswerExtent } from '../evaluate/ask/extent.ts';
import { answerExtent } from '../evaluate/ask/extent.ts';
import type { InquiryAnswer, InquiryContext } from '../evaluate/ask/question.ts';
import type { Inquiry } from '../evaluate/ask/asking.ts';
import type { AccessWorld } from '../evaluate/policies-of.ts';
import type { Account } from '../model/resource.ts';
import type { Chain, Why } from '../model/why.ts';
import type { Outsider } from './outsiders.ts';
import { callerIs, readOutsider, waysIn } from './outsiders.ts';
import {
  actsThere,
  checkAction,
  checkResource,
  findAccount,
  findPrincipal,
  parseContext,
  placedAs,
  waysOf,
} from './principals.ts';
import type { NamedPrincipal, ActorWay } from './principals.ts';

/** What a person asks, in the words they typed. */
export type AccessQuestion = {
  readonly principal: string;
  readonly action: string;
  readonly account: string;
  readonly resource?: string;
  readonly resourceAccount?: string;
  readonly context: readonly string[];
};

export const askerFor = async (world: AccessWorld, action: string, now: string): Promise<InquiryContext> => {
  const actions = hasWildcard(action) ? actionsMatching(action) : [action];
  return { world, now, resources: await loadActionResources(actions) };
};

export const askingOf = (
  world: AccessWorld,
  { action, resource, resourceAccount, context }: Omit<AccessQuestion, 'principal' | 'account'>,
): Inquiry => ({
  action: checkAction(action),
  ...(resource === undefined ? {} : { resource: checkResource(resource) }),
  ...(resourceAccount === undefined ? {} : { resourceAccount: findAccount(world, resourceAccount).id }),
  context: parseContext(context),
});

const policyNames = ({ policies: { identityPolicies = [] } }: Actor): readonly string[] =>
  identityPolicies.map(({ name }) => name);

const chainFrom = ({ actor, through }: ActorWay, answer: InquiryAnswer, extent: AnswerExtent | undefined): Chain => ({
  through,
  decision: answer.decision,
  ...(extent === undefined
    ? {}
    : { extent: extent.of, ...(extent.resource === undefined ? {} : { on: extent.resource }) }),
  by: answer.detail.by,
  ...(answer.detail.level === undefined ? {} : { level: answer.detail.level }),
  ...(answer.detail.because === undefined ? {} : { because: answer.detail.because }),
  action: answer.action,
  ...(answer.resource === undefined ? {} : { resource: answer.resource }),
  reasons: answer.detail.reasons,
  dependsOn: answer.detail.dependsOn,
  policies: policyNames(actor),
});
/** Asked, and of how much of it the answer holds. */
export const chainOf = (asker: InquiryContext, way: ActorWay, asking: Inquiry): Chain => {
  const answer = ask(asker, way.actor, asking);
  return chainFrom(way, answer, answerExtent(asker, way.actor, { asking, answer }));
};

const together = (chains: readonly Chain[]): Why['decision'] => {
  if (chains.some(({ decision }) => decision === 'allowed')) return 'allowed';
  return chains.every(({ decision }) => decision === 'denied') ? 'denied' : 'depends';
};

type WhyInput = { readonly options: AccessQuestion; readonly account: Account; readonly asker: InquiryContext };

const principalWords = ({ type, name }: NamedPrincipal): string => {
  if (type === 'root') return name;
  return `${type === 'iam-user' ? 'user' : type}:${name}`;
};

/** A role or user of another account acts in this one as a role that it may assume. */
const fromElsewhere = (world: AccessWorld, principal: NamedPrincipal, account: Account): Outsider | undefined => {
  const found = placedAs(world, principal);
  return found === undefined || found.account === account ? undefined : callerIs(principalWords(principal), found.arn);
};

/** Of somebody who holds nothing in the account: only a role's trust lets them in. */
const whyOutside = (outsider: Outsider, { options, account, asker }: WhyInput): Why => {
  const chains = waysIn(asker, account, { outsider, asking: askingOf(asker.world, options) });
  const resource = options.resource === undefined ? {} : { resource: options.resource };
  const decision = together(chains);
  const nothing = 'no role of the account that can be asked for lets it in';
  return {
    principal: outsider.name,
    action: options.action,
    account: account.name,
    ...resource,
    decision,
    chains,
    nothing,
  };
};

/** Throws UserError for a principal that nobody knows. */
export const whyOf = (asked: WhyInput): Why => {
  const { options, account, asker } = asked;
  const { world } = asker;
  const stranger = actsThere(world, options.principal, account)
    ? undefined
    : readOutsider(world, options.principal, account);
  if (stranger !== undefined) return whyOutside(stranger, asked);
  const principal = findPrincipal(world, options.principal, account);
  const elsewhere = fromElsewhere(world, principal, account);
  if (elsewhere !== undefined) return whyOutside(elsewhere, asked);
  const asking = askingOf(world, options);
  const chains = waysOf(world, account, principal).map((way) => chainOf(asker, way, asking));
  return {
    principal: principalWords(principal),
    action: options.action,
    account: account.name,
    ...(options.resource === undefined ? {} : { resource: options.resource }),
    decision: together(chains),
    chains,
  };
};

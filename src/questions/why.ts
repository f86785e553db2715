/** Why a principal may or may not do an action in an account: each way to it, and what each comes to. */
import type { Actor } from '../evaluate/actors.ts';
import { hasWildcard, actionsMatching, loadActionResources } from '../evaluate/ask/actions.ts';
import { ask } from '../evaluate/ask/ask.ts';
import type { AnswerExtent } from '../evaluate/ask/extent.ts';
import { answerExtent } from '../evaluate/ask/extent.ts';
import type { InquiryAnswer, InquiryContext } from '../evaluate/ask/question.ts';
import type { Inquiry } from '../evaluate/ask/asking.ts';
import { takenLines } from '../desired/names.ts';
import type { AccessWorld } from '../evaluate/policies-of.ts';
import type { Account } from '../model/resource.ts';
import type { Chain, Why } from '../model/why.ts';
import { waysOpened } from './openings.ts';
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

const principalWords = ({ type, name }: NamedPrincipal): string => {
  if (type === 'root') return name;
  return `${type === 'iam-user' ? 'user' : type}:${name}`;
};

/** The role of a permission set acts for whoever holds the set. */
const isSetRole = (text: string): boolean => /[/:]AWSReservedSSO_/.test(text);

const principalTaken = (world: AccessWorld, text: string, account: Account): string => {
  const [, outside] = /^account[ :](.*[^\d].*)$/s.exec(text) ?? [];
  if (outside !== undefined) return `account ${findAccount(world, outside).id}`;
  if (isSetRole(text)) return principalWords(findPrincipal(world, `permission-set:${text}`, account));
  const isSaidInFull = actsThere(world, text, account) || readOutsider(world, text, account) !== undefined;
  return isSaidInFull ? text : principalWords(findPrincipal(world, text, account));
};

type Understood<T> = { readonly question: T; readonly taken: readonly string[] };
type Places = Pick<AccessQuestion, 'action' | 'account' | 'resourceAccount'>;

/** The accounts and the action in full. `taken` says of each short form what it was taken for. Throws UserError. */
export const placesTaken = <T extends Places>(world: AccessWorld, asked: T): Understood<T> => {
  const account = findAccount(world, asked.account).name;
  const other = asked.resourceAccount === undefined ? undefined : findAccount(world, asked.resourceAccount).name;
  const action = checkAction(asked.action);
  return {
    question: { ...asked, action, account, ...(other === undefined ? {} : { resourceAccount: other }) },
    taken: takenLines([
      [asked.account, account],
      ...(other === undefined ? [] : [[asked.resourceAccount ?? '', other] as const]),
    ]),
  };
};

/** The whole question in full. Throws UserError. */
export const questionTaken = <T extends AccessQuestion>(world: AccessWorld, asked: T): Understood<T> => {
  const { question, taken } = placesTaken(world, asked);
  const principal = principalTaken(world, asked.principal, findAccount(world, question.account));
  return { question: { ...question, principal }, taken: [...takenLines([[asked.principal, principal]]), ...taken] };
};

type WhyInput = { readonly options: AccessQuestion; readonly account: Account; readonly asker: InquiryContext };

/** A role or user of another account acts in this one as a role that it may assume. */
const fromElsewhere = (world: AccessWorld, principal: NamedPrincipal, account: Account): Outsider | undefined => {
  const found = placedAs(world, principal);
  return found === undefined || found.account === account ? undefined : callerIs(principalWords(principal), found.arn);
};

/** Of somebody who holds nothing in the account: a role's trust lets them in, or the policy of a resource. */
const whyOutside = (outsider: Outsider, { options, account, asker }: WhyInput): Why => {
  const way = { outsider, asking: askingOf(asker.world, options) };
  const chains = [...waysIn(asker, account, way), ...waysOpened(asker, account, way)];
  const resource = options.resource === undefined ? {} : { resource: options.resource };
  const decision = together(chains);
  const nothing = 'no role that can be asked for lets it in, and no known policy of a resource';
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

/** One question about a set of requests: what is known of it, whom it binds, and how it is decided as a whole. */

import type { PolicyDocument } from '../../model/policy.ts';
import type { ActionResources } from './actions.ts';
import { hasWildcard } from './actions.ts';
import type { RequestSet } from './narrow.ts';
import { narrow, narrowLevels } from './narrow.ts';
import { asksForRole, roleCallerOf, nobodyAsked, trustAsked } from './assuming.ts';
import { liesWithin } from './patterns.ts';
import type { TextSet } from './sets.ts';
import { actionSet, wholeSet, isInside, onlyText, resourcePatternSet } from './sets.ts';
import { settledObject } from '../by-aws.ts';
import type { Decision } from '../decide.ts';
import { decide, isDeniedAbove, settlement } from '../decide.ts';
import { parsePrincipal } from '../principal.ts';
import type { NamedPolicy, PolicyLayers } from '../layers.ts';
import type { Actor } from '../actors.ts';
import type { AccessWorld } from '../policies-of.ts';
import type { RequestContext, AccessRequest } from '../request.ts';
import { askedOf } from '../request.ts';
import type { Inquiry, ActorQuestion } from './asking.ts';
import { resourceAsked, resourcePolicyAsked } from './resources.ts';

export type InquiryContext = {
  readonly world: AccessWorld;
  /** Of the actions that are asked without a resource. */
  readonly resources: ActionResources;
  /** ISO 8601: the value of aws:CurrentTime. */
  readonly now: string;
};

export type InquiryAnswer = {
  readonly decision: Decision['decision'];
  readonly detail: Decision;
  /** The action and the resource that decided, as concrete as they are known. */
  readonly action: string;
  readonly resource?: string;
  /** Why no such request can be made; the decision is then `denied`. */
  readonly because?: string;
};

const anyKey: readonly string[] = ['*'];
const partsOf = (text: string): readonly string[] => text.split(':');
const isAccountId = (text: string | undefined): text is string => /^\d{12}$/.test(text ?? '');

/** A bucket's ARN says neither account nor Region; of one that is declared, the files do. */
const resourceAccountOf = (world: AccessWorld, { actor, asking, resources }: ActorQuestion): string => {
  if (asking.resourceAccount !== undefined) return asking.resourceAccount;
  const declared = resourceAsked(world, resources)?.account.id;
  return declared ?? resources.within.map(({ text }) => partsOf(text)[4]).find(isAccountId) ?? actor.account.id;
};

/** Of the resource if it names one whole Region; `undefined` if it names part of one. */
const regionOf = (world: AccessWorld, { resources }: ActorQuestion): string | undefined => {
  const otherwise = resourceAsked(world, resources)?.region ?? world.region;
  if (resources === wholeSet) return otherwise;
  const named = resources.within
    .map(({ text }) => partsOf(text))
    .filter((parts) => parts.length > 5)
    .map((parts) => parts[3] ?? '')
    .filter((region) => region !== '' && region !== '*');
  return named.find((region) => !hasWildcard(region)) ?? (named.length > 0 ? undefined : otherwise);
};

const given = (context: RequestContext | undefined, key: string): RequestContext[string] | undefined =>
  Object.entries(context ?? {}).find(([name]) => name.toLowerCase() === key)?.[1];

const ofOrganization = ['aws:principalorgid', 'aws:principalorgpaths'];

/** An organization besides ours that the role's trust or an RCP above it names, or a test that asks only for a membership. */
const asksForOthers = ({ world }: InquiryContext, question: ActorQuestion): boolean => {
  const owner = world.accountWithId(resourceAccountOf(world, question));
  const rails = owner === undefined ? [] : world.levels('rcp', owner).flatMap(({ policies }) => policies);
  const text = JSON.stringify([...rails.map(({ policy }) => policy), trustAsked(world, question)?.policy]);
  const named = text.match(/\bo-[a-z0-9]+\b/g) ?? [];
  return named.some((id) => id !== world.organization) || /"null":\{[^}]*principalorg/i.test(text);
};

/**
 * Of which organization somebody from outside is: a service and a provider's token of none (IAM User Guide, "AWS global
 * condition context keys"), an account that is not ours of none or another, which only matters where one is asked for.
 */
const homeOf = (asker: InquiryContext, question: ActorQuestion): Pick<AccessRequest, 'context' | 'absent'> => {
  const { world } = asker;
  const { kind, principal } = roleCallerOf(world, question);
  const ours = { context: { 'aws:principalorgid': world.organization } };
  if (kind !== 'outside') return ours;
  const account = parsePrincipal(principal)?.account;
  if (account === undefined) return { absent: ofOrganization };
  if (world.accountWithId(account) !== undefined) return ours;
  const isSaid = ofOrganization.some((key) => given(question.asking.context, key) !== undefined);
  return isSaid || asksForOthers(asker, question) ? {} : { absent: ofOrganization };
};

/** The keys that are always known, unless the question says otherwise. */
const contextOf = (asker: InquiryContext, question: ActorQuestion): RequestContext => {
  const { world, now } = asker;
  const { asking } = question;
  const { kind } = roleCallerOf(world, question);
  const region = regionOf(world, question);
  return {
    'aws:currenttime': now,
    'aws:securetransport': true,
    'aws:viaawsservice': false,
    ...homeOf(asker, question).context,
    ...(region === undefined ? {} : { 'aws:requestedregion': region }),
    ...(kind === 'role' ? { 'aws:multifactorauthpresent': false } : {}),
    ...Object.fromEntries(Object.entries(asking.context ?? {}).map(([key, value]) => [key.toLowerCase(), value])),
  };
};

const anyRoleOf = (account: string): string => `arn:aws:iam::${account}:role/*`;

export const requestOf = (asker: InquiryContext, question: ActorQuestion): AccessRequest => {
  const account = resourceAccountOf(asker.world, question);
  const role = asksForRole(question) ? anyRoleOf(account) : '*';
  const { absent } = homeOf(asker, question);
  return {
    action: onlyText(question.actions) ?? 'any:any',
    resource: onlyText(question.resources) ?? role,
    resourceAccount: account,
    principal: roleCallerOf(asker.world, question).principal,
    context: contextOf(asker, question),
    ...(absent === undefined ? {} : { absent }),
    unknown: anyKey,
  };
};

/** The default key policy: it leaves the decision to the account's identity policies (KMS Developer Guide, "Default key policy"). */
const delegating = (account: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: account }, Action: '*', Resource: '*' },
});
/** Of roles that no state has the trust is not known: the answer hangs on it wherever the identity policies allow. */
const trusting = (account: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: account },
    Action: '*',
    Resource: '*',
    Condition: { BinaryEquals: { "the role's trust policy": '' } },
  },
});

/**
 * The trust of a role and the policy of a resource that the state has. Of others, in the same account it counts as absent, where it would have to agree (a key) as the
 * default; in another account nothing is known of it, and that account has to allow.
 */
const resourcePolicyOf = (
  world: AccessWorld,
  question: ActorQuestion,
  request: AccessRequest,
): NamedPolicy | undefined => {
  const trust = trustAsked(world, question);
  if (trust !== undefined) return trust;
  const declared = resourcePolicyAsked(world, question.resources, setOf(question, request));
  const isWhole = resourceAsked(world, question.resources) !== undefined;
  if (declared !== undefined && isWhole) return declared;
  if (request.principal !== question.actor.arn) return { name: 'trust policy', policy: null };
  const own = question.actor.account.id;
  if (declared !== undefined && request.resourceAccount === own) return declared;
  if (request.resourceAccount !== own) return { name: "of the other account's resource", policy: null };
  if (asksForRole(question)) return { name: 'trust policy', policy: trusting(own), assumed: true };
  return request.action.startsWith('kms:')
    ? { name: 'default key policy', policy: delegating(own), assumed: true }
    : undefined;
};

export const setOf = (question: ActorQuestion, request: AccessRequest): RequestSet => {
  let lookup: RequestSet['lookup'] | undefined;
  return {
    actions: question.actions,
    resources: question.resources,
    key: `${question.actions.key}\n${question.resources.key}`,
    lookup: (key) => (lookup ??= askedOf(request).lookup)(key),
  };
};

type AskedRequest = { readonly request: AccessRequest; readonly set: RequestSet };

const railsOver = (
  { world }: InquiryContext,
  question: ActorQuestion,
  { request, set }: AskedRequest,
): Pick<PolicyLayers, 'scps' | 'rcps'> => {
  const { scps = [] } = roleCallerOf(world, question).policies;
  const owner = world.accountWithId(request.resourceAccount ?? '');
  const rcps = owner === undefined ? [] : world.levels('rcp', owner);
  return { scps: narrowLevels(scps, set), rcps: narrowLevels(rcps, set) };
};

/** Whether guard rails deny all of it for sure, which is known without the policies of whoever asks. */
export const isDeniedByRails = (asker: InquiryContext, question: ActorQuestion): boolean => {
  const request = requestOf(asker, question);
  return isDeniedAbove(request, railsOver(asker, question, { request, set: setOf(question, request) }));
};

const narrowed = (asker: InquiryContext, question: ActorQuestion, request: AccessRequest): PolicyLayers => {
  const { world } = asker;
  const set = setOf(question, request);
  const { identityPolicies = [], boundary = [] } = roleCallerOf(world, question).policies;
  return {
    ...railsOver(asker, question, { request, set }),
    identityPolicies: identityPolicies.map((policy) => narrow(policy, set)),
    boundary: boundary.map((policy) => narrow(policy, set)),
    resourcePolicy: resourcePolicyOf(world, question, request),
  };
};

/** Denied because no statement grants it. */
export const noGrant: Decision = { decision: 'denied', explicit: false, by: 'none', reasons: [], dependsOn: [] };

/** Allowed: every request of the set is. Denied: none is. */
export const decideSet = (asker: InquiryContext, question: ActorQuestion): InquiryAnswer => {
  const because = nobodyAsked(asker.world, question);
  if (because !== undefined) return { ...answerOf(question, noGrant), because };
  const request = requestOf(asker, question);
  const detail = decide(request, narrowed(asker, question, request));
  const isDenied = detail.decision === 'denied' && detail.explicit;
  return answerOf(question, isDenied ? detail : (settledSet(question, request) ?? detail));
};

/** All that is asked about lies where only AWS changes anything. */
const settledSet = ({ resources }: ActorQuestion, { action, principal }: AccessRequest): Decision | undefined => {
  const asking = parsePrincipal(principal);
  const settled = asking && settledObject(action, asking, (codes) => isInside(resources, codes));
  return settled && settlement(settled);
};

/** Drops each pattern that lies within another one. */
const telling = ({ within }: TextSet): TextSet['within'] => {
  const narrow = within.filter((one) => !within.some((other) => other !== one && liesWithin(other.glob, one.glob)));
  return narrow.length === 0 ? within : narrow;
};

const shown = (set: TextSet): string | undefined => {
  const text =
    onlyText(set) ??
    telling(set)
      .map((member) => member.text)
      .join(' and ');
  return set === wholeSet ? undefined : text;
};

const answerOf = (question: ActorQuestion, detail: Decision): InquiryAnswer => {
  const resource = shown(question.resources);
  return {
    decision: detail.decision,
    detail,
    action: spelled(question),
    ...(resource === undefined ? {} : { resource }),
  };
};

/** As the question wrote it, where it is the same action. */
const spelled = ({ asking, actions }: ActorQuestion): string => {
  const text = onlyText(actions) ?? actions.within.map((member) => member.text).join(' and ');
  return text === asking.action.toLowerCase() ? asking.action : text;
};

/** A star for the account stands for the account that is asked about. */
export const inAccount = (resource: string, account: string): string => {
  const parts = partsOf(resource);
  return parts.length > 5 && parts[4] === '*'
    ? parts.map((part, at) => (at === 4 ? account : part)).join(':')
    : resource;
};

/** A star for the Region stands for the Region that is asked about. */
export const inRegion = (resource: string, region: string): string => {
  const parts = partsOf(resource);
  return parts.length > 5 && parts[3] === '*'
    ? parts.map((part, at) => (at === 3 ? region : part)).join(':')
    : resource;
};

export const actorQuestionOf = (actor: Actor, asking: Inquiry): ActorQuestion => {
  const account = asking.resourceAccount ?? actor.account.id;
  const resources = asking.resource === undefined ? wholeSet : resourcePatternSet(inAccount(asking.resource, account));
  return { actor, asking, actions: actionSet(asking.action), resources };
};

/** The Region that the question says, else that of the settings. */
export const askedRegion = ({ world }: InquiryContext, { asking }: ActorQuestion): string =>
  String(given(asking.context, 'aws:requestedregion') ?? world.region);

/**
 * Questions about sets of requests: is everything of it allowed, is nothing of it. Never says either wrongly: what hangs
 * on a key that nobody knows, or differs within the set in a way that was not resolved, depends.
 */

import type { PolicyDocument } from '../model/policy.ts';
import { actionsWithin, hasWildcard, type ActionResources } from './ask-actions.ts';
import { meet, globOf } from './ask-patterns.ts';
import {
  WHICH_ACTION,
  WHICH_RESOURCE,
  narrow,
  narrowLevel,
  readyStatements,
  speaksOf,
  type ReadyStatement,
  type RequestSet,
} from './ask-narrow.ts';
import {
  actionPatternSet,
  everything,
  isEmptySet,
  lessenedBy,
  literalSet,
  memberOf,
  narrowedBy,
  onlyText,
  readingOf,
  resourceMember,
  resourcePatternSet,
  type Member,
  type TextSet,
} from './ask-sets.ts';
import { decide, type Decision } from './decide.ts';
import type { NamedPolicy, Policies } from './layers.ts';
import type { Actor, World } from './policies-of.ts';
import { askedOf, type Context, type Request } from './request.ts';
import { matchTemplate, type Template } from './variables.ts';

export type Asker = {
  readonly world: World;
  /** Of the actions that are asked without a resource. */
  readonly resources: ActionResources;
  /** ISO 8601: the value of aws:CurrentTime. */
  readonly now: string;
};

export type Asking = {
  /** `service:Name`, with wildcards perhaps, or `*`. */
  readonly action: string;
  /** An ARN, with wildcards perhaps. */
  readonly resource?: string;
  /** An account id; by default the one in the resource, else the actor's. */
  readonly resourceAccount?: string;
  readonly context?: Context;
};

export type Answer = {
  readonly decision: Decision['decision'];
  readonly detail: Decision;
  /** The action and the resource that decided, as concrete as they are known. */
  readonly action: string;
  readonly resource?: string;
};

type Question = {
  readonly actor: Actor;
  readonly asking: Asking;
  readonly actions: TextSet;
  readonly resources: TextSet;
};

const anyKey: readonly string[] = ['*'];
const partsOf = (text: string): readonly string[] => text.split(':');
const isAccountId = (text: string | undefined): text is string => /^\d{12}$/.test(text ?? '');

const resourceAccountOf = ({ actor, asking, resources }: Question): string => {
  if (asking.resourceAccount !== undefined) return asking.resourceAccount;
  return resources.within.map(({ text }) => partsOf(text)[4]).find(isAccountId) ?? actor.account.id;
};

/** Of the resource if it names one whole Region; `undefined` if it names part of one. */
const regionOf = ({ resources }: Question, otherwise: string): string | undefined => {
  const named = resources.within
    .map(({ text }) => partsOf(text))
    .filter((parts) => parts.length > 5)
    .map((parts) => parts[3] ?? '')
    .filter((region) => region !== '' && region !== '*');
  return named.find((region) => !hasWildcard(region)) ?? (named.length > 0 ? undefined : otherwise);
};

const given = (context: Context | undefined, key: string): Context[string] | undefined =>
  Object.entries(context ?? {}).find(([name]) => name.toLowerCase() === key)?.[1];

/** The keys that are always known, unless the question says otherwise. */
const contextOf = ({ world, now }: Asker, question: Question): Context => {
  const { asking, actor } = question;
  const region = regionOf(question, world.region);
  return {
    'aws:currenttime': now,
    'aws:securetransport': true,
    'aws:viaawsservice': false,
    'aws:principalorgid': world.organization,
    ...(region === undefined ? {} : { 'aws:requestedregion': region }),
    ...(actor.kind === 'role' ? { 'aws:multifactorauthpresent': false } : {}),
    ...Object.fromEntries(Object.entries(asking.context ?? {}).map(([key, value]) => [key.toLowerCase(), value])),
  };
};

const anyRole = (account: string): string => `arn:aws:iam::${account}:role/*`;
const isAssuming = (action: string): boolean => /^sts:(assumerole|tagsession|setsourceidentity)/i.test(action);
const asksForRole = ({ actions, resources }: Question): boolean =>
  isAssuming(onlyText(actions) ?? '') &&
  resources.within.every(({ glob }) => meet(glob, globOf('arn:aws:iam::*:role/*')));

const requestOf = (asker: Asker, question: Question): Request => {
  const account = resourceAccountOf(question);
  const role = asksForRole(question) ? anyRole(account) : '*';
  return {
    action: onlyText(question.actions) ?? 'any:any',
    resource: onlyText(question.resources) ?? role,
    resourceAccount: account,
    principal: question.actor.arn,
    context: contextOf(asker, question),
    unknown: anyKey,
  };
};

/** The default key policy: it leaves the decision to the account's identity policies (KMS Developer Guide, "Default key policy"). */
const delegating = (account: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: account }, Action: '*', Resource: '*' },
});
/** Whom a role trusts is not read here: the answer hangs on it wherever the identity policies allow. */
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
 * No resource's own policy is read. In the same account it counts as absent, where it would have to agree (a key) as the
 * default; in another account nothing is known of it, and that account has to allow.
 */
const resourcePolicyOf = (question: Question, request: Request): NamedPolicy | undefined => {
  const own = question.actor.account.id;
  if (request.resourceAccount !== own) return { name: "of the other account's resource", policy: null };
  if (asksForRole(question)) return { name: 'trust policy', policy: trusting(own) };
  return request.action.startsWith('kms:') ? { name: 'default key policy', policy: delegating(own) } : undefined;
};

const setOf = (question: Question, request: Request): RequestSet => {
  let lookup: RequestSet['lookup'] | undefined;
  return {
    actions: question.actions,
    resources: question.resources,
    lookup: (key) => (lookup ??= askedOf(request).lookup)(key),
  };
};

const narrowed = ({ world }: Asker, question: Question, request: Request): Policies => {
  const set = setOf(question, request);
  const { identityPolicies = [], boundary = [], scps = [] } = question.actor.policies;
  const owner = [...world.accounts.values()].find(({ id }) => id === request.resourceAccount);
  const rcps = owner === undefined ? [] : world.levels('rcp', owner);
  return {
    identityPolicies: identityPolicies.map((policy) => narrow(policy, set)),
    boundary: boundary.map((policy) => narrow(policy, set)),
    scps: scps.map((level) => narrowLevel(level, set)),
    rcps: rcps.map((level) => narrowLevel(level, set)),
    resourcePolicy: resourcePolicyOf(question, request),
  };
};

/** Allowed: every request of the set is. Denied: none is. */
const decideSet = (asker: Asker, question: Question): Answer => {
  const request = requestOf(asker, question);
  const detail = decide(request, narrowed(asker, question, request));
  return answerOf(question, detail);
};

const shown = (set: TextSet): string | undefined => {
  const text = onlyText(set) ?? set.within.map((member) => member.text).join(' and ');
  return set === everything ? undefined : text;
};

const answerOf = (question: Question, detail: Decision): Answer => {
  const resource = shown(question.resources);
  return {
    decision: detail.decision,
    detail,
    action: spelled(question),
    ...(resource === undefined ? {} : { resource }),
  };
};

/** As the question wrote it, where it is the same action. */
const spelled = ({ asking, actions }: Question): string => {
  const text = onlyText(actions) ?? actions.within.map((member) => member.text).join(' and ');
  return text === asking.action.toLowerCase() ? asking.action : text;
};

const actionSet = (action: string): TextSet =>
  hasWildcard(action) ? actionPatternSet(action.toLowerCase()) : literalSet(action.toLowerCase());

/** A star for the account stands for the account that is asked about. */
const inAccount = (resource: string, account: string): string => {
  const parts = partsOf(resource);
  return parts.length > 5 && parts[4] === '*'
    ? parts.map((part, at) => (at === 4 ? account : part)).join(':')
    : resource;
};
/** A star for the Region stands for the Region that is asked about. */
const inRegion = (resource: string, region: string): string => {
  const parts = partsOf(resource);
  return parts.length > 5 && parts[3] === '*'
    ? parts.map((part, at) => (at === 3 ? region : part)).join(':')
    : resource;
};

const questionOf = (actor: Actor, asking: Asking): Question => {
  const account = asking.resourceAccount ?? actor.account.id;
  const resources =
    asking.resource === undefined ? everything : resourcePatternSet(inAccount(asking.resource, account));
  return { actor, asking, actions: actionSet(asking.action), resources };
};

type Granting = { readonly statement: ReadyStatement; readonly set: RequestSet };

/** The identity statements that may allow something of the question. */
const grantingStatements = (asker: Asker, question: Question): readonly Granting[] => {
  const set = setOf(question, requestOf(asker, question));
  return (question.actor.policies.identityPolicies ?? [])
    .flatMap(({ policy }) => (policy === null ? [] : readyStatements(policy)))
    .filter((statement) => statement.statement.Effect === 'Allow' && speaksOf(statement, set) !== false)
    .map((statement) => ({ statement, set }));
};

/** A template filled in; nothing when a variable in it has no value, an open one when nobody knows the value. */
const filled = (
  template: Template,
  { lookup, resources }: RequestSet,
): { member: Member; known: boolean } | undefined => {
  let member: Member | undefined;
  const truth = matchTemplate(template, lookup, (pattern) => {
    member = resourceMember(pattern, readingOf(resources));
    return true;
  });
  return member === undefined ? undefined : { member, known: truth === true };
};

const membersOf = ({ statement, set }: Granting) =>
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
 * needs none, and a policy that nobody has may grant anything.
 */
const pieces = (asker: Asker, question: Question): readonly Question[] => {
  const unread = question.actor.policies.identityPolicies?.some(({ policy }) => policy === null) ?? false;
  if (question.actor.kind === 'root' || unread) return [question];
  const parts = grantingStatements(asker, question).flatMap((granting) =>
    actionPieces(question.actions, granting).flatMap((actions) =>
      resourcePieces(question.resources, granting).map((resources) => ({ ...question, actions, resources })),
    ),
  );
  return parts.filter(({ actions, resources }) => !isEmptySet(actions) && !isEmptySet(resources));
};

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
  const one = (action: string): Question => ({
    ...piece,
    actions: actionSet(action),
    asking: { ...piece.asking, action },
  });
  return worst(lazily(names, (action) => undenied(asker, one(action))));
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
const undenied = (asker: Asker, question: Question): Answer | undefined => {
  const whole = decideSet(asker, question);
  if (whole.decision === 'denied') return undefined;
  return worst(lazily(pieces(asker, question), (piece) => undeniedPiece(asker, piece)));
};

/** Is nothing of it allowed? `denied` when that is shown, else what stands against it. */
export const askDenied = (asker: Asker, actor: Actor, asking: Asking): Answer => {
  const question = questionOf(actor, asking);
  const found = undenied(asker, question);
  if (found !== undefined) return found;
  const whole = decideSet(asker, question);
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

/** A template of the action data: the account that is asked about, anything else as `other` says. */
const fillIn = (arn: string, account: string, other: { readonly region: string; readonly rest: string }): string =>
  arn
    .replaceAll('${Partition}', 'aws')
    .replaceAll('${Account}', account)
    .replaceAll('${Region}', other.region)
    .replace(/\$\{[^}]*\}/g, other.rest);

const example = (text: string): string => text.replace(/[*?]+/g, 'example');

const askedRegion = ({ world }: Asker, { asking }: Question): string =>
  String(given(asking.context, 'aws:requestedregion') ?? world.region);

/** Where the caller's own statements point, as far as the action works there. */
const grantedSets = (asker: Asker, question: Question, types: readonly string[]): readonly TextSet[] =>
  grantingStatements(asker, question).flatMap((granting) =>
    membersOf(granting).flatMap(({ member }) =>
      types
        .filter((type) => meet(member.glob, globOf(type)))
        .flatMap((type) => {
          const witness = example(member.text);
          const fits = meet(memberOf(type).glob, literalSet(witness).within[0]?.glob ?? []);
          const set = narrowedBy(resourcePatternSet(type), member);
          return fits ? [set, literalSet(witness)] : [set];
        }),
    ),
  );

/** Resources of which one will do: each set holds at least one that the action works on. */
const candidates = (asker: Asker, question: Question): readonly TextSet[] => {
  const types = asker.resources.get(question.asking.action.toLowerCase()) ?? { arns: ['*'], alsoNone: true };
  const account = question.asking.resourceAccount ?? question.actor.account.id;
  const region = askedRegion(asker, question);
  const examples = types.arns.map((arn) => literalSet(example(fillIn(arn, account, { region, rest: 'example' }))));
  const patterns = types.arns.map((arn) => fillIn(arn, account, { region: '*', rest: '*' }));
  return [...(types.alsoNone ? [literalSet('*')] : []), ...examples, ...grantedSets(asker, question, patterns)];
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
  if (question.asking.resource !== undefined) {
    const resource = inRegion(question.asking.resource, askedRegion(asker, question));
    const account = question.asking.resourceAccount ?? question.actor.account.id;
    return decideSet(asker, { ...question, resources: resourcePatternSet(inAccount(resource, account)) });
  }
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

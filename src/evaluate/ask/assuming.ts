/**
 * Becoming a role: its trust policy is the resource's policy. The caller need not act in an account of the organization,
 * here or where the policy of a resource is known: a question says so by its action (a token of a provider), or by aws:PrincipalServiceName or aws:PrincipalArn in its context.
 */
import { rememberedOf } from '../../model/lists.ts';
import type { PrincipalElement } from '../../model/policy.ts';
import { statements, webIdentityProviders, listOf } from '../../model/policy.ts';
import { fullAccessDocument } from '../../model/policy.ts';
import type { NamedPolicy, PolicyLayers } from '../layers.ts';
import { glob, splitArn } from '../match.ts';
import type { Actor } from '../actors.ts';
import { iamUserActor, roleActors } from '../actors.ts';
import type { PlacedRole, AccessWorld } from '../policies-of.ts';
import { isNoRole } from '../policies-of.ts';
import { resourceAsked } from './resources.ts';
import { principalNaming, parsePrincipal } from '../principal.ts';
import type { RequestContext } from '../request.ts';
import { globOf, meet } from './patterns.ts';
import type { ActorQuestion } from './asking.ts';
import { actionSet, isEmptySet, literalMember, narrowedBy, onlyText } from './sets.ts';

const anyRole = globOf('arn:aws:iam::*:role/*');
const isAssuming = (action: string): boolean =>
  /^sts:(assumerole|tagsession|setsourceidentity|setcontext)/i.test(action);

/** One action by which a role is assumed, on nothing but roles. */
export const asksForRole = rememberedOf(
  ({ actions, resources }: ActorQuestion): boolean =>
    isAssuming(onlyText(actions) ?? '') && resources.within.every(({ glob: codes }) => meet(codes, anyRole)),
);

/** The ARN of the one role that is asked for. */
const roleAsked = rememberedOf((question: ActorQuestion): string | undefined => {
  if (!asksForRole(question)) return undefined;
  const text = onlyText(question.resources);
  return text !== undefined && glob(anyRole, text) ? text : undefined;
});

const given = (context: RequestContext | undefined, key: string): string | undefined => {
  const value = Object.entries(context ?? {}).find(([name]) => name.toLowerCase() === key)?.[1];
  return typeof value === 'string' ? value : undefined;
};

const federatedIn = (element: PrincipalElement | undefined): readonly string[] =>
  element === undefined || element === '*' ? [] : listOf(element['Federated'] ?? []);

/** `token.actions.githubusercontent.com:sub` names the issuer before its last colon; keys of AWS name a service. */
const issuersIn = (context: RequestContext | undefined): readonly string[] => [
  ...new Set(
    Object.keys(context ?? {}).flatMap((key) => {
      const issuer = key.slice(0, Math.max(key.lastIndexOf(':'), 0));
      return issuer.includes('.') ? [issuer] : [];
    }),
  ),
];

const isFederated = (question: ActorQuestion): boolean =>
  /^sts:assumerolewith/i.test(onlyText(question.actions) ?? '') && roleAsked(question) !== undefined;

/** Whose token it is: as aws:FederatedProvider or the provider's own keys say, else any that the role trusts. */
const providersAsked = (world: AccessWorld, question: ActorQuestion, arn: string): readonly string[] => {
  const account = splitArn(arn)[4] ?? '';
  const providerOf = (issuer: string): string =>
    webIdentityProviders.includes(issuer) ? issuer : `arn:aws:iam::${account}:oidc-provider/${issuer}`;
  const named = given(question.asking.context, 'aws:federatedprovider');
  const said = named === undefined ? issuersIn(question.asking.context).map(providerOf) : [named];
  if (said.length > 0) return said;
  const trust = world.roles.get(arn)?.role.trust;
  const trusted = trust === undefined ? [] : statements(trust).flatMap(({ Principal }) => federatedIn(Principal));
  const isSaml = /withsaml$/i.test(onlyText(question.actions) ?? '');
  const known = [...new Set(trusted)].filter(
    (name) => parsePrincipal(name) !== undefined && name.includes(':saml-provider/') === isSaml,
  );
  return known.length > 0 ? known : [providerOf('unknown')];
};

/** Who asks and what binds them. `outside`: nobody who acts in the account that is asked about. */
type RoleCaller = {
  readonly principal: string;
  readonly policies: PolicyLayers;
  readonly kind: Actor['kind'] | 'outside';
};

const administrator: PolicyLayers = {
  identityPolicies: [{ name: 'its own policies', policy: fullAccessDocument, assumed: true }],
};
const unread: PolicyLayers = { identityPolicies: [{ name: 'its own policies', policy: null }] };

const knownActor = (world: AccessWorld, arn: string): Actor | undefined => {
  const user = world.users.get(arn);
  if (user !== undefined) return iamUserActor(world, user);
  const placed = world.roles.get(arn);
  return placed === undefined ? undefined : roleActors(world, placed.account, (role) => role === placed.role)[0];
};

/** In an account that is not ours its owner allows what they like; in ours a known role or user has its own policies. */
const byArn = (world: AccessWorld, arn: string): RoleCaller => {
  const actor = knownActor(world, arn);
  if (actor !== undefined) return { principal: arn, policies: actor.policies, kind: actor.kind };
  const isOurs = world.accountWithId(splitArn(arn)[4] ?? '') !== undefined;
  return { principal: arn, policies: isOurs ? unread : administrator, kind: 'outside' };
};

const claimed = (world: AccessWorld, question: ActorQuestion, arn: string): RoleCaller | undefined => {
  const { context } = question.asking;
  const service = given(context, 'aws:principalservicename');
  const outside = { policies: {}, kind: 'outside' } as const;
  if (isFederated(question)) return { ...outside, principal: providersAsked(world, question, arn)[0] ?? '*' };
  if (service !== undefined && parsePrincipal(service)?.kind === 'service') return { ...outside, principal: service };
  const caller = given(context, 'aws:principalarn');
  return caller === undefined || parsePrincipal(caller) === undefined ? undefined : byArn(world, caller);
};

/** The actor itself, unless somebody else is said to ask for a role. */
export const roleCallerOf = (world: AccessWorld, question: ActorQuestion): RoleCaller => {
  const { actor } = question;
  const arn = roleAsked(question) ?? resourceAsked(world, question.resources)?.arn;
  const other = arn === undefined ? undefined : claimed(world, question, arn);
  return other ?? { principal: actor.arn, policies: actor.policies, kind: actor.kind };
};

/** Who asks for a role that is not there, or is said to be one that is not there, is refused for sure. */
export const nobodyAsked = (world: AccessWorld, question: ActorQuestion): string | undefined => {
  const arn = roleAsked(question);
  if (arn === undefined) return undefined;
  if (isNoRole(world, arn)) return 'nobody may assume a role that is not there';
  const caller = given(question.asking.context, 'aws:principalarn');
  return caller !== undefined && isNoRole(world, caller) ? 'a role that is not there asks for nothing' : undefined;
};

/** What the trusted role's document says; `undefined` where no role of the state is asked for by its ARN. */
export const trustAsked = (world: AccessWorld, question: ActorQuestion): NamedPolicy | undefined => {
  const arn = roleAsked(question);
  const trust = arn === undefined ? undefined : world.roles.get(arn)?.trust;
  if (arn === undefined || trust === undefined) return undefined;
  const isOpen = isFederated(question) && providersAsked(world, question, arn).length > 1;
  return isOpen ? { name: trust.name, policy: null } : trust;
};

const namesWithoutAccount = ({ role }: PlacedRole, arn: string): boolean => {
  const principal = parsePrincipal(arn);
  if (principal === undefined) return false;
  return statements(role.trust).some(({ Effect, Principal, NotPrincipal }) => {
    if (Effect !== 'Allow') return false;
    if (Principal === undefined) return NotPrincipal !== undefined;
    return ['direct', 'role'].includes(principalNaming(Principal, principal));
  });
};

const assumingActions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'];

/**
 * Inside one account a trust policy that names the role or user itself is enough (IAM User Guide, "Policy evaluation
 * logic"): the parts of the question that are allowed, if they are, without any statement of the actor's own.
 */
export const trustedQuestions = (world: AccessWorld, question: ActorQuestion): readonly ActorQuestion[] => {
  const { actor, actions, resources } = question;
  const asked = assumingActions.filter((action) => {
    const text = action.toLowerCase();
    return (
      actions.within.every((member) => glob(member.glob, text)) && !actions.without.some((m) => glob(m.glob, text))
    );
  });
  if (asked.length === 0 || actor.kind === 'root') return [];
  return world.rolesIn(actor.account.name).flatMap((placed) => {
    const one = narrowedBy(resources, literalMember(placed.arn));
    if (isEmptySet(one) || !namesWithoutAccount(placed, actor.arn)) return [];
    return asked.map((action) => ({
      ...question,
      actions: actionSet(action),
      resources: one,
      asking: { ...question.asking, action },
    }));
  });
};

/** ARNs of the roles whose trust names the actor or its account. */
export const rolesNaming = (world: AccessWorld, actor: Actor): readonly string[] => {
  const principal = parsePrincipal(actor.arn);
  if (principal === undefined) return [];
  return [...world.roles.values()].flatMap(({ role, arn }) =>
    statements(role.trust).some(
      ({ Effect, Principal }) =>
        Effect === 'Allow' && Principal !== undefined && principalNaming(Principal, principal) !== 'none',
    )
      ? [arn]
      : [],
  );
};

/** What each kind of policy says about a request: its matching statements, and whether it allows and denies. */

import type { PolicyDocument } from '../model/policy.ts';
import type { Place } from '../model/problem.ts';
import type { PrincipalNaming, RequestPrincipal } from './principal.ts';
import { servicesWithResourceControl } from './rcp-services.ts';
import type { CompiledRequest } from './request.ts';
import type { ResourceUse } from './resource-text.ts';
import type { CompiledStatement } from './statements.ts';
import { appliesTo, compile, namingIn } from './statements.ts';
import type { Truth } from './truth.ts';
import { someTruth, unknown } from './truth.ts';
import { fullAccessDocument } from '../model/policy.ts';

/** `policy: null` is one whose document nobody has (not in the catalogue): it may allow or deny anything. */
export type NamedPolicy = {
  readonly name: string;
  readonly policy: PolicyDocument | null;
  /** Where each statement is written, by the statement's index. */
  readonly places?: readonly (Place | undefined)[];
  /** No state has it: a default of AWS, or what somebody might hold. */
  readonly assumed?: true;
  /** AWS wrote it: an AWS managed policy. */
  readonly byAws?: true;
};
/** For whom only other layers may refuse: guard rails, the policy of the resource. */
export const allowingAll: NamedPolicy = { name: 'its own policies', policy: fullAccessDocument, assumed: true };

export type PolicyLevel = { readonly level: string; readonly policies: readonly NamedPolicy[] };

/** A missing or empty list of boundary, session policies, SCPs or RCPs: none apply. A level without policies denies. */
export type PolicyLayers = {
  readonly identityPolicies?: readonly NamedPolicy[];
  readonly boundary?: readonly NamedPolicy[];
  readonly sessionPolicies?: readonly NamedPolicy[];
  /** Root to account, of the principal's account; none for the management account. */
  readonly scps?: readonly PolicyLevel[];
  /** Root to account, of the resource's account. RCPFullAWSAccess, which AWS attaches everywhere, has to be in it. */
  readonly rcps?: readonly PolicyLevel[];
  readonly resourcePolicy?: NamedPolicy | undefined;
};

export type LayerType = 'identity' | 'boundary' | 'session' | 'scp' | 'rcp' | 'resource' | 'trust';
/** `index` is undefined for a policy without a document. */
export type Match = {
  readonly policy: NamedPolicy;
  readonly index: number | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly truth: Truth;
  readonly naming: PrincipalNaming;
};
export type Layer = {
  readonly type: LayerType;
  readonly level: string | undefined;
  readonly matches: readonly Match[];
  readonly allow: Truth;
  readonly deny: Truth;
};

export type Layers = {
  readonly scps: readonly Layer[];
  readonly rcps: readonly Layer[];
  readonly identity: Layer;
  readonly boundary: Layer | undefined;
  readonly session: Layer | undefined;
  readonly resource: Layer;
};

/** Only the guard rails that bind this principal and this action. */
export function guardRailLayers(
  asked: CompiledRequest,
  { scps = [], rcps = [] }: Pick<PolicyLayers, 'scps' | 'rcps'>,
): Pick<Layers, 'scps' | 'rcps'> {
  const levels = (type: LayerType, list: readonly PolicyLevel[]) =>
    list.map(({ level, policies }) => layer(type, matchesIn(policies, asked, 'plain'), level));
  return {
    scps: asked.principal.account !== undefined && !asked.serviceLinked ? levels('scp', scps) : [],
    rcps: bindsResource(asked) ? levels('rcp', rcps) : [],
  };
}

/** Only the layers that bind this principal and this action; an absent one does not limit. */
export function layersOf(asked: CompiledRequest, policies: PolicyLayers): Layers {
  const { principal } = asked;
  const owned = principal.account !== undefined;
  const limit = (type: 'boundary' | 'session', list: readonly NamedPolicy[] | undefined) =>
    owned && list && list.length > 0 ? layer(type, matchesIn(list, asked, uses[type])) : undefined;
  const own = readsIdentity(principal) ? (policies.identityPolicies ?? []) : [];
  return {
    ...guardRailLayers(asked, policies),
    identity: layer('identity', matchesIn(own, asked, 'identity')),
    boundary: principal.kind === 'root' ? undefined : limit('boundary', policies.boundary),
    session: sessionLayer(principal, limit('session', policies.sessionPolicies)),
    resource: resourceLayer(asked, policies),
  };
}

export function isTrust(asked: CompiledRequest): boolean {
  return asked.action.service === 'sts' && /^arn:[^:]*:iam::\d*:role\//.test(asked.resource);
}

function readsIdentity(principal: RequestPrincipal): boolean {
  return principal.account !== undefined && principal.kind !== 'root';
}

/** GetFederationToken: without a session policy the session has no permissions but those that name it. */
function sessionLayer(principal: RequestPrincipal, session: Layer | undefined): Layer | undefined {
  return principal.kind === 'federated-user' ? (session ?? layer('session', [])) : session;
}

/** kms:RetireGrant escapes every RCP (Organizations User Guide, "RCPs": entities not restricted). */
function bindsResource(asked: CompiledRequest): boolean {
  const { service, name } = asked.action;
  const exempt = asked.serviceLinked || (service === 'kms' && name === 'retiregrant');
  return servicesWithResourceControl.has(service) && !exempt;
}

/**
 * A Deny with NotPrincipal hits every principal with a permissions boundary, whoever it lists
 * (IAM User Guide, "NotPrincipal").
 */
function resourceLayer(asked: CompiledRequest, policies: PolicyLayers): Layer {
  const policy = policies.resourcePolicy;
  const bounded = (policies.boundary?.length ?? 0) > 0 && asked.principal.account !== undefined;
  const naming = (statement: CompiledStatement): PrincipalNaming => {
    if (bounded && statement.effect === 'Deny' && statement.notPrincipal) return 'direct';
    return namingIn(statement, asked);
  };
  return layer(
    isTrust(asked) ? 'trust' : 'resource',
    policy ? matchesOf(policy, asked, { name: naming, use: 'plain' }) : [],
  );
}

/** STS refuses a session policy with an incomplete ARN, so none is completed (IAM User Guide, "reference-arns"). */
const uses = { boundary: 'identity', session: 'plain' } as const;

function matchesIn(policies: readonly NamedPolicy[], asked: CompiledRequest, use: ResourceUse): readonly Match[] {
  return policies.flatMap((policy) => matchesOf(policy, asked, { name: () => 'direct', use }));
}

type MatchReading = { readonly name: (statement: CompiledStatement) => PrincipalNaming; readonly use: ResourceUse };

function matchesOf(policy: NamedPolicy, asked: CompiledRequest, { name, use }: MatchReading): readonly Match[] {
  if (policy.policy === null) return matchesOfUnknown(policy);
  const found: Match[] = [];
  compile(policy.policy, policy.byAws ? 'aws' : use).forEach((statement, index) => {
    const truth = appliesTo(statement, asked);
    const naming = truth === false ? 'none' : name(statement);
    if (naming !== 'none') found.push({ policy, index, effect: statement.effect, truth, naming });
  });
  return found;
}

function matchesOfUnknown(policy: NamedPolicy): readonly Match[] {
  const truth = unknown(`policy:${policy.name}`);
  return (['Allow', 'Deny'] as const).map((effect) => ({ policy, index: undefined, effect, truth, naming: 'direct' }));
}

function layer(type: LayerType, matches: readonly Match[], level?: string): Layer {
  return { type, level, matches, allow: saying('Allow', matches), deny: saying('Deny', matches) };
}

function saying(effect: Match['effect'], matches: readonly Match[]): Truth {
  return someTruth(matches, (match) => match.effect === effect && match.truth);
}

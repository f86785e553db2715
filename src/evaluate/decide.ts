/** The decision, by AWS's policy evaluation logic (IAM User Guide, "Policy evaluation logic" and its subpages). */

import type { Place } from '../model/problem.ts';
import type { Layer, Layers, LayerType, Match, PolicyLayers } from './layers.ts';
import { isTrust, layersOf, guardRailLayers } from './layers.ts';
import type { SettledByAws } from './by-aws.ts';
import { settledByAws } from './by-aws.ts';
import type { CompiledRequest, AccessRequest } from './request.ts';
import { askedOf } from './request.ts';
import type { Truth } from './truth.ts';
import { and, everyTruth, or, someTruth } from './truth.ts';

export type Reason = {
  readonly policy: string;
  readonly statement: number;
  readonly effect: 'Allow' | 'Deny';
  readonly type: LayerType;
  /** Of an SCP or RCP: the root, OU or account where it is attached. */
  readonly level?: string;
  readonly place?: Place;
  /** The policy is in no state, so that it has no place. */
  readonly assumed?: true;
};

export type Decision = {
  readonly decision: 'allowed' | 'denied' | 'depends';
  /** A statement decided, not the lack of one; false while it depends. */
  readonly explicit: boolean;
  /** The kind of policy that allowed, denied, or failed to allow; none when nothing grants anything; aws where no policy counts. */
  readonly by: LayerType | 'none' | 'aws';
  /** Denied: the Deny statements. Allowed: every Allow on the way. Depends: the statements that hang on `dependsOn`. */
  readonly reasons: readonly Reason[];
  /** Condition keys; `policy:NAME` for a policy whose document is not known. */
  readonly dependsOn: readonly string[];
  /** When `by` is scp or rcp and nothing there allows: the level that does not. */
  readonly level?: string;
  /** When `by` is aws: why no policy decides it. */
  readonly because?: string;
};

/** Pure. Throws only for a principal that is none. */
export function decide(request: AccessRequest, policies: PolicyLayers): Decision {
  const asked = askedOf(request);
  const settled = settledByAws(request.action.toLowerCase(), asked.principal, asked.resource);
  if (settled?.decision === 'allowed') return settlement(settled);
  const layers = layersOf(asked, policies);
  const ordered = inOrder(layers);
  const denied = someTruth(ordered, (layer) => layer.deny);
  if (denied === true) return explicitDenial(ordered);
  if (settled) return settlement(settled);
  const granted = and(
    everyTruth([...layers.rcps, ...layers.scps], (layer) => layer.allow),
    grant(asked, layers),
  );
  if (granted === false) return implicitDenial(asked, layers);
  if (granted === true && denied === false) return allowance(asked, layers);
  return dependence(ordered, granted, denied);
}

/**
 * Whether a guard rail denies it for sure: whatever the other policies say, it is denied then. Of most questions that are denied this
 * is the shortest answer.
 */
export function isDeniedAbove(request: AccessRequest, { scps, rcps }: Pick<PolicyLayers, 'scps' | 'rcps'>): boolean {
  const asked = askedOf(request);
  if (settledByAws(request.action.toLowerCase(), asked.principal, asked.resource)?.decision === 'allowed') return false;
  const above = guardRailLayers(asked, { ...(scps && { scps }), ...(rcps && { rcps }) });
  return [...above.scps, ...above.rcps].some((layer) => layer.deny === true);
}

/** AWS itself decides, whatever the policies say. */
export function settlement({ decision, because }: SettledByAws): Decision {
  return { decision, explicit: false, by: 'aws', reasons: [], dependsOn: [], because };
}

/** Explicit denials are named in this order when several policies deny. */
function inOrder(layers: Layers): readonly Layer[] {
  const { scps, rcps, resource, identity, boundary, session } = layers;
  return [...scps, ...rcps, resource, identity, boundary, session].filter((layer) => layer !== undefined);
}

type Grants = {
  /** The identity policies, as far as boundary and session policies let them. */
  readonly identity: Truth;
  /** The resource's policy names the caller itself, or its role as far as boundary and session policies let it. */
  readonly itself: Truth;
  /** The resource's policy names the caller in any way, its account included. */
  readonly anyhow: Truth;
};

/**
 * "Resource-based policies and implicit denies in other policy types": what names the session, the user or everybody
 * passes boundary and session policies by; what names the role does not; what names the account only delegates.
 */
function grantsOf(asked: CompiledRequest, layers: Layers): Grants {
  const limits = and(layers.boundary?.allow ?? true, layers.session?.allow ?? true);
  const named = (naming: Match['naming']) =>
    someTruth(layers.resource.matches, (match) => match.effect === 'Allow' && match.naming === naming && match.truth);
  const itself = or(named('direct'), and(named('role'), limits));
  const root = asked.principal.kind === 'root';
  return { identity: and(root || layers.identity.allow, limits), itself, anyhow: layers.resource.allow };
}

function grant(asked: CompiledRequest, layers: Layers): Truth {
  const { identity, itself, anyhow } = grantsOf(asked, layers);
  if (asked.principal.account === undefined) return anyhow;
  if (isRootAssumingRole(asked)) return false;
  if (isCrossAccount(asked)) return and(anyhow, identity);
  return or(itself, isMandatory(asked) ? and(anyhow, identity) : identity);
}

function isCrossAccount(asked: CompiledRequest): boolean {
  return asked.principal.account !== asked.resourceAccount;
}

/**
 * A role's trust policy and a key's policy have to agree even inside their own account. What an
 * alias is used for is asked of its key.
 */
function isMandatory(asked: CompiledRequest): boolean {
  const ofKey = /^arn:[^:]*:kms:[^:]*:[^:]*:(key|alias)\/./.test(asked.resource) && !isAboutAlias(asked);
  return (asked.action.service === 'kms' && ofKey) || isTrust(asked);
}

/** An alias itself has no policy (KMS Developer Guide, "Controlling access to aliases"): identity policies alone decide. */
function isAboutAlias({ action, resource }: CompiledRequest): boolean {
  return /^(create|delete|update)alias$/.test(action.name) && resource.split(':')[5]?.startsWith('alias/') === true;
}

/** STS API Reference, AssumeRole: the root user's credentials cannot call it. */
function isRootAssumingRole(asked: CompiledRequest): boolean {
  return asked.principal.kind === 'root' && isTrust(asked);
}

function explicitDenial(ordered: readonly Layer[]): Decision {
  const denying = ordered.filter((layer) => layer.deny === true);
  const reasons = denying.flatMap((layer) =>
    reasonsIn(layer, (match) => match.effect === 'Deny' && match.truth === true),
  );
  return { decision: 'denied', explicit: true, by: denying[0]?.type ?? 'none', reasons, dependsOn: [] };
}

function implicitDenial(asked: CompiledRequest, layers: Layers): Decision {
  const guard = [...layers.rcps, ...layers.scps].find((layer) => layer.allow === false);
  const by = guard?.type ?? missingGrant(asked, layers);
  const level = guard?.level === undefined ? {} : { level: guard.level };
  return { decision: 'denied', explicit: false, by, reasons: [], dependsOn: [], ...level };
}

/** Which side failed to allow: none when neither grants anything, else the one that stands in the way of the other. */
function missingGrant(asked: CompiledRequest, layers: Layers): Decision['by'] {
  const { identity, anyhow } = grantsOf(asked, layers);
  const wanted = asked.principal.kind === 'root' || layers.identity.allow !== false;
  if (isRootAssumingRole(asked) || (!wanted && anyhow === false)) return 'none';
  if (identity !== false) return layers.resource.type;
  const limit = [layers.boundary, layers.session].find((layer) => layer?.allow === false);
  return wanted || !isCrossAccount(asked) ? (limit?.type ?? 'identity') : 'identity';
}

function allowance(asked: CompiledRequest, layers: Layers): Decision {
  const { identity, anyhow } = grantsOf(asked, layers);
  const trusted = isTrust(asked) ? anyhow === true : identity !== true;
  const by = trusted ? layers.resource.type : asked.principal.kind === 'root' ? 'none' : 'identity';
  const reasons = inOrder(layers).flatMap((layer) =>
    reasonsIn(layer, (match) => match.effect === 'Allow' && match.truth === true),
  );
  return { decision: 'allowed', explicit: reasons.length > 0, by, reasons, dependsOn: [] };
}

function dependence(ordered: readonly Layer[], granted: Truth, denied: Truth): Decision {
  const hangs = (layer: Layer, match: Match): boolean =>
    typeof match.truth !== 'boolean' && (match.effect === 'Deny' || typeof layer.allow !== 'boolean');
  const undecided = ordered.filter((layer) => layer.matches.some((match) => hangs(layer, match)));
  return {
    decision: 'depends',
    explicit: false,
    by: undecided[0]?.type ?? 'none',
    reasons: undecided.flatMap((layer) => reasonsIn(layer, (match) => hangs(layer, match))),
    dependsOn: [
      ...new Set([granted, denied].flatMap((truth) => (typeof truth === 'boolean' ? [] : truth.keys))),
    ].sort(),
  };
}

function reasonsIn(layer: Layer, wanted: (match: Match) => boolean): readonly Reason[] {
  const reasons: Reason[] = [];
  for (const match of layer.matches) {
    if (match.index !== undefined && wanted(match)) reasons.push(reasonOf(layer, match, match.index));
  }
  return reasons;
}

/** One object per shape rather than spreads: this runs for every decision. */
function reasonOf(
  { type, level }: Layer,
  { policy: { name: policy, places, assumed }, effect }: Match,
  statement: number,
): Reason {
  if (assumed) return { policy, statement, effect, type, assumed };
  const place = places?.[statement];
  if (level === undefined)
    return place ? { policy, statement, effect, type, place } : { policy, statement, effect, type };
  return place ? { policy, statement, effect, type, level, place } : { policy, statement, effect, type, level };
}

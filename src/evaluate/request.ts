/** A request as a policy sees it: who, what, on what, under which condition keys. */

import type { IamAction } from './actions.ts';
import { parseAction } from './actions.ts';
import { glob, splitArn, wildcardCodes } from './match.ts';
import { resourceWithoutType } from './by-aws.ts';
import type { RequestPrincipal } from './principal.ts';
import { isServiceLinked, parsePrincipal } from './principal.ts';
import { unknown } from './truth.ts';
import type { ContextLookup, ContextValues } from './variables.ts';
import { isUnknown } from './variables.ts';

export type ContextValue = string | number | boolean;
export type RequestContext = Readonly<Record<string, ContextValue | readonly ContextValue[]>>;

export type AccessRequest = {
  /** `service:Name`, exactly one action. */
  readonly action: string;
  /** One ARN, or `*` for an action without resources; a star in it is a character, not a pattern. */
  readonly resource: string;
  /** By default the account in the resource's ARN, else the principal's. */
  readonly resourceAccount?: string;
  /** A role, user, session or provider ARN, `arn:aws:iam::ID:root`, a service's name, or `*` for anonymous. */
  readonly principal: string;
  /** Keys in any case. What is not here, not derived from the principal and not `unknown` is absent. */
  readonly context?: RequestContext;
  /** Keys whose value nobody knows, in any case. With a star (`aws:RequestTag/*`, `*`): only keys not known otherwise. */
  readonly unknown?: readonly string[];
  /** Keys that the request surely does not have, in any case. */
  readonly absent?: readonly string[];
  /** The S3 canonical user id of the principal's account, if a policy names that. */
  readonly canonicalUser?: string;
};

/** A request made ready: parsed once, asked by every statement. */
export type CompiledRequest = {
  readonly action: IamAction;
  readonly resource: string;
  readonly resourceAccount: string | undefined;
  readonly principal: RequestPrincipal;
  readonly canonicalUser: string | undefined;
  readonly serviceLinked: boolean;
  readonly lookup: ContextLookup;
};

/** Throws when the principal is none, which is a bug of the caller: `simulate` checks its input before. */
export function askedOf(request: AccessRequest): CompiledRequest {
  const principal = parsePrincipal(request.principal);
  if (!principal) throw new Error(`"${request.principal}" is not a principal`);
  const inArn = splitArn(request.resource)[4] ?? '';
  const resourceAccount = request.resourceAccount ?? (/^\d{12}$/.test(inArn) ? inArn : principal.account);
  const lookup = lookupOf(request, derivedKeys(principal, resourceAccount));
  return {
    action: parseAction(request.action),
    resource: request.resource === '*' ? withoutType(request.action, lookup, resourceAccount) : request.resource,
    resourceAccount,
    principal,
    canonicalUser: request.canonicalUser,
    serviceLinked: isLinked(principal, lookup),
    lookup,
  };
}

/** The first value of a key, where it is known. */
function firstOf(lookup: ContextLookup, key: string): string | undefined {
  const values = lookup(key);
  return isUnknown(values) ? undefined : values?.[0];
}

function withoutType(action: string, lookup: ContextLookup, account = ''): string {
  return resourceWithoutType(action.toLowerCase(), { region: firstOf(lookup, 'aws:requestedregion') ?? '', account });
}

/** aws:PrincipalArn has the role's path, which the ARN of a session leaves out. */
function isLinked(principal: RequestPrincipal, lookup: ContextLookup): boolean {
  if (principal.kind !== 'role-session') return isServiceLinked(principal);
  const arn = firstOf(lookup, 'aws:principalarn');
  return arn === undefined || arn === principal.role?.arn
    ? isServiceLinked(principal)
    : arn.includes(':role/aws-service-role/');
}

type Derived = ReadonlyMap<string, string | undefined>;

/**
 * What the principal says about the condition keys (IAM User Guide, "Global condition keys" and "Principal key
 * values"); undefined is known to be absent. Unique ids (aws:userid of users and sessions) cannot be known.
 */
function derivedKeys(principal: RequestPrincipal, resourceAccount: string | undefined): Derived {
  const anonymous = principal.kind === 'anonymous';
  return new Map([
    ['aws:principalarn', principalArn(principal)],
    ['aws:principalaccount', anonymous ? 'anonymous' : principal.account],
    ['aws:principaltype', principalTypes[principal.kind]],
    ['aws:username', principal.kind === 'user' ? principal.name.split('/').at(-1) : undefined],
    ['aws:principalisawsservice', anonymous ? undefined : String(principal.kind === 'service')],
    ['aws:principalservicename', principal.kind === 'service' ? principal.name : undefined],
    ['aws:resourceaccount', resourceAccount],
    ...ownId(principal),
  ]);
}

function ownId({ kind, account }: RequestPrincipal): readonly (readonly [string, string])[] {
  if (kind !== 'anonymous' && kind !== 'root') return [];
  return [['aws:userid', account ?? 'anonymous']];
}

const principalTypes: Readonly<Record<RequestPrincipal['kind'], string | undefined>> = {
  anonymous: 'Anonymous',
  service: undefined,
  root: 'Account',
  user: 'User',
  role: 'AssumedRole',
  'role-session': 'AssumedRole',
  'federated-user': 'FederatedUser',
  'identity-provider': undefined,
};

/** For a role's session the role's ARN, never the session's. */
function principalArn(principal: RequestPrincipal): string | undefined {
  return principal.account === undefined ? undefined : (principal.role?.arn ?? principal.name);
}

/** Said to be unknown by name, then said by the caller, then absent by name, then derived, then unknown by a pattern, then absent. */
function lookupOf(request: AccessRequest, derived: Derived): ContextLookup {
  const given = givenIn(request.context ?? nothing);
  const { names, patterns } = unknownIn(request.unknown ?? none);
  const absent = new Set((request.absent ?? none).map((key) => key.toLowerCase()));
  return (key): ContextValues => {
    const name = names.get(key);
    if (name !== undefined) return unknown(name);
    const values = given.get(key);
    if (values !== undefined) return values;
    if (absent.has(key)) return undefined;
    if (derived.has(key)) return valueOf(derived.get(key));
    return patterns.some((codes) => glob(codes, key)) ? unknown(key) : undefined;
  };
}

const nothing: RequestContext = {};
const none: readonly string[] = [];
const givenIn = remembered((context: RequestContext): ReadonlyMap<string, readonly string[]> => {
  return new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), texts(value)]));
});
const unknownIn = remembered((keys: readonly string[]) => {
  const names = new Map(keys.map((key) => [key.toLowerCase(), key]));
  return { names, patterns: [...names.keys()].filter((key) => key.includes('*')).map(wildcardCodes) };
});

/** Callers ask many requests under one context; nobody changes one, so it is read once. */
function remembered<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, To>();
  return (from) => {
    const known = made.get(from) ?? make(from);
    made.set(from, known);
    return known;
  };
}

function valueOf(value: string | undefined): ContextValues {
  return value === undefined ? undefined : [value];
}

function texts(value: ContextValue | readonly ContextValue[]): readonly string[] {
  return (Array.isArray(value) ? (value as readonly ContextValue[]) : [value as ContextValue]).map(String);
}

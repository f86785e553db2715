/** Who is asking, and which Principal elements name them. */

import { webIdentityProviders, listOf } from '../model/policy.ts';
import type { PrincipalElement } from '../model/policy.ts';
import { splitArn } from './match.ts';

export type PrincipalKind =
  'anonymous' | 'service' | 'root' | 'user' | 'role' | 'role-session' | 'federated-user' | 'identity-provider';

export type RequestPrincipal = {
  readonly kind: PrincipalKind;
  /** As it was given: an ARN, a service's name, or `*`. */
  readonly name: string;
  /** Absent for services, anonymous callers and identity providers: they come from no account. */
  readonly account: string | undefined;
  /** Of a role or a session of one; without the path when only the session is known. */
  readonly role: { readonly name: string; readonly arn: string } | undefined;
};

/**
 * How an element names the principal: itself (or everybody), the role behind its session, or only its account,
 * which then hands the decision to its own identity policies.
 */
export type PrincipalNaming = 'direct' | 'role' | 'account' | 'none';

/** Undefined for what is no principal: a group's ARN, say. */
export function parsePrincipal(name: string): RequestPrincipal | undefined {
  if (name.startsWith('arn:')) return parseArnPrincipal(name);
  if (name === '*') return { kind: 'anonymous', name, account: undefined, role: undefined };
  if (webIdentityProviders.includes(name))
    return { kind: 'identity-provider', name, account: undefined, role: undefined };
  if (/^[a-z0-9.-]+\.(amazonaws\.com|amazonaws\.com\.cn|aws\.internal|amazon\.com)$/.test(name)) {
    return { kind: 'service', name, account: undefined, role: undefined };
  }
  return undefined;
}

function parseArnPrincipal(name: string): RequestPrincipal | undefined {
  const [, partition, service, region, account = '', path = ''] = splitArn(name);
  const known = partition && region === '' && /^\d{12}$/.test(account);
  return known ? ofAccount({ name, partition, account }, `${service ?? ''}:${path}`) : undefined;
}

/** The best way in which the element names the principal. */
export function principalNaming(
  element: PrincipalElement,
  principal: RequestPrincipal,
  canonicalUser?: string,
): PrincipalNaming {
  if (element === '*') return 'direct';
  const found = new Set(
    Object.entries(element).flatMap(([type, names]) =>
      listOf(names).map((name) => namingBy({ type, name }, principal, canonicalUser)),
    ),
  );
  return (['direct', 'role', 'account'] as const).find((naming) => found.has(naming)) ?? 'none';
}

/**
 * Service-linked roles answer to no SCP and no RCP (Organizations User Guide, "SCPs": tasks and entities not restricted). The
 * ARN of a session leaves the role's path out; the names of these roles all begin alike.
 */
export function isServiceLinked(principal: RequestPrincipal): boolean {
  const { kind, role } = principal;
  if (kind === 'role-session') return role?.name.startsWith('AWSServiceRoleFor') ?? false;
  return role?.arn.includes(':role/aws-service-role/') ?? false;
}

type AccountArn = { readonly name: string; readonly partition: string; readonly account: string };

function ofAccount({ name, partition, account }: AccountArn, rest: string): RequestPrincipal | undefined {
  if (rest === 'iam:root') return { kind: 'root', name, account, role: undefined };
  const slash = rest.indexOf('/');
  const kind = kinds.get(rest.slice(0, slash));
  const last = rest.slice(rest.lastIndexOf('/') + 1);
  if (slash < 0 || kind === undefined || last === '') return undefined;
  if (kind === 'role') return { kind, name, account, role: { name: last, arn: name } };
  if (kind !== 'role-session')
    return { kind, name, account: kind === 'identity-provider' ? undefined : account, role: undefined };
  const role = rest.slice(slash + 1, -last.length - 1);
  const named = role !== '' && !role.includes('/');
  return named
    ? { kind, name, account, role: { name: role, arn: `arn:${partition}:iam::${account}:role/${role}` } }
    : undefined;
}

const kinds: ReadonlyMap<string, PrincipalKind> = new Map([
  ['iam:user', 'user'],
  ['iam:role', 'role'],
  ['iam:saml-provider', 'identity-provider'],
  ['iam:oidc-provider', 'identity-provider'],
  ['sts:assumed-role', 'role-session'],
  ['sts:federated-user', 'federated-user'],
]);

function namingBy(
  entry: { type: string; name: string },
  principal: RequestPrincipal,
  canonicalUser?: string,
): PrincipalNaming {
  if (entry.type === 'AWS') return namingByAws(entry.name, principal);
  if (entry.type === 'Federated' || entry.type === 'Service') return entry.name === principal.name ? 'direct' : 'none';
  return entry.type === 'CanonicalUser' && entry.name === canonicalUser ? 'account' : 'none';
}

/** `{ "AWS": "*" }` is everybody, like `"*"`; a star inside an ARN is no wildcard here. */
function namingByAws(name: string, principal: RequestPrincipal): PrincipalNaming {
  if (name === '*') return 'direct';
  if (name === principal.name) return principal.kind === 'role' ? 'role' : 'direct';
  if (principal.account === undefined) return 'none';
  if (name === principal.account || isRootOf(name, principal.account)) return 'account';
  return isRoleOf(name, principal) ? 'role' : 'none';
}

function isRootOf(name: string, account: string): boolean {
  return /^arn:[^:]+:iam::\d{12}:root$/.test(name) && splitArn(name)[4] === account;
}

/** A session's ARN leaves the role's path out, and role names are unique in an account whatever the path. */
function isRoleOf(name: string, principal: RequestPrincipal): boolean {
  if (principal.kind !== 'role-session') return false;
  const [, , service, , account, path = ''] = splitArn(name);
  const names = path.split('/');
  return (
    service === 'iam' && account === principal.account && names[0] === 'role' && names.at(-1) === principal.role?.name
  );
}

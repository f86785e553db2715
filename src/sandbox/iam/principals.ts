/**
 * Principals of trust policies and of resource policies. AWS keeps the unique id of a user or role whose ARN such a policy
 * names ("AWS JSON policy elements: Principal"): when that entity is gone the id shows, and one that is made anew does not
 * match it.
 */
import type { JsonObject } from '../core.ts';
import { AwsError } from '../core.ts';
import type { PolicyStatement } from './grammar/syntax.ts';
import { parseTrust } from './grammar/trust.ts';
import { roleNamed, userNamed } from './state.ts';
import type { SandboxWorld } from '../world.ts';

type SaveTime = {
  /** Milliseconds since the epoch. */
  readonly now: number;
};

type PrincipalEntity = { readonly id: string; readonly arn: string; readonly created: string };

const entityPattern = /^arn:aws:iam::(\d{12}):(role|user)(\/(?:[^*?]*\/)?)([^/*?]+)$/;

/** The user or role that now has this ARN, whose path counts too. */
const entityAt = (world: SandboxWorld, arn: string): PrincipalEntity | undefined => {
  const [, account = '', type, path, name = ''] = entityPattern.exec(arn) ?? [];
  if (type === 'role') {
    const role = roleNamed(world, account, name);
    return role && role.Path === path ? { id: role.RoleId, arn: role.Arn, created: role.CreateDate } : undefined;
  }
  const user = type === 'user' ? userNamed(world, account, name) : undefined;
  return user && user.Path === path ? { id: user.UserId, arn: user.Arn, created: user.CreateDate } : undefined;
};

const everyEntity = (world: SandboxWorld): readonly PrincipalEntity[] =>
  Object.values(world.iam).flatMap(({ roles, users }) => [
    ...Object.values(roles).map((role) => ({ id: role.RoleId, arn: role.Arn, created: role.CreateDate })),
    ...Object.values(users).map((user) => ({ id: user.UserId, arn: user.Arn, created: user.CreateDate })),
  ]);

const entityWithId = (world: SandboxWorld, id: string): PrincipalEntity | undefined =>
  everyEntity(world).find((entity) => entity.id === id);

const isUniqueId = (text: string): boolean => /^A(ROA|IDA)[A-Z0-9]{12,}$/.test(text);

const invalid = (type: string, principal: unknown): AwsError =>
  new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "${type}":"${String(principal)}"`);

const accountOf = (arn: string): string => /^arn:aws:iam::(\d{12}):/.exec(arn)?.[1] ?? '';

const otherForms: readonly RegExp[] = [
  /^\*$/,
  /^\d{12}$/,
  /^arn:aws:iam::\d{12}:root$/,
  /^arn:aws:sts::\d{12}:(assumed-role|federated-user)\/[^*?]+$/,
  /^arn:aws:iam::cloudfront:user\/[^*?]+$/,
];

/** The id that IAM stores for a principal, undefined for one that has none. Throws for one that does not exist. */
const storedId = (world: SandboxWorld, principal: unknown, { now }: SaveTime): string | undefined => {
  if (typeof principal !== 'string') throw invalid('AWS', principal);
  if (otherForms.some((form) => form.test(principal))) return undefined;
  const known = Object.hasOwn(world.organizations.accounts, accountOf(principal));
  // What other organizations have, the sandbox cannot know.
  if (entityPattern.test(principal) && !known) return undefined;
  const entity = isUniqueId(principal) ? entityWithId(world, principal) : entityAt(world, principal);
  if (!entity) throw invalid('AWS', principal);
  if (Date.parse(entity.created) + world.settings.principalDelayMs > now) throw invalid('AWS', principal);
  return entity.id;
};

const lists = (principal: unknown): Readonly<Record<string, readonly unknown[]>> => {
  if (principal === '*') return { AWS: ['*'] };
  if (typeof principal !== 'object' || principal === null || Array.isArray(principal)) throw invalid('AWS', principal);
  return Object.fromEntries(Object.entries(principal).map(([type, value]) => [type, [value].flat() as unknown[]]));
};

const forms: Readonly<Record<string, RegExp>> = {
  Service: /^[a-z0-9.-]+\.amazonaws\.com$/,
  Federated: /^(arn:aws:iam::\d{12}:(oidc|saml)-provider\/\S+|[a-z0-9.-]+\.[a-z]{2,})$/,
  CanonicalUser: /^[0-9a-f]{64}$/,
};

const checkForm = (type: string, values: readonly unknown[]): void => {
  const form = Object.hasOwn(forms, type) ? forms[type] : undefined;
  const wrong = values.find((value) => typeof value !== 'string' || !form?.test(value));
  if (!form || wrong !== undefined) throw invalid(type.toUpperCase(), wrong ?? type);
};

/** Unique ids by the principal as it is written. Throws MalformedPolicyDocument for one that does not exist. */
export const principalIdsIn = (
  world: SandboxWorld,
  statements: readonly PolicyStatement[],
  saving: SaveTime,
): Record<string, string> => {
  const named = statements.flatMap((one) => [one['Principal'], one['NotPrincipal']]);
  const ids: [string, string][] = [];
  for (const principal of named.filter((one) => one !== undefined))
    for (const [type, values] of Object.entries(lists(principal))) {
      if (type !== 'AWS') checkForm(type, values);
      else
        for (const value of values) {
          const id = storedId(world, value, saving);
          if (id !== undefined) ids.push([value as string, id]);
        }
    }
  return Object.fromEntries(ids);
};

/** As `principalIdsIn`, of a trust policy. Throws MalformedPolicyDocument for what is none. */
export const principalIds = (world: SandboxWorld, trust: string, saving: SaveTime): Record<string, string> =>
  principalIdsIn(world, parseTrust(trust), saving);

const shown = (world: SandboxWorld, principal: unknown, ids: Readonly<Record<string, string>>): unknown => {
  if (typeof principal !== 'string') return principal;
  if (/^\d{12}$/.test(principal)) return `arn:aws:iam::${principal}:root`;
  const id = Object.hasOwn(ids, principal) ? ids[principal] : undefined;
  if (id === undefined || entityAt(world, principal)?.id === id) return principal;
  return entityWithId(world, id)?.arn ?? id;
};

export type RoleTrustPolicy = {
  readonly AssumeRolePolicyDocument: string;
  readonly principals: Readonly<Record<string, string>>;
};

const shownPrincipal = (world: SandboxWorld, principal: unknown, ids: RoleTrustPolicy['principals']): unknown => {
  if (typeof principal !== 'object' || principal === null) return principal;
  const { AWS } = principal as JsonObject;
  const each = Array.isArray(AWS) ? AWS.map((one) => shown(world, one, ids)) : shown(world, AWS, ids);
  return AWS === undefined ? principal : { ...principal, AWS: each };
};

/** The policy as AWS answers it, text unchanged where no principal shows differently. */
export const shownPrincipals = (
  world: SandboxWorld,
  text: string,
  principals: RoleTrustPolicy['principals'],
): string => {
  if (!text.includes('AWS')) return text;
  const policy = JSON.parse(text) as JsonObject;
  const statement = (one: JsonObject): JsonObject =>
    one['Principal'] === undefined ? one : { ...one, Principal: shownPrincipal(world, one['Principal'], principals) };
  const Statement = Array.isArray(policy['Statement'])
    ? (policy['Statement'] as JsonObject[]).map(statement)
    : statement(policy['Statement'] as JsonObject);
  const now = JSON.stringify({ ...policy, Statement });
  return now === JSON.stringify(policy) ? text : now;
};

export const shownTrust = (world: SandboxWorld, role: RoleTrustPolicy): string =>
  shownPrincipals(world, role.AssumeRolePolicyDocument, role.principals);

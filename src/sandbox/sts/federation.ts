/** Roles assumed with a token of another directory: OpenID Connect or SAML. Signatures are not checked. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError, secondsIso } from '../core.ts';
import type { AssumableRole } from './assumable.ts';
import { accessDenied, durationOf, roleAt } from './assumable.ts';
import type { ConditionFacts } from './conditions.ts';
import { openSession } from './credentials.ts';
import { isDeniedByRcp } from './resource-control.ts';
import { packedSize } from './session-tags.ts';
import { trusts } from './trust.ts';
import { iamOf } from '../iam/state.ts';
import { own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const invalidToken = (message: string): AwsError => new AwsError('InvalidIdentityToken', message);

type TokenClaims = {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly ends: number;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const claimsIn = (token: string): TokenClaims => {
  const [, body = '', signature] = token.split('.');
  try {
    const { iss, sub, aud, exp } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    if (signature === undefined || textOf(iss) === '' || textOf(sub) === '') throw new Error('claims are missing');
    const audience = textOf(Array.isArray(aud) ? aud[0] : aud);
    const ends = typeof exp === 'number' ? exp * 1000 : Infinity;
    return { issuer: textOf(iss).replace(/^https:\/\//, ''), subject: textOf(sub), audience, ends };
  } catch {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
};

type FederatedIdentity = {
  readonly provider: string;
  readonly facts: ConditionFacts;
  readonly action: string;
  readonly now: number;
};

const assumedBy = (
  world: SandboxWorld,
  input: CallInput,
  { provider, facts, action, now }: FederatedIdentity,
): AssumableRole => {
  const assumed = roleAt(world, textMember(input, 'RoleArn'));
  const question = {
    caller: { account: '', principalArn: '', entityId: '', federated: provider },
    action,
    facts,
  };
  if (assumed && trusts(assumed.role, question)) {
    const { account, role } = assumed;
    const known = { ...facts, 'aws:resourceaccount': account };
    if (!isDeniedByRcp(world, { account, roleArn: role.Arn, action, facts: known, now })) return assumed;
  }
  throw accessDenied(`Not authorized to perform ${action}`);
};

type SessionOpening = {
  readonly assumed: AssumableRole;
  readonly name: string;
  readonly input: CallInput;
  readonly call: SandboxCall;
};

const opened = (world: SandboxWorld, { assumed: { account, role }, name, input, call }: SessionOpening): CallOutput => {
  const session = {
    account,
    principalArn: `arn:aws:sts::${account}:assumed-role/${role.RoleName}/${name}`,
    roleArn: role.Arn,
    userId: `${role.RoleId}:${name}`,
    expiresAt: call.now + durationOf(input, role) * 1000,
  };
  const packed = packedSize(input);
  const Credentials = openSession(world, session, call.now);
  role.lastUsed = { date: secondsIso(call.now), region: call.region };
  return { Credentials, AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.principalArn }, ...packed };
};

const commonFacts = (call: SandboxCall, name: string): ConditionFacts => ({
  'aws:currenttime': new Date(call.now).toISOString(),
  'aws:securetransport': 'true',
  'sts:rolesessionname': name,
});

const withWebIdentity: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const claims = claimsIn(textMember(input, 'WebIdentityToken'));
  const [, account = ''] = /^arn:aws:iam::(\d{12}):/.exec(textMember(input, 'RoleArn')) ?? [];
  const provider = `arn:aws:iam::${account}:oidc-provider/${claims.issuer.replace(/\/$/, '')}`;
  const known = own(iamOf(world, account).oidcProviders, provider);
  if (!known) throw invalidToken(`No OpenIDConnect provider found in your account for https://${claims.issuer}`);
  if (claims.ends <= call.now) throw new AwsError('ExpiredTokenException', 'Token expired');
  if (!known.clientIds.includes(claims.audience)) throw invalidToken('Incorrect token audience');
  const name = textMember(input, 'RoleSessionName');
  const host = claims.issuer.toLowerCase();
  const facts = { ...commonFacts(call, name), [`${host}:aud`]: claims.audience, [`${host}:sub`]: claims.subject };
  const assumed = assumedBy(world, input, { provider, facts, action: 'sts:AssumeRoleWithWebIdentity', now: call.now });
  return {
    ...opened(world, { assumed, name, input, call }),
    SubjectFromWebIdentityToken: claims.subject,
    Audience: claims.audience,
    Provider: provider,
  };
};

type SamlAssertion = {
  readonly issuer: string;
  readonly subject: string;
  readonly subjectType: string;
  readonly session: string;
  readonly audience: string;
};

const assertionIn = (encodedText: string): SamlAssertion => {
  const xml = Buffer.from(encodedText, 'base64').toString();
  const element = (name: string): string =>
    new RegExp(`<(?:[\\w.-]+:)?${name}\\b[^>]*>\\s*([^<]*?)\\s*<`).exec(xml)?.[1] ?? '';
  const attribute = (name: string): string =>
    new RegExp(`Name="https://aws\\.amazon\\.com/SAML/Attributes/${name}"[^>]*>\\s*<[^>]*>\\s*([^<]*?)\\s*<`).exec(
      xml,
    )?.[1] ?? '';
  const format = /Format="[^"]*nameid-format:([^"]+)"/.exec(xml)?.[1] ?? 'persistent';
  const found = { issuer: element('Issuer'), subject: element('NameID'), session: attribute('RoleSessionName') };
  if (found.subject === '' || found.session === '')
    throw invalidToken('Your request included an invalid SAML response. RoleSessionName is required in AuthnResponse.');
  return { ...found, subjectType: format, audience: element('Audience') || 'https://signin.aws.amazon.com/saml' };
};

const withSaml: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const provider = textMember(input, 'PrincipalArn');
  const [, account = ''] = /^arn:aws:iam::(\d{12}):/.exec(provider) ?? [];
  const assertion = assertionIn(textMember(input, 'SAMLAssertion'));
  if (!own(iamOf(world, account).samlProviders ?? {}, provider))
    throw invalidToken(`Specified provider doesn't exist (Principal exception)`);
  const facts = {
    ...commonFacts(call, assertion.session),
    'saml:aud': assertion.audience,
    'saml:iss': assertion.issuer,
    'saml:sub': assertion.subject,
    'saml:sub_type': assertion.subjectType,
  };
  const assumed = assumedBy(world, input, { provider, facts, action: 'sts:AssumeRoleWithSAML', now: call.now });
  return {
    ...opened(world, { assumed, name: assertion.session, input, call }),
    Subject: assertion.subject,
    SubjectType: assertion.subjectType,
    Issuer: assertion.issuer,
    Audience: assertion.audience,
    NameQualifier: Buffer.from(`${assertion.issuer}${account}${provider}`).toString('base64').slice(0, 28),
  };
};

export const federationOperations: WorldOperations = {
  AssumeRoleWithWebIdentity: withWebIdentity,
  AssumeRoleWithSAML: withSaml,
};

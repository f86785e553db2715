/** Who may assume a role: the symbolic names of the YAML become the trust policy that IAM takes. */
import { webIdentityProviders, listOf } from '../../model/policy.ts';
import type { PolicyDocument, PrincipalElement, Statement } from '../../model/policy.ts';
import type { WrittenTrust as Trust } from '../../model/written.ts';
import { arnTest, byName, callerTests, conditionOf, pathTest, sessionTests, textTest } from './trust-tests.ts';
import type { TrustTest } from './trust-tests.ts';

export type { Trust };

/** What the names stand for, seen from the role's own account. */
export type TrustContext = { readonly accountId: string; readonly idOf: (account: string) => string | undefined };

export const GITHUB_HOST = 'token.actions.githubusercontent.com';
export const GITHUB_AUDIENCE = 'sts.amazonaws.com';

/** Who is let in by one entry, and on which conditions besides those of every session. */
type TrustMeaning = {
  /** What the Sid is made of. */
  readonly words: readonly string[];
  readonly principal: PrincipalElement;
  readonly action?: string;
  readonly tests: readonly TrustTest[];
};

const rootOf = (accountId: string): string => `arn:aws:iam::${accountId}:root`;

/**
 * Identity Center puts the Region into the path of its roles, except for us-east-1, and ends their names with sixteen
 * hexadecimal digits (IAM Identity Center User Guide, "Referencing permission sets in resource policies").
 */
const reservedRole = (accountId: string, permissionSet: string): string =>
  `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_${permissionSet}_${'?'.repeat(16)}`;

/** A role or user of an account, or all of it: then whoever its administrators let. */
const ofAccount = (trust: Trust, accountId: string): TrustMeaning => {
  const { account = '', role, user, accountId: written = '' } = trust;
  const named = role === undefined ? user : role.replace(/^\//, '');
  const kind = role === undefined ? 'user' : 'role';
  const last = named?.split('/').at(-1) ?? '';
  return {
    words:
      named === undefined
        ? ['Account', account, written]
        : [kind === 'role' ? 'Role' : 'User', kind === 'role' ? last : named, account, written],
    principal: { AWS: named === undefined ? rootOf(accountId) : `arn:aws:iam::${accountId}:${kind}/${named}` },
    tests: callerTests(trust),
  };
};

const ofOrganization = (trust: Trust): TrustMeaning => ({
  words: ['Organization', trust.organization ?? ''],
  principal: { AWS: '*' },
  tests: callerTests(trust),
});

const ofPermissionSet = ({ account = '' }: Trust, permissionSet: string, accountId: string): TrustMeaning => ({
  words: ['PermissionSet', permissionSet, account],
  principal: { AWS: rootOf(accountId) },
  tests: arnTest('aws:PrincipalArn', reservedRole(accountId, permissionSet)),
});

type GitHubTrust = NonNullable<Trust['github']>;

/** `repo:OWNER/NAME`, or with the immutable ids `repo:OWNER@ID/NAME@ID`, which survive a rename (GitHub, "OpenID Connect reference"). */
const repositoryOf = ({ repository, ownerId, repositoryId }: GitHubTrust): string => {
  const [owner, name] = repository.split('/');
  return ownerId === undefined ? `repo:${repository}` : `repo:${owner}@${ownerId}/${name}@${repositoryId}`;
};

/** A subject names the environment or the ref, never both; a colon in an environment's name is written %3A in it. */
const subjectOf = (github: GitHubTrust): string => {
  const { ref = '', environment } = github;
  const where = environment === undefined ? `ref:${ref}` : `environment:${environment.replaceAll(':', '%3A')}`;
  return `${repositoryOf(github)}:${where}`;
};

const githubTests = (github: GitHubTrust): readonly TrustTest[] => {
  const { ref, environment, repositoryId } = github;
  const claim = (name: string, value: string): TrustTest => ['StringEquals', `${GITHUB_HOST}:${name}`, value];
  return [
    claim('aud', GITHUB_AUDIENCE),
    claim('sub', subjectOf(github)),
    ...(repositoryId === undefined ? [] : [claim('repository_id', repositoryId)]),
    ...(environment === undefined || ref === undefined ? [] : [claim('ref', ref)]),
  ];
};

const ofGitHub = (github: GitHubTrust, accountId: string): TrustMeaning => ({
  words: ['GitHub', ...github.repository.split('/'), github.environment ?? github.ref?.replace(/^refs\//, '') ?? ''],
  principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${GITHUB_HOST}` },
  action: 'sts:AssumeRoleWithWebIdentity',
  tests: githubTests(github),
});

/** The one claim with several values (IAM User Guide, "Available keys for AWS OIDC federation"). */
const ofClaim = (name: string): '' | 'ForAnyValue:' => (name === 'amr' ? 'ForAnyValue:' : '');

const ofOidc = (oidc: NonNullable<Trust['oidc']>, accountId: string): TrustMeaning => {
  const { provider, audience, subject, claims } = oidc;
  const isCommon = webIdentityProviders.includes(provider);
  return {
    words: ['Oidc', provider],
    principal: { Federated: isCommon ? provider : `arn:aws:iam::${accountId}:oidc-provider/${provider}` },
    action: 'sts:AssumeRoleWithWebIdentity',
    tests: [
      ...textTest(`${provider}:aud`, audience),
      ...textTest(`${provider}:sub`, subject),
      ...byName(`${provider}:`, claims, ofClaim),
    ],
  };
};

const ofSaml = ({ provider, audience, attributes }: NonNullable<Trust['saml']>, accountId: string): TrustMeaning => ({
  words: ['Saml', provider],
  principal: { Federated: `arn:aws:iam::${accountId}:saml-provider/${provider}` },
  action: 'sts:AssumeRoleWithSAML',
  tests: [...textTest('SAML:aud', audience), ...byName('SAML:', attributes)],
});

const ofService = (trust: Trust, service: string, { idOf }: TrustContext): TrustMeaning => {
  const { sourceAccount } = trust;
  const ids = listOf(sourceAccount).flatMap((name) => idOf(name) ?? []);
  return {
    words: ['Service', service.replace(/\.amazonaws\.com$/, '')],
    principal: { Service: service },
    tests: [
      ...(ids.length === 0 ? [] : textTest('aws:SourceAccount', typeof sourceAccount === 'string' ? ids[0] : ids)),
      ...arnTest('aws:SourceArn', trust.sourceArn),
      ...textTest('aws:SourceOrgID', trust.sourceOrganization),
      ...pathTest('aws:SourceOrgPaths', trust.sourceOrganizationPath),
    ],
  };
};

const ofProvider = ({ github, oidc, saml }: Trust, accountId: string): TrustMeaning | undefined => {
  if (github !== undefined) return ofGitHub(github, accountId);
  if (oidc !== undefined) return ofOidc(oidc, accountId);
  return saml === undefined ? undefined : ofSaml(saml, accountId);
};

const meaningOf = (trust: Trust, scene: TrustContext): TrustMeaning | undefined => {
  const { account, permissionSet, service, organization, organizationPath, role, user } = trust;
  if (service !== undefined) return ofService(trust, service, scene);
  const provider = ofProvider(trust, scene.accountId);
  if (provider !== undefined) return provider;
  const isNamed = [account, trust.accountId, role, user, permissionSet].some((one) => one !== undefined);
  if (!isNamed && (organization ?? organizationPath) !== undefined) return ofOrganization(trust);
  const accountId = trust.accountId ?? (account === undefined ? scene.accountId : scene.idOf(account));
  if (accountId === undefined) return undefined;
  return permissionSet === undefined ? ofAccount(trust, accountId) : ofPermissionSet(trust, permissionSet, accountId);
};

const actionsOf = (trust: Trust, assuming: string): readonly string[] => [
  ...(trust.assume === false ? [] : [assuming]),
  ...(trust.tagSession ? ['sts:TagSession'] : []),
  ...(trust.setSourceIdentity ? ['sts:SetSourceIdentity'] : []),
  ...(trust.setContext ? ['sts:SetContext'] : []),
];

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** IAM takes letters and digits alone in a Sid. */
const sidOf = (words: readonly string[]): string =>
  words
    .flatMap((word) => word.split(/[^a-zA-Z0-9]+/))
    .map(capitalized)
    .join('');

const statementOf = (trust: Trust, scene: TrustContext): Statement | undefined => {
  const meaning = meaningOf(trust, scene);
  if (meaning === undefined) return undefined;
  const { words, principal, action = 'sts:AssumeRole' } = meaning;
  const tests = [...meaning.tests, ...sessionTests(trust)];
  const [first = action, ...more] = actionsOf(trust, action);
  return {
    Sid: sidOf(words),
    Effect: 'Allow',
    Principal: principal,
    Action: more.length === 0 ? first : [first, ...more],
    ...(tests.length === 0 ? {} : { Condition: conditionOf(tests) }),
  };
};

/** Sids are unique in a document: the second of a kind is numbered. */
const numbered = (statements: readonly Statement[]): readonly Statement[] =>
  statements.map((statement, index) => {
    const before = statements.slice(0, index).filter(({ Sid }) => Sid === statement.Sid).length;
    return before === 0 ? statement : { ...statement, Sid: `${statement.Sid}${before + 1}` };
  });

/** One statement for each entry, in their order; an entry that names an account nobody declared is left out. */
export const trustDocument = (trusts: readonly Trust[], scene: TrustContext): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: numbered(
    trusts.flatMap((trust) => {
      const statement = statementOf(trust, scene);
      return statement === undefined ? [] : [statement];
    }),
  ),
});

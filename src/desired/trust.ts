/** Who may assume a role: the symbolic names of the YAML become the trust policy that IAM takes. */
import type { ConditionBlock, PolicyDocument, PrincipalElement, Statement } from '../model/policy.ts';
import type { FileSchemas } from './schema.ts';

export type Trust = NonNullable<FileSchemas['role']['trust']>[number];

/** What the names stand for, seen from the role's own account. */
export type TrustScene = { readonly accountId: string; readonly idOf: (account: string) => string | undefined };

export const GITHUB_HOST = 'token.actions.githubusercontent.com';
export const GITHUB_AUDIENCE = 'sts.amazonaws.com';

type Test = readonly [operator: string, key: string, value: string];
type Meaning = {
  /** What the Sid is made of. */
  readonly words: readonly string[];
  readonly principal: PrincipalElement;
  readonly action?: string;
  readonly tests: readonly Test[];
};

const rootOf = (accountId: string): string => `arn:aws:iam::${accountId}:root`;

/**
 * Identity Center puts the Region into the path of its roles, except for us-east-1, and ends their names with sixteen
 * hexadecimal digits (IAM Identity Center User Guide, "Referencing permission sets in resource policies").
 */
const reservedRole = (accountId: string, permissionSet: string): string =>
  `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_${permissionSet}_${'?'.repeat(16)}`;

const externalTest = ({ externalId }: Trust): readonly Test[] =>
  externalId === undefined ? [] : [['StringEquals', 'sts:ExternalId', externalId]];
const mfaTest = ({ mfa }: Trust): readonly Test[] => (mfa ? [['Bool', 'aws:MultiFactorAuthPresent', 'true']] : []);

/** A role of an account, or all of it: then whoever its administrators let. */
const ofAccount = (trust: Trust, accountId: string): Meaning => {
  const { account = '', role, accountId: written = '' } = trust;
  const path = role?.replace(/^\//, '');
  return {
    words: role === undefined ? ['Account', account, written] : ['Role', role.split('/').at(-1) ?? '', account],
    principal: { AWS: path === undefined ? rootOf(accountId) : `arn:aws:iam::${accountId}:role/${path}` },
    tests: [...externalTest(trust), ...mfaTest(trust)],
  };
};

const ofPermissionSet = ({ account = '' }: Trust, permissionSet: string, accountId: string): Meaning => ({
  words: ['PermissionSet', permissionSet, account],
  principal: { AWS: rootOf(accountId) },
  tests: [['ArnLike', 'aws:PrincipalArn', reservedRole(accountId, permissionSet)]],
});

type GitHub = NonNullable<Trust['github']>;

/** `repo:OWNER/NAME`, or with the immutable ids `repo:OWNER@ID/NAME@ID`, which survive a rename (GitHub, "OpenID Connect reference"). */
const repositoryOf = ({ repository, ownerId, repositoryId }: GitHub): string => {
  const [owner, name] = repository.split('/');
  return ownerId === undefined ? `repo:${repository}` : `repo:${owner}@${ownerId}/${name}@${repositoryId}`;
};

/** A subject names the environment or the ref, never both; a colon in an environment's name is written %3A in it. */
const subjectOf = (github: GitHub): string => {
  const { ref = '', environment } = github;
  const where = environment === undefined ? `ref:${ref}` : `environment:${environment.replaceAll(':', '%3A')}`;
  return `${repositoryOf(github)}:${where}`;
};

const githubTests = (github: GitHub): readonly Test[] => {
  const { ref, environment, repositoryId } = github;
  const claim = (name: string, value: string): Test => ['StringEquals', `${GITHUB_HOST}:${name}`, value];
  return [
    claim('aud', GITHUB_AUDIENCE),
    claim('sub', subjectOf(github)),
    ...(repositoryId === undefined ? [] : [claim('repository_id', repositoryId)]),
    ...(environment === undefined || ref === undefined ? [] : [claim('ref', ref)]),
  ];
};

const ofGitHub = (github: GitHub, accountId: string): Meaning => ({
  words: ['GitHub', ...github.repository.split('/'), github.environment ?? github.ref?.replace(/^refs\//, '') ?? ''],
  principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${GITHUB_HOST}` },
  action: 'sts:AssumeRoleWithWebIdentity',
  tests: githubTests(github),
});

const ofService = (trust: Trust, service: string, { idOf }: TrustScene): Meaning => {
  const { sourceAccount, sourceArn } = trust;
  const source = sourceAccount === undefined ? undefined : idOf(sourceAccount);
  return {
    words: ['Service', service.replace(/\.amazonaws\.com$/, '')],
    principal: { Service: service },
    tests: [
      ...(source === undefined ? [] : [['StringEquals', 'aws:SourceAccount', source] as const]),
      ...(sourceArn === undefined ? [] : [['ArnLike', 'aws:SourceArn', sourceArn] as const]),
    ],
  };
};

const ofUser = (trust: Trust, user: string, { accountId }: TrustScene): Meaning => ({
  words: ['User', user],
  principal: { AWS: `arn:aws:iam::${accountId}:user/${user}` },
  tests: mfaTest(trust),
});

const meaningOf = (trust: Trust, scene: TrustScene): Meaning | undefined => {
  const { account, permissionSet, github, service, user } = trust;
  if (service !== undefined) return ofService(trust, service, scene);
  if (github !== undefined) return ofGitHub(github, scene.accountId);
  if (user !== undefined) return ofUser(trust, user, scene);
  const accountId = trust.accountId ?? (account === undefined ? scene.accountId : scene.idOf(account));
  if (accountId === undefined) return undefined;
  return permissionSet === undefined ? ofAccount(trust, accountId) : ofPermissionSet(trust, permissionSet, accountId);
};

const conditionOf = (tests: readonly Test[]): ConditionBlock =>
  tests.reduce<Record<string, Record<string, string>>>(
    (block, [operator, key, value]) => ({ ...block, [operator]: { ...block[operator], [key]: value } }),
    {},
  );

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** IAM takes letters and digits alone in a Sid. */
const sidOf = (words: readonly string[]): string =>
  words
    .flatMap((word) => word.split(/[^a-zA-Z0-9]+/))
    .map(capitalized)
    .join('');

const statementOf = (trust: Trust, scene: TrustScene): Statement | undefined => {
  const meaning = meaningOf(trust, scene);
  if (meaning === undefined) return undefined;
  const { words, principal, action = 'sts:AssumeRole', tests } = meaning;
  return {
    Sid: sidOf(words),
    Effect: 'Allow',
    Principal: principal,
    Action: action,
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
export const trustDocument = (trusts: readonly Trust[], scene: TrustScene): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: numbered(
    trusts.flatMap((trust) => {
      const statement = statementOf(trust, scene);
      return statement === undefined ? [] : [statement];
    }),
  ),
});

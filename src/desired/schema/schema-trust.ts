/** The form of one entry of a role's `trust`; part of schema-iam.ts, and build time only like it. */
import { Type } from 'typebox';
import { quotas } from '../../model/quotas.ts';
import {
  accountId,
  closed,
  externalId,
  arrayOf,
  mapOf,
  nameSchema,
  optionalKey,
  tagText,
  textSchema,
} from './schema-words.ts';

const fixedText = { pattern: '^[^*?\\s]+$', 'x-says': 'text without spaces, * or ?' };
const texts = (description: string, options: object = {}) =>
  Type.Union(
    [
      Type.String({ minLength: 1, ...options }),
      arrayOf(Type.String({ minLength: 1, ...options }), { minItems: 1, uniqueItems: true }),
    ],
    { description },
  );
const oneOrMore = 'one or a list of which one is enough; * and ? are wildcards';
const tagMap = (description: string) =>
  mapOf(texts(`What the tag may be: ${oneOrMore}`), {
    description,
    propertyNames: { minLength: 1, maxLength: quotas.tagKeyLength, ...tagText },
  });
const tagKeys = (description: string) =>
  arrayOf(Type.String({ minLength: 1, maxLength: quotas.tagKeyLength, ...tagText }), {
    description,
    minItems: 1,
    uniqueItems: true,
  });
const claimMap = (description: string) =>
  mapOf(texts(`What it may be: ${oneOrMore}`), {
    description,
    propertyNames: { pattern: '^[\\w./-]+$', 'x-says': 'a name such as amr' },
  });
const organizationId = { pattern: '^o-[a-z0-9]{10,32}$', 'x-says': 'an organization such as o-a1b2c3d4e5' };
const organizationPath = {
  pattern: '^o-[a-z0-9]{10,32}/r-[a-z0-9]{4,32}/.*$',
  'x-says': 'a path of ids such as o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*',
};

const github = Type.Object(
  {
    repository: textSchema('owner/name', { pattern: '^[\\w.-]+/[\\w.-]+$', 'x-says': 'owner/name' }),
    ref: optionalKey(
      textSchema('A git ref', {
        pattern: '^refs/[^*?\\s]+$',
        examples: ['refs/heads/main'],
        'x-says': 'a ref such as refs/heads/main',
      }),
    ),
    environment: optionalKey(
      textSchema('A deployment environment', { pattern: '^[^*?\\r\\n]+$', 'x-says': 'a name without * or ?' }),
    ),
    ownerId: optionalKey(Type.String({ pattern: '^[0-9]+$', 'x-says': 'digits in quotes' })),
    repositoryId: optionalKey(Type.String({ pattern: '^[0-9]+$', 'x-says': 'digits in quotes' })),
  },
  closed,
);
const oidc = Type.Object(
  {
    provider: textSchema('The issuer without https://', {
      pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+(/[\\w.~-]+)*$',
      examples: ['gitlab.com', 'app.terraform.io', 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE'],
      'x-says': 'an issuer without https://, such as gitlab.com',
    }),
    audience: optionalKey(texts('The aud claim: whom the token is for')),
    subject: optionalKey(texts(`The sub claim: whose the token is; ${oneOrMore}`)),
    claims: optionalKey(claimMap('Further claims that AWS reads of this provider')),
  },
  { ...closed, description: 'Whoever has a token of this OpenID Connect provider, which the account of the role has' },
);
const saml = Type.Object(
  {
    provider: textSchema('Its name in the account of the role', {
      pattern: '^[\\w.-]{1,128}$',
      'x-says': "the provider's name: letters, digits and ._-",
    }),
    audience: optionalKey(texts('SAML:aud, where the answer was sent', {})),
    attributes: optionalKey(claimMap('Further keys that AWS reads of the answer, without SAML: before them')),
  },
  { ...closed, description: 'Whoever this SAML provider, which the account of the role has, says it is' },
);

const who = {
  account: optionalKey(nameSchema('account', 'A declared account; of a role, a set or a user by default the own')),
  role: optionalKey(
    textSchema('A role of that account, with its path', {
      pattern: '^/?([!-.0-~]+/)*[\\w+=,.@-]+$',
      examples: ['gatehouse/CIRole'],
      'x-says': 'a role with its path, such as gatehouse/CIRole',
    }),
  ),
  permissionSet: optionalKey(nameSchema('permissionSet', 'Holders of this set')),
  user: optionalKey(textSchema('An IAM user of the account, with its path', { minLength: 1, ...fixedText })),
  accountId: optionalKey(accountId),
  organization: optionalKey(textSchema('Any account of this organization, by its id', organizationId)),
  organizationPath: optionalKey(
    texts('Any account below this root or OU, by the ids of aws:PrincipalOrgPaths', organizationPath),
  ),
  service: optionalKey(
    textSchema('An AWS service', {
      pattern: '^[a-z0-9.-]+\\.amazonaws\\.com$',
      examples: ['ec2.amazonaws.com'],
      'x-says': 'a service such as ec2.amazonaws.com',
    }),
  ),
  github: optionalKey(github),
  oidc: optionalKey(oidc),
  saml: optionalKey(saml),
};
const arns = { pattern: '^arn:', 'x-says': 'an ARN' };
const onlyIf = {
  externalId: optionalKey(textSchema('The ID that a third party must send', externalId)),
  mfa: optionalKey(Type.Boolean({ description: 'true: only with a second factor' })),
  principalArn: optionalKey(texts(`Only roles and users with such an ARN: ${oneOrMore}`, arns)),
  principalTags: optionalKey(tagMap('Only callers with these tags; of Roles Anywhere, what the certificate says')),
  sourceAccount: optionalKey(
    Type.Union(
      [
        nameSchema('account', 'The account that the service acts for'),
        arrayOf(nameSchema('account', 'An account'), { minItems: 1, uniqueItems: true }),
      ],
      { description: 'The account that the service acts for, or several' },
    ),
  ),
  sourceArn: optionalKey(texts(`What the service acts for: ${oneOrMore}`, arns)),
  sourceOrganization: optionalKey(textSchema('The organization that the service acts for', organizationId)),
  sourceOrganizationPath: optionalKey(
    texts('The root or OU that the service acts for, by the ids of aws:SourceOrgPaths', organizationPath),
  ),
  sessionName: optionalKey(texts(`What the session may be called: ${oneOrMore}`)),
  sourceIdentity: optionalKey(texts(`What the source identity may be: ${oneOrMore}`)),
  sessionTags: optionalKey(tagMap('Only with these session tags')),
  sessionTagKeys: optionalKey(tagKeys('No session tags but these')),
  transitiveTagKeys: optionalKey(tagKeys('No transitive session tags but these')),
};
const along = {
  tagSession: optionalKey(Type.Boolean({ description: 'true: session tags may be passed' })),
  setSourceIdentity: optionalKey(Type.Boolean({ description: 'true: a source identity may be set' })),
  setContext: optionalKey(Type.Boolean({ description: 'true: identity context of IAM Identity Center may be passed' })),
  assume: optionalKey(
    Type.Boolean({ description: 'false: the entry lets nobody in, it only adds to what another one lets in' }),
  ),
};

export const trust = Type.Object(
  { ...who, ...onlyIf, ...along },
  {
    ...closed,
    description:
      'Who may assume the role: one of account, role, permissionSet, user, accountId, organization, organizationPath, service, github, oidc, saml',
  },
);

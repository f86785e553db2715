/** Trust policies as AWS's guides and the documentation of other tools shape them: in words or as they are, never with a loss. */
import { beforeAll, describe, expect, it } from 'vitest';
import { waysInSaid } from '../../src/import/write/trust.ts';
import { canonicalTrust } from '../../src/model/policy.ts';
import type { ConditionBlock, PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import { resourcesOf } from '../../src/model/resource.ts';
import type { WrittenTrust } from '../../src/model/written.ts';
import { account, live, role } from '../support/build.ts';
import { desiredIn, filesOf, imported, linesOf } from '../support/imported.ts';

const [own, other, vendor] = ['111122223333', '444455556666', '999999999999'] as const;
const names = new Map([
  [own, 'Own'],
  [other, 'Other'],
]);
const organization = 'o-a1b2c3d4e5';

const lets = (
  Principal: PrincipalElement,
  Action: string | readonly string[],
  Condition?: ConditionBlock,
): Statement => ({
  Effect: 'Allow',
  Principal,
  Action,
  ...(Condition === undefined ? {} : { Condition }),
});
const service = (name: string, Condition?: ConditionBlock, ...more: readonly string[]): Statement =>
  lets(
    { Service: `${name}.amazonaws.com` },
    more.length === 0 ? 'sts:AssumeRole' : ['sts:AssumeRole', ...more],
    Condition,
  );
const federated = (name: string): PrincipalElement => ({ Federated: `arn:aws:iam::${own}:${name}` });
const web = (issuer: string, Condition?: ConditionBlock): Statement =>
  lets(federated(`oidc-provider/${issuer}`), 'sts:AssumeRoleWithWebIdentity', Condition);
const common = (issuer: string, Condition: ConditionBlock): Statement =>
  lets({ Federated: issuer }, 'sts:AssumeRoleWithWebIdentity', Condition);
const saml = (Condition?: ConditionBlock, ...more: readonly string[]): Statement =>
  lets(
    federated('saml-provider/Okta'),
    more.length === 0 ? 'sts:AssumeRoleWithSAML' : ['sts:AssumeRoleWithSAML', ...more],
    Condition,
  );
const caller = (AWS: string | readonly string[], Condition?: ConditionBlock, ...more: readonly string[]): Statement =>
  lets({ AWS }, more.length === 0 ? 'sts:AssumeRole' : ['sts:AssumeRole', ...more], Condition);

const github = 'token.actions.githubusercontent.com';
const cluster = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
const bitbucket = 'api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc';
const circle = 'oidc.circleci.com/org/11111111-2222-3333-4444-555555555555';
const signIn = 'https://signin.aws.amazon.com/saml';
const anchor = `arn:aws:rolesanywhere:eu-west-1:${own}:trust-anchor/11111111-2222-3333-4444-555555555555`;

type Row = readonly [
  what: string,
  document: Statement | readonly Statement[],
  words: readonly WrittenTrust[] | 'document',
];
const services: readonly Row[] = [
  ['an instance profile', service('ec2'), [{ service: 'ec2.amazonaws.com' }]],
  ['a function', service('lambda'), [{ service: 'lambda.amazonaws.com' }]],
  [
    'two services in one statement',
    lets({ Service: ['ec2.amazonaws.com', 'ssm.amazonaws.com'] }, 'sts:AssumeRole'),
    [{ service: 'ec2.amazonaws.com' }, { service: 'ssm.amazonaws.com' }],
  ],
  [
    'a task of ECS with both source keys',
    service('ecs-tasks', {
      ArnLike: { 'aws:SourceArn': `arn:aws:ecs:eu-west-1:${own}:*` },
      StringEquals: { 'aws:SourceAccount': own },
    }),
    [{ service: 'ecs-tasks.amazonaws.com', sourceAccount: 'Own', sourceArn: 'arn:aws:ecs:eu-west-1:${account:Own}:*' }],
  ],
  [
    'Config',
    service('config', { StringEquals: { 'AWS:SourceAccount': own } }),
    [{ service: 'config.amazonaws.com', sourceAccount: 'Own' }],
  ],
  [
    'CloudTrail for its logs',
    service('cloudtrail', { StringEquals: { 'aws:SourceArn': `arn:aws:cloudtrail:eu-west-1:${own}:trail/main` } }),
    [{ service: 'cloudtrail.amazonaws.com', sourceArn: 'arn:aws:cloudtrail:eu-west-1:${account:Own}:trail/main' }],
  ],
  [
    'flow logs',
    service('vpc-flow-logs', {
      StringEquals: { 'aws:SourceAccount': own },
      ArnLike: { 'aws:SourceArn': `arn:aws:ec2:eu-west-1:${own}:vpc-flow-log/*` },
    }),
    [
      {
        service: 'vpc-flow-logs.amazonaws.com',
        sourceAccount: 'Own',
        sourceArn: 'arn:aws:ec2:eu-west-1:${account:Own}:vpc-flow-log/*',
      },
    ],
  ],
  [
    'a schedule',
    service('scheduler', {
      StringEquals: { 'aws:SourceAccount': own },
      ArnEquals: { 'aws:SourceArn': `arn:aws:scheduler:eu-west-1:${own}:schedule-group/default` },
    }),
    [
      {
        service: 'scheduler.amazonaws.com',
        sourceAccount: 'Own',
        sourceArn: 'arn:aws:scheduler:eu-west-1:${account:Own}:schedule-group/default',
      },
    ],
  ],
  [
    'a knowledge base',
    service('bedrock', {
      StringEquals: { 'aws:SourceAccount': own },
      ArnLike: { 'aws:SourceArn': `arn:aws:bedrock:eu-west-1:${own}:knowledge-base/*` },
    }),
    [
      {
        service: 'bedrock.amazonaws.com',
        sourceAccount: 'Own',
        sourceArn: 'arn:aws:bedrock:eu-west-1:${account:Own}:knowledge-base/*',
      },
    ],
  ],
  [
    'managed nodes outside of AWS',
    service('ssm', {
      StringEquals: { 'aws:SourceAccount': own },
      ArnEquals: { 'aws:SourceArn': `arn:aws:ssm:eu-west-1:${own}:*` },
    }),
    [{ service: 'ssm.amazonaws.com', sourceAccount: 'Own', sourceArn: 'arn:aws:ssm:eu-west-1:${account:Own}:*' }],
  ],
  [
    'a service for the whole organization',
    service('sns', { StringEquals: { 'aws:SourceOrgID': organization } }),
    [{ service: 'sns.amazonaws.com', sourceOrganization: organization }],
  ],
  [
    'StackSets',
    service('cloudformation', { StringEquals: { 'aws:SourceAccount': own } }),
    [{ service: 'cloudformation.amazonaws.com', sourceAccount: 'Own' }],
  ],
  [
    'a source whose Region is a wildcard of texts',
    service('sns', { StringLike: { 'aws:SourceArn': `arn:aws:ses:*:${own}:identity/x` } }),
    'document',
  ],
  [
    'a source whose wildcard is none, since texts are compared',
    service('sns', { StringEquals: { 'aws:SourceArn': `arn:aws:ses:eu-west-1:${own}:identity/*` } }),
    'document',
  ],
  ['Beanstalk', service('elasticbeanstalk', { StringEquals: { 'sts:ExternalId': 'elasticbeanstalk' } }), 'document'],
  [
    'a cluster of EKS',
    service('eks', undefined, 'sts:TagSession'),
    [{ service: 'eks.amazonaws.com', tagSession: true }],
  ],
  [
    'EKS Pod Identity',
    service('pods.eks', undefined, 'sts:TagSession'),
    [{ service: 'pods.eks.amazonaws.com', tagSession: true }],
  ],
  [
    'EKS Pod Identity for one cluster and namespace',
    service(
      'pods.eks',
      {
        StringEquals: { 'aws:SourceAccount': own, 'aws:RequestTag/kubernetes-namespace': 'shop' },
        ArnEquals: { 'aws:SourceArn': `arn:aws:eks:eu-west-1:${own}:cluster/main` },
      },
      'sts:TagSession',
    ),
    [
      {
        service: 'pods.eks.amazonaws.com',
        sourceAccount: 'Own',
        sourceArn: 'arn:aws:eks:eu-west-1:${account:Own}:cluster/main',
        sessionTags: { 'kubernetes-namespace': 'shop' },
        tagSession: true,
      },
    ],
  ],
  [
    'identity context for Glue',
    service('glue', { StringEquals: { 'aws:SourceAccount': own } }, 'sts:SetContext'),
    [{ service: 'glue.amazonaws.com', sourceAccount: 'Own', setContext: true }],
  ],
  [
    'the account access manager',
    service('account-access', { StringEquals: { 'aws:SourceAccount': other } }, 'sts:SetContext', 'sts:TagSession'),
    [{ service: 'account-access.amazonaws.com', sourceAccount: 'Other', tagSession: true, setContext: true }],
  ],
  [
    'Roles Anywhere by its trust anchor',
    service('rolesanywhere', { ArnEquals: { 'aws:SourceArn': anchor } }, 'sts:TagSession', 'sts:SetSourceIdentity'),
    [
      {
        service: 'rolesanywhere.amazonaws.com',
        sourceArn: anchor.replace(own, '${account:Own}'),
        tagSession: true,
        setSourceIdentity: true,
      },
    ],
  ],
  [
    'Roles Anywhere by the certificate',
    service(
      'rolesanywhere',
      {
        StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'build.example.com', 'aws:PrincipalTag/x509Issuer/C': 'CH' },
        StringLike: { 'aws:PrincipalTag/x509SAN/URI': 'spiffe://example.com/*' },
      },
      'sts:SetSourceIdentity',
      'sts:TagSession',
    ),
    [
      {
        service: 'rolesanywhere.amazonaws.com',
        principalTags: {
          'x509Issuer/C': 'CH',
          'x509Subject/CN': 'build.example.com',
          'x509SAN/URI': 'spiffe://example.com/*',
        },
        tagSession: true,
        setSourceIdentity: true,
      },
    ],
  ],
];
const claims = (issuer: string, aud: string, sub: string): ConditionBlock =>
  /[*?]/.test(sub)
    ? { StringEquals: { [`${issuer}:aud`]: aud }, StringLike: { [`${issuer}:sub`]: sub } }
    : { StringEquals: { [`${issuer}:aud`]: aud, [`${issuer}:sub`]: sub } };
const oidc = (provider: string, audience: string, subject: string): readonly WrittenTrust[] => [
  { oidc: { provider, audience, subject } },
];
const aws = 'sts.amazonaws.com';
const webIdentities: readonly Row[] = [
  ...[
    ['a service account of a cluster', cluster, aws, 'system:serviceaccount:shop:checkout'],
    ['every service account of a namespace', cluster, aws, 'system:serviceaccount:shop:*'],
    ['every branch of a repository', github, aws, 'repo:acme/shop:*'],
    ['the pull requests of a repository', github, aws, 'repo:acme/shop:pull_request'],
    ['a branch on GitLab', 'gitlab.com', 'https://gitlab.com', 'project_path:acme/shop:ref_type:branch:ref:main'],
    [
      'a group on a GitLab of their own',
      'gitlab.example.com',
      'https://gitlab.example.com',
      'project_path:acme/*:ref_type:branch:ref:main',
    ],
    [
      'a workspace of Terraform',
      'app.terraform.io',
      'aws.workload.identity',
      'organization:acme:project:net:workspace:prod:run_phase:*',
    ],
    ['a repository on Bitbucket', bitbucket, 'ari:cloud:bitbucket::workspace/11111111', '{22222222-3333}:*'],
    ['a project of CircleCI', circle, '11111111-2222-3333-4444-555555555555', 'org/11111111/project/66666666/user/*'],
    ['an issuer of their own', 'id.example.com/realms/ci', 'aws', 'robot'],
  ].map(([what = '', issuer = '', aud = '', sub = '']): Row => [
    what,
    web(issuer, claims(issuer, aud, sub)),
    oidc(issuer, aud, sub),
  ]),
  [
    'a branch on GitHub',
    web(github, claims(github, aws, 'repo:acme/shop:ref:refs/heads/main')),
    [{ github: { repository: 'acme/shop', ref: 'refs/heads/main' } }],
  ],
  [
    'a branch on GitHub by StringLike',
    web(github, {
      StringEquals: { [`${github}:aud`]: aws },
      StringLike: { [`${github}:sub`]: 'repo:acme/shop:ref:refs/heads/main' },
    }),
    [{ github: { repository: 'acme/shop', ref: 'refs/heads/main' } }],
  ],
  [
    'an environment on GitHub',
    web(github, claims(github, aws, 'repo:acme/shop:environment:prod')),
    [{ github: { repository: 'acme/shop', environment: 'prod' } }],
  ],
  [
    'GitHub by a set of values',
    web(github, {
      'ForAllValues:StringEquals': { [`${github}:aud`]: aws, [`${github}:sub`]: 'repo:acme/shop:pull_request' },
    }),
    'document',
  ],
  ...['authenticated', 'unauthenticated'].map((amr): Row => [
    `an identity pool, ${amr}`,
    common('cognito-identity.amazonaws.com', {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:11111111-2222' },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': amr },
    }),
    [{ oidc: { provider: 'cognito-identity.amazonaws.com', audience: 'eu-west-1:11111111-2222', claims: { amr } } }],
  ]),
  [
    'Google',
    common('accounts.google.com', { StringEquals: { 'accounts.google.com:aud': '66677788899900pro0' } }),
    [{ oidc: { provider: 'accounts.google.com', audience: '66677788899900pro0' } }],
  ],
  [
    'Amazon',
    common('www.amazon.com', { StringEquals: { 'www.amazon.com:app_id': 'amzn1.application-oa2-123456' } }),
    [{ oidc: { provider: 'www.amazon.com', claims: { app_id: 'amzn1.application-oa2-123456' } } }],
  ],
  [
    'Facebook',
    common('graph.facebook.com', { StringEquals: { 'graph.facebook.com:app_id': '111222333444555' } }),
    [{ oidc: { provider: 'graph.facebook.com', claims: { app_id: '111222333444555' } } }],
  ],
];
const samlProviders: readonly Row[] = [
  ['SAML', saml({ StringEquals: { 'SAML:aud': signIn } }), [{ saml: { provider: 'Okta', audience: signIn } }]],
  [
    'SAML at several endpoints',
    saml({ StringEquals: { 'SAML:aud': ['https://eu-west-1.signin.aws.amazon.com/saml', signIn] } }),
    [{ saml: { provider: 'Okta', audience: ['https://eu-west-1.signin.aws.amazon.com/saml', signIn] } }],
  ],
  [
    'SAML by what it says of people',
    saml({ StringEquals: { 'saml:edupersonorgdn': 'ExampleOrg', 'saml:aud': signIn, 'saml:sub_type': 'persistent' } }),
    [
      {
        saml: {
          provider: 'Okta',
          audience: signIn,
          attributes: { edupersonorgdn: 'ExampleOrg', sub_type: 'persistent' },
        },
      },
    ],
  ],
  [
    'SAML with session tags',
    saml(
      {
        StringEquals: { 'SAML:aud': signIn, 'aws:RequestTag/Project': ['Analytics', 'Automation'] },
        StringLike: { 'aws:RequestTag/Department': '*' },
        'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': ['Department', 'Project'] },
      },
      'sts:TagSession',
    ),
    [
      {
        saml: { provider: 'Okta', audience: signIn },
        sessionTags: { Department: '*', Project: ['Analytics', 'Automation'] },
        transitiveTagKeys: ['Department', 'Project'],
        tagSession: true,
      },
    ],
  ],
  [
    'SAML with a source identity by itself',
    [
      saml({ StringEquals: { 'SAML:aud': signIn } }),
      lets(federated('saml-provider/Okta'), 'sts:SetSourceIdentity', {
        StringLike: { 'sts:SourceIdentity': '*@example.com' },
      }),
    ],
    [
      { saml: { provider: 'Okta', audience: signIn } },
      { saml: { provider: 'Okta' }, sourceIdentity: '*@example.com', setSourceIdentity: true, assume: false },
    ],
  ],
];
const root = (id: string): string => `arn:aws:iam::${id}:root`;
const callers: readonly Row[] = [
  ['another account', caller(root(other)), [{ account: 'Other' }]],
  [
    'a third party',
    caller(root(vendor), { StringEquals: { 'sts:ExternalId': 'acme-7f3' } }),
    [{ accountId: vendor, externalId: 'acme-7f3' }],
  ],
  ['a role of a third party', caller(`arn:aws:iam::${vendor}:role/Reader`), [{ accountId: vendor, role: 'Reader' }]],
  [
    'another account with MFA',
    caller(root(other), { Bool: { 'aws:MultiFactorAuthPresent': true } }),
    [{ account: 'Other', mfa: true }],
  ],
  [
    'another account with a recent MFA',
    caller(root(other), {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
    }),
    'document',
  ],
  [
    'MFA where there may be none',
    caller(root(other), { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }),
    'document',
  ],
  [
    'an address',
    caller(root(other), { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] } }),
    'document',
  ],
  ['the organization', caller('*', { StringEquals: { 'aws:PrincipalOrgID': organization } }), [{ organization }]],
  [
    'an OU',
    caller('*', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${organization}/r-ab12/ou-ab12-11111111/*` } }),
    [{ organizationPath: `${organization}/r-ab12/ou-ab12-11111111/*` }],
  ],
  [
    'a role of one name in the organization',
    caller('*', {
      StringEquals: { 'aws:PrincipalOrgID': organization },
      ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/deploy', 'arn:aws:iam::*:role/release-*'] },
    }),
    [{ organization, principalArn: ['arn:aws:iam::*:role/deploy', 'arn:aws:iam::*:role/release-*'] }],
  ],
  [
    'a permission set by the pattern that people write',
    caller(root(own), {
      ArnLike: {
        'aws:PrincipalArn': `arn:aws:iam::${own}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*`,
      },
    }),
    [
      {
        account: 'Own',
        principalArn: 'arn:aws:iam::${account:Own}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*',
      },
    ],
  ],
  [
    'a tag of the caller',
    caller(root(other), { StringEquals: { 'aws:PrincipalTag/Team': 'a' } }),
    [{ account: 'Other', principalTags: { Team: 'a' } }],
  ],
  [
    'a user with tags to pass, in two statements',
    [
      lets({ AWS: `arn:aws:iam::${own}:user/test` }, 'sts:AssumeRole', {
        StringLike: { 'aws:RequestTag/Project': '*' },
      }),
      lets({ AWS: `arn:aws:iam::${own}:user/test` }, 'sts:TagSession', {
        StringEquals: { 'aws:RequestTag/Project': ['a', 'b'] },
      }),
    ],
    [
      { user: 'test', sessionTags: { Project: '*' } },
      { user: 'test', sessionTags: { Project: ['a', 'b'] }, tagSession: true, assume: false },
    ],
  ],
  [
    'a source identity',
    caller(
      `arn:aws:iam::${own}:user/DevUser`,
      { StringEquals: { 'sts:SourceIdentity': 'DiegoRamirez' } },
      'sts:SetSourceIdentity',
    ),
    [{ user: 'DevUser', sourceIdentity: 'DiegoRamirez', setSourceIdentity: true }],
  ],
  [
    "sessions under the user's own name",
    caller(root(own), { StringLike: { 'sts:RoleSessionName': '${aws:username}' } }),
    [{ account: 'Own', sessionName: '${aws:username}' }],
  ],
  [
    'a role of the management account',
    caller(`arn:aws:iam::${other}:role/service-role/StackSetAdmin`),
    [{ account: 'Other', role: 'service-role/StackSetAdmin' }],
  ],
  ['a session of a role', caller(`arn:aws:sts::${other}:assumed-role/R/s`), 'document'],
  ['everybody but one', { Effect: 'Allow', NotPrincipal: { AWS: root(vendor) }, Action: 'sts:AssumeRole' }, 'document'],
  [
    'a denial without MFA beside what is let in',
    [
      caller(root(own)),
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'sts:AssumeRole',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ],
    'document',
  ],
];
const rows: readonly Row[] = [...services, ...webIdentities, ...samlProviders, ...callers];
const documentOf = (statement: Row[1], index: number): PolicyDocument => ({
  Version: index % 5 === 0 && !JSON.stringify(statement).includes('${') ? '2008-10-17' : '2012-10-17',
  Statement: statement,
});
const documents = rows.map(([, statement], index) => documentOf(statement, index));

describe('a trust policy of the documentation', () => {
  it.each(rows.map(([what, , words], index) => [what, words, index] as const))('%s', (_, words, index) => {
    const document = documents[index] as PolicyDocument;
    const said = waysInSaid(document, { accountId: own, names });
    expect(said).toEqual(words === 'document' ? { document } : { words });
  });
});

describe('all of them together', () => {
  const whole = live([
    account('Own', own),
    account('Other', other),
    ...documents.map((trust, index) => role(`R${index}`, 'Own', { trust })),
  ]);
  let draft: Awaited<ReturnType<typeof imported>>;
  beforeAll(async () => {
    draft = await imported(whole);
  });

  it('are imported without an error, and nothing is left for the plan to do', () => {
    expect(draft.leftOut).toEqual([]);
    expect(draft.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(linesOf(filesOf(draft), whole).filter((line) => line.includes('role/'))).toEqual([]);
  });

  it('let in exactly whom they let in before', () => {
    const { state } = desiredIn(filesOf(draft));
    const said = new Map(resourcesOf(state, 'role').map(({ name, trust }) => [name, canonicalTrust(trust)]));
    expect(documents.map((_, index) => said.get(`R${index}`))).toEqual(documents.map(canonicalTrust));
  });
});

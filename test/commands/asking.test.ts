/** Of how much an answer of `why` and `who-can` holds, on what it depends, and who is let in from outside. */
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import { whoText, whyText } from '../../src/render/why.ts';
import { iamUser, inline, roleWith, who, why } from '../support/asking.ts';
import type { Given } from '../support/asking.ts';
import { allow, deny, document } from '../support/build.ts';

const on = (Resource: string | readonly string[], ...Action: readonly string[]): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const never = (Resource: string, ...Action: readonly string[]): Statement => ({ Effect: 'Deny', Action, Resource });
const withMfa = (statement: Statement): Statement => ({
  ...statement,
  Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
});
const paintless = { paint: pc.createColors(false), width: 80 };
const reports = 'arn:aws:s3:::reports/*';
const mfa = 'aws:multifactorauthpresent';

const asked = async (statements: readonly Statement[], action: string, resource?: string) => {
  const given = { users: [iamUser('ada', inline(...statements))] };
  const words = { action, ...(resource === undefined ? {} : { resource }) };
  const told = await why(given, { principal: 'user:ada', ...words });
  const listed = whoText(await who(given, words), paintless).replace(/\s+/g, ' ');
  const [chain] = told.chains;
  return {
    words: whyText(told, paintless).replace(/\s+/g, ' '),
    listed: listed.slice(Math.max(0, listed.indexOf('user:Prod:ada'))),
    answer: [chain?.decision, chain?.extent, chain?.on, chain?.dependsOn],
  };
};

type Row = readonly [string, readonly Statement[], string, string | undefined, readonly unknown[], string, string];

describe('of how much an answer holds', () => {
  it.each<Row>([
    [
      'everything',
      [allow('s3:GetObject')],
      's3:GetObject',
      undefined,
      ['allowed', undefined, undefined, []],
      'Yes: allowed. user',
      'user:Prod:ada allowed IAM user ada of Prod (live, never written) Allow in',
    ],
    [
      'an action that works on nothing in particular',
      [allow('iam:ListUsers')],
      'iam:ListUsers',
      undefined,
      ['allowed', undefined, undefined, []],
      'Yes: allowed. user',
      'never written) Allow in',
    ],
    [
      'one resource that is asked for',
      [on(reports, 's3:GetObject')],
      's3:GetObject',
      'arn:aws:s3:::reports/a',
      ['allowed', undefined, undefined, []],
      'Yes: allowed. user',
      'never written) Allow in',
    ],
    [
      'a pattern that is allowed whole',
      [on(reports, 's3:GetObject')],
      's3:GetObject',
      'arn:aws:s3:::reports/2026/*',
      ['allowed', undefined, undefined, []],
      'Yes: allowed. user',
      'never written) Allow in',
    ],
    [
      'what one statement names',
      [on(reports, 's3:GetObject')],
      's3:GetObject',
      undefined,
      ['allowed', 'some-resource', reports, []],
      'Yes: allowed on some resource. user',
      'never written) on some resource: arn:aws:s3:::reports/* Allow in',
    ],
    [
      'all but what is denied',
      [allow('s3:GetObject'), never(reports, 's3:GetObject')],
      's3:GetObject',
      undefined,
      ['allowed', 'some-resource', undefined, []],
      'Yes: allowed on some resource. user',
      'never written) on some resource Allow in',
    ],
    [
      'part of a pattern',
      [on(reports, 's3:GetObject')],
      's3:GetObject',
      'arn:aws:s3:::*/*',
      ['depends', 'some-resource', reports, ['which resource']],
      'It depends on which resource: allowed on some resource. user',
      'on some resource: arn:aws:s3:::reports/* depends on which resource',
    ],
    [
      'a condition on everything',
      [withMfa(allow('s3:GetObject'))],
      's3:GetObject',
      undefined,
      ['depends', undefined, undefined, [mfa]],
      `It depends on ${mfa}. user`,
      `never written) depends on ${mfa}`,
    ],
    [
      'a condition on what one statement names',
      [withMfa(on(reports, 's3:GetObject'))],
      's3:GetObject',
      undefined,
      ['depends', 'some-resource', reports, [mfa]],
      `It depends on ${mfa}, on some resource. user`,
      `on some resource: arn:aws:s3:::reports/* depends on ${mfa}`,
    ],
    [
      'a condition on part of a pattern',
      [withMfa(on(reports, 's3:GetObject'))],
      's3:GetObject',
      'arn:aws:s3:::*/*',
      ['depends', 'some-resource', reports, [mfa]],
      `It depends on ${mfa}, on some resource. user`,
      `on some resource: arn:aws:s3:::reports/* depends on ${mfa}`,
    ],
    [
      'a condition on one resource',
      [withMfa(on(reports, 's3:GetObject'))],
      's3:GetObject',
      'arn:aws:s3:::reports/a',
      ['depends', undefined, undefined, [mfa]],
      `It depends on ${mfa}. user`,
      `never written) depends on ${mfa}`,
    ],
    [
      'some of the actions',
      [allow('s3:GetObject', 's3:PutObject')],
      's3:*',
      undefined,
      ['depends', 'some-action', undefined, ['which action']],
      'It depends on which action: allowed for some action. user',
      'for some action depends on which action',
    ],
    [
      'each action, on what one statement names',
      [on(reports, 's3:GetObject*')],
      's3:GetObject',
      undefined,
      ['allowed', 'some-resource', reports, []],
      'Yes: allowed on some resource. user',
      'on some resource',
    ],
    [
      'a pattern of actions, each on what one statement names',
      [on('arn:aws:sqs:*:*:orders', 'sqs:*'), allow('sqs:ListQueues')],
      'sqs:Get*',
      undefined,
      ['allowed', 'some-resource', undefined, []],
      'Yes: allowed on some resource. user',
      'on some resource Allow in',
    ],
    [
      'a pattern of actions that are all allowed',
      [allow('sqs:*')],
      'sqs:*',
      undefined,
      ['allowed', undefined, undefined, []],
      'Yes: allowed. user',
      'never written) Allow in',
    ],
    [
      'nothing',
      [on(reports, 's3:GetObject'), deny('s3:*')],
      's3:GetObject',
      undefined,
      ['denied', undefined, undefined, []],
      'No: denied. user',
      '',
    ],
    [
      'what needs no permission',
      [],
      'sts:GetCallerIdentity',
      undefined,
      ['allowed', undefined, undefined, []],
      'Yes: allowed. user',
      '',
    ],
  ])('%s', async (_, statements, action, resource, answer, words, listed) => {
    const told = await asked(statements, action, resource);
    expect(told.answer).toEqual(answer);
    expect(told.words).toContain(words);
    expect(told.listed).toContain(listed);
  });

  it('lists apart who can do some of it', async () => {
    const given = {
      users: [
        iamUser('all', inline(allow('s3:GetObject'))),
        iamUser('part', inline(on(reports, 's3:GetObject'))),
        iamUser('mfa', inline(withMfa(allow('s3:GetObject')))),
        iamUser('none'),
      ],
    };
    const text = whoText(await who(given, { action: 's3:GetObject', resource: 'arn:aws:s3:::*/*' }), paintless);
    expect(text.split('\n').filter((line) => /^(user|\w.*:$)/.test(line))).toEqual([
      'Can s3:GetObject on arn:aws:s3:::*/* in Prod:',
      'user:Prod:all',
      'Can some of it:',
      'user:Prod:part',
      'Perhaps, it depends:',
      'user:Prod:mfa',
    ]);
  });

  it('names a policy that nobody has', async () => {
    const odd = { users: [iamUser('ada', { inlinePolicies: { odd: null } })] };
    const told = await why(odd, { principal: 'user:ada', action: 's3:GetObject' });
    expect(whyText(told, paintless)).toContain('It depends on the document of ada (inline odd).');
  });
});

const trusting = (Principal: PrincipalElement, Condition?: Statement['Condition']): PolicyDocument =>
  document({
    Effect: 'Allow',
    Principal,
    Action: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'],
    ...(Condition === undefined ? {} : { Condition }),
  });
const provider = (name: string): string => `arn:aws:iam::222222222222:${name}`;
const github = provider('oidc-provider/token.actions.githubusercontent.com');
const gitlab = provider('oidc-provider/gitlab.com');
const okta = provider('saml-provider/Okta');
const assume = 'sts:AssumeRole';
const saml = 'sts:AssumeRoleWithSAML';
const web = 'sts:AssumeRoleWithWebIdentity';

const given: Given = {
  more: [
    roleWith('Vendor', trusting({ AWS: '999999999999' }, { StringEquals: { 'sts:ExternalId': 'x' } })),
    roleWith('Partner', trusting({ AWS: 'arn:aws:iam::888888888888:role/Deployer' })),
    roleWith('Job', trusting({ Service: 'lambda.amazonaws.com' })),
    roleWith('Ci', trusting({ Federated: [github, gitlab] })),
    roleWith('Person', trusting({ Federated: okta })),
    roleWith('Gone', trusting({ AWS: ['AROAEXAMPLEEXAMPLE1', 'arn:aws:iam::222222222222:root'] })),
  ],
};

describe('from outside', () => {
  it.each([
    ['account 999999999999', assume, 'depends', ['sts:externalid'], ['Vendor']],
    ['account 888888888888', assume, 'allowed', [], ['Partner']],
    ['arn:aws:iam::888888888888:role/Deployer', assume, 'allowed', [], ['Partner']],
    ['arn:aws:iam::888888888888:role/Other', assume, 'denied', [], []],
    ['account 777777777777', assume, 'denied', [], []],
    ['anyone', assume, 'denied', [], []],
    ['service lambda.amazonaws.com', assume, 'allowed', [], ['Job']],
    ['service ec2.amazonaws.com', assume, 'denied', [], []],
    [`provider ${github}`, web, 'allowed', [], ['Ci']],
    ['provider gitlab.com', web, 'allowed', [], ['Ci']],
    ['provider token.example.com', web, 'denied', [], []],
    [`provider ${okta}`, saml, 'allowed', [], ['Person']],
    [`provider ${provider('saml-provider/Other')}`, saml, 'denied', [], []],
    [`provider ${okta}`, web, 'denied', [], []],
  ])('%s asks for %s: %s', async (principal, action, decision, dependsOn, roles) => {
    const told = await why(given, { principal, action });
    const chains = told.chains.flatMap(({ through }) => through.map(({ text }) => text));
    expect(told.decision).toBe(decision);
    expect(new Set(told.chains.flatMap((chain) => chain.dependsOn))).toEqual(new Set(dependsOn));
    expect([...new Set(chains.flatMap((text) => /trust of Prod:(.*)$/.exec(text)?.[1] ?? []))].sort()).toEqual(roles);
    expect(told.chains.every(({ extent, on: role }) => extent === 'some-resource' && role !== undefined)).toBe(true);
  });

  it('knows a role that everybody may ask for, under a condition', async () => {
    const open = trusting('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } });
    const everybody: Given = { more: [roleWith('Open', open)] };
    for (const principal of ['account 777777777777', 'arn:aws:iam::777777777777:user/eve'])
      expect(await why(everybody, { principal, action: assume })).toMatchObject({
        decision: 'depends',
        chains: [{ dependsOn: ['aws:principalorgid'] }],
      });
    expect(await why(everybody, { principal: 'anyone', action: assume })).toMatchObject({ decision: 'denied' });
    const { can, depends } = await who(everybody, { action: assume });
    expect([...can, ...depends].map(({ principal }) => principal)).toEqual(['any account of organization o-other']);
  });

  it('says of a role that is asked for by its ARN no more than that', async () => {
    const resource = 'arn:aws:iam::222222222222:role/Job';
    const told = await why(given, { principal: 'service lambda.amazonaws.com', action: assume, resource });
    expect(whyText(told, paintless).split('\n')[0]).toMatch(/^Yes: allowed\. service/);
    const any = await why(given, { principal: 'service lambda.amazonaws.com', action: assume });
    expect(whyText(any, paintless).split('\n')[0]).toMatch(/^Yes: allowed on some resource\. service/);
  });

  it('is in the list of who can, but for those who are gone', async () => {
    const named = async (action: string): Promise<readonly string[]> => {
      const { can, depends } = await who(given, { action });
      const outside = /^(account|anyone|service|provider|arn)/;
      return [...can, ...depends].map(({ principal }) => principal).filter((name) => outside.test(name));
    };
    expect(await named(assume)).toEqual([
      'arn:aws:iam::888888888888:role/Deployer',
      'service lambda.amazonaws.com',
      'account 999999999999',
    ]);
    expect(await named(web)).toEqual([`provider ${github}`, `provider ${gitlab}`]);
    expect(await named(saml)).toEqual([`provider ${okta}`]);
    expect(await named('sts:*')).toHaveLength(6);
  });

  it.each([
    ['account 12', 'is not an account of the organization'],
    ['service nothing', 'is not a service'],
    ['provider a b', 'neither the ARN of a SAML'],
    ['provider arn:aws:iam::222222222222:role/x', 'neither the ARN of a SAML'],
  ])('refuses "%s"', async (principal, message) => {
    await expect(why(given, { principal, action: assume })).rejects.toThrow(message);
  });

  it('takes the name of a declared account for its id', async () => {
    expect((await why(given, { principal: 'account Dev', action: assume })).principal).toBe('account 333333333333');
  });
});

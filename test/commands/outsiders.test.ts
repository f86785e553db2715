/** Whom a trust lets in from outside, by name and with what it depends on. */
import { describe, expect, it } from 'vitest';
import { outsidersIn, readOutsider, waysIn } from '../../src/questions/outsiders.ts';
import { loadActionResources } from '../../src/evaluate/ask/actions.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import type { Statement } from '../../src/model/policy.ts';
import { account, desired, document, role } from '../support/build.ts';

const NOW = '2026-11-23T12:00:00Z';
const prod = account('Prod', '222222222222');
const ours = 'o-securecart0';

const asker = async (...trust: readonly Statement[]) => ({
  world: createWorld({
    state: desired([prod, account('Dev', '333333333333'), role('R', 'Prod', { trust: document(...trust) })]).state,
    catalogue: loadCatalogue(),
    origins: {},
    region: 'eu-west-1',
    organization: ours,
    managementAccount: 'Management',
  }),
  resources: await loadActionResources(['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity']),
  now: NOW,
});
const lets = (
  Principal: Statement['Principal'],
  Condition: Statement['Condition'] = {},
  Action = 'sts:AssumeRole',
): Statement => ({ Effect: 'Allow', Action, Condition, ...(Principal === undefined ? {} : { Principal }) });
const saml = { Federated: 'arn:aws:iam::222222222222:saml-provider/Okta' };
const web = { Federated: 'arn:aws:iam::222222222222:oidc-provider/gitlab.com' };
const path = 'o-securecart0/r-ab12/ou-ab12-11111111/*';

const who = async (action: string, ...trust: readonly Statement[]): Promise<readonly string[]> =>
  outsidersIn(await asker(...trust), prod, { action }).map(
    ({ principal, chain: { decision, dependsOn } }) => `${principal}: ${[decision, ...dependsOn].join(' ')}`,
  );

describe('from outside', () => {
  it.each<[what: string, statement: Statement, said: readonly string[]]>([
    [
      'an organization',
      lets('*', { StringEquals: { 'aws:PrincipalOrgID': ours } }),
      [`any account of organization ${ours}: allowed`],
    ],
    [
      'what is below an OU',
      lets('*', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': path } }),
      [`any account below ${path}: allowed`],
    ],
    [
      'roles of an organization by their names',
      lets('*', {
        StringEquals: { 'aws:PrincipalOrgID': ours },
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy-*' },
      }),
      [`any account of organization ${ours} as arn:aws:iam::*:role/deploy-*: allowed`],
    ],
    [
      'one role of an account',
      lets({ AWS: '999999999999' }, { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::999999999999:role/x' } }),
      ['account 999999999999 as arn:aws:iam::999999999999:role/x: allowed'],
    ],
    ['anybody', lets('*'), ['anyone: allowed']],
    [
      'everybody but a few',
      { Effect: 'Allow', Action: 'sts:AssumeRole', NotPrincipal: { AWS: '333333333333' } },
      ['anyone: allowed'],
    ],
  ])('%s is named', async (_, statement, said) => {
    expect(await who('sts:AssumeRole', statement)).toEqual(said);
  });

  it('a SAML provider is asked by its own call, whatever else is trusted', async () => {
    const audience = { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } };
    const trust = [lets(saml, audience, 'sts:AssumeRoleWithSAML'), lets(web, {}, 'sts:AssumeRoleWithWebIdentity')];
    expect(await who('sts:AssumeRoleWithSAML', ...trust)).toEqual([`provider ${saml.Federated}: depends saml:aud`]);
    expect(await who('sts:AssumeRoleWithWebIdentity', ...trust)).toEqual([`provider ${web.Federated}: allowed`]);
  });

  it('an organization can be asked about, and anyone is of none', async () => {
    const trusting = await asker(lets('*', { StringEquals: { 'aws:PrincipalOrgID': ours } }));
    const asking = { action: 'sts:AssumeRole', resource: 'arn:aws:iam::222222222222:role/R' };
    const decisions = (text: string) => {
      const outsider = readOutsider(trusting.world, text, prod);
      if (outsider === undefined) throw new Error(`${text} is nobody`);
      return waysIn(trusting, prod, { outsider, asking }).map(({ decision }) => decision);
    };
    expect(decisions(`organization ${ours}`)).toEqual(['allowed']);
    expect(decisions(`organization ${path}`)).toEqual(['allowed']);
    expect(decisions('organization o-elsewhere00')).toEqual([]);
    expect(decisions('anyone')).toEqual([]);
    expect(() => readOutsider(trusting.world, 'organization acme', prod)).toThrow('neither the id of an organization');
  });

  it('an account that is not ours is of no organization of ours, and of another only where one is asked for', async () => {
    const vendor = { AWS: '777777777777' };
    expect(await who('sts:AssumeRole', lets(vendor, { StringEquals: { 'aws:PrincipalOrgID': ours } }))).toEqual([
      'account 777777777777: denied',
    ]);
    expect(
      await who('sts:AssumeRole', lets(vendor, { StringEquals: { 'aws:PrincipalOrgID': 'o-elsewhere00' } })),
    ).toEqual(['account 777777777777: depends aws:principalorgid']);
  });
});

/** Whom roles trust, from outside and inside, gain and lose by the RCPs above the role's account. */
import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Statement } from '../../src/model/policy.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  ORGANIZATION,
  account,
  desired,
  document,
  lets,
  live,
  ou,
  owned,
  rcpType,
  role,
} from '../support/build.ts';
import { hungRcp, rcp } from '../support/guard-scenes.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const dev = account('Dev', '222222222222', 'Work');
const base: readonly Resource[] = [owned(ou('Work')), owned(ou('Lab')), rcpType, dev];

const vendor = lets({ AWS: '101010101010' }, { StringEquals: { 'sts:ExternalId': 'e' } });
const github = 'token.actions.githubusercontent.com';
const workflow = lets(
  { Federated: `arn:aws:iam::222222222222:oidc-provider/${github}` },
  {
    StringEquals: {
      [`${github}:aud`]: 'sts.amazonaws.com',
      [`${github}:sub`]: 'repo:securecart/shop:ref:refs/heads/main',
    },
  },
  'sts:AssumeRoleWithWebIdentity',
);
const service = lets({ Service: 'ec2.amazonaws.com' });
const ours = lets({ AWS: 'arn:aws:iam::222222222222:role/gatehouse/CI' });
const trusting = (...statements: readonly Statement[]): Resource =>
  role('Entry', 'Dev', { path: '/gatehouse/', trust: document(...statements) });

/** As AWS publishes it: nobody but the organization and AWS's own services. */
const perimeter = (...organizations: readonly string[]): Statement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:AssumeRole',
  Resource: '*',
  Condition: {
    StringNotEqualsIfExists: { 'aws:PrincipalOrgID': [ORGANIZATION, ...organizations] },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  },
});
const rail = (body: Statement, on = 'root'): readonly Resource[] => [rcp('Perimeter', body), hungRcp('Perimeter', on)];
const denying = (more: Partial<Statement> = {}): Statement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:*',
  Resource: '*',
  ...more,
});

const planned = (was: readonly Resource[], wanted: readonly Resource[]): Plan => {
  const want = desired([...base.filter((one) => !wanted.some(isSame(one))), ...wanted]);
  const have = live([...base.filter((one) => !was.some(isSame(one))), ...was]);
  return withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
};
const isSame = (one: Resource) => (other: Resource) =>
  one.kind === 'account' && other.kind === 'account' && one.name === other.name;

const told = ({ access }: Plan): readonly string[] =>
  access.map(({ principal, accounts, gained, lost, changed, risk, blocked = [] }) => {
    const said = [
      ...gained.map(({ actions }) => `+${actions.join()}`),
      ...lost.map(({ actions }) => `-${actions.join()}`),
      ...changed.map(({ actions, narrower }) => `~${actions.join()}${narrower ? ' narrower' : ''}`),
      ...blocked.map(({ by }) => `by ${by}`),
    ];
    return `${principal} in ${accounts.join()}: ${said.join(' ')} (${risk})`;
  });
const risks = ({ changes }: Plan): readonly string[] =>
  changes.map(({ key, risk, riskReasons = [] }) => `${key} ${risk}: ${riskReasons.join(' | ')}`);

const shutVendor =
  'account:101010101010, which is not of the organization as role:gatehouse/Entry in Dev: -sts:AssumeRole by RCP Perimeter (low)';
const all = trusting(vendor, workflow, service, ours);

describe('an RCP', () => {
  it('shuts the vendor out, and nobody of the organization, no service and no token', () => {
    const result = planned([all], [all, ...rail(perimeter())]);
    expect(told(result)).toEqual([shutVendor]);
    expect(risks(result).join()).toMatch(
      /high: guard-rail-tightened: takes something from account:101010101010, which is not of the organization as role:gatehouse\/Entry/,
    );
  });

  it('lets the vendor in again when it goes, which opens the role to somebody outside', () => {
    const result = planned([all, ...rail(perimeter())], [all]);
    expect(told(result)).toEqual([
      'account:101010101010, which is not of the organization as role:gatehouse/Entry in Dev: +sts:AssumeRole (high)',
    ]);
    expect(risks(result).join()).toMatch(/critical: guard-rail-weakened: opens something to account:101010101010/);
  });

  it('that excepts another organization leaves open whether the vendor is of it', () => {
    expect(told(planned([all], [all, ...rail(perimeter('o-partner000'))]))).toEqual([
      'account:101010101010, which is not of the organization as role:gatehouse/Entry in Dev: ~sts:AssumeRole narrower (low)',
    ]);
  });

  it('takes whoever is trusted what it denies to everybody, services too', () => {
    expect(told(planned([all], [all, ...rail(denying())])).map((row) => row.split(' as ')[0])).toEqual([
      'account:101010101010, which is not of the organization',
      'github:securecart/shop:ref:refs/heads/main',
      'role:gatehouse/CI in Dev',
      'service:ec2.amazonaws.com',
    ]);
  });

  it('speaks of tokens by their subject', () => {
    const owners = denying({
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringNotLikeIfExists: { [`${github}:sub`]: 'repo:acme/*' } },
    });
    expect(told(planned([all], [all, ...rail(owners)]))).toEqual([
      'github:securecart/shop:ref:refs/heads/main as role:gatehouse/Entry in Dev: -sts:AssumeRoleWithWebIdentity by RCP Perimeter (low)',
    ]);
  });

  it('binds an account that moves below it', () => {
    const lab = account('Dev', '222222222222', 'Lab');
    const work = rail(perimeter(), 'ou:Work');
    expect(told(planned([lab, all, ...work], [dev, all, ...work]))).toEqual([shutVendor]);
  });

  it('says nothing of the management account, which no RCP binds, nor of what stays as it is', () => {
    const there = role('Entry', 'Management', { trust: document(vendor) });
    expect(told(planned([there], [there, ...rail(perimeter())]))).toEqual([]);
    expect(told(planned([all, ...rail(perimeter())], [all, ...rail({ ...perimeter(), Sid: 'Named' })]))).toEqual([]);
  });

  it('keeps out whom a new role trusts: nothing is gained, and the trust is judged all the same', () => {
    expect(told(planned(rail(perimeter()), [trusting(vendor), ...rail(perimeter())]))).toEqual([
      'account:101010101010, which is not of the organization as role:gatehouse/Entry in Dev: by RCP Perimeter (high)',
    ]);
  });
});

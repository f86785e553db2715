/** Whom the policies of resources let in gain and lose by the RCPs above the account, and by the block of public buckets. */
import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Statement } from '../../src/model/policy.ts';
import type { Attachment, PolicyType, Resource, ResourcePolicy } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  ORGANIZATION,
  account,
  desired,
  document,
  live,
  ou,
  owned,
  rcpType,
  settingsPolicy,
} from '../support/build.ts';
import { hungRcp, rcp } from '../support/guard-scenes.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const s3Type: PolicyType = { kind: 'policy-type', type: 'S3_POLICY' };
const dev = account('Dev', '222222222222', 'Work');
const base: readonly Resource[] = [owned(ou('Work')), rcpType, s3Type, dev];

const bucket = 'arn:aws:s3:::pictures';
const letting = (Principal: Statement['Principal'], ...Action: readonly string[]): Statement => ({
  Effect: 'Allow',
  ...(Principal === undefined ? {} : { Principal }),
  Action,
  Resource: `${bucket}/*`,
});
const policy = (...list: readonly Statement[]): ResourcePolicy => ({
  kind: 'resource-policy',
  resource: bucket,
  account: 'Dev',
  region: 'eu-west-1',
  document: document(...list),
});
const vendor = letting({ AWS: '101010101010' }, 's3:GetObject');
const all = policy(
  vendor,
  letting({ AWS: 'arn:aws:iam::222222222222:role/Reader' }, 's3:PutObject'),
  letting({ Service: 'cloudtrail.amazonaws.com' }, 's3:PutObject'),
);

const perimeter = (...actions: readonly string[]): Statement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: actions,
  Resource: '*',
  Condition: {
    StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORGANIZATION },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  },
});
const rail = (body: Statement): readonly Resource[] => [rcp('Perimeter', body), hungRcp('Perimeter', 'root')];

const block = (value: string): readonly Resource[] => {
  const settings = { s3_attributes: { public_access_block_configuration: { '@@assign': value } } };
  const hung: Attachment = {
    kind: 'attachment',
    policy: { kind: 's3-policy', name: 'Block' },
    target: { type: 'root' },
  };
  return [owned(settingsPolicy('s3-policy', 'Block', settings)), hung];
};

const planned = (was: readonly Resource[], wanted: readonly Resource[]): Plan => {
  const [want, have] = [desired([...base, ...wanted]), live([...base, ...was])];
  return withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
};

const told = ({ access }: Plan): readonly string[] =>
  access.map(({ principal, gained, lost, changed, risk, blocked = [] }) => {
    const said = [
      ...gained.map(({ actions }) => `+${actions.join()}`),
      ...lost.map(({ actions }) => `-${actions.join()}`),
      ...changed.map(({ actions, narrower }) => `~${actions.join()}${narrower ? ' narrower' : ''}`),
      ...blocked.map(({ actions, by }) => `${actions.join()} by ${by}`),
    ];
    return `${principal.replace(` on ${bucket}`, '')}: ${said.join(' ')} (${risk})`;
  });
const stranger = 'account:101010101010, which is not of the organization';
const risks = ({ changes }: Plan): string => changes.flatMap(({ riskReasons = [] }) => riskReasons).join();

describe('an RCP above a resource', () => {
  it('shuts out the vendor whom the policy names, and nobody of the organization and no service', () => {
    const result = planned([all], [all, ...rail(perimeter('s3:*'))]);
    expect(told(result)).toEqual([`${stranger}: -s3:GetObject s3:GetObject by RCP Perimeter (low)`]);
    expect(risks(result)).toContain(`takes something from ${stranger} on ${bucket}`);
  });

  it('lets the vendor in again when it goes', () => {
    const result = planned([all, ...rail(perimeter('s3:*'))], [all]);
    expect(told(result)).toEqual([`${stranger}: +s3:GetObject (high)`]);
    expect(risks(result)).toContain(`opens something to ${stranger} on ${bucket}`);
  });

  it('leaves alone what it does not speak of, and narrows what it speaks of in part', () => {
    expect(told(planned([all], [all, ...rail(perimeter('s3:DeleteObject'))]))).toEqual([]);
    const whole = policy(letting({ AWS: '101010101010' }, 's3:*'));
    expect(told(planned([whole], [whole, ...rail(perimeter('s3:DeleteObject'))]))).toEqual([
      `${stranger}: ~s3:* narrower (low)`,
    ]);
  });

  it('keeps out whom a new policy names: nothing is gained, and the policy is judged all the same', () => {
    expect(told(planned(rail(perimeter('s3:*')), [policy(vendor), ...rail(perimeter('s3:*'))]))).toEqual([
      `${stranger}: s3:GetObject by RCP Perimeter (high)`,
    ]);
  });

  it('binds no resource of the management account', () => {
    const there = { ...policy(vendor), account: 'Management' };
    expect(told(planned([there], [there, ...rail(perimeter('s3:*'))]))).toEqual([]);
  });
});

describe('block public access by an S3 policy', () => {
  const open = policy(letting('*', 's3:GetObject'), vendor);

  it('shuts a public policy for everybody outside, and takes from nobody where the policy is not public', () => {
    expect(told(planned([open], [open, ...block('all')]))).toEqual([
      'everybody: -s3:GetObject s3:GetObject by S3 block public access (low)',
      `${stranger}: -s3:GetObject s3:GetObject by S3 block public access (low)`,
    ]);
    expect(told(planned([all], [all, ...block('all')]))).toEqual([]);
    expect(told(planned([open], [open, ...block('none')]))).toEqual([]);
  });

  it('keeps a new public policy shut', () => {
    expect(told(planned(block('all'), [open, ...block('all')]))).toEqual([
      'everybody: s3:GetObject by S3 block public access (critical)',
      `${stranger}: s3:GetObject by S3 block public access (high)`,
    ]);
  });
});

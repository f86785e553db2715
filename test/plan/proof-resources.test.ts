/** Nobody gets by the policy of a resource, on the way, what neither end gives; who loses something there is told. */
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../src/model/policy.ts';
import type { Resource, ResourcePolicy } from '../../src/model/resource.ts';
import { document, owned, rcpType } from '../support/build.ts';
import { hungRcp, rcp } from '../support/guard-scenes.ts';
import { atOnce, exposures, proved, provedAs, waits } from '../support/proved.ts';
import type { Sides } from '../support/proved.ts';

const bucket = 'arn:aws:s3:::pictures';
const vendor = { AWS: '101010101010' };
const lets = (Principal: Statement['Principal'], ...Action: readonly string[]): Statement => ({
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
const open = policy(lets(vendor, 's3:GetObject'));
const denying = (name: string, ...Action: readonly string[]): readonly Resource[] => [
  owned(rcp(name, { Effect: 'Deny', Principal: '*', Action, Resource: '*' })),
  hungRcp(name, 'ou:Work'),
];
const shut = denying('Shut', 's3:*');
const exposed =
  /^account:101010101010 could do s3:GetObject in Dev on arn:aws:s3:::pictures after create resource-policy/;

/** The policy is opened together with the RCP that keeps it shut. */
const together: Sides = { found: [rcpType], wanted: [rcpType, open, ...shut] };
/** The policy goes, and the RCP above it. */
const apart: Sides = { found: [rcpType, open, ...shut], wanted: [rcpType] };
const parts = { absent: [`resource-policy/${bucket}`] };

describe('the policy of a resource beside the RCP that shuts it', () => {
  it('waits for the RCP, and the RCP that goes waits until it is gone', () => {
    for (const [sides, more] of [
      [together, {}],
      [apart, parts],
    ] as const) {
      const made = proved(sides, undefined, more);
      expect(exposures(made)).toEqual([]);
      expect(made.guards.find(({ id }) => id === 'exposure')?.message).toMatch(
        /[1-9]\d* moments of [1-9]\d* principals/,
      );
    }
  });

  it('is made to wait where the planner had no judgment', () => {
    const made = proved(together, atOnce('grant'));
    expect(exposures(made)).toEqual([]);
    expect(waits(made)).toContain(`create resource-policy/${bucket} < attachment/rcp:Shut@ou:Work`);
    const gone = proved(apart, atOnce('revoke'), parts);
    expect(waits(gone).join()).toContain(`delete attachment/rcp:Shut@ou:Work < resource-policy/${bucket}`);
  });

  it('is refused where the order that is written is the wrong one', () => {
    const isPolicy = ({ kind }: { readonly kind: string }): boolean => kind === 'resource-policy';
    const backwards = provedAs(together, (changes) => {
      const ofPolicy = changes.filter(isPolicy);
      const others = changes.filter((one) => !isPolicy(one));
      return [
        ...ofPolicy.map(atOnce('grant')),
        ...others.map((change) => ({ ...change, phase: 'grant' as const, dependsOn: ofPolicy.map(({ id }) => id) })),
      ];
    });
    expect(exposures(backwards)).toEqual([expect.stringMatching(exposed)]);
  });

  it('is not mixed up with one that changes alone, or with guard rails that do not speak of it', () => {
    const alone = proved({ found: [rcpType], wanted: [rcpType, open] }, atOnce('grant'));
    expect(exposures(alone)).toEqual([]);
    const other = proved({ found: [rcpType], wanted: [rcpType, open, ...denying('Other', 'iam:*')] }, atOnce('grant'));
    expect(exposures(other)).toEqual([]);
    expect(waits(other).join()).not.toContain(`resource-policy/${bucket} <`);
  });
});

describe('an edit of a policy that passes through what both say', () => {
  it('says who is without something for that time', () => {
    const found = [rcpType, policy(lets(vendor, 's3:GetObject', 's3:PutObject')), ...denying('Old', 'iam:*')];
    const wanted = [rcpType, policy(lets(vendor, 's3:GetObject', 's3:ListBucket'))];
    const { interruptions } = proved({ found, wanted });
    expect(interruptions).toMatchObject([{ principal: 'account:101010101010', account: 'Dev' }]);
    expect(interruptions[0]?.message).toMatch(/^without s3:GetObject|^under some conditions without s3:GetObject/);
  });
});

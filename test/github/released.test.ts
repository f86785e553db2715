/** An entry of access/resources/ that a pull request takes out: the policy stays in AWS, and somebody has to know. */
import { describe, expect, it } from 'vitest';
import { releasedNotes, releasedPolicies } from '../../src/approve/released.ts';
import type { Desired } from '../../src/model/desired.ts';
import { resourcePolicyKey } from '../../src/model/resource.ts';
import { account, desired, live } from '../support/build.ts';

const bucket = 'arn:aws:s3:::pictures';
const policy = {
  kind: 'resource-policy',
  resource: bucket,
  account: 'Dev',
  region: 'eu-west-1',
  document: { Version: '2012-10-17', Statement: [] },
} as const;
const [dev, renamed] = [account('Dev', '222222222222'), account('Development', '222222222222')];
const address = { resource: bucket, account: 'Dev', region: 'eu-west-1' };
const declaring = desired([dev, policy], { resources: [address] });
const absent = desired([dev], { resources: [address], absent: [resourcePolicyKey(bucket)] });
const told = (base: Desired, head: Desired, aws = live([dev, policy])): readonly string[] =>
  releasedNotes(releasedPolicies(base, head), aws).map(({ message }) => message);
const gone = /^resource-policy\/arn:aws:s3:::pictures is no longer declared: .* state: absent /;

describe('a policy that a pull request no longer declares', () => {
  it('is named while AWS has it, or may have it', () => {
    const unread = live([dev], { unread: [{ scope: resourcePolicyKey(bucket), reason: 'AccessDenied' }] });
    for (const aws of [live([dev, policy]), unread]) {
      expect(told(declaring, desired([dev]), aws)).toEqual([expect.stringMatching(gone)]);
      expect(told(absent, desired([dev]), aws)).toEqual([expect.stringMatching(gone)]);
    }
  });

  it('is not named where it is declared still, or to be taken away, or not there', () => {
    expect(told(declaring, declaring)).toEqual([]);
    expect(told(declaring, absent)).toEqual([]);
    expect(told(desired([dev]), desired([dev]))).toEqual([]);
    expect(told(declaring, desired([dev]), live([dev]))).toEqual([]);
  });

  it('lies in the account under the name that the head has for it', () => {
    expect(releasedPolicies(declaring, desired([renamed]))).toEqual([{ ...address, account: 'Development' }]);
    expect(releasedPolicies(declaring, desired([]))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { cover } from '../../src/plan/carry/cover.ts';
import { plan, ratedPlan } from '../../src/plan/plan.ts';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { resourcePolicySteps } from '../../src/plan/phases/resource-policy.ts';
import type { Plan } from '../../src/model/plan.ts';
import { NOW, account, desired, live, role } from '../support/build.ts';
import { canonical } from '../../src/kinds/equal.ts';
import { statements } from '../../src/model/policy.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { Resource, ResourcePolicy } from '../../src/model/resource.ts';

const arn = 'arn:aws:s3:::pictures';
const read: Statement = {
  Sid: 'Read',
  Effect: 'Allow',
  Principal: { AWS: ['111111111111', 'arn:aws:iam::222222222222:role/Reader'] },
  Action: ['s3:GetObject', 's3:GetObjectVersion'],
  Resource: `${arn}/*`,
};
const { Resource: _, ...rest } = read;
const elsewhere: Statement = { ...rest, NotResource: `${arn}/*` };
const of = (...list: readonly Statement[]): ResourcePolicy => ({
  kind: 'resource-policy',
  resource: arn,
  account: 'Dev',
  region: 'eu-west-1',
  document: { Version: '2012-10-17', Statement: list },
});
const same = (one: ResourcePolicy, document: PolicyDocument): boolean =>
  canonical(one) === canonical({ ...one, document });

describe('a policy of a resource', () => {
  it('has the ARN of the resource as its key, as AWS writes it', () => {
    expect(keyOf(of(read))).toBe('resource-policy/arn:aws:s3:::pictures');
  });

  it.each<[string, Statement | readonly Statement[]]>([
    [
      'an account as its root',
      { ...read, Principal: { AWS: ['arn:aws:iam::222222222222:role/Reader', 'arn:aws:iam::111111111111:root'] } },
    ],
    ['another Sid', { ...read, Sid: 'Other' }],
    ['a list of one', { ...read, Resource: [`${arn}/*`] }],
    [
      'a statement for each action',
      [
        { ...read, Action: 's3:GetObjectVersion' },
        { ...read, Sid: 'More', Action: 'S3:GetObject' },
      ],
    ],
  ])('is the same with %s', (_, other) => {
    expect(same(of(read), { Version: '2008-10-17', Id: 'Policy1', Statement: other })).toBe(true);
  });

  it.each<[string, Statement]>([
    ['other resources', { ...read, Resource: arn }],
    ['all but those resources', elsewhere],
    ['somebody else', { ...read, Principal: '*' }],
    ['a condition', { ...read, Condition: { Bool: { 'aws:SecureTransport': true } } }],
    ['another effect', { ...read, Effect: 'Deny' }],
  ])('is another with %s', (_, other) => {
    expect(same(of(read), { Version: '2012-10-17', Statement: [other] })).toBe(false);
  });
});

const others: Statement = { ...read, Principal: { AWS: '111111111111' }, Action: 's3:PutObject' };
const secure: Statement = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: arn,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
type Ends = readonly [before: readonly Statement[] | undefined, after: readonly Statement[] | undefined];
const stepsOf = ([before, after]: Ends, alone = false) => {
  const { steps } = resourcePolicySteps({
    before: before && of(...before),
    after: after && of(...after),
    accountId: '222222222222',
    others: !alone,
  });
  return steps.map(
    (step) =>
      `${step.phase} ${[step.before, step.after].map((one) => (one === undefined ? 0 : statements(one.document).length)).join('>')}`,
  );
};
const ours: Statement = { ...read, Principal: { AWS: 'arn:aws:iam::222222222222:role/Reader' } };

describe('an edit of it', () => {
  it.each<[string, Ends, readonly string[]]>([
    ['lets its own account in with the grants', [undefined, [ours]], ['grant 0>1']],
    ['shuts its own account out with the revocations', [[ours], undefined], ['revoke 1>0']],
    ['lets another account in last', [[ours], [ours, others]], ['relax 1>2']],
    ['shuts another account out first', [[ours, others], [ours]], ['restrict 2>1']],
    ['denies first', [[ours], [ours, secure]], ['restrict 1>2']],
    ['lifts a denial last', [[ours, secure], [ours]], ['relax 2>1']],
    ['denies before it allows', [undefined, [ours, secure]], ['restrict 0>1', 'grant 1>2']],
    [
      'goes by what both allow',
      [
        [ours, others],
        [ours, { ...others, Action: 's3:GetObject' }],
      ],
      ['restrict 2>1', 'relax 1>2'],
    ],
    [
      'goes by nothing where both allow nothing',
      [[others], [{ ...others, Action: 's3:GetObject' }]],
      ['restrict 1>0', 'relax 0>1'],
    ],
  ])('%s', (_, ends, steps) => {
    expect(stepsOf(ends)).toEqual(steps);
  });

  it('is one call where nothing else changes', () => {
    expect(
      stepsOf(
        [
          [ours, others],
          [secure, { ...others, Action: 's3:GetObject' }],
        ],
        true,
      ),
    ).toEqual(['grant 2>2']);
  });
});

describe('a plan', () => {
  const base = [account('Dev', '222222222222')];
  const found = [...base, role('Reader', 'Dev')];
  const wanted = (...list: readonly ResourcePolicy[]) => desired([...base, ...list]);

  it('leaves alone what no file declares, and lists it where it was read', () => {
    const { changes, unmanaged } = plan(wanted(), live([...base, of(read)]), NOW);
    expect([changes, unmanaged.map(({ key }) => key)]).toEqual([[], ['resource-policy/arn:aws:s3:::pictures']]);
  });

  it('takes the policy away only where that is said', () => {
    const gone = desired(base, { absent: ['resource-policy/arn:aws:s3:::pictures'] });
    const { changes, guards } = plan(gone, live([...found, of(read)]), NOW);
    expect(changes).toMatchObject([{ action: 'delete' }]);
    expect(guards.find(({ id }) => id === 'empty-desired')).toMatchObject({ ok: true });
    expect(plan(gone, live(found), NOW).changes).toEqual([]);
  });

  it('holds by name what has no resource, and what it only reads', () => {
    const queue: ResourcePolicy = { ...of(read), resource: 'arn:aws:sqs:eu-west-1:222222222222:jobs' };
    const key = 'resource-policy/arn:aws:s3:::pictures';
    const { changes, held } = plan(wanted(of(read), queue), live(found, { noResource: [key] }), NOW);
    expect(changes).toEqual([]);
    expect(held.map((one) => `${one.key}: ${one.reason}`)).toEqual([
      `${key}: there is no such bucket: it has to be made first, and not by Gatehouse`,
      `resource-policy/${queue.resource}: read only: the policy of a queue is not written by Gatehouse`,
    ]);
  });

  it('is covered when live is between, and not when somebody was there', () => {
    const approved = plan(wanted(of(ours)), live([...found, of(others)]), NOW);
    const between = plan(wanted(of(ours)), live(found), NOW);
    const meddled = plan(wanted(of(ours)), live([...found, of(secure)]), NOW);
    expect(cover(between, approved).held).toEqual([]);
    expect(cover(meddled, approved).held).toMatchObject([{ objection: { is: 'strange', value: 'document' } }]);
  });
});

describe('who gains by a policy of a resource', () => {
  const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
  const gains = (AWS: string) => {
    const policy = of({ ...read, Principal: { AWS } });
    const accounts = [account('Dev', '222222222222'), account('Other', '333333333333')];
    const readers = [role('Reader', 'Dev'), role('Reader', 'Other')];
    const wanted = desired([...accounts, policy]);
    const there = live([...accounts, ...readers]);
    const { access } = ratedPlan({ desired: wanted, live: there, now: NOW }, knowledge);
    return access.flatMap(({ gained }) => gained.map(({ bound }) => bound));
  };

  it('is certain of a role of its account, and possible where another account of ours has to allow it, too', () => {
    expect(gains('arn:aws:iam::222222222222:role/Reader')).toEqual(['certain']);
    expect(gains('arn:aws:iam::333333333333:role/Reader')).toEqual(['possible']);
    expect(gains('222222222222')).toEqual(['possible']);
  });
});

describe('a policy that names a role which is not there', () => {
  const policy = of({ ...read, Principal: { AWS: ['111111111111', 'arn:aws:iam::222222222222:role/team/Reader'] } });
  const accounts = [account('Dev', '222222222222')];
  const reader = (path: string) => ({ ...role('Reader', 'Dev'), path });
  const made = (there: readonly Resource[], iamRead: readonly string[], more: readonly Resource[] = []) =>
    plan(desired([...accounts, policy, ...more]), { ...live([...accounts, ...there]), iamRead }, NOW);
  const heldIn = (one: Plan) => one.held.map(({ key, reason }) => `${key}: ${reason}`);

  it('is held by its name, as AWS would refuse it', () => {
    const refusal = `resource-policy/${arn}: it names arn:aws:iam::222222222222:role/team/Reader, and there is no such role: AWS would refuse it`;
    expect(heldIn(made([], ['Dev']))).toEqual([refusal]);
    expect(heldIn(made([reader('/')], ['Dev']))).toEqual([refusal]);
  });

  it('is written where the role is there, comes in the same plan, or nobody looked', () => {
    expect(heldIn(made([reader('/team/')], ['Dev']))).toEqual([]);
    expect(heldIn(made([], ['Dev'], [reader('/team/')]))).toEqual([]);
    expect(heldIn(made([], []))).toEqual([]);
  });
});

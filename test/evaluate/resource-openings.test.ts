/** Whom the policies of resources let in from outside, and whether another reading of AWS's page agrees on what is public. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import { openingFaults } from '../../src/evaluate/trust/judge.ts';
import { openingsIn } from '../../src/evaluate/resources/openings.ts';
import type { Statement } from '../../src/model/policy.ts';
import type { AccountPolicies } from '../../src/model/resource-reading.ts';
import type { Resource } from '../../src/model/resource.ts';
import { stateOf } from '../../src/model/resource.ts';
import { isPublicPolicy } from '../../src/sandbox/resources/public.ts';
import {
  account,
  attachment,
  document,
  fullAccessEverywhere,
  management,
  ORGANIZATION,
  rcpType,
} from '../support/build.ts';

const prod = account('Prod', '222222222222');
const stranger = '999999999999';
const bucket = 'arn:aws:s3:::pictures';
const queue = 'arn:aws:sqs:eu-west-1:222222222222:orders';
const key = 'arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab';

type Scene = Partial<Omit<AccountPolicies, 'policies'>> & { readonly rcp?: Statement; readonly resource?: string };

/** `kind: who (actions)` of all that a policy of these statements opens in an account of the organization. */
const opened = (list: readonly Statement[], { rcp, resource = bucket, ...read }: Scene = {}): readonly string[] => {
  const rails: readonly Resource[] =
    rcp === undefined
      ? []
      : [
          rcpType,
          { kind: 'rcp', name: 'Perimeter', description: '', document: document(rcp) },
          { ...attachment('Perimeter', 'root'), policy: { kind: 'rcp', name: 'Perimeter' } },
        ];
  const resources = [management, prod, ...rails];
  const world = createWorld({
    ...{ state: stateOf([...resources, ...fullAccessEverywhere(resources)]), catalogue: loadCatalogue(), origins: {} },
    ...{ region: 'eu-west-1', organization: ORGANIZATION, managementAccount: 'Management' },
  });
  const ours = { accounts: new Set([management.id, prod.id]), organization: ORGANIZATION, owner: 'securecart/access' };
  const policy = {
    kind: 'resource-policy',
    resource,
    account: 'Prod',
    region: 'eu-west-1',
    document: document(...list),
  } as const;
  const found = openingsIn(
    { account: 'Prod', policies: [policy], bucketBlocks: {}, unread: [], ...read },
    { world, ours },
  );
  return found.map(({ kind, who, actions }) => `${kind}: ${who.join(', ')} (${actions.join(', ')})`);
};

const read: Statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${bucket}/*` };
const send: Statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: queue };
const to = (AWS: string): Statement => ({ ...read, Principal: { AWS } });
const through = (Service: string): Statement => ({ ...send, Principal: { Service } });
const only = (operator: string, name: string, value: string): Pick<Statement, 'Condition'> => ({
  Condition: { [operator]: { [name]: value } },
});

const everybody = ['public: everybody (s3:GetObject)'];
const outside = (who: string): readonly string[] => [`outside: ${who} (s3:GetObject)`];

describe('a statement opens a bucket', () => {
  it.each<[string, Statement, readonly string[]]>([
    ['to everybody', read, everybody],
    ['to everybody, written in full', to('*'), everybody],
    [
      'to all but a few',
      { Effect: 'Allow', NotPrincipal: { AWS: stranger }, Action: 's3:GetObject', Resource: `${bucket}/*` },
      everybody,
    ],
    ['to nobody outside', to('arn:aws:iam::222222222222:root'), []],
    ['to another account of ours', to('111111111111'), []],
    ['to an account of somebody else', to(`arn:aws:iam::${stranger}:root`), outside(`account ${stranger}`)],
    ['to a role of somebody else', to(`arn:aws:iam::${stranger}:role/loader`), outside(`account ${stranger}`)],
    [
      'to somebody else who must be of ours',
      { ...to(stranger), ...only('StringEquals', 'aws:PrincipalOrgID', ORGANIZATION) },
      [],
    ],
    ['to all of our organization', { ...read, ...only('StringEquals', 'aws:PrincipalOrgID', ORGANIZATION) }, []],
    [
      'to all of another',
      { ...read, ...only('StringEquals', 'aws:PrincipalOrgID', 'o-somebodyelse') },
      outside('organization o-somebodyelse'),
    ],
    [
      'to an office',
      { ...read, ...only('IpAddress', 'aws:SourceIp', '203.0.113.0/24') },
      outside('anybody from 203.0.113.0/24'),
    ],
    ['to a private network', { ...read, ...only('IpAddress', 'aws:SourceIp', '10.0.0.0/8') }, []],
    ['to half of the Internet', { ...read, ...only('IpAddress', 'aws:SourceIp', '0.0.0.0/1') }, everybody],
    ['to one network endpoint', { ...read, ...only('StringEquals', 'aws:SourceVpce', 'vpce-1a2b3c4d') }, []],
    ['to any network endpoint', { ...read, ...only('StringLike', 'aws:SourceVpce', 'vpce-*') }, everybody],
    ['to whoever encrypts the way', { ...read, ...only('Bool', 'aws:SecureTransport', 'true') }, everybody],
    ['to whoever does not', { ...read, ...only('Bool', 'aws:SecureTransport', 'false') }, []],
    [
      'to whoever comes from a page',
      { ...read, ...only('StringLike', 'aws:Referer', 'https://shop.example/*') },
      everybody,
    ],
    [
      'to an account, if it says so',
      { ...read, ...only('StringEqualsIfExists', 'aws:PrincipalAccount', '222222222222') },
      everybody,
    ],
    ['to somebody who is gone', to('AROAEXAMPLEEXAMPLE123'), ['dead: AROAEXAMPLEEXAMPLE123 (s3:GetObject)']],
  ])('%s', (_, statement, expected) => {
    expect(opened([statement])).toEqual(expected);
  });
});

describe('a statement opens a queue or a key', () => {
  it.each<[string, Statement, string, readonly string[]]>([
    [
      'to a service, for anybody',
      through('sns.amazonaws.com'),
      queue,
      ['confused-deputy: sns.amazonaws.com (sqs:SendMessage)'],
    ],
    [
      'to a service, for us',
      { ...through('sns.amazonaws.com'), ...only('StringEquals', 'aws:SourceAccount', '222222222222') },
      queue,
      [],
    ],
    [
      'to a service, for somebody else',
      { ...through('sns.amazonaws.com'), ...only('ArnLike', 'aws:SourceArn', `arn:aws:sns:*:${stranger}:*`) },
      queue,
      [`outside: account ${stranger} through sns.amazonaws.com (sqs:SendMessage)`],
    ],
    [
      'to what a topic of ours sends',
      { ...send, ...only('ArnEquals', 'aws:SourceArn', 'arn:aws:sns:eu-west-1:222222222222:news') },
      queue,
      [],
    ],
    [
      'to what any topic sends',
      { ...send, ...only('ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:*:*') },
      queue,
      ['public: everybody (sqs:SendMessage)'],
    ],
    [
      'to everybody of the account, as AWS writes it for its own keys',
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'kms:Decrypt',
        Resource: '*',
        ...only('StringEquals', 'kms:CallerAccount', '222222222222'),
      },
      key,
      [],
    ],
  ])('%s', (_, statement, resource, expected) => {
    expect(opened([statement], { resource })).toEqual(expected);
  });
});

describe('what a statement opens is shut', () => {
  const perimeter: Statement = {
    ...{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' },
    Condition: {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORGANIZATION },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  };
  const block = { blockPublicPolicy: false, restrictPublicBuckets: true };
  const open = { blockPublicPolicy: true, restrictPublicBuckets: false };

  it.each<[string, Scene, readonly string[]]>([
    ['by nothing', {}, everybody],
    ['by an RCP above the account', { rcp: perimeter }, []],
    ['by no RCP about another action', { rcp: { ...perimeter, Action: 's3:PutObject' } }, everybody],
    ['by block public access of the account', { accountBlock: block }, []],
    ['by block public access of the bucket', { bucketBlocks: { [bucket]: block } }, []],
    ['by no block of another bucket', { bucketBlocks: { 'arn:aws:s3:::other': block } }, everybody],
    ['by no block that only forbids to set such a policy', { accountBlock: open }, everybody],
  ])('%s', (_, scene, expected) => {
    expect(opened([read], scene)).toEqual(expected);
  });

  it('by a denial of the same policy, for whom it denies it', () => {
    const deny: Statement = { ...read, Effect: 'Deny', ...only('StringNotEquals', 'aws:PrincipalOrgID', ORGANIZATION) };
    expect(opened([read, deny])).toEqual([]);
    expect(opened([to(stranger), { ...to('*'), Effect: 'Deny', Action: 's3:PutObject' }])).toEqual(
      outside(`account ${stranger}`),
    );
  });

  it('by block public access for other accounts too, once anything in the policy is public', () => {
    expect(opened([to(stranger)], { accountBlock: block })).toEqual(outside(`account ${stranger}`));
    expect(opened([to(stranger), read], { accountBlock: block })).toEqual([]);
  });
});

describe("another reading of AWS's page", () => {
  const values = [
    ...[ORGANIZATION, '222222222222', stranger, '*', 'vpce-*', 'vpce-1a2b3c4d', 'vpc-1', '${aws:PrincipalAccount}'],
    ...['arn:aws:sns:eu-west-1:222222222222:news', 'arn:aws:iam::222222222222:role/a', 'arn:aws:iam::*:role/a'],
    ...['203.0.113.0/24', '0.0.0.0/0', '0.0.0.0/1', '10.0.0.0/8', '2001:db8::/32', '::/0'],
  ];
  const keys = [
    ...['aws:PrincipalOrgID', 'aws:PrincipalAccount', 'aws:SourceAccount', 'aws:SourceVpce', 'aws:SourceVpc'],
    ...['aws:SourceOwner', 'aws:SourceArn', 'aws:PrincipalArn', 'aws:SourceIp', 'aws:UserAgent', 'aws:userid'],
  ];
  const operators = [
    'StringEquals',
    'StringLike',
    'StringNotEquals',
    'StringEqualsIfExists',
    'ArnLike',
    'IpAddress',
    'NotIpAddress',
  ];
  const isAddress = (value: string): boolean => /^[0-9a-f.:]+\/\d+$/.test(value);

  it('agrees on what is public, where nothing but the statement decides', () => {
    const seen = { open: 0, narrow: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...operators),
        fc.constantFrom(...keys),
        fc.constantFrom(...values),
        (operator, name, value) => {
          // A value of another type than its key says nothing of who comes.
          fc.pre(
            isAddress(value) === (name === 'aws:SourceIp') && operator.includes('Ip') === (name === 'aws:SourceIp'),
          );
          fc.pre(value.startsWith('arn:') === name.endsWith('Arn') && (operator !== 'ArnLike' || name.endsWith('Arn')));
          fc.pre(name !== 'aws:PrincipalArn' || value.includes(':iam:'));
          const statement = { ...read, ...only(operator, name, value) };
          const isPublic = isPublicPolicy(JSON.stringify(document(statement)));
          const found = opened([statement]).some((one) => one.startsWith('public'));
          seen[isPublic ? 'open' : 'narrow'] += 1;
          expect(openingFaults(statement).length > 0, JSON.stringify(statement)).toBe(isPublic);
          // Whether somebody comes in is asked more closely: nobody has a value in which a star is a character.
          expect(isPublic || !found).toBe(true);
        },
      ),
      { numRuns: 600, seed: 1 },
    );
    expect(Math.min(seen.open, seen.narrow)).toBeGreaterThan(50);
  });
});

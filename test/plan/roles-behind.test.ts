import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { ConditionBlock, PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { Resource, Role } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  account,
  allow,
  assignment,
  attachment,
  deny,
  desired,
  document,
  group,
  live,
  owned,
  role,
  scp,
  set,
  trusting,
} from '../support/build.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const [dev, ops] = ['222222222222', '333333333333'];
const base: readonly Resource[] = [
  account('Dev', dev),
  account('Ops', ops),
  account('Prod', '444444444444'),
  group('G'),
];

const planned = (was: readonly Resource[], wanted: readonly Resource[], iamRead?: readonly string[]) => {
  const want = desired([...base, ...wanted], { accountTags: { Prod: { env: 'prod' } } });
  const have = live([...base, ...was], iamRead === undefined ? {} : { iamRead });
  return withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
};

type Told = (was: readonly Resource[], wanted: readonly Resource[], key: string, iamRead?: readonly string[]) => string;
const told: Told = (was, wanted, key, ...iamRead) => {
  const change = planned(was, wanted, ...iamRead).changes.find((one) => one.key === key);
  return `${change?.risk}: ${change?.riskReasons?.join(' | ')}`;
};

const arn = (name: string, on = dev): string => `arn:aws:iam::${on}:role/${name}`;
const reserved = (name: string): string =>
  `arn:aws:iam::${dev}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_${name}_????????????????`;
const on = (action: string, Resource: string | readonly string[], Condition?: ConditionBlock): Statement => ({
  Effect: 'Allow',
  Action: action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const lets = (name: string, on: string, by: PrincipalElement, ...own: readonly Statement[]): Role =>
  owned(role(name, on, { trust: trusting(by), inlinePolicies: { own: document(...own) } }));

const everything = allow('*');
const reads = allow('sqs:ListQueues');
const admin = lets('Admin', 'Dev', { AWS: dev }, everything);
const reader = lets('Reader', 'Dev', { AWS: dev }, reads);
const stranger = lets('Closed', 'Dev', { AWS: ops }, everything);
const far = lets('Far', 'Ops', { AWS: dev }, everything);
const farReader = lets('FarReader', 'Prod', { AWS: dev }, reads);
const roles = [admin, reader, stranger, far, farReader];

/** A new assignment of a set with these statements. */
const given = (statements: readonly Statement[], there: readonly Resource[] = roles): string => {
  const s = owned(set('S', { inlinePolicy: document(...statements) }));
  return told([...there, s], [...there, s, assignment('group:G', 'S', 'Dev')], 'assignment/group:G:S@Dev');
};

const assume = (Resource: string | readonly string[], Condition?: ConditionBlock): Statement =>
  on('sts:AssumeRole', Resource, Condition);

describe('becoming a role is rated by what the role may do', () => {
  const bad: readonly (readonly [what: string, statement: Statement])[] = [
    ['an administrator', assume(arn('Admin'))],
    ['an administrator in another account', assume(arn('Far', ops))],
    ['an administrator among others', assume([arn('Reader'), arn('Admin')])],
    ['an administrator by a pattern', assume(arn('Ad*'))],
    ['an administrator by a variable', assume('arn:aws:iam::${aws:PrincipalAccount}:role/Admin')],
    ['an administrator in whatever account', assume('arn:aws:iam::*:role/Far')],
    ['everything', assume('*')],
    ['an administrator under a condition', assume(arn('Admin'), { StringEquals: { 'sts:ExternalId': 'x' } })],
    ['an administrator from a day on', assume(arn('Admin'), { DateGreaterThan: { 'aws:CurrentTime': '2031-01-01' } })],
  ];
  it.each(bad)('%s', (_, statement) => {
    expect(given([statement])).toMatch(/^critical: .*assume-role: role:(Admin|Far)/);
  });

  it('one that only reads is what its reads are, where they are', () => {
    expect(given([assume(arn('Reader'))])).toBe('low: assume-role: role:Reader, which has access-gained: reads');
    expect(given([assume(arn('FarReader', '444444444444'))])).toBe(
      'medium: assume-role: role:FarReader in Prod, which has production: reads in a production account',
    );
    expect(given([assume(arn('Reader')), allow('sqs:SendMessage')])).toMatch(/^medium: .*access-gained: writes/);
  });

  it('one that lets nobody of them in is nothing', () => {
    expect(given([assume(arn('Closed'))])).toBe('low: assume-role: no new role lets them in');
    const rail = [owned(scp('Z', document(deny('sts:AssumeRole')))), attachment('Z', 'account:Dev')];
    expect(given([assume(arn('Admin'))], [...roles, ...rail])).toMatch(/^low: /);
    expect(given([assume(arn('Admin')), { ...assume(arn('Admin')), Effect: 'Deny' }])).toMatch(/^low: /);
  });

  it('one that nobody knows may be anything', () => {
    expect(given([assume(arn('Nobody'))])).toMatch(/^high: assume-role: .*role\/Nobody/);
    expect(given([assume(arn('X', '999999999999'))])).toMatch(/^high: assume-role: .*role\/X/);
    expect(given([assume([arn('Reader'), arn('Nobody')])])).toMatch(/^high: /);
    expect(given([assume(arn('No*'))])).toMatch(/^high: /);
    expect(given([assume('*')], [reader])).toMatch(/^high: assume-role: sts:AssumeRole on every role/);
  });

  it('one of an account that nobody read is known by the whole name that the files give it, and by no pattern', () => {
    const s = (statement: Statement) => owned(set('S', { inlinePolicy: document(statement) }));
    const gives = (Resource: string, ...iamRead: readonly string[]): string => {
      const there = [...roles, s(assume(Resource))];
      const key = 'assignment/group:G:S@Dev';
      return told(there, [...there, assignment('group:G', 'S', 'Dev')], key, iamRead).replace(/: .*/, '');
    };
    expect(gives(arn('Reader'))).toBe('low');
    expect(gives(arn('Read*'))).toBe('high');
    expect(gives(arn('Read*'), 'Ops', 'Prod')).toBe('high');
    expect(gives(arn('Read*'), 'Dev')).toBe('low');
    expect(gives('arn:aws:iam::*:role/Reader', 'Dev')).toBe('high');
    expect(gives('arn:aws:iam::*:role/Reader', 'Dev', 'Ops', 'Prod', 'Management')).toBe('low');
    expect(gives('arn:aws:iam::${aws:PrincipalAccount}:role/Reader')).toBe('low');
    expect(gives('arn:aws:iam::2222*:role/Reader')).toBe('low');
  });

  it('step by step, and round in circles', () => {
    const jump = lets('Jump', 'Dev', { AWS: dev }, assume(arn('Back', ops)));
    const back = lets('Back', 'Ops', { AWS: arn('Jump') }, assume([arn('Jump'), arn('Last')]));
    const last = lets('Last', 'Dev', { AWS: arn('Back', ops) }, everything);
    const open = { ...jump, trust: trusting({ AWS: dev }, { AWS: arn('Back', ops) }) };
    expect(given([assume(arn('Jump'))], [open, back, last])).toMatch(
      /^critical: assume-role: role:Last, which has admin/,
    );
    expect(given([assume(arn('Jump'))], [open, back])).toMatch(/^high: /);
    const gentle = { ...last, inlinePolicies: { own: document(reads) } };
    expect(given([assume(arn('Jump'))], [open, back, gentle])).toMatch(/^low: /);
    const shut = owned(role('Jump', 'Dev', { trust: trusting({ AWS: ops }), inlinePolicies: jump.inlinePolicies }));
    const opens = { ...shut, trust: trusting({ AWS: ops }, { Service: 'ec2.amazonaws.com' }) };
    expect(told([shut, back, last], [opens, back, last], 'role/Dev:Jump')).toMatch(/^critical: trust-role: /);
  });

  it('whoever is named needs no permission of their own, and a twin of a set is another set', () => {
    const named = lets('Named', 'Dev', { AWS: reserved('S') }, everything);
    expect(given([reads], [named])).toMatch(/^low: /);
    const exact = `arn:aws:iam::${dev}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_S_0123456789abcdef`;
    const exactly = lets('Named', 'Dev', { AWS: exact }, everything);
    expect(given([reads], [exactly])).toMatch(/^critical: assume-role: role:Named/);

    expect(given([reads], [lets('Anybody', 'Dev', '*', everything)])).toMatch(/^critical: assume-role: role:Anybody/);

    const only = (name: string): Role => ({
      ...admin,
      trust: document({
        Effect: 'Allow',
        Principal: { AWS: dev },
        Action: 'sts:AssumeRole',
        Condition: { ArnLike: { 'aws:PrincipalArn': reserved(name) } },
      }),
    });
    const twin = (name: string) => owned(set(name, { inlinePolicy: document(assume(arn('Admin'))) }));
    const there = [only('T'), twin('S'), twin('T'), assignment('group:G', 'S', 'Dev')];
    const found = planned(there, [...there, assignment('group:G', 'T', 'Dev')]);
    expect(found.changes.map(({ risk }) => risk)).toEqual(['critical']);
    expect(found.access[0]).toMatchObject({ principal: 'group:G', risk: 'critical', accounts: ['Dev'] });
    expect(given([assume(arn('Admin'))], [only('T')])).toMatch(/^low: /);
  });

  it('is not gained where it was there before', () => {
    const s = owned(set('S', { inlinePolicy: document(assume(arn('Admin'))) }));
    const more = { ...s, inlinePolicy: document(assume([arn('Admin'), arn('Reader')])) };
    const held = assignment('group:G', 'S', 'Dev');
    expect(told([...roles, s, held], [...roles, more, held], 'permission-set/S')).toMatch(/^low: .*no new role/);
    expect(told([...roles, more, held], [...roles, s, held], 'permission-set/S')).toMatch(/^low: /);
    const unknown = (...names: readonly string[]) => ({
      ...s,
      inlinePolicy: document(assume(names.map((one) => arn(one)))),
    });
    const drops = told([unknown('No', 'Reader'), held], [unknown('No'), held], 'permission-set/S');
    expect(drops).not.toMatch(/assume-role: sts/);
    const denied = { ...assume(arn('No')), Effect: 'Deny' as const };
    const shut = { ...s, inlinePolicy: document(assume([arn('No'), arn('Reader')]), denied) };
    expect(told([shut, held], [unknown('No'), held], 'permission-set/S')).toMatch(/^high: assume-role: sts/);
  });
});

const ec2 = { Service: 'ec2.amazonaws.com' };
const lambda = { Service: 'lambda.amazonaws.com' };
const strong = lets('Strong', 'Dev', ec2, everything);
const weak = lets('Weak', 'Dev', ec2, reads);
const inLambda = lets('Function', 'Dev', lambda, everything);
const elsewhere = lets('Elsewhere', 'Ops', ec2, everything);
const passable = [strong, weak, inLambda, elsewhere];
const pass = (Resource: string | readonly string[], Condition?: ConditionBlock): Statement =>
  on('iam:PassRole', Resource, Condition);
const run = allow('ec2:RunInstances');
const passes = (...statements: readonly Statement[]): string => given(statements, passable);

describe('passing a role is rated by what the role may do', () => {
  it('with something to pass it to', () => {
    expect(passes(pass(arn('Strong')), run)).toMatch(/^critical: .*role:Strong, which has administrator/);
    expect(passes(pass(arn('S*')), run)).toMatch(/^critical: .*role:Strong/);
    expect(passes(pass('arn:aws:iam::*:role/Strong'), run)).toMatch(/^critical: .*role:Strong/);
    expect(passes(pass(arn('Weak')), run)).toMatch(/^medium: .*role:Weak, which has access-gained: reads/);
    expect(passes(pass([arn('Weak'), arn('Strong')]), run)).toMatch(/^critical: /);
    expect(passes(pass('*'), run)).toMatch(/^critical: escalation: pass a role to a new EC2 instance/);
  });
  it('that the role trusts and the condition names', () => {
    expect(passes(pass(arn('Function')), run)).not.toMatch(/^critical|escalation/);
    const to = (service: string): ConditionBlock => ({ StringEquals: { 'iam:PassedToService': service } });
    expect(passes(pass(arn('Strong'), to('ec2.amazonaws.com')), run)).toMatch(/^critical: /);
    expect(passes(pass(arn('Strong'), to('lambda.amazonaws.com')), run)).not.toMatch(/^critical|escalation/);
  });
  it('that nobody knows is narrower than all, and may be anything', () => {
    expect(passes(pass(arn('Nobody')), run)).toMatch(/^high: escalation: .*on some resources/);
    expect(passes(pass([arn('Weak'), arn('Nobody')]), run)).toMatch(/^high: escalation: /);
    expect(passes(pass(arn('Elsewhere', ops)), run)).toMatch(/^(high|medium): /);
  });
  it('alone, half the way', () => {
    expect(passes(pass(arn('Strong')))).toMatch(/^high: pass-role: role:Strong, which has administrator/);
    expect(passes(pass(arn('Weak')))).toBe('low: pass-role: role:Weak, which has access-gained: reads');
    expect(passes(pass(arn('Nobody')))).toMatch(/^high: pass-role: iam:PassRole, to any service/);
    expect(passes(pass('*'))).toMatch(/^high: pass-role: /);
  });
  it('of another role, by who could start the service before', () => {
    const s = (name: string) => owned(set('S', { inlinePolicy: document(pass(arn(name)), run) }));
    const held = [...passable, assignment('group:G', 'S', 'Dev')];
    expect(told([...held, s('Weak')], [...held, s('Strong')], 'permission-set/S')).toMatch(/^critical: /);
    expect(told([...held, s('Strong')], [...held, s('Weak')], 'permission-set/S')).toMatch(/^low: /);
  });
  it('that a guard rail does not stop', () => {
    const rail = [owned(scp('Z', document(deny('iam:PassRole')))), attachment('Z', 'account:Dev')];
    expect(given([pass(arn('Strong')), run], [...passable, ...rail])).not.toMatch(/escalation|pass-role/);
  });
});

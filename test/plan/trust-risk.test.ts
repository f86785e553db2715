import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Statement } from '../../src/model/policy.ts';
import type { PermissionSet, Resource, Role } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, account, allow, assignment, desired, document, group, live, owned, role, set } from '../support/build.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const base: readonly Resource[] = [account('Dev', '222222222222'), account('Ops', '333333333333'), group('Devs')];

const told = (was: readonly Resource[], wanted: readonly Resource[], key: string): string => {
  const want = desired([...base, ...wanted]);
  const have = live([...base, ...was]);
  const planned = withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
  const change = planned.changes.find((one) => one.key === key);
  return `${change?.risk}: ${change?.riskReasons?.join(' | ')}`;
};

const admin = { inlinePolicies: { own: document(allow('*')) } };
const reader = { inlinePolicies: { own: document(allow('sqs:ListQueues')) } };
const ada: Statement = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::222222222222:user/ada' },
  Action: 'sts:AssumeRole',
};

const host = 'token.actions.githubusercontent.com';
const claims = (test: string, claim: string, value: string | readonly string[]): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::222222222222:oidc-provider/${host}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { [`${host}:aud`]: 'sts.amazonaws.com' }, [test]: { [`${host}:${claim}`]: value } },
});
const opened = (statement: Statement, fields: Partial<Role>): string => {
  const was = owned(role('R', 'Dev', { ...fields, trust: document(ada) }));
  return told([was], [{ ...was, trust: document(ada, statement) }], 'role/Dev:R');
};

const lets = (Principal: Statement['Principal'], rest: Partial<Statement> = {}): Statement => ({
  ...ada,
  ...(Principal === undefined ? {} : { Principal }),
  ...rest,
});
const reserved = 'arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_Ops_????????????????';

const comers: readonly (readonly [who: string, statement: Statement])[] = [
  ['a service', lets({ Service: 'ec2.amazonaws.com' })],
  ['a whole account', lets({ AWS: '333333333333' })],
  ['a role', lets({ AWS: 'arn:aws:iam::333333333333:role/CI' })],
  ['a user', lets({ AWS: 'arn:aws:iam::222222222222:user/bob' })],
  ['a permission set', lets({ AWS: '222222222222' }, { Condition: { ArnLike: { 'aws:PrincipalArn': reserved } } })],
  ['a repository of ours', claims('StringEquals', 'sub', 'repo:securecart/shop:ref:refs/heads/main')],
  ['a repository of others', claims('StringEquals', 'sub', 'repo:evil/repo:ref:refs/heads/main')],
];

const strangers: readonly (readonly [who: string, statement: Statement])[] = [
  ['another owner', claims('StringEquals', 'sub', 'repo:evil/repo:ref:refs/heads/main')],
  ['an owner whose name begins like ours', claims('StringLike', 'sub', 'repo:securecart-evil/shop:*')],
  ['a pattern for the owner', claims('StringLike', 'sub', 'repo:securecart*/shop:*')],
  ['ours or another', claims('StringEquals', 'sub', ['repo:securecart/a:environment:x', 'repo:evil/b:environment:x'])],
  ['a claim that may be missing', claims('StringEqualsIfExists', 'repository_owner', 'securecart')],
  ['another owner by its claim', claims('StringEquals', 'repository_owner', 'evil')],
  ['a workflow alone', claims('StringLike', 'job_workflow_ref', 'evil/repo/.github/workflows/x.yml@*')],
];

const ours: readonly (readonly [who: string, statement: Statement])[] = [
  ['by its subject', claims('StringLike', 'sub', 'repo:SecureCart/shop:*')],
  ['with ids', claims('StringLike', 'sub', 'repo:securecart@1234/shop@5678:environment:prod')],
  ['by its owner', claims('StringEquals', 'repository_owner', 'securecart')],
];

describe('a trust that opens', () => {
  it.each(comers)('to %s is as bad as what the role may do', (_, statement) => {
    expect(opened(statement, admin)).toMatch(/^critical: .*trust-role: the role has administrator/);
    expect(opened(statement, reader)).not.toMatch(/trust-role/);
  });
  it.each(strangers)('to %s on GitHub lets somebody in from outside', (_, statement) => {
    expect(opened(statement, reader)).toMatch(/^(high|critical): .*trust-outside: github:/);
  });
  it.each(ours)('to a repository of ours %s does not', (_, statement) => {
    expect(opened(statement, reader)).not.toMatch(/trust-outside/);
  });
  it('from outside weighs more than what the role may do', () => {
    const manages = { inlinePolicies: { own: document(allow('s3:PutBucketPolicy')) } };
    expect(opened(strangers[0]?.[1] ?? ada, manages)).toMatch(/^critical: /);
    expect(opened(ours[0]?.[1] ?? ada, manages)).toMatch(/^high: /);
  });
});

describe('what hands a role or a set out', () => {
  const changed = (fields: Partial<Role>, parts: Partial<Role>): string => {
    const was = owned(role('R', 'Dev', fields));
    return told([was], [{ ...was, ...parts }], 'role/Dev:R');
  };
  it('is as bad as what the role may do', () => {
    expect(changed(admin, { instanceProfile: true })).toMatch(/^critical: instance-profile: .*administrator/);
    expect(changed(admin, { maxSessionDuration: 43200 })).toMatch(/^critical: longer-sessions: .*administrator/);
    expect(changed(reader, { instanceProfile: true })).toMatch(/^low: instance-profile: /);
    expect(changed({ ...admin, maxSessionDuration: 43200 }, { maxSessionDuration: 3600 })).toMatch(/^low: no-access/);
  });

  const edited = (policy: PermissionSet['inlinePolicy'], parts: Partial<PermissionSet>): string => {
    const was = owned(set('S', policy === undefined ? {} : { inlinePolicy: policy }));
    const held = assignment('group:Devs', 'S', 'Dev');
    return told([was, held], [{ ...was, ...parts }, held], 'permission-set/S');
  };
  it('is as bad as what the set gives', () => {
    expect(edited(document(allow('*')), { sessionDuration: 43200 })).toMatch(/^critical: longer-sessions: /);
    expect(edited(document(allow('*')), { relayState: 'https://evil.example/' })).toMatch(/^critical: relay-state: /);
    expect(edited(document(allow('sqs:ListQueues')), { sessionDuration: 43200 })).toMatch(/^low: longer-sessions: /);
    expect(edited(document(allow('*')), { description: 'new' })).toMatch(/^low: no-access/);
  });
});

import { expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { escalationPaths } from '../../src/evaluate/escalation-paths.ts';
import type { Change } from '../../src/model/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  MANAGEMENT,
  NOW,
  account,
  allow,
  assignment,
  attachment,
  desired,
  document,
  group,
  live,
  management,
  owned,
  scp,
  scpType,
  set,
} from '../support/build.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };

/** Each path in a set of its own, assigned to a group of its own in both accounts. */
const changes = (): ReadonlyMap<string, Change> => {
  const sets = escalationPaths.map(({ id, actions }) => owned(set(id, { inlinePolicy: document(allow(...actions)) })));
  const base = [management, account('Dev', '222222222222'), group('Devs'), ...sets];
  const given = escalationPaths.flatMap(({ id }) =>
    ['Dev', MANAGEMENT].map((on) => assignment(`group:Devs-${id}`, id, on)),
  );
  const groups = escalationPaths.map(({ id }) => group(`Devs-${id}`));
  const want = desired([...base, ...groups, ...given]);
  const have = live([...base, ...groups]);
  const planned = withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
  return new Map(planned.changes.map((change) => [change.key, change]));
};
let known: ReadonlyMap<string, Change> | undefined;
const riskOf = (id: string, on: string): string =>
  (known ??= changes()).get(`assignment/group:Devs-${id}:${id}@${on}`)?.risk ?? 'none';

it.each(escalationPaths)('$id: $name', ({ id, weight, byRoles, where }) => {
  const expected = weight === 'high' || byRoles ? ['high', 'critical'] : ['critical'];
  expect(expected).toContain(riskOf(id, MANAGEMENT));
  if (where === undefined) expect(expected).toContain(riskOf(id, 'Dev'));
});

it('has ids of its own, and every path of the catalogue at pathfinding.cloud, read 2026-11-29', () => {
  const ids = escalationPaths.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const counts = {
    apprunner: 2,
    bedrock: 2,
    cloudformation: 5,
    codebuild: 4,
    datapipeline: 1,
    ec2: 4,
    ecs: 5,
    glue: 6,
    iam: 21,
    lambda: 6,
    sagemaker: 5,
    ssm: 2,
    sts: 1,
  };
  const wanted = Object.entries(counts).flatMap(([service, count]) =>
    Array.from({ length: count }, (_, at) => `${service}-${String(at + 1).padStart(3, '0')}`),
  );
  expect([...wanted, 'ec2instanceconnect-003'].filter((id) => !ids.includes(id))).toEqual([]);
});

it('finds no path that a guard rail above takes from the very role, and calls nobody whom it excepts narrower', () => {
  const glass = owned(set('Glass', { managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] }));
  const given = owned(set('ZIam', { inlinePolicy: document(allow('iam:AttachRolePolicy')) }));
  const dev = account('Dev', '222222222222');
  const base = [scpType, dev, group('Devs'), group('Ops'), glass, given, assignment('group:Ops', 'Glass', 'Dev')];
  const excepted = [
    'arn:aws:iam::*:role/gatehouse/*',
    'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Glass_????????????????',
  ];
  const rail = document({
    Effect: 'Deny',
    Action: 'iam:AttachRolePolicy',
    Resource: '*',
    Condition: { ArnNotLike: { 'aws:PrincipalArn': excepted } },
  });
  const wanted = [owned(scp('Z', rail)), attachment('Z', 'account:Dev'), assignment('group:Devs', 'ZIam', 'Dev')];
  const want = desired([...base, ...wanted]);
  const have = live(base);
  const planned = withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
  expect(planned.access).toEqual([]);
  expect(planned.changes.find(({ kind }) => kind === 'assignment')?.risk).toBe('low');
});

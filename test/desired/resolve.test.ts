import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isActive, settle } from '../../src/desired/dates.ts';
import type { DatedPiece } from '../../src/desired/dates.ts';
import { writtenSeconds } from '../../src/desired/permission-sets.ts';
import { understand } from '../../src/desired/understand.ts';
import { resolve } from '../support/understood.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { PermissionSet } from '../../src/model/resource.ts';
import { base, context, desiredOf, repository } from './repository.ts';

const team = 'access/groups/g.yaml';
const assigned = (assignments: string, now?: string): readonly string[] =>
  Object.keys(desiredOf({ [team]: `group: G\nassignments:\n${assignments}` }, now).state)
    .filter((key) => key.startsWith('assignment/group:G:'))
    .map((key) => key.slice('assignment/group:G:'.length));

test('Root means every account but the management account', () => {
  expect(assigned('  - { permissionSet: Read, ous: [Root] }\n')).toEqual([
    'Read@Prod',
    'Read@Dev',
    'Read@Staging',
    'Read@Play',
  ]);
});

test('the management account is in the target when it is named', () => {
  expect(assigned('  - { permissionSet: Read, ous: [Sandbox], accounts: [Management] }\n')).toEqual([
    'Read@Management',
    'Read@Play',
  ]);
});

test('an OU reaches all that lies below it', () => {
  expect(assigned('  - { permissionSet: Read, ous: [Workloads] }\n')).toEqual([
    'Read@Prod',
    'Read@Dev',
    'Read@Staging',
  ]);
});

test('tags narrow, and except takes away accounts and OUs', () => {
  expect(assigned('  - { permissionSet: Read, ous: [Root], tags: { env: nonprod } }\n')).toEqual([
    'Read@Dev',
    'Read@Staging',
  ]);
  expect(assigned('  - { permissionSet: Read, ous: [Root], except: [Workloads/Production, Dev] }\n')).toEqual([
    'Read@Staging',
    'Read@Play',
  ]);
});

test('both the first and the last day are valid', () => {
  const entry = '  - { permissionSet: Read, accounts: [Dev], from: 2026-12-01, until: 2026-12-03 }\n';
  const on = (now: string): number => assigned(entry, now).length;
  expect(
    ['2026-11-30T23:59:59Z', '2026-12-01T00:00:00Z', '2026-12-03T23:59:59Z', '2026-12-04T00:00:00Z'].map(on),
  ).toEqual([0, 1, 1, 0]);
});

test('what ends and what has ended is told apart', () => {
  const text = 'group: G\nmembers:\n  - { user: ada, until: 2026-11-22 }\n  - { user: bob, until: 2026-11-23 }\n';
  const desired = desiredOf({ [team]: text });
  expect(desired.ended).toEqual([
    { key: 'membership/G:ada', until: '2026-11-22', place: { file: team, line: 3, column: 5 } },
  ]);
  expect(desired.ending.map(({ key }) => key)).toEqual(['membership/G:bob']);
  expect(desired.memberGroups).toEqual(['G']);
  expect(desired.notes.map(({ rule }) => rule)).toEqual(['ended']);
});

test('what only a later day asks for is known by its entry, not by what a comment says', () => {
  const text =
    'group: G\n# from: 2030-01-01\nmembers:\n  - { user: ada, from: 2026-12-01 }\n  - { user: bob, from: 2026-11-01 }\n';
  const desired = desiredOf({ [team]: text });
  expect(desired.notBegun).toEqual(['membership/G:ada']);
  expect(desiredOf({ [team]: text }, '2026-12-01T00:00:00Z').notBegun).toEqual([]);
});

test('a permission set is resolved with every field and its places', () => {
  const text = `permissionSet: X
description: d
sessionDuration: PT1H30M
managedPolicies: [SecurityAudit, "arn:aws:iam::aws:policy/ReadOnlyAccess"]
customerManagedPolicies: [{ name: P, path: /b/ }, { name: O }]
permissionsBoundary: { managedPolicy: PowerUserAccess }
inlinePolicyFile: x.json
`;
  const json =
    '{ "Version": "2012-10-17",\n "Statement": [{ "Effect": "Allow", "Action": "s3:*",\n  "Resource": "arn:aws:s3:::${aws:PrincipalAccount}-${account:Dev}" }] }';
  const desired = desiredOf({ 'permission-sets/x.yaml': text, 'permission-sets/x.json': json });
  expect(desired.state['permission-set/X']).toEqual({
    kind: 'permission-set',
    name: 'X',
    description: 'd',
    sessionDuration: 5_400,
    tags: {},
    managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::aws:policy/SecurityAudit'],
    customerManagedPolicies: [
      { name: 'O', path: '/' },
      { name: 'P', path: '/b/' },
    ],
    permissionsBoundary: { managedPolicy: 'arn:aws:iam::aws:policy/PowerUserAccess' },
    inlinePolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::${aws:PrincipalAccount}-033333333333' }],
    },
    outdatedIn: [],
  } satisfies PermissionSet);
  expect(desired.origins['permission-set/X#/inlinePolicy/Statement/0']).toEqual({
    file: 'permission-sets/x.json',
    line: 2,
    column: 16,
  });
  expect(desired.origins['permission-set/X#/managedPolicies/0']).toMatchObject({ line: 4, column: 34 });
});

test.each([
  ['8h', 28_800],
  ['PT8H', 28_800],
  ['90m', 5_400],
  ['PT60M', 3_600],
  ['1h30m', 5_400],
  ['3600s', 3_600],
])('%s is %i seconds', (text, seconds) => {
  expect(writtenSeconds(text)).toBe(seconds);
});

test('FullAWSAccess is desired everywhere but where it is taken away', () => {
  const bindings = 'ous: { Root: [Deny], Sandbox: { policies: [Deny], fullAwsAccess: false } }\n';
  const { state, absent } = desiredOf({ 'scps/bindings.yaml': bindings });
  const full = Object.keys(state).filter((key) => key.startsWith('attachment/scp:FullAWSAccess'));
  expect(full).toHaveLength(1 + 3 + 5);
  expect(absent).toEqual(['attachment/scp:FullAWSAccess@ou:Sandbox']);
  expect(state['policy-type/SERVICE_CONTROL_POLICY']).toBeDefined();
  expect(state['policy-type/RESOURCE_CONTROL_POLICY']).toBeUndefined();
  expect(state['attachment/scp:Deny@root']).toBeDefined();
});

test('without SCPs neither the policy type nor FullAWSAccess is asked for', () => {
  const { state } = desiredOf({ 'scps/deny.yaml': undefined, 'scps/bindings.yaml': undefined });
  expect(Object.keys(state).filter((key) => /^(policy-type|attachment)/.test(key))).toEqual([]);
});

test('a group that is declared absent is no resource', () => {
  const desired = desiredOf({ [team]: 'group: G\nstate: absent\n' });
  expect(desired.absent).toEqual(['group/G']);
  expect(desired.state['group/G']).toBeUndefined();
});

test('former names are kept by present key, OUs by their last name', () => {
  const organization = base['access/organization.yaml'].replace('  Sandbox:\n', '  Sandbox:\n    previously: [Play]\n');
  const desired = desiredOf({ 'access/organization.yaml': organization, [team]: 'group: G\npreviously: [H]\n' });
  expect(desired.previously).toEqual({ 'ou/Sandbox': ['Play'], 'group/G': ['H'] });
});

test('settings that are not written have their defaults', () => {
  expect(desiredOf().settings).toMatchObject({
    endpoints: [],
    ownership: { assignments: 'managed' },
    delegatedAdministrator: null,
    oidcProviders: 'manage',
    budgets: { delete: { assignment: 25, scp: 1 } },
  });
});

test('files with an error ask for nothing', () => {
  expect(understand(repository({ [team]: 'group: [' }), context).desired).toBeUndefined();
});

test('the same files in any order give the same desired', () => {
  const files = repository({
    [team]: 'group: G\nassignments:\n  - { permissionSet: Read, ous: [Root], until: 2027-01-01 }\n',
  });
  const expected = JSON.stringify(resolve(files, context));
  fc.assert(
    fc.property(fc.shuffledSubarray([...files.files], { minLength: files.files.length }), (shuffled) => {
      expect(JSON.stringify(resolve({ ...files, files: shuffled }, context))).toBe(expected);
    }),
    { numRuns: 20 },
  );
});

const date = fc.integer({ min: 1, max: 9 }).map((day) => `2027-01-0${day}`);
const span = fc.record({ from: date, until: date }, { requiredKeys: [] });

test('of overlapping grants the one that ends last holds, on every day that any of them is valid', () => {
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 5 }), date, (spans, today) => {
      const resource = { kind: 'membership', group: 'G', user: 'ada' } as const;
      const grants = spans.map((one, entry): DatedPiece => ({
        ...one,
        resource,
        at: { file: 'x', line: entry + 1 },
        entry,
      }));
      const { pieces, ending, ended } = settle([grants], today);
      const active = spans.filter((one) => isActive(one, today));
      expect(pieces).toHaveLength(active.length > 0 ? 1 : 0);
      const ends = active.map(({ until }) => until ?? 'never').sort();
      expect(ending.map(({ until }) => until)).toEqual(
        ends.length === 0 || ends.at(-1) === 'never' ? [] : [ends.at(-1)],
      );
      if (ended.length > 0) expect(pieces).toEqual([]);
      for (const piece of pieces) expect(keyOf(piece.resource)).toBe('membership/G:ada');
    }),
  );
});

/** Organizations with roles, policies of resources and entitlements: each account planned for its class, and by itself. */
import { describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../src/model/policy.ts';
import { statements } from '../../src/model/policy.ts';
import type { Resource } from '../../src/model/resource.ts';
import { expectAlike, plannedTwice } from '../support/alike-law.ts';
import * as build from '../support/build.ts';
import { administrators } from '../support/guard-scenes.ts';

describe('accounts with roles that are alike', () => {
  it('are planned as each would be by itself', { timeout: 900_000 }, () => {
    expectAlike({ hasRoles: true, numRuns: 25 });
  });
});

const names = Array.from({ length: 100 }, (_, at) => `A-${at}`);

const given = [
  ...names.map((name, at) => build.account(name, String(200_000_000_000 + at))),
  build.group('Glass'),
  build.membership('Glass', 'ada'),
  build.owned(administrators('Glass')),
  ...[...names, build.MANAGEMENT].map((on) => build.assignment('group:Glass', 'Glass', on)),
];

/** What the files and AWS have in each account, with a document that names the account itself. */
const inEach = (make: (on: string, own: PolicyDocument) => readonly Resource[]): readonly Resource[] =>
  names.flatMap((on, at) => make(on, build.document({ ...build.allow('sqs:*'), Resource: queueIn(at) })));
const queueIn = (at: number): string => `arn:aws:sqs:eu-west-1:${200_000_000_000 + at}:jobs`;

const settings = { breakGlass: { group: 'Glass', permissionSet: 'Glass' } };

describe('what the plan does inside accounts that are alike', () => {
  it('is done in each of them, with its own documents', () => {
    const found = inEach((on, own) => [
      build.owned(build.role('Old', on, { inlinePolicies: { own } })),
      build.owned(build.role('Kept', on, { inlinePolicies: { own } })),
      build.owned(build.customerPolicy('Limit', on, own)),
      build.role('Theirs', on, { inlinePolicies: { own } }),
    ]);
    const wanted = inEach((on, own) => [
      build.role('Kept', on, { inlinePolicies: { own }, description: 'Kept' }),
      build.role('New', on, { inlinePolicies: { own }, managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
      build.customerPolicy('Limit', on, build.document(build.deny('s3:*'), ...statements(own))),
      build.oidcProvider('gitlab.com', on, 'shop'),
    ]);
    const desired = build.desired([...given, ...wanted], { memberGroups: ['Glass'], settings });
    const { together, alone } = plannedTwice({ desired, live: build.live([...given, ...found]) });
    expect(together.summary).toEqual({ create: 200, update: 200, delete: 100 });
    expect(together.guards.filter(({ ok }) => !ok)).toEqual([]);
    expect(together).toEqual(alone);
    expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
  });
});

/** A set that passes the roles which the files make in every account. */
const asked = [
  build.group('Team'),
  build.membership('Team', 'bob'),
  build.set('Passer', {
    inlinePolicy: build.document({ Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/Rea*' }),
  }),
  ...names.flatMap((on) => [build.role('Reader', on), build.assignment('group:Team', 'Passer', on)]),
];

describe('accounts whose IAM was not read', () => {
  it('may have roles that nobody knows, which others have not', () => {
    const unread = ['A-1', 'A-2'];
    const desired = build.desired([...given, ...asked], { memberGroups: ['Glass', 'Team'], settings });
    const iamRead = [build.MANAGEMENT, ...names.filter((name) => !unread.includes(name))];
    const { together, alone } = plannedTwice({ desired, live: build.live(given, { iamRead }) });
    expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
    const rows = together.access.filter(({ principal }) => principal === 'group:Team');
    expect(rows.map(({ accounts, risk }) => [accounts.length, risk])).toEqual([
      [98, 'low'],
      [2, 'high'],
    ]);
  });
});

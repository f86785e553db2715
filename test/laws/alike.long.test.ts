/** Organizations with roles, policies of resources and entitlements: each account planned for its class, and by itself. */
import { describe, expect, it } from 'vitest';
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
    const settings = { breakGlass: { group: 'Glass', permissionSet: 'Glass' } };
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

import { describe, expect, it } from 'vitest';
import { heldText } from '../../src/model/held-text.ts';
import type { HeldReason } from '../../src/model/held.ts';

type Cases = { readonly [Is in HeldReason['is']]: readonly [Omit<Extract<HeldReason, { is: Is }>, 'is'>, string] };

const cases: Cases = {
  unapproved: [{}, 'nobody approved it'],
  otherwise: [{}, 'what was approved leads elsewhere'],
  'came-or-went': [{}, 'it came or went since it was approved'],
  strange: [{ value: 'path' }, 'its path is neither what it was when approved nor what was approved'],
  dependency: [{ key: 'group/Ops' }, 'it depends on group/Ops, which was not done'],
  rail: [{ key: 'scp/Rail' }, 'a guard rail did not rise: scp/Rail'],
  revocation: [{ key: 'membership/Ops/a@b.c' }, 'access was not revoked: membership/Ops/a@b.c'],
  'synced-group': [{}, 'the group is synced from an external directory; declare it `source: external`'],
  'other-owner': [{ owner: 'team-b' }, 'tagged for another owner, team-b'],
  unread: [{ why: 'AccessDenied: no' }, 'not read: AccessDenied: no'],
  'former-ignored': [{ former: 'ou/Old' }, 'it is to be made of ou/Old, which the settings ignore'],
  'former-of-other': [
    { former: 'ou/Old', owner: 'team-b' },
    'it is to be made of ou/Old, which is tagged for another owner, team-b',
  ],
  'no-resource': [{ word: 'bucket' }, 'there is no such bucket: it has to be made first, and not by Gatehouse'],
  'no-principal': [
    { role: 'arn:aws:iam::222222222222:role/Reader' },
    'it names arn:aws:iam::222222222222:role/Reader, and there is no such role: AWS would refuse it',
  ],
  'read-only': [{ word: 'queue' }, 'read only: the policy of a queue is not written by Gatehouse'],
  'fed-directory': [
    { member: 'a@b.c' },
    'the directory is fed from elsewhere (a@b.c came from there): create the user where the others are made',
  ],
  named: [
    { key: 'group/Ops', because: { is: 'other-owner', owner: 'team-b' } },
    'group/Ops: tagged for another owner, team-b',
  ],
  'maybe-another': [
    { user: 'a@b.c' },
    '"a@b.c", a declared member of this group, is not in the directory and may be this person under another name. Correct that name or remove it',
  ],
  'fixed-path': [
    { before: '/a/', after: '/b/' },
    'its path is /a/ and IAM cannot change it to /b/. Declare it under its path, or delete it in one pull request and declare it in the next',
  ],
  'taken-name': [
    { by: 'role/Production/CI' },
    'role/Production/CI has its name. Delete that in one pull request, declare this in the next',
  ],
  'closed-accounts': [
    { accounts: ['Staging'] },
    'Staging, a closed account, still has it. AWS removes closed accounts after 90 days',
  ],
  'external-group': [{}, 'an external group is deleted where it comes from'],
  'still-used': [{ by: ['role/A/x', 'role/B/x'] }, 'still used by role/A/x and 1 more, which is not ours to remove'],
  'last-policy': [{}, 'it is the last policy there, and AWS wants at least one; attach another first'],
  circle: [
    { other: 'role/A/x' },
    'it and role/A/x would each have to be changed before the other: use two pull requests',
  ],
  'other-credential': [{}, "needs the management account's credential"],
  'no-move': [{}, 'the account does not move'],
  'organization-first': [
    { because: { is: 'rail', key: 'scp/Rail' } },
    "the organization's own part comes first: a guard rail did not rise: scp/Rail",
  ],
  'refused-plan': [{}, 'the plan is refused, and only what has ended goes'],
  'way-in': [{}, 'it has ended, but without it nobody could come in and repair'],
  'stopped-run': [{}, 'the run was stopped'],
  moved: [{ values: ['path', 'parent'] }, 'live moved: path, parent'],
  interrupted: [{}, 'interrupted before it was begun'],
  'account-closed': [{ account: 'Staging' }, 'account Staging has been closed since the plan was made'],
};

describe('why a change is held', () => {
  it.each(Object.entries(cases))('%s', (is, [facts, text]) => {
    expect(heldText({ is, ...facts } as HeldReason)).toBe(text);
  });

  it('says what is absent or many', () => {
    const reasons: readonly HeldReason[] = [
      { is: 'dependency' },
      { is: 'moved', values: ['itself', 'path'] },
      { is: 'closed-accounts', accounts: ['A', 'B', 'C'] },
      { is: 'still-used', by: ['role/A/x'] },
    ];
    expect(reasons.map(heldText)).toEqual([
      'it depends on a change outside the plan, which was not done',
      'live moved: it came or went',
      'A and 2 more, closed accounts, still have it. AWS removes closed accounts after 90 days',
      'still used by role/A/x, which is not ours to remove',
    ]);
  });
});

/** Taking down the last guard rail: by mistake, or because it locks everybody out. */
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../src/model/policy.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  account,
  attachment,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  ou,
  owned,
  rcpType,
  scp,
} from '../support/build.ts';
import {
  administrators,
  failing,
  glassAssigned,
  glassSettings,
  hungRcp,
  knowledge,
  memberRole,
  ownRoles,
  rcp,
} from '../support/guard-scenes.ts';
import { withProof } from '../support/stages.ts';

const base: readonly Resource[] = [
  ...[owned(ou('Work')), account('Dev', '222222222222', 'Work'), group('Glass'), rcpType, memberRole()],
  ...[administrators('Glass'), membership('Glass', 'ada'), ...glassAssigned()],
];

const without = (gone: readonly Resource[], left: readonly Resource[] = []) => {
  const settings = { ...glassSettings, ...ownRoles };
  const want = desired([...base, ...left], { memberGroups: ['Glass'], settings });
  const input = { desired: want, live: live([...base, ...gone, ...left]), knowledge };
  return withProof(plan(want, input.live, NOW), input);
};

const rail = (name: string, body: Statement, on = 'root'): readonly Resource[] => [rcp(name, body), hungRcp(name, on)];
const glassRole = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Glass_????????????????';
const excepting: Statement = {
  ...deny('s3:PutBucketPolicy'),
  Condition: { ArnNotLike: { 'aws:PrincipalArn': [glassRole, 'arn:aws:iam::*:role/gatehouse/*'] } },
};

const ours = 'arn:aws:iam::*:role/gatehouse/*';
const saml = deny('sts:AssumeRoleWithSAML');
const entering = deny('sts:AssumeRole');

describe('taking down the last guard rail of its kind', () => {
  it.each<[what: string, gone: readonly Resource[], key: string]>([
    ['sign-in', rail('No', saml), 'rcp/No'],
    ["the reconciler's way in", rail('No', entering, 'account:Dev'), 'rcp/No'],
    ['both, by two that each forbid it', [...rail('No', saml), ...rail('Neither', saml)], 'rcp/Neither, rcp/No'],
    ['what repairs, by an SCP', [owned(scp('No', document(deny('iam:*')))), attachment('No', 'ou:Work')], 'scp/No'],
    [
      'all, by an SCP that spares the reconciler',
      [
        owned(scp('No', document({ ...deny('*'), Condition: { ArnNotLike: { 'aws:PrincipalArn': ours } } }))),
        attachment('No', 'ou:Work'),
      ],
      'scp/No',
    ],
    ['sign-in, beside one that hangs nowhere', [...rail('No', saml), rcp('Idle', excepting)], 'rcp/No'],
  ])('is a repair where it forbids %s', (_what, gone, key) => {
    const planned = without(gone);
    expect(failing(planned)).toEqual([]);
    const notes = planned.notes.filter(({ message }) => message.includes('locks out'));
    expect(notes).toHaveLength(1);
    for (const one of key.split(', ')) expect(notes[0]?.message).toContain(one);
  });

  it.each<[what: string, gone: readonly Resource[]]>([
    ['one that excepts them', rail('Yes', excepting)],
    ['one that takes only something', rail('Yes', deny('s3:GetObject'))],
    ['two, of which one is meant to be there', [...rail('No', saml), ...rail('Yes', excepting)]],
    ['one of the management account, where none binds', rail('Yes', saml, 'account:Management')],
  ])('is refused for %s', (_what, gone) => {
    expect(failing(without(gone)).join()).toMatch(/^empty-desired: Nothing of kind rcp is declared any more/);
  });

  it('is refused for an SCP that takes a part of what repairs', () => {
    const rails = [owned(scp('Yes', document(deny('s3:*')))), attachment('Yes', 'ou:Work')];
    expect(failing(without(rails)).join()).toMatch(/^empty-desired: Nothing of kind scp is declared any more/);
  });

  it('is no reason to empty another kind', () => {
    const mild = [owned(scp('Mild', document(deny('organizations:LeaveOrganization')))), attachment('Mild', 'ou:Work')];
    const said = failing(without([...rail('No', saml), ...mild]));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/Nothing of kind scp is declared/);
  });
});

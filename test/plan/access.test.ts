import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { AccessChange, AccessItem, Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
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
  membership,
  ou,
  owned,
  scp,
  set,
} from '../support/build.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const prod = account('Prod', '222222222222', 'Work');
const dev = account('Dev', '333333333333', 'Sand');
const base: readonly Resource[] = [owned(ou('Work')), owned(ou('Sand')), prod, dev, group('Devs'), group('Ops')];
const members = [membership('Devs', 'ada'), membership('Devs', 'bob')];
const writer = owned(set('Writer', { inlinePolicy: document(allow('s3:PutObject', 's3:DeleteBucket')) }));
const both = [assignment('group:Devs', 'Writer', 'Prod'), assignment('group:Devs', 'Writer', 'Dev')];

type Parts = Parameters<typeof desired>[1];
const planned = (was: readonly Resource[], wanted: readonly Resource[], parts: Parts = {}): Plan => {
  const want = desired([...base, ...wanted], {
    accountTags: { Prod: { env: 'prod' } },
    memberGroups: ['Devs', 'Ops'],
    ...parts,
  });
  const have: Live = live([...base, ...was]);
  return withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
};

const itemText = ({ level, actions, bound, except, narrower }: AccessItem): string =>
  [level, actions.join(' '), except && `except ${except.join(' ')}`, bound, narrower && 'narrower']
    .filter(Boolean)
    .join(' ');
const rowText = ({ principal, people, accounts, gained, lost, changed, risk }: AccessChange): string =>
  [
    `${principal} (${people}) in ${accounts.join(' ')}: ${risk}`,
    ...gained.map((item) => `+ ${itemText(item)}`),
    ...lost.map((item) => `- ${itemText(item)}`),
    ...changed.map((item) => `~ ${itemText(item)}`),
  ].join('; ');
const rows = ({ access }: Plan): readonly string[] => access.map(rowText);

describe('the access in a plan', () => {
  it('says per group and alike accounts what is gained, with its people', () => {
    const result = planned([...members, writer], [...members, writer, ...both]);
    expect(rows(result)).toEqual([
      'group:Devs (2) in Dev: medium; + Write s3:DeleteBucket s3:PutObject certain',
      'group:Devs (2) in Prod: high; + Write s3:DeleteBucket s3:PutObject certain',
    ]);
    expect(rows(planned([...members, writer], [...members, writer, ...both], { accountTags: {} }))).toEqual([
      'group:Devs (2) in Dev Prod: medium; + Write s3:DeleteBucket s3:PutObject certain',
    ]);
  });

  it('says what a guard rail keeps blocked, by the name of the SCP', () => {
    const rails = [
      owned(scp('ProtectProduction', document(deny('s3:DeleteBucket')))),
      attachment('ProtectProduction', 'ou:Work'),
    ];
    const result = planned([...members, writer, ...rails], [...members, writer, ...rails, ...both]);
    expect(rows(result)[1]).toBe('group:Devs (2) in Prod: high; + Write s3:PutObject certain');
    expect(result.access.map(({ blocked }) => blocked)).toEqual([
      undefined,
      [{ actions: ['s3:DeleteBucket'], by: 'ProtectProduction' }],
    ]);
  });

  it('says an edited SCP as access, not as an object', () => {
    const tight = owned(scp('Guard', document(deny('s3:PutObject'))));
    const loose = owned(scp('Guard', document(deny('sqs:*'))));
    const hung = attachment('Guard', 'ou:Work');
    const result = planned([...members, writer, ...both, tight, hung], [...members, writer, ...both, loose, hung]);
    expect(rows(result)).toEqual(['group:Devs (2) in Prod: high; + Write s3:PutObject certain']);
    expect(result.changes.map(({ risk }) => risk)).toContain('critical');
    expect(result.changes.flatMap(({ riskReasons }) => riskReasons ?? [])).toContain(
      'guard-rail-weakened: opens something to group:Devs',
    );
  });

  it('says the move of an account as access', () => {
    const rails = [owned(scp('Guard', document(deny('s3:PutObject')))), attachment('Guard', 'ou:Work')];
    const was = [...members, writer, ...both, ...rails];
    const moved = { ...prod, parent: 'Sand' };
    expect(rows(planned(was, [...was, moved]))).toEqual(['group:Devs (2) in Prod: high; + Write s3:PutObject certain']);
  });

  it('says that the rename of a set changes nobody’s access', () => {
    const other = { ...writer, name: 'S3Writer' };
    const was = [...members, writer, ...both];
    const wanted = [...members, other, ...both.map((one) => ({ ...one, permissionSet: 'S3Writer' }))];
    const result = planned(was, wanted, { previously: { 'permission-set/S3Writer': ['Writer'] } });
    expect(result.changes.length).toBeGreaterThan(2);
    expect(result.access).toEqual([]);
    expect(result.notes.map(({ message }) => message)).toContain("These changes change nobody's access.");
    expect(new Set(result.changes.map(({ risk }) => risk))).toEqual(new Set(['low']));
  });

  it('sees that a renamed set escapes a guard rail that names it', () => {
    const guard = {
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: '*',
      Condition: {
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Writer_*' },
      },
    } as const;
    const rails = [owned(scp('Guard', document(guard))), attachment('Guard', 'root')];
    const other = { ...writer, name: 'S3Writer' };
    const wanted = [...members, ...rails, other, ...both.map((one) => ({ ...one, permissionSet: 'S3Writer' }))];
    const result = planned([...members, ...rails, writer, ...both], wanted);
    expect(rows(result)[0]).toBe('group:Devs (2) in Dev: medium; + Write s3:PutObject certain');
  });

  it('says a new member’s gain for the person, unless the group’s row says it', () => {
    const was = [membership('Devs', 'ada'), writer, ...both];
    expect(rows(planned(was, [...was, membership('Devs', 'bob')]))).toEqual([
      'user:bob (1) in Dev: medium; + Write s3:DeleteBucket s3:PutObject certain',
      'user:bob (1) in Prod: high; + Write s3:DeleteBucket s3:PutObject certain',
    ]);
    const added = [membership('Ops', 'cyd'), assignment('group:Ops', 'Writer', 'Dev')];
    expect(rows(planned(was, [...was, ...added]))).toEqual([
      'group:Ops (1) in Dev: medium; + Write s3:DeleteBucket s3:PutObject certain',
    ]);
  });

  it('says an added condition as narrower, and a taken one as changed', () => {
    const conditional = owned(
      set('Writer', {
        inlinePolicy: document({
          ...allow('s3:PutObject', 's3:DeleteBucket'),
          Condition: { Bool: { 'aws:SecureTransport': 'true' } },
        }),
      }),
    );
    const inDev = assignment('group:Devs', 'Writer', 'Dev');
    const deniedElsewhere = owned(
      set('Writer', {
        inlinePolicy: document(allow('s3:PutObject'), { ...deny('s3:PutObject'), Resource: 'arn:aws:s3:::b/*' }),
      }),
    );
    const plain = owned(set('Writer', { inlinePolicy: document(allow('s3:PutObject')) }));
    expect(rows(planned([...members, plain, inDev], [...members, deniedElsewhere, inDev]))).toEqual([
      'group:Devs (2) in Dev: low; ~ Write s3:PutObject possible narrower',
    ]);
    expect(rows(planned([...members, conditional, inDev], [...members, writer, inDev]))).toEqual([
      'group:Devs (2) in Dev: medium; ~ Write s3:DeleteBucket s3:PutObject certain',
    ]);
  });

  it('says nearly everything as everything except', () => {
    const admin = owned(set('Admin', { managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] }));
    const rails = [owned(scp('Guard', document(deny('sqs:*', 's3:DeleteBucket')))), attachment('Guard', 'root')];
    const inDev = assignment('group:Devs', 'Admin', 'Dev');
    expect(rows(planned([...members, admin, ...rails], [...members, admin, ...rails, inDev]))).toEqual([
      'group:Devs (2) in Dev: critical; + Full access * except s3:DeleteBucket sqs:* certain',
    ]);
  });

  it('keeps the ids and the fingerprint of the plan', () => {
    const want = desired([...base, ...members, writer, ...both]);
    const have = live([...base, ...members, writer]);
    const before = plan(want, have, NOW);
    const after = withAccess(before, { desired: want, live: have, knowledge });
    expect(after.fingerprint).toBe(before.fingerprint);
    expect(after.changes.map(({ id }) => id)).toEqual(before.changes.map(({ id }) => id));
  });
});

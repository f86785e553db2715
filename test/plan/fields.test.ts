/**
 * Every field of every noun makes a difference: it is part of the key, or a change of it is planned and shown. A field that a
 * noun has and this table lacks does not compile.
 */
import { describe, expect, it } from 'vitest';
import { changedFields } from '../../src/model/equal.ts';
import type { Change } from '../../src/model/plan.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { ControlPolicy, Kind, Resource, ResourceOf } from '../../src/model/resource.ts';
import { changeWords, detailLines } from '../../src/render/change-detail.ts';
import { allow, deny, document } from '../support/build.ts';

/** What a field may be instead of compared: `key`, or why AWS cannot show or change it. */
type Silent = 'key' | 'cannot be changed' | 'read only' | 'known by its key';
type Table<R extends Resource> = {
  readonly [F in Exclude<keyof R, 'kind'>]-?: readonly [value: R[F], other: R[F] | Silent];
};
type Tables = { readonly [K in Kind]: Table<K extends ControlPolicy['kind'] ? ControlPolicy : ResourceOf<K>> };

const owner = ['securecart/aws-access', 'other/aws-access'] as const;
const scope = ['declared', 'all'] as const;
const documents = [document(allow('s3:GetObject')), document(deny('s3:GetObject'))] as const;
const trust = (service: string) => ({
  Version: '2012-10-17' as const,
  Statement: [{ Effect: 'Allow' as const, Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const boundaries = [
  { managedPolicy: 'arn:aws:iam::aws:policy/A' },
  { customerManagedPolicy: { name: 'A', path: '/x/' } },
] as const;
const customers = [[{ name: 'A', path: '/' }], [{ name: 'A', path: '/x/' }]] as const;
const control = {
  name: ['A', 'key'],
  description: ['one', 'other'],
  document: documents,
  owner,
  scope,
} as const;

const tables: Tables = {
  'policy-type': { type: ['SERVICE_CONTROL_POLICY', 'key'] },
  ou: { path: ['A', 'key'], name: ['A', 'B'], owner },
  account: { name: ['Dev', 'key'], id: ['222222222222', 'known by its key'], parent: ['A', 'B'] },
  scp: control,
  rcp: control,
  attachment: { policy: [{ kind: 'scp', name: 'A' }, 'key'], target: [{ type: 'root' }, 'key'] },
  group: { name: ['A', 'key'], description: ['one', 'other'], source: ['identity-center', 'read only'] },
  user: {
    name: ['A', 'key'],
    displayName: ['one', 'other'],
    givenName: ['one', 'other'],
    familyName: ['one', 'other'],
    email: ['one@securecart.example', 'other@securecart.example'],
  },
  membership: { group: ['A', 'key'], user: ['ada', 'key'] },
  'permission-set': {
    name: ['A', 'key'],
    description: ['one', 'other'],
    sessionDuration: [3600, 7200],
    relayState: ['https://console.aws.amazon.com/', 'https://console.aws.amazon.com/s3'],
    tags: [{ team: 'a' }, { team: 'b' }],
    managedPolicies: [['arn:aws:iam::aws:policy/A'], ['arn:aws:iam::aws:policy/B']],
    customerManagedPolicies: customers,
    inlinePolicy: documents,
    permissionsBoundary: boundaries,
    outdatedIn: [['Dev'], []],
    owner,
    scope,
  },
  assignment: {
    principal: [{ type: 'group', name: 'A' }, 'key'],
    permissionSet: ['A', 'key'],
    account: ['Dev', 'key'],
  },
  role: {
    account: ['Dev', 'key'],
    name: ['A', 'key'],
    path: ['/', '/x/'],
    description: ['one', 'other'],
    trust: [trust('ec2.amazonaws.com'), trust('lambda.amazonaws.com')],
    managedPolicies: [['arn:aws:iam::aws:policy/A'], ['arn:aws:iam::aws:policy/B']],
    customerManagedPolicies: customers,
    inlinePolicies: [{ a: documents[0] }, { a: documents[1] }],
    permissionsBoundary: boundaries,
    maxSessionDuration: [3600, 7200],
    instanceProfile: [false, true],
    tags: [{ team: 'a' }, { team: 'b' }],
    owner,
  },
  policy: {
    account: ['Dev', 'key'],
    name: ['A', 'key'],
    path: ['/', 'key'],
    description: ['one', 'cannot be changed'],
    document: documents,
    tags: [{ team: 'a' }, { team: 'b' }],
    owner,
  },
  'oidc-provider': { account: ['Dev', 'key'], host: ['gitlab.com', 'key'], clientIds: [['a'], ['b']], owner },
};

const silent: readonly unknown[] = ['key', 'cannot be changed', 'read only', 'known by its key'] satisfies Silent[];

const rows = Object.entries(tables).flatMap(([kind, table]) => {
  const fields = Object.entries(table as Readonly<Record<string, readonly [unknown, unknown]>>);
  const whole = { kind, ...Object.fromEntries(fields.map(([field, [value]]) => [field, value])) } as Resource;
  return fields.map(([field, [, other]]) => ({ kind, field, other, whole }));
});

const change = (before: Resource, after: Resource): Change =>
  ({ action: 'update', key: keyOf(before), before, after }) as Change;

const shown = (before: Resource, after: Resource): number => {
  const update = change(before, after);
  return detailLines(update).length + changeWords(update).length;
};

describe('a change of', () => {
  it.each(rows.filter(({ other }) => !silent.includes(other)))('$kind $field is seen and shown', (row) => {
    const after = { ...row.whole, [row.field]: row.other };
    expect(changedFields(row.whole, after)).toEqual([row.field]);
    expect(shown(row.whole, after)).toBeGreaterThan(0);
  });

  it.each(rows.filter(({ other }) => silent.includes(other)))(
    '$kind $field is none: $other',
    ({ whole, field, other }) => {
      const after = { ...whole, [field]: differing(whole[field as never]) };
      expect(keyOf(after) !== keyOf(whole)).toBe(other === 'key');
    },
  );
});

/** Another value of the same form. */
function differing(value: unknown): unknown {
  if (typeof value === 'string') return value === '/' ? '/y/' : value.startsWith('/') ? '/' : `${value}x`;
  const entries = Object.entries(value as object);
  return Object.fromEntries(
    entries.map(([key, one]) => [key, key === 'name' ? differing(one) : one === 'root' ? 'ou' : one]),
  );
}

/**
 * Every field of every noun makes a difference: it is part of the key, or a change of it is planned, shown, written by import
 * and adopted. A field that a noun has and this table lacks does not compile.
 */
import { describe, expect, it } from 'vitest';
import { settingsPolicyTypes } from '../../src/kinds/control-policies.ts';
import { changedFields } from '../../src/kinds/equal.ts';
import type { Change } from '../../src/model/plan.ts';
import { isControlPolicy, keyOf, settingsKinds } from '../../src/model/resource.ts';
import type { Kind, Resource, ResourceOf, SettingsKind, SettingsPolicy } from '../../src/model/resource.ts';
import { controlPolicyText, groupText, permissionSetText } from '../../src/import/write/things.ts';
import { resourceFileText } from '../../src/import/write/resources.ts';
import { customerPolicyText, roleFileText } from '../../src/import/write/roles.ts';
import { isUnsaid } from '../../src/kinds/fields.ts';
import { changeWords, detailLines } from '../../src/render/change-detail.ts';
import { adopt, stateIn } from '../adopt/adopting.ts';
import { allow, deny, document } from '../support/build.ts';

/** What a field may be instead of compared: `key`, or why AWS cannot show or change it. */
type Silent = 'key' | 'cannot be changed' | 'read only' | 'known by its key';
type Table<R extends Resource> = {
  readonly [F in Exclude<keyof R, 'kind'>]-?: readonly [value: R[F], other: R[F] | Silent];
};
type Tables = { readonly [K in Kind]: Table<ResourceOf<K>> };

const owner = ['securecart/aws-access', 'other/aws-access'] as const;
const scope = ['declared', 'all'] as const;
const documents = [document(allow('s3:GetObject')), document(deny('s3:GetObject'))] as const;
const denying = (action: string) => ({
  Version: '2012-10-17' as const,
  Statement: [{ Effect: 'Deny' as const, Principal: '*' as const, Action: action, Resource: '*' }],
});
const trust = (service: string) => ({
  Version: '2012-10-17' as const,
  Statement: [{ Effect: 'Allow' as const, Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const bucketPolicy = (action: string) => ({
  Version: '2012-10-17' as const,
  Statement: [
    {
      Effect: 'Allow' as const,
      Principal: { AWS: '222222222222' },
      Action: action,
      Resource: 'arn:aws:s3:::pictures/*',
    },
  ],
});
const boundaries = [
  { managedPolicy: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
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

const settingsOf = (kind: SettingsKind): Table<SettingsPolicy> => {
  const { element } = settingsPolicyTypes[kind];
  const set = (value: string) => ({ [element]: { a: { b: { '@@assign': value } } } });
  return {
    name: ['A', 'key'],
    description: ['one', 'other'],
    settings: [set('one'), set('other')],
    owner,
    scope,
  };
};
const settingsTables = Object.fromEntries(settingsKinds.map((kind) => [kind, settingsOf(kind)])) as Readonly<
  Record<SettingsKind, Table<SettingsPolicy>>
>;

const tables: Tables = {
  ...settingsTables,
  'policy-type': { type: ['SERVICE_CONTROL_POLICY', 'key'] },
  ou: { path: ['A', 'key'], name: ['A', 'B'], owner },
  account: { name: ['Dev', 'key'], id: ['222222222222', 'known by its key'], parent: ['A', 'B'] },
  scp: control,
  rcp: { ...control, document: [denying('s3:GetObject'), denying('s3:PutObject')] },
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
    managedPolicies: [['arn:aws:iam::aws:policy/ReadOnlyAccess'], ['arn:aws:iam::aws:policy/SecurityAudit']],
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
  entitlement: {
    principal: [{ type: 'group', name: 'A' }, 'key'],
    role: ['gatehouse/A', 'key'],
    account: ['Dev', 'key'],
  },
  role: {
    account: ['Dev', 'key'],
    name: ['A', 'key'],
    path: ['/', '/x/'],
    description: ['one', 'other'],
    trust: [trust('ec2.amazonaws.com'), trust('lambda.amazonaws.com')],
    managedPolicies: [['arn:aws:iam::aws:policy/ReadOnlyAccess'], ['arn:aws:iam::aws:policy/SecurityAudit']],
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
  'resource-policy': {
    resource: ['arn:aws:s3:::pictures', 'key'],
    account: ['Dev', 'known by its key'],
    region: ['eu-west-1', 'known by its key'],
    document: [bucketPolicy('s3:GetObject'), bucketPolicy('s3:PutObject')],
  },
  'access-attributes': {
    attributes: [{ department: '${path:enterprise.department}' }, { team: '${path:enterprise.division}' }],
  },
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

const names = { accounts: new Map<string, string>(), managedPolicy: (arn: string): string => arn };
const target = { accounts: ['Dev'] };

/** What import writes of a resource; undefined where it has no file of its own. */
const fileOf = (resource: Resource): { readonly path: string; readonly text: string } | undefined => {
  if (isControlPolicy(resource)) return { path: 'scps/a.yaml', text: controlPolicyText(resource, names) };
  switch (resource.kind) {
    case 'permission-set':
      return { path: 'permission-sets/a.yaml', text: permissionSetText(resource, names) };
    case 'group':
      return { path: 'access/groups/a.yaml', text: groupText({ group: resource, assignments: [] }) };
    case 'role': {
      const written = { role: resource, waysIn: { document: resource.trust }, target, keys: [] };
      return { path: 'access/roles/a.yaml', text: roleFileText(written, names) };
    }
    case 'policy':
      return {
        path: 'access/policies/a.yaml',
        text: customerPolicyText({ policy: resource, target, keys: [] }, names),
      };
    case 'resource-policy':
      return { path: 'access/resources/a.yaml', text: resourceFileText([resource], names) };
    default:
      return undefined;
  }
};

const inFiles = rows.filter(
  ({ kind, field, other, whole }) =>
    !silent.includes(other) && fileOf(whole) !== undefined && !isUnsaid(kind as Kind, field),
);

describe('a change of', () => {
  it.each(inFiles)('$kind $field is written by import and adopted', ({ whole, field, other }) => {
    const { path, text } = fileOf(whole) ?? { path: '', text: '' };
    expect(fileOf({ ...whole, [field]: other })?.text).not.toBe(text);
    const said = stateIn({ [path]: text })[keyOf(whole)];
    const live = { ...said, [field]: other } as Resource;
    const adopted = Object.entries(adopt([keyOf(whole)], { and: [live] }, { [path]: text }));
    expect(adopted.map(([changed, after]) => [changed, after === text])).toEqual([[path, false]]);
  });

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

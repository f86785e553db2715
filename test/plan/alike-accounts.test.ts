/** For which accounts another one stands in a plan: those that nothing but their names and ids tells apart. */
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Resource, ResourcePolicy } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { alikeAccounts } from '../../src/plan/alike/accounts.ts';
import * as build from '../support/build.ts';

const { deny, document, lets, role, trusting } = build;

const idOf = (at: number): string => String(200_000_000_000 + at);
const accounts = Array.from({ length: 100 }, (_, at) => build.account(`A-${at}`, idOf(at)));
const inEach = (make: (name: string, id: string) => Resource): readonly Resource[] =>
  accounts.map(({ name, id }) => make(name, id));
const readers = inEach((name) => role('Reader', name));

type DesiredParts = Parameters<typeof build.desired>[1];
type Sides = {
  readonly wanted?: readonly Resource[];
  readonly found?: readonly Resource[];
  readonly files?: DesiredParts;
  readonly there?: Partial<Live>;
};

const catalogue = loadCatalogue();

/** Who is looked at alone; nothing where everybody is. */
const aloneIn = ({ wanted = [], found = [], files = {}, there = {} }: Sides): readonly string[] | undefined => {
  const desired = build.desired([...accounts, ...wanted], files);
  const live = build.live([...accounts, ...found], there);
  const alike = alikeAccounts({ desired, live, catalogue });
  if (alike === undefined) return undefined;
  const stood = new Set([...alike.classes.values()].flat());
  return accounts.map(({ name }) => name).filter((name) => !stood.has(name));
};

const bucketOf = (on: string, policy: ResourcePolicy['document']): ResourcePolicy => ({
  kind: 'resource-policy',
  resource: 'arn:aws:s3:::shop',
  account: on,
  region: 'eu-west-1',
  document: policy,
});

const inlineIn = (on: string, resource: string): Resource =>
  role('Tool', on, {
    inlinePolicies: { own: document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: resource }) },
  });

describe('accounts with roles', () => {
  it('are alike where each has the same', () => {
    expect(aloneIn({ found: readers })).toEqual([]);
    expect(aloneIn({ wanted: readers, found: readers })).toEqual([]);
    expect(aloneIn({ wanted: readers })).toEqual([]);
  });

  it('are alike where each trusts itself, and where all trust one, who is not', () => {
    const own = inEach((name, id) => role('Own', name, { trust: trusting({ AWS: `arn:aws:iam::${id}:root` }) }));
    expect(aloneIn({ found: own })).toEqual([]);
    const hub = inEach((name) => role('Audit', name, { trust: trusting({ AWS: `arn:aws:iam::${idOf(7)}:root` }) }));
    expect(aloneIn({ found: hub })).toEqual(['A-7']);
  });

  it('are told apart by what is in one of them alone', () => {
    expect(aloneIn({ found: [...readers, role('Odd', 'A-3')] })).toEqual(['A-3']);
    expect(aloneIn({ found: readers, wanted: [role('Reader', 'A-4', { description: 'Ours' })] })).toEqual(['A-4']);
    expect(aloneIn({ found: [build.customerPolicy('Limit', 'A-5', document(deny('s3:*')))] })).toEqual(['A-5']);
    expect(aloneIn({ found: [build.oidcProvider('gitlab.com', 'A-6', 'shop')] })).toEqual(['A-6']);
    const policies = inEach((name, id) =>
      build.customerPolicy(
        'Own',
        name,
        document({ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::b-${id}` }),
      ),
    );
    expect(aloneIn({ found: policies })).toEqual([]);
    expect(aloneIn({ found: policies.with(8, build.customerPolicy('Own', 'A-8', document(deny('s3:*')))) })).toEqual([
      'A-8',
    ]);
  });

  it('are told apart by whether the files ask for it or AWS has it', () => {
    expect(aloneIn({ wanted: [role('Reader', 'A-1')], found: [role('Reader', 'A-2')] })).toEqual(['A-1', 'A-2']);
  });

  it('are told apart by a name or tags that say which account it is', () => {
    expect(aloneIn({ found: inEach((name, id) => role(`Deploy-${id}`, name)) })).toBeUndefined();
    expect(aloneIn({ found: inEach((name) => role('Reader', name, { tags: { of: name } })) })).toBeUndefined();
    expect(aloneIn({ found: [role(`Deploy-${idOf(9)}`, 'A-1')] })).toEqual(['A-1', 'A-9']);
  });

  it('are not alike where anybody of the organization comes in', () => {
    const condition = { StringEquals: { 'aws:PrincipalOrgID': build.ORGANIZATION } };
    const open = document(lets({ AWS: '*' }, condition));
    expect(aloneIn({ found: [role('Open', 'A-1', { trust: open })] })).toBeUndefined();
    const but = document({ Effect: 'Allow', NotPrincipal: { AWS: idOf(3) }, Action: 'sts:AssumeRole' });
    expect(aloneIn({ wanted: [role('Open', 'A-1', { trust: but })] })).toBeUndefined();
  });

  it('are not alike where a policy of a role may name any of them', () => {
    expect(aloneIn({ found: [inlineIn('A-1', 'arn:aws:iam::2000000000*:role/Reader')] })).toBeUndefined();
    expect(aloneIn({ found: [inlineIn('A-1', `arn:aws:iam::${idOf(2)}:role/Reader`)] })).toEqual(['A-1', 'A-2']);
    expect(aloneIn({ found: [inlineIn('A-1', 'arn:aws:iam::*:role/Reader')] })).toEqual(['A-1']);
  });

  it('are told apart by settings that name what is in one of them', () => {
    const key = 'role/A-7:Reader';
    const exception = { guard: 'delete-budget', until: '2027-01-01', reason: 'SEC-1' };
    expect(aloneIn({ found: readers, files: { settings: { adopt: [key] } } })).toEqual(['A-7']);
    expect(aloneIn({ found: readers, files: { settings: { ignore: ['role/A-7:*'] } } })).toEqual(['A-7']);
    expect(aloneIn({ found: readers, files: { settings: { exceptions: [{ ...exception, key }] } } })).toEqual(['A-7']);
    expect(aloneIn({ found: readers, there: { unread: [{ scope: key, reason: 'no policy' }] } })).toEqual(['A-7']);
    expect(aloneIn({ found: readers, there: { unread: [{ scope: 'iam/A-7', reason: 'closed' }] } })).toEqual(['A-7']);
  });

  it('are told apart by the place of the entry, and by its days', () => {
    const [first] = readers;
    if (first === undefined) throw new Error('there are roles');
    const place = { file: 'access/roles/a.yaml', line: 1, column: 1 };
    expect(aloneIn({ wanted: readers, files: { origins: { [keyOf(first)]: place } } })).toEqual(['A-0']);
    const dated = { key: keyOf(first), resource: first, until: '2027-01-01', place };
    expect(aloneIn({ wanted: readers, found: readers, files: { dated: [dated] } })).toEqual(['A-0']);
  });
});

describe('accounts with policies of resources and entitlements', () => {
  it('are looked at alone, and whoever is let in', () => {
    const letting = document({ Effect: 'Allow', Principal: { AWS: idOf(5) }, Action: 's3:*', Resource: '*' });
    expect(aloneIn({ found: [bucketOf('A-2', letting)] })).toEqual(['A-2', 'A-5']);
    const entitlement = { kind: 'entitlement', principal: { type: 'group', name: 'Team' }, role: 'Reader' } as const;
    expect(aloneIn({ found: readers, wanted: [...readers, { ...entitlement, account: 'A-6' }] })).toEqual(['A-6']);
    const declared = [{ resource: 'arn:aws:s3:::shop', account: 'A-8', region: 'eu-west-1' }];
    expect(aloneIn({ files: { resources: declared } })).toEqual(['A-8']);
  });

  it('are not alike where a resource is open to all; that it is closed to all tells nobody apart', () => {
    const everybody = { Principal: '*', Action: 's3:*', Resource: '*' } as const;
    expect(aloneIn({ found: [bucketOf('A-2', document({ Effect: 'Allow', ...everybody }))] })).toBeUndefined();
    expect(aloneIn({ found: [bucketOf('A-2', document({ Effect: 'Deny', ...everybody }))] })).toEqual(['A-2']);
  });
});

describe('accounts whose IAM was not read', () => {
  it('stand for one another alone', () => {
    const unread = ['A-1', 'A-2'];
    const names = accounts.map(({ name }) => name).filter((name) => !unread.includes(name));
    const desired = build.desired([...accounts, ...readers]);
    const live = build.live(accounts, { iamRead: [build.MANAGEMENT, ...names] });
    const classes = alikeAccounts({ desired, live, catalogue })?.classes ?? new Map<string, readonly string[]>();
    expect([...classes.values()].find((one) => one.includes('A-1'))).toEqual(unread);
  });
});

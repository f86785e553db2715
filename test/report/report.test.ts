/** The data of the page, and the tables: pure, on SecureCart and on small organizations. */
import { describe, expect, it } from 'vitest';
import { stateOf } from '../../src/model/resource.ts';
import type { Resource } from '../../src/model/resource.ts';
import { reportOf } from '../../src/report/build.ts';
import { pageOf } from '../../src/report/html.ts';
import { placesInRange, rangesOf } from '../../src/report/ranges.ts';
import type { Report } from '../../src/report/report.ts';
import { csvOf, tablesOf } from '../../src/report/tables.ts';
import * as build from '../support/build.ts';
import { reportInputOf } from '../support/report.ts';
import { desiredOn } from '../support/securecart.ts';

const secureCart = reportOf(reportInputOf(desiredOn(undefined)));
const grantsOf = (report: Report) => tablesOf(report)['grants'] ?? [];

describe('the report of SecureCart', () => {
  it('says of a grant who, what, where, until when, why, at which risk and where it is written', () => {
    expect(grantsOf(secureCart).filter(({ who }) => who === 'SecureCart-Vendors')).toEqual([
      {
        type: 'group',
        who: 'SecureCart-Vendors',
        permissionSet: 'SecureCart-Vendor',
        role: '',
        account: 'SecureCart-Staging',
        accountId: '012345678901',
        ou: 'Workloads/NonProduction',
        risk: 'medium',
        from: '',
        until: '2027-03-31',
        reason: 'SEC-42 delivers product photographs',
        state: '',
        at: 'access/groups/vendors.yaml:9',
      },
    ]);
  });

  it('says of a role that a group is put on itself what it says of a permission set', () => {
    const [row, ...more] = grantsOf(secureCart).filter(({ role }) => role !== '');
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      who: 'SecureCart-Security',
      permissionSet: '',
      role: 'gatehouse/CentralLogsReader',
      account: 'SecureCart-LogArchive',
      risk: 'medium',
      reason: 'Investigations search the central logs',
    });
    expect(row?.['at']).toMatch(/^access\/groups\/security\.yaml:\d+$/);
    const reach = (tablesOf(secureCart)['reaches'] ?? []).filter(({ role }) => role !== '');
    expect(reach).toEqual([expect.objectContaining({ permissionSet: '', account: 'SecureCart-LogArchive' })]);
    expect(reach[0]?.['gives']).toContain('logs');
    expect(secureCart.sets.filter(({ isRole }) => isRole)).toMatchObject([
      { session: 14_400, policies: ['search-logs (inline)'], at: 'access/roles/central-logs.yaml:4' },
    ]);
  });

  it('calls an administrator critical, and names the guard rails that take something back', () => {
    const reaches = tablesOf(secureCart)['reaches'] ?? [];
    const [admin] = reaches.filter(
      ({ permissionSet, account }) => permissionSet === 'SecureCart-DevOps' && account === 'SecureCart-Production',
    );
    expect(admin?.['risk']).toBe('critical');
    expect(admin?.['because']).toMatch(/^administrator: /);
    expect(admin?.['blocked']).toMatch(/ProtectProduction: .*dynamodb:DeleteTable/);
  });

  it('says whom a role trusts, from which account, and that a partner is outside', () => {
    const trusts = tablesOf(secureCart)['trusts'] ?? [];
    const vendor = trusts.find(({ role }) => role === 'gatehouse/VendorRole');
    expect([vendor?.['kind'], vendor?.['conditions']]).toEqual([
      'outsider',
      'sts:ExternalId is securecart-imaging-7f3a',
    ]);
    const deployment = trusts.find(({ role }) => role === 'gatehouse/DeploymentRole');
    expect([deployment?.['kind'], deployment?.['from']]).toEqual(['account', 'SecureCart-DevOps']);
  });

  it('says what policies set in each account, the management account too', () => {
    const settings = (tablesOf(secureCart)['settings'] ?? []).filter(
      ({ account }) => account === 'SecureCart-Management',
    );
    expect(settings.map(({ setting, value }) => `${setting} = ${value}`)).toEqual([
      'securityhub.disable_in_regions = []',
      'securityhub.enable_in_regions = ["ALL_SUPPORTED"]',
      'guardduty.enablement.default.foundational.status = enabled',
      'guardduty.enablement.default.s3_data_events.status = enabled',
      's3_attributes.public_access_block_configuration = all',
    ]);
    const places = secureCart.accounts.map((_, place) => place);
    expect(secureCart.settings.map(({ accounts }) => placesInRange(accounts))).toEqual([places, places, places]);
  });

  it('says of a guard rail what it denies, where, under what conditions and on which line', () => {
    const rail = secureCart.rails.find(({ name }) => name === 'RequireMfa');
    expect(rail?.on).toMatchObject([{ type: 'ou', name: 'Workloads/Production' }]);
    expect(rail?.statements[0]).toMatchObject({ effect: 'Deny', resources: [], at: 'scps/require-mfa.yaml:15' });
    expect(rail?.statements[0]?.conditions).toContain('aws:MultiFactorAuthPresent is false, or is missing');
  });
});

const staging = build.account('Staging', '222222222222');
const reader = build.set('Reader', { managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
const before: readonly Resource[] = [
  staging,
  reader,
  build.group('Old'),
  build.assignment('group:Old', 'Reader', 'Staging'),
];
const after: readonly Resource[] = [
  staging,
  reader,
  build.group('New'),
  build.assignment('group:New', 'Reader', 'Staging'),
];

describe('the report of a plan', () => {
  const input = reportInputOf(build.desired(after), {
    subject: 'plan',
    before: stateOf(before),
    state: stateOf(after),
  });

  it('shows what comes and what goes on the same views', () => {
    const rows = grantsOf(reportOf(input)).map(({ who, state, risk }) => [who, state, risk]);
    expect(rows).toEqual([
      ['New', 'added', 'medium'],
      ['Old', 'removed', 'medium'],
    ]);
  });

  it("shows who is put on a role and who is taken from it, a name of AWS's letters as any", () => {
    const role = build.role('Reader', 'Staging', { trust: build.entitling, managedPolicies: reader.managedPolicies });
    const plus = build.set('Read+Write', { managedPolicies: reader.managedPolicies });
    const on = (who: string): Resource => build.entitlement(`group:${who}`, 'Reader', 'Staging');
    const all = [...before, ...after, role, plus, build.assignment('group:New', 'Read+Write', 'Staging')];
    const report = reportOf({ ...input, before: stateOf([...all, on('Old')]), state: stateOf([...all, on('New')]) });
    const rows = grantsOf(report).filter(({ permissionSet }) => permissionSet !== 'Reader');
    expect(rows.map(({ who, permissionSet, role, state, risk }) => [who, permissionSet, role, state, risk])).toEqual([
      ['New', 'Read+Write', '', '', 'medium'],
      ['New', '', 'Reader', 'added', 'medium'],
      ['Old', '', 'Reader', 'removed', 'medium'],
    ]);
  });

  it('says a setting before and after, where a plan changes it', () => {
    const block = (value: string): readonly Resource[] => [
      { kind: 'policy-type', type: 'S3_POLICY' },
      build.settingsPolicy('s3-policy', 'Block', { s3_attributes: { block: { '@@assign': value } } }),
      { kind: 'attachment', policy: { kind: 's3-policy', name: 'Block' }, target: { type: 'root' } },
    ];
    const report = (was: readonly Resource[], is: readonly Resource[]) =>
      reportOf({ ...input, before: stateOf([...before, ...was]), state: stateOf([...after, ...is]) }).settings;
    const lines = (was: readonly Resource[], is: readonly Resource[]) => report(was, is).flatMap((one) => one.lines);
    const path = 's3_attributes.block';
    expect(lines(block('all'), block('none'))).toEqual([{ path, value: 'none', before: 'all' }]);
    expect(lines([], block('all'))).toEqual([{ path, value: 'all', before: '' }]);
    expect(lines(block('all'), [])).toEqual([{ path, value: '', before: 'all' }]);
    expect(lines(block('all'), block('all'))).toEqual([{ path, value: 'all' }]);
  });
});

describe('places in a list', () => {
  it('are written as ranges and read again', () => {
    expect(rangesOf([5, 0, 1, 2, 9])).toEqual([0, 2, 5, 5, 9, 9]);
    expect(placesInRange([0, 2, 5, 5, 9, 9])).toEqual([0, 1, 2, 5, 9]);
  });
});

describe('what others wrote', () => {
  const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>`;

  it('ends no element of the page', () => {
    const report = { ...secureCart, organization: hostile, notes: [hostile] };
    const page = pageOf(report, { script: 'start()', style: 'p{}' });
    expect(page.match(/<\/?script/g)).toEqual(['<script', '</script', '<script', '</script']);
    expect(page).not.toContain('<img');
  });

  it('runs in no spreadsheet', () => {
    expect(
      csvOf([
        { who: '=HYPERLINK("http://x")', why: 'a,b' },
        { who: '+1', why: '' },
      ]),
    ).toBe('who,why\r\n"\'=HYPERLINK(""http://x"")","a,b"\r\n\'+1,\r\n');
  });

  it.each([
    ['a semicolon', 'gone;=1+1', "gone;'=1+1"],
    ['semicolons', ';+1;-2;@A', ";'+1;'-2;'@A"],
    ['a semicolon and a blank', 'a; =1', "a; '=1"],
    ['a semicolon and quotes', 'a;"=1', '"a;""\'=1"'],
    ['a tab', 'a\t=1', "a\t'=1"],
    ['a line end', 'a\n=1\r-2', '"a\n\'=1\r\'-2"'],
    ['nothing that begins a cell', 'a=1; b=2 a-b;c', 'a=1; b=2 a-b;c'],
  ])('runs in none that parts cells otherwise: %s', (_, text, cell) => {
    expect(csvOf([{ text }])).toBe(`text\r\n${cell}\r\n`);
  });

  it('may run nothing but the one script, and load nothing', () => {
    const page = pageOf(secureCart, { script: 'start()', style: 'p{}' });
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; /);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });
});

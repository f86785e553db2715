/** The page as people see it: compiled, opened from disk in a real browser. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../src/model/resource.ts';
import { pageOf } from '../../src/report/html.ts';
import { reportOf } from '../../src/report/build.ts';
import { findBrowser, inBrowser } from '../support/browser.ts';
import * as build from '../support/build.ts';
import { reportInputOf } from '../support/report.ts';
import type { Tab } from '../support/browser.ts';
import { inSecureCart } from '../support/run.ts';

const browser = findBrowser();
if (browser === undefined)
  process.stderr.write('The page is not tried in a browser: no Chromium is here (CHROMIUM).\n');

const out = mkdtempSync(join(tmpdir(), 'gatehouse-report-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const drawn = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
const hostile = '<img src=x onerror=document.title=1>&amp;${alert(1)}';

const pageParts = () => {
  const read = (name: string) => readFileSync(join(import.meta.dirname, '../../dist', name), 'utf8');
  return { script: read('report-page.js'), style: read('report-page.css') };
};

const show = async (tab: Tab, hash: string): Promise<void> => {
  await tab.value(`location.hash = ${JSON.stringify(hash)}`);
  await tab.value(drawn);
};
const textOf = (tab: Tab, selector: string) =>
  tab.value<string>(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`);

const ownViews = [
  'account/SecureCart-Production',
  'set/SecureCart-DevOps',
  'account/SecureCart-LogArchive',
  'set/role%20gatehouse%2FCentralLogsReader',
].map((view) => `#/${view}`);

describe.skipIf(browser === undefined)('the page in a browser', () => {
  it('shows SecureCart on every view, moves by keys, and takes hostile names for text', () =>
    inSecureCart(async ({ dir, runProcess }) => {
      const file = join(dir, 'access/groups/vendors.yaml');
      const text = readFileSync(file, 'utf8').replaceAll(
        'SEC-42 delivers product photographs',
        JSON.stringify(hostile),
      );
      writeFileSync(file, text);
      const made = await runProcess('report', '--out', out);
      expect(made).toMatchObject({ exit: 0, err: '' });
      await inBrowser(browser ?? '', async (tab) => {
        await tab.open(pathToFileURL(join(out, 'report.html')).href);
        await tab.value(drawn);
        await theMatrix(tab);
        await thePerson(tab);
        await theRole(tab);
        await everyView(tab);
        await theSearch(tab);
        expect(tab.complaints()).toEqual([]);
      });
    }));

  it('takes every name that AWS could have for text, on every view', async () => {
    const name = `"><img src=x onerror=alert(1)>'/%2F${'x'.repeat(40)}`;
    const resources = [
      build.ou('Ou<b>'),
      build.account(name, '222222222222', 'Ou<b>'),
      build.set(name, { description: name, managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
      build.group(name, name),
      build.membership(name, name),
      build.assignment(`group:${name}`, name, name),
      build.entitlement(`group:${name}`, name, name),
      build.scp(name, build.document(build.deny('s3:DeleteBucket'))),
      build.attachment(name, 'root'),
      build.role(name, name, { trust: build.trusting({ AWS: 'arn:aws:iam::333333333333:root' }) }),
    ];
    const key = keyOf(build.assignment(`group:${name}`, name, name));
    const ending = [{ key, until: '2026-12-01', place: { file: name, line: 1 } }];
    const desired = build.desired(resources, { ending, terms: { [key]: { until: '2026-12-01', reason: name } } });
    const report = reportOf(reportInputOf(desired, { subject: 'live', notes: [name] }));
    const tests = [{ name, ok: false, message: name, at: `${name}:1` }];
    const changes = [{ action: 'create', words: name, key: name, risk: 'high', because: [name] }] as const;
    const page = join(out, 'hostile.html');
    writeFileSync(page, pageOf({ ...report, tests, changes, organization: name }, pageParts()));
    const names = encodeURIComponent(name);
    const own = ['who/group/', 'who/user/', 'set/', 'set/role%20', 'account/', 'tree/rail/'].map(
      (view) => `#/${view}${names}`,
    );
    await inBrowser(browser ?? '', async (tab) => {
      await tab.open(pathToFileURL(page).href);
      await tab.value(drawn);
      const views = await tab.value<readonly string[]>('[...document.querySelectorAll("nav a")].map((a) => a.hash)');
      for (const view of [...views, ...own]) {
        await show(tab, view);
        expect(await textOf(tab, 'main'), view).toContain(name.slice(0, 20));
        expect(await tab.value('document.querySelectorAll("img, b b, main script").length'), view).toBe(0);
      }
      expect(tab.complaints()).toEqual([]);
    });
  });

  const theMatrix = async (tab: Tab): Promise<void> => {
    expect(await textOf(tab, 'h1')).toBe('Who reaches what');
    expect(await tab.value('document.querySelector("[role=grid]").getAttribute("aria-rowcount")')).toBe('27');
    await tab.value('document.querySelector("td[tabindex=\'0\']").focus()');
    await tab.key('ArrowDown');
    await tab.key('ArrowUp');
    expect(await tab.value('document.activeElement.dataset.row + document.activeElement.dataset.column')).toBe('00');
    await tab.key('Enter');
    expect(await textOf(tab, 'dialog h2')).toBe('SecureCart-BreakGlass in SecureCart-Management');
    await tab.value('document.querySelector("dialog").close()');
    await tab.value('document.activeElement.blur()');
    await tab.key('/');
    expect(await tab.value('document.activeElement.name')).toBe('who');
    await tab.value(
      `(() => { const box = document.activeElement; box.value = 'vendors'; box.form.dispatchEvent(new Event('input')); })()`,
    );
    await tab.value(drawn);
    expect(await textOf(tab, '[role=status]')).toBe('1 row, 1 account');
  };

  const thePerson = async (tab: Tab): Promise<void> => {
    await show(tab, '#/who/user/nadia%40imaging-partner.example');
    const page = await textOf(tab, 'main');
    for (const said of ['SecureCart-Vendor', 'SecureCart-Staging', '2027-03-31', 'SecureCart-Vendors', hostile])
      expect(page).toContain(said);
    expect(await tab.value('document.querySelectorAll("img").length')).toBe(0);
    expect(await tab.value('document.querySelector("main a.place").getAttribute("href")')).toMatch(
      /access\/groups\/vendors\.yaml$/,
    );
  };

  const theSearch = async (tab: Tab): Promise<void> => {
    await show(tab, '#/promises');
    const seen = () => tab.value<number>('document.querySelectorAll("tbody tr:not([hidden])").length');
    const all = await seen();
    await tab.key('/');
    await tab.value(
      `document.activeElement.value = 'vendor', document.activeElement.dispatchEvent(new Event('input'))`,
    );
    expect([(await seen()) > 0, (await seen()) < all]).toEqual([true, true]);
  };

  /** By account access manager a group is on a role itself: no view leaves it out. */
  const theRole = async (tab: Tab): Promise<void> => {
    const role = 'role gatehouse/CentralLogsReader';
    for (const view of ['#/who/group/SecureCart-Security', '#/trust', '#/account/SecureCart-LogArchive']) {
      await show(tab, view);
      expect(await textOf(tab, 'main'), view).toContain(role);
    }
    expect(await textOf(tab, 'main')).toContain('entered by SecureCart-Security');
    await show(tab, `#/set/${encodeURIComponent(role)}`);
    expect(await textOf(tab, 'h1')).toBe(`${role} by account access manager`);
    expect(await textOf(tab, 'table')).toContain('SecureCart-Security');
    await show(tab, '#/matrix');
    await tab.value(
      `(() => { const box = document.querySelector('[name=set]'); box.value = '${role}'; box.form.dispatchEvent(new Event('input')); })()`,
    );
    await tab.value(drawn);
    expect(await textOf(tab, '[role=status]')).toBe('3 rows, 1 account');
    expect(await textOf(tab, '.held .name')).toBe('role CentralLogsReader');
  };

  const everyView = async (tab: Tab): Promise<void> => {
    const views = await tab.value<readonly string[]>('[...document.querySelectorAll("nav a")].map((a) => a.hash)');
    expect(views.length).toBeGreaterThanOrEqual(3);
    for (const view of [...views, ...ownViews]) {
      await show(tab, view);
      expect(await tab.value('document.querySelectorAll("main h1").length'), view).toBe(1);
      expect((await textOf(tab, 'main')).length, view).toBeGreaterThan(40);
      expect(await tab.value('document.documentElement.scrollWidth <= innerWidth'), view).toBe(true);
    }
  };
});

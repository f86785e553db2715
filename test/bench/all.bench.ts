/** `npm run bench`: prints every figure; asserts only that the work was done. */
import { writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { applyLines, benchApply } from './apply.bench.ts';
import { auditLines, benchAudit } from './audit.bench.ts';
import { benchImport, importLine } from './import.bench.ts';
import { benchRoles, rolesLines } from './roles.bench.ts';
import { benchScale, scaleLines } from './scale.bench.ts';
import { benchShards, shardLines } from './shards.bench.ts';
import { benchCrossing, benchRead, crossingLines, readLines } from './read.bench.ts';
import { benchWarm, warmLines } from './warm.bench.ts';
import { benchReach, benchRoleReach, reachLines, roleReachLine } from './reach.bench.ts';

const print = (lines: readonly string[]): void => {
  writeSync(2, `\n${lines.join('\n')}\n`);
};

it('applies 1,000 assignments', { timeout: 600_000 }, async () => {
  const figures = await benchApply();
  print(applyLines(figures));
  expect(figures).toMatchObject({ changes: 1_000, failed: 0 });
});

it('reads an organization at the floor', { timeout: 600_000 }, async () => {
  const figures = await benchRead();
  print(readLines(figures));
  expect(figures.filter(({ assignments, size }) => assignments <= size.accounts * 9)).toEqual([]);
});

it('reads with the record of a drift run', { timeout: 900_000 }, async () => {
  const figures = await benchWarm();
  print(warmLines(figures));
  expect(figures.filter(({ use }) => use !== undefined && 'whole' in use)).toEqual([]);
});

it('reads in several runs', { timeout: 3_600_000 }, async () => {
  const figures = await benchShards();
  print(shardLines(figures));
  expect(figures.filter(({ note }) => note.includes('"whole"'))).toEqual([]);
});

it('reads many users by the cheaper route', { timeout: 600_000 }, async () => {
  const figures = await benchCrossing();
  print(crossingLines(figures));
  expect(new Set(figures.map(({ assignments }) => assignments)).size).toBe(1);
});

it('reads and writes roles in many accounts', { timeout: 600_000 }, async () => {
  const figures = await benchRoles();
  print(rolesLines(figures));
  expect(figures.map(({ failed }) => failed)).toEqual(figures.map(() => 0));
});

it('says what a whole organization can reach', { timeout: 600_000 }, () => {
  const figures = benchReach();
  print(reachLines(figures));
  expect(figures.figures).toHaveLength(3);
});

it('says what a guard rail does to many roles', { timeout: 600_000 }, () => {
  const figures = benchRoleReach();
  print(figures.map(roleReachLine));
  expect(figures.map(({ roles }) => roles)).toEqual([5_000, 5_000]);
});

it('audits many accounts', { timeout: 600_000 }, async () => {
  const figures = await benchAudit();
  print(auditLines(figures));
  expect(figures.map(({ unread }) => unread)).toEqual(figures.map(() => 0));
});

it('imports a large organization', { timeout: 600_000 }, async () => {
  const figures = await benchImport();
  print([importLine(figures)]);
  expect(figures.others).toBe(0);
});

it('plans many assignments', { timeout: 3_600_000 }, async () => {
  const found = await benchScale();
  print(scaleLines(found));
  expect(
    found.flatMap(({ has, figures }) => figures.filter(({ changes }) => (changes === 0) !== (has === 'all'))),
  ).toEqual([]);
});

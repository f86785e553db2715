/**
 * One folder, one story: test/stories/NAME/desired/ is a repository, problems.txt what is said about it, line by line.
 * UPDATE_STORIES=1 writes what is said today; read the difference before you commit it.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCatalogue } from '../src/evaluate/catalogue.ts';
import { load } from '../src/desired/load.ts';
import { validate } from './support/understood.ts';
import { lineOf } from './desired/repository.ts';

const folder = 'test/stories';
const stories = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'problems.txt')));

test('there are stories', () => {
  expect(stories.length).toBeGreaterThan(0);
});

test.each(stories)('%s', async (name) => {
  const golden = join(folder, name, 'problems.txt');
  const files = await load(join(folder, name, 'desired'));
  const problems = validate(files, { catalogue: loadCatalogue(), now: '2026-11-23T12:00:00Z' });
  const said = problems.map((problem) => `${problem.severity} ${lineOf(problem)}\n`).join('');
  if (process.env['UPDATE_STORIES'] !== undefined) writeFileSync(golden, said);
  expect(said).toBe(readFileSync(golden, 'utf8'));
});

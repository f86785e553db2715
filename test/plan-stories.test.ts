/**
 * One folder, one story: desired/ is a repository, live.yaml what AWS has, plan.md the comment that a reviewer reads.
 * UPDATE_STORIES=1 writes what is said today; read the difference before you commit it.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { load } from '../src/desired/load.ts';
import { resolve } from './support/understood.ts';
import { loadActionCatalogue } from '../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../src/evaluate/catalogue.ts';
import type { Live } from '../src/model/cloud.ts';
import { stateOf } from '../src/model/resource.ts';
import type { Resource } from '../src/model/resource.ts';
import { wholePlan } from '../src/plan/plan.ts';
import { planMarkdown } from '../src/render/plan-markdown.ts';
import { live as liveOf } from './support/build.ts';

/** The management account, the enabled SCPs and FullAWSAccess everywhere come by themselves. */
type LiveFile = {
  readonly users: readonly string[];
  readonly unread?: Live['unread'];
  readonly noResource?: Live['noResource'];
  /** The account belongs to no organization: nothing comes by itself. */
  readonly alone?: Pick<Live, 'organization' | 'absent' | 'notes'>;
  readonly resources: readonly Resource[];
};

const folder = 'test/stories';
const now = '2026-11-23T12:00:00Z';
const stories = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'live.yaml')));

const told = async (story: string): Promise<string> => {
  const policies = loadCatalogue();
  const desired = resolve(await load(join(story, 'desired')), { catalogue: policies, now });
  const {
    users,
    unread = [],
    noResource,
    resources,
    alone,
  } = parse(readFileSync(join(story, 'live.yaml'), 'utf8')) as LiveFile;
  const live: Live = liveOf(resources, {
    users,
    unread,
    ...(noResource === undefined ? {} : { noResource }),
    ...(alone === undefined ? {} : { ...alone, state: stateOf(resources), reads: { route: 'none', calls: {} } }),
  });
  return planMarkdown(wholePlan({ desired, live, now }, { actions: loadActionCatalogue(), policies }).plan);
};

test('there are stories', () => {
  expect(stories.length).toBeGreaterThan(4);
});

test.each(stories)('%s', async (name) => {
  const golden = join(folder, name, 'plan.md');
  const said = `${await told(join(folder, name))}\n`;
  if (process.env['UPDATE_STORIES'] !== undefined) writeFileSync(golden, said);
  expect(said).toBe(readFileSync(golden, 'utf8'));
});

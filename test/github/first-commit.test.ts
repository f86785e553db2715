/** What the first commit of main said had nobody to review it: it is where the files begin. */
import { expect, it } from 'vitest';
import { endOf } from '../../src/approve/runs.ts';
import { judgedSpans } from '../../src/approve/spans.ts';
import type { MainBranch, MainSpan } from '../../src/approve/spans.ts';
import type { Desired } from '../../src/model/desired.ts';
import { keyOf } from '../../src/model/resource.ts';
import { assignment, desired } from '../support/build.ts';

const given = assignment('group:Ops', 'Admin', 'Staging');
const key = keyOf(given);
const place = { file: 'access/groups/ops.yaml', line: 4, column: 5 };
const untilDay = (until: string): Desired => ({
  ...desired([]),
  dated: [{ key, resource: given, until, place }],
  ended: [{ key, until, place }],
});

const spansOf = async (trees: Readonly<Record<string, Desired>>): Promise<readonly MainSpan[]> => {
  const shas = Object.keys(trees);
  const main = {
    github: { pullsOf: () => Promise.resolve([]) },
    branch: 'main',
    now: '2027-02-01T00:00:00.000Z',
    desired: trees[shas[0] ?? ''],
    treeAt: (sha: string) => {
      const tree = trees[sha];
      return Promise.resolve(tree === undefined ? undefined : { desired: tree, tests: [] });
    },
  } as unknown as MainBranch;
  const spans: MainSpan[] = [];
  for await (const span of judgedSpans(main, { shas, touching: new Set(shas) })) spans.push(span);
  return spans;
};

const decided = async (trees: Readonly<Record<string, Desired>>): Promise<string> => {
  const spans = await spansOf(trees);
  const history = {
    spans,
    records: [],
    ageOf: () => 0,
    depth: spans.length,
    lostSince: () => Promise.resolve(undefined),
  };
  return (await endOf(key, history)).is;
};

it('holds no end that the first commit says', async () => {
  expect(await decided({ c1: untilDay('2027-01-15') })).toBe('open');
});

it('holds an end that a later commit says without a pull request', async () => {
  expect(await decided({ c2: untilDay('2027-01-15'), c1: untilDay('2027-03-15') })).toBe('held');
});

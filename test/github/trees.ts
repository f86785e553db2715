/** Trees of the shop in memory, and what a pull request from one to another needs, with or without AWS. */
import { proposalOf } from '../../src/approve/proposal.ts';
import type { Proposal } from '../../src/approve/proposal.ts';
import { requirementsOf } from '../../src/approve/requirements.ts';
import type { RuledTree } from '../../src/approve/files-changed.ts';
import { understand } from '../../src/desired/understand.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Live } from '../../src/model/cloud.ts';
import { settings, shop } from './shop.ts';

export const NOW = '2026-11-29T00:00:00.000Z';

/** Null leaves a file out. */
export type Edit = Readonly<Record<string, string | null>>;

/** Critical takes two people; high takes ada. */
const strict = settings.replace(
  /approvals:[\s\S]*/,
  `approvals:
  - { when: { risk: critical }, users: [ada, grace], count: 2 }
  - { when: { risk: high }, users: [ada] }
`,
);

export const treeOf = (edit: Edit = {}, now = NOW): RuledTree => {
  const all = Object.entries({ ...shop, 'access/settings.yaml': strict, ...edit });
  const files = all.flatMap(([path, text]) => (text === null ? [] : [{ path, text }]));
  const { desired, problems, declared } = understand(
    { root: '/nowhere', files, problems: [] },
    { catalogue: loadCatalogue(), now },
  );
  if (desired === undefined) throw new Error(JSON.stringify(problems.filter(({ severity }) => severity === 'error')));
  return { desired, tests: declared.tests.map(({ value }) => ({ name: value.test, words: value })) };
};

/** `head` is told by its differences from `base`. */
export const proposed = (base: Edit, head: Edit, live?: Live): Proposal =>
  proposalOf(
    { base: treeOf(base), head: treeOf({ ...base, ...head }) },
    { paths: Object.keys(head), now: NOW, ...(live === undefined ? {} : { live }) },
  );

const neededFor = (proposal: Proposal): readonly string[] =>
  requirementsOf(proposal, proposal.scenery.trees).map(({ why, count }) => `${why} × ${count}`);

export const needed = (base: Edit, head: Edit, live?: Live): readonly string[] => neededFor(proposed(base, head, live));

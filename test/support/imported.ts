/** Imports and adoptions of organizations in memory. */
import type { Files } from '../../src/desired/load.ts';
import { understand } from '../../src/desired/understand.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import { changedFields } from '../../src/kinds/equal.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Key } from '../../src/model/resource.ts';
import type { Fold } from '../../src/import/written.ts';
import { plan } from '../../src/plan/plan.ts';
import { importedTests } from '../../src/import/tests.ts';
import { withLabels } from '../../src/import/labels.ts';
import { importDraftOf } from '../../src/import/draft.ts';
import type { ImportDraft } from '../../src/import/draft.ts';
import { NOW, OWNER } from './build.ts';

type Adopt = 'complete' | 'none';

const inputOf = (live: Live, fold: Fold, adopt: Adopt = 'complete') =>
  ({
    live,
    owner: OWNER,
    region: 'eu-west-1',
    fold,
    wanted: () => true,
    members: 'all',
    adopt,
    now: NOW,
  }) as const;

/** Without the access tests. */
export const imported = (live: Live, fold: Fold = 'fold', adopt: Adopt = 'complete'): Promise<ImportDraft> =>
  importDraftOf(inputOf(live, fold, adopt), async () => []);

/** All that the command writes but IMPORT.md, from what AWS is read to have. */
export const wholeImport = (live: Live): Promise<ImportDraft> =>
  importDraftOf(
    inputOf(withLabels(live), 'fold'),
    async ({ desired }) => (await importedTests(desired, { live, now: NOW })).tests,
  );

export const filesOf = (draft: Pick<ImportDraft, 'files'>): Files => ({
  root: '/nowhere',
  files: draft.files.map(({ path, text }) => ({ path, text })),
  problems: [],
});

export const desiredIn = (files: Files): Desired => {
  const { desired, problems } = understand(files, { catalogue: loadCatalogue(), now: NOW });
  if (desired === undefined) throw new Error(problems.map(({ file, message }) => `${file}: ${message}`).join('\n'));
  return desired;
};

const isTagging = (change: Plan['changes'][number]): boolean =>
  change.action === 'update' &&
  changedFields(change.before, change.after).every((field) => field === 'owner' || field === 'scope');

/** What a plan would do and what it leaves alone, as lines; without tags of ownership, and what hangs for one apply only. */
export const linesOf = (files: Files, live: Live): readonly Key[] => {
  const { changes, held, unmanaged } = plan(desiredIn(files), live, NOW);
  const doing = changes
    .filter((change) => !isTagging(change) && !change.temporary)
    .map(({ action, key }) => `${action} ${key}`);
  return [...doing, ...held.map(({ key }) => `held ${key}`), ...unmanaged.map(({ key }) => `unmanaged ${key}`)].sort();
};

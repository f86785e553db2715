/** What must be true of the import of any organization, however it grew. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { understand } from '../../src/desired/understand.ts';
import { runTests } from '../../src/evaluate/access-test.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import { formattedFiles } from '../../src/import/format/format-file.ts';
import type { ImportDraft } from '../../src/import/draft.ts';
import { accessTest } from '../../src/questions/worlds.ts';
import type { Live } from '../../src/model/cloud.ts';
import { canonical, changedFields } from '../../src/kinds/equal.ts';
import type { Change } from '../../src/model/plan.ts';
import type { Key, Resource, State } from '../../src/model/resource.ts';
import { stateOf } from '../../src/model/resource.ts';
import { withLabels } from '../../src/import/labels.ts';
import { NOW } from '../support/build.ts';
import { desiredIn, filesOf, imported, wholeImport } from '../support/imported.ts';
import { withOddResources } from '../support/odd-resources.ts';
import { organizations } from '../support/organizations.ts';

const grown = withOddResources(organizations);

const text = ({ action, key }: Change): string => `${action} ${key}`;

/** AWS has not brought the set up to date everywhere; no file can say that it shall stay so. */
const isOutdated = (change: Change): boolean =>
  change.kind === 'permission-set' &&
  change.action === 'update' &&
  changedFields(change.before, change.after).every((field) => ['outdatedIn', 'owner', 'scope'].includes(field));

/** What follows from the rest of the files, or is said by saying nothing. */
const isImplied = (key: Key): boolean => /^(policy-type|oidc-provider)\/|^attachment\/scp:FullAWSAccess@/.test(key);

const failing = async (draft: ImportDraft): Promise<readonly string[]> => {
  const { desired, declared } = understand(filesOf(draft), { catalogue: loadCatalogue(), now: NOW });
  if (desired === undefined) throw new Error('the files of the import have errors');
  const { state, origins, settings, managementAccount } = desired;
  const { region, organization } = settings;
  const world = createWorld({ state, catalogue: loadCatalogue(), origins, region, organization, managementAccount });
  const results = await runTests(declared.tests.map(accessTest), { now: NOW, worldAt: () => world });
  return results.flatMap(({ name, ok }) => (ok ? [] : [name]));
};

/** Whose it is and how far AWS has got with it is not for the files to say. */
const said = (one: Resource): string => {
  const { owner: _, scope: __, ...rest } = one as Resource & { readonly owner?: string; readonly scope?: string };
  return canonical(rest.kind === 'permission-set' ? { ...rest, outdatedIn: [] } : rest);
};

/** Members count where they are managed. */
const plain = (state: State, memberGroups: readonly string[]): Readonly<Record<Key, string>> =>
  Object.fromEntries(
    Object.entries(state)
      .filter(([key, one]) => !isImplied(key) && (one.kind !== 'membership' || memberGroups.includes(one.group)))
      .map(([key, one]) => [key, said(one)]),
  );

/** The same, as AWS might have listed it another time. */
const turned = (live: Live, by: number): Live => {
  const resources = Object.values(live.state);
  const at = by % resources.length;
  const users = [...live.users].reverse();
  return { ...live, users, state: stateOf([...resources.slice(at), ...resources.slice(0, at)].reverse()) };
};

describe('import of an organization that grew by hand', () => {
  it('has no error, is as fmt leaves it, plans nothing but adoptions, and its access tests hold', async () => {
    let [tests, policies] = [0, 0];
    await fc.assert(
      fc.asyncProperty(grown, async (live) => {
        const draft = await wholeImport(live);
        tests += draft.written.tests.length;
        policies += draft.written.resources.length;
        expect(draft.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(formattedFiles(filesOf(draft)).changed).toEqual([]);
        expect(draft.others.filter((change) => !isOutdated(change)).map(text)).toEqual([]);
        expect(await failing(draft)).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(tests).toBeGreaterThan(10);
    expect(policies).toBeGreaterThan(20);
  });

  it('says everything as it is, but for what it lists as left out, with rules and with lists of accounts', async () => {
    await fc.assert(
      fc.asyncProperty(grown, async (read) => {
        const live = withLabels(read);
        const [draft, lists] = await Promise.all([imported(live), imported(live, 'no-fold')]);
        const leftOut = new Set(draft.leftOut.map(({ key }) => key));
        const kept = Object.fromEntries(Object.entries(live.state).filter(([key]) => !leftOut.has(key)));
        const { memberGroups } = desiredIn(filesOf(draft));
        for (const { state } of [draft, lists].map((one) => desiredIn(filesOf(one))))
          expect(plain(state, memberGroups)).toEqual(plain(kept, memberGroups));
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it('is the same bytes in whatever order AWS answers', async () => {
    await fc.assert(
      fc.asyncProperty(grown, fc.nat(), async (live, by) => {
        expect((await wholeImport(turned(live, by))).files).toEqual((await wholeImport(live)).files);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

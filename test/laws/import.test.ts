import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adoptedFiles } from '../../src/import/adopt/files.ts';
import type { Files } from '../../src/desired/load.ts';
import { UserError } from '../../src/model/problem.ts';
import { resourcesOf } from '../../src/model/resource.ts';
import type { Key } from '../../src/model/resource.ts';
import { foldTree, foldedTarget } from '../../src/import/fold.ts';
import { brownfieldPairs, ownedPairs } from '../support/arbitraries.ts';
import { NOW } from '../support/build.ts';
import { desiredIn, filesOf, imported, linesOf } from '../support/imported.ts';

const isError = ({ severity }: { readonly severity: string }): boolean => severity === 'error';

const withAdopted = (files: Files, changes: ReturnType<typeof adoptedFiles>['files']): Files => {
  const texts = new Map(files.files.map(({ path, text }) => [path, text]));
  for (const { path, text } of changes) {
    if (text === undefined) texts.delete(path);
    else texts.set(path, text);
  }
  return { ...files, files: [...texts].map(([path, text]) => ({ path, text })) };
};

const adopted = (input: Parameters<typeof adoptedFiles>[0]): ReturnType<typeof adoptedFiles> | undefined => {
  try {
    return adoptedFiles(input);
  } catch (thrown) {
    if (thrown instanceof UserError) return undefined;
    throw thrown;
  }
};

describe('import', () => {
  it('writes files without an error, of which the plan holds nothing but adoptions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(ownedPairs, brownfieldPairs), async ({ live }) => {
        const draft = await imported(live);
        expect(draft.problems.filter(isError)).toEqual([]);
        expect(draft.others.map(({ action, key }) => `${action} ${key}`)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('folds assignments into rules that give exactly the same', async () => {
    await fc.assert(
      fc.asyncProperty(brownfieldPairs, async ({ live }) => {
        const [rules, lists] = await Promise.all([imported(live), imported(live, 'no-fold')]);
        const given = (files: Files): readonly Key[] =>
          Object.keys(desiredIn(files).state)
            .filter((key) => key.startsWith('assignment/'))
            .sort();
        expect(given(filesOf(rules))).toEqual(given(filesOf(lists)));
      }),
      { numRuns: 20 },
    );
  });

  it('gives the same bytes whatever the order in which AWS answers', async () => {
    await fc.assert(
      fc.asyncProperty(brownfieldPairs, async ({ live }) => {
        const reversed = { ...live, state: Object.fromEntries(Object.entries(live.state).reverse()) };
        expect((await imported(reversed)).files).toEqual((await imported(live)).files);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a fold', () => {
  const tree = fc.array(fc.constantFrom('', 'A', 'A/B', 'A/C', 'D'), { minLength: 1, maxLength: 14 });
  it('names as many words as it needs and no account more', () => {
    fc.assert(
      fc.property(tree, fc.array(fc.boolean(), { minLength: 15, maxLength: 15 }), (parents, picks) => {
        const accounts = parents.map((parent, index) => ({ name: `N${index}`, parent }));
        const input = { accounts, management: 'M', ous: ['A', 'A/B', 'A/C', 'D'] };
        const wanted = [...accounts.map(({ name }) => name), 'M'].filter((_, index) => picks[index]);
        const target = foldedTarget(wanted, foldTree(input));
        const words = [target.accounts, target.ous, target.except].flatMap((list) => list ?? []);
        expect(words.length).toBeLessThanOrEqual(wanted.length);
        const isIn = (parent: string, ou: string): boolean =>
          ou === 'Root' || parent === ou || parent.startsWith(`${ou}/`);
        const meant = [...accounts, { name: 'M', parent: '?' }].filter(({ name, parent }) => {
          const selected =
            (target.accounts ?? []).includes(name) ||
            (name !== 'M' && (target.ous ?? []).some((ou) => isIn(parent, ou)));
          return (
            selected && !(target.except ?? []).some((word) => word === name || (name !== 'M' && isIn(parent, word)))
          );
        });
        expect(meant.map(({ name }) => name).sort()).toEqual([...wanted].sort());
      }),
      { numRuns: 500 },
    );
  });
});

/** Where changes wait for each other in a circle, what is adopted may part it at another place: one is held instead of another. */
const keyIn = (line: string): Key => line.slice(line.indexOf(' ') + 1);

describe('adopt', () => {
  it('makes exactly the lines of what it takes disappear from the plan', async () => {
    let adoptions = 0;
    await fc.assert(
      fc.asyncProperty(brownfieldPairs, brownfieldPairs, fc.nat(), async (one, other, pick) => {
        // With all of a policy ours, keeping it in one place may spare a stand-in in another, which is no line of the key.
        const files = filesOf(await imported(one.live, 'fold', 'none'));
        const { live } = other;
        if (resourcesOf(live.state, 'policy-type').length !== resourcesOf(one.live.state, 'policy-type').length) return;
        const before = linesOf(files, live);
        const keys = before.filter((line) => !line.startsWith('held ')).map(keyIn);
        const key = keys[pick % Math.max(1, keys.length)];
        if (key === undefined) return;
        const made = adopted({ files, keys: [key], live: live.state, now: NOW, fold: 'no-fold' });
        if (made === undefined) return;
        adoptions += 1;
        const taken = new Set(made.keys);
        const left = before.map(keyIn).filter((key) => !taken.has(key));
        expect(linesOf(withAdopted(files, made.files), live).map(keyIn).sort()).toEqual(left.sort());
      }),
      { numRuns: 80, endOnFailure: true },
    );
    expect(adoptions).toBeGreaterThan(20);
  });
});

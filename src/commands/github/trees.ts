/** The two trees of a pull request: the base, whose settings and tests are trusted, and the head, which is data. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '../../evaluate/access-test.ts';
import type { AccessTest, DeclaredTest } from '../../evaluate/access-test.ts';
import type { Git } from '../../model/git.ts';
import type { Desired, Settings } from '../../model/desired.ts';
import type { TestResult } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import { testFailureText } from '../../render/tests.ts';
import type { CommandContext } from '../run/context.ts';
import type { RuledTree, ChangedTest } from '../../approve/files-changed.ts';
import { changedTests } from '../../approve/files-changed.ts';
import { renamedAccountLabels, presentName } from '../../approve/labels.ts';
import { readRepository } from '../run/repository.ts';
import { testContext } from '../../questions/worlds.ts';
import { readDeclared } from '../run/declared.ts';

export type RepositoryTree = RuledTree & { readonly context: CommandContext };
export type ReadTree = { readonly problems: readonly Problem[]; readonly tree?: RepositoryTree };

/** The caller reports the problems. */
export const readRepositoryTree = async (context: CommandContext): Promise<ReadTree> => {
  const { problems, desired, tests } = await readRepository(context);
  if (desired === undefined) return { problems };
  const written = tests.map(({ value }): ChangedTest => ({ name: value.test, words: value }));
  return { problems, tree: { context, desired, tests: written } };
};

type TargetRenames = {
  readonly account: (name: string) => string;
  readonly group: (name: string) => string;
  readonly set: (name: string) => string;
};

const namesOf = (base: Desired, head: Desired): TargetRenames => ({
  account: renamedAccountLabels(base, head),
  group: presentName('group', head),
  set: presentName('permission-set', head),
});

type AccessSubject = AccessTest['as'];

const renamedSubject = (subject: AccessSubject, names: TargetRenames): AccessSubject => ({
  ...subject,
  ...(subject.group === undefined ? {} : { group: names.group(subject.group) }),
  ...(subject.permissionSet === undefined ? {} : { permissionSet: names.set(subject.permissionSet) }),
  ...(subject.except === undefined ? {} : { except: subject.except.map((one) => renamedSubject(one, names)) }),
});

const renamedTest = (test: DeclaredTest, names: TargetRenames): DeclaredTest => {
  const accounts = test.accounts.map(names.account);
  return 'effective' in test ? { ...test, accounts } : { ...test, accounts, as: renamedSubject(test.as, names) };
};

export type BaseTests = {
  /** Tests of the base that fail on the head and that the head leaves as they are. */
  readonly broken: readonly TestResult[];
  /** Names of tests that the head changes or removes, and whose old words no longer hold. */
  readonly dropped: readonly string[];
};

/** The access tests of the base, asked of what the head wants; names follow `previously`. */
export const baseTestsOnHead = async (base: RepositoryTree, head: RepositoryTree): Promise<BaseTests> => {
  const [old, wanted] = await Promise.all([readDeclared(base.context), readDeclared(head.context)]);
  if (old === undefined || wanted === undefined) return { broken: [], dropped: [] };
  const names = namesOf(base.desired, head.desired);
  const tests = old.tests.map((test) => renamedTest(test, names));
  const results = await runTests(tests, testContext(head.context, wanted, wanted.worldAt(undefined)));
  const changed = changedTests(base.tests, head.tests);
  const failing = results.filter(({ ok }) => !ok);
  return {
    broken: failing
      .filter(({ name }) => !changed.has(name))
      .map((result) => ({ name: result.name, ok: false, message: testFailureText(result) })),
    dropped: failing.filter(({ name }) => changed.has(name)).map(({ name }) => name),
  };
};

/** The access tests of one tree that fail on what it asks for. */
export const failingTests = async ({ context }: RepositoryTree): Promise<readonly TestResult[]> => {
  const declared = await readDeclared(context);
  if (declared === undefined) return [];
  const results = await runTests(declared.tests, testContext(context, declared, declared.worldAt(undefined)));
  return results
    .filter(({ ok }) => !ok)
    .map((result) => ({ name: result.name, ok: false, message: testFailureText(result) }));
};

/** The settings of the base with the names of the head, to judge the head by. */
export const baseSettingsFor = (base: Desired, head: Desired): Settings => {
  const { settings } = base;
  const { group, set, account } = namesOf(base, head);
  const { breakGlass, delegatedAdministrator } = settings;
  return {
    ...settings,
    ...(breakGlass === undefined
      ? {}
      : { breakGlass: { group: group(breakGlass.group), permissionSet: set(breakGlass.permissionSet) } }),
    delegatedAdministrator: delegatedAdministrator === null ? null : account(delegatedAdministrator),
  };
};

/** Lends a temporary folder with the three folders of a commit or tree. */
export const withTreeOf = async <T>(git: Git, treeish: string, use: (dir: string) => Promise<T>): Promise<T> => {
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-tree-'));
  try {
    await git.exportTo(treeish, dir);
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

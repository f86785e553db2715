/**
 * What a plan costs and how that grows, without any call: files and AWS of 6,000 to 1,000,000 assignments, each plan in a
 * process of its own. `benchScale` gives its figures as data; whoever runs it prints them.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import type { ScaleFigure, StageFigure } from './scale/measured.ts';
import type { Size } from './scale/organization.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'node_modules/.cache/scale');

/** 1x, 4x and 16x, and what the largest organizations have. */
const sizes: readonly Size[] = [
  { accounts: 500, groups: 12 },
  { accounts: 1_000, groups: 24 },
  { accounts: 2_000, groups: 48 },
  { accounts: 10_000, groups: 100 },
];
/** Without IAM roles, and with some of ours and of others in every account. */
const cases = ['nothing', 'all', 'nothing but roles of others', 'all, and roles of others'] as const;
type Case = (typeof cases)[number];

/** As it ships: compiled, with its data beside it. */
const compile = async (): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const bundle = await rolldown({
    input: join(root, 'test/bench/scale/measured.ts'),
    platform: 'node',
    external: /^(@cloud-copilot\/|ajv)/,
  });
  await bundle.write({ file: join(folder, 'measured.js'), format: 'esm', codeSplitting: false });
  await bundle.close();
  const data = (await readdir(join(root, 'src/evaluate'))).filter((name) => /\.(json|gz)$/.test(name));
  const from = [join(root, 'src/desired/schemas.json'), ...data.map((name) => join(root, 'src/evaluate', name))];
  await Promise.all(from.map((path) => cp(path, join(folder, path.slice(path.lastIndexOf('/') + 1)))));
  return join(folder, 'measured.js');
};

const measure = async (script: string, has: Case, { accounts, groups }: Size): Promise<ScaleFigure> => {
  const roles = has.includes('roles') ? ['roles'] : [];
  const args = [script, has.startsWith('all') ? 'all' : 'nothing', String(accounts), String(groups), ...roles];
  const { stdout } = await promisify(execFile)('node', args, { maxBuffer: 1e7 });
  return JSON.parse(stdout) as ScaleFigure;
};

type ScaleCase = { readonly has: Case; readonly figures: readonly ScaleFigure[] };

export const benchScale = async (): Promise<readonly ScaleCase[]> => {
  const script = await compile();
  const found: ScaleCase[] = [];
  for (const has of cases) {
    const figures: ScaleFigure[] = [];
    for (const size of sizes) figures.push(await measure(script, has, size));
    found.push({ has, figures });
  }
  return found;
};

const stageNames = ['validate', 'plan', 'text', 'markdown', 'json'] as const;

/** By how much the work grows when the assignments double, as a power of two: 1 is linear. */
const exponentOf = (before: ScaleFigure, after: ScaleFigure, name: string): number =>
  Math.log((after.stages[name]?.cpu ?? 0) / (before.stages[name]?.cpu ?? 0)) /
  Math.log(after.assignments / before.assignments);

const cell = (figure: StageFigure | undefined): string => (figure?.cpu ?? 0).toFixed(2).padStart(9);
const peakOf = ({ stages }: ScaleFigure): number => Math.max(...Object.values(stages).map(({ peakMb }) => peakMb));

const lineOf = (figure: ScaleFigure, before: ScaleFigure | undefined): string => {
  const cells = stageNames.map((name) => cell(figure.stages[name])).join('');
  const growth =
    before === undefined
      ? ''
      : `; exponents ${['validate', 'plan'].map((name) => `${name} ${exponentOf(before, figure, name).toFixed(2)}`).join(', ')}`;
  return `${String(figure.assignments).padStart(11)}${String(figure.changes).padStart(11)}${cells}${String(peakOf(figure)).padStart(8)} MB${growth}`;
};

const caseTitles: Readonly<Record<Case, string>> = {
  nothing: 'first plan, of an AWS that has nothing but the tree',
  all: 'plan of an AWS that has it all',
  'nothing but roles of others':
    'first plan with a role in every account, of an AWS that has two roles of others there',
  'all, and roles of others': 'plan of an AWS that has all of that',
};

export const scaleLines = (found: readonly ScaleCase[]): readonly string[] => [
  'scale: seconds of CPU by stage, and peak memory',
  `${'assignments'.padStart(11)}${'changes'.padStart(11)}${stageNames.map((name) => name.padStart(9)).join('')}`,
  ...found.flatMap(({ has, figures }) => [
    `  ${caseTitles[has]}`,
    ...figures.map((figure, at) => lineOf(figure, figures[at - 1])),
  ]),
];

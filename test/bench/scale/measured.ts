/** One plan of one size in a process of its own, so that its memory is known: prints its figures as JSON. */
import { lintFiles } from '../../../src/desired/lint-files.ts';
import { understand } from '../../../src/desired/understand.ts';
import { loadActionCatalogue } from '../../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../../src/evaluate/catalogue.ts';
import { wholePlan } from '../../../src/plan/plan.ts';
import { plainPaint } from '../../../src/render/paint.ts';
import { planJson } from '../../../src/render/plan-json.ts';
import { planMarkdown } from '../../../src/render/plan-markdown.ts';
import { planText } from '../../../src/render/plan-text.ts';
import { filesOf, liveOf } from './organization.ts';

const now = '2026-11-23T12:00:00.000Z';
const megabyte = 1024;

/** Seconds of this process's CPU, those of the garbage collector's threads among them, and the peak of its memory so far. */
export type StageFigure = { readonly cpu: number; readonly seconds: number; readonly peakMb: number };
export type ScaleFigure = {
  readonly assignments: number;
  readonly changes: number;
  readonly stages: Readonly<Record<string, StageFigure>>;
};

const stages: Record<string, StageFigure> = {};

const measured = async <T>(name: string, run: () => T | Promise<T>): Promise<T> => {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const result = await run();
  const { user } = process.cpuUsage(before);
  const peakMb = Math.round(process.resourceUsage().maxRSS / megabyte);
  stages[name] = { cpu: user / 1e6, seconds: (performance.now() - began) / 1e3, peakMb };
  return result;
};

/** JSON of a million rows is longer than a string may be. */
const orNothing = (make: () => string): number => {
  try {
    return make().length;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
};

const main = async ([has = '', accounts = '', groups = '', roles = '']: readonly string[]): Promise<void> => {
  const files = filesOf({ accounts: Number(accounts), groups: Number(groups), roles: roles === 'roles' });
  const catalogue = loadCatalogue();
  const desired = await measured('validate', async () => {
    const understanding = understand(files, { catalogue, now });
    await lintFiles(files, understanding, catalogue);
    if (understanding.desired === undefined) throw new Error(JSON.stringify(understanding.problems.slice(0, 3)));
    return understanding.desired;
  });
  const live = liveOf(desired, has === 'all' ? 'all' : 'nothing');
  const knowledge = { actions: loadActionCatalogue(), policies: catalogue };
  const { plan } = await measured('plan', () => wholePlan({ desired, live, now }, knowledge));
  await measured('text', () => planText(plan, { paint: plainPaint, width: 80 }));
  await measured('markdown', () => planMarkdown(plan));
  await measured('json', () => orNothing(() => planJson(plan)));
  const assignments = Object.values(desired.state).filter(({ kind }) => kind === 'assignment').length;
  const figure: ScaleFigure = { assignments, changes: plan.changes.length, stages };
  process.stdout.write(JSON.stringify(figure));
};

await main(process.argv.slice(2));

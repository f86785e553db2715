/**
 * What the plan of a pull request costs with the record of the last drift run, beside reading whole, on the organizations of
 * read.bench.ts and at the same rates. CPU and memory are of this machine, with the sandbox's own.
 */
import { recordIn } from '../../src/model/record.ts';
import type { RecordUse } from '../../src/model/record.ts';
import { assignment } from '../support/build.ts';
import { startTrail } from '../support/hand-changes.ts';
import { readScene, sizes, total } from './read.bench.ts';
import type { OrganizationSize } from './organization.ts';

const hours = 3_600_000;

export type WarmFigures = {
  readonly what: string;
  readonly size: OrganizationSize;
  readonly calls: number;
  /** In the accounts: AssumeRole, their IAM and their event histories. */
  readonly inAccounts: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly use?: RecordUse | undefined;
};

const ofAccounts = /^(sts:AssumeRole|iam:|cloudtrail:LookupEvents)/;

type Work = () => Promise<{ readonly calls: Readonly<Record<string, number>>; readonly record?: RecordUse }>;

const measured = async (what: string, size: OrganizationSize, scene: ReturnType<typeof readScene>, work: Work) => {
  globalThis.gc?.();
  const [heap, cpu, began] = [process.memoryUsage().heapUsed, process.cpuUsage(), scene.clock.now()];
  const { calls, record } = await work();
  const { user, system } = process.cpuUsage(cpu);
  const accounts = Object.entries(calls).filter(([name]) => ofAccounts.test(name));
  return {
    ...{ what, size, calls: total(calls), inAccounts: total(Object.fromEntries(accounts)) },
    seconds: (scene.clock.now() - began) / 1_000,
    cpu: (user + system) / 1e6,
    megabytes: (process.memoryUsage().heapUsed - heap) / 1e6,
    ...(record === undefined ? {} : { use: record }),
  };
};

type Source = 'histories' | 'trail';

const ofSize = async (size: OrganizationSize, source: Source): Promise<readonly WarmFigures[]> => {
  const scene = readScene(size);
  if (source === 'trail') startTrail({ sandbox: scene.sandbox, now: scene.clock.now });
  await scene.clock.sleep(2 * hours);
  const keeping = scene.cloudOf({ keeps: 'a record' });
  const cold = await measured('whole', size, scene, async () => (await keeping.read()).reads);
  const text = JSON.stringify(keeping.record());
  const kept = { ...cold, what: `record of ${(text.length / 1e6).toFixed(1)} MB` };
  await scene.clock.sleep(7 * hours);
  const since = (touched: readonly ReturnType<typeof assignment>[]) => async () => {
    const record = recordIn(text);
    if (record === undefined) throw new Error('there is no record');
    return (await scene.cloudOf().readSince(record, touched)).reads;
  };
  const noop = await measured('with the record, nothing touched', size, scene, since([]));
  const one = await measured(
    'with the record, one assignment touched',
    size,
    scene,
    since([assignment('group:Group0', 'Set0', 'Account0')]),
  );
  return [{ ...cold }, kept, noop, one];
};

export const benchWarm = async (): Promise<readonly WarmFigures[]> => {
  const figures: WarmFigures[] = [];
  for (const size of sizes)
    for (const one of [size, { ...size, fed: false as const }])
      for (const source of ['histories', 'trail'] as const)
        figures.push(...(await ofSize(one, source)).map((row) => ({ ...row, what: `${row.what}, ${source}` })));
  return figures;
};

const lineOf = ({ what, size, calls, inAccounts, seconds, cpu, megabytes, use }: WarmFigures): string =>
  `  ${size.accounts} accounts${size.fed === false ? ', no directory' : ''}, ${what}: ${calls} calls (${inAccounts} in accounts), ${seconds.toFixed(1)} s, ${cpu.toFixed(2)} s CPU, ${megabytes.toFixed(0)} MB${use === undefined ? '' : ` ${JSON.stringify(use)}`}`;

export const warmLines = (figures: readonly WarmFigures[]): readonly string[] => [
  'reading with the record of a drift run, seven hours later',
  ...figures.map(lineOf),
];

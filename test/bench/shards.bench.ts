/**
 * What reading costs when several runs share it, on organizations of two sizes at the documented rates: each run for itself,
 * and with one run that reads for all of them what lies in no account. One of the runs is measured; the others are like it.
 */
import { recordIn } from '../../src/model/record.ts';
import { readScene, total } from './read.bench.ts';
import type { OrganizationSize } from './organization.ts';

const minutes = 60_000;
const runs = 5;

const size = (counts: readonly [number, number, number, number, number, number]): OrganizationSize => {
  const [accounts, ous, guardRails, sets, groups, users] = counts;
  return { accounts, ous, guardRails, sets, groups, users, membersPerGroup: 5, assignmentsPerAccount: 10 };
};

const sizes: readonly OrganizationSize[] = [
  size([500, 60, 80, 60, 300, 3_000]),
  size([2_000, 150, 160, 150, 1_000, 8_000]),
];

export type ShardFigures = {
  readonly size: OrganizationSize;
  readonly what: string;
  readonly calls: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly note: string;
};

const ofSize = async (of: OrganizationSize): Promise<readonly ShardFigures[]> => {
  const scene = readScene(of);
  const { clock, cloudOf, iam } = scene;
  const part = Object.values(scene.labels).filter((_, at) => at % runs === 0);
  const timed = async (
    what: string,
    work: () => Promise<{ calls: Readonly<Record<string, number>>; note?: string }>,
  ) => {
    const [cpu, began] = [process.cpuUsage(), clock.now()];
    const { calls, note = '' } = await work();
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (clock.now() - began) / 1_000;
    return { size: of, what, calls: total(calls), seconds, cpu: (user + system) / 1e6, note };
  };
  const share = 1 / runs;
  const mine = { ...iam, accounts: part };
  const one = await timed('one run', async () => (await cloudOf().read()).reads);
  await clock.sleep(10 * minutes);
  const alone = await timed(
    'one of five runs, for itself',
    async () => (await cloudOf({ share, iam: mine }).read()).reads,
  );
  await clock.sleep(10 * minutes);
  let text = '';
  const first = await timed('what lies in no account, kept', async () => {
    const keeping = cloudOf({ iam: { ...iam, accounts: [] }, keeps: 'a record' });
    const { reads } = await keeping.read();
    text = JSON.stringify(keeping.record());
    return { calls: reads.calls, note: `record of ${(text.length / 1e6).toFixed(1)} MB` };
  });
  await clock.sleep(2 * minutes);
  const taking = await timed('one of five runs, with what was kept', async () => {
    const record = recordIn(text);
    if (record === undefined) throw new Error('there is no record');
    const { reads } = await cloudOf({ share, iam: mine }).readSince(record, []);
    return { calls: reads.calls, note: JSON.stringify(reads.record) };
  });
  return [one, alone, first, taking];
};

export const benchShards = async (): Promise<readonly ShardFigures[]> => {
  const figures: ShardFigures[] = [];
  for (const one of sizes) figures.push(...(await ofSize(one)));
  return figures;
};

const lineOf = ({ size: of, what, calls, seconds, cpu, note }: ShardFigures): string =>
  `  ${of.accounts} accounts, ${what}: ${calls} calls, ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s CPU ${note}`;

export const shardLines = (figures: readonly ShardFigures[]): readonly string[] => [
  `reading in ${runs} runs`,
  ...figures.map(lineOf),
];

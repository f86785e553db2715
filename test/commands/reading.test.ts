/** The line at the foot of a terminal while AWS is read, and the lines of a log. */
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/run/context.ts';
import { readingWatch } from '../../src/commands/run/reading.ts';

const ERASE = '\r\u001b[K';

type Stream = { readonly isTTY?: true; readonly columns?: number };

const watchOn = (stream: Stream, options: { readonly verbose?: true } = {}) => {
  const screen = new PassThrough({ encoding: 'utf8' });
  const lines: string[] = [];
  const context = {
    errStream: Object.assign(screen, stream),
    err: (line: string) => void lines.push(line),
    clock: { now: () => 0 },
    options,
  } as unknown as CommandContext;
  const drawn: string[] = [];
  screen.on('data', (text: string) => drawn.push(...text.split(ERASE)));
  return { watch: readingWatch(context), drawn, lines };
};

const patient = { timeout: 30_000 };
const half = { stage: 'permission-sets', done: 12, total: 15 } as const;

it('is drawn at once, again with what AWS has told, and is gone when the reading ends', async () => {
  const { watch, drawn } = watchOn({ isTTY: true, columns: 80 });
  const open = watch.open();
  await expect.poll(() => drawn, patient).toContain('| Reading AWS, 0 s');
  watch.told(half);
  await expect.poll(() => drawn, patient).toContain('| Reading AWS, 0 s · permission sets 12 of 15');
  open.close();
  await expect.poll(() => drawn.at(-1), patient).toBe('');
});

it('is cut where the terminal ends', async () => {
  const { watch, drawn } = watchOn({ isTTY: true, columns: 30 });
  const open = watch.open();
  watch.told(half);
  await expect.poll(() => drawn.some((line) => line.includes('perm')), patient).toBe(true);
  open.close();
  expect(drawn.filter((line) => line.length > 29)).toEqual([]);
});

it('is a line for each stage that has ended in a log that asks for more, and nothing in another', () => {
  const logs = [{ verbose: true } as const, {}].map((options) => {
    const { watch, lines } = watchOn({}, options);
    const open = watch.open();
    watch.told(half);
    watch.told({ ...half, done: 15 });
    open.close();
    return lines;
  });
  expect(logs).toEqual([['Read: permission sets, 15 of 15, after 0 seconds'], []]);
});

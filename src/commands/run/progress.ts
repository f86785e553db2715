/** Progress of an apply: a list of phases on a terminal, a line per change in a log. */
import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { Outcome } from '../../model/cloud.ts';
import { phases } from '../../model/plan.ts';
import type { Change, Phase, Plan } from '../../model/plan.ts';
import { outcomeLine } from '../../render/outcomes.ts';
import { progressLine } from '../../render/progress.ts';
import { phaseProgress } from '../../render/words.ts';
import type { CommandContext } from './context.ts';
import { statusLine } from './status-line.ts';
import type { WalkEvents } from './walk.ts';

export type ProgressEvents = WalkEvents & { readonly finish: () => Promise<void> };

const logLines = (context: CommandContext): ProgressEvents => ({
  started: () => undefined,
  settled: (change, outcome) => context.err(outcomeLine(outcome, change)),
  finish: async () => undefined,
});

const eventLines = (context: CommandContext): ProgressEvents => {
  const print = (event: string, change: Change, outcome?: Outcome): void =>
    context.out(JSON.stringify({ event, id: change.id, action: change.action, key: change.key, ...outcome }));
  return {
    started: (change) => print('started', change),
    settled: (change, outcome) => print(outcome.status, change, outcome),
    finish: async () => undefined,
  };
};

type ShownTask = { title: string; output: string };
type ProgressRow = {
  readonly title: string;
  readonly task: (context: unknown, task: ShownTask) => Promise<void>;
  readonly say: (line: string) => void;
  readonly settle: () => void;
  readonly isOpen: () => boolean;
  readonly close: () => void;
};

/** One task of the list: its title counts, the line below says how things go. */
const rowOf = (phase: Phase, total: number): ProgressRow => {
  let settled = 0;
  let shown: ShownTask | undefined;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const title = (): string => phaseProgress(phase, settled, total);
  return {
    title: title(),
    task: (_, task) => {
      shown = task;
      task.title = title();
      return finished;
    },
    say: (line) => {
      if (shown !== undefined) shown.output = line;
    },
    settle: () => {
      settled += 1;
      if (shown !== undefined) shown.title = title();
      if (settled === total) finish();
    },
    isOpen: () => settled < total,
    close: () => finish(),
  };
};

type ChangeTally = {
  readonly started: (change: Change) => void;
  readonly settled: (change: Change) => void;
  readonly line: () => string;
};

const tallyOf = ({ clock }: CommandContext, { changes, estimate }: Plan): ChangeTally => {
  const begun = clock.now();
  const running = new Map<Change, number>();
  let settled = 0;
  const since = (moment: number): number => (clock.now() - moment) / 1000;
  return {
    started: (change) => void running.set(change, clock.now()),
    settled: (change) => {
      running.delete(change);
      settled += 1;
    },
    line: () =>
      progressLine({
        settled,
        total: changes.length,
        elapsed: since(begun),
        estimate: estimate.seconds,
        running: [...running].map(([change, start]) => ({ change, age: since(start) })),
      }),
  };
};

const rowsOf = ({ changes }: Plan): ReadonlyMap<Phase, ProgressRow> =>
  new Map(
    phases
      .map((phase) => [phase, changes.filter((change) => change.phase === phase).length] as const)
      .filter(([, total]) => total > 0)
      .map(([phase, total]) => [phase, rowOf(phase, total)]),
  );

const refreshEvery = 500;

const taskList = (context: CommandContext, plan: Plan): ProgressEvents => {
  const rows = rowsOf(plan);
  const tally = tallyOf(context, plan);
  const logger = new ListrLogger({ processOutput: new ProcessOutput(context.errStream, context.errStream) });
  // Its own listener would end the process at the first Ctrl-C, with a write in flight.
  const list = new Listr(
    [...rows.values()].map(({ title, task }) => ({ title, task })),
    { concurrent: true, rendererOptions: { logger }, registerSignalListeners: false },
  );
  const shown = list.run();
  const refresh = (): void => [...rows.values()].find((row) => row.isOpen())?.say(tally.line());
  const ticking = setInterval(refresh, refreshEvery);
  return {
    started: (change) => {
      tally.started(change);
      refresh();
    },
    settled: (change, outcome) => {
      tally.settled(change);
      const row = rows.get(change.phase);
      if (outcome.status !== 'done') row?.say(outcomeLine(outcome, change));
      row?.settle();
      refresh();
    },
    finish: async () => {
      clearInterval(ticking);
      for (const row of rows.values()) row.close();
      await shown;
    },
  };
};

/** A line that is gone afterwards, on a terminal; nothing elsewhere. */
export const oneLineProgress = (context: CommandContext, plan: Plan): ProgressEvents => {
  const { started, settled, line } = tallyOf(context, plan);
  const shown = statusLine(context, line);
  return { started, settled, finish: async () => shown?.close() };
};

export const showProgress = (context: CommandContext, plan: Plan): ProgressEvents => {
  if (context.options.format === 'json') return eventLines(context);
  const { isTTY, columns, rows } = context.errStream;
  return isTTY && columns > 0 && rows > 0 ? taskList(context, plan) : logLines(context);
};

/** Progress of an apply: a list of phases on a terminal, a line per change in a log. */
import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { Outcome } from '../model/cloud.ts';
import { phases } from '../model/plan.ts';
import type { Change, Phase, Plan } from '../model/plan.ts';
import { outcomeLine } from '../render/outcomes.ts';
import { phaseProgress } from '../render/words.ts';
import type { Context } from './context.ts';
import type { WalkEvents } from './walk.ts';

type Progress = WalkEvents & { readonly finish: () => Promise<void> };

const logLines = (context: Context): Progress => ({
  started: () => undefined,
  settled: (change, outcome) => context.err(outcomeLine(outcome, change)),
  finish: async () => undefined,
});

const eventLines = (context: Context): Progress => {
  const print = (event: string, change: Change, outcome?: Outcome): void =>
    context.out(JSON.stringify({ event, id: change.id, action: change.action, key: change.key, ...outcome }));
  return {
    started: (change) => print('started', change),
    settled: (change, outcome) => print(outcome.status, change, outcome),
    finish: async () => undefined,
  };
};

type Shown = { title: string; output: string };
type Row = {
  readonly title: string;
  readonly task: (context: unknown, task: Shown) => Promise<void>;
  readonly settle: (latest: string) => void;
  readonly close: () => void;
};

/** One task of the list: its title counts, the line below names the change that was last settled. */
const rowOf = (phase: Phase, total: number): Row => {
  let settled = 0;
  let latest = '';
  let shown: Shown | undefined;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const show = (): void => {
    if (shown !== undefined) Object.assign(shown, { title: phaseProgress(phase, settled, total), output: latest });
  };
  return {
    title: phaseProgress(phase, 0, total),
    task: (_, task) => {
      shown = task;
      show();
      return finished;
    },
    settle: (line) => {
      settled += 1;
      latest = line;
      show();
      if (settled === total) finish();
    },
    close: () => finish(),
  };
};

const taskList = (context: Context, plan: Plan): Progress => {
  const rows = new Map<Phase, Row>();
  for (const phase of phases) {
    const total = plan.changes.filter((change) => change.phase === phase).length;
    if (total > 0) rows.set(phase, rowOf(phase, total));
  }
  const logger = new ListrLogger({ processOutput: new ProcessOutput(context.errStream, context.errStream) });
  const list = new Listr(
    [...rows.values()].map(({ title, task }) => ({ title, task })),
    { concurrent: true, rendererOptions: { logger } },
  );
  const shown = list.run();
  return {
    started: () => undefined,
    settled: (change, outcome) => rows.get(change.phase)?.settle(outcomeLine(outcome, change)),
    finish: async () => {
      for (const row of rows.values()) row.close();
      await shown;
    },
  };
};

export const showProgress = (context: Context, plan: Plan): Progress => {
  if (context.options.format === 'json') return eventLines(context);
  const { isTTY, columns, rows } = context.errStream;
  return isTTY && columns > 0 && rows > 0 ? taskList(context, plan) : logLines(context);
};

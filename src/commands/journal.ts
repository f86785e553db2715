/** .gatehouse/journal.jsonl: what was tried and what became of it. Read by people; nothing depends on it. */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../model/cloud.ts';
import type { Change } from '../model/plan.ts';

type Journal = {
  readonly started: (change: Change) => void;
  readonly settled: (change: Change, outcome: Outcome) => void;
  readonly close: () => Promise<void>;
};

type Line = Readonly<Record<string, string | undefined>>;

type Run = { readonly fingerprint: string; readonly organization: string; readonly now: () => number };

/** Lines are appended in order; a run is told from the next by its fingerprint and first line. */
export const journalTo = (append: (text: string) => Promise<void>, run: Run): Journal => {
  let written = Promise.resolve();
  const write = (line: Line): void => {
    const text = `${JSON.stringify({ time: new Date(run.now()).toISOString(), ...line })}\n`;
    written = written.then(() => append(text));
  };
  write({ event: 'run', organization: run.organization, fingerprint: run.fingerprint });
  return {
    started: ({ id, action, key }) => write({ event: 'started', id, action, key }),
    settled: ({ id, action, key }, { status, reason }) => write({ event: status, id, action, key, reason }),
    close: async () => {
      write({ event: 'end', fingerprint: run.fingerprint });
      await written;
    },
  };
};

export const openJournal = async (dir: string, run: Run): Promise<Journal> => {
  const folder = join(dir, '.gatehouse');
  await mkdir(folder, { recursive: true });
  return journalTo((text) => appendFile(join(folder, 'journal.jsonl'), text), run);
};

/**
 * .gatehouse/journal.jsonl: what was tried and what became of it. Read by people. Nothing depends on it: what cannot be
 * written is said once, and the run goes on.
 */
import { chmod, constants, lstat, mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../../model/cloud.ts';
import type { Change } from '../../model/plan.ts';
import type { CommandContext } from './context.ts';
import { errorMessage } from './tried.ts';

type RunJournal = {
  readonly started: (change: Change) => void;
  readonly settled: (change: Change, outcome: Outcome) => void;
  readonly close: () => Promise<void>;
};

type JournalLine = Readonly<Record<string, string | undefined>>;

type JournalRun = { readonly fingerprint: string; readonly organization: string };

type JournalFile = {
  readonly append: (text: string) => Promise<void>;
  /** Called once, with the first failure. */
  readonly lost: (error: unknown) => void;
  readonly now: () => number;
};

/** Lines are appended in order; a run is told from the next by its fingerprint and first line. After a failure none is. */
export const journalTo = ({ append, lost, now }: JournalFile, run: JournalRun): RunJournal => {
  let state: Promise<'whole' | 'lost'> = Promise.resolve('whole');
  const attempt = async (text: string, before: 'whole' | 'lost'): Promise<'whole' | 'lost'> => {
    if (before === 'lost') return 'lost';
    try {
      await append(text);
      return 'whole';
    } catch (error) {
      lost(error);
      return 'lost';
    }
  };
  const write = (line: JournalLine): void => {
    const text = `${JSON.stringify({ time: new Date(now()).toISOString(), ...line })}\n`;
    state = state.then((before) => attempt(text, before));
  };
  write({ event: 'run', organization: run.organization, fingerprint: run.fingerprint });
  return {
    started: ({ id, action, key }) => write({ event: 'started', id, action, key }),
    settled: ({ id, action, key }, { status, reason }) => write({ event: status, id, action, key, reason }),
    close: async () => {
      write({ event: 'end', fingerprint: run.fingerprint });
      await state;
    },
  };
};

/** Not through a link, which may lead anywhere, and not into a pipe, which may never be read. */
const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const openFile = async (folder: string): Promise<FileHandle> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await lstat(folder)).isDirectory()) throw new Error(`${folder} is a link`);
  await chmod(folder, 0o700);
  const file = await open(join(folder, 'journal.jsonl'), flags, 0o600);
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${folder}/journal.jsonl is no regular file`);
    await file.chmod(0o600);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
};

const append = async (file: FileHandle, text: string): Promise<void> => {
  if ((await file.stat()).nlink === 0) throw new Error('the file was removed');
  await file.appendFile(text);
};

/** Never rejects, and what it returns never does. */
export const openJournal = ({ options, err, clock }: CommandContext, run: JournalRun): RunJournal => {
  const folder = join(options.dir, '.gatehouse');
  const opened = openFile(folder);
  // Each line asks for the file again, and is told then.
  opened.catch(() => undefined);
  const lost = (error: unknown): void => {
    err(`the journal in ${folder} cannot be written, and the run goes on without it: ${errorMessage(error)}`);
  };
  const journal = journalTo({ append: async (text) => append(await opened, text), lost, now: clock.now }, run);
  return {
    ...journal,
    close: async () => {
      await journal.close();
      await opened.then((file) => file.close()).catch(() => undefined);
    },
  };
};

/** One process at a time changes the world in a folder: a file beside it says which. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type LockHolder = { readonly pid: number; readonly command: string };

/** `isAlive`: whether a process of this id runs on this machine. */
export type LockingProcess = LockHolder & { readonly isAlive: (pid: number) => boolean };

type ReleaseLock = () => Promise<void>;

export const lockFileOf = (folder: string): string => join(folder, 'sandbox.lock');

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

const ignoring =
  (...codes: readonly string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes(String(codeOf(error)))) throw error;
  };

const holderIn = (text: string): LockHolder | undefined => {
  try {
    const { pid, command } = JSON.parse(text) as Partial<LockHolder>;
    return typeof pid === 'number' && typeof command === 'string' ? { pid, command } : undefined;
  } catch {
    return undefined;
  }
};

const readHolder = async (file: string): Promise<LockHolder | undefined> => {
  const text = await readFile(file, 'utf8').catch(ignoring('ENOENT'));
  return text === undefined ? undefined : holderIn(text);
};

/** Moved aside and looked at again: what another process has put there meanwhile is put back. */
const removeStale = async (file: string, { isAlive }: LockingProcess): Promise<void> => {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(ignoring('ENOENT'));
  const holder = await readHolder(aside);
  if (holder !== undefined && isAlive(holder.pid)) await link(aside, file).catch(ignoring('EEXIST'));
  await rm(aside, { force: true });
};

/** Linked into place, so that whoever sees the file sees all of it. */
const taken = async (file: string, { pid, command }: LockingProcess): Promise<'taken' | 'there is one'> => {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify({ pid, command }), { mode: 0o600 });
  try {
    await link(draft, file);
    return 'taken';
  } catch (error) {
    ignoring('EEXIST')(error);
    return 'there is one';
  } finally {
    await rm(draft, { force: true });
  }
};

/** The way to let go of it again, or who has it. A holder that no longer runs has nothing. */
export const tryLock = async (folder: string, self: LockingProcess): Promise<ReleaseLock | LockHolder> => {
  const file = lockFileOf(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (;;) {
    if ((await taken(file, self)) === 'taken') return () => rm(file, { force: true });
    const holder = await readHolder(file);
    if (holder !== undefined && self.isAlive(holder.pid)) return holder;
    await removeStale(file, self);
  }
};

/** Who may save the local AWS: a command that writes to it holds it from its first look to its end. */
import { UserError } from '../../model/problem.ts';
import { lockFileOf, tryLock } from '../../sandbox/lock.ts';
import type { LockHolder, LockingProcess } from '../../sandbox/lock.ts';
import { editionOf, saveWorld } from '../../sandbox/store.ts';
import type { SandboxWorld } from '../../sandbox/world.ts';
import type { CommandContext } from './context.ts';

const writing: readonly string[] = ['apply', 'github apply', 'demo', 'sandbox serve', 'sandbox reset', 'sandbox call'];

const selfOf = ({ options: { command }, self }: CommandContext): LockingProcess | undefined =>
  self === undefined || command === undefined ? undefined : { ...self, command };

const LOOK_AGAIN_MS = 100;
/** Readers hold it for a moment; nobody needs to be told of them. */
const SILENT_LOOKS = 5;
const MOST_LOOKS = 6_000;

const told = ({ pid, command }: LockHolder, folder: string): string =>
  `"gatehouse ${command}" (process ${pid}), which holds the local AWS in ${folder}`;

const served = (holder: LockHolder, folder: string): UserError =>
  new UserError(`refused: ${told(holder, folder)}: call it at its port, or stop it first`);

type FolderLook = { readonly context: CommandContext; readonly folder: string; readonly looks: number };

const wait = async ({ context, folder, looks }: FolderLook, holder: LockHolder): Promise<void> => {
  if (holder.command === 'sandbox serve') throw served(holder, folder);
  if (context.interrupt.aborted) throw new UserError('interrupted: nothing was begun');
  if (looks === SILENT_LOOKS) context.err(`Waiting for ${told(holder, folder)}.`);
  if (looks === MOST_LOOKS)
    throw new UserError(`${told(holder, folder)}, does not end; if it is none of ours, remove ${lockFileOf(folder)}`);
  await context.clock.sleep(LOOK_AGAIN_MS);
};

/** Nothing for a command that only reads. Throws UserError when the holder is a server, or never ends. */
export const holdSandbox = async (context: CommandContext, folder: string): Promise<void> => {
  const self = selfOf(context);
  if (self === undefined || context.atEnd === undefined || !writing.includes(self.command)) return;
  for (let looks = 1; ; looks += 1) {
    const lock = await tryLock(folder, self);
    if (typeof lock === 'function') return context.atEnd(lock);
    if (lock.pid === self.pid) return;
    await wait({ context, folder, looks }, lock);
  }
};

/**
 * Holders save what they have. What reading leaves behind (the first world, who has asked what) is saved when nobody has
 * written since, and is not worth waiting for.
 */
export const savingSandbox = async (
  context: CommandContext,
  folder: string,
): Promise<(world: SandboxWorld) => Promise<void>> => {
  const self = selfOf(context);
  if (self === undefined || writing.includes(self.command)) return (world) => saveWorld(folder, world);
  let edition = await editionOf(folder);
  return async (world) => {
    const lock = await tryLock(folder, self);
    if (typeof lock !== 'function') return;
    try {
      if (edition !== (await editionOf(folder))) return;
      await saveWorld(folder, world);
      edition = await editionOf(folder);
    } finally {
      await lock();
    }
  };
};

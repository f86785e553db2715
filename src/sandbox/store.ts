/** The world in one file. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SandboxWorld } from './world.ts';

export const fileOf = (folder: string): string => join(folder, 'sandbox.json');

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const parts: readonly (keyof SandboxWorld)[] = [
  'seedTime',
  'settings',
  'ids',
  'organizations',
  'sso',
  'identityStore',
  'iam',
  'sessions',
  'cloudTrail',
  'accessAnalyzer',
  'buckets',
  'requestLog',
];

const isWorld = (value: unknown): value is SandboxWorld =>
  typeof value === 'object' &&
  value !== null &&
  (value as { version?: unknown }).version === 1 &&
  parts.every((part) => Object.hasOwn(value, part));

const broken = (file: string, why: string): Error =>
  new Error(`${file} is not a sandbox: ${why}. The command "sandbox reset" starts over.`);

/** Undefined when there is no file yet. Throws when there is one that no sandbox wrote. */
export const loadWorld = async (folder: string): Promise<SandboxWorld | undefined> => {
  const file = fileOf(folder);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(file, 'it is not valid JSON');
  }
  // Sandboxes of older releases have no resources.
  if (isWorld(value)) return { ...value, resources: (value as Partial<SandboxWorld>).resources ?? {} };
  throw broken(file, 'parts of the state are missing or of another version');
};

/** Differs whenever somebody has saved in between. */
export const editionOf = async (folder: string): Promise<string> => {
  const found = await stat(fileOf(folder), { bigint: true }).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return found === undefined ? 'none' : `${found.ino} ${found.mtimeNs} ${found.size}`;
};

/**
 * Written beside the file and renamed over it, so that a killed process leaves the old or the new world, never half. It holds
 * whatever was sent here, keys of sessions among it: nobody else's to read.
 */
export const saveWorld = async (folder: string, world: SandboxWorld): Promise<void> => {
  const file = fileOf(folder);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, JSON.stringify(world), { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
};

type StateSaver = {
  /** Asks for a save soon; many requests become one write. */
  readonly request: () => void;
  /** Waits until everything requested so far is on disk. Rejects when that cannot be written, and may be tried again. */
  readonly flush: () => Promise<void>;
};

/** Saves one after the other, never two at once. */
export const saver = (folder: string, world: () => SandboxWorld): StateSaver => {
  let wanted = false;
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    if (!wanted) return;
    wanted = false;
    await saveWorld(folder, world()).catch((error: unknown) => {
      wanted = true;
      throw error;
    });
  };
  const next = (): Promise<void> => {
    running = running.catch(() => undefined).then(run);
    return running;
  };
  return {
    request: () => {
      if (wanted) return;
      wanted = true;
      setTimeout(() => void next().catch(() => undefined), 20).unref();
    },
    flush: next,
  };
};

/** Files that get another text, each whole or not at all: no reader ever finds half of one. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

type NewText = { readonly path: string; readonly text: string };

/** All of it is written beside the folder's own files first: where the disk is full or closed, nothing has changed. */
export const replaceFiles = async (dir: string, files: readonly NewText[]): Promise<void> => {
  if (files.length === 0) return;
  await mkdir(join(dir, '.gatehouse'), { recursive: true });
  const stage = await mkdtemp(join(dir, '.gatehouse/texts-'));
  try {
    for (const { path, text } of files) {
      await mkdir(dirname(join(stage, path)), { recursive: true });
      await writeFile(join(stage, path), text);
    }
    for (const { path } of files) await rename(join(stage, path), join(dir, path));
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
};

/** What this package is called, which version it is, and where it lies. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../../package.json' with { type: 'json' };

export const ownName: string = manifest.name;
export const ownVersion: string = manifest.version;

const upToManifest = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : upToManifest(dirname(folder));

/** The example company lies there, too. */
export const ownFolder = (): string => upToManifest(dirname(fileURLToPath(import.meta.url)));

/** Organizations to compare versions on: files in a folder, and the AWS that each version reads over the network. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { freshWorld } from '../../src/commands/run/open-sandbox.ts';
import { load } from '../../src/desired/load.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Live } from '../../src/model/cloud.ts';
import { stateOf } from '../../src/model/resource.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { NOW } from '../support/build.ts';
import { wholeImport } from '../support/imported.ts';
import { organizations } from '../support/organizations.ts';
import { resolve } from '../support/understood.ts';
import { worldOf } from '../support/world-of.ts';

export type Organization = {
  readonly name: string;
  /** Where its files lie. */
  readonly dir: string;
  readonly world: SandboxWorld;
};

/** The example as the older version has it: what its users wrote. */
export const secureCart = async (dir: string): Promise<Organization> => {
  const desired = resolve(await load(dir), { catalogue: loadCatalogue(), now: NOW });
  return { name: 'SecureCart', dir, world: freshWorld(desired, Date.parse(NOW)) };
};

/** Nothing else hangs on these. */
const leaves = ['assignment', 'membership', 'attachment'];

/** The local AWS gives nothing to somebody who is gone. */
const isOrphan = (resource: Resource): boolean => resource.kind === 'assignment' && resource.principal.orphan === true;

/** Without every seventh of them, counted from `first`: what somebody took away by hand, or never wrote down. */
const thinned = (live: Live, first: number): Live => {
  let at = first;
  const kept = Object.values(live.state).filter(
    (resource) => !isOrphan(resource) && (!leaves.includes(resource.kind) || (at += 1) % 7 !== 0),
  );
  return { ...live, state: stateOf(kept) };
};

const write = async (live: Live, dir: string): Promise<void> => {
  for (const { path, text } of (await wholeImport(live)).files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
};

/** Files that say one part of an organization, an AWS that has another: there is something to make and something to take away. */
export const randomOrganization = async (seed: number, dir: string): Promise<Organization> => {
  const [live] = fc.sample(organizations, { seed, numRuns: 1 });
  if (live === undefined) throw new Error('fast-check sampled nothing');
  await write(thinned(live, 0), dir);
  return { name: `random organization ${seed}`, dir, world: worldOf(thinned(live, 3), 'eu-west-1', Date.parse(NOW)) };
};

/** The local AWS in a folder: read if it is there, seeded as a brownfield from the repository if not. */
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import type { Desired } from '../../model/desired.ts';
import type { Group } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';
import { emptyWorld } from '../../sandbox/empty.ts';
import { createSandbox } from '../../sandbox/handle.ts';
import type { Sandbox } from '../../sandbox/handle.ts';
import { brownfield } from '../../sandbox/seed.ts';
import type { SeedInput } from '../../sandbox/seed.ts';
import { loadWorld, saveWorld } from '../../sandbox/store.ts';
import type { SandboxWorld } from '../../sandbox/world.ts';
import type { CommandContext } from './context.ts';
import { holdSandbox, savingSandbox } from './hold-sandbox.ts';

export type OpenedSandbox = { readonly sandbox: Sandbox; readonly save: () => Promise<void> };

const staffOfExternalGroup = 3;

/** A corporate directory needs people: `GROUP-1@HOST` and so on, for groups whose members the YAML cannot know. */
const invented = (group: Group, host: string): readonly string[] => {
  const name = group.name
    .toLowerCase()
    .replace(/^.*-/, '')
    .replace(/[^a-z0-9]+/g, '');
  return Array.from({ length: staffOfExternalGroup }, (_, index) => `${name || 'member'}-${index + 1}@${host}`);
};

/** Users that the files create are not in the seed. */
const namedUsers = (desired: Desired): readonly string[] => {
  const created = new Set(resourcesOf(desired.state, 'user').map(({ name }) => name));
  return namesIn(desired).filter((name) => !created.has(name));
};

const namesIn = (desired: Desired): readonly string[] => [
  ...new Set([
    ...resourcesOf(desired.state, 'membership').map(({ user }) => user),
    ...resourcesOf(desired.state, 'assignment')
      .filter(({ principal }) => principal.type === 'user')
      .map(({ principal }) => principal.name),
  ]),
];

/** What the sandbox must contain for this repository to have somebody to speak of. */
const seedOf = (desired: Desired): SeedInput => {
  const users = namedUsers(desired);
  const host = users.find((user) => user.includes('@'))?.split('@')[1] ?? 'example.com';
  const accounts = Object.entries(desired.accounts).map(([id, name]) => ({ id, name }));
  const management = accounts.find(({ name }) => name === desired.managementAccount);
  return {
    organizationId: desired.settings.organization,
    region: desired.settings.region,
    management: management ?? { name: desired.managementAccount, id: '111111111111' },
    accounts: accounts.filter(({ name }) => name !== desired.managementAccount),
    users,
    externalGroups: resourcesOf(desired.state, 'group')
      .filter(({ source }) => source === 'external')
      .map((group) => ({ name: group.name, members: invented(group, host) })),
    upkeep: 'neglected',
    resources: (desired.resources ?? []).map(({ resource, account, region }) => ({
      arn: resource,
      account: accounts.find(({ name }) => name === account)?.id ?? '',
      region,
    })),
    ...(desired.settings.memberRole === undefined ? {} : { memberRole: desired.settings.memberRole }),
  };
};

const sandboxCatalogue = () => {
  const { names, arnOf, has, document, version = () => 1 } = loadCatalogue();
  const text = (arn: string): string | undefined => {
    const policy = document(arn);
    return policy === undefined ? undefined : JSON.stringify(policy);
  };
  return { arnOf, has, version, document: text, arns: () => names().map((name) => arnOf(name) ?? '') };
};

/** It keeps AWS's documented rates and waits, this much faster, where nobody but the command asks it. */
export const sandboxSpeed = 40;

export const sandboxOf = (world: SandboxWorld, speed: number): Sandbox =>
  createSandbox(world, { catalogue: sandboxCatalogue(), speed });

export const freshWorld = (desired: Desired, now: number): SandboxWorld => brownfield(seedOf(desired), now);

/** Throws UserError when the folder holds something that is not a sandbox's state, or another process writes to it. */
export const openSandbox = async (
  context: CommandContext,
  folder: string,
  start: { readonly desired: Desired; readonly now: number; readonly speed: number },
): Promise<OpenedSandbox> => {
  await holdSandbox(context, folder);
  const save = await savingSandbox(context, folder);
  const world = (await loadWorld(folder)) ?? freshWorld(start.desired, start.now);
  return { sandbox: sandboxOf(world, start.speed), save: () => save(world) };
};

const accountOfEmpty = '123456789012';

/** An AWS without an organization, for whoever has no repository: kept in the folder if there is one. */
export const openEmpty = async (
  context: CommandContext,
  folder: string | undefined,
  region: string,
): Promise<OpenedSandbox> => {
  const fresh = (): SandboxWorld => emptyWorld({ account: accountOfEmpty, region }, context.clock.now());
  if (folder === undefined) return { sandbox: sandboxOf(fresh(), 1), save: () => Promise.resolve() };
  await holdSandbox(context, folder);
  const world = (await loadWorld(folder)) ?? fresh();
  return { sandbox: sandboxOf(world, 1), save: () => saveWorld(folder, world) };
};

/** As it was left, with the Region of its Identity Center; nothing when there is none yet. */
export const openSaved = async (folder: string): Promise<(OpenedSandbox & { readonly region: string }) | undefined> => {
  const world = await loadWorld(folder);
  if (world === undefined) return undefined;
  return { sandbox: sandboxOf(world, sandboxSpeed), save: () => saveWorld(folder, world), region: world.sso.region };
};

/** What `import` reads: an AWS of which no file speaks yet. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { awsCloud } from '../../aws/cloud.ts';
import type { Live } from '../../model/cloud.ts';
import { UserError } from '../../model/problem.ts';
import type { AccountId } from '../../model/resource.ts';
import type { CommandConnection } from './connect.ts';
import { connectOpened, connectSandbox } from './connect.ts';
import type { CommandContext } from './context.ts';
import { withResourcePolicies } from './import-resources.ts';
import type { ResourceSettings } from './import-resources.ts';
import { readingWatch, watched } from './reading.ts';
import { savingSandbox } from './hold-sandbox.ts';
import { openSaved } from './open-sandbox.ts';
import { desiredOrProblems } from './repository.ts';

type SourceConnection = { readonly connection: CommandConnection; readonly region: string };
export type ImportSource = { readonly live: Live; readonly region: string };
export type SourceOptions = {
  /** Names of accounts that are in use already. */
  readonly labels: Readonly<Record<AccountId, string>>;
  readonly region?: string;
  /** By which accounts are entered, the organization's own role without it; and which policies of resources are read. */
  readonly settings: ResourceSettings;
};

/** A new local AWS is made from files; where none are written yet, from those of the example. */
const withFiles = (context: CommandContext): CommandContext => {
  const { options, own, err } = context;
  if (existsSync(join(options.dir, 'access'))) return context;
  err('There are no files here yet: the local AWS is that of the example, SecureCart.');
  return { ...context, options: { ...options, dir: own.folder } };
};

/** The local AWS as it was left, or a new one. Nothing when the files that it is made from have errors, which were printed. */
const reachSandbox = async (context: CommandContext, folder: string): Promise<SourceConnection | undefined> => {
  const save = await savingSandbox(context, folder);
  const saved = await openSaved(folder);
  if (saved !== undefined) {
    const opened = { ...saved, save: () => save(saved.sandbox.world()) };
    return { connection: await connectOpened(context, opened, saved.region), region: saved.region };
  }
  const desired = await desiredOrProblems(withFiles(context));
  if (desired === undefined) return undefined;
  return { connection: await connectSandbox(context, desired), region: desired.settings.region };
};

const regionOf = ({ env }: CommandContext, given: string | undefined): string => {
  const region = given ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (region !== undefined) return region;
  throw new UserError('in which Region is IAM Identity Center? Say --region, or set AWS_REGION');
};

const reach = async (context: CommandContext, given: string | undefined): Promise<SourceConnection | undefined> => {
  const { sandbox } = context.options;
  if (sandbox !== undefined) return reachSandbox(context, sandbox);
  const region = regionOf(context, given);
  const clients = await context.createClients({ region });
  const save = async () => undefined;
  const connection = { clients, clock: context.clock, place: 'AWS', save, watch: readingWatch(context) };
  return { connection, region };
};

/** Throws UserError when no Region is known, and what AWS threw. */
export const readSource = async (
  context: CommandContext,
  options: SourceOptions,
): Promise<ImportSource | undefined> => {
  const reached = await reach(context, options.region);
  if (reached === undefined) return undefined;
  const { clients, clock, save, watch } = reached.connection;
  const { labels, settings } = options;
  const { memberRole } = settings;
  const iam = { accounts: 'all', policies: 'all', ...(memberRole === undefined ? {} : { memberRole }) } as const;
  const reading = { labels, owner: '', permissionSets: [], clock, iam, entered: 'all' } as const;
  const read = await watched(watch, (onRead) => awsCloud(clients, { ...reading, ...onRead })).read();
  const live = await withResourcePolicies(reached.connection, read, settings);
  await save();
  return { live, region: reached.region };
};

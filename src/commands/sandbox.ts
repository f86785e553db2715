/** The local AWS as a thing of its own: served to other clients, reset, called by hand. */
import { nameTaken, takenLines } from '../desired/names.ts';
import { UserError } from '../model/problem.ts';
import { callSandbox } from '../sandbox/call.ts';
import { accessKeyOf } from '../sandbox/caller.ts';
import { serve } from '../sandbox/server.ts';
import { saver, saveWorld } from '../sandbox/store.ts';
import type { SandboxWorld } from '../sandbox/world.ts';
import type { Desired } from '../model/desired.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { freshWorld, openEmpty, openSandbox } from './run/open-sandbox.ts';
import type { OpenedSandbox } from './run/open-sandbox.ts';
import { holdSandbox } from './run/hold-sandbox.ts';
import { jsonInput } from './run/json-input.ts';
import { desiredOrProblems } from './run/repository.ts';

const folderOf = (context: CommandContext): string => context.options.sandbox ?? `${context.options.dir}/.gatehouse`;

const exportsFor = (url: string, region: string): string =>
  [
    `export AWS_ENDPOINT_URL=${url}`,
    'export AWS_ACCESS_KEY_ID=AKIASANDBOX AWS_SECRET_ACCESS_KEY=sandbox',
    `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
  ].join('\n');

const untilInterrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const opened = (context: CommandContext, desired: Desired) =>
  openSandbox(context, folderOf(context), { desired, now: context.clock.now(), speed: 1 });

type ServedFolder = OpenedSandbox & { readonly region: string; readonly folder: string | undefined };

const servedEmpty = async (context: CommandContext): Promise<ServedFolder> => {
  const folder = context.options.sandbox;
  const region = context.env['AWS_REGION'] ?? context.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  return { ...(await openEmpty(context, folder, region)), region, folder };
};

const servedOf = async (context: CommandContext): Promise<ServedFolder | undefined> => {
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return undefined;
  return { ...(await opened(context, desired)), region: desired.settings.region, folder: folderOf(context) };
};

type ServeFlags = { readonly port: number; readonly empty?: true };

export const serveCommand = async (context: CommandContext, { port, empty }: ServeFlags): Promise<ExitCode> => {
  const serving = await (empty ? servedEmpty(context) : servedOf(context));
  if (serving === undefined) return 1;
  const { sandbox, region, folder } = serving;
  const saving = folder === undefined ? undefined : saver(folder, sandbox.world);
  const served = await serve(sandbox, { port, onChange: () => saving?.request() });
  context.out(exportsFor(served.url, region));
  context.err(`The sandbox answers at ${served.url} until Ctrl-C; paste the lines above into another terminal.`);
  await untilInterrupted(context.interrupt);
  await served.close();
  saving?.request();
  await saving?.flush();
  return 0;
};

export const resetCommand = async (context: CommandContext): Promise<ExitCode> => {
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return 1;
  await holdSandbox(context, folderOf(context));
  await saveWorld(folderOf(context), freshWorld(desired, context.clock.now()));
  context.out(`The sandbox in ${folderOf(context)} is back to its start.`);
  return 0;
};

const inputOf = (text: string): Readonly<Record<string, unknown>> => {
  const value = jsonInput(text, 'the input');
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError('the input must be a JSON object, such as {}');
  return value as Readonly<Record<string, unknown>>;
};

type CallOptions = {
  readonly service: string;
  readonly operation: string;
  readonly json: string;
  /** Whose administrator calls; without it the management account's. */
  readonly account?: string;
};

/** By the name that the files or the local AWS have for it, or by its id. Throws UserError. */
const accountTaken = ({ organizations }: SandboxWorld, desired: Desired, text: string) => {
  const known = Object.values(organizations.accounts).map(({ Id, Name }) => {
    const declared = desired.accounts[Id];
    return { id: Id, name: declared ?? Name, also: [Id, Name] };
  });
  const name = nameTaken(text, { known, what: 'an account that the local AWS has', all: 'accounts' });
  return { name, id: known.find((one) => one.name === name)?.id ?? '' };
};

/** Prints what AWS would answer; exit 1 when that is an error. */
export const callCommand = async (context: CommandContext, options: CallOptions): Promise<ExitCode> => {
  const input = inputOf(options.json);
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return 1;
  const { sandbox, save } = await opened(context, desired);
  const { service, operation, account } = options;
  const by = account === undefined ? undefined : accountTaken(sandbox.world(), desired, account);
  for (const line of takenLines(by === undefined ? [] : [[account ?? '', by.name]])) context.err(line);
  const caller = by === undefined ? {} : { accessKeyId: accessKeyOf(by.id) };
  const answer = callSandbox(sandbox, { service, operation, input, ...caller }, context.clock.now);
  await save();
  context.out(JSON.stringify(answer.output, null, 2));
  return answer.ok ? 0 : 1;
};

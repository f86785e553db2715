/** The local AWS as a thing of its own: served to other clients, reset, called by hand. */
import { didYouMean } from '../desired/suggest.ts';
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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`the input is not JSON: ${text.slice(0, 80)}`);
  }
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
const accountIdIn = ({ organizations }: SandboxWorld, desired: Desired, text: string): string => {
  const ids = Object.keys(organizations.accounts);
  const names = new Map([
    ...Object.values(organizations.accounts).map(({ Id, Name }) => [Name, Id] as const),
    ...Object.entries(desired.accounts).map(([id, name]) => [name, id] as const),
  ]);
  const found = ids.includes(text) ? text : names.get(text);
  if (found !== undefined && ids.includes(found)) return found;
  const hint = didYouMean(text, names.keys());
  throw new UserError(
    `--account "${text}" is neither the name nor the id of an account that the local AWS has.${hint === undefined ? '' : ` ${hint}`}`,
  );
};

/** Prints what AWS would answer; exit 1 when that is an error. */
export const callCommand = async (context: CommandContext, options: CallOptions): Promise<ExitCode> => {
  const input = inputOf(options.json);
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return 1;
  const { sandbox, save } = await opened(context, desired);
  const { service, operation, account } = options;
  const by = account === undefined ? {} : { accessKeyId: accessKeyOf(accountIdIn(sandbox.world(), desired, account)) };
  const answer = callSandbox(sandbox, { service, operation, input, ...by }, context.clock.now);
  await save();
  context.out(JSON.stringify(answer.output, null, 2));
  return answer.ok ? 0 : 1;
};

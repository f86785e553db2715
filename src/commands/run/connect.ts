/** To AWS or to the local sandbox: the clients, the clock that goes with them, and where they lead. */
import type { AwsClients } from '../../aws/clients.ts';
import type { Clock } from '../../aws/clock.ts';
import { scaledClock } from '../../aws/clock.ts';
import { whereAmI } from '../../aws/identity.ts';
import type { Desired, Settings } from '../../model/desired.ts';
import { UserError } from '../../model/problem.ts';
import type { Sandbox } from '../../sandbox/handle.ts';
import { requestHandler } from '../../sandbox/request-handler.ts';
import type { CommandContext } from './context.ts';
import { openSandbox, sandboxSpeed } from './open-sandbox.ts';
import type { OpenedSandbox } from './open-sandbox.ts';
import { readingWatch } from './reading.ts';
import type { ReadingWatch } from './reading.ts';

export type CommandConnection = {
  readonly clients: AwsClients;
  readonly clock: Clock;
  /** Shown to the person before anything is written. */
  readonly place: string;
  /** Keeps the local AWS's state; nothing to do for the real one. */
  readonly save: () => Promise<void>;
  readonly sandbox?: Sandbox;
  /** Once aborted, no change is begun. */
  readonly interrupt?: AbortSignal;
  /** Milliseconds since the epoch, as AWS dates events; the clock's, unless that one runs faster. */
  readonly wall?: () => number;
  /** Shows how far the reading of AWS is; without it nobody looks. */
  readonly watch?: ReadingWatch;
};

/** A local AWS that is open already. Who waits for it waits by a clock as fast as it is; it keeps the time of the wall. */
export const connectOpened = async (
  context: CommandContext,
  { sandbox, save }: OpenedSandbox,
  region: string,
): Promise<CommandConnection> => {
  const clock = scaledClock(sandboxSpeed);
  const clients = await context.createClients({
    region,
    requestHandler: requestHandler(sandbox, context.clock.now),
    credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' },
  });
  const place = `sandbox ${context.options.sandbox ?? '.gatehouse'}`;
  const { interrupt } = context;
  return { clients, clock, wall: context.clock.now, place, save, sandbox, interrupt, watch: readingWatch(context) };
};

export const connectSandbox = async (context: CommandContext, desired: Desired): Promise<CommandConnection> => {
  const folder = context.options.sandbox ?? '.gatehouse';
  // What a later --now speaks of has not happened: the first world is never of then.
  const now = Math.min(Date.parse(context.now), context.clock.now());
  const opened = await openSandbox(context, folder, { desired, now, speed: sandboxSpeed });
  return connectOpened(context, opened, desired.settings.region);
};

const isAws = (endpoint: string): boolean => /^https:\/\/([a-z0-9-]+\.)+amazonaws\.com\/?$/.test(endpoint);

export const connectCommand = async (context: CommandContext, desired: Desired): Promise<CommandConnection> => {
  if (context.options.sandbox !== undefined) return connectSandbox(context, desired);
  const clients = await context.createClients({ region: desired.settings.region });
  const { clock, interrupt } = context;
  return { clients, clock, place: 'AWS', save: async () => undefined, interrupt, watch: readingWatch(context) };
};

const allowedEndpoint = (endpoint: string, settings: Settings): boolean =>
  isAws(endpoint) || settings.endpoints.some((allowed) => allowed.replace(/\/$/, '') === endpoint.replace(/\/$/, ''));

/**
 * One line that says which organization, account and endpoint is about to be written to.
 * Throws UserError when they are not the declared ones.
 */
export const declaredDestination = async (connection: CommandConnection, desired: Desired): Promise<string> => {
  const here = await whereAmI(connection.clients);
  const { settings } = desired;
  const home = here.organization === here.account ? `account ${here.account}` : `organization ${here.organization}`;
  if (here.organization !== settings.organization)
    throw new UserError(
      `the credentials lead to ${home}, but access/settings.yaml declares ${settings.organization}: nothing was written`,
    );
  const stray = connection.sandbox ? [] : here.endpoints.filter((endpoint) => !allowedEndpoint(endpoint, settings));
  if (stray.length > 0)
    throw new UserError(
      `the endpoint ${stray.join(', ')} is neither AWS nor listed under "endpoints" in access/settings.yaml: nothing was written`,
    );
  const where = connection.sandbox ? connection.place : here.endpoints.join(', ') || 'AWS';
  const whole = here.organization === here.account ? home : `${home}, account ${here.account}`;
  return `${whole} (${here.arn}), ${where}`;
};

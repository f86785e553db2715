/** What is told of each call to AWS: names and numbers, never what was asked or answered. */
import type { AccountId } from '../model/resource.ts';

export type AwsCall = {
  /** As `iam:GetRole`. */
  readonly operation: string;
  /** Whose credentials were used; absent for those that the process was given. */
  readonly account?: AccountId;
  /** With its retries, and the waits for rates between. */
  readonly milliseconds: number;
  readonly retries: number;
  /** The name of the error that it ended in. */
  readonly error?: string;
};

export type CallLog = { readonly now: () => number; readonly onCall: (call: AwsCall) => void };

type Next = (args: unknown) => Promise<unknown>;
type Command = { readonly commandName?: string };
type Middleware = (next: Next, command: Command) => Next;
type Stack = {
  readonly add: (middleware: Middleware, place: Readonly<Record<string, string>>) => void;
  readonly addRelativeTo: (middleware: Middleware, place: Readonly<Record<string, string>>) => void;
};

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : 'unknown');

/** The SDK makes the stack anew for each command that is sent, and gives all of it one object for the command. */
export const logCalls = <C extends { readonly middlewareStack: unknown }>(
  client: C,
  { service, account, log }: { readonly service: string; readonly account?: AccountId; readonly log: CallLog },
): C => {
  const attempts = new WeakMap<Command, number>();
  const telling: Middleware = (next, command) => async (args) => {
    const begun = log.now();
    const tell = (ended: Pick<AwsCall, 'error'>): void =>
      log.onCall({
        operation: `${service}:${(command.commandName ?? 'Unknown').replace(/Command$/, '')}`,
        ...(account === undefined ? {} : { account }),
        milliseconds: Math.round(log.now() - begun),
        retries: Math.max(0, (attempts.get(command) ?? 1) - 1),
        ...ended,
      });
    try {
      const answer = await next(args);
      tell({});
      return answer;
    } catch (thrown) {
      tell({ error: nameOf(thrown) });
      throw thrown;
    }
  };
  const counting: Middleware = (next, command) => (args) => {
    attempts.set(command, (attempts.get(command) ?? 0) + 1);
    return next(args);
  };
  const stack = client.middlewareStack as Stack;
  stack.add(telling, { step: 'initialize', name: 'gatehouseLog', priority: 'high' });
  stack.addRelativeTo(counting, { name: 'gatehouseAttempts', relation: 'after', toMiddleware: 'retryMiddleware' });
  return client;
};

/** A process that can be killed although it is none: nothing that it waits for comes any more. */
import type { SdkRequestHandler } from '../../src/sandbox/request-handler.ts';
import type { SimulatedClock } from '../aws/simulated-clock.ts';

export type Life = { readonly alive: () => boolean; readonly kill: () => void; readonly killed: Promise<'killed'> };

export const newLife = (): Life => {
  let alive = true;
  let end: (how: 'killed') => void = () => undefined;
  const killed = new Promise<'killed'>((resolve) => (end = resolve));
  return {
    alive: () => alive,
    kill: () => {
      alive = false;
      end('killed');
    },
    killed,
  };
};

export const never = <T>(): Promise<T> => new Promise(() => undefined);

/** What a dead process waits for never comes. */
export const mortalHandler = (handler: SdkRequestHandler, { alive }: Life): SdkRequestHandler => ({
  ...handler,
  handle: async (request) => {
    if (!alive()) return never();
    const answer = await handler.handle(request).catch((thrown: unknown) => {
      if (alive()) throw thrown;
      return never<{ response: never }>();
    });
    return alive() ? answer : never();
  },
});

export const mortalClock = (clock: SimulatedClock, { alive }: Life) => ({
  now: clock.now,
  sleep: async (milliseconds: number): Promise<void> => {
    await clock.sleep(milliseconds);
    if (!alive()) await never();
  },
});

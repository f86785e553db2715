/** Time that passes only when everybody waits for it. */
import type { Clock } from '../../src/aws/clock.ts';
import type { SdkRequest, SdkRequestHandler } from '../../src/sandbox/request-handler.ts';

type Timer = { readonly at: number; readonly wake: () => void };

export type SimulatedClock = Clock & {
  /** Holds time still while the handler answers. */
  readonly watching: (handler: SdkRequestHandler) => SdkRequestHandler;
};

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Turns of the event loop that an SDK client needs between two requests, at most. */
const quietTurns = 4;

export const simulatedClock = (start = Date.UTC(2026, 10, 23)): SimulatedClock => {
  let time = start;
  let timers: readonly Timer[] = [];
  let inFlight = 0;
  let requests = 0;
  let turning = false;
  const quiet = async (): Promise<void> => {
    for (let turns = 0, seen = requests; turns < quietTurns; turns += 1) {
      await macrotask();
      if (inFlight > 0 || seen !== requests) turns = 0;
      seen = requests;
    }
  };
  const turn = async (): Promise<void> => {
    while (timers.length > 0) {
      await quiet();
      const next = Math.min(...timers.map(({ at }) => at));
      time = Math.max(time, next);
      const due = timers.filter(({ at }) => at <= time);
      timers = timers.filter(({ at }) => at > time);
      for (const { wake } of due) wake();
    }
    turning = false;
  };
  return {
    now: () => time,
    sleep: (ms) =>
      new Promise((wake) => {
        timers = [...timers, { at: time + Math.max(0, ms), wake }];
        if (turning) return;
        turning = true;
        void turn();
      }),
    watching: (handler) => ({
      ...handler,
      handle: async (request: SdkRequest) => {
        inFlight += 1;
        requests += 1;
        try {
          return await handler.handle(request);
        } finally {
          inFlight -= 1;
        }
      },
    }),
  };
};

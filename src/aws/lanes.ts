/** Who may write at the same time: AWS refuses what overlaps, and some overlaps would show a half-edited thing. */

/** Holders with the same token share a lane; any other waits. */
export type LaneClaim = { readonly lane: string; readonly token: string };
export type WriteLanes = { readonly run: <T>(claims: readonly LaneClaim[], work: () => Promise<T>) => Promise<T> };

type LaneHolder = { readonly token: string; readonly count: number };
type LaneWaiter = { readonly claims: readonly LaneClaim[]; readonly start: () => void };

/** A job takes all its lanes at once or waits. A waiting job blocks its lanes for jobs that come later. */
export const createLanes = (): WriteLanes => {
  const held = new Map<string, LaneHolder>();
  let waiting: readonly LaneWaiter[] = [];
  const take = ({ lane, token }: LaneClaim): void => {
    held.set(lane, { token, count: (held.get(lane)?.count ?? 0) + 1 });
  };
  const leave = ({ lane, token }: LaneClaim): void => {
    const count = (held.get(lane)?.count ?? 1) - 1;
    if (count === 0) held.delete(lane);
    else held.set(lane, { token, count });
  };
  const advance = (): void => {
    const wanted = new Map<string, string>();
    const open = ({ lane, token }: LaneClaim): boolean =>
      (held.get(lane)?.token ?? token) === token && (wanted.get(lane) ?? token) === token;
    for (const waiter of waiting) {
      if (waiter.claims.every(open)) {
        waiter.claims.forEach(take);
        waiting = waiting.filter((other) => other !== waiter);
        waiter.start();
      } else for (const { lane, token } of waiter.claims) if (!wanted.has(lane)) wanted.set(lane, token);
    }
  };
  return {
    run: async (claims, work) => {
      await new Promise<void>((start) => {
        waiting = [...waiting, { claims, start }];
        advance();
      });
      try {
        return await work();
      } finally {
        claims.forEach(leave);
        advance();
      }
    },
  };
};

export type CallSlots = { readonly run: <T>(work: () => Promise<T>) => Promise<T> };

/** At most `size` at a time, in the order in which they came. */
export const createSlots = (size: number): CallSlots => {
  let free = size;
  let waiting: readonly (() => void)[] = [];
  const enter = async (): Promise<void> => {
    if (free === 0) return new Promise((start) => (waiting = [...waiting, start]));
    free -= 1;
  };
  const leave = (): void => {
    const [next, ...others] = waiting;
    waiting = others;
    if (next === undefined) free += 1;
    else next();
  };
  return {
    run: async (work) => {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
};

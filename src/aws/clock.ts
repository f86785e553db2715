/** Time as it is handed in: real, scaled or simulated. */
export type Clock = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
};

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** A clock that runs `factor` times as fast: the documented rates stay what they are, and nobody waits for them. */
export const scaledClock = (factor: number): Clock => {
  const start = realClock.now();
  return {
    now: () => start + (realClock.now() - start) * factor,
    sleep: (milliseconds) => realClock.sleep(milliseconds / factor),
  };
};

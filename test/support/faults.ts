/** What goes wrong, and at which call, as plain data; the same seed gives the same schedule. */

/** Kinds that end in `before` or `after` say whether AWS had carried the call out. */
export const faultKinds = [
  'throttled',
  'slots-taken',
  'busy',
  'error-before',
  'error-after',
  'gateway-after',
  'reset-before',
  'reset-after',
  'timeout-before',
  'timeout-after',
  'operation-fails',
  'operation-slow',
  'short-page',
  'credentials-expire',
  'meddled',
  'killed-before',
  'killed-after',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** It strikes at the first call that it can strike when `at` calls have been answered, of all calls or of the writes. */
export type ScheduledFault = { readonly kind: FaultKind; readonly of: 'calls' | 'writes'; readonly at: number };

export type FaultSchedule = { readonly seed: number; readonly faults: readonly ScheduledFault[] };

/** Whole numbers below `below`, the next of a repeatable sequence. */
export type RandomBelow = (below: number) => number;

/** Mulberry32, a 32-bit generator whose every seed is good enough to choose faults with. */
export const randomOf = (seed: number): RandomBelow => {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

const onReadsToo: readonly FaultKind[] = [
  'throttled',
  'error-before',
  'reset-before',
  'timeout-before',
  'short-page',
  'credentials-expire',
  'meddled',
  'killed-before',
];

type FaultExtent = { readonly faults: number; readonly calls: number; readonly writes: number };

const faultOf = (random: RandomBelow, { calls, writes }: FaultExtent): ScheduledFault => {
  const kind = faultKinds[random(faultKinds.length)] ?? 'throttled';
  const of = onReadsToo.includes(kind) && random(2) === 0 ? 'calls' : 'writes';
  return { kind, of, at: random(of === 'calls' ? calls : writes) };
};

/** Up to `faults` faults within the first `calls` calls and `writes` writes. */
export const scheduleOf = (seed: number, extent: FaultExtent): FaultSchedule => {
  const random = randomOf(seed);
  const count = random(extent.faults + 1);
  return { seed, faults: Array.from({ length: count }, () => faultOf(random, extent)) };
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below, createBuckets, tokenBucket } from '../../src/aws/buckets.ts';
import { organizationsRates } from '../../src/model/quotas.ts';
import { simulatedClock } from './simulated-clock.ts';

/** The times at which takers that come after the given pauses are let through. */
const grants = async (rate: { rate: number; burst: number }, pauses: readonly number[]): Promise<readonly number[]> => {
  const clock = simulatedClock();
  const bucket = tokenBucket(rate, clock);
  const times: number[] = [];
  const takers: Promise<void>[] = [];
  for (const pause of pauses) {
    if (pause > 0) await clock.sleep(pause);
    takers.push(bucket.take().then(() => void times.push(clock.now())));
  }
  await Promise.all(takers);
  return times;
};

/** How many at most lie within any window of `ms` that begins at one of them, against what is allowed there. */
const keepsTheLaw = (times: readonly number[], rate: { rate: number; burst: number }): boolean =>
  times.every((start, first) =>
    times.slice(first).every((end, count) => count + 1 <= rate.burst + ((end - start) / 1000) * rate.rate + 1e-4),
  );

describe('a token bucket', () => {
  it('never lets more through than rate times time plus burst, in any window', async () => {
    const rates = fc.record({
      rate: fc.double({ min: 0.1, max: 30, noNaN: true }),
      burst: fc.integer({ min: 1, max: 30 }),
    });
    const pauses = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(rates, pauses, async (rate, list) => {
        const times = await grants(rate, list);
        expect(times).toHaveLength(list.length);
        expect([...times].sort((a, b) => a - b)).toEqual(times);
        return keepsTheLaw(times, rate);
      }),
      { numRuns: 60 },
    );
  });

  it('does not make anybody wait who comes within the rate', async () => {
    const times = await grants({ rate: 2, burst: 1 }, [0, 500, 500, 500]);
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 500, 1000, 1500]);
  });

  it('stays below every documented rate', () => {
    for (const documented of organizationsRates) {
      expect(below(documented).rate).toBeLessThan(documented.rate);
      expect(below(documented).burst).toBeLessThanOrEqual(documented.burst);
    }
  });

  it('is shared by the operations of one documented row, and by nothing else', async () => {
    const clock = simulatedClock();
    const buckets = createBuckets(clock, 1);
    const start = clock.now();
    await buckets.take({ service: 'organizations', operation: 'AttachPolicy' });
    await buckets.take({ service: 'organizations', operation: 'DetachPolicy' });
    await buckets.take({ service: 'organizations', operation: 'UpdatePolicy' });
    expect(clock.now()).toBe(start);
    await buckets.take({ service: 'organizations', operation: 'CreatePolicy' });
    expect(clock.now()).toBeGreaterThan(start);
  });

  it('is divided among runs that share a rate, and not where an account is called by one run alone', async () => {
    const charge = { service: 'sso-admin', operation: 'ListPermissionSets' } as const;
    const timeOf = async (share: number, calls: number): Promise<number> => {
      const clock = simulatedClock();
      const buckets = createBuckets(clock, share);
      const start = clock.now();
      for (let call = 0; call < calls; call += 1) await buckets.take(charge);
      return clock.now() - start;
    };
    const [alone, oneOfFour] = [await timeOf(1, 100), await timeOf(1 / 4, 25)];
    expect(oneOfFour).toBeGreaterThanOrEqual(alone);
    expect(oneOfFour).toBeLessThan(alone * 1.5);
    const clock = simulatedClock();
    const buckets = createBuckets(clock, 1 / 100);
    const start = clock.now();
    for (let call = 0; call < 10; call += 1)
      await buckets.take({ service: 'iam', operation: 'ListRoles', account: '222222222222' });
    expect(clock.now()).toBe(start);
  });
});

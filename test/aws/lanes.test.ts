import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLanes, createSlots } from '../../src/aws/lanes.ts';
import { simulatedClock } from './simulated-clock.ts';

describe('lanes', () => {
  it('never hold two tokens at once, and every job gets its turn', async () => {
    const claim = fc.record({ lane: fc.constantFrom('a', 'b', 'c'), token: fc.constantFrom('x', 'y', 'z') });
    const jobs = fc.array(fc.uniqueArray(claim, { maxLength: 3, selector: ({ lane }) => lane }), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(jobs, async (list) => {
        const clock = simulatedClock();
        const lanes = createLanes();
        const inside = new Map<string, string[]>();
        let ran = 0;
        await Promise.all(
          list.map((claims, index) =>
            lanes.run(claims, async () => {
              for (const { lane, token } of claims) {
                const now = [...(inside.get(lane) ?? []), token];
                expect(new Set(now).size).toBe(1);
                inside.set(lane, now);
              }
              await clock.sleep((index % 5) * 10 + 1);
              for (const { lane } of claims) inside.set(lane, (inside.get(lane) ?? []).slice(1));
              ran += 1;
            }),
          ),
        );
        expect(ran).toBe(list.length);
      }),
      { numRuns: 40 },
    );
  });

  it('are left by a job that throws', async () => {
    const lanes = createLanes();
    const claims = [{ lane: 'a', token: 'x' }];
    await expect(lanes.run(claims, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lanes.run([{ lane: 'a', token: 'y' }], async () => 'in')).toBe('in');
  });

  it('let nobody overtake who waits for the same lane with another token', async () => {
    const clock = simulatedClock();
    const lanes = createLanes();
    const order: string[] = [];
    const job = (token: string, name: string) =>
      lanes.run([{ lane: 'a', token }], async () => {
        order.push(name);
        await clock.sleep(10);
      });
    await Promise.all([job('x', 'first'), job('y', 'second'), job('x', 'third')]);
    expect(order).toEqual(['first', 'second', 'third']);
  });
});

describe('slots', () => {
  it('are never more than their number, and all are used', async () => {
    const clock = simulatedClock();
    const slots = createSlots(3);
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await clock.sleep(5);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => slots.run(work)));
    expect(most).toBe(3);
  });
});

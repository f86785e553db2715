/** Random histories, one after the other, and what came of them all. */
import { forgetOtherActions } from './few-actions.ts';
import { history } from './history.ts';

type Say = (line: string) => void;

const sentence = (tally: ReadonlyMap<string, number>, test: (what: string) => boolean): string =>
  [...tally]
    .filter(([what]) => test(what))
    .sort(([, a], [, b]) => b - a)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');

const told = (tally: ReadonlyMap<string, number>, say: Say): void => {
  const isHeld = (what: string): boolean => what.startsWith('held: ');
  const isEdit = (what: string): boolean => what.startsWith('edit of ');
  const isPlot = (what: string): boolean => what.startsWith('plot ');
  say(`steps: ${sentence(tally, (what) => ![isHeld, isEdit, isPlot].some((is) => is(what)))}`);
  say(`plots: ${sentence(tally, isPlot).replaceAll('plot ', '')}`);
  say(`edits: ${sentence(tally, isEdit).replaceAll('edit of ', '')}`);
  for (const [what, count] of [...tally].filter(([name]) => isHeld(name)).sort(([, a], [, b]) => b - a))
    say(`  ${what}: ${count}`);
};

/** Every so many histories it says how far it is. */
const OFTEN = 250;

/** Whether no law was broken. */
export const soakHistories = async (count: number, { first, say }: { first: number; say: Say }): Promise<boolean> => {
  forgetOtherActions();
  const [tally, begun] = [new Map<string, number>(), Date.now()];
  let broken = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const { violations, tally: one } = await history(seed);
    for (const [what, often] of one) tally.set(what, (tally.get(what) ?? 0) + often);
    if (violations.length > 0) {
      broken += 1;
      for (const violation of violations.slice(0, 5)) say(`history ${seed}: ${violation}`);
      say(`  again: npm run soak -- --history-seed ${seed}`);
    }
    const done = seed - first + 1;
    if (done % OFTEN === 0)
      say(`${done} histories in ${Math.round((Date.now() - begun) / 1000)} s, ${broken} violate a law`);
  }
  told(tally, say);
  say(`${count} histories from seed ${first} in ${Math.round((Date.now() - begun) / 1000)} s: ${broken} violate a law`);
  return broken === 0;
};

/** One of them again, step by step. */
export const tellHistory = async (seed: number, say: Say): Promise<boolean> => {
  forgetOtherActions();
  const { violations } = await history(seed, say);
  for (const violation of violations) say(`violation: ${violation}`);
  return violations.length === 0;
};

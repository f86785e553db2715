/** SecureCart's repository as the evaluator sees it, and the ways in which tests bend it. */
import { accessTest, goneIn } from '../../src/questions/worlds.ts';
import { load } from '../../src/desired/load.ts';
import { understand } from '../../src/desired/understand.ts';
import type { DeclaredTest } from '../../src/evaluate/access-test.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { AccessWorld } from '../../src/evaluate/policies-of.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { State } from '../../src/model/resource.ts';

export const NOW = '2026-11-23T12:00:00.000Z';
const catalogue = loadCatalogue();
const files = await load('.');

const understood = (now: string) => {
  const { desired, declared } = understand(files, { catalogue, now });
  if (desired === undefined) throw new Error('SecureCart has errors');
  return { desired, declared };
};

const byDay = new Map<string, Desired>();
export const desiredOn = (day: string | undefined): Desired => {
  const now = day === undefined ? NOW : `${day}T00:00:00.000Z`;
  const known = byDay.get(now) ?? understood(now).desired;
  byDay.set(now, known);
  return known;
};

export const tests: readonly DeclaredTest[] = understood(NOW).declared.tests.map(accessTest);

/** SecureCart's world of a day, its state bent. */
export const bent = (bend: (state: State) => State): ((day: string | undefined) => AccessWorld) => {
  const worlds = new Map<string | undefined, AccessWorld>();
  return (day) => {
    const { state, origins, settings, managementAccount, dated } = desiredOn(day);
    const { region, organization } = settings;
    const there = bend(state);
    const gone = goneIn({ dated, state: there });
    const made = { state: there, gone, catalogue, origins, region, organization, managementAccount };
    const known = worlds.get(day) ?? createWorld(made);
    worlds.set(day, known);
    return known;
  };
};

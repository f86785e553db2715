/** An approved plan in which somebody changed a field: refused, or worth no more than it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { cover } from '../../src/plan/carry/cover.ts';
import { fingerprintOf } from '../../src/plan/digest.ts';
import { parsePlan } from '../../src/plan/carry/parse-plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { planJson } from '../../src/render/plan-json.ts';
import { brownfieldPairs, ownedPairs, renamedPairs } from '../support/arbitraries.ts';
import type { Pair } from '../support/arbitraries.ts';
import { NOW } from '../support/build.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Path = readonly (string | number)[];

const isMap = (value: Json | undefined): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entriesOf = (value: Json): readonly (readonly [string | number, Json])[] => {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item, index) => [index, item] as const);
  return isMap(value) ? Object.entries(value) : [];
};

/** Each field, lists and maps too. */
const pathsIn = (value: Json, path: Path = []): readonly Path[] =>
  entriesOf(value).flatMap(([key, item]) => [[...path, key], ...pathsIn(item, [...path, key])]);

const at = (value: Json, [key, ...rest]: Path): Json => {
  if (key === undefined) return value;
  return at((value as Readonly<Record<string | number, Json>>)[key] ?? null, rest);
};

/** `make` gives what the field becomes; an empty list takes it away, two leave it twice. */
const edited = (value: Json, [key, ...rest]: Path, make: (old: Json) => readonly Json[]): Json => {
  if (key === undefined) return make(value)[0] ?? null;
  const inner = (item: Json): readonly Json[] => (rest.length === 0 ? make(item) : [edited(item, rest, make)]);
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => (index === key ? inner(item) : [item]));
  const pairs = Object.entries(value as object) as readonly (readonly [string, Json])[];
  return Object.fromEntries(
    pairs.flatMap(([name, item]) => (name === key ? inner(item).map((one) => [name, one]) : [[name, item]])),
  );
};

type Tamper = (plan: Json, path: Path, other: Path) => Json;

const replacing =
  (make: (old: Json) => Json): Tamper =>
  (value, path) =>
    edited(value, path, (old) => [make(old)]);

const tampers: Readonly<Record<string, Tamper>> = {
  'taken away': (value, path) => edited(value, path, () => []),
  'there twice': (value, path) => edited(value, path, (old) => [old, old]),
  null: replacing(() => null),
  'a list': replacing((old) => [old]),
  'an empty map': replacing(() => ({})),
  true: replacing(() => true),
  'another text': replacing((old) => (typeof old === 'string' ? `${old}x` : 'x')),
  'what another field is': (value, path, other) => edited(value, path, () => [at(value, other)]),
  'swapped with another': (value, path, other) => {
    const [one, two] = [at(value, path), at(value, other)];
    return edited(
      edited(value, path, () => [two]),
      other,
      () => [one],
    );
  },
  'turned round': replacing((old) => (Array.isArray(old) ? [...(old as readonly Json[])].reverse() : old)),
};

const planOf = ({ desired, live }: Pair): Plan => plan(desired, live, NOW);

/** Every second change, by itself. */
const half = (whole: Plan, odd: number): Plan => {
  const changes = whole.changes.filter((_, index) => index % 2 === odd);
  return {
    ...whole,
    changes,
    fingerprint: fingerprintOf(
      whole,
      changes.map(({ id }) => id),
    ),
  };
};

const coveredBy = (whole: Plan, text: string): readonly string[] | 'refused' => {
  const parsed = parsePlan(text);
  return 'problem' in parsed ? 'refused' : cover(whole, parsed.plan).covered;
};

const more = (whole: Plan, honest: string, tampered: string): readonly string[] => {
  const before = new Set(coveredBy(whole, honest));
  const after = coveredBy(whole, tampered);
  return after === 'refused' ? [] : after.filter((id) => !before.has(id));
};

const families = {
  'everything is ours': ownedPairs,
  'much is not ours': brownfieldPairs,
  'things are renamed': renamedPairs,
};

describe.each(Object.entries(families))('where %s, an approved plan', (_family, pairs) => {
  it('covers no more when any field of it is changed, whichever and however', () => {
    const seen = { refused: 0, believed: 0 };
    fc.assert(
      fc.property(
        pairs,
        fc.nat({ max: 1 }),
        fc.constantFrom(...Object.keys(tampers)),
        fc.infiniteStream(fc.nat()),
        (pair, odd, how, numbers) => {
          const whole = planOf(pair);
          const honest = planJson(half(whole, odd));
          const value = JSON.parse(honest) as Json;
          const paths = pathsIn(value);
          const pick = (): Path => paths[(numbers.next().value ?? 0) % paths.length] ?? [];
          for (let turn = 0; turn < 20; turn += 1) {
            const tampered = JSON.stringify(tampers[how]?.(value, pick(), pick()));
            expect(more(whole, honest, tampered)).toEqual([]);
            seen[coveredBy(whole, tampered) === 'refused' ? 'refused' : 'believed'] += 1;
          }
        },
      ),
      { numRuns: 20 },
    );
    expect(Math.min(seen.refused, seen.believed)).toBeGreaterThan(20);
  });
});

describe('an approved plan', () => {
  const [pair] = fc.sample(
    renamedPairs.filter((one) => [4, 5, 6].includes(planOf(one).changes.length)),
    { numRuns: 1, seed: 7 },
  );

  it.each(Object.entries(tampers))('covers no more with any one of its fields %s', (_how, tamper) => {
    if (pair === undefined) throw new Error('no pair has a few changes');
    const whole = planOf(pair);
    const honest = planJson(half(whole, 0));
    const value = JSON.parse(honest) as Json;
    const paths = pathsIn(value);
    for (const [index, path] of paths.entries()) {
      const other = paths[(index * 7 + 3) % paths.length] ?? [];
      expect([path, more(whole, honest, JSON.stringify(tamper(value, path, other)))]).toEqual([path, []]);
    }
  });

  it('is worth nothing with every id computed anew for another organization', () => {
    if (pair === undefined) throw new Error('no pair has a few changes');
    const whole = planOf(pair);
    const foreign = {
      ...whole,
      organization: 'o-somebodyelse',
      fingerprint: fingerprintOf(
        { organization: 'o-somebodyelse' },
        whole.changes.map(({ id }) => id),
      ),
    };
    expect(coveredBy(whole, planJson(foreign))).toEqual([]);
  });
});

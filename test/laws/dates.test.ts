/** What ends, ends: whatever else a plan holds, and whatever guards say of it. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { DatedGrant } from '../../src/model/desired.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { Resource } from '../../src/model/resource.ts';
import { endingPart } from '../../src/plan/carry/ending-part.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, account, assignment, desired, group, live, membership, set } from '../support/build.ts';
import { situationOf } from '../../src/plan/situation/situation.ts';

const catalogue = loadCatalogue();
const today = NOW.slice(0, 10);
const ours = { owner: 'securecart/aws-access', scope: 'all' } as const;
const users = ['ada', 'bob', 'cyd'];
const base: readonly Resource[] = [
  account('Dev', '222222222222'),
  account('Test', '333333333333'),
  group('Red'),
  group('Blue'),
  set('Reader', ours),
  set('Writer', ours),
];

const things: readonly Resource[] = [
  ...['Red', 'Blue'].flatMap((name) => users.map((user) => membership(name, user))),
  ...['Red', 'Blue'].flatMap((name) =>
    ['Reader', 'Writer'].flatMap((one) => ['Dev', 'Test'].map((where) => assignment(`group:${name}`, one, where))),
  ),
];

const day = fc.integer({ min: -400, max: 400 }).map((off) => {
  const date = new Date(Date.parse(`${today}T00:00:00Z`) + off * 86_400_000);
  return date.toISOString().slice(0, 10);
});
/** Of each thing: whether AWS has it, and an entry with or without an end, or none. */
const fate = fc.record({
  isThere: fc.boolean(),
  entry: fc.oneof(fc.constant(undefined), fc.constant('for ever' as const), day),
});

describe('what a date has ended', () => {
  it('goes, all of it and nothing else, from a plan that is refused', () => {
    fc.assert(
      fc.property(fc.array(fate, { minLength: things.length, maxLength: things.length }), (fates) => {
        const cases = things.map((resource, at) => ({ resource, ...fates[at] }));
        const dated = cases.flatMap(({ resource, entry }): readonly DatedGrant[] =>
          entry === undefined || entry === 'for ever'
            ? []
            : [{ key: keyOf(resource), resource, until: entry, place: { file: 'access/it.yaml', line: 1 } }],
        );
        const wanted = cases.filter(({ entry }) => entry === 'for ever' || (entry !== undefined && entry >= today));
        const budgets = { delete: { assignment: 0, membership: 0 } };
        const asked = desired([...base, ...wanted.map(({ resource }) => resource)], {
          dated,
          ended: dated.flatMap(({ key, until = '', place }) => (until < today ? [{ key, until, place }] : [])),
          memberGroups: ['Red', 'Blue'],
        });
        const wish = { ...asked, settings: { ...asked.settings, budgets } };
        const there = live([...base, ...cases.filter(({ isThere }) => isThere).map(({ resource }) => resource)]);
        const part = endingPart(plan(wish, there, NOW), { situation: situationOf(wish, there), catalogue });
        const over = cases
          .filter(({ isThere, entry }) => isThere && entry !== undefined && entry < today)
          .map(({ resource }) => keyOf(resource));
        const going = part.changes.map(({ key }) => key).toSorted();
        return JSON.stringify(going) === JSON.stringify(over.toSorted());
      }),
      { numRuns: 200 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/kinds/equal.ts';
import { strangeValues } from '../../src/kinds/moved.ts';
import { bareRole, closedRole, roleCourse, rolePassages } from '../../src/change/role-steps.ts';
import type { AttachedEffect } from '../../src/change/role-steps.ts';
import { effectOf, givenBy, roles } from './role-powers.ts';

const settings = { numRuns: 400, seed: 7 };

describe('the course of a role', () => {
  it('gives nobody at any moment what neither the old nor the new role gives', () => {
    fc.assert(
      fc.property(roles, roles, (before, after) => {
        const either = new Set([...givenBy(before), ...givenBy(after)]);
        for (const state of roleCourse(before, after, effectOf)) {
          expect([...givenBy(state)].filter((power) => !either.has(power))).toEqual([]);
        }
      }),
      settings,
    );
  });

  it('ends in the new role, and is empty when there is nothing to do', () => {
    fc.assert(
      fc.property(roles, roles, (before, after) => {
        const last = roleCourse(before, after, effectOf).at(-1) ?? before;
        expect(canonical(last)).toBe(canonical(after));
        expect(roleCourse(after, after, effectOf)).toEqual([]);
      }),
      settings,
    );
  });

  it('shows no value that its passages do not know, whatever the attached policies are taken for', () => {
    fc.assert(
      fc.property(
        roles,
        roles,
        fc.constantFrom<AttachedEffect>('allows', 'denies', 'both'),
        (before, after, effect) => {
          for (const state of roleCourse(before, after, () => effect)) {
            expect(strangeValues(state, rolePassages(before, after))).toEqual([]);
          }
          for (const state of roleCourse(bareRole(after), after, effectOf)) {
            expect(strangeValues(state, [undefined, ...rolePassages(undefined, after)])).toEqual([]);
          }
          for (const state of roleCourse(closedRole(before), bareRole(closedRole(before)), effectOf)) {
            expect(strangeValues(state, [...rolePassages(before, undefined), undefined])).toEqual([]);
          }
        },
      ),
      { ...settings, numRuns: 80 },
    );
  });

  it('goes on from wherever it stopped without giving more', () => {
    fc.assert(
      fc.property(roles, roles, fc.nat(), (before, after, at) => {
        const states = roleCourse(before, after, effectOf);
        const stopped = states[at % Math.max(1, states.length)] ?? before;
        const either = new Set([...givenBy(before), ...givenBy(after)]);
        for (const state of roleCourse(stopped, after, effectOf)) {
          expect([...givenBy(state)].filter((power) => !either.has(power))).toEqual([]);
        }
      }),
      settings,
    );
  });
});

/** What is of which kind, in the order of the state, however the state was made. */
import { describe, expect, it } from 'vitest';
import type { Group, State } from '../../src/model/resource.ts';
import { keyOf, resourcesOf, stateOf } from '../../src/model/resource.ts';
import * as build from '../support/build.ts';

const [one, other] = [build.group('One'), build.group('Other')];
const again: Group = { ...one, description: 'said last' };
const member = build.membership('One', 'ada');

describe('the things of a kind', () => {
  it('are those of a list, in its order', () => {
    const state = stateOf([other, member, one]);
    expect(resourcesOf(state, 'group')).toEqual([other, one]);
    expect(resourcesOf(state, 'membership')).toEqual([member]);
    expect(resourcesOf(state, 'role')).toEqual([]);
  });

  it('are what the list says last, once each', () => {
    const state = stateOf([one, other, again]);
    expect(resourcesOf(state, 'group')).toEqual([again, other]);
    expect(Object.values(state)).toEqual([again, other]);
  });

  it('are those of a state that was put together otherwise', () => {
    const state: State = { ...stateOf([one]), [keyOf(other)]: other };
    expect(resourcesOf(state, 'group')).toEqual([one, other]);
  });
});

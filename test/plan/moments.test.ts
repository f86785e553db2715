/** Which states of many changes are looked at: of few, each one that the order permits. */
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/plan.ts';
import { keyOf } from '../../src/model/resource.ts';
import { momentsOver } from '../../src/plan/guards/moments.ts';
import { account, attachment, membership } from '../support/build.ts';

type Parts = Partial<Pick<Change, 'dependsOn' | 'reaches' | 'phase'>>;
const create = (after: ReturnType<typeof attachment> | ReturnType<typeof membership>, parts: Parts = {}): Change => ({
  ...{ id: keyOf(after), key: keyOf(after), kind: after.kind, action: 'create', after },
  ...{ phase: 'restrict', risk: 'low', dependsOn: [], reaches: [keyOf(after)], ...parts },
});
const remove = (before: ReturnType<typeof attachment> | ReturnType<typeof membership>, parts: Parts = {}): Change => ({
  ...{ id: keyOf(before), key: keyOf(before), kind: before.kind, action: 'delete', before },
  ...{ phase: 'relax', risk: 'low', dependsOn: [], reaches: [keyOf(before)], ...parts },
});
const move: Change = {
  ...{ id: 'move', key: 'account/Dev', kind: 'account', action: 'update' },
  ...{ before: account('Dev', '222222222222', 'Work'), after: account('Dev', '222222222222', 'Lab') },
  ...{ phase: 'relax', risk: 'low', dependsOn: [], reaches: ['Dev'] },
};

const statesOf = (changes: readonly Change[]): readonly string[] =>
  momentsOver(changes)(changes).map((done) => done.map(({ id }) => id).join(' '));
const rails = ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((name) => create(attachment(name, 'root')));
const [first, , third] = rails.map(({ id }) => id);

describe('the states that a question looks at', () => {
  it('are all that the order permits where few changes bear on it', () => {
    const [one, two] = rails as [Change, Change];
    expect([...statesOf([one, two])].sort()).toEqual(['', one.id, `${one.id} ${two.id}`, two.id].sort());
    const waiting = { ...two, dependsOn: [one.id] };
    expect([...statesOf([one, waiting])].sort()).toEqual(['', one.id, `${one.id} ${two.id}`].sort());
  });

  it('of many: each alone', () => {
    for (const { id } of rails) expect(statesOf(rails)).toContain(id);
  });

  it('of many: a guard rail and the move of an account, and nothing else', () => {
    expect(statesOf([...rails, move])).toContain(`${third} move`);
  });

  it('of many: what each waits for comes along, as deep as it goes', () => {
    const [one, two, three, ...others] = rails as [Change, Change, Change, ...Change[]];
    const chain = [one, { ...two, dependsOn: [one.id] }, { ...three, dependsOn: [two.id] }, ...others, move];
    const states = statesOf(chain);
    expect(states).toContain(`${first} ${two.id} ${third} move`);
    expect(states).not.toContain(`${third} move`);
    expect(states).not.toContain(third);
  });

  it('of many: all that goes, and nobody who comes', () => {
    const going = ['a', 'b', 'c', 'd'].map((name) => remove(membership('Glass', name)));
    const coming = ['e', 'f', 'g'].map((name) => create(membership('Glass', name), { phase: 'grant' }));
    const gone = going.map(({ id }) => id).join(' ');
    expect(statesOf([...coming, ...going])).toContain(gone);
    expect(statesOf([...coming, ...going, move])).toContain(gone);
    expect(statesOf([...coming, ...going, move])).toContain(`${gone} move`);
  });

  it('of many: all but one and what waits for it', () => {
    const [one, two, ...others] = rails as [Change, Change, ...Change[]];
    const changes = [one, { ...two, dependsOn: [one.id] }, ...others];
    expect(statesOf(changes)).toContain(others.map(({ id }) => id).join(' '));
  });
});

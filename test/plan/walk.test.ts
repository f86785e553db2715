import { describe, expect, it } from 'vitest';
import type { Outcome, OutcomeStatus } from '../../src/model/cloud.ts';
import type { Change, Phase } from '../../src/model/plan.ts';
import type { Key, Resource } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { draftFrom } from '../../src/plan/phases/draft.ts';
import { nextChanges } from '../../src/plan/carry/next.ts';
import { account, assignment, attachment, group } from '../support/build.ts';

type Parts = { readonly reaches?: readonly string[]; readonly dependsOn?: readonly Change[] };
const grant = (who: string, on: string, parts: Parts = {}): Change =>
  made(assignment(`group:${who}`, 'S', on), 'grant', { reaches: [on], ...parts });
const rail = (name: string, phase: Phase, reaches: readonly string[]): Change =>
  made(attachment(name, 'root'), phase, { reaches });
const made = (after: Resource, phase: Phase, parts: Parts): Change => {
  const key = keyOf(after);
  const { id, kind } = draftFrom({ key, before: undefined, after, phase });
  const dependsOn = (parts.dependsOn ?? []).map((one) => one.id);
  return {
    id,
    kind,
    key,
    phase,
    action: 'create',
    after,
    risk: 'low',
    dependsOn,
    reaches: parts.reaches ?? [],
  };
};

const keysOf = (found: readonly { readonly key: Key }[]): readonly Key[] => found.map(({ key }) => key);

const walked = (
  changes: readonly Change[],
  statuses: ReadonlyMap<Change, OutcomeStatus>,
  started: readonly Change[] = [],
) => {
  const outcomes = new Map([...statuses].map(([{ id, key }, status]): [string, Outcome] => [id, { id, key, status }]));
  return nextChanges({ changes }, outcomes, new Set(started.map(({ id }) => id)));
};

const up = rail('P', 'restrict', ['A']);
const inA = grant('G', 'A');
const inB = grant('G', 'B');

describe('the walk', () => {
  it('starts one phase at a time, and everything in it at once', () => {
    expect(keysOf(walked([up, inA, inB], new Map()).ready)).toEqual([up.key]);
    expect(keysOf(walked([up, inA, inB], new Map(), [up]).ready)).toEqual([]);
    expect(keysOf(walked([up, inA, inB], new Map([[up, 'done']])).ready)).toEqual([inA.key, inB.key]);
  });

  it('ends when every change has an outcome', () => {
    expect(walked([up], new Map([[up, 'done']]))).toEqual({ ready: [], held: [], finished: true });
    expect(walked([], new Map()).finished).toBe(true);
  });

  it.each(['failed', 'held'] as const)('holds what depends on a change that is %s', (status) => {
    const team = made(group('G'), 'grant', {});
    const member = grant('G', 'A', { dependsOn: [team] });
    const { held, ready, finished } = walked([team, member, inB], new Map([[team, status]]));
    expect(keysOf(held)).toEqual([member.key]);
    expect(held[0]?.reason).toContain(team.key);
    expect(keysOf(ready)).toEqual([inB.key]);
    expect(finished).toBe(false);
  });

  it('holds grants, relaxes and moves below a guard rail that did not rise, and nothing else', () => {
    const move = made(account('A', '222222222222'), 'relax', { reaches: ['A'] });
    const down = rail('Q', 'relax', ['A']);
    const revoke = made(assignment('group:G', 'T', 'A'), 'revoke', { reaches: ['A'] });
    const leaving = { ...revoke, action: 'delete' } as Change;
    const { held } = walked([up, inA, inB, leaving, move, down], new Map([[up, 'failed']]));
    expect(keysOf(held).toSorted()).toEqual(keysOf([move, inA, down]).toSorted());
  });

  it('lets a guard rail of the whole organization reach every account', () => {
    const everywhere = rail('R', 'restrict', ['*']);
    const { held } = walked([everywhere, inA, inB], new Map([[everywhere, 'failed']]));
    expect(keysOf(held)).toEqual(keysOf([inA, inB]));
  });

  it('holds relaxes, not grants, where access was not revoked', () => {
    const revoke = {
      ...made(assignment('group:G', 'T', 'A'), 'revoke', { reaches: ['A'] }),
      action: 'delete',
    } as Change;
    const [downA, downB] = [rail('Q', 'relax', ['A']), rail('R', 'relax', ['B'])];
    const { held, ready } = walked([revoke, downA, downB], new Map([[revoke, 'failed']]));
    expect(keysOf(held)).toEqual([downA.key]);
    expect(keysOf(ready)).toEqual([downB.key]);
  });

  it.each(['failed', 'held'] as const)('ends what has ended though what was to replace it is %s', (status) => {
    const leaving = {
      ...made(assignment('group:G', 'T', 'A'), 'revoke', { reaches: ['A'], dependsOn: [inA] }),
      action: 'delete',
    } as Change;
    const { held } = walked([inA, leaving], new Map([[inA, status]]));
    expect(keysOf(held)).toEqual([leaving.key]);
    const over: Change = { ...leaving, ended: '2026-11-22' };
    expect(keysOf(walked([inA, over], new Map()).ready)).toEqual([inA.key]);
    expect(walked([inA, over], new Map([[inA, status]]))).toMatchObject({ ready: [over], held: [] });
    expect(walked([over], new Map())).toMatchObject({ ready: [over], held: [] });
  });
});

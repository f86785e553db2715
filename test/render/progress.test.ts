import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/plan.ts';
import { progressLine, readingLine, stageText } from '../../src/render/progress.ts';
import type { ApplyStanding } from '../../src/render/progress.ts';
import { assignment } from '../support/build.ts';

const change: Change = {
  id: 'a',
  action: 'create',
  kind: 'assignment',
  key: 'assignment/group:Team:Reader@Dev',
  phase: 'grant',
  risk: 'low',
  dependsOn: [],
  after: assignment('group:Team', 'Reader', 'Dev'),
};
const standing: ApplyStanding = { settled: 0, total: 40, elapsed: 0, estimate: 30, running: [] };

describe('the line of progress', () => {
  it('tells the estimate of the plan before there is a rate', () => {
    expect(progressLine(standing)).toBe('0 of 40 changes · about 30 seconds left');
    expect(progressLine({ ...standing, settled: 4, elapsed: 10 })).toBe('4 of 40 changes · about 20 seconds left');
  });

  it('never has less than a second left while something is', () => {
    expect(progressLine({ ...standing, settled: 4, elapsed: 99 })).toBe('4 of 40 changes · about 1 second left');
  });

  it('tells the time left by the rate once there is one', () => {
    expect(progressLine({ ...standing, settled: 10, elapsed: 5 })).toBe(
      '10 of 40 changes · 2.0 a second · about 15 seconds left',
    );
    expect(progressLine({ ...standing, settled: 10, elapsed: 100 })).toBe(
      '10 of 40 changes · 6 a minute · about 5 minutes left',
    );
  });

  it('names what it has waited for longest', () => {
    const running = [
      { change, age: 2.7 },
      { change, age: 1 },
      { change, age: 0 },
    ];
    expect(progressLine({ ...standing, running })).toBe(
      '0 of 40 changes · about 30 seconds left · waits 2 seconds for + assignment/group:Team:Reader@Dev and 2 others',
    );
    expect(progressLine({ ...standing, running: running.slice(0, 1) })).toMatch(/Reader@Dev$/);
  });

  it('lets no name move the cursor', () => {
    const hostile = { ...change, key: 'assignment/group:\u001b[2J:Reader@Dev' };
    expect(progressLine({ ...standing, running: [{ change: hostile, age: 0 }] })).not.toContain('\u001b');
  });

  it('has nothing left when everything has an outcome', () => {
    expect(progressLine({ ...standing, settled: 40, elapsed: 20 })).toBe('40 of 40 changes · 2.0 a second');
  });
});

describe('the line while AWS is read', () => {
  const sets = { stage: 'permission-sets', done: 12, total: 1500 } as const;

  it('says what is read, how many of how many and how long, and nothing of what is finished', () => {
    const accounts = { stage: 'accounts', done: 3, total: 9 } as const;
    const tree = { stage: 'organization', done: 15, total: 15 } as const;
    expect(readingLine([accounts, sets, tree], 4.2)).toBe(
      '/ Reading AWS, 4 s · permission sets 12 of 1,500 · roles in accounts 3 of 9',
    );
    expect(readingLine([], 0)).toBe('| Reading AWS, 0 s');
  });

  it('turns while nothing is answered', () => {
    expect(new Set([0, 0.125, 0.25, 0.375].map((seconds) => readingLine([sets], seconds)[0])).size).toBe(4);
  });

  it('says in a log when a stage is through', () => {
    expect(stageText({ ...sets, done: 1500 }, 61.4)).toBe('Read: permission sets, 1,500 of 1,500, after 61 seconds');
  });
});

/** What is said of two plans of the same files and the same AWS. */
import { describe, expect, it } from 'vitest';
import type { Outcome, PlanFile } from './differences.ts';
import { comparedText, differencesOf } from './differences.ts';

const change = (key: string, more: Partial<PlanFile['changes'][number]> = {}): PlanFile['changes'][number] => ({
  id: `digest of ${key}`,
  action: 'create',
  kind: 'assignment',
  key,
  risk: 'low',
  ...more,
});
const plan = (changes: PlanFile['changes'], more: Partial<PlanFile> = {}): Outcome => ({
  exit: 0,
  said: '',
  plan: { changes, guards: [], held: [], ...more },
});
const refused = (said: string): Outcome => ({ exit: 1, said });

describe('what two versions plan differently', () => {
  it('is nothing where they plan the same, or refuse in the same words', () => {
    expect(differencesOf(plan([change('a')]), plan([change('a')]))).toEqual([]);
    expect(differencesOf(refused('\nno\n'), refused('no\nmore'))).toEqual([]);
  });

  it('is each change that comes, goes, is another, or is rated otherwise', () => {
    const before = plan([change('gone'), change('other'), change('rated')]);
    const after = plan([change('come'), change('other', { id: 'x' }), change('rated', { risk: 'high' })]);
    expect(differencesOf(before, after)).toEqual([
      'no longer planned: create gone',
      'newly planned: create come',
      'with other content: create other',
      'rated high, was low: create rated',
    ]);
  });

  it('is each guard that refuses, each key that is held, and another exit code', () => {
    const guards = [{ id: 'break-glass', ok: true }];
    const before = plan([], { guards, held: [{ key: 'a' }] });
    const after = {
      ...plan([], { guards: guards.map((one) => ({ ...one, ok: false })), held: [{ key: 'b' }] }),
      exit: 3,
    };
    const said = differencesOf(before, after);
    expect(said).toEqual([
      'exits 3, exited 0',
      'refused by the guard break-glass',
      'newly held: b',
      'no longer held: a',
    ]);
    expect(differencesOf(after, before)).toContain('no longer refused by the guard break-glass');
  });

  it('is a plan that is no more, or was not before, with the reason', () => {
    expect(differencesOf(plan([]), refused('No.'))).toEqual(['no plan any more (exit 1): No.']);
    expect(differencesOf(refused('No.'), plan([]))).toEqual(['a plan where there was none: No.']);
    expect(differencesOf(refused('No.'), refused('Never.'))).toEqual(['says otherwise why there is no plan: Never.']);
  });

  it('is said in a sentence, and in which organization', () => {
    const same = { name: 'One', differences: [], changes: 3 };
    expect(comparedText([same])).toBe('Planned differently: nothing, in 1 organizations (3 changes).');
    const many = Array.from({ length: 30 }, (_, at) => `newly planned: create ${at}`);
    const text = comparedText([same, { name: 'Two', differences: many, changes: undefined }]);
    expect(text).toContain('Planned differently: in 1 of 2 organizations (3 changes, 1 without a plan).\n\n- Two:\n');
    expect(text).toContain('create 24\n  - and 5 more');
  });
});

import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/plan.ts';
import type { Trace } from '../../src/model/trace.ts';
import { plainPaint } from '../../src/render/paint.ts';
import { tracesMarkdown, tracesText } from '../../src/render/traces.ts';
import { create } from '../contract/changes.ts';

const style = { paint: plainPaint, width: 200 };
const group = (name: string): Change => create({ kind: 'group', name, source: 'identity-center' });
const trace: Trace = {
  at: '2026-11-23T10:41:30.000Z',
  who: 'ada@securecart.example (permission set AdministratorAccess)',
  event: 'CreateGroup',
  source: '203.0.113.24',
  via: 'console',
};

describe('who did it, told', () => {
  it('has time, person, way and source, in the order in which it happened', () => {
    const found = { 'group/b': trace, 'group/a': { ...trace, at: '2026-11-23T11:00:00.000Z', via: 'api' as const } };
    const lines = tracesText([group('a'), group('b')], { found, unread: [] }, style).split('\n');
    expect(lines[2]).toContain('group/b since 2026-11-23 10:41 UTC: ada@securecart.example (permission set');
    expect(lines[2]).toContain('in the console from 203.0.113.24 (CreateGroup)');
    expect(lines[3]).toContain('group/a since 2026-11-23 11:00 UTC');
    expect(lines[3]).toContain('by API');
  });

  it('tells what was not found from what could not be asked', () => {
    const traces = { found: {}, unread: [{ scope: 'CloudTrail of account 1 in eu-west-1', reason: 'AccessDenied' }] };
    const text = tracesText([group('a')], traces, style);
    expect(text).toContain('Not found in the last 90 days: 1 change: group/a');
    expect(text).toContain('CloudTrail of account 1 in eu-west-1 could not be asked: AccessDenied');
  });

  it('folds the keys that were not found, unless everything is asked for', () => {
    const changes = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => group(name));
    const told = (verbose: { verbose?: 'all' }): string =>
      tracesText(changes, { found: {}, unread: [] }, { ...style, ...verbose });
    expect(told({})).toContain('group/d … and 2 more');
    expect(told({ verbose: 'all' })).toContain('group/d, group/e, group/f');
  });

  it('says nothing when nothing differs', () => {
    expect(tracesText([], { found: {}, unread: [] }, style)).toBe('');
    expect(tracesMarkdown([], { found: {}, unread: [] })).toBe('');
  });

  it('mentions nobody on GitHub, whatever AWS says the name is', () => {
    const found = { 'group/a': { ...trace, who: '@everyone <img src=x> #1' } };
    const text = tracesMarkdown([group('a')], { found, unread: [] });
    expect(text).not.toMatch(/@everyone|<img|#1\b/);
  });
});

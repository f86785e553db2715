import { expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { escalationPaths, escalationSources } from '../../src/evaluate/escalation-paths.ts';
import { sensitiveActions } from '../../src/evaluate/reach/sensitive.ts';

const known = new Set(loadActionCatalogue().actions.map(({ service, name }) => `${service}:${name}`));

it('names only sensitive actions that AWS has, each once', () => {
  expect(sensitiveActions.filter((action) => !known.has(action))).toEqual([]);
  expect(new Set(sensitiveActions).size).toBe(sensitiveActions.length);
});

it('names only escalation paths whose actions AWS has, each path once', () => {
  expect(escalationPaths.flatMap(({ actions }) => actions).filter((action) => !known.has(action))).toEqual([]);
  expect(new Set(escalationPaths.map(({ actions }) => [...actions].sort().join())).size).toBe(escalationPaths.length);
  expect(new Set(escalationPaths.map(({ name }) => name)).size).toBe(escalationPaths.length);
});

it('knows where each escalation path is described, and names no source that describes none', () => {
  expect(new Set(escalationPaths.map(({ source }) => source))).toEqual(new Set(Object.keys(escalationSources)));
  expect(Object.values(escalationSources).filter((url) => !url.startsWith('https://'))).toEqual([]);
});

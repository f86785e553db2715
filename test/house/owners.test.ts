/** CODEOWNERS owns everything and frees what is meant, not the other way round. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownersIn, unownedPatterns } from '../../src/doctor/codeowners.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, '.github/CODEOWNERS'), 'utf8');
const rules = ownersIn(text);

/** A path that a pattern of ours matches: a file, or the YAML files of one folder. */
const matches = (pattern: string, path: string): boolean =>
  pattern === '*' ||
  `/${path}` === pattern ||
  (pattern.endsWith('/*.yaml') && dirnameOf(path) === pattern.slice(0, -'/*.yaml'.length) && path.endsWith('.yaml'));
const dirnameOf = (path: string): string => `/${path}`.slice(0, `/${path}`.lastIndexOf('/'));
const ownersOf = (path: string): readonly string[] =>
  rules.findLast(({ pattern }) => matches(pattern, path))?.owners ?? [];

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '');

describe('CODEOWNERS', () => {
  it('is written in the two forms of pattern that this test reads', () => {
    expect(
      rules
        .map(({ pattern }) => pattern)
        .filter((pattern) => !/^(\*|\/[\w./-]+(\/\*\.yaml)?|\/[\w./-]+\*\.yaml)$/.test(pattern)),
    ).toEqual([]);
  });

  it('begins with everything, and frees nothing but who is given what', () => {
    expect([rules[0]?.pattern, rules[0]?.owners]).toEqual(['*', ['@securecart/security']]);
    expect(unownedPatterns(rules)).toEqual(['/access/groups/*.yaml', '/access/users/*.yaml']);
  });

  it('leaves no file of the repository without an owner but groups', () => {
    const free = tracked.filter((path) => ownersOf(path).length === 0);
    expect(free.filter((path) => !/^access\/groups\/[^/]+\.yaml$/.test(path))).toEqual([]);
    expect(free.length).toBeGreaterThan(5);
  });

  it.each([
    ...['dist/cli.js', 'npm-shrinkwrap.json', '.gatehouse/journal.jsonl', '.npmrc', '.gitattributes', 'CODEOWNERS'],
    ...['access/settings.yaml', 'access/Settings.YML', 'access/organization.yaml', 'scps/bindings.yaml', 'scps/a.json'],
    ...[
      'access/groups/break-glass.yaml',
      'access/groups/.gitattributes',
      'access/groups/a.json',
      'Access/groups/a.yaml',
    ],
    ...[
      'access/groups/below/a.yaml',
      'access/tests/a.yaml',
      'permission-sets/a.json',
      'access/roles/a.json',
      'docs/a.md',
    ],
  ])('has an owner for %s', (path) => {
    expect(ownersOf(path)).toContain('@securecart/security');
  });
});

/** The demo where nobody sits at a terminal. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';

const cli = join(import.meta.dirname, '../../dist/cli.js');
const env = { PATH: process.env['PATH'], HOME: tmpdir(), npm_command: 'exec', TERM: 'xterm', NO_COLOR: '1' };

type Ran = { readonly exit: number | null; readonly out: string; readonly err: string };

const inside = (dir: string, words: readonly string[]): Ran => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], { cwd: dir, env, encoding: 'utf8' });
  return { exit: status, out: stdout, err: stderr };
};

const scenesIn = (text: string): readonly string[] => text.split(/\n*^(?=== )/m).slice(1);

const yamlOf = (dir: string): readonly string[] =>
  readdirSync(join(dir, 'access/groups')).map((name) => readFileSync(join(dir, 'access/groups', name), 'utf8'));

/** With the line that asks for Enter. */
const ROWS = 20;

describe('the demo where nobody is there to press Enter', { timeout: 120_000 }, () => {
  it('runs through five scenes of a screen each, and every command at its end works as it is printed', () =>
    inSecureCart(async ({ dir }) => {
      const before = yamlOf(dir);
      const { exit, out, err } = inside(dir, ['demo']);
      expect({ exit, err }).toEqual({ exit: 0, err: '' });
      expect(yamlOf(dir)).toEqual(before);
      const [request, apply, end, drift, revert, ...more] = scenesIn(out).map((scene) => scene.trimEnd());
      expect(more).toEqual([]);
      for (const scene of [request, apply, end, drift, revert]) {
        expect((scene ?? '').split('\n').length, scene).toBeLessThan(ROWS);
        expect((scene ?? '').split('\n').filter((line) => line.length > 80)).toEqual([]);
      }
      expect(out).not.toContain('%40');
      expect(request).toMatch(/Ready: it needs approval\..*2 approvals from/s);
      expect(request).toMatch(/Who +grace@securecart\.example\n.*Until +\d{4}-\d\d-\d\d\n.*Risk +critical/s);
      expect(apply).toContain('Of 1 change: 1 done.');
      expect(end).toMatch(/- grace@securecart\.example loses .*since its end on/s);
      expect(end).toContain('Of 1 change: 1 done.');
      expect(drift).toMatch(/Who did it\n.*:grace@.* since\s+[-\d]+ [:\d]+ UTC: kofi@.* in the\s+console from/s);
      expect(revert).toContain('Nothing to do: AWS is what Git says.');
      const [, section = ''] = /your own AWS, .*: README\.md, "(.+)"/.exec(revert ?? '') ?? [];
      expect(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')).toContain(`\n## ${section}\n`);
      const commands = [...(revert ?? '').matchAll(/^ +npx gatehouse (.*)$/gm)].map(([, words = '']) => words);
      expect(commands.map((words) => words.split(' ')[0])).toEqual(['grant', 'plan', 'apply', 'who-can']);
      const [granted, planned, applied, asked] = commands.map((words) => inside(dir, words.split(' ')));
      expect(granted).toMatchObject({ exit: 0 });
      expect(granted?.out).toContain('Give SecureCart-Ops SecureCart-ReadOnly in SecureCart-Dev');
      expect(planned?.out).toMatch(/\+ SecureCart-Ops \(3 people\) get SecureCart-ReadOnly\s+in\s+SecureCart-Dev/);
      expect(applied?.out).toContain('Of 1 change: 1 done.');
      expect(asked).toMatchObject({ exit: 0 });
    }));

  it('says that the story ends where it is interrupted, and blames nobody', () =>
    inSecureCart(async ({ dir }) => {
      const child = spawn(process.execPath, [cli, 'demo'], { cwd: dir, env });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('== 2 of 5')) child.kill('SIGINT');
      });
      const [exit] = (await once(child, 'close')) as [number | null];
      expect(said).not.toContain('== 4 of 5');
      expect(said).toContain('The story ends here; npx gatehouse demo begins it anew.');
      expect(said).not.toContain('not how the story goes');
      expect(exit).toBe(130);
    }));
});

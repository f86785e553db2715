/** Git as a process: no terminal to ask on, and nothing of the user's own configuration where files are read. */
import { spawn } from 'node:child_process';
import type { RunGit } from './asking-git.ts';

type GitEnvironment = Readonly<Record<string, string | undefined>>;

/** `LC_ALL` keeps messages the same everywhere; a prompt would wait for ever in a workflow. */
const quiet = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '' };

/** Neither settings, attributes nor replaced objects say what a commit holds. */
const aloneWith = (environment: GitEnvironment): GitEnvironment => ({
  ...Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
});

export const runGitWith =
  (environment: GitEnvironment): RunGit =>
  (words, { dir, env, input = '', asUser }) =>
    new Promise((resolve, reject) => {
      const own = asUser === true ? environment : aloneWith(environment);
      const child = spawn('git', [...words], { cwd: dir, env: { ...own, ...quiet, ...env } });
      const [out, err]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => void err.push(chunk));
      child.on('error', reject);
      child.on('close', (code) => {
        const bytes = Buffer.concat(out);
        resolve({ code: code ?? -1, out: bytes.toString('utf8'), err: Buffer.concat(err).toString('utf8'), bytes });
      });
      // A git that ends before it has read all of it says so by its exit code.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });

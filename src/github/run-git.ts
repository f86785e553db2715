/** Git as a process: no terminal to ask on, nothing of the user's own configuration but where it finds git. */
import { spawn } from 'node:child_process';
import type { RunGit } from './git.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `LC_ALL` keeps messages the same everywhere; a prompt would wait for ever in a workflow. */
const quiet = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '' };

export const runGitWith =
  (environment: Environment): RunGit =>
  (words, { dir, env }) =>
    new Promise((resolve, reject) => {
      const child = spawn('git', [...words], { cwd: dir, env: { ...environment, ...quiet, ...env } });
      const [out, err]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => void err.push(chunk));
      child.on('error', reject);
      child.on('close', (code) =>
        resolve({
          code: code ?? -1,
          out: Buffer.concat(out).toString('utf8'),
          err: Buffer.concat(err).toString('utf8'),
        }),
      );

      child.stdin.end();
    });

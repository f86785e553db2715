import { expect, it } from 'vitest';
import { spokenAs } from '../../src/commands/run/own.ts';
import type { Start } from '../../src/commands/run/own.ts';

const name = '@acme/gatehouse';
const home = '/home/ada/access';
const installed = `${home}/node_modules/${name}`;
const linked = `${home}/node_modules/.bin/gatehouse`;
const start = (parts: Partial<Start>): Start => ({
  ...{ name, folder: installed, script: linked, cwd: home, env: { PATH: '/usr/bin' } },
  ...parts,
});

it.each<[string, string, Partial<Start>]>([
  ['npx in a repository that has it installed', `npx ${name}`, { env: { npm_command: 'exec', PATH: '' } }],
  [
    'a script of npm, whose PATH is gone afterwards',
    `npx ${name}`,
    {
      env: { npm_command: 'run-script', PATH: `${home}/node_modules/.bin:/usr/bin` },
    },
  ],
  ['npx in its own checkout', 'npx gatehouse', { folder: '/src/gatehouse', env: { npm_command: 'exec' } }],
  [
    'a global installation',
    'gatehouse',
    {
      folder: `/usr/lib/node_modules/${name}`,
      script: '/usr/bin/gatehouse',
    },
  ],
  ['the link of an installation', 'node_modules/.bin/gatehouse', {}],
  ['the link beside which one stands', './gatehouse', { cwd: `${home}/node_modules/.bin` }],
  [
    'the file in a checkout',
    'node dist/cli.js',
    {
      folder: '/src/gatehouse',
      script: '/src/gatehouse/dist/cli.js',
      cwd: '/src/gatehouse',
    },
  ],
  [
    'the file from elsewhere, with a blank in its path',
    "node '../my tools/dist/cli.js'",
    {
      script: '/home/ada/my tools/dist/cli.js',
    },
  ],
  ['a job, whose words are read elsewhere', `npx ${name}`, { env: { GITHUB_ACTIONS: 'true' } }],
])('knows how to speak of it: %s', (_, said, parts) => {
  expect(spokenAs(start(parts))).toBe(said);
});

/** Every command that a message, a page of docs/ or the README prints is one: typed, its words are all known. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { withFolders } from '../../src/commands/run/arguments.ts';
import { programOf } from '../../src/commands/run/program.ts';
import type { CommandAction } from '../../src/commands/run/program.ts';
import { inSecureCart, ownOfTests } from '../support/run.ts';

const root = join(import.meta.dirname, '../..');
const does: CommandAction = () => async () => undefined;
const silent = { writeOut: () => undefined, writeErr: () => undefined };
const program = (): Command => programOf(does, silent, ownOfTests);

/** As a shell splits it, as far as what is printed goes: quotes of both kinds, and no more. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replaceAll(/['"]/g, ''));

/** Up to what ends it in prose, in a code span, or in a shell. */
const commandsIn = (text: string): readonly string[] => {
  const whole = text.replaceAll(/npx\n */g, 'npx ');
  return [
    ...whole.matchAll(/npx gatehouse((?: (?!then |prints |writes |takes |makes |checks |becomes )[^\s`,|;>()]+)*)/g),
  ]
    .map(([, words = '']) => words.trim().replace(/[.:]$/, ''))
    .filter((words) => words !== '' && !/[[<…]/.test(words));
};

const typed = async (line: string): Promise<string | undefined> => {
  try {
    await program().parseAsync(withFolders(wordsOf(line)), { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    return `${line}: ${error instanceof Error ? error.message : ''}`;
  }
};

const faultsIn = async (text: string): Promise<readonly string[]> =>
  (await Promise.all([...new Set(commandsIn(text))].map(typed))).filter((fault) => fault !== undefined);

const commandsOf = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(commandsOf)];

const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({ writeOut: (more) => void (text += more) }).outputHelp();
  return text;
};

describe('a printed command', () => {
  it('would be found wrong', async () => {
    expect(await faultsIn('Type npx gatehouse aply --yes, or `npx gatehouse plan --nothing`.')).toHaveLength(2);
    expect(await faultsIn("npx gatehouse adopt 'assignment/group:A B:C@D', then npx gatehouse validate.")).toEqual([]);
  });

  it('is right in every help', async () => {
    const helps = commandsOf(program()).map(helpOf);
    expect(helps.flatMap(commandsIn).length).toBeGreaterThan(30);
    expect((await Promise.all(helps.map(faultsIn))).flat()).toEqual([]);
  });

  it.each(['README.md', 'docs', 'test/render/golden', 'test/github/golden'])('is right in %s', async (place) => {
    const path = join(root, place);
    const files = place.endsWith('.md') ? [path] : readdirSync(path).map((name) => join(path, name));
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    expect((await Promise.all(texts.map(faultsIn))).flat()).toEqual([]);
  });

  it(
    'is right wherever the story of SecureCart prints one',
    () =>
      inSecureCart(async ({ run }) => {
        const told = [
          await run('plan', '--sandbox'),
          await run('drift', '--sandbox', '--format', 'markdown'),
          await run('doctor'),
        ].map(({ out, err }) => `${out}\n${err}`);
        expect(told.flatMap(commandsIn).length).toBeGreaterThan(2);
        expect((await Promise.all(told.map(faultsIn))).flat()).toEqual([]);
      }),
    300_000,
  );

  it('is written nowhere as if everybody started it alike', () => {
    const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const names = commandsOf(program()).map((command) => command.name());
    const fixed = new RegExp(`gatehouse (?:${names.join('|')})\\b`);
    const wrong = files.filter((name) => {
      const code = readFileSync(join(root, 'src', name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
      return fixed.test(code);
    });
    // What a request of `sandbox call` says of itself to the local AWS is no command to type.
    expect(wrong).toEqual(['sandbox/call.ts']);
  });
});

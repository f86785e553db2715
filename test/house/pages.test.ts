/** The three pages that a newcomer reads: short, complete, and true of the files they name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = ['docs/architecture.md', 'docs/adding.md', 'docs/glossary.md'];
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Paths in backticks; capitals stand for a name that the reader chooses. */
const pathsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:src|test|docs|\.ci|\.github)\/[\w./-]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !/\/(NAME|ID)\b/.test(path));
const linksIn = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => to).filter((to) => !to.startsWith('http'));

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
);
const exportedTypes = new Set(
  sources.flatMap((path) =>
    [...textOf(join('src', path)).matchAll(/^export (?:type|interface) (\w+)/gm)].map(([, name = '']) => name),
  ),
);
const glossary = textOf('docs/glossary.md')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the pages of a newcomer', () => {
  it.each([...pages, '.github/CONTRIBUTING.md', 'README.md'])('name in %s only what is there', (page) => {
    const text = textOf(page);
    const missing = pathsIn(text).filter((path) => !existsSync(join(root, path)));
    const broken = linksIn(text).filter((to) => !existsSync(join(root, dirname(page), to)));
    expect([missing, broken]).toEqual([[], []]);
  });

  it('name every room', () => {
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const text = textOf('docs/architecture.md');
    expect(rooms.map(({ name }) => name).filter((room) => !text.includes(`| \`${room}/\` |`))).toEqual([]);
  });

  it('have every command in the table of README.md', () => {
    const declared = textOf('src/commands/run/program.ts').matchAll(/\bprogram\s*\.command\('([\w-]+)'\)/g);
    const table = textOf('README.md').match(/^\| `.*$/gm) ?? [];
    const rows = table.flatMap((line) => (line.split('|')[1] ?? '').match(/[a-z-]+/g) ?? []);
    const commands = [...declared].map(([, name = '']) => name);
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter((name) => !rows.includes(name))).toEqual([]);
  });

  it('are read in ten minutes', () => {
    const words = pages.flatMap((page) =>
      textOf(page)
        .split(/\s+/)
        .filter((word) => /\w/.test(word)),
    );
    expect(words.length).toBeLessThan(2_200);
  });

  it('explain at most 50 words, each once and by a type that there is', () => {
    const words = glossary.map(([, word = '']) => word);
    expect(words.length).toBeGreaterThan(30);
    expect(words.length).toBeLessThanOrEqual(50);
    expect([...new Set(words)]).toEqual(words);
    const types = glossary.map(([, , , type = '']) => type.replaceAll('`', ''));
    expect(types.filter((type) => type !== 'none' && !exportedTypes.has(type))).toEqual([]);
  });
});

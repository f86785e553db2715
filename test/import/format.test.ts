/** The files as `fmt` puts them in order: nothing that they say changes, and no comment is lost. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { Document, Pair, YAMLMap } from 'yaml';
import { load } from '../../src/desired/load.ts';
import type { FileKind } from '../../src/desired/check-form.ts';
import { readOfFile } from '../../src/desired/documents.ts';
import { formattedFile, formattedFiles } from '../../src/import/format/format-file.ts';
import { commentsIn, formattedYaml } from '../../src/import/format/format-yaml.ts';
import { orderedData, wholeForm } from '../../src/import/write/key-order.ts';
import { gatehouse, inSecureCart } from '../support/run.ts';

const root = join(import.meta.dirname, '../..');
const { files } = await load(root);

const read = (path: string, text: string): { readonly kind: FileKind; readonly value: unknown } => {
  const mistakes: string[] = [];
  const typed = readOfFile({ path, text }, ({ message }) => mistakes.push(message))?.typed;
  if (typed === undefined) throw new Error(`${path}: ${mistakes.join()}\n${text}`);
  return { kind: typed.kind, value: typed.file.value };
};

/** Without the net that leaves a file alone where something would be lost. */
const formatted = (path: string, text: string): string => {
  const { kind, value } = read(path, text);
  return formattedYaml(text, wholeForm(kind, value));
};

const meaningOf = (path: string, text: string): unknown => {
  const { kind, value } = read(path, text);
  return orderedData(wholeForm(kind, value));
};

const groupPath = 'access/groups/g.yaml';
const setPath = 'permission-sets/s.yaml';

describe('a file that fmt puts in order', () => {
  it('has its keys in the order of import, each with the comments above it and its blank lines', () => {
    const text = `# of the file
assignments:
- reason: 'SEC-1' # a ticket
  # where
  accounts: [ Dev,Prod ]
  # what
  permissionSet: "S"

# why it is there
description: 'It''s "here"'
group: G
# the end
`;
    expect(formatted(groupPath, text)).toBe(`# of the file
group: G

# why it is there
description: "It's \\"here\\""
assignments:
  # what
  - permissionSet: S
    # where
    accounts: [Dev, Prod]
    reason: SEC-1 # a ticket
# the end
`);
  });

  it('keeps folded text, texts over several lines, and brackets over several lines as somebody wanted them', () => {
    const text = `permissionSet: S
description: >-
  one
  two

    three
managedPolicies: [
  ReadOnlyAccess, # reads
  "SecurityAudit",
]
inlinePolicy:
    Statement:
    -   Effect: Allow
        Sid: "Reads"
        Action:   's3:GetObject'
        Resource: "arn:aws:s3:::one
          two"
    Version: '2012-10-17'
`;
    expect(formatted(setPath, text)).toBe(`permissionSet: S
description: >-
  one
  two

    three
managedPolicies: [
  ReadOnlyAccess, # reads
  "SecurityAudit",
]
inlinePolicy:
  Version: "2012-10-17"
  Statement:
    - Sid: Reads
      Effect: Allow
      Action: "s3:GetObject"
      Resource: "arn:aws:s3:::one
        two"
`);
  });

  it('quotes words that other readers take for truth values, and no plain words; ARNs and patterns keep their quotes', () => {
    const text = `permissionSet: S
tags: {"team": 'a b', on: "yes", x: yes, id: "0123", "k:k": "arn:aws:s3:::b/", d: 2027-01-31}
`;
    expect(formatted(setPath, text)).toBe(`permissionSet: S
tags: { team: "a b", "on": "yes", x: "yes", id: "0123", "k:k": "arn:aws:s3:::b/", d: 2027-01-31 }
`);
  });

  it('keeps the line ends of its first line, gets an end to its last, and loses blanks and blank lines at the end', () => {
    expect(formatted(groupPath, 'description: d  \r\ngroup: G\r\nmembers: []')).toBe(
      'group: G\r\ndescription: d\r\nmembers: []\r\n',
    );
    expect(formatted(groupPath, 'group: G\n\n\n')).toBe('group: G\n');
  });

  it('is left as it is with keys that are no words, or with a second form of its first line', () => {
    for (const text of ['? group\n: G\n', '{ group: G }\n']) expect(formatted(groupPath, text)).toBe(text);
  });

  it('of JSON has the elements of a policy in their order', () => {
    const text = '{"Statement":{"Resource":"*","Action":"s3:*","Effect":"Deny"},"Version":"2012-10-17"}';
    expect(formattedFile({ path: 'scps/p.json', text })).toBe(
      `${JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 's3:*', Resource: '*' } }, undefined, 2)}\n`,
    );
  });

  it('is left alone with a mistake: twice the same key, an unknown key, an anchor', () => {
    for (const text of ['group: G\ngroup: H\n', 'name: x\ngroup: G\n', 'group: &a G\n'])
      expect(formattedFile({ path: groupPath, text })).toMatchObject([{ severity: 'error' }]);
  });
});

it("SecureCart's own files are as fmt leaves them", () => {
  const { changed, problems } = formattedFiles({ root, files, problems: [] });
  expect([changed.map(({ path }) => path), problems]).toEqual([[], []]);
});

type Numbers = (below: number) => number;

/** Numbers from a list that is long enough, over and over. */
const numbersOf = (list: readonly number[]): Numbers => {
  let next = 0;
  return (below) => (list[next++ % list.length] ?? 0) % below;
};

const isMarked = (line: string): boolean => /^ *(- )?[\w"/-]+:|^ *- \S/.test(line);

/** A comment above some lines, named after what is below, and some at the ends of lines. */
const commented = (text: string, number: Numbers): string =>
  text
    .split('\n')
    .flatMap((line, index) => {
      if (!isMarked(line) || number(3) > 0) return [line];
      const indent = ' '.repeat(/^ */.exec(line)?.[0].length ?? 0);
      const blank = number(4) === 0 ? [''] : [];
      const ended = number(4) === 0 && !line.includes('#') ? `${line} # behind ${index}` : line;
      return [...blank, `${indent}# above ${line.trim().split(' #')[0] ?? ''}`, ended];
    })
    .join('\n');

const shuffledMaps = (document: Document, number: Numbers): void => {
  const visit = (node: unknown): void => {
    const items = (node as YAMLMap | undefined)?.items as (Pair | { items?: unknown })[] | undefined;
    if (items === undefined) return;
    for (const item of items) visit('value' in item ? item.value : item);
    if ('key' in (items[0] ?? {})) items.sort(() => number(3) - 1);
  };
  visit(document.contents);
};

/** The same data as somebody else writes it: in another order, with other quotes and indentation. */
const rewritten = (text: string, number: Numbers): string => {
  const document = parseDocument(text, { version: '1.2' });
  shuffledMaps(document, number);
  return document.toString({
    lineWidth: 0,
    indent: 2 + 2 * number(2),
    indentSeq: number(2) === 0,
    singleQuote: number(2) === 0,
    flowCollectionPadding: number(2) === 0,
  });
};

const yaml = files.filter(({ path }) => path.endsWith('.yaml'));
const cases = fc.record({
  file: fc.constantFrom(...yaml),
  list: fc.array(fc.nat(), { minLength: 40, maxLength: 200 }),
});

/** What each comment of `commented` stands above; those above the first key are the heading of the file. */
const aboveIn = (text: string): readonly string[] => {
  const all = text.split('\n').map((line) => line.trim());
  const lines = all.slice(all.findIndex((line) => line !== '' && !line.startsWith('#')));
  return lines.flatMap((line, index) => {
    const [, wanted] = /^# above (?:- )?([^:]*)/.exec(line) ?? [];
    const below = lines.slice(index).find((one) => one !== '' && !one.startsWith('#'));
    return wanted === undefined ? [] : [`${wanted}: ${String(below?.replace(/^- /, '').startsWith(wanted))}`];
  });
};

describe('whatever comments a file has, and however it is written, fmt', () => {
  it('leaves a file in order as it is, its comments where they are', () => {
    fc.assert(
      fc.property(cases, ({ file: { path, text }, list }) => {
        const source = commented(text, numbersOf(list));
        const result = formatted(path, source);
        expect(meaningOf(path, result)).toEqual(meaningOf(path, source));
        expect(result.replaceAll(/\n+/g, '\n')).toBe(source.replaceAll(/\n+/g, '\n'));
      }),
    );
  });

  it('changes nothing that it says, loses no comment, keeps each above its key, and has nothing to do again', () => {
    fc.assert(
      fc.property(cases, ({ file: { path, text }, list }) => {
        const number = numbersOf(list);
        const source = rewritten(commented(text, number), number);
        const result = formatted(path, source);
        expect(meaningOf(path, result)).toEqual(meaningOf(path, source));
        expect(commentsIn(result)).toEqual(commentsIn(source));
        expect(aboveIn(result).filter((one) => one.endsWith('false')).length).toBeLessThanOrEqual(
          aboveIn(source).filter((one) => one.endsWith('false')).length,
        );
        expect(formatted(path, result)).toBe(result);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});

const textsIn = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(yaml|json)$/.test(path))
    .map((path) => readFileSync(join(dir, path), 'utf8'));

describe('gatehouse fmt', () => {
  it('shows with --check what it would write, and writes it without; then there is nothing to do', () =>
    inSecureCart(async ({ dir }) => {
      const path = join(dir, 'access/groups/developers.yaml');
      const before = readFileSync(path, 'utf8');
      const [first, group, description, ...rest] = before.split('\n');
      writeFileSync(path, [first, description, group, ...rest].join('\n'));
      const checked = await gatehouse(['fmt', '--check', '--dir', dir]);
      expect([checked.exit, checked.err]).toEqual([2, '']);
      expect(checked.out).toMatch(/^--- a\/access\/groups\/developers\.yaml\n[\s\S]*1 of 73 files would change/);
      expect(readFileSync(path, 'utf8')).not.toBe(before);
      const written = await gatehouse(['fmt', '--json', '--dir', dir]);
      expect(JSON.parse(written.out)).toEqual({
        files: 73,
        changed: ['access/groups/developers.yaml'],
        written: true,
        problems: [],
      });
      expect(readFileSync(path, 'utf8')).toBe(before);
      expect(await gatehouse(['fmt', '--check', '--dir', dir])).toMatchObject({ exit: 0, err: '' });
      expect(readdirSync(join(dir, '.gatehouse')).filter((name) => name.startsWith('texts-'))).toEqual([]);
    }));

  it('leaves a file with a mistake alone, says it, and puts the others in order', () =>
    inSecureCart(async ({ dir }) => {
      const wrong = join(dir, 'access/groups/wrong.yaml');
      writeFileSync(wrong, "source:   external\ngroup: 'G'\nunknown: 1\n");
      writeFileSync(join(dir, 'access/groups/right.yaml'), "source:   external\ngroup: 'G'\n");
      const { exit, out, err } = await gatehouse(['fmt', '--dir', dir]);
      expect([exit, out]).toEqual([1, '~ access/groups/right.yaml\n1 of 75 files formatted.\n']);
      expect(err).toContain('access/groups/wrong.yaml:3:1 unknown-key');
      expect(readFileSync(wrong, 'utf8')).toMatch(/^source: {3}external/);
    }));

  it('has nothing to do after an import', () =>
    inSecureCart(async ({ dir }) => {
      const into = join(dir, 'imported');
      mkdirSync(into);
      expect((await gatehouse(['import', '--into', into, `--sandbox=${join(dir, 'box')}`])).exit).toBe(0);
      const before = textsIn(into);
      expect(await gatehouse(['fmt', '--check', '--dir', into])).toMatchObject({ exit: 0, err: '' });
      expect(textsIn(into)).toEqual(before);
    }));
});

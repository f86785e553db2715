/** Mistakes of form, as people make them: one message, on the line where the mistake is, in words that name what is missing. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collector } from '../../src/desired/rules.ts';
import { parseFile } from '../../src/desired/yaml-file.ts';

const said = (path: string, text: string) => {
  const { report, problems } = collector();
  parseFile({ path, text }, report);
  return problems();
};

/** What the parser calls the insides of YAML, and escapes: no reader has to know them. */
const parserWords =
  /\bflow\b|block (collection|sequence|map)|implicit|\btoken\b(?!\.)|scalar|compact|nested map|\\u000|indicator|JSON at position/i;

type Row = readonly [text: string, line: number, words: string];

const yaml: readonly Row[] = [
  ['a: [b\nc: 1\n', 1, 'the "[" that begins here is not closed'],
  ['a: [b, c\n', 1, 'the "[" that begins here is not closed'],
  ['x: 1\na:\n  - b: { c: 1\n  - d\n', 3, 'the "{" that begins here is not closed'],
  ['a: { b: 1\nc: 2\n', 1, 'the "{" that begins here is not closed'],
  ['a:\n  [\n    b,\n    c\nd: 1\n', 2, 'the "[" that begins here is not closed'],
  ['a: [b, c]]\nd: 1\n', 1, '"]" closes nothing'],
  ['a: { b: 1 }}\nd: 1\n', 1, '"}" closes nothing'],
  ['a: [b}\nc: 1\n', 1, ''],
  ['a: { b: 1 c: 2 }\nd: 1\n', 1, 'a comma is missing'],
  ['a: { b: "1" c: 2 }\nd: 1\n', 1, 'a comma is missing'],
  ['a: ["b" "c"]\n', 1, 'a comma is missing'],
  ['a: [{ b: 1 } { c: 2 }]\n', 1, 'a comma is missing'],
  ['a: [b,, c]\n', 1, 'a comma stands where a value belongs'],
  ['a: [, c]\n', 1, 'a comma stands where a value belongs'],
  ['a: "x\nb: 1\n', 1, 'the text that begins with "x has no closing quote'],
  ["a: 'x\nb: 1\n", 1, "the text that begins with 'x has no closing quote"],
  ['a: "x\nb: "y"\n', 1, 'the text that begins with "x has no closing quote'],
  ['a: ["x, y]\nb: ["z"]\n', 1, 'the text that begins with "x, y] has no closing quote'],
  ["x: 1\na: 'it's'\nb: 1\n", 2, 'this does not belong here'],
  ['a: "x" y\nb: 1\n', 1, 'this does not belong here'],
  ['a: [x] y\nb: 1\n', 1, 'this does not belong here'],
  ['reason: Release: look at it\n', 1, 'Write reason: "Release: look at it".'],
  ['a:\n  - b: 1\n    reason: Release: look at it # why\n', 3, 'Write reason: "Release: look at it".'],
  ['- test: it: works\n', 1, 'Write test: "it: works".'],
  ['description: see: "x"\n', 1, 'Put the text in single quotes.'],
  ['a:\n  - b\n - c\n', 3, 'not indented'],
  ['a: 1\n b: 2\n', 2, 'not indented'],
  ['a: 1\n\n# why\n   b: 2\n', 4, 'not indented'],
  ['- a: 1\n   b: 2\n', 2, 'not indented'],
  ['- a: 1\n b: 2\n', 2, '"- " is missing before b: 2'],
  ['a:\n  b: 1\n c: 2\n', 3, 'not indented'],
  ['a:\n    b: 1\n  c: 2\n', 3, 'not indented'],
  ['a:\n  - b\n  c\n', 3, '"- " is missing before c'],
  ['a:\n  - b: 1\n  c: 2\n', 3, '"- " is missing before c: 2'],
  ['a:\n  - b: 1\n    c: 2\n   d: 3\n', 4, 'not indented'],
  ['a:\n\t- b\n', 2, 'a tab indents this line'],
  ['a:\n  b: 1\n\tc: 2\n', 3, ''],
  ['group:G\nb: 1\n', 1, 'Write group: G'],
  ['a: 1\ngroup:G\nb: 1\n', 2, 'Write group: G'],
  ['a: 1\nb:2\n', 2, 'Write b: 2'],
  ['a:\n  - b:1\n    c: 2\n', 2, 'Write b: 1'],
  ['group G\nb: 1\n', 1, 'this line has no key and a colon'],
  ['a: 1\ngroup G\nb: 1\n', 2, 'this line has no key and a colon'],
  ['a: 1\ngroup\n', 2, 'this line has no key and a colon'],
  ['hello\na: 1\n', 1, 'this line has no key and a colon'],
  ['a: 1\n---\nb: 2\n', 2, 'a second document begins here'],
  ['a: 1\n...\nb: 2\n', 3, 'a second document begins here'],
  ['a: @b\n', 1, 'Write "@b".'],
  ['a: `b`\n', 1, 'Write "`b`".'],
  ['a: %b\n', 1, 'Write "%b".'],
  ['a: [@b]\n', 1, 'Write "@b".'],
  ['a: *\n', 1, 'Write "*".'],
  ['a: [*]\n', 1, 'Write "*".'],
  ['Action: *.json\n', 1, 'quotes around a text that begins with *'],
  ['a: &b c\n', 1, 'anchor "&b" is not allowed'],
  ['a: *b\n', 1, 'alias "*b" is not allowed'],
  ['a: !b c\n', 1, 'tag "!b" is not allowed'],
  ['%YAML 1.2\n---\na: 1\n', 1, 'directives (%) are not allowed'],
  ['a: 1\nb: 2\na: 3\n', 3, '"a" stands here and on line 1'],
  ['a: "\\d"\n', 1, '\\d means nothing in double quotes'],
  ['a: | x\n  y\n', 1, 'the text of | and > begins on the next line'],
  ['a: >x\n  y\n', 1, ''],
  ['a: "b"# c\n', 1, 'a blank is missing before the #'],
  ['a: [b]#c\n', 1, 'a blank is missing before the #'],
  ['a\u0000b: 1\n', 1, 'save it as UTF-8'],
  ['a: 0x1F\n', 1, 'quote it if it is text'],
  ['a: 0123\n', 1, 'quote it if it is text'],
];

const json: readonly Row[] = [
  ['{\n  "a": 1\n  "b": 2\n}\n', 2, 'a comma is missing after 1'],
  ['{\n  "a": [1\n  2]\n}\n', 2, 'a comma is missing after 1'],
  ['[\n  {}\n  {}\n]\n', 2, 'a comma is missing after }'],
  ['{\n  "a": 1,\n}\n', 2, 'a comma stands before the closing "}"'],
  ['{ "a": [\n  1,\n] }\n', 2, 'a comma stands before the closing "]"'],
  ['{\n  // why\n  "a": 1\n}\n', 2, 'JSON has no comments'],
  ['{\n  "a": 1, /* why */\n  "b": 2\n}\n', 2, 'JSON has no comments'],
  ['{\n  # why\n  "a": 1\n}\n', 2, 'JSON has no comments'],
  ['{\n  "a": 1\n}\n// why\n', 4, 'JSON has no comments'],
  ['{\n  "a": [1\n}\n', 3, '"}" stands where "]" closes the "[" of line 2'],
  ['{\n  "a": 1\n', 1, 'the "{" that begins on line 1 is not closed'],
  ['{\n  "a": {\n    "b": 1\n}\n', 1, 'the "{" that begins on line 1 is not closed'],
  ['{\n  "a": 1\n}}\n', 3, '"}" closes nothing'],
  ['{\n  "a": 1]\n}\n', 2, '"]" stands where "}" closes the "{" of line 1'],
  ['{\n  "a": "x,\n  "b": 2\n}\n', 2, 'has no closing quote on its line'],
  ['{\n  "a: 1,\n  "b": 2\n}\n', 2, ''],
  ["{ 'a': 1 }\n", 1, 'Write "a".'],
  ['{ "a": \'b\' }\n', 1, 'Write "b".'],
  ['{ a: 1 }\n', 1, 'Write "a".'],
  ['{ "a": b }\n', 1, 'Write "b".'],
  ['{ “a”: 1 }\n', 1, 'Write "a".'],
  ['{ "a": “b” }\n', 1, 'straight double quotes'],
  ['{ "a": True }\n', 1, 'Write true.'],
  ['{ "a": False }\n', 1, 'Write false.'],
  ['{ "a": None }\n', 1, 'Write null.'],
  ['{ "a": NaN }\n', 1, 'NaN is no number of JSON'],
  ['{ "a": 0x1F }\n', 1, '0x1F is no number of JSON'],
  ['{ "a": 012 }\n', 1, '012 is no number of JSON'],
  ['{ "a": .5 }\n', 1, '.5 is no number of JSON'],
  ['{ "a": +1 }\n', 1, '+1 is no number of JSON'],
  ['{ "a": undefined }\n', 1, 'undefined needs double quotes'],
  ['{ "a" 1 }\n', 1, 'a colon is missing after "a"'],
  ['{ "a": }\n', 1, 'a value is missing after the colon'],
  ['{ "a" }\n', 1, 'a colon and a value are missing'],
  ['{ , }\n', 1, '"," stands where a key belongs'],
  ['{ "a": 1,, "b": 2 }\n', 1, '"," stands where a key belongs'],
  ['[1,,2]\n', 1, '"," stands where a value belongs'],
  ['{ 1: 2 }\n', 1, 'Write "1".'],
  ['{}\n{}\n', 2, 'the document has ended, and more follows'],
  ['', 1, 'the file is empty'],
  ['Version: "2012-10-17"\n', 1, 'Version needs double quotes in JSON'],
  ['{ "a": "\\d" }\n', 1, '\\d means nothing in a text of JSON'],
  ['{ "a": "b\tc" }\n', 1, 'a text of JSON has no tab in it'],
  ['{ "a": 1, "a": 2 }\n', 1, '"a" stands here and on line 1'],
];

const check = (path: string, [text, line, words]: Row): void => {
  const problems = said(path, text);
  const told = problems.map(({ line: at, message, hint = '' }) => `${at} ${message} ${hint}`);
  expect(told).toEqual([expect.stringContaining(words)]);
  expect(problems[0]?.line).toBe(line);
  expect(told[0]).not.toMatch(parserWords);
};

const files = (folder: string, end: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name}`);

const asJson = (path: string): readonly [string, string] => {
  const { report } = collector();
  const value = parseFile({ path, text: readFileSync(path, 'utf8') }, report)?.value;
  return [path.replace('.yaml', '.json'), `${JSON.stringify(value, null, 2)}\n`];
};

const structural = /[[\]{}:,"'\n-]/g;

/** Where a text is edited: each structural character is taken away, and each is put where another stands. */
const edits = (text: string, step: number) =>
  [...text.matchAll(structural)]
    .filter((_, at) => at % step === 0)
    .flatMap(({ index, 0: mark }, at) => {
      const put = '[]{}:,"\'-\t'.charAt(at % 10);
      return [
        { index, what: `without ${JSON.stringify(mark)}`, edited: text.slice(0, index) + text.slice(index + 1) },
        { index, what: `with ${JSON.stringify(put)}`, edited: text.slice(0, index) + put + text.slice(index) },
      ];
    });

/** One edit: at most three messages, and of a form that is broken one that says the line, or where what is open began. */
const siblings = (path: string, text: string, step: number): readonly string[] =>
  edits(text, step).flatMap(({ index, what, edited }) => {
    const problems = said(path, edited);
    const line = text.slice(0, index).split('\n').length;
    const place = `${path}:${line} ${what}`;
    const told = problems.map(({ line: at, message, hint = '' }) => `${at} ${message} ${hint}`).join(' | ');
    const [first] = problems;
    if (problems.length > 3) return [`${place}: ${problems.length} messages`];
    if (parserWords.test(told)) return [`${place}: ${told}`];
    const isForm = first?.rule === 'yaml-syntax' || first?.rule === 'json-syntax';
    const isNear =
      first !== undefined && (Math.abs(first.line - line) <= 1 || /begins|o[nf] line \d/.test(first.message));
    return isForm && !isNear ? [`${place}: ${told}`] : [];
  });

describe('every edit of one character in the files of SecureCart', () => {
  const written = [...files('access', '.yaml'), ...files('permission-sets', '.yaml'), ...files('scps', '.yaml')];
  it('is said near it in YAML', () => {
    const step = 41;
    expect(written.flatMap((path) => siblings(path, readFileSync(path, 'utf8'), step))).toEqual([]);
  });
  it('is said near it in JSON', () => {
    const policies = files('scps', '.yaml').map(asJson);
    expect(policies.flatMap(([path, text]) => siblings(path, text, 23))).toEqual([]);
  });
});

describe('a mistake of form is said once, on its line, in words', () => {
  it.each(yaml)('in YAML: %j', (...row) => {
    check('access/groups/x.yaml', row);
  });
  it.each(json)('in JSON: %j', (...row) => {
    check('permission-sets/x.json', row);
  });
});

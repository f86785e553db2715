/**
 * Names and messages that come from YAML, from AWS or from a pull request, made harmless where they are shown. Nothing is
 * dropped silently: what cannot be shown becomes `\u{…}`, what is too long ends in "…".
 */
import { keyText } from '../model/resource.ts';

/** Control, bidi and invisible characters, lone surrogates, exotic spaces, and the backslash that would imitate an escape. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|\\(?=u\{)/gu;

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

const zeroWidthSpace = '\u200b';

/** At most `cap` UTF-16 units of the text, never half a character. */
export const clip = (text: string, cap: number): string => {
  if (text.length <= cap) return text;
  const cut = text.slice(0, Math.max(0, cap - 1));
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
};

/** One line for a terminal: no escape sequence, no line break, nothing that reorders or hides. */
export const terminal = (text: string, cap = 2_000): string => clip(text, cap).replace(hidden, escaped);

/**
 * A Markdown code span. GitHub looks for no mention, link or issue number in code; `<`, `|` and the backtick are written as
 * escapes, so that it also stays one span in a table cell and in a dialect that reads code differently.
 */
export const codeSpan = (text: string, cap = 160): string =>
  text === '' ? '(empty)' : `\`${terminal(text, cap).replace(/[<|`]/g, escaped)}\``;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', $: '&#36;' };

/** GitHub looks for mentions, issue numbers, commits and emoji after entities are decoded, so a zero-width space parts them. */
const parted = (text: string): string =>
  text
    .replace(/[@#]/g, `$&${zeroWidthSpace}`)
    .replace(/GH-(?=\d)/gi, `$&${zeroWidthSpace}`)
    .replace(/:(?=\/\/)|:(?=[\w+-]+:)/g, `$&${zeroWidthSpace}`)
    .replace(/www(?=\.)/gi, `$&${zeroWidthSpace}`)
    .replace(/(?<![0-9a-z])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,64}(?![0-9a-z])/gi, (sha) =>
      sha.replace(/.{6}/g, `$&${zeroWidthSpace}`),
    );

/** A key as a person reads it. */
export const keySpan = (key: string, cap = 160): string => codeSpan(keyText(key), cap);

/** Running text in Markdown, also in a table cell or a list item: no markup of its own, no mention, no link. */
export const markdownText = (text: string, cap = 400): string =>
  parted(
    terminal(text.trim(), cap)
      .replace(/ {2,}/g, ' ')
      .replace(/[\\`*_~[\]|!]|^[-+=#]|(?<=^\d+)[.)]/g, '\\$&')
      .replace(/&(?=[#\w])|[<>$]/g, (character) => entities[character] ?? character),
  );

/** One line inside a fence. */
export const fenceLine = (text: string, cap = 400): string => terminal(text, cap).replace(/</g, escaped);

/** The fence that none of the lines can close: longer than any run of backticks inside (CommonMark, fenced code blocks). */
export const fenceFor = (lines: readonly string[]): string => {
  const longest = lines.reduce(
    (most, line) => [...line.matchAll(/`+/g)].reduce((length, [run]) => Math.max(length, run.length), most),
    2,
  );
  return '`'.repeat(longest + 1);
};

/** JSON with the invisible written as escapes: the same data, safe to print. */
export const visibleJson = (json: string): string =>
  json.replace(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u007f-\u009f]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );

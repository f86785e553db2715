/** Text of others, made safe to print on a terminal and in one line. */

/** Control, format (bidi and zero-width among them), surrogate and separator characters. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
};

/** As standards write it: `U+043E`. */
export const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** At most `limit` characters of the text, with nothing in it that a terminal would obey. */
export const printable = (text: string, limit = 100): string => {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.replace(unsafe, escaped);
};

export const quoted = (text: string): string => `"${printable(text, 80)}"`;

/** As a value of YAML, also between brackets: in quotes where it would be read as something else. */
export const yamlWord = (text: string): string =>
  /^[\p{L}_/][\p{L}\p{N}_./@+ -]*$/u.test(text) && !/ $|^(true|false|null|yes|no|on|off)$/i.test(text)
    ? printable(text)
    : JSON.stringify(printable(text));

/** `a, b and c`, and how many more there are beyond the limit. */
export const listed = (names: readonly string[], limit = 10): string => {
  const shown = names.slice(0, limit).map((name) => printable(name, 80));
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
};

/** What a terminal, or a reader, must never meet raw: everything but tab and line ends that is unseen or obeyed. */
export const hiddenCharacter = (text: string): { readonly index: number; readonly name: string } | undefined => {
  for (const match of text.matchAll(unsafe)) {
    if (!/[\t\n\r]/.test(match[0])) return { index: match.index, name: escaped(match[0]) };
  }
  return undefined;
};

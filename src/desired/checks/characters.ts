/** Characters that look like others, by the names of the Unicode Character Database. */
import { codePoint } from '../text.ts';

const names: Readonly<Record<string, string>> = {
  '\t': 'TAB',
  '\n': 'LINE FEED',
  '\r': 'CARRIAGE RETURN',
  ' ': 'SPACE',
  '\u00a0': 'NO-BREAK SPACE',
  '\u00ad': 'SOFT HYPHEN',
  '\u1680': 'OGHAM SPACE MARK',
  '\u2002': 'EN SPACE',
  '\u2003': 'EM SPACE',
  '\u2009': 'THIN SPACE',
  '\u200b': 'ZERO WIDTH SPACE',
  '\u200c': 'ZERO WIDTH NON-JOINER',
  '\u200d': 'ZERO WIDTH JOINER',
  '\u2010': 'HYPHEN',
  '\u2011': 'NON-BREAKING HYPHEN',
  '\u2012': 'FIGURE DASH',
  '\u2013': 'EN DASH',
  '\u2014': 'EM DASH',
  '\u2015': 'HORIZONTAL BAR',
  '\u2018': 'LEFT SINGLE QUOTATION MARK',
  '\u2019': 'RIGHT SINGLE QUOTATION MARK',
  '\u201c': 'LEFT DOUBLE QUOTATION MARK',
  '\u201d': 'RIGHT DOUBLE QUOTATION MARK',
  '\u201e': 'DOUBLE LOW-9 QUOTATION MARK',
  '\u2026': 'HORIZONTAL ELLIPSIS',
  '\u202f': 'NARROW NO-BREAK SPACE',
  '\u2044': 'FRACTION SLASH',
  '\u20ac': 'EURO SIGN',
  '\u2192': 'RIGHTWARDS ARROW',
  '\u2212': 'MINUS SIGN',
  '\u2215': 'DIVISION SLASH',
  '\u2217': 'ASTERISK OPERATOR',
  '\u2236': 'RATIO',
  '\u3000': 'IDEOGRAPHIC SPACE',
  '\ufe0f': 'VARIATION SELECTOR-16',
  '\ufeff': 'ZERO WIDTH NO-BREAK SPACE',
  '\uff0a': 'FULLWIDTH ASTERISK',
  '\uff0d': 'FULLWIDTH HYPHEN-MINUS',
  '\uff0f': 'FULLWIDTH SOLIDUS',
  '\uff1a': 'FULLWIDTH COLON',
};

/** `U+2011 NON-BREAKING HYPHEN`; what everybody can read, as it is. */
export const characterName = (character: string): string => {
  if (/^[!-~]$/.test(character)) return `"${character}"`;
  const name = names[character];
  return name === undefined ? `character ${codePoint(character)}` : `${codePoint(character)} ${name}`;
};

/** What a document of ASCII words hides: the first character of the text that is none. */
export const oddCharacter = (text: string): string | undefined => {
  const odd = [...text].find((character) => character > '~');
  return odd === undefined ? undefined : characterName(odd);
};

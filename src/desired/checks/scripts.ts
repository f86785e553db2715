/** Letters that look like others: a name in two scripts, such as Latin with one Cyrillic letter, is two names to a machine. */
import { codePoint } from '../text.ts';

/** Han, kana and Hangul stand beside Latin in ordinary names and resemble none of its letters (UTS 39, section 5.2). */
const scripts = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Coptic', /\p{Script=Coptic}/u],
  ['Georgian', /\p{Script=Georgian}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Lisu', /\p{Script=Lisu}/u],
] as const;

const dressed = 'dressed-up';
/** Full-width and mathematical letters are drawn as ASCII ones. */
const isDressed = (letter: string): boolean => letter > '\u007f' && /^[A-Za-z]$/.test(letter.normalize('NFKC'));

const scriptOf = (letter: string): string | undefined =>
  isDressed(letter) ? dressed : scripts.find(([, pattern]) => pattern.test(letter))?.[0];

type Mixture = { readonly scripts: readonly string[]; readonly letters: readonly string[] };
const none: Mixture = { scripts: [], letters: [] };

/** Of a word in several scripts: these, and the letters of all but the most frequent. */
const mixtureOf = (word: string): Mixture => {
  const letters = [...word].flatMap((letter) => {
    const script = scriptOf(letter);
    return script === undefined ? [] : [{ letter, script }];
  });
  const found = [...new Set(letters.map(({ script }) => script))];
  if (found.length < 2 && found[0] !== dressed) return none;
  const count = (script: string): number => letters.filter((one) => one.script === script).length;
  const [main] = [...found].sort((one, other) => count(other) - count(one));
  const odd = letters.filter(({ script }) => script !== main || script === dressed);
  return { scripts: found, letters: odd.map(({ letter }) => letter) };
};

/** The parts of an address have scripts of their own. */
const wordsOf = (name: string): readonly string[] => {
  const [local = '', ...domains] = name.split('@');
  return [...local.split(/[\s/:]+/), ...domains.flatMap((domain) => domain.split('.'))];
};

const isAscii = (name: string): boolean => /^[\x20-\x7e]*$/.test(name);

/** The scripts of the name's mixed words, and each odd letter of theirs as "о is U+043E". */
export const mixtureIn = (name: string): Mixture => {
  if (isAscii(name)) return none;
  const mixed = wordsOf(name).map(mixtureOf);
  return {
    scripts: [...new Set(mixed.flatMap(({ scripts: found }) => found))],
    letters: [...new Set(mixed.flatMap(({ letters }) => letters))].map((letter) => `${letter} is ${codePoint(letter)}`),
  };
};

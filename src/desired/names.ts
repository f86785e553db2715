/** A name as somebody types it: which of the known names is meant, or which it may be. */
import { UserError } from '../model/problem.ts';
import { meantWords, nearest } from './suggest.ts';
import { quoted } from './text.ts';

/** `also`: its id, or what else stands for exactly this one. */
export type KnownName = { readonly name: string; readonly also?: readonly string[] };

/** The names among which one is typed. `what`: what each is; `all`: what they are together. */
export type NameChoice = { readonly known: readonly KnownName[]; readonly what: string; readonly all: string };

export const plainNames = (names: Iterable<string>): readonly KnownName[] => [...names].map((name) => ({ name }));

const loose = (text: string): string => text.normalize('NFKC').toLowerCase();

const wordsOf = (name: string): readonly string[] =>
  loose(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** "Power User" and "power-user" are the word "PowerUser", too. */
const joinedFrom = (words: readonly string[], start: number): readonly string[] =>
  words.slice(start).map((_, index) => words.slice(start, start + index + 1).join(''));

const endsWithWords = (typed: string, name: string): boolean => {
  const words = wordsOf(name);
  return words.some((_, start) => words.slice(start).join('') === typed);
};

const hasWords = (typed: string, name: string): boolean => {
  const words = wordsOf(name);
  return words.some((_, start) => joinedFrom(words, start).includes(typed));
};

/** The role that a permission set becomes in an account, also as a session of it is called in messages of AWS. */
const roleOfSet = /(?:^|[/:])AWSReservedSSO_(.+)_[0-9a-f]{16}(?:\/|$)/;

/** What an ARN is the ARN of, by name or id; a managed policy is never one of ours. */
const namedBy = (typed: string): string | undefined => {
  const set = roleOfSet.exec(typed)?.[1];
  if (set !== undefined || !typed.startsWith('arn:') || typed.includes(':policy/')) return set;
  return typed.split(/[/:]/).at(-1);
};

const isOneOf = (typed: string, { name, also = [] }: KnownName): boolean =>
  [name, ...also].some((one) => loose(one) === loose(typed));

/** The end of a path, and what stands before the @ of an address. */
const isEndOf = (typed: string, { name }: KnownName): boolean => {
  const [whole, one] = [loose(name), loose(typed)];
  return whole.endsWith(`/${one}`) || whole.startsWith(`${one}@`);
};

type NameLevel = (typed: string, known: KnownName) => boolean;

/** The first at which anything fits decides: a full name never loses against a part of another. */
const levels: readonly NameLevel[] = [
  (typed, { name }) => name === typed,
  (typed, { name }) => loose(name) === loose(typed),
  isOneOf,
  (typed, known) => isOneOf(namedBy(typed) ?? typed, known),
  (typed, known) => isEndOf(typed, known) || endsWithWords(wordsOf(typed).join(''), known.name),
  (typed, { name }) => hasWords(wordsOf(typed).join(''), name),
];

/** Those of the known names that the typed one may be; one is meant, several are to choose from. */
export const namesMeant = (typed: string, known: readonly KnownName[]): readonly string[] => {
  for (const level of levels) {
    const found = known.filter((one) => level(typed, one));
    if (found.length > 0) return [...new Set(found.map(({ name }) => name))];
  }
  return [];
};

const camelWords = (name: string): readonly string[] =>
  wordsOf((namedBy(name) ?? name.split('/').at(-1) ?? name).replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 '));

const mostOffered = 5;
/** So many names are few enough to list them all. */
const few = 16;

/** Those that share words with the typed name which few others have: SecureCart-ReadOnly for ReadOnlyAccess. */
const sharing = (typed: string, names: readonly string[]): readonly string[] => {
  const all = names.map((name) => ({ name, words: camelWords(name) }));
  const wanted = camelWords(typed).filter((word) => word.length > 2);
  const begun = (words: readonly string[], word: string): boolean => words.some((one) => one.startsWith(word));
  const weight = (word: string): number => 1 / Math.max(1, all.filter(({ words }) => begun(words, word)).length);
  const scored = all.map(({ name, words }) => ({
    name,
    score: wanted.filter((word) => begun(words, word)).reduce((sum, word) => sum + weight(word), 0),
  }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const found = best === 0 ? [] : scored.filter(({ score }) => score === best).map(({ name }) => name);
  return found.length > mostOffered ? [] : [...new Set(found)];
};

const orList = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;

/** "A, B or one of 7 more" */
const offered = (names: readonly string[]): string => {
  const more = names.length - mostOffered;
  return orList([...names.slice(0, mostOffered), ...(more > 0 ? [`one of ${more} more`] : [])]);
};

const andList = (names: readonly string[]): string => orList(names).replace(/ or (?=[^,]*$)/, ' and ');

const allOf = (names: readonly string[], all: string): string | undefined => {
  if (names.length === 0 || names.length > few) return undefined;
  return names.length === 1 ? `The only one is ${names.join('')}.` : `The ${all} are ${andList(names)}.`;
};

/** What to write instead: the nearest name, those that it may be, or all of them where they are few. */
export const nameHint = (typed: string, { known, all }: Omit<NameChoice, 'what'>): string | undefined => {
  const names = known.map(({ name }) => name);
  const [meant, near] = [namesMeant(typed, known), nearest(typed, names)];
  const found = meant.length === 0 && near !== undefined ? [near] : meant;
  const [first, ...others] = found.length === 0 ? sharing(typed, names) : found;
  if (first === undefined) return allOf(names, all);
  return others.length === 0 ? meantWords(typed, first) : `Did you mean ${offered([first, ...others])}?`;
};

export const unknownName = (typed: string, choice: NameChoice): UserError =>
  new UserError([`${quoted(typed)} is not ${choice.what}.`, nameHint(typed, choice) ?? ''].join(' ').trim());

/** The full name of the one that is meant. Throws UserError where none is, or several may be. */
export const nameTaken = (typed: string, choice: NameChoice): string => {
  const [name, ...others] = namesMeant(typed, choice.known);
  if (name === undefined || others.length > 0) throw unknownName(typed, choice);
  return name;
};

/** A key of a thing, such as permission-set/NAME, its name in short, too, or the name alone where one kind has it. Throws UserError. */
export const keyTaken = (typed: string, choice: NameChoice): string => {
  const [, kind = '', name = typed] = /^([a-z-]+\/)(.+)$/s.exec(typed) ?? [];
  const inKind = choice.known.filter((one) => one.name.startsWith(kind));
  if (kind === '' || inKind.length === 0 || namesMeant(typed, choice.known).length === 1)
    return nameTaken(typed, choice);
  const known = inKind.map((one) => ({ name: one.name, also: [one.name.slice(kind.length)] }));
  const [meant, ...others] = namesMeant(name, known);
  if (meant !== undefined && others.length === 0) return meant;
  const near = nearest(
    name,
    known.map(({ also: [short = ''] }) => short),
  );
  const hint =
    meant === undefined && near !== undefined
      ? meantWords(typed, `${kind}${near}`)
      : nameHint(name, { known, all: choice.all });
  throw new UserError([`${quoted(typed)} is not ${choice.what}.`, hint ?? ''].join(' ').trim());
};

/** Said wherever a name was understood that was not typed in full: "Developers: SecureCart-Developers". */
export const takenLines = (pairs: readonly (readonly [typed: string, name: string])[]): readonly string[] =>
  pairs.flatMap(([typed, name]) => {
    const isSaid = name === typed || name.replace(/^(ou|user|group|permission-set|role):/, '') === typed;
    return isSaid ? [] : [`${quoted(typed).slice(1, -1)}: ${quoted(name).slice(1, -1)}`];
  });

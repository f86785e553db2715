/** The targeting words of an entry or of a whole file, edited so that it reaches one account less or more. */
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import { targetedAccounts } from '../../desired/targeting.ts';
import type { Path, YamlFile } from '../../desired/yaml-file.ts';
import { keysBefore } from '../write/key-order.ts';
import { inserted, removed, valueAt, withKey } from './range.ts';
import { silent } from './repo.ts';

export type TargetWords = {
  readonly accounts?: readonly string[];
  readonly ous?: readonly string[];
  readonly except?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
};

/** Where the words stand in a text, and what they reach. */
export type Aim = {
  readonly path: Path;
  readonly written: TargetWords;
  /** The keys of what has the words, in the order of the files. */
  readonly order: readonly string[];
  readonly reached: (written: TargetWords) => readonly string[];
};

/** Names of the accounts that the words mean. */
export const reachedBy =
  (file: YamlFile, organization: DeclaredOrganization) =>
  ({ accounts, ous, except, tags }: TargetWords): readonly string[] => {
    const words = {
      ...(accounts && { accounts }),
      ...(ous && { ous }),
      ...(except && { except }),
      ...(tags && { tags }),
    };
    return targetedAccounts({ file, path: [] }, words, { organization, report: silent }).map(({ name }) => name);
  };

const withoutWord = (text: string, path: Path, word: string): string => {
  const list = valueAt(text, path);
  const index = Array.isArray(list) ? list.indexOf(word) : -1;
  return index < 0 ? text : removed(text, [...path, index]);
};

/** With the word in the list, in its place if the list is in order; the list is made where there is none. */
export const withWord = (
  text: string,
  path: Path,
  { word, after }: { readonly word: string; readonly after: readonly string[] },
): string => {
  const list = valueAt(text, path);
  if (!Array.isArray(list))
    return withKey(text, path.slice(0, -1), { key: String(path.at(-1)), value: [word], spelling: 'yaml', after });
  const words = list.map(String);
  const isSorted = words.every((one, index) => index === 0 || (words[index - 1] ?? '') <= one);
  const later = isSorted ? words.findIndex((one) => one > word) : -1;
  return inserted(text, path, { index: later < 0 ? words.length : later, value: word, spelling: 'yaml' });
};

/** Loses the account's name, or gains an exception; undefined when nothing would be left. */
export const narrowed = (text: string, aim: Aim, account: string): string | undefined => {
  const { path, written, reached, order } = aim;
  if (reached(written).every((name) => name === account)) return undefined;
  const unnamed = withoutWord(text, [...path, 'accounts'], account);
  const named = { ...written, accounts: (written.accounts ?? []).filter((name) => name !== account) };
  if (!reached(named).includes(account)) return unnamed;
  return withWord(unnamed, [...path, 'except'], { word: account, after: keysBefore(order, 'except') });
};

/** Without the exception of this very account, where that reaches it and nothing else more. */
export const unexcepted = (text: string, { path, written, reached }: Aim, account: string): string | undefined => {
  if (!(written.except ?? []).includes(account)) return undefined;
  const wider = { ...written, except: (written.except ?? []).filter((word) => word !== account) };
  const before = new Set(reached(written));
  const gained = reached(wider).filter((name) => !before.has(name));
  if (gained.length !== 1 || gained[0] !== account) return undefined;
  return withoutWord(text, [...path, 'except'], account);
};

/** With the account's name, where the words would then reach it. */
export const named = (text: string, { path, written, reached, order }: Aim, account: string): string | undefined => {
  const wider = { ...written, accounts: [...(written.accounts ?? []), account] };
  if (!reached(wider).includes(account)) return undefined;
  return withWord(text, [...path, 'accounts'], { word: account, after: keysBefore(order, 'accounts') });
};

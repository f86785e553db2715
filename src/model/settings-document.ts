/** Documents of Organizations policies that set settings: JSON whose keys below the first are AWS's to judge. */
import type { PolicyDocument } from './policy.ts';

export type SettingsValue =
  string | number | boolean | null | readonly SettingsValue[] | { readonly [key: string]: SettingsValue };
export type SettingsDocument = { readonly [key: string]: SettingsValue };

/** Statements, or settings. */
export type AnyDocument = PolicyDocument | SettingsDocument;
export const isPolicyDocument = (document: AnyDocument): document is PolicyDocument => 'Statement' in document;

export const settingsInOrder = (value: SettingsValue): SettingsValue => {
  if (Array.isArray(value)) return value.map(settingsInOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, settingsInOrder(inner)]));
};

/** One string for all documents that say the same: the order of keys does not count, that of lists does. */
export const canonicalSettings = (document: SettingsDocument): string => JSON.stringify(settingsInOrder(document));

export const isSettingsNode = (value: SettingsValue | undefined): value is SettingsDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

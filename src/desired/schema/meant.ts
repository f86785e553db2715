/** What somebody meant who wrote a value or a key in a form that files do not have. */
import { yamlWord } from '../text.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const dayOf = (year: string, month: number, day: number): string | undefined => {
  const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : text;
};

const inWords = (text: string): readonly (string | undefined)[] => {
  const [, year = ''] = /\b(\d{4})\b/.exec(text) ?? [];
  const [, day = ''] = /\b(\d{1,2})(?:st|nd|rd|th)?\b/.exec(text) ?? [];
  const [name = ''] = /[a-z]{3}/i.exec(text.replace(/\d+(st|nd|rd|th)/i, '')) ?? [];
  const month = months.indexOf(name.toLowerCase()) + 1;
  return month === 0 || year === '' ? [] : [dayOf(year, month, Number(day))];
};

/** As days may be written elsewhere; of 01/02/2027 nobody can tell which of two is meant. */
export const daysMeant = (written: string): readonly string[] => {
  const text = written.trim();
  const [, y = '', m = '', d = ''] = /^(\d{4})[-./]?(\d{1,2})[-./]?(\d{1,2})(?:[T ].*)?$/.exec(text) ?? [];
  const [, one = '', mark = '', two = '', year = ''] = /^(\d{1,2})([-./])(\d{1,2})\2(\d{4})$/.exec(text) ?? [];
  const found = [
    ...(y === '' ? [] : [dayOf(y, Number(m), Number(d))]),
    ...(year === '' ? [] : [dayOf(year, Number(two), Number(one))]),
    ...(year === '' || mark === '.' ? [] : [dayOf(year, Number(one), Number(two))]),
    ...inWords(text),
  ];
  return [...new Set(found.flatMap((day) => day ?? []))];
};

/** Words that people use for keys, where a file has another. */
const sameAs: Readonly<Record<string, readonly string[]>> = {
  until: ['expires', 'expire', 'expiry', 'expiration', 'expireson', 'end', 'ends', 'enddate', 'validuntil', 'to'],
  from: ['start', 'starts', 'startdate', 'begin', 'begins', 'since', 'validfrom'],
  reason: ['why', 'justification', 'comment', 'note', 'ticket', 'because'],
  description: ['comment', 'note', 'desc'],
  group: ['name'],
  user: ['name', 'email', 'username'],
  permissionSet: ['name', 'set', 'role'],
  members: ['users', 'people'],
  managedPolicies: ['policies', 'awsmanagedpolicies'],
  sessionDuration: ['duration', 'session', 'sessionlength'],
  inlinePolicy: ['policy', 'document', 'inline'],
};

/** The known key for which people use this word. */
export const keyMeant = (written: string, known: readonly string[]): string | undefined => {
  const word = written.toLowerCase().replace(/[^a-z]/g, '');
  return known.find((key) => sameAs[key]?.includes(word));
};

/** A text where a list belongs, as the list; the names in it are divided by commas. */
export const listMeant = (written: string): string => {
  const names = written.split(/\s*,\s*/).filter((name) => name !== '');
  return `[${names.map(yamlWord).join(', ')}]`;
};

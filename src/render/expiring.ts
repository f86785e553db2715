/** What begins and what ends soon: a sentence each, with file and line. */
import type { Place } from '../model/problem.ts';
import { keyOf } from '../model/resource.ts';
import type { Resource } from '../model/resource.ts';
import { item } from './page.ts';
import type { PageStyle } from './page.ts';
import { visibleJson } from './untrusted.ts';
import { counted, enumerated } from './words.ts';

type TurningRow = {
  readonly day: string;
  readonly what: 'begins' | 'ends';
  readonly resources: readonly Resource[];
  readonly until?: string;
  readonly reason?: string;
  readonly place: Place;
};

/** Of one entry: alike but for the account. */
const subject = (resources: readonly Resource[]): string => {
  const [first] = resources;
  if (first === undefined) return '';
  const accounts = resources.flatMap((one) => ('account' in one ? [one.account] : []));
  const where = accounts.length === 0 ? '' : ` in ${enumerated(accounts)}`;
  switch (first.kind) {
    case 'assignment':
      return `${first.permissionSet} for ${first.principal.name}${where}`;
    case 'membership':
      return `${first.user} in the group ${first.group}`;
    case 'role':
    case 'policy':
      return `${first.kind} ${first.name}${where}`;
    default:
      return keyOf(first);
  }
};

const sentenceOf = ({ what, day, resources, until, reason }: TurningRow): string => {
  const verb = what === 'begins' ? `begins on ${day}` : `ends after ${day}`;
  const end = until === undefined ? '' : `, until ${until}`;
  return `${subject(resources)} ${verb}${end}${reason === undefined ? '' : ` · ${reason}`}`;
};

const placeText = ({ place }: TurningRow): string => `${place.file}:${place.line}`;

export const expiringText = (rows: readonly TurningRow[], within: number, style: PageStyle): string =>
  rows.length === 0
    ? `Nothing begins or ends within ${counted(within, 'day')}.`
    : rows
        .flatMap((row) => item(row.what === 'begins' ? '+' : '-', `${sentenceOf(row)} (${placeText(row)})`, style))
        .join('\n');

export const expiringJson = (rows: readonly TurningRow[]): string => {
  const said = rows.map((row) => ({
    day: row.day,
    what: row.what,
    sentence: sentenceOf(row),
    keys: row.resources.map(keyOf),
    ...(row.reason === undefined ? {} : { reason: row.reason }),
    file: row.place.file,
    line: row.place.line,
  }));
  return visibleJson(JSON.stringify(said, undefined, 2));
};

/** What begins and what ends soon: a sentence each, with file and line. */
import type { Place } from '../model/problem.ts';
import { isGrant, keyOf } from '../model/resource.ts';
import type { Resource } from '../model/resource.ts';
import { grantSentence } from './grant-sentences.ts';
import type { GrantParts } from './grant-sentences.ts';
import { item } from './page.ts';
import { namedPolicyText, targetWords } from './plan-sentences.ts';
import type { PageStyle } from './page.ts';
import { visibleJson } from './untrusted.ts';
import { counted, enumerated } from './words.ts';

type TurningRow = {
  readonly day: string;
  readonly what: 'begins' | 'ends' | 'due';
  readonly resources: readonly Resource[];
  readonly until?: string;
  readonly reason?: string;
  readonly place: Place;
};

/** What the resources of one entry give, alike but for the account. */
const givenBy = (
  resources: readonly Resource[],
  verbs: readonly [one: string, many: string],
): Omit<GrantParts, 'until' | 'why'> => {
  const [first] = resources;
  const where = enumerated(resources.flatMap((one) => ('account' in one ? [one.account] : [])));
  if (isGrant(first)) {
    const { principal } = first;
    const thing = first.kind === 'assignment' ? first.permissionSet : `role ${first.role}`;
    return { who: principal.name, what: `${verbs[principal.type === 'group' ? 1 : 0]} ${thing}`, where };
  }
  if (first?.kind === 'membership')
    return { who: first.user, what: `${verbs[0] === 'gets' ? 'joins' : 'is in'} group ${first.group}`, where };
  if (first?.kind === 'attachment') {
    const verb = verbs[0] === 'gets' ? 'comes to' : 'hangs on';
    return { who: namedPolicyText(first.policy), what: `${verb} ${targetWords(first.target)}`, where: '' };
  }
  const name =
    first === undefined
      ? ''
      : first.kind === 'role' || first.kind === 'policy'
        ? `${first.kind} ${first.name}`
        : keyOf(first);
  return { who: name, what: verbs[0] === 'gets' ? 'comes' : 'is there', where };
};

const sentenceOf = ({ what, day, resources, until, reason = '' }: TurningRow): string => {
  if (what === 'due')
    return `${grantSentence({ ...givenBy(resources, ['gets', 'get']), until: '', why: '' })}: due on ${day}`;
  const isBeginning = what === 'begins';
  const days = isBeginning ? `from ${day}${until === undefined ? '' : ` until ${until}`}` : `until ${day}`;
  const given = givenBy(resources, isBeginning ? ['gets', 'get'] : ['has', 'have']);
  return grantSentence({ ...given, until: days, why: reason });
};

const placeText = ({ place }: TurningRow): string => `${place.file}:${place.line}`;

export const expiringText = (rows: readonly TurningRow[], within: number, style: PageStyle): string =>
  rows.length === 0
    ? `Nothing begins or ends within ${counted(within, 'day')}.`
    : rows
        .flatMap((row) => item(row.what === 'ends' ? '-' : '+', `${sentenceOf(row)} (${placeText(row)})`, style))
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

/** What is given, line by line: who gets which set by which entry of the files, and in which accounts. */
import type { Live } from '../../model/cloud.ts';
import type { DatedGrant, Desired, GrantTerms } from '../../model/desired.ts';
import type { Place } from '../../model/problem.ts';
import type { Assignment, Key } from '../../model/resource.ts';
import { lineNumbering } from '../situation/account-classes.ts';
import { ignores } from '../situation/ignore.ts';
import type { AccountLine } from './marks.ts';
import { partsOf } from './parts.ts';

type GivenSides = { readonly desired: Desired; readonly live: Live };
type Entry = { readonly assignment: Assignment; readonly terms?: GrantTerms; readonly place?: Place };

const sameTerms = (one: GrantTerms = {}, other: GrantTerms = {}): boolean =>
  one === other || (one.from === other.from && one.until === other.until && one.reason === other.reason);

const samePlace = (one: Place | undefined, other: Place | undefined): boolean =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    one.line === other.line &&
    one.column === other.column &&
    one.file === other.file);

const samePrincipal = ({ principal: one }: Assignment, { principal: other }: Assignment): boolean =>
  one === other || (one.name === other.name && one.type === other.type && one.orphan === other.orphan);

const isOfLine = (one: Entry, other: Entry): boolean =>
  one.assignment.permissionSet === other.assignment.permissionSet &&
  samePrincipal(one.assignment, other.assignment) &&
  samePlace(one.place, other.place) &&
  sameTerms(one.terms, other.terms);

type OpenLine = { readonly accounts: string[]; readonly sides: number[] };
type LineSink = { readonly add: (entry: Entry, side: number) => void; readonly lines: readonly AccountLine[] };

/** Entries that follow one another and differ in nothing but their account are a line. */
const lineSink = (): LineSink => {
  const lines: OpenLine[] = [];
  let open: OpenLine = { accounts: [], sides: [] };
  let last: Entry | undefined;
  return {
    lines,
    add: (entry, side) => {
      if (last === undefined || !isOfLine(last, entry)) {
        open = { accounts: [], sides: [] };
        lines.push(open);
        last = entry;
      }
      open.accounts.push(entry.assignment.account);
      open.sides.push(side);
    },
  };
};

/** What the files ask for, and whether AWS has it. */
const wantedLines = ({ desired, live }: GivenSides): readonly AccountLine[] => {
  const { state, origins, terms } = desired;
  const { lines, add } = lineSink();
  const { given, keys } = partsOf(state);
  for (const [at, assignment] of given.entries()) {
    const key = keys[at] ?? '';
    const [place, said] = [origins[key], terms[key]];
    const entry = { assignment, ...(place && { place }), ...(said && { terms: said }) };
    add(entry, live.state[key] === undefined ? 0 : 1);
  }
  return lines;
};

/** What AWS has beyond that, in whatever order it was read. */
const foundLines = ({ desired, live }: GivenSides): readonly AccountLine[] => {
  const lineOf = lineNumbering();
  const lines = new Map<number, OpenLine>();
  const { given, keys } = partsOf(live.state);
  for (const [at, found] of given.entries()) {
    const key = keys[at] ?? '';
    if (desired.state[key] !== undefined) continue;
    const number = lineOf(found.principal, found.permissionSet);
    const line = lines.get(number) ?? { accounts: [], sides: [] };
    lines.set(number, line);
    line.accounts.push(found.account);
    line.sides.push(ignores(desired.settings, key, found) ? 1 : 0);
  }
  return [...lines.values()];
};

/** What begins or ends, on any day. */
const datedLines = (dated: readonly DatedGrant[]): readonly AccountLine[] => {
  const { lines, add } = lineSink();
  for (const { resource, place, ...terms } of dated)
    if (resource.kind === 'assignment') add({ assignment: resource, place, terms }, 0);
  return lines;
};

export const linesOf = (input: GivenSides): readonly AccountLine[] => [
  ...wantedLines(input),
  ...foundLines(input),
  ...datedLines(input.desired.dated),
];

const insideIam = /^(?:role|policy|oidc-provider)\/([^:]*):/;

/** The account of the key of an assignment or of what lies in the IAM of one, as it stands there. */
export const accountInKey = (key: Key): string | undefined =>
  key.startsWith('assignment/') ? key.slice(key.lastIndexOf('@') + 1) : insideIam.exec(key)?.[1];

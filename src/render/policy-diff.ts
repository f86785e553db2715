/** Two policy documents, line by line, so that a reordering or another spelling of the same does not show. */
import { diffArrays } from 'diff';
import { canonicalPolicy, statements } from '../model/policy.ts';
import type { ConditionBlock, OneOrMany, PolicyDocument, PrincipalElement, Statement } from '../model/policy.ts';

export type DiffLine = { readonly sign: '+' | '-' | ' '; readonly text: string };

/** A line as it is shown and as it is compared; the two differ in the case of actions and condition keys alone. */
type ComparedLine = { readonly shown: string; readonly compared: string };
type LineView = keyof ComparedLine;
type ActionSpelling = (text: string) => string;

const lower: ActionSpelling = (text) => text.toLowerCase();
const same: ActionSpelling = (text) => text;
const principalSpelling: ActionSpelling = (text) => /^arn:aws:iam::(\d{12}):root$/.exec(text)?.[1] ?? text;
const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const listed = (value: OneOrMany<unknown>): readonly string[] =>
  (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map((item) =>
    typeof item === 'string' ? item : JSON.stringify(item),
  );

/** Sorted and without repetitions as AWS compares; a list even of one, so that a second is one line more. */
const valuesIn = (view: LineView, spelling: ActionSpelling) => (value: OneOrMany<unknown>) => {
  const unique = new Map(listed(value).map((text) => [spelling(text), text] as const));
  const sorted = [...unique].sort(([one], [other]) => byText(one, other));
  const texts = sorted.map(([compared, shown]) => (view === 'shown' ? shown : compared));
  return texts.length === 1 && texts[0] === '*' ? '*' : texts;
};

const sortedObject = (entries: readonly (readonly [string, unknown])[], spelling: ActionSpelling): object =>
  Object.fromEntries([...entries].sort(([one], [other]) => byText(spelling(one), spelling(other))));

const principalIn = (view: LineView, element: PrincipalElement): unknown => {
  if (typeof element === 'string') return element === '*' ? { AWS: '*' } : element;
  const values = valuesIn(view, principalSpelling);
  return sortedObject(
    Object.entries(element).map(([type, names]) => [type, values(names)]),
    same,
  );
};

const conditionIn = (view: LineView, block: ConditionBlock): object => {
  const values = valuesIn(view, same);
  const keysOf = (keys: ConditionBlock[string]): object =>
    sortedObject(
      Object.entries(keys).map(([key, value]) => [view === 'shown' ? key : lower(key), values(value)]),
      lower,
    );
  return sortedObject(
    Object.entries(block).map(([operator, keys]) => [operator, keysOf(keys)]),
    same,
  );
};

const elementOrder = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const rankOf = (element: string): string => {
  const rank = elementOrder.indexOf(element);
  return rank < 0 ? `9${element}` : String(rank);
};

const elementIn = (view: LineView, element: string, value: unknown): unknown => {
  switch (element) {
    case 'Principal':
    case 'NotPrincipal':
      return principalIn(view, value as PrincipalElement);
    case 'Action':
    case 'NotAction':
      return valuesIn(view, lower)(value);
    case 'Resource':
    case 'NotResource':
      return valuesIn(view, same)(value);
    case 'Condition':
      return conditionIn(view, value as ConditionBlock);
    default:
      return value;
  }
};

const statementIn = (view: LineView, statement: Statement): object =>
  sortedObject(
    Object.entries(statement)
      .filter(([, value]) => value !== undefined)
      .map(([element, value]) => [element, elementIn(view, element, value)]),
    rankOf,
  );

const textIn = (view: LineView, document: PolicyDocument, list: readonly Statement[]): readonly string[] => {
  const whole = {
    Version: document.Version ?? '2008-10-17',
    ...(document.Id === undefined ? {} : { Id: document.Id }),
    Statement: list.map((statement) => statementIn(view, statement)),
  };
  return JSON.stringify(whole, undefined, 2).split('\n');
};

/** The comma after a last element is punctuation, not a change. */
const withoutComma = (line: string): string => line.replace(/,$/, '');

const linesOf = (document: PolicyDocument, list: readonly Statement[]): readonly ComparedLine[] => {
  const shown = textIn('shown', document, list);
  const compared = textIn('compared', document, list);
  const usable = compared.length === shown.length ? compared : shown;
  return shown.map((text, index) => ({ shown: text, compared: withoutComma(usable[index] ?? text) }));
};

const meaning = (statement: Statement): string => canonicalPolicy({ Statement: [statement] });

type StatementPairing = { readonly places: (Statement | undefined)[]; readonly rest: Statement[] };

const pairBy = (
  pairing: StatementPairing,
  after: readonly Statement[],
  alike: (one: Statement, other: Statement) => boolean,
): StatementPairing => {
  const rest = [...pairing.rest];
  const places = pairing.places.map((taken, index) => {
    const wanted = after[index];
    const found = taken !== undefined || wanted === undefined ? -1 : rest.findIndex((one) => alike(one, wanted));
    return found < 0 ? taken : rest.splice(found, 1)[0];
  });
  return { places, rest };
};

/** The old statements in the order of the new ones: first those that mean the same, then by Sid, then as they come. */
const aligned = (before: readonly Statement[], after: readonly Statement[]): readonly Statement[] => {
  const meanings = new Map([...before, ...after].map((statement) => [statement, meaning(statement)]));
  const start: StatementPairing = { places: after.map(() => undefined), rest: [...before] };
  const equal = pairBy(start, after, (one, other) => meanings.get(one) === meanings.get(other));
  const named = pairBy(equal, after, (one, other) => (one.Sid ?? '') !== '' && one.Sid === other.Sid);
  const { places, rest } = pairBy(named, after, () => true);
  return [...places.filter((statement) => statement !== undefined), ...rest];
};

/** The document as people read it: elements in AWS's order, lists sorted. */
export const prettyPolicy = (document: PolicyDocument): readonly string[] =>
  linesOf(document, statements(document)).map((line) => line.shown);

/** Beyond this many edited lines the two documents have nothing in common worth aligning. A time limit would not be pure. */
const MOST_EDITS = 1_500;

/** Every line of both documents, unchanged ones included; equal documents give unchanged lines alone. */
export const policyDiff = (before: PolicyDocument, after: PolicyDocument): readonly DiffLine[] => {
  const oldLines = linesOf(before, aligned(statements(before), statements(after)));
  const newLines = linesOf(after, statements(after));
  const parts = diffArrays([...oldLines], [...newLines], {
    comparator: (one, other) => one.compared === other.compared,
    maxEditLength: MOST_EDITS,
  });
  if (parts === undefined) {
    const whole = (sign: '-' | '+', lines: readonly ComparedLine[]) =>
      lines.map((line) => ({ sign, text: line.shown }));
    return [...whole('-', oldLines), ...whole('+', newLines)];
  }
  return parts.flatMap((part) =>
    part.value.map(({ shown }) => ({ sign: part.added ? '+' : part.removed ? '-' : ' ', text: shown }) as const),
  );
};

const around = (index: number, context: number): readonly number[] =>
  [...Array(2 * context + 1).keys()].map((offset) => index - context + offset);

/** The Sid of the statement that a line lies in, so that a reader knows what the change is about. */
const sidLine = (lines: readonly DiffLine[], from: number): readonly number[] => {
  for (let index = from; index >= 0 && lines[index]?.text !== '    {'; index--)
    if (lines[index]?.text.startsWith('      "Sid": ') === true) return [index];
  return [];
};

/** Only what changed, with its Sid and `context` unchanged lines around it; a gap is one line of "…". */
export const foldedLines = (lines: readonly DiffLine[], context: number): readonly DiffLine[] => {
  const changed = [...lines.keys()].filter((index) => lines[index]?.sign !== ' ');
  const kept = new Set(changed.flatMap((index) => [...around(index, context), ...sidLine(lines, index)]));
  return lines.flatMap((line, index) => {
    if (kept.has(index)) return [line];
    return index === 0 || kept.has(index - 1) ? [{ sign: ' ', text: '…' } as const] : [];
  });
};

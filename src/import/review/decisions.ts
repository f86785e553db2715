/**
 * A filled-in review, as people and spreadsheets leave it: a CSV with whatever separator, order, quotes and line ends, or the
 * tables of the Markdown. Only `id`, `decision` and `note` are read of it, and the words that name a row to whoever reads.
 */

export type ReviewDecision = {
  /** Of the file, from 1. */
  readonly line: number;
  readonly id: string;
  readonly decision: 'keep' | 'remove' | undefined;
  readonly note: string;
  /** What the row is about, in its own words. */
  readonly about: string;
};

/** `errors`: a sentence each, with its line. */
export type ReadDecisions = { readonly decisions: readonly ReviewDecision[]; readonly errors: readonly string[] };

type TableRecord = { readonly line: number; readonly cells: readonly string[]; readonly under?: string };

const separators = [',', ';', '\t'] as const;

/** Quoted fields may hold separators, line ends and doubled quotes (RFC 4180). */
const recordsOf = (text: string, separator: string): readonly TableRecord[] => {
  const records: TableRecord[] = [];
  let [cells, cell, line, begun]: [string[], string, number, number] = [[], '', 1, 1];
  let isQuoted = false;
  const endRecord = (): void => {
    records.push({ line: begun, cells: [...cells, cell] });
    [cells, cell, begun] = [[], '', line];
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\n') line += 1;
    if (isQuoted && character === '"' && text.charAt(at + 1) === '"') [cell, at] = [`${cell}"`, at + 1];
    else if (character === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (isQuoted) cell += character;
    else if (character === separator) [cells, cell] = [[...cells, cell], ''];
    else if (character === '\n') endRecord();
    else cell += character;
  }
  if (cell !== '' || cells.length > 0) endRecord();
  return records;
};

const unescaped = (cell: string): string =>
  cell
    .replace(/<br>[^]*$/, '')
    .replace(/\\(?=[\\`*_~[\]|!+=#.)-])/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&#36;/g, '$')
    .replace(/&amp;/g, '&')
    .replace(/\u200b/g, '')
    .trim();

/** Rows of tables, each under the heading before it. */
const markdownRecords = (text: string): readonly TableRecord[] => {
  let under = '';
  return text.split('\n').flatMap((row, index): readonly TableRecord[] => {
    if (/^#+ /.test(row)) under = unescaped(row.replace(/^#+ /, ''));
    if (!/^\s*\|/.test(row) || /^[\s|:-]+$/.test(row.replace(/[^\s|:-]/g, 'x'))) return [];
    const cells = row
      .trim()
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/);
    return [{ line: index + 1, cells: cells.map((cell) => cell.trim()), under }];
  });
};

/** Marks that a reader of Markdown sets, and the apostrophe before what a spreadsheet would compute. */
const bare = (cell: string): string => cell.replace(/[`*_]/g, '').replace(/^'/, '').trim();

const titleOf = (cell: string): string => bare(cell).toLowerCase().replace(/\s/g, '');

type Titles = ReadonlyMap<string, number>;

const titlesOf = ({ cells }: TableRecord): Titles | undefined => {
  const titles = new Map(cells.map((cell, index) => [titleOf(cell), index]));
  return titles.has('id') && titles.has('decision') ? titles : undefined;
};

const aboutOf = ({ cells, under }: TableRecord, titles: Titles): string => {
  const cellAt = (title: string): string => (cells[titles.get(title) ?? -1] ?? '').replace(/^'/, '').trim();
  const [who, gets, where] = [cellAt('who'), cellAt('gets'), cellAt('where')];
  if (under === undefined) return `${who} gets ${gets}${where === '' ? '' : ` in ${where}`}`;
  const first = unescaped(cells[0] ?? '');
  return `${under}: ${first}${where === '' ? '' : ` in ${unescaped(where)}`}`;
};

const wordOf = (cell: string): 'keep' | 'remove' | undefined | 'unknown' => {
  const word = bare(cell).toLowerCase();
  if (word === '') return undefined;
  return word === 'keep' || word === 'remove' ? word : 'unknown';
};

type DecisionReading = { readonly decisions: ReviewDecision[]; readonly errors: string[] };

const readRecord = (record: TableRecord, titles: Titles, { decisions, errors }: DecisionReading): void => {
  const { line, cells } = record;
  const cellAt = (title: string): string => cells[titles.get(title) ?? -1] ?? '';
  const [id, written] = [bare(cellAt('id')), cellAt('decision').trim()];
  const decision = wordOf(written);
  if (decision === 'unknown')
    errors.push(`line ${line}: "${written}" is no decision: write keep or remove, or nothing`);
  else if (id !== '')
    decisions.push({ line, id, decision, note: cellAt('note').trim(), about: aboutOf(record, titles) });
  else if (decision !== undefined) errors.push(`line ${line}: ${decision} what? The row has lost its id`);
};

/** Rows of a table before any titles are no rows of a review. */
const readRecords = (records: readonly TableRecord[]): ReadDecisions | undefined => {
  const reading: DecisionReading = { decisions: [], errors: [] };
  let titles: Titles | undefined;
  for (const record of records) {
    const found = titlesOf(record);
    if (found !== undefined) titles = found;
    else if (titles !== undefined) readRecord(record, titles, reading);
  }
  return titles === undefined ? undefined : reading;
};

const contradictions = (decisions: readonly ReviewDecision[]): readonly string[] => {
  const first = new Map<string, ReviewDecision>();
  return decisions.flatMap((one) => {
    const before = first.get(one.id);
    if (one.decision !== undefined && before === undefined) first.set(one.id, one);
    if (before === undefined || one.decision === undefined || before.decision === one.decision) return [];
    return [
      `line ${one.line}: ${one.decision}, but line ${before.line} says ${before.decision ?? ''} of the same entry`,
    ];
  });
};

export const readDecisions = (file: string): ReadDecisions => {
  const text = file.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const found =
    readRecords(markdownRecords(text)) ??
    separators.map((separator) => readRecords(recordsOf(text, separator))).find((one) => one !== undefined);
  if (found === undefined) return { decisions: [], errors: ['no table with the columns id and decision is in it'] };
  return { ...found, errors: [...found.errors, ...contradictions(found.decisions)] };
};

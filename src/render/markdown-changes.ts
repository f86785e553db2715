/** The changes of a plan as fenced diffs, one for each section: every change a line while there is room, then their details. */
import { controlKinds } from '../model/resource.ts';
import type { Plan } from '../model/plan.ts';
import type { Kind } from '../model/resource.ts';
import type { TextBlock, FittedText } from './budget.ts';
import { detailLines } from './change-detail.ts';
import { entryWords, isEntryInAccount, originText, sectionsOf, changeCount } from './entries.ts';
import type { PlanEntry, PlanSection } from './entries.ts';
import type { SummaryVoice } from './summary.ts';
import { fenceFor, fenceLine } from './untrusted.ts';
import { counted, number } from './words.ts';
import { byDanger } from '../model/risk.ts';

/** GitHub colors a line of a diff by its first character; an update has `!`, which is neither red nor green. */
const diffSigns = { '+': '+', '-': '-', '~': '!' } as const;

const MOST_NAMES = 12;
const MOST_LINES = 120;
const TRIES = 25;

const shortLine = (entry: PlanEntry): string => {
  const origin = originText(entry);
  const text = `${entry.title}${entryWords(entry, MOST_NAMES)}${origin === '' ? '' : `  (${origin})`}`;
  return `${diffSigns[entry.sign]} ${fenceLine(text, 600)}`;
};

const detailed: readonly Kind[] = [
  'permission-set',
  ...controlKinds,
  'group',
  'ou',
  'role',
  'policy',
  'oidc-provider',
  'resource-policy',
  'access-attributes',
];
/** A delete says no more than its key; of everything else the fields are shown too: a reviewer reads here and nowhere else. */
const hasDetails = ({ members, sign, changes: [first] }: PlanEntry): boolean =>
  (members.length === 0 || isEntryInAccount(first)) && sign !== '-' && detailed.includes(first.kind);

const longLines = (entry: PlanEntry): string => {
  const lines = detailLines(entry.changes[0]);
  const shown = lines.slice(0, MOST_LINES).map(({ sign, text }) => `${sign}     ${fenceLine(text)}`.trimEnd());
  const rest = lines.length - shown.length;
  return [shortLine(entry), ...shown, ...(rest > 0 ? [`      … and ${counted(rest, 'more line')}`] : [])].join('\n');
};

/** Title, fences and the line that counts the rest. */
const FRAME = 260;

type SectionSheet = { readonly section: PlanSection; readonly lines: ReadonlyMap<PlanEntry, string> };

const sheetText = ({ section, lines }: SectionSheet): string => {
  const kept = section.entries.filter((entry) => lines.has(entry));
  const texts = kept.map((entry) => lines.get(entry) ?? '');
  const rest = changeCount(section.entries) - changeCount(kept);
  const body = [...texts, ...(rest > 0 ? [`# … and ${number(rest)} more`] : [])];
  const fence = fenceFor(body);
  return [
    `<details><summary>${section.title} (${number(changeCount(section.entries))})</summary>`,
    '',
    `${fence}diff`,
    ...body,
    fence,
    '',
    '</details>',
  ].join('\n');
};

/** A fence may have to grow with what it holds, on both ends. */
const costOf = (line: string): number => line.length + 1 + 2 * Math.max(0, fenceFor([line]).length - 3);

type EntryLines = { readonly lines: ReadonlyMap<PlanEntry, string>; readonly left: number };

/** The lines with as many details as there is room for, the highest risk first, and how many entries stay without. */
const withDetails = ({ lines: short, left: room }: EntryLines) => {
  const lines = new Map(short);
  const candidates = [...short.keys()].filter(hasDetails).sort(byDanger);
  let left = room;
  let done = 0;
  let tries = TRIES;
  for (const entry of candidates) {
    if (tries === 0) break;
    const text = longLines(entry);
    const more = costOf(text) - costOf(short.get(entry) ?? '');
    if (more > left) tries -= 1;
    else {
      lines.set(entry, text);
      left -= more;
      done += 1;
    }
  }
  return { lines, left, without: candidates.length - done };
};

const shortLines = (entries: readonly PlanEntry[], room: number): EntryLines => {
  const lines = new Map<PlanEntry, string>();
  let left = room;
  for (const entry of [...entries].sort(byDanger)) {
    const line = shortLine(entry);
    if (costOf(line) > left) break;
    lines.set(entry, line);
    left -= costOf(line);
  }
  return { lines, left };
};

const leftOutText = (changes: number, details: number): Pick<FittedText, 'leftOut'> => {
  const said = [
    ...(changes > 0 ? [counted(changes, 'change')] : []),
    ...(details > 0 ? [`the details of ${counted(details, 'more change')}`] : []),
  ];
  return said.length > 0 ? { leftOut: said.join(', ') } : {};
};

/** Where not every change finds room, a part is kept for the details of the most dangerous ones. */
const DETAILS_SHARE = 0.4;

const linesFor = (all: readonly PlanEntry[], room: number) => {
  const whole = shortLines(all, room);
  if (whole.lines.size === all.length) return withDetails(whole);
  const kept = room * DETAILS_SHARE;
  const short = shortLines(all, room - kept);
  const { lines, left, without } = withDetails({ lines: short.lines, left: short.left + kept });
  const more = shortLines(
    all.filter((entry) => !lines.has(entry)),
    left,
  );
  return { lines: new Map([...lines, ...more.lines]), without };
};

const fitChanges = (sections: readonly PlanSection[], room: number): FittedText => {
  const all = sections.flatMap((section) => section.entries);
  const { lines, without } = linesFor(all, room - FRAME * sections.length);
  const rest = changeCount(all) - changeCount([...lines.keys()]);
  const sheets = sections.filter((section) => section.entries.some((entry) => lines.has(entry)));
  const text = sheets.map((section) => sheetText({ section, lines })).join('\n\n');
  return { text, ...leftOutText(rest, without) };
};

/** One block for all changes; `cap` is whatever room is left. */
export const changesBlock = (plan: Plan, voice: SummaryVoice): TextBlock => {
  const sections = sectionsOf(plan, voice);
  return {
    cap: Number.POSITIVE_INFINITY,
    fit: (room) => (sections.length === 0 ? { text: '' } : fitChanges(sections, room)),
  };
};

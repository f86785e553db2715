/** Since when something differs, and who made it so. */
import type { Change, Plan } from '../model/plan.ts';
import type { Trace, Traces } from '../model/trace.ts';
import { keyText } from '../model/resource.ts';
import { foldedItems, item, paragraph, section } from './page.ts';
import type { PageStyle } from './page.ts';
import { codeSpan, markdownText, visibleJson } from './untrusted.ts';
import { counted, foldedList } from './words.ts';

const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** Raw text: "since 2026-11-23 10:41 UTC: ada, in the console from 203.0.113.24 (AttachPolicy)". */
export const traceWords = ({ at, who, event, source, via }: Trace): string =>
  `since ${minute(at)}: ${who}, ${via === 'console' ? 'in the console' : 'by API'}${source === '' ? '' : ` from ${source}`} (${event})`;

type TraceLists = {
  readonly known: readonly { readonly key: string; readonly trace: Trace }[];
  readonly unknown: readonly string[];
};

/** Newest last: the order in which it happened. */
const toldOf = (changes: readonly Change[], { found }: Traces): TraceLists => {
  const known = changes.flatMap(({ key }) => {
    const trace = Object.hasOwn(found, key) ? found[key] : undefined;
    return trace === undefined ? [] : [{ key, trace }];
  });
  return {
    known: known.toSorted((one, other) => (one.trace.at < other.trace.at ? -1 : 1)),
    unknown: changes.filter(({ key }) => !Object.hasOwn(found, key)).map(({ key }) => key),
  };
};

const unknownWords = (unknown: readonly string[], most: number): string =>
  `Not found in the last 90 days: ${counted(unknown.length, 'change')}: ${foldedList(unknown.map(keyText), most)}`;

const unreadWords = ({ unread }: Traces): readonly string[] =>
  unread.map(({ scope, reason }) => `${scope} could not be asked: ${reason}`);

/** Empty when there is no change. */
export const tracesText = (changes: readonly Change[], traces: Traces, style: PageStyle): string => {
  const { known, unknown } = toldOf(changes, traces);
  const lines = [
    ...foldedItems(known, 12, {
      style,
      lines: ({ key, trace }) => item('-', `${keyText(key)} ${traceWords(trace)}`, style),
    }),
    ...(unknown.length > 0 ? item('-', unknownWords(unknown, style.verbose === 'all' ? Infinity : 4), style) : []),
    ...unreadWords(traces).flatMap((words) => paragraph(words, style, style.paint.yellow)),
  ];
  return section('Who did it', lines, style).join('\n');
};

const mostItems = 40;

/** A section for the drift issue; empty when there is no change. */
export const tracesMarkdown = (changes: readonly Change[], traces: Traces): string => {
  const { known, unknown } = toldOf(changes, traces);
  if (changes.length === 0) return '';
  const rest = known.length - mostItems;
  const lines = [
    ...known
      .slice(0, mostItems)
      .map(({ key, trace }) => `- ${codeSpan(keyText(key), 300)} ${markdownText(traceWords(trace))}`),
    ...(rest > 0 ? [`- … and ${counted(rest, 'more change')}`] : []),
    ...(unknown.length > 0 ? [`- ${markdownText(unknownWords(unknown, 4))}`] : []),
    ...unreadWords(traces).map((words) => `- ${markdownText(words)}`),
  ];
  return ['### Who did it', '', ...lines, ''].join('\n');
};

/** The plan's JSON with `traces`: the trace by key, and what could not be asked. */
export const driftJson = (plan: Plan, traces: Traces): string =>
  visibleJson(JSON.stringify({ ...plan, traces }, undefined, 2));

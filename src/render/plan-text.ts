/** The plan and the drift as a person reads them in a terminal. */
import { accessIn, accessItemText, blockedTexts, reachText } from './access-words.ts';
import type { AccessChange, Change, Plan } from '../model/plan.ts';
import { isEmpty, isRefusing } from '../model/plan.ts';
import { decodeName, keyText } from '../model/resource.ts';
import { detailLines } from './change-detail.ts';
import { decisionSection, sentenceSection } from './decision-lines.ts';
import { EFFECTIVE_TITLE, effectiveSentences, graveEffectiveSentences } from './effective-words.ts';
import { entriesOf, entryWords, isEntryInAccount, originText, sectionsOf, changeCount } from './entries.ts';
import type { PlanEntry, PlanSection } from './entries.ts';
import { IN_CHECKOUT, WHOLE, diffRow, foldedItems, item, paragraph, section } from './page.ts';
import type { PageStyle } from './page.ts';
import { caveats, endedTestText, endedTests, refusalText, summarySentence } from './summary.ts';
import type { SummaryVoice } from './summary.ts';
import { coverageText, keptAdvice, keptOf, keptTitle, othersOf, unmanagedTexts } from './unmanaged.ts';
import {
  counted,
  criticalOf,
  estimateSentence,
  foldedList,
  guardCounts,
  kindCounts,
  number,
  readsSentence,
} from './words.ts';
import { byDanger, ruleOf } from '../model/risk.ts';

/**
 * `verbose` folds nothing; `out` is the file the plan was written to, which `apply --approved` then takes; `again` are the
 * options, each with a blank before it, that the next command needs to speak of the same thing.
 */
type PlanTextOptions = PageStyle & { readonly out?: string; readonly again?: string };

/** How many entries of a phase, and lines of one change, are shown before the rest is counted. */
const MOST_ENTRIES = 40;
const MOST_LINES = 60;
const MOST_ITEMS = 10;
const MOST_NAMES = 8;

const namesIn = (style: PageStyle): number => (style.verbose === 'all' ? Number.POSITIVE_INFINITY : MOST_NAMES);

const brushOf = (sign: string, { paint }: PageStyle) =>
  sign === '+' ? paint.green : sign === '-' ? paint.red : sign === '~' ? paint.yellow : paint.dim;

const entryLine = (entry: PlanEntry, style: PageStyle): readonly string[] => {
  const origin = originText(entry);
  const text = `${entry.title}${entryWords(entry, namesIn(style))}${origin === '' ? '' : `  (${origin})`}`;
  return item(entry.sign, text, style).map(brushOf(entry.sign, style));
};

/** Created and deleted things say their fields only when everything is asked for: their files are in the pull request. */
const hasDetail = (entry: PlanEntry, style: PageStyle): boolean =>
  (entry.members.length === 0 || isEntryInAccount(entry.changes[0])) && (entry.sign === '~' || style.verbose === 'all');

const entryLines = (entry: PlanEntry, style: PageStyle): readonly string[] => {
  if (!hasDetail(entry, style)) return entryLine(entry, style);
  const lines = detailLines(entry.changes[0]);
  const rows = foldedItems(lines, MOST_LINES, {
    style,
    lines: (line) => diffRow(line, style).map(brushOf(line.sign, style)),
  });
  return [...entryLine(entry, style), ...rows];
};

const entriesSection = ({ title, entries }: PlanSection, style: PageStyle): readonly string[] => {
  const lines = foldedItems(entries, MOST_ENTRIES, { style, lines: (entry) => entryLines(entry, style) });
  return section(`${title} (${number(changeCount(entries))})`, lines, style);
};

const bullets = (texts: readonly string[], style: PageStyle): readonly string[] =>
  foldedItems(texts, MOST_ITEMS, { style, lines: (text) => item('·', text, style) });

const refusedLines = (plan: Plan, style: PageStyle): readonly string[] => [
  ...plan.guards
    .filter((guard) => !guard.ok)
    .flatMap((guard) => item('✗', `${guard.id}: ${guard.message}`, style))
    .map(style.paint.red),
  ...plan.tests
    .filter(isRefusing)
    .flatMap((test) => item('✗', `access test fails: ${test.name}${test.message ? `: ${test.message}` : ''}`, style))
    .map(style.paint.red),
];

/** Of "everything except …" and of what stays blocked, a reader needs a few names and how many more there are. */
const MOST_EXAMPLES = 3;
const MOST_REACHES = 12;

const examplesIn = (style: PageStyle): number =>
  Math.min(namesIn(style), style.verbose === 'all' ? Infinity : MOST_EXAMPLES);

const impliedByAdministrator = ['escalation', 'permissions-management', 'data-access', 'sensitive-action'];

/** Who is administrator escalates, manages permissions and reads data: naming each says nothing more. */
const reasonsOf = ({ riskReasons = [] }: AccessChange, style: PageStyle): readonly string[] => {
  const administrator = riskReasons.some((reason) => ruleOf(reason) === 'administrator');
  const implied = (reason: string): boolean => impliedByAdministrator.includes(ruleOf(reason));
  const telling = riskReasons.filter((reason) => !(administrator && implied(reason)));
  const most = style.verbose === 'all' ? Infinity : MOST_EXAMPLES;
  const shown = style.verbose === 'all' ? riskReasons : telling.slice(0, most);
  const rest = telling.length - shown.length;
  return rest > 0 ? [...shown, `… and ${counted(rest, 'more reason')}`] : shown;
};

const blockedLines = (change: AccessChange, style: PageStyle): readonly string[] => {
  const texts = blockedTexts(change, examplesIn(style));
  if (texts.length === 0) return [];
  return style.verbose === 'all'
    ? texts.flatMap((text) => diffRow({ sign: '=', text }, style))
    : diffRow({ sign: '=', text: foldedList(texts, MOST_EXAMPLES) }, style);
};

const accessLines = (change: AccessChange, head: string, style: PageStyle): readonly string[] => {
  const most = examplesIn(style);
  const rows = [
    ...change.gained.map((gained) => ({ sign: '+', text: accessItemText(gained, most) })),
    ...change.lost.map((lost) => ({ sign: '-', text: accessItemText(lost, most) })),
    ...change.changed.map((changed) => ({ sign: '~', text: accessItemText(changed, most) })),
  ];
  return [
    ...item(head, `${keyText(change.principal)} ${reachText(change, namesIn(style))}`, style),
    ...reasonsOf(change, style).flatMap((reason) => diffRow({ sign: '!', text: reason }, style)),
    ...foldedItems(rows, MOST_ITEMS, {
      style,
      lines: (row) => diffRow(row, style).map(brushOf(row.sign, style)),
      indent: 8,
    }),
    ...blockedLines(change, style),
  ];
};

const criticalSection = (plan: Plan, style: PageStyle): readonly string[] => {
  const lines = foldedItems(entriesOf(criticalOf(plan)), MOST_ITEMS, {
    style,
    lines: (entry) => entryLine(entry, style),
  });
  return section(`Critical (${number(criticalOf(plan).length)})`, lines, style);
};

const accessSection = (plan: Plan, voice: SummaryVoice, style: PageStyle): readonly string[] => {
  const lines = foldedItems(accessIn(plan, voice).toSorted(byDanger), MOST_REACHES, {
    style,
    lines: (change) => accessLines(change, `${change.risk}:`, style),
  });
  const title =
    voice === 'drift' ? 'Who has more (+) and who has less (-) than was agreed' : 'Who gains (+) and who loses (-)';
  return section(title, lines, style);
};

const placed = (message: string, origin: { readonly file: string; readonly line: number } | undefined): string =>
  origin === undefined ? message : `${message}  (${origin.file}:${origin.line})`;

const unmanagedLines = (plan: Plan, style: PageStyle): readonly string[] => {
  const coverage = coverageText(plan.coverage);
  const things = othersOf(plan);
  const texts = style.verbose === 'all' ? things.map(({ key }) => keyText(key)) : unmanagedTexts(things);
  return coverage === undefined ? texts : [coverage, ...texts];
};
const unmanagedTitle = (plan: Plan): string => `Unmanaged, left alone: ${kindCounts(othersOf(plan))}`;
const keptLines = (plan: Plan): readonly string[] =>
  keptOf(plan).length === 0 ? [] : [...keptOf(plan).map(({ key }) => keyText(key)), keptAdvice(plan)];

/** What the plan does not change, and why. */
const restSections = (plan: Plan, voice: SummaryVoice, style: PageStyle): readonly string[] => {
  const listed = (title: string, texts: readonly string[]) => section(title, bullets(texts, style), style);
  return [
    ...listed(
      `Held (${number(plan.held.length)}): wanted and not done`,
      plan.held.map(({ key, reason }) => `${keyText(key)}: ${reason}`),
    ),
    ...listed(
      `Not read (${number(plan.unread.length)}): nothing inside is touched`,
      plan.unread.map(({ scope, reason }) => `${scope}: ${reason}`),
    ),
    ...listed(
      `Not in AWS (${number(plan.unresolved.length)}): left out`,
      plan.unresolved.map(({ name, message, origin }) => placed(`${keyText(name)}: ${message}`, origin)),
    ),
    ...listed(
      'Ends soon',
      plan.expiring.map(({ key, until }) => `${until}  ${keyText(key)}`),
    ),
    ...listed(keptTitle(plan), keptLines(plan)),
    ...(isShort(voice, style)
      ? []
      : listed(unmanagedTitle(plan), othersOf(plan).length === 0 ? [] : unmanagedLines(plan, style))),
    ...notesSection(plan, voice, style),
    ...(isShort(voice, style) ? countedShort(plan, style) : []),
  ];
};

const MOST_SHORT_NOTES = 3;

const isSilenced = (text: string): boolean => / is silenced: /.test(text);

/** A long list of notes is counted, each with --verbose; what is new stands among few. */
const notesSection = ({ notes }: Plan, voice: SummaryVoice, style: PageStyle): readonly string[] => {
  const texts = notes.map(({ message, origin }) => placed(message, origin));
  const short = isShort(voice, style) ? texts.filter((text) => !isSilenced(text)) : texts;
  const kept = isShort(voice, style) ? short.slice(0, MOST_SHORT_NOTES) : short;
  const rest = texts.length - kept.length;
  if (kept.length === 0) return [];
  return section(
    'Notes',
    [...bullets(kept, style), ...(rest > 0 ? item('…', `and ${counted(rest, 'more note')}${WHOLE}`, style) : [])],
    style,
  );
};

/** Among so many changes the lines of single edits are lost. */
const isLarge = ({ changes }: Plan): boolean => changes.length > MOST_ENTRIES;

/** Silenced rules, where there is no other note, and in a large plan the lines of edits: counted with what is unmanaged. */
const leftToVerbose = (plan: Plan): readonly string[] => {
  const { notes } = plan;
  const silenced = notes.every(({ message }) => isSilenced(message)) ? notes.length : 0;
  const edits = isLarge(plan) ? plan.changes.filter(isEdit).length : 0;
  const parts = [...(silenced > 0 ? [counted(silenced, 'note')] : []), ...(edits > 0 ? [counted(edits, 'edit')] : [])];
  return parts.length === 0
    ? []
    : [`${parts.join(' and ')}: --verbose says ${silenced + edits === 1 ? 'it' : 'them'}.`];
};

/** What is nobody's business here is counted; each by its name with --verbose. */
const countedShort = (plan: Plan, style: PageStyle): readonly string[] => {
  const texts = [...(othersOf(plan).length === 0 ? [] : [`${unmanagedTitle(plan)}.`]), ...leftToVerbose(plan)];
  return texts.length === 0 ? [] : ['', ...paragraph(texts.join(' '), style, style.paint.dim)];
};

/** "without A, B, C and 9 more" as "without A and 11 more". */
const oneOfMany = (text: string): string =>
  text.replace(
    /without ([^\s,]+), [^\s,]+, [^\s,]+ and (\d+) more/,
    (_, first: string, more: string) => `without ${first} and ${Number(more) + 2} more`,
  );

/** All that is missing, and between which two changes, only where everything is asked for. */
const interruptionTexts = (plan: Plan, voice: SummaryVoice, style: PageStyle): readonly string[] =>
  plan.interruptions.map(({ principal, account, message }) => {
    const what = keyText(isShort(voice, style) ? oneOfMany(message.replace(/: after .*$/s, '')) : message);
    return `${decodeName(principal)} in ${account}: ${what}`;
  });

const passing = (plan: Plan): readonly string[] => {
  const [guards, tests] = [guardCounts(plan).holding, plan.tests.filter(({ ok }) => ok).length];
  return [
    ...(guards > 0 ? [`${counted(guards, 'guard')} ${guards === 1 ? 'holds' : 'hold'}.`] : []),
    ...(tests > 0 ? [`${counted(tests, 'access test')} ${tests === 1 ? 'holds' : 'hold'}.`] : []),
  ];
};

const refusedStep = ({ changes }: Plan): string =>
  changes.some(({ ended }) => ended !== undefined)
    ? 'It is refused as it stands: apply carries out only what has ended.'
    : 'It is refused as it stands: apply will not start.';

const nextSteps = (
  plan: Plan,
  voice: SummaryVoice,
  { out, again = '', gatehouse = IN_CHECKOUT }: PlanTextOptions,
): readonly string[] => {
  if (refusalText(plan) !== undefined) return [refusedStep(plan)];
  const apply = `${gatehouse} apply${again} --approved ${out ?? 'plan.json'}`;
  const command = out === undefined ? `${gatehouse} plan${again} --out plan.json, then ${apply}` : apply;
  const what = voice === 'drift' ? 'To put this right and nothing else' : 'To apply this and nothing else';
  return [`${what}: ${command}`];
};

const footer = (plan: Plan, voice: SummaryVoice, options: PlanTextOptions): readonly string[] => {
  const facts = [...passing(plan), readsSentence(plan.reads)].filter((fact) => fact !== '');
  if (plan.changes.length === 0 && facts.length === 0) return [];
  if (plan.changes.length === 0) return ['', ...paragraph(facts.join(' '), options, options.paint.dim)];
  return [
    '',
    ...paragraph([...facts, estimateSentence(plan)].join(' '), options, options.paint.dim),
    ...paragraph(`Fingerprint ${plan.fingerprint}`, options),
    ...nextSteps(plan, voice, options).flatMap((step) => paragraph(step, options)),
  ];
};

const foldSentence = 'Lists that end in "… and N more" are whole with --verbose or --json.';

/** Of names that are folded within a line: a line of its own says it at its place. */
const foldLegend = (lines: readonly string[], style: PageStyle): readonly string[] =>
  style.verbose !== 'all' &&
  lines.some((line) => line.includes(' … and ')) &&
  !lines.some((line) => line.includes(WHOLE))
    ? ['', ...paragraph(foldSentence, style, style.paint.dim)]
    : [];

const told = (plan: Plan, voice: SummaryVoice, options: PlanTextOptions): string => {
  const lines = body(plan, voice, options);
  return [...lines, ...foldLegend(lines, options), ...footer(plan, voice, options)].join('\n');
};

/** A plan is told in sentences, unless everything is asked for; in drift each key is what the next command takes. */
const isShort = (voice: SummaryVoice, { verbose }: PageStyle): boolean => voice === 'plan' && verbose !== 'all';

/** Of what the sentences tell, only edits have more to show: their lines. */
const isEdit = ({ action, kind, adopts }: Change): boolean =>
  action === 'update' && kind !== 'account' && adopts !== true;

const shownSections = (plan: Plan, voice: SummaryVoice, style: PageStyle): readonly PlanSection[] => {
  if (!isShort(voice, style)) return sectionsOf(plan, voice);
  return isLarge(plan) ? [] : sectionsOf({ ...plan, changes: plan.changes.filter(isEdit) }, voice);
};

const effectiveTexts = (plan: Plan, voice: SummaryVoice, style: PageStyle): readonly string[] =>
  isShort(voice, style) ? graveEffectiveSentences(plan) : effectiveSentences(plan);

const body = (plan: Plan, voice: SummaryVoice, options: PlanTextOptions): readonly string[] => {
  const { paint } = options;
  return [
    ...paragraph(summarySentence(plan, voice), options, isEmpty(plan) ? paint.green : paint.bold),
    ...caveats(plan).flatMap((caveat) => paragraph(caveat, options, paint.yellow)),
    ...section(`Refused: ${refusalText(plan) ?? ''}`, refusedLines(plan, options), options),
    ...section('Access tests that a date broke', bullets(endedTests(plan).map(endedTestText), options), options),
    ...(isShort(voice, options) ? [] : criticalSection(plan, options)),
    ...decisionSection(plan, voice, options),
    ...sentenceSection(plan, voice, options),
    ...section(EFFECTIVE_TITLE, bullets(effectiveTexts(plan, voice, options), options), options),
    ...section('Access is interrupted', bullets(interruptionTexts(plan, voice, options), options), options),
    ...(isShort(voice, options) ? [] : accessSection(plan, voice, options)),
    ...(voice === 'drift' && plan.changes.length > 0 ? driftLegend(options) : []),
    ...shownSections(plan, voice, options).flatMap((entries) => entriesSection(entries, options)),
    ...restSections(plan, voice, options),
  ];
};

const driftLegend = (style: PageStyle): readonly string[] => [
  '',
  ...paragraph('Below, + is in Git and missing in AWS, - is in AWS and not in Git.', style),
];

/** What will happen to whom, most dangerous first, fingerprint last. Lines keep to `width` unless one word is longer. */
export const planText = (plan: Plan, options: PlanTextOptions): string => told(plan, 'plan', options);

/** The same plan read as what somebody did to AWS since. */
export const driftText = (plan: Plan, options: PlanTextOptions): string => told(plan, 'drift', options);

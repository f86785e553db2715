/** The plan as a comment on GitHub: never longer than allowed, never without its summary and what is most dangerous. */
import { accessIn, accessItemText, blockedTexts, reachText, ruleIds } from './access-words.ts';
import { EFFECTIVE_TITLE, effectiveSentences } from './effective-words.ts';
import type { AccessChange, AccessItem, Plan, TestResult } from '../model/plan.ts';
import { isRefusing } from '../model/plan.ts';
import { fitted, listBlock } from './budget.ts';
import type { TextBlock, FittedText } from './budget.ts';
import { decisionBlock, sentencesBlock, verdictLine } from './decision-table.ts';
import { entriesOf, entryWords, originText } from './entries.ts';
import type { PlanEntry } from './entries.ts';
import { changesBlock } from './markdown-changes.ts';
import { IN_CHECKOUT } from './page.ts';
import { caveats, endedTestText, endedTests, summarySentence } from './summary.ts';
import type { SummaryVoice } from './summary.ts';
import { coverageText, keptAdvice, keptOf, keptTitle, othersOf, unmanagedTexts } from './unmanaged.ts';
import { clip, codeSpan, keySpan, markdownText } from './untrusted.ts';
import { counted, criticalOf, estimateSentence, guardCounts, kindCounts, number, readsSentence } from './words.ts';
import { byDanger } from '../model/risk.ts';

/** `limit`: characters, by default GitHub's for a comment or an issue; `link`: where the whole plan is, http(s) alone. */
type PlanMarkdownOptions = {
  readonly limit?: number;
  readonly link?: string;
  /** As in `Style`. */
  readonly gatehouse?: string;
};

/** GitHub refuses a body above this ("body is too long (maximum is 65536 characters)"). */
export const GITHUB_LIMIT = 65_536;

const bullet = (text: string): string => `- ${text}`;

const refusingTests = ({ tests }: Plan): readonly TestResult[] => tests.filter(isRefusing);
const whyApart = (plan: Plan): boolean => refusingTests(plan).length > 1;

const nameOfTest = ({ name }: TestResult): string => bullet(`access test fails: ${markdownText(name)}`);
const failureOfTest = ({ name, message }: TestResult): string =>
  bullet(`access test fails: ${markdownText(name)}${message ? `: ${markdownText(message)}` : ''}`);

export const refusedBlock = (plan: Plan, cap: number): TextBlock =>
  listBlock(
    cap,
    {
      before: '**What stands in the way**\n\n',
      items: [
        ...plan.guards
          .filter((guard) => !guard.ok)
          .map((guard) => bullet(`${codeSpan(guard.id)} ${markdownText(guard.message)}`)),
        ...(whyApart(plan) ? refusingTests(plan).map(nameOfTest) : refusingTests(plan).map(failureOfTest)),
      ],
    },
    (rest) => counted(rest, 'refusal'),
  );

/** Why several access tests fail, folded: in the open they would push away who gets what. */
export const whyTestsFail = (plan: Plan, cap: number): TextBlock => {
  const items = whyApart(plan) ? refusingTests(plan).map(failureOfTest) : [];
  const before = `<details><summary>Why these ${number(items.length)} access tests fail</summary>\n\n`;
  return listBlock(cap, { before, items, after: '\n\n</details>' }, (rest) => counted(rest, 'reason'));
};

export const endedTestsBlock = (plan: Plan, cap: number): TextBlock =>
  listBlock(
    cap,
    {
      before: '**Access tests that a date broke**\n\n',
      items: endedTests(plan).map((test) => bullet(markdownText(endedTestText(test)))),
    },
    (rest) => counted(rest, 'access test'),
  );

const criticalLine = (entry: PlanEntry): string => {
  const words = entryWords({ ...entry, risk: 'low' }, 6).trim();
  const origin = originText(entry);
  return bullet(
    [
      codeSpan(`${entry.sign} ${entry.title}`, 600),
      ...(words === '' ? [] : [markdownText(words)]),
      ...(origin === '' ? [] : [`(${codeSpan(origin)})`]),
    ].join(' '),
  );
};

/** Every critical change by its key, folded: the table says what they do. */
export const criticalBlock = (plan: Plan, cap: number): TextBlock => {
  const critical = criticalOf(plan);
  const before = `<details><summary>Critical changes, by key (${number(critical.length)})</summary>\n\n`;
  const items = entriesOf(critical).map(criticalLine);
  return listBlock(cap, { before, items, after: '\n\n</details>' }, (rest) => counted(rest, 'critical item'));
};

/** `texts`: critical for another reason than what the plan changes; raw sentences. */
export const criticalFilesBlock = (texts: readonly string[], cap: number): TextBlock => {
  const before = `**Critical: the files change ${counted(texts.length, 'thing')} that no plan shows**\n\n`;
  const items = texts.map((text) => bullet(markdownText(text)));
  return listBlock(cap, { before, items }, (rest) => counted(rest, 'critical item'));
};

const MOST_ITEMS = 6;
/** Several services in one cell, each clipped, the rest counted. */
const cell = (items: readonly AccessItem[]): string => {
  const shown = items.slice(0, MOST_ITEMS).map((item) => markdownText(accessItemText(item, 4), 200));
  const rest = items.length - shown.length;
  return [...shown, ...(rest > 0 ? [`… and ${number(rest)} more`] : [])].join('; ') || '·';
};

const accessRow = (change: AccessChange): string => {
  const risk = change.risk === 'critical' || change.risk === 'high' ? `**${change.risk}**` : change.risk;
  const who = `${keySpan(change.principal, 120)} ${markdownText(reachText(change, 6), 400)}`;
  const rules = ruleIds(change);
  const why = rules === '' ? risk : `${risk}: ${markdownText(rules, 200)}`;
  const blocked = blockedTexts(change, 4).map((text) => markdownText(text, 200));
  const gained = [cell(change.gained), ...blocked].join('; ');
  return `| ${why} | ${who} | ${gained} | ${cell(change.lost)} | ${cell(change.changed)} |`;
};

const accessHeads: Readonly<Record<SummaryVoice, string>> = {
  plan: '| Risk | Who | Gains | Loses | Changes |\n',
  drift: '| Risk | Who | More | Less | Otherwise |\n',
};
const accessTitles: Readonly<Record<SummaryVoice, string>> = {
  plan: 'Who gains and who loses which actions',
  drift: 'Who has which actions more and less than was agreed',
};

export const accessBlock = (plan: Plan, voice: SummaryVoice, cap: number): TextBlock => {
  const rows = accessIn(plan, voice).toSorted(byDanger);
  return listBlock(
    cap,
    {
      before: `<details><summary>${accessTitles[voice]} (${number(rows.length)})</summary>\n\n${accessHeads[voice]}| --- | --- | --- | --- | --- |\n`,
      items: rows.slice(0, 200).map(accessRow),
      after: '\n\n</details>',
    },
    (rest) => counted(rest + Math.max(0, rows.length - 200), 'row of access', 'rows of access'),
  );
};

export type MarkdownList = {
  readonly title: string;
  readonly items: readonly string[];
  /** What an item is called where it is counted. */
  readonly word: readonly [string, string?];
};

/** More than this and the comment is no place for it. */
const MOST_LISTED = 100;

const MOST_OPEN = 5;
/** A short list stands open, a long one is folded. */
export const foldable = ({ title, items, word }: MarkdownList, cap: number): TextBlock => {
  const kept = items.slice(0, MOST_LISTED).map(bullet);
  const hidden = items.length - kept.length;
  const list =
    items.length > MOST_OPEN
      ? { before: `<details><summary>${title}</summary>\n\n`, items: kept, after: '\n\n</details>' }
      : { before: `**${title}**\n\n`, items: kept };
  const block = listBlock(cap, list, (rest) => counted(rest + hidden, ...word));
  const fit = (room: number): FittedText => {
    const result = block.fit(room);
    return hidden > 0 && result.leftOut === undefined ? { ...result, leftOut: counted(hidden, ...word) } : result;
  };
  return { cap, fit };
};

const placed = (text: string, origin: { readonly file: string; readonly line: number } | undefined): string =>
  origin === undefined ? text : `${text} (${codeSpan(`${origin.file}:${String(origin.line)}`)})`;

export const effectiveList = (plan: Plan): MarkdownList => ({
  title: EFFECTIVE_TITLE,
  items: effectiveSentences(plan).map((text) => markdownText(text, 600)),
  word: ['change of an effective policy', 'changes of effective policies'],
});

export const interruptions = (plan: Plan): MarkdownList => ({
  title: `Access is interrupted (${number(plan.interruptions.length)})`,
  items: plan.interruptions.map(
    ({ principal, account, message }) => `${keySpan(principal)} in ${codeSpan(account)}: ${markdownText(message)}`,
  ),
  word: ['interruption'],
});

export const undone = (plan: Plan): readonly MarkdownList[] => [
  {
    title: `Held: wanted and not done (${number(plan.held.length)})`,
    items: plan.held.map(({ key, reason }) => `${keySpan(key)}: ${markdownText(reason)}`),
    word: ['held change'],
  },
  {
    title: `Not read, so nothing inside is touched (${number(plan.unread.length)})`,
    items: plan.unread.map(({ scope, reason }) => `${codeSpan(scope)}: ${markdownText(reason)}`),
    word: ['scope not read', 'scopes not read'],
  },
  {
    title: `Declared and not in AWS, so left out (${number(plan.unresolved.length)})`,
    items: plan.unresolved.map(({ name, message, origin }) =>
      placed(`${keySpan(name)}: ${markdownText(message)}`, origin),
    ),
    word: ['unresolved name'],
  },
];

const unmanagedItems = (plan: Plan): readonly string[] => {
  const items = unmanagedTexts(othersOf(plan)).map((text) => codeSpan(text));
  const coverage = coverageText(plan.coverage);
  return items.length === 0 || coverage === undefined ? items : [coverage, ...items];
};

export const asides = (plan: Plan): readonly MarkdownList[] => [
  {
    title: `Ends soon (${number(plan.expiring.length)})`,
    items: plan.expiring.map(({ key, until }) => `${markdownText(until, 30)} ${keySpan(key)}`),
    word: ['ending entry', 'ending entries'],
  },
  {
    title: keptTitle(plan),
    items:
      keptOf(plan).length === 0 ? [] : [markdownText(keptAdvice(plan)), ...keptOf(plan).map(({ key }) => keySpan(key))],
    word: ['kept thing'],
  },
  {
    title: `Unmanaged, left alone: ${kindCounts(othersOf(plan))}`,
    items: unmanagedItems(plan),
    word: ['unmanaged thing'],
  },
  {
    title: `Notes (${number(plan.notes.length)})`,
    items: plan.notes.map(({ message, origin }) => placed(markdownText(message), origin)),
    word: ['note'],
  },
];

const driftLegend = (
  plan: Plan,
  voice: SummaryVoice,
  { gatehouse = IN_CHECKOUT }: PlanMarkdownOptions,
): readonly string[] =>
  voice === 'drift' && plan.changes.length > 0
    ? [
        `In the diffs \`+\` is in Git and missing in AWS, \`-\` is in AWS and not in Git. To keep what AWS has: ${codeSpan(`${gatehouse} adopt KEY`, 340)}.`,
      ]
    : [];

const heading = (plan: Plan, voice: SummaryVoice, options: PlanMarkdownOptions): string =>
  [
    voice === 'drift' ? '## Gatehouse drift' : '## Gatehouse plan',
    ...(voice === 'drift' ? [] : [verdictLine(plan, undefined)].filter((line) => line !== '')),
    `${markdownText(summarySentence(plan, voice), 2_000)}${caveats(plan)
      .map((caveat) => ` ${caveat}`)
      .join('')}`,
    ...driftLegend(plan, voice, options),
  ].join('\n\n');

export const passing = (plan: Plan): string => {
  const [guards, tests] = [guardCounts(plan).holding, plan.tests.filter(({ ok }) => ok).length];
  return [
    ...(guards > 0 ? [`${counted(guards, 'guard')} passed.`] : []),
    ...(tests > 0 ? [`${counted(tests, 'access test')} passed.`] : []),
  ].join(' ');
};

const facts = (plan: Plan): string =>
  [passing(plan), readsSentence(plan.reads), ...(plan.changes.length > 0 ? [estimateSentence(plan)] : [])]
    .filter((sentence) => sentence !== '')
    .join(' ');

/** A link is the caller's, yet a broken one must not break the page. */
export const safeLink = (link: string | undefined): string | undefined =>
  link !== undefined && /^https?:\/\/[\w.~:/?#@!$&'*+,;=%-]{1,1000}$/.test(link) ? link : undefined;

/** Where the page to look at is kept. */
export const reportLinkText = (link: string | undefined): string => {
  const safe = safeLink(link);
  return safe === undefined
    ? ''
    : `[Look at it as a page](${safe}): the artifact ${codeSpan('gatehouse-report')} of this run.`;
};

export const leftOutText = (pieces: readonly FittedText[], link: string | undefined): string => {
  const words = pieces.flatMap(({ leftOut }) => leftOut ?? []);
  const where = link === undefined ? '' : `[The whole plan](${link})`;
  if (words.length === 0) return where;
  return `**Left out of this comment:** ${words.join(', ')}.${where === '' ? '' : ` ${where}.`}`;
};

/** Enough for the longest list of what is left out, without the link. */
export const LEFT_OUT_ROOM = 700;

const told = (plan: Plan, voice: SummaryVoice, options: PlanMarkdownOptions): string => {
  const limit = options.limit ?? GITHUB_LIMIT;
  const link = safeLink(options.link);
  const head = heading(plan, voice, options);
  const foot = [facts(plan), ...(plan.changes.length > 0 ? [`Fingerprint ${codeSpan(plan.fingerprint)}`] : [])];
  const share = (part: number): number => Math.floor(limit * part);
  const [refused, critical] = [refusedBlock(plan, share(0.15)), criticalBlock(plan, share(0.15))];
  const access = accessBlock(plan, voice, share(0.25));
  const interrupted = foldable(interruptions(plan), share(0.06));
  const effective = foldable(effectiveList(plan), share(0.1));
  const rest = [...undone(plan), ...asides(plan)].map((list) => foldable(list, share(0.06)));
  const changes = changesBlock(plan, voice);
  const fixed = head.length + foot.join('\n\n').length + LEFT_OUT_ROOM + (link ?? '').length;
  const broken = endedTestsBlock(plan, share(0.06));
  const [decisions, sentences] = [decisionBlock(plan, voice, share(0.3)), sentencesBlock(plan, voice, share(0.08))];
  const why = whyTestsFail(plan, share(0.1));
  const first = voice === 'drift' ? [decisions, sentences, refused, why] : [refused, why, decisions, sentences];
  const page = [...first, broken, interrupted, critical, access, effective, changes, ...rest];
  const urgent = [
    refused,
    decisions,
    sentences,
    why,
    broken,
    interrupted,
    critical,
    access,
    effective,
    ...rest,
    changes,
  ];
  const pieces = fitted(page, urgent, limit - fixed);
  const parts = [head, ...pieces.map(({ text }) => text), leftOutText(pieces, link), ...foot];
  return clip(parts.filter((part) => part !== '').join('\n\n'), limit);
};

/** The body of a comment for any plan, however large and whatever names are in it. */
export const planMarkdown = (plan: Plan, options: PlanMarkdownOptions = {}): string => told(plan, 'plan', options);

/** The body of the drift issue. */
export const driftMarkdown = (plan: Plan, options: PlanMarkdownOptions = {}): string => told(plan, 'drift', options);

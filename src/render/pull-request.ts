/** The comment on a pull request: first whether access grows and for whom, then what is critical, then the rest by weight. */
import type { AccessChange, Plan, TestResult } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { fitted, listBlock } from './budget.ts';
import type { TextBlock } from './budget.ts';
import { criticalDates, dateLists } from './date-changes.ts';
import { decisionBlock, sentencesBlock, verdictLine } from './decision-table.ts';
import { changesBlock } from './markdown-changes.ts';
import {
  GITHUB_LIMIT,
  LEFT_OUT_ROOM,
  accessBlock,
  asides,
  criticalBlock,
  criticalFilesBlock,
  foldable,
  interruptions,
  leftOutText,
  passing,
  endedTestsBlock,
  effectiveList,
  refusedBlock,
  whyTestsFail,
  reportLinkText,
  safeLink,
  undone,
} from './plan-markdown.ts';
import { sinceBlock } from './since-approval.ts';
import type { SinceApproval } from './since-approval.ts';
import { caveats, summarySentence } from './summary.ts';
import { clip, codeSpan, keySpan, markdownText } from './untrusted.ts';
import { counted, enumerated, estimateSentence, number, readsSentence } from './words.ts';
import { risksByDanger } from '../model/risk.ts';

/** Everything is raw text of anybody's. `limit`: characters. */
export type PullRequestPage = {
  readonly plan: Plan;
  /** What the files change that is critical and no change of the plan: settings, access tests, names of accounts. */
  readonly critical: readonly string[];
  /** The same, less dangerous. */
  readonly lesser: readonly string[];
  /** What it needs, one sentence each. */
  readonly approvals: readonly string[];
  /** Keys of the plan that this pull request does not change. */
  readonly others: readonly string[];
  readonly notes: readonly string[];
  /** Of each earlier head that somebody approved. */
  readonly since: readonly SinceApproval[];
  readonly link?: string;
  /** Where the page to look at is kept. */
  readonly report?: string;
  readonly limit?: number;
};

const MOST_NAMED = 4;
const MOST_TESTS = 100;

type ReachedPeople = { readonly people: number; readonly rank: number };

const principalsOf = (changes: readonly AccessChange[]): ReadonlyMap<string, ReachedPeople> => {
  const reached = new Map<string, ReachedPeople>();
  for (const { principal, people, risk } of changes) {
    const known = reached.get(principal) ?? { people: 0, rank: risksByDanger.length };
    reached.set(principal, {
      people: Math.max(people, known.people),
      rank: Math.min(risksByDanger.indexOf(risk), known.rank),
    });
  }
  return reached;
};

/** People with the most dangerous change come first, then the largest group. */
const forWhom = (changes: readonly AccessChange[]): string => {
  const reached = [...principalsOf(changes)].sort(([, a], [, b]) => a.rank - b.rank || b.people - a.people);
  const named = reached
    .slice(0, MOST_NAMED)
    .map(([principal, { people }]) => `${keySpan(principal, 80)} (${counted(people, 'person', 'people')})`);
  const rest = reached.length - named.length;
  return enumerated([...named, ...(rest > 0 ? [counted(rest, 'more principal')] : [])]);
};

/** One sentence of Markdown: whether access grows, and for whom. */
const growthSentence = (plan: Plan): string => {
  const { access } = plan;
  const gaining = access.filter(({ gained }) => gained.length > 0);
  const losing = access.filter(({ lost }) => lost.length > 0);
  // Who gains or loses is named already, and a new set beside an old one always changes the conditions of what both give.
  const named = new Set([...gaining, ...losing].map(({ principal }) => principal));
  const changing = access.filter(({ changed, principal }) => changed.length > 0 && !named.has(principal));
  const clauses = [
    ...(losing.length > 0 ? [`it shrinks for ${forWhom(losing)}`] : []),
    ...(changing.length > 0 ? [`its conditions change for ${forWhom(changing)}`] : []),
  ];
  if (gaining.length > 0)
    return `**Access grows for ${forWhom(gaining)}**${clauses.length > 0 ? `; ${clauses.join('; ')}` : ''}.`;
  return `Access grows for nobody${plan.dates === undefined ? '' : ' today'}${clauses.length > 0 ? `; ${clauses.join('; ')}` : ''}.`;
};

const listOf = (title: string, items: readonly string[], word: string) => ({
  title: `${title} (${number(items.length)})`,
  items,
  word: [word] as const,
});

const approvalsBlock = (approvals: readonly string[], cap: number): TextBlock =>
  listBlock(
    cap,
    { before: '### Approvals it needs\n\n', items: approvals.map((text) => `- ${markdownText(text)}`) },
    (rest) => counted(rest, 'approval'),
  );

/** A short text of ours, whole or not at all. */
const sentence = (text: string): TextBlock => ({
  cap: 2_000,
  fit: (room) => ({ text: text.length <= room ? text : '' }),
});

const estimateText = (plan: Plan): string =>
  [readsSentence(plan.reads), ...(plan.changes.length > 0 ? [estimateSentence(plan)] : [])].join(' ').trim();

const headingOf = ({ plan, approvals, report }: PullRequestPage): string => {
  const sentences = [markdownText(summarySentence(plan, 'plan'), 2_000), ...caveats(plan)];
  return [verdictLine(plan, approvals), growthSentence(plan), sentences.join(' '), reportLinkText(report)]
    .filter((line) => line !== '')
    .join('\n\n');
};

const footOf = ({ plan }: PullRequestPage): string =>
  plan.changes.length === 0 ? '' : `Fingerprint ${codeSpan(plan.fingerprint)}`;

const lesserOf = ({ lesser }: PullRequestPage) => {
  const texts = lesser.map((text) => markdownText(text, 600));
  return listOf('The files also change', texts, 'change of the files');
};

const blocksOf = (page: PullRequestPage, limit: number) => {
  const { plan } = page;
  const share = (part: number): number => Math.floor(limit * part);
  const others = listOf(
    'Not of this pull request: AWS differs there already',
    page.others.map((key) => keySpan(key)),
    'other change',
  );
  const notes = listOf(
    'About the two trees',
    page.notes.map((text) => markdownText(text, 600)),
    'remark',
  );
  const { dates = [] } = plan;
  return {
    files: criticalFilesBlock([...page.critical, ...criticalDates(dates)], share(0.1)),
    critical: criticalBlock(plan, share(0.12)),
    since: page.since.map((one) => sinceBlock(one, share(0.08))),
    decisions: decisionBlock(plan, 'plan', share(0.3)),
    sentences: sentencesBlock(plan, 'plan', share(0.08)),
    dates: [...dateLists(dates), lesserOf(page)].map((list) => foldable(list, share(0.05))),
    access: accessBlock(plan, 'plan', share(0.25)),
    refused: refusedBlock(plan, share(0.15)),
    why: whyTestsFail(plan, share(0.1)),
    effective: foldable(effectiveList(plan), share(0.08)),
    broken: endedTestsBlock(plan, share(0.06)),
    passed: sentence(passing(plan)),
    estimate: sentence(estimateText(plan)),
    approvals: approvalsBlock(page.approvals, share(0.05)),
    interrupted: foldable(interruptions(plan), share(0.06)),
    others: foldable(others, share(0.05)),
    changes: changesBlock(plan, 'plan'),
    undone: undone(plan).map((list) => foldable(list, share(0.06))),
    asides: [...asides(plan).map((list) => foldable(list, share(0.06))), foldable(notes, share(0.05))],
  };
};

/** In the order of the page, and in the order in which they are given room. */
const orderedBlocks = (page: PullRequestPage, limit: number) => {
  const blocks = blocksOf(page, limit);
  const { critical, files, access, refused, broken, passed, approvals, interrupted, others, changes, estimate } =
    blocks;
  const { why } = blocks;
  const told = [...blocks.since, blocks.decisions, files, blocks.sentences, blocks.effective];
  const first = [refused, why, ...told, approvals, ...blocks.dates, broken, interrupted, others];
  const last = [...blocks.undone, ...blocks.asides];
  const urgent = [
    refused,
    ...told,
    why,
    broken,
    interrupted,
    ...blocks.dates,
    approvals,
    critical,
    access,
    passed,
    estimate,
    others,
    ...last,
    changes,
  ];
  return { urgent, blocks: [...first, critical, access, changes, passed, estimate, ...last] };
};

/** The body of the comment, however large the plan and whatever names are in it. */
export const pullRequestMarkdown = (page: PullRequestPage): string => {
  const limit = page.limit ?? GITHUB_LIMIT;
  const link = safeLink(page.link);
  const [head, foot] = [headingOf(page), footOf(page)];
  const { blocks, urgent } = orderedBlocks(page, limit);
  const room = limit - head.length - foot.length - LEFT_OUT_ROOM - (link ?? '').length;
  const pieces = fitted(blocks, urgent, room);
  const parts = [head, ...pieces.map(({ text }) => text), leftOutText(pieces, link), foot];
  return clip(parts.filter((part) => part !== '').join('\n\n'), limit);
};

const problemLine = ({ file, line, column, rule, message, hint }: Problem): string =>
  `- ${codeSpan(`${file}:${line}:${column}`)} ${codeSpan(rule)} ${markdownText(message)}${hint === undefined ? '' : `. ${markdownText(hint)}`}`;

/** The comment when there is no plan: the files have errors, or AWS is not asked. `lead`: Markdown of ours. */
export const problemsMarkdown = (
  lead: string,
  problems: readonly Problem[],
  { limit = GITHUB_LIMIT }: { readonly limit?: number } = {},
): string => {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const rest = problems.filter(({ severity }) => severity === 'warning');
  const list = (before: string, of: readonly Problem[]): TextBlock =>
    listBlock(limit, { before, items: of.map(problemLine) }, (count) => counted(count, 'problem'));
  const blocks = [list('### Errors\n\n', errors), list('### Warnings\n\n', rest)];
  const pieces = fitted(blocks, blocks, limit - lead.length - LEFT_OUT_ROOM);
  const parts = [lead, ...pieces.map(({ text }) => text), leftOutText(pieces, undefined)];
  return clip(parts.filter((part) => part !== '').join('\n\n'), limit);
};

/** The page of a run that may not ask AWS. `lead`: Markdown of ours. */
export const offlineMarkdown = (lead: string, problems: readonly Problem[], failing: readonly TestResult[]): string => {
  const tests = failing.map(
    ({ name, message }) =>
      `- access test fails: ${markdownText(name)}${message === undefined ? '' : `: ${markdownText(message)}`}`,
  );
  return [problemsMarkdown(lead, problems), ...(tests.length > 0 ? [tests.slice(0, MOST_TESTS).join('\n')] : [])].join(
    '\n\n',
  );
};

/** The drift issue: what differs, since when, who did it, what putting it right does, and the two ways out of each. */
import type { Change, KeyedThing, Plan, TestResult } from '../model/plan.ts';
import { keyText } from '../model/resource.ts';
import type { Traces } from '../model/trace.ts';
import { fitted, listBlock } from './budget.ts';
import { fencedDiff } from './file-diff.ts';
import type { EditedFile } from './file-diff.ts';
import type { TextBlock } from './budget.ts';
import { IN_CHECKOUT } from './page.ts';
import { GITHUB_LIMIT, driftMarkdown, reportLinkText } from './plan-markdown.ts';
import { tracesMarkdown } from './traces.ts';
import { clip, codeSpan, keySpan, markdownText } from './untrusted.ts';
import { counted } from './words.ts';
import { byDanger } from '../model/risk.ts';

export type DriftItem = {
  readonly change: Change;
  readonly fingerprint: string;
  /** The edits that would adopt it. */
  readonly edits?: readonly EditedFile[];
  /** Why no edit would. */
  readonly refused?: string;
};

export type DriftPage = {
  readonly plan: Plan;
  readonly items: readonly DriftItem[];
  readonly traces: Traces;
  /** Access tests that fail on what AWS has. */
  readonly broken: readonly TestResult[];
  /** Unmanaged things that another tool is known to make. */
  readonly coOwned: readonly (KeyedThing & { readonly owner: string })[];
  /** ISO 8601. */
  readonly checkedAt: string;
  readonly link?: string;
  /** Where the page to look at is kept. */
  readonly report?: string;
  readonly limit?: number;
  /** As in `Style`. */
  readonly gatehouse?: string;
};

/** A reader opens an issue, not a book: what does not fit is counted, and the plan file of the run holds it. */
const ITEMS_ROOM = 16_000;
const SMALL_ROOM = 6_000;

/** A longer diff is no help on this page, nor are many: then the command is. */
const DIFF_ROOM = 3_000;
const DIFFS_ROOM = 10_000;

const command = (key: string, gatehouse: string): string =>
  codeSpan(`${gatehouse} adopt '${keyText(key).replaceAll("'", "'\\''")}'`, 340);

const keeping = ({ change: { key }, refused }: DriftItem, gatehouse: string): string =>
  refused === undefined
    ? `or keep it with ${command(key, gatehouse)}`
    : `it cannot be adopted: ${markdownText(refused)}`;

/** In the list item, so that the list goes on below it. */
const editsOf = ({ edits }: DriftItem): string => {
  if (edits === undefined || edits.length === 0) return '';
  const diff = fencedDiff(edits);
  if (diff.length > DIFF_ROOM) return '';
  const lines = ['<details><summary>the YAML that would adopt it</summary>', '', ...diff.split('\n'), '', '</details>'];
  return `\n\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`;
};

const wayOut = (item: DriftItem, gatehouse: string): string =>
  `- ${keySpan(item.change.key, 300)} **${item.change.risk}**: revert it with fingerprint ${codeSpan(item.fingerprint)}, ${keeping(item, gatehouse)}`;

/** The first diffs, as many as there is room for; `left` is what is still free. */
const waysOut = (items: readonly DriftItem[], gatehouse: string): readonly string[] => {
  let left = DIFFS_ROOM;
  return items.map((item) => {
    const edits = editsOf(item);
    if (edits.length > left) return wayOut(item, gatehouse);
    left -= edits.length;
    return `${wayOut(item, gatehouse)}${edits}`;
  });
};

const itemsBlock = ({ items, gatehouse = IN_CHECKOUT }: DriftPage): TextBlock => {
  const adopt = codeSpan(`${gatehouse} adopt KEY`, 340);
  const before = `### Two ways out of each\n\nTo revert one, with what it depends on: start the apply workflow by hand on main with its fingerprint and the number of this run. To keep what AWS has: commit what ${adopt} edits, and open a pull request.\n\n`;
  const sorted = [...items].sort((a, b) => byDanger(a.change, b.change));
  return listBlock(ITEMS_ROOM + DIFFS_ROOM, { before, items: waysOut(sorted, gatehouse) }, (rest) =>
    counted(rest, 'more difference'),
  );
};

const brokenBlock = (broken: readonly TestResult[]): TextBlock =>
  listBlock(
    SMALL_ROOM,
    {
      before: '### Promises that AWS does not keep now\n\n',
      items: broken.map(
        ({ name, message }) => `- ${markdownText(name)}${message === undefined ? '' : `: ${markdownText(message)}`}`,
      ),
    },
    (rest) => counted(rest, 'more access test'),
  );

const coOwnedBlock = (things: DriftPage['coOwned']): TextBlock =>
  listBlock(
    SMALL_ROOM,
    {
      before: '### Known co-owners, left alone\n\n',
      items: things.map(({ key, owner }) => `- ${keySpan(key, 300)}: ${owner}`),
    },
    (rest) => counted(rest, 'more thing'),
  );

const leftOut = (pieces: readonly { readonly leftOut?: string }[]): string => {
  const words = pieces.flatMap((piece) => piece.leftOut ?? []);
  return words.length === 0 ? '' : `Not shown here: ${words.join(', ')}.`;
};

const heartbeat = ({ checkedAt }: DriftPage): string =>
  `Last looked for: ${checkedAt.slice(0, 16).replace('T', ' ')} UTC. Drift is only reported here; nothing was written to AWS.`;

/** The body of the issue; also of the run's page when nothing drifts. */
export const driftIssueMarkdown = (page: DriftPage): string => {
  const limit = page.limit ?? GITHUB_LIMIT;
  const { plan, traces, link } = page;
  const blocks = [brokenBlock(page.broken), itemsBlock(page), coOwnedBlock(page.coOwned)];
  const who = plan.changes.length === 0 ? '' : tracesMarkdown(plan.changes, traces);
  const pieces = fitted(blocks, blocks, Math.floor(limit * 0.45));
  const [broken = '', ...ways] = pieces.map(({ text }) => text);
  const tail = [broken, who.trim(), ...ways, leftOut(pieces), reportLinkText(page.report), heartbeat(page)].filter(
    (part) => part !== '',
  );
  const rest = tail.join('\n\n');
  const head = driftMarkdown(plan, {
    limit: limit - rest.length - 4,
    ...(link === undefined ? {} : { link }),
    ...(page.gatehouse === undefined ? {} : { gatehouse: page.gatehouse }),
  });
  return clip(`${head}\n\n${rest}`, limit);
};

/** "Gatehouse drift: 3 differences, 1 critical". */
export const driftTitle = ({ plan, broken }: Pick<DriftPage, 'plan' | 'broken'>): string => {
  const all = plan.changes.length + plan.held.length;
  const critical = plan.changes.filter(({ risk }) => risk === 'critical').length;
  const parts = [
    ...(all > 0 ? [counted(all, 'difference')] : []),
    ...(critical > 0 ? [`${critical} critical`] : []),
    ...(broken.length > 0 ? [`${counted(broken.length, 'promise')} broken`] : []),
  ];
  return `Gatehouse drift: ${parts.length === 0 ? 'none' : parts.join(', ')}`;
};

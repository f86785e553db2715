/** The audit told: findings by severity, then what was waived, then what could not be read. */
import type { AuditFinding, AuditReport, IdleWaiver, WaivedFinding } from '../model/audit.ts';
import type { Unread } from '../model/reads.ts';
import { foldedItems, item, paragraph, section } from './page.ts';
import type { PageStyle } from './page.ts';
import { codeSpan, markdownText, visibleJson } from './untrusted.ts';
import { counted, enumerated } from './words.ts';
import { risksByDanger } from '../model/risk.ts';

/** Findings of one rule, which share severity, remedy and link. */
type RuleGroup = { readonly first: AuditFinding; readonly findings: readonly AuditFinding[] };

const byRule = (findings: readonly AuditFinding[]): readonly RuleGroup[] => {
  const groups = new Map<string, AuditFinding[]>();
  for (const finding of findings) groups.set(finding.rule, [...(groups.get(finding.rule) ?? []), finding]);
  return [...groups.values()].flatMap((all) => (all[0] === undefined ? [] : [{ first: all[0], findings: all }]));
};

const summary = ({ findings, accounts, waived }: AuditReport): string => {
  const counts = risksByDanger
    .map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`);
  const found =
    findings.length === 0 ? 'Nothing found' : `${counted(findings.length, 'finding')}: ${enumerated(counts)}`;
  const aside = waived.length === 0 ? '' : `; ${waived.length} waived`;
  return `${found} in ${counted(accounts.length, 'account')}${aside}.`;
};

const where = ({ account, subject, read }: AuditFinding): string =>
  `${account === undefined ? '' : `${account}: `}${subject}: ${read}`;

const waivedWords = (finding: WaivedFinding): string =>
  `${finding.rule}: ${where(finding)} (until ${finding.until}: ${finding.reason})`;

/** One line for the parts of an account that were refused for the same reason. */
const unreadWords = (unread: readonly Unread[]): readonly string[] => [
  ...new Set(unread.map(({ scope, reason }) => `${scope} could not be read: ${reason}`)),
];

const idleWords = ({ finding, account, until, reason, why }: IdleWaiver): string =>
  `${finding} in ${account ?? 'every account'} (${why === 'ended' ? `ended on ${until}` : `nothing found, until ${until}`}: ${reason})`;

const resourceWords = ({ resourceRegions }: AuditReport): string =>
  resourceRegions === undefined
    ? ''
    : ` Policies of resources were read in ${resourceRegions.join(', ')}, those of buckets wherever they are.`;

/** A trail of every Region, or of the organization, shows in each (DescribeTrails); an analyzer sees its own alone. */
const regionWords = (report: AuditReport): string => {
  const { region } = report;
  return `Trails and analyzers were looked for in ${region}, where a trail of every Region shows. An external access analyzer sees the resources of its own Region: what is open in others was not asked.${resourceWords(report)}`;
};

const most = 12;

const groupLines = ({ first, findings }: RuleGroup, style: PageStyle): readonly string[] => [
  ...paragraph(`${first.rule} (${first.severity}): ${first.todo}`, style, style.paint.bold),
  ...foldedItems(findings, most, { style, lines: (finding) => item('-', where(finding), style) }),
  ...item(' ', first.link, style).map(style.paint.dim),
];

export const auditText = (report: AuditReport, style: PageStyle): string => {
  const { findings, waived, idleWaivers, unread } = report;
  const brush = findings.length === 0 && unread.length === 0 ? style.paint.green : style.paint.bold;
  return [
    ...paragraph(summary(report), style, brush),
    ...byRule(findings).flatMap((group) => ['', ...groupLines(group, style)]),
    ...section(
      'Waived in access/settings.yaml',
      waived.flatMap((finding) => item('-', waivedWords(finding), style)),
      style,
    ),
    ...section(
      'Waivers that waive nothing',
      idleWaivers.flatMap((waiver) => item('-', idleWords(waiver), style)),
      style,
    ),
    ...section(
      'Not read, so not known to be clean',
      unreadWords(unread).flatMap((words) => item('-', words, style)),
      style,
    ),
    '',
    ...paragraph(regionWords(report), style, style.paint.dim),
  ].join('\n');
};

const list = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : ['', `### ${title}`, '', ...items.map((text) => `- ${markdownText(text)}`)];

const groupMarkdown = ({ first, findings }: RuleGroup): readonly string[] => {
  const rest = findings.length - most * 4;
  return [
    '',
    `### ${codeSpan(first.rule)} (${first.severity})`,
    '',
    `${markdownText(first.todo)} [AWS](${first.link})`,
    '',
    ...findings.slice(0, most * 4).map((finding) => `- ${markdownText(where(finding))}`),
    ...(rest > 0 ? [`- … and ${rest} more`] : []),
  ];
};

export const auditMarkdown = (report: AuditReport): string =>
  [
    `**${summary(report)}**`,
    ...byRule(report.findings).flatMap(groupMarkdown),
    ...list('Waived', report.waived.map(waivedWords)),
    ...list('Waivers that waive nothing', report.idleWaivers.map(idleWords)),
    ...list('Not read, so not known to be clean', unreadWords(report.unread)),
    '',
    markdownText(regionWords(report)),
    '',
  ].join('\n');

export const auditJson = (report: AuditReport): string => visibleJson(JSON.stringify(report, undefined, 2));

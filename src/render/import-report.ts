/** IMPORT.md: what was found, what the files do not say, and what is worth a look. */
import type { DoubtfulGroup } from '../model/cloud.ts';
import type { Administrators, ImportFacts } from '../model/import-report.ts';
import type { LeftOut } from '../model/written.ts';
import { keyText } from '../model/resource.ts';
import { codeSpan, markdownText } from './untrusted.ts';
import { counted, number } from './words.ts';

const mostNames = 50;

const listed = (names: readonly string[]): string => {
  const rest = names.length - mostNames;
  const shown = names.slice(0, rest > 1 ? mostNames : names.length).map((name) => codeSpan(name));
  return [...shown, ...(rest > 1 ? [`and ${number(rest)} more`] : [])].join(', ');
};

const countRows = ({ counts }: ImportFacts): readonly string[] => [
  '| | in AWS | in the files | left out | not asked for |',
  '| --- | ---: | ---: | ---: | ---: |',
  ...counts.map(
    ({ what, live, said, leftOut, notAsked }) =>
      `| ${[what, ...[live, said, leftOut, notAsked].map((count) => number(count))].join(' | ')} |`,
  ),
];

const rulesLine = ({ assignments, rules }: ImportFacts): readonly string[] =>
  assignments === 0
    ? []
    : ['', `${counted(assignments, 'assignment')} in ${counted(rules, 'entry', 'entries')} of the files.`];

const byReason = (leftOut: readonly LeftOut[]): readonly (readonly [string, readonly string[]])[] => {
  const reasons = new Map<string, string[]>();
  for (const { key, reason } of leftOut) reasons.set(reason, [...(reasons.get(reason) ?? []), key]);
  return [...reasons].sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
};

const neverRead = [
  'No plan reads these: application assignments of Identity Center, policies of resources that no file names, tags of',
  'accounts, and the roles that Identity Center and AWS services create for themselves',
  '(under /aws-reserved/ and /aws-service-role/).',
];

const reasonLines = (list: readonly LeftOut[]): readonly string[] =>
  byReason(list).map(
    ([reason, keys]) => `- **${counted(keys.length, 'thing')}**: ${markdownText(reason)}: ${listed(keys.map(keyText))}`,
  );

const leftOutLines = ({ leftOut, notAsked }: ImportFacts): readonly string[] => [
  '## What the files do not say',
  '',
  ...(leftOut.length + notAsked.length === 0 ? ['Everything that was read is in the files.'] : []),
  ...reasonLines(leftOut),
  ...reasonLines(notAsked),
  '',
  ...neverRead,
];

/** `iam/NAME` stands for all of an account's IAM. */
const unreadLines = ({ unread }: ImportFacts): readonly string[] =>
  unread.map(({ scope, reason }) => `- ${codeSpan(scope)}: ${markdownText(reason)}`);

const odd = (title: string, names: readonly string[], why: string): readonly string[] =>
  names.length === 0 ? [] : [`- **${counted(names.length, title)}** ${why}: ${listed(names)}.`];

const madeBy = ({ name, madeBy: by }: DoubtfulGroup): string => (by === undefined ? name : `${name} (made by ${by})`);

const oddityLines = ({ oddities, suspended, doubtfulGroups }: ImportFacts): readonly string[] => [
  ...odd('permission set', oddities.idleSets, 'assigned to nobody'),
  ...oddities.twinSets.map((names) => `- **Twin permission sets**: ${listed(names)} are identical.`),
  ...oddities.outdatedSets.map(
    ({ name, accounts }) =>
      `- **Not provisioned**: ${codeSpan(name)} was edited, and its role is still the old one in ${listed(accounts)}. The first apply updates it.`,
  ),
  ...odd(
    'group',
    doubtfulGroups.map(madeBy),
    'that may belong to the corporate directory, which feeds this store and sends no external id for some groups. Write `source: external` in the file of each group that the directory keeps, and `members` in the others, or import again with `--members all`',
  ),
  ...odd('group', oddities.emptyGroups, 'without members'),
  ...odd('group', oddities.idleGroups, 'without access'),
  ...odd(
    'user',
    oddities.directUsers.map(({ name }) => name),
    'assigned directly; a group would say why',
  ),
  ...odd('guard rail', oddities.unboundPolicies, 'attached nowhere'),
  ...odd(
    'role',
    oddities.trustDocuments,
    'with the trust policy itself at `trustPolicy`, because entries of `trust` cannot express it',
  ),
  ...odd('account', suspended, 'closed or closing, and left alone'),
];

const faultLines = ({ faults }: ImportFacts): readonly string[] =>
  faults
    .slice(0, mostNames)
    .map(({ file, line, rule, message }) => `- ${codeSpan(`${file}:${line}`)} ${rule}: ${markdownText(message)}`);

const moreFaults = ({ faults }: ImportFacts): readonly string[] =>
  faults.length > mostNames ? [`- and ${number(faults.length - mostNames)} more: \`validate\` names them all`] : [];

const administratorLine = ({ principal, accounts }: Administrators, all: number | undefined): string =>
  accounts.length === all
    ? `- ${codeSpan(principal)} in every account`
    : `- ${codeSpan(principal)} in ${counted(accounts.length, 'account')}: ${listed([...accounts].sort())}`;

const administratorLines = ({ administrators, counts }: ImportFacts): readonly string[] => {
  const all = counts.find(({ what }) => what === 'accounts')?.said;
  return administrators.map((one) => administratorLine(one, all));
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];

export const importReport = (facts: ImportFacts): string =>
  `${[
    '# What was imported',
    '',
    `Organization ${codeSpan(facts.organization)}, as AWS had it. This page is written by \`import\`; nothing reads it.`,
    '',
    ...countRows(facts),
    ...rulesLine(facts),
    '',
    ...leftOutLines(facts),
    ...section('What could not be read, and is not in the files', unreadLines(facts)),
    ...section('Who is administrator where', administratorLines(facts)),
    ...section('Worth a look', oddityLines(facts)),
    ...section('What the lint finds in the policies', [...faultLines(facts), ...moreFaults(facts)]),
    ...section('What the first apply does', facts.firstApply),
  ].join('\n')}\n`;

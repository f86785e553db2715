/** Every rule that a file can break: the one list, from which the documentation is made. */
import type { Place, Problem, Severity } from '../model/problem.ts';
import { printable } from './text.ts';

type FileRule = { readonly id: string; readonly severity: Severity; readonly explanation: string };

const rule = <const I extends string>(id: I, severity: Severity, explanation: string) =>
  ({ id, severity, explanation }) as const;

export const rules = [
  rule('symlink', 'error', 'A symbolic link could lead out of the repository; files and folders must be real.'),
  rule(
    'outside-folders',
    'error',
    'A policy file lies in the folder of the file that names it, or below: whoever approves one then approves the other.',
  ),
  rule('unreadable-file', 'error', 'A file or folder could not be read.'),
  rule(
    'committed-build',
    'error',
    'dist/, node_modules/, .gatehouse/ and npm-shrinkwrap.json are made by tools and run or are read unseen; none is committed.',
  ),
  rule('file-too-large', 'error', 'A file is larger than 1 MB, or all files together are larger than 16 MB.'),
  rule('too-many-files', 'error', 'There are more than 10,000 files, or folders more than 16 deep.'),
  rule('not-utf8', 'error', 'A file is not valid UTF-8.'),
  rule('control-character', 'error', 'A control, bidirectional or invisible character hides what a reviewer reads.'),
  rule('too-deep', 'error', 'Values are nested more deeply than any real file needs.'),
  rule('yaml-syntax', 'error', 'The file is not valid YAML with one document.'),
  rule('json-syntax', 'error', 'A policy file is not valid JSON.'),
  rule(
    'yaml-anchor',
    'error',
    'Anchors, aliases, tags and directives are not allowed: what is written is what counts.',
  ),
  rule('duplicate-key', 'error', 'A key stands twice in one map.'),
  rule(
    'unexpected-file',
    'error',
    'A file lies where no kind of file belongs, or its name has other letters than the one that belongs there.',
  ),
  rule(
    'missing-file',
    'error',
    'access/organization.yaml or access/settings.yaml is missing, or a named policy file is.',
  ),
  rule('unused-file', 'warning', 'No file names this policy file.'),
  rule('unknown-key', 'error', 'The key means nothing here.'),
  rule('missing-key', 'error', 'A key that must be there is missing.'),
  rule('wrong-type', 'error', 'The value is of the wrong type: text, list, map, number or true/false.'),
  rule('wrong-value', 'error', 'The value is not one of those allowed here.'),
  rule('conflicting-keys', 'error', 'Two keys that exclude each other stand together.'),
  rule('unquoted-account-id', 'error', 'An account id without quotes is a number and would lose its leading zeros.'),
  rule('ambiguous-number', 'error', 'A number is read otherwise than it is written; quote it.'),
  rule('bad-account-id', 'error', 'An account id is 12 digits.'),
  rule('bad-name', 'error', 'AWS does not allow this name.'),
  rule('mixed-scripts', 'warning', 'A name mixes scripts: a letter of it only looks like another one.'),
  rule(
    'alike-names',
    'warning',
    'Two names differ only in case or in how their accents are encoded: they read as one, and some systems take them for one.',
  ),
  rule(
    'alike-files',
    'error',
    'The paths of two files differ only in case or in how their accents are encoded: some file systems keep only one of them.',
  ),
  rule('reserved-name', 'error', 'The name or tag is reserved by AWS or by Gatehouse.'),
  rule('bad-date', 'error', 'A date is a real day written YYYY-MM-DD.'),
  rule('bad-duration', 'error', 'A session lasts 1 to 12 hours: 8h, 90m or PT8H.'),
  rule('from-after-until', 'error', 'An entry ends before it begins.'),
  rule('ended', 'note', 'The last valid day has passed: the entry grants nothing and can be deleted.'),
  rule('too-long', 'error', 'A text is longer or shorter than AWS allows.'),
  rule('policy-too-large', 'error', 'A policy is larger than AWS allows, counted as its service counts.'),
  rule('too-many', 'error', 'There are more (or fewer) entries than AWS allows.'),
  rule(
    'over-role-quota',
    'warning',
    'A permission set has more policies than IAM attaches to a role in an account whose quota was not raised.',
  ),
  rule('not-a-policy', 'error', 'The document is not a policy that AWS would take at this place.'),
  rule('declared-twice', 'error', 'The same thing is declared twice.'),
  rule('duplicate-account-id', 'error', 'Two accounts have the same id.'),
  rule('ou-too-deep', 'error', 'AWS allows five levels of OUs below Root.'),
  rule('unknown-account', 'error', 'The account is not in access/organization.yaml.'),
  rule('unknown-ou', 'error', 'The OU path is not in access/organization.yaml.'),
  rule('unknown-group', 'error', 'The group has no file in access/groups/.'),
  rule(
    'unknown-user',
    'warning',
    'No file in access/users/ and no group in access/groups/ names the user of an access test, who has nothing here.',
  ),
  rule('unknown-role', 'error', 'No file in access/roles/ gives that account a role of this name.'),
  rule(
    'role-not-entitled',
    'error',
    'The trust of a role that an entry gives does not let account access manager in, which would refuse the entitlement.',
  ),
  rule(
    'entitlement-without-tags',
    'warning',
    'The trust of a role that an entry gives does not allow sts:TagSession: where attributes become session tags, no session begins.',
  ),
  rule(
    'entitlement-from-anywhere',
    'warning',
    'The trust of a role that an entry gives lets account access manager in when it acts for other accounts than the management account.',
  ),
  rule('role-ends-first', 'error', 'An entry gives a role on a day on which the role is not declared.'),
  rule('role-elsewhere', 'error', 'The role of an access test is not in an account that the test is about.'),
  rule('unknown-permission-set', 'error', 'The permission set has no file in permission-sets/.'),
  rule('unknown-scp', 'error', 'The policy has no file in scps/.'),
  rule('unknown-managed-policy', 'error', 'AWS has no managed policy of this name in the shipped catalogue.'),
  rule(
    'unattachable-policy',
    'error',
    'A policy of /aws-service-role/ belongs to a service-linked role; AWS attaches it to no other.',
  ),
  rule('uncatalogued-policy', 'warning', 'The ARN of an AWS managed policy is not in the shipped catalogue.'),
  rule(
    'unassigned-trust',
    'error',
    'Nobody is given the trusted permission set in that account, so nobody could come.',
  ),
  rule('missing-target', 'error', 'Neither accounts nor ous say where.'),
  rule('empty-target', 'warning', 'The target matches no account.'),
  rule('useless-except', 'warning', 'What is excepted was not in the target.'),
  rule('overlapping-assignments', 'note', 'Two entries give the same person the same access.'),
  rule('overlapping-dates', 'note', 'Two entries with different ends overlap: the later end wins.'),
  rule(
    'test-will-fail',
    'warning',
    'An access test holds today and will fail on a day within 400 days on which an entry ends or begins.',
  ),
  rule('members-on-external-group', 'error', 'The members of an external group come from the corporate directory.'),
  rule(
    'created-in-synced-directory',
    'error',
    'A user with `create: true` in a directory that a corporate one feeds: people are made where they come from.',
  ),
  rule(
    'other-spelling',
    'error',
    'A member is named otherwise, in upper or lower case, than the user who is created: nobody would wait for it.',
  ),
  rule('absent-group-in-use', 'error', 'A group with state absent still has members or assignments.'),
  rule('unknown-resource', 'error', 'The ARN is of no bucket, topic, key, secret, queue, function or repository.'),
  rule('policy-must-stay', 'error', 'A key of KMS cannot be without a policy.'),
  rule(
    'unknown-region',
    'warning',
    'The Region has the form of one, and the shipped list of AWS does not have it: a slip of the pen, unless AWS opened it since.',
  ),
  rule(
    'attribute-without-value',
    'warning',
    'The source of an attribute for access control is no attribute of a person: nobody gets the tag.',
  ),
  rule('unknown-guard', 'error', 'An exception in access/settings.yaml names a guard that does not exist.'),
  rule('absolute-guard', 'error', 'An exception in access/settings.yaml names a guard that no exception lifts.'),
  rule('missing-break-glass', 'error', 'The break-glass group and permission set must be declared.'),
  rule(
    'dated-way-in',
    'error',
    "Break-glass and the reconciler's own roles, with their policies, have neither `from` nor `until`.",
  ),
  rule('previously-taken', 'error', 'A former name is also a present name, or two things claim it.'),
  rule('no-policy-on-target', 'error', 'AWS demands at least one SCP on every root, OU and account.'),
  rule(
    'rollout-order',
    'error',
    'The stages of a rollout begin in their order, each in an OU that no stage before it reaches; the first has a day.',
  ),
  rule('unused-permission-set', 'note', 'No group or user is given this permission set.'),
  rule('unbound-policy', 'note', 'A policy of scps/ hangs nowhere.'),
  rule('too-many-problems', 'error', 'The rest of this file is not shown.'),
] as const satisfies readonly FileRule[];

export type RuleId = (typeof rules)[number]['id'];
const severities = new Map<string, Severity>(rules.map(({ id, severity }) => [id, severity]));

export type FileFinding = {
  readonly at: Place;
  readonly rule: RuleId;
  readonly message: string;
  readonly hint?: string | undefined;
  /** An id that stands where the name of its account belongs: the hint says the name, once the accounts are read. */
  readonly accountId?: string | undefined;
};
export type ReportFinding = (finding: FileFinding) => void;

const longestMessage = 500;

/** A finding as a problem, in one line that is safe to print. */
const problemOf = ({ at, rule: id, message, hint }: FileFinding): Problem => ({
  file: printable(at.file, 300),
  line: at.line,
  column: at.column ?? 1,
  rule: id,
  severity: severities.get(id) ?? 'error',
  message: printable(message, longestMessage),
  ...(hint === undefined ? {} : { hint: printable(hint, longestMessage) }),
});

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const compare = (a: Problem, b: Problem): number =>
  compareText(a.file, b.file) ||
  a.line - b.line ||
  a.column - b.column ||
  compareText(a.rule, b.rule) ||
  compareText(a.message, b.message);

const placeText = ({ file, line, column }: Problem): string => `${file}:${line}:${column}`;

/** Drops `ambiguous-number` where another rule reports the same place: its message is the better one. */
const withoutEchoes = (problems: readonly Problem[]): readonly Problem[] => {
  const judged = new Set(problems.filter(({ rule: id }) => id !== 'ambiguous-number').map(placeText));
  return problems.filter((problem) => problem.rule !== 'ambiguous-number' || !judged.has(placeText(problem)));
};

/** Sorted by place, each said once. */
export const sortProblems = (problems: readonly Problem[]): readonly Problem[] =>
  [...withoutEchoes(problems)].sort(compare).filter((problem, index, all) => {
    const before = all[index - 1];
    return before === undefined || compare(before, problem) !== 0;
  });

const mostPerFile = 100;

type FindingCollector = {
  readonly report: ReportFinding;
  /** `idHint`: what to write for the id of an account, where the accounts are known. */
  readonly problems: (idHint?: (id: string) => string | undefined) => readonly Problem[];
};

/** Collects findings; a file that is wrong all over is cut short, so that hostile input cannot flood the report. */
export const collector = (): FindingCollector => {
  const byFile = new Map<string, FileFinding[]>();
  const report = (finding: FileFinding): void => {
    const found = byFile.get(finding.at.file) ?? [];
    byFile.set(finding.at.file, found);
    if (found.length < mostPerFile) found.push(finding);
    else if (found.length === mostPerFile)
      found.push({ at: finding.at, rule: 'too-many-problems', message: 'too many problems; the rest is not shown' });
  };
  const problems: FindingCollector['problems'] = (idHint) => {
    const findings = [...byFile.values()].flat();
    const named = findings.map(({ accountId, hint, ...finding }) => ({
      ...finding,
      hint: (accountId === undefined ? undefined : idHint?.(accountId)) ?? hint,
    }));
    return sortProblems(named.map(problemOf));
  };
  return { report, problems };
};

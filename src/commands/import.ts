/** Live AWS as the files of a repository, of which the next plan holds nothing but adoptions. */
import { join, resolve as absolute } from 'node:path';
import { load } from '../desired/load.ts';
import type { Files } from '../desired/load.ts';
import { understand } from '../desired/understand.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import type { Administrators, ImportFacts } from '../model/import-report.ts';
import type { Live } from '../model/cloud.ts';
import { keyTaken, takenLines } from '../desired/names.ts';
import type { Desired, Settings } from '../model/desired.ts';
import { UserError } from '../model/problem.ts';
import { FULL_AWS_ACCESS, grantsOf, resourcesOf } from '../model/resource.ts';
import type { Key, State, Resource } from '../model/resource.ts';
import type { LeftOut } from '../model/written.ts';
import { withLabels } from '../import/labels.ts';
import { odditiesOf } from '../import/oddities.ts';
import { ownerOf } from '../import/owner.ts';
import { idleWords, isAskedFor, selected, selectionWords } from '../import/selection.ts';
import type { Selection } from '../import/selection.ts';
import type { Fold } from '../import/written.ts';
import { importReport } from '../render/import-report.ts';
import { terminal } from '../render/untrusted.ts';
import { counted } from '../render/words.ts';
import { withoutDoubtfulMembers } from '../import/adopt/editing.ts';
import { adoptedFiles } from '../import/adopt/files.ts';
import { forgiven } from '../import/silences.ts';
import { toldAdoption, writeChanges } from './adopt.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { importDraftOf } from '../import/draft.ts';
import type { ImportDraft } from '../import/draft.ts';
import { writeImport } from './run/import-files.ts';
import type { WrittenFiles, NewFile } from './run/import-files.ts';
import { readSource } from './run/import-source.ts';
import { importedTests } from '../import/tests.ts';

type ImportOptions = {
  readonly into: string;
  readonly only?: readonly string[];
  readonly owner?: string;
  readonly region?: string;
  readonly fold: boolean;
  readonly force: boolean;
  readonly withAssignments: boolean;
  readonly members: 'sure' | 'all';
  readonly adopt: 'complete' | 'none';
};

type ExistingRepository = { readonly files: Files; readonly desired: Desired };

/** A repository that is there already: accounts keep the names that people know. */
const existingIn = async (dir: string, now: string): Promise<ExistingRepository | undefined> => {
  const files = await load(dir).catch(() => undefined);
  if (files === undefined) return undefined;
  const { desired } = understand(files, { catalogue: loadCatalogue(), now });
  return desired === undefined ? undefined : { files, desired };
};

const selectionOf = ({ only = [], withAssignments }: ImportOptions): Selection => ({
  only,
  assignments: withAssignments ? 'with-assignments' : 'as-asked',
});

const foldOf = ({ fold }: ImportOptions): Fold => (fold ? 'fold' : 'no-fold');

const isPattern = (word: string): boolean => /[*?]/.test(word);

/** The words for kinds, also for several of one. */
const kindWords = selectionWords.map((name) => ({ name, also: [`${name}s`, name.replace(/y$/, 'ies')] }));

/** Words for kinds, keys in full or as much of one as only one thing has, and patterns of keys. Throws UserError. */
const wordsTaken = (context: CommandContext, state: State, typed: readonly string[]): readonly string[] => {
  const keys = Object.keys(state).map((name) => ({ name }));
  const words = `one of ${selectionWords.join(', ')}`;
  const choice = {
    known: [...kindWords, ...keys],
    what: `a key such as permission-set/NAME, nor ${words}`,
    all: 'keys',
  };
  const pairs = typed.map((word) => [word, isPattern(word) ? word : keyTaken(word, choice)] as const);
  for (const line of takenLines(pairs)) context.err(line);
  const only = pairs.map(([, word]) => word);
  const [idle] = idleWords(state, only.filter(isPattern));
  if (idle !== undefined) throw new UserError(`--only "${terminal(idle)}": AWS has no such thing`);
  return only;
};

const kinds = [
  ['accounts', 'account'],
  ['OUs', 'ou'],
  ['groups', 'group'],
  ['memberships of groups that are not synced', 'membership'],
  ['permission sets', 'permission-set'],
  ['assignments', 'assignment'],
  ['entitlements', 'entitlement'],
  ['SCPs', 'scp'],
  ['RCPs', 'rcp'],
  ['attachments', 'attachment'],
  ['roles', 'role'],
  ['customer policies', 'policy'],
  ['policies of resources', 'resource-policy'],
] as const;

/** Memberships of external groups are the corporate directory's, and FullAWSAccess is AWS's: neither counts. */
const counting = (state: State): State => {
  const external = new Set(
    resourcesOf(state, 'group')
      .filter(({ source }) => source === 'external')
      .map(({ name }) => name),
  );
  return Object.fromEntries(
    Object.entries(state).filter(
      ([, one]) =>
        !(one.kind === 'membership' && external.has(one.group)) &&
        !(one.kind === 'attachment' && one.policy.name === FULL_AWS_ACCESS),
    ),
  );
};

type ImportQuestion = {
  readonly live: Live;
  readonly wanted: ReadonlySet<Key>;
  readonly options: ImportOptions;
  readonly resourcePolicies: Settings['resourcePolicies'];
};

type DraftedImport = { readonly live: Live; readonly draft: ImportDraft; readonly notAsked: readonly LeftOut[] };

const countsOf = ({ live, draft, notAsked }: DraftedImport): ImportFacts['counts'] => {
  const all = counting(live.state);
  const some = counting(draft.desired.state);
  return kinds.map(([what, kind]) => {
    const among = (list: readonly LeftOut[]): number => list.filter(({ key }) => all[key]?.kind === kind).length;
    return {
      what,
      live: resourcesOf(all, kind).length,
      said: resourcesOf(some, kind).length,
      leftOut: among(draft.leftOut),
      notAsked: among(notAsked),
    };
  });
};

const countedKinds = new Set<string>(kinds.map(([, kind]) => kind));

/** What was read and is not wanted; IAM's own only by name, where its kind was asked for. */
const notAskedFor = ({ live, wanted, options: { only = [] } }: ImportQuestion): readonly LeftOut[] =>
  Object.entries(counting(live.state)).flatMap(([key, { kind }]) => {
    if (!countedKinds.has(kind) || wanted.has(key)) return [];
    const reason =
      only.length === 0 || only.includes(kind)
        ? 'it lies outside /gatehouse/ and has no owner, so it is asked for by its key: --only KEY'
        : 'it was not asked for';
    return [{ key, reason }];
  });

const rulesIn = ({ written: { groups, users } }: ImportDraft): number =>
  [...groups, ...users].reduce((sum, { assignments }) => sum + assignments.length, 0);

const isExternalMember = (state: State, key: string): boolean => {
  const resource = state[key];
  if (resource?.kind !== 'membership') return false;
  const group = resourcesOf(state, 'group').find(({ name }) => name === resource.group);
  return group?.source === 'external';
};

const factsOf = (found: DraftedImport, administrators: readonly Administrators[]): ImportFacts => {
  const { live, draft, notAsked } = found;
  const faults = draft.problems.filter(({ rule }) => !['unused-permission-set', 'unbound-policy'].includes(rule));
  return {
    organization: live.organization,
    counts: countsOf(found),
    notAsked,
    assignments: grantsOf(draft.desired.state).length,
    rules: rulesIn(draft),
    leftOut: draft.leftOut.filter(({ key }) => !isExternalMember(live.state, key)),
    administrators,
    oddities: odditiesOf(live.state, draft.written),
    suspended: live.suspended,
    doubtfulGroups: live.doubtfulGroups ?? [],
    unread: live.unread,
    faults,
    firstApply: [
      ...(draft.adoptions.length > 0
        ? [`- ${counted(draft.adoptions.length, 'thing')} get the tag of their owner.`]
        : []),
      ...draft.others.map(({ action, key }) => `- ${action} \`${terminal(key)}\``),
    ],
  };
};

const told = ({ written, unchanged, removed, beside }: WrittenFiles, dir: string): string =>
  [
    `${counted(written, 'file')} written to ${dir}`,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(removed.length > 0 ? [`${removed.length} of an earlier import removed`] : []),
    ...(beside.length > 0 ? [`${beside.length} that import did not write left beside them`] : []),
  ].join(', ');

const shown = 5;

/** A failed read must not look like an empty account. */
const unreadLine = ({ unread }: Live): readonly string[] => {
  if (unread.length === 0) return [];
  const names = unread.slice(0, shown).map(({ scope }) => terminal(scope));
  const more = unread.length > shown ? ` and ${unread.length - shown} more` : '';
  return [`Not read, and so not in the files: ${names.join(', ')}${more}; IMPORT.md says why.`];
};

const summary = (facts: ImportFacts, draft: ImportDraft): readonly string[] => [
  `${counted(facts.assignments, 'assignment')} in ${counted(facts.rules, 'entry', 'entries')}; ${draft.leftOut.length === 0 ? 'nothing left out' : `${counted(draft.leftOut.length, 'thing')} left out, listed in IMPORT.md`}.`,
  `validate: no error. plan: ${counted(draft.adoptions.length, 'adoption')}, ${counted(draft.others.length, 'other change')}. test: ${counted(draft.written.tests.length, 'test')}.`,
];

const filesOf = (draft: ImportDraft, facts: ImportFacts): readonly NewFile[] => [
  ...draft.files.map(({ path, text }) => ({ path, text })),
  { path: 'IMPORT.md', text: importReport(facts) },
];

const ownerIn = (resource: Resource | undefined): string | undefined =>
  resource !== undefined && 'owner' in resource ? resource.owner : undefined;

/** What another repository keeps is not imported into a second one: each would undo the other's changes. */
const requireOwn = ({ live, options: { only = [] } }: ImportQuestion, owner: string): void => {
  for (const key of only) {
    const other = ownerIn(live.state[key]);
    if (other !== undefined && other !== owner)
      throw new UserError(
        `${terminal(key)} belongs to ${terminal(other)}, not to ${terminal(owner)}: it is changed there`,
      );
  }
};

/** A part of an organization is taken under an owner that somebody names: the tags may name another repository's. */
const ownerFor = ({ live, options: { only = [], owner } }: ImportQuestion): string => {
  if (owner !== undefined) return owner;
  if (only.length === 0) return ownerOf(live);
  throw new UserError(
    '--only begins a repository beside others: say whose these things become with --owner NAME/REPOSITORY',
  );
};

/** What was asked for by key and the files do not say, each with the reason; all of it where nothing is said. */
const notSaid = ({ live, wanted, options: { only = [] } }: ImportQuestion, draft: ImportDraft): readonly LeftOut[] => {
  if (only.length === 0) return [];
  const { state } = draft.desired;
  const said = [...wanted].some((key) => isAskedFor(live.state[key]) && state[key] !== undefined);
  return draft.leftOut.filter(({ key }) => only.includes(key) || (!said && isAskedFor(live.state[key])));
};

/** Into a repository that is there already: what was asked for and is not declared is added, and nothing else is touched. */
const addTo = async (
  context: CommandContext,
  { files, desired }: ExistingRepository,
  asked: ImportQuestion,
): Promise<ExitCode> => {
  const { live, wanted, options } = asked;
  requireOwn(asked, desired.settings.owner);
  const isDeclared = (key: Key): boolean => desired.state[key] !== undefined || desired.absent.includes(key);
  const keys = [...wanted].filter((key) => isAskedFor(live.state[key]) && !isDeclared(key)).sort();
  const adopted = adoptedFiles({
    files,
    keys,
    live: options.members === 'all' ? live.state : withoutDoubtfulMembers(live, desired, keys),
    now: context.now,
    fold: foldOf(options),
  });
  for (const { scope, reason } of live.unread.slice(0, shown))
    context.err(`not read: ${terminal(scope)}: ${terminal(reason)}`);
  const changed = await forgiven(files, adopted.files, context.now);
  await writeChanges(options.into, changed);
  context.out(
    keys.length === 0
      ? 'Everything that was asked for is declared already.'
      : toldAdoption(files, { ...adopted, files: changed }),
  );
  return 0;
};

const writeWhole = async (context: CommandContext, region: string, asked: ImportQuestion): Promise<ExitCode> => {
  const { live, wanted, options } = asked;
  const owner = ownerFor(asked);
  requireOwn(asked, owner);
  const input = {
    live,
    owner,
    region,
    fold: foldOf(options),
    wanted: (key: Key) => wanted.has(key),
    members: options.members,
    adopt: options.adopt,
    now: context.now,
    ...(asked.resourcePolicies === undefined ? {} : { resourcePolicies: asked.resourcePolicies }),
  };
  let administrators: readonly Administrators[] = [];
  const draft = await importDraftOf(input, async ({ desired }) => {
    const found = await importedTests(desired, { live, now: context.now });
    administrators = found.administrators;
    return found.tests;
  });
  const facts = factsOf({ live, draft, notAsked: notAskedFor(asked) }, administrators);
  const rules = { dir: absolute(options.into), overwrite: options.force ? 'force' : 'refuse' } as const;
  const done = await writeImport(filesOf(draft, facts), rules);
  context.out([told(done, options.into), ...summary(facts, draft), ...unreadLine(live)].join('\n'));
  const missing = notSaid(asked, draft);
  for (const { key, reason } of missing) context.err(`not imported: ${terminal(key)}: ${reason}`);
  return missing.length === 0 ? 0 : 1;
};

/** Without the setting none is read, which must not look like an AWS that has none. */
const requireReading = ({ only = [], into }: ImportOptions, existing: ExistingRepository | undefined): void => {
  const word = only.find((one) => one.startsWith('resource-polic'));
  if (word === undefined || existing?.desired.settings.resourcePolicies !== undefined) return;
  throw new UserError(
    `--only ${terminal(word)}: import reads the policies of resources that \`resourcePolicies\` in access/settings.yaml names, and ${join(into, 'access/settings.yaml')} has no such key. Add it, or take over one: adopt resource-policy/ARN`,
  );
};

/** A whole repository, or as much of one as was asked for. */
export const importCommand = async (context: CommandContext, typed: ImportOptions): Promise<ExitCode> => {
  const existing = await existingIn(absolute(typed.into), context.now);
  requireReading(typed, existing);
  const source = await readSource(context, {
    labels: existing?.desired.accounts ?? {},
    settings: existing?.desired.settings ?? {},
    ...typed,
  });
  if (source === undefined) return 1;
  const live = withLabels(source.live);
  const options = { ...typed, ...(typed.only && { only: wordsTaken(context, live.state, typed.only) }) };
  const selection = selectionOf(options);
  const resourcePolicies = existing?.desired.settings.resourcePolicies;
  const asked: ImportQuestion = { live, wanted: selected(live.state, selection), options, resourcePolicies };
  if (existing !== undefined && selection.only.length > 0) return addTo(context, existing, asked);
  return writeWhole(context, source.region, asked);
};

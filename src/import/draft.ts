/**
 * From what AWS has to files that have no error and whose plan is nothing but adoptions. What breaks a rule of the files is
 * left out and said; what a file has to be forgiven is forgiven in the file; and the plan itself says when it is right.
 */
import type { Files } from '../desired/load.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import type { Live } from '../model/cloud.ts';
import type { Desired, Settings } from '../model/desired.ts';
import { changedFields } from '../kinds/equal.ts';
import { formOf } from '../kinds/fields.ts';
import type { Change } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { UserError } from '../model/problem.ts';
import { ACCESS_ATTRIBUTES, isControlKind, keyOf, kindOfKey, resourcesOf } from '../model/resource.ts';
import type { Key, State } from '../model/resource.ts';
import type { LeftOut, WrittenRepository, WrittenTest } from '../model/written.ts';
import { guessedBreakGlass } from './break-glass.ts';
import { controlTower, leftOutOf, sortedLeftOut } from './left-out.ts';
import { guessedMemberRole, isEntryRole, oidcProvidersOf } from './written-roles.ts';
import type { RoleTrusts } from './written-roles.ts';
import { withoutLeftOut, writtenOf } from './written.ts';
import type { Fold } from './written.ts';
import { scopeKey } from '../plan/diff/ownership.ts';
import { plan } from '../plan/plan.ts';
import { renderedFiles } from './write/repository.ts';
import type { RenderedFile } from './write/repository.ts';
import { waysInSaid } from './write/trust.ts';
import { canSilence, isError, judge, withSilences } from './silences.ts';

export type DraftInput = {
  readonly live: Live;
  readonly owner: string;
  readonly region: string;
  readonly fold: Fold;
  /** Whether a thing is asked for. */
  readonly wanted: (key: Key) => boolean;
  readonly now: string;
  /** Whether members are taken of groups that may be the corporate directory's. */
  readonly members: 'sure' | 'all';
  /** Whether what is removed from the files is to go in AWS, where the files say all of a set or policy. */
  readonly adopt: 'complete' | 'none';
  /** By which policies of resources were read: the new settings keep it. */
  readonly resourcePolicies?: NonNullable<Settings['resourcePolicies']>;
};

export type ImportDraft = {
  readonly files: readonly RenderedFile[];
  readonly written: WrittenRepository;
  readonly desired: Desired;
  readonly problems: readonly Problem[];
  readonly leftOut: readonly LeftOut[];
  readonly adoptions: readonly Change[];
  /** Changes that the files cannot avoid: roles of a set that AWS has not brought up to date. */
  readonly others: readonly Change[];
};

/** What earlier rounds have learned. */
type Lessons = {
  readonly refused: ReadonlyMap<Key, string>;
  readonly inline: ReadonlySet<Key>;
  readonly ignore: readonly string[];
  readonly guess: 'guess' | 'no-guess';
  readonly memberRole: 'guess' | 'no-guess';
  readonly oidcProviders?: 'require';
};

const none: Lessons = {
  refused: new Map(),
  inline: new Set(),
  ignore: controlTower,
  guess: 'guess',
  memberRole: 'guess',
};

const filesOf = (rendered: readonly RenderedFile[]): Files => ({
  root: '',
  files: rendered.map(({ path, text }) => ({ path, text })),
  problems: [],
});

const isJson = (path: string): boolean => path.endsWith('.json');

const keysIn = (rendered: readonly RenderedFile[], path: string): readonly Key[] =>
  rendered.find((file) => file.path === path)?.keys ?? [];

/** Files that say many things are wrong as a whole: then what they say is left out, kind by kind. */
const wholeFile = (state: State, path: string): readonly Key[] => {
  if (path !== 'scps/bindings.yaml') return [];
  return Object.keys(state).filter((key) => kindOfKey(key) === 'attachment' || isControlKind(kindOfKey(key)));
};

const refusals = (
  problems: readonly Problem[],
  { rendered, state }: { readonly rendered: readonly RenderedFile[]; readonly state: State },
): ReadonlyMap<Key, string> => {
  const pairs = problems.flatMap(({ file, rule, message }) => {
    const keys = [...keysIn(rendered, file), ...wholeFile(state, file)];
    return keys.map((key) => [key, `a file could not say it: ${rule} ${message}`] as const);
  });
  return new Map(pairs);
};

const learned = (lessons: Lessons, more: Partial<Lessons>): Lessons => ({ ...lessons, ...more });

type Round = { readonly lessons: Lessons; readonly draft?: ImportDraft };

const merged = (one: ReadonlyMap<Key, string>, other: ReadonlyMap<Key, string>) => new Map([...one, ...other]);

/** What the errors teach; nothing when there is none. */
const fromProblems = (
  problems: readonly Problem[],
  { lessons, rendered, state }: { lessons: Lessons; rendered: readonly RenderedFile[]; state: State },
): Lessons | undefined => {
  const errors = problems.filter(isError);
  if (errors.length === 0) return undefined;
  const inJson = errors.filter((problem) => canSilence(problem) && isJson(problem.file));
  if (inJson.length > 0) {
    const keys = inJson.flatMap(({ file }) => keysIn(rendered, file));
    return learned(lessons, { inline: new Set([...lessons.inline, ...keys]) });
  }
  const shutsOut = errors.find(({ rule }) => rule === 'shuts-out-break-glass');
  if (shutsOut !== undefined && lessons.guess === 'guess') return learned(lessons, { guess: 'no-guess' });
  if (errors.some(({ rule }) => rule === 'shuts-out-reconciler') && lessons.memberRole === 'guess')
    return learned(lessons, { memberRole: 'no-guess' });
  const refused = merged(lessons.refused, refusals(errors, { rendered, state }));
  if (refused.size > lessons.refused.size) return learned(lessons, { refused });
  const [{ file, line, message }] = errors as [Problem];
  throw new UserError(`what AWS has cannot be written as files: ${file}:${line} ${message}`);
};

/** Ownership alone: of a set or policy, or of an OU. */
const isAdoption = (change: Change): boolean =>
  change.action === 'update' &&
  changedFields(change.before, change.after).every((field) => formOf(change.kind, field) === 'ownership');

/** `*` and what nobody sees, which no file may contain, stand as `?`: it matches any one character. */
const globFor = (key: Key): string =>
  key.replace(/[*\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (text) => '?'.repeat(text.length));

/** A deletion of what no file can say: it stays, by name. */
const fromPlan = (changes: readonly Change[], lessons: Lessons, state: State): Lessons | undefined => {
  const lost = changes.filter(({ action }) => action === 'delete').map(({ key }) => globFor(key));
  const fresh = lost.filter((glob) => !lessons.ignore.includes(glob));
  if (fresh.length > 0) return learned(lessons, { ignore: [...lessons.ignore, ...new Set(fresh.sort())] });
  const makesProviders = changes.some(({ action, kind }) => action === 'create' && kind === 'oidc-provider');
  if (makesProviders && lessons.oidcProviders === undefined) return learned(lessons, { oidcProviders: 'require' });
  const [attached] = changes.filter(({ action, kind }) => action === 'create' && kind === 'attachment');
  if (attached === undefined) return undefined;
  const where = attached.key.slice(attached.key.indexOf('@') + 1);
  const reason = `with any SCP declared FullAWSAccess would hang on ${where}: it does not, and what hangs there is left out`;
  const rails = Object.keys(state).filter((key) => /^(scp|attachment\/scp:)/.test(key) && !lessons.refused.has(key));
  if (rails.length === 0) return undefined;
  return learned(lessons, { refused: merged(lessons.refused, new Map(rails.map((key) => [key, reason]))) });
};

/** How each role says who may assume it. */
const trustsIn = (state: State): RoleTrusts => {
  const accounts = resourcesOf(state, 'account');
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  const ids = new Map(accounts.map(({ id, name }) => [name, id]));
  const roles = resourcesOf(state, 'role').filter((role) => !isEntryRole(role));
  return new Map(
    roles.map((role) => [keyOf(role), waysInSaid(role.trust, { accountId: ids.get(role.account) ?? '', names })]),
  );
};

const doubtfulNames = ({ doubtfulGroups = [] }: Live): ReadonlySet<string> =>
  new Set(doubtfulGroups.map(({ name }) => name));

const doubtfulMember =
  "its group may be the corporate directory's, which would lose control of it: AWS shows no external id on the group, and shows some on others. Import with --members all if people keep it here";

const doubtfulMembers = (state: State, doubtful: ReadonlySet<string>): ReadonlyMap<Key, string> =>
  new Map(
    resourcesOf(state, 'membership')
      .filter(({ group }) => doubtful.has(group))
      .map((one) => [keyOf(one), doubtfulMember]),
  );

/**
 * Sets, SCPs and RCPs of which the files say every assignment or attachment: only then does the next plan take nothing away,
 * and from then on a line that is removed revokes.
 */
const completeKeys = (state: State, said: State): readonly Key[] => {
  const partly = new Set(
    Object.entries(state).flatMap(([key, resource]) => (said[key] === undefined ? (scopeKey(resource) ?? []) : [])),
  );
  return Object.keys(said)
    .filter((key) => (kindOfKey(key) === 'permission-set' || isControlKind(kindOfKey(key))) && !partly.has(key))
    .sort();
};

const attributesIn = (said: State) => {
  const found = said[ACCESS_ATTRIBUTES];
  return found?.kind === 'access-attributes' ? { attributes: found.attributes } : {};
};

const writtenWith = (input: DraftInput, lessons: Lessons) => {
  const { state } = input.live;
  const notWanted = new Map(
    Object.keys(state)
      .filter((key) => !input.wanted(key))
      .map((key) => [key, 'it was not asked for']),
  );
  const trusts = trustsIn(state);
  const doubtful = input.members === 'all' ? new Set<string>() : doubtfulNames(input.live);
  const mayNot = merged(merged(doubtfulMembers(state, doubtful), notWanted), lessons.refused);
  const leftOut = leftOutOf({ state, owner: input.owner, refused: mayNot });
  const said = withoutLeftOut(state, leftOut);
  const breakGlass = lessons.guess === 'guess' ? guessedBreakGlass({ state: said, live: state }) : undefined;
  const memberRole = lessons.memberRole === 'guess' ? guessedMemberRole(state) : undefined;
  const settings = {
    organization: input.live.organization,
    region: input.region,
    owner: input.owner,
    ...(breakGlass === undefined ? {} : { breakGlass }),
    ...(memberRole === undefined ? {} : { memberRole }),
    oidcProviders: lessons.oidcProviders ?? oidcProvidersOf(state),
    ...attributesIn(said),
    ...(input.resourcePolicies === undefined ? {} : { resourcePolicies: input.resourcePolicies }),
    adopt: input.adopt === 'none' ? [] : completeKeys(state, said),
    ignore: lessons.ignore,
  };
  const { managementAccountId } = input.live;
  const written = writtenOf({ state: said, managementAccountId, settings, fold: input.fold, trusts, doubtful }, state);
  return { written, leftOut };
};

const managedPolicyName = (arn: string): string => {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return loadCatalogue().arnOf(name) === arn ? name : arn;
};

const rendered = (written: WrittenRepository, inline: ReadonlySet<Key>): readonly RenderedFile[] =>
  renderedFiles(written, { managedPolicy: managedPolicyName, inline });

const planned = (desired: Desired, { live, now }: DraftInput) => plan(desired, live, now);

const roundOf = async (input: DraftInput, lessons: Lessons, tests: readonly WrittenTest[]): Promise<Round> => {
  const { written: untested, leftOut } = writtenWith(input, lessons);
  const written = { ...untested, tests };
  const raw = rendered(written, lessons.inline);
  const files = withSilences(raw, (await judge(filesOf(raw), input.now)).problems);
  const { understanding, problems } = await judge(filesOf(files), input.now);
  const { state } = input.live;
  const wiser = fromProblems(problems, { lessons, rendered: files, state });
  if (wiser !== undefined) return { lessons: wiser };
  const { desired } = understanding;
  if (desired === undefined) throw new Error('files without an error ask for nothing');
  const { changes, guards } = planned(desired, input);
  const others = changes.filter((change) => !isAdoption(change));
  const again = fromPlan(others, lessons, state);
  if (again !== undefined) return { lessons: again };
  if (lessons.guess === 'guess' && guards.some(({ id, ok }) => !ok && id === 'break-glass'))
    return { lessons: learned(lessons, { guess: 'no-guess' }) };
  const asked = sortedLeftOut(leftOut).filter(({ key }) => input.wanted(key));
  return {
    lessons,
    draft: { files, written, desired, problems, leftOut: asked, adoptions: changes.filter(isAdoption), others },
  };
};

/** Each round leaves something out, so there is an end; this many never were needed. */
const mostRounds = 40;

/** `testsOf` is asked once the files hold. Throws UserError when what AWS has cannot be written at all. */
export const importDraftOf = async (
  input: DraftInput,
  testsOf: (draft: ImportDraft) => Promise<readonly WrittenTest[]>,
): Promise<ImportDraft> => {
  let lessons = none;
  let tests: readonly WrittenTest[] | undefined;
  for (let round = 0; round < mostRounds; round += 1) {
    const made = await roundOf(input, lessons, tests ?? []);
    lessons = made.lessons;
    if (made.draft === undefined) continue;
    if (tests !== undefined) return made.draft;
    tests = await testsOf(made.draft);
  }
  throw new Error(`the import did not settle within ${mostRounds} rounds`);
};

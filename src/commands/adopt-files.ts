/** The files, edited so that they say of some keys what AWS has, and of everything else what they said before. */
import { understand } from '../desired/understand.ts';
import type { Files } from '../desired/load.ts';
import { withAssignment, withEntry, withoutAssignment } from '../desired/edit/assignments.ts';
import { withAttachment, withoutAttachment } from '../desired/edit/bindings.ts';
import { withGroup, withMember, withoutGroup, withoutMember } from '../desired/edit/groups.ts';
import { withNewGroup, withNewPolicy, withUserFile, withoutEmptyUser } from '../desired/edit/new-files.ts';
import { withAccount, withOu, withoutAccount, withoutOu } from '../desired/edit/organization.ts';
import {
  withControlPolicy,
  withPermissionSet,
  withoutControlPolicy,
  withoutPermissionSet,
} from '../desired/edit/policies.ts';
import type { Naming } from '../desired/edit/policies.ts';
import { isRefused, refused, repoOf } from '../desired/edit/repo.ts';
import type { Edited, Repo } from '../desired/edit/repo.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import type { Desired } from '../model/desired.ts';
import { UserError } from '../model/problem.ts';
import type { Assignment, Attachment, Group, Key, Resource, State } from '../model/resource.ts';
import { groupKey, permissionSetKey, principalText, resourcesOf } from '../model/resource.ts';
import type { WrittenTarget } from '../model/written.ts';
import { closure, saysTheSame, sequence, strays } from '../plan/import/adoption.ts';
import { foldTree, folded, ouWord } from '../plan/import/fold.ts';
import type { Fold } from '../plan/import/written.ts';

export type AdoptInput = {
  readonly files: Files;
  readonly keys: readonly Key[];
  /** What AWS has, its accounts under the names of the files. */
  readonly live: State;
  /** ISO 8601. */
  readonly now: string;
  /** Whether many new assignments of one set become rules over OUs. */
  readonly fold: Fold;
};
/** `text` is undefined for a file that goes. */
export type AdoptedFile = { readonly path: string; readonly text: string | undefined };
export type Adopted = { readonly files: readonly AdoptedFile[]; readonly keys: readonly Key[] };

type Editing = {
  readonly desired: Desired;
  readonly live: State;
  readonly naming: Naming;
  readonly today: string;
};

const managedPolicyName = (arn: string): string => {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return loadCatalogue().arnOf(name) === arn ? name : arn;
};

const namingOf = (desired: Desired, live: State): Naming => ({
  accounts: new Map([
    ...resourcesOf(live, 'account').map(({ id, name }) => [id, name] as const),
    ...Object.entries(desired.accounts),
  ]),
  managedPolicy: managedPolicyName,
  arnOf: (written) => loadCatalogue().arnOf(written) ?? written,
});

const placeOf = ({ target }: Attachment): string => {
  if (target.type === 'account') return target.name;
  return target.type === 'root' ? 'Root' : ouWord(target.path);
};

const newGroup = (repo: Repo, group: Group, live: State): Edited => {
  const members = resourcesOf(live, 'membership').filter((one) => one.group === group.name);
  const people = members.map(({ user }) => user).sort();
  return withNewGroup(repo, { group, ...(group.source === 'external' ? {} : { members: people }), assignments: [] });
};

const added = (repo: Repo, after: Resource, { live, naming, today }: Editing): Edited => {
  switch (after.kind) {
    case 'ou':
      return withOu(repo, after);
    case 'account':
      return withAccount(repo, after);
    case 'group':
      return newGroup(repo, after, live);
    case 'membership':
      return withMember(repo, { ...after, today });
    case 'permission-set':
    case 'scp':
    case 'rcp':
      return withNewPolicy(repo, after, naming);
    case 'assignment': {
      const opened = withUserFile(repo, after.principal);
      return isRefused(opened) ? opened : withAssignment(opened, { ...after, today });
    }
    case 'attachment':
      return withAttachment(repo, { attachment: after, place: placeOf(after) });
    case 'policy-type':
      return refused('a type is enabled by an SCP or RCP that is declared');
    default:
      return refused('no edit can say it yet');
  }
};

const changed = (repo: Repo, [before, after]: readonly [Resource, Resource], { naming }: Editing): Edited => {
  if (before.kind === 'account' && after.kind === 'account') return withAccount(repo, after);
  if (before.kind === 'group' && after.kind === 'group') return withGroup(repo, after);
  if (before.kind === 'permission-set' && after.kind === 'permission-set')
    return withPermissionSet(repo, { before, live: after, naming });
  if ((before.kind === 'scp' || before.kind === 'rcp') && (after.kind === 'scp' || after.kind === 'rcp'))
    return withControlPolicy(repo, { before, live: after, naming });
  return refused('no edit can say what differs');
};

const taken = (repo: Repo, before: Resource, today: string): Edited => {
  switch (before.kind) {
    case 'ou':
      return withoutOu(repo, before);
    case 'account':
      return withoutAccount(repo, before);
    case 'group':
      return withoutGroup(repo, before.name);
    case 'membership':
      return withoutMember(repo, { ...before, today });
    case 'permission-set':
      return withoutPermissionSet(repo, before.name);
    case 'scp':
    case 'rcp':
      return withoutControlPolicy(repo, before);
    case 'assignment': {
      const without = withoutAssignment(repo, { ...before, today });
      return isRefused(without) ? without : withoutEmptyUser(without, before.principal);
    }
    case 'attachment':
      return withoutAttachment(repo, { attachment: before, place: placeOf(before) });
    case 'policy-type':
      return refused('it is wanted for as long as an SCP or RCP is declared');
    default:
      return refused('no edit can say it yet');
  }
};

/** A membership of a group whose members are nobody's business of ours is not the plan's either. */
const isNoted = (resource: Resource, edited: Editing, keys: ReadonlySet<Key>): boolean =>
  resource.kind === 'membership' &&
  keys.has(groupKey(resource.group)) &&
  edited.desired.state[groupKey(resource.group)] === undefined;

type Difference = { readonly before: Resource | undefined; readonly after: Resource | undefined };

const edited = (repo: Repo, { before, after }: Difference, editing: Editing): Edited => {
  if (before === undefined) return after === undefined ? repo : added(repo, after, editing);
  if (after === undefined) return taken(repo, before, editing.today);
  return saysTheSame(before, after)
    ? refused('Git and AWS say the same of it')
    : changed(repo, [before, after], editing);
};

const orThrow = (made: Edited, key: Key): Repo => {
  if (isRefused(made)) throw new UserError(`${key} cannot be adopted: ${made.refused}`);
  return made;
};

const checkKeys = ({ keys, live }: AdoptInput, said: State): void => {
  for (const key of keys) {
    const after = live[key];
    if (after === undefined && said[key] === undefined)
      throw new UserError(`${key} is neither in AWS nor in the files: is it spelled as plan spells it?`);
    if (after?.kind === 'assignment' && after.principal.orphan)
      throw new UserError(`${key} cannot be adopted: its group or user is deleted, so no file can name it`);
  }
};

/** What carries another owner's tag would be declared and held: its owner has to let go of it first. */
const checkOwners = (keys: readonly Key[], { desired, live }: Editing): void => {
  for (const key of keys) {
    const { owner } = (live[key] ?? {}) as { readonly owner?: string };
    if (owner !== undefined && owner !== desired.settings.owner)
      throw new UserError(`${key} cannot be adopted: it is tagged for another owner, ${owner}`);
  }
};

/** New assignments of one set to one principal, as one entry. */
const entryKey = ({ principal, permissionSet }: Assignment): string =>
  JSON.stringify([principalText(principal), permissionSet]);

const isNewPair = (one: Assignment, said: State): boolean =>
  said[permissionSetKey(one.permissionSet)] === undefined ||
  !resourcesOf(said, 'assignment').some((other) => entryKey(other) === entryKey(one));

const treeOf = ({ state, managementAccount }: Desired) =>
  foldTree({
    accounts: resourcesOf(state, 'account').filter(({ name }) => name !== managementAccount),
    management: managementAccount,
    ous: resourcesOf(state, 'ou').map(({ path }) => path),
  });

const pairsIn = (keys: readonly Key[], { desired, live }: Editing): readonly (readonly Assignment[])[] => {
  const pairs = new Map<string, Assignment[]>();
  for (const key of keys) {
    const one = live[key];
    if (one?.kind !== 'assignment' || desired.state[key] !== undefined || !isNewPair(one, desired.state)) continue;
    pairs.set(entryKey(one), [...(pairs.get(entryKey(one)) ?? []), one]);
  }
  return [...pairs.values()];
};

/** Whole entries for what is given for the first time; each that is refused is left to the edit of one key. */
const withEntries = (repo: Repo, keys: readonly Key[], from: { input: AdoptInput; editing: Editing }): Repo => {
  const { editing } = from;
  const tree = treeOf(understood(repo, from.input));
  return pairsIn(keys, editing).reduce((next, same) => {
    const [first] = same as [Assignment];
    const target: WrittenTarget = folded(
      same.map(({ account }) => account),
      tree,
    );
    const opened = withUserFile(next, first.principal);
    const made = isRefused(opened) ? opened : withEntry(opened, { ...first, target });
    return isRefused(made) ? next : made;
  }, repo);
};

const understood = (repo: Repo, { files, now }: AdoptInput): Desired => {
  const texts = [...repo.entries].map(([path, { text }]) => ({ path, text }));
  const { desired, problems } = understand({ ...files, files: texts }, { catalogue: loadCatalogue(), now });
  const error = problems.find(({ severity }) => severity === 'error');
  if (desired !== undefined && error === undefined) return desired;
  throw new UserError(
    `cannot be adopted: the files would be wrong then: ${error?.file ?? ''}:${error?.line ?? 0} ${error?.message ?? ''}`,
  );
};

/** Assignments that an edit of the tree has changed are put back by exceptions and names. */
const restored = (repo: Repo, keys: readonly Key[], editing: Editing): Repo =>
  keys.reduce((next, key) => {
    const should = editing.desired.state[key];
    const [, type, name] = /^assignment\/(group|user):/.exec(key) ?? [];
    if (type === undefined || name === undefined) return next;
    return should?.kind === 'assignment'
      ? orThrow(withAssignment(next, { ...should, today: editing.today }), key)
      : next;
  }, repo);

/** Each round puts back what the one before has moved; edits of single accounts move nothing else. */
const mostRounds = 4;

const settled = (repo: Repo, keys: ReadonlySet<Key>, from: { input: AdoptInput; editing: Editing }): Repo => {
  const { input, editing } = from;
  const sides = { said: editing.desired.state, live: input.live };
  let next = repo;
  for (let round = 0; round < mostRounds; round += 1) {
    const now = understood(next, input);
    const wrong = strays(now.state, keys, sides);
    if (wrong.length === 0) return next;
    const gained = wrong.flatMap((key) => {
      const one = now.state[key];
      return one?.kind === 'assignment' && !keys.has(key) && sides.said[key] === undefined ? [[key, one] as const] : [];
    });
    const without = gained.reduce(
      (repository, [key, one]) => orThrow(withoutAssignment(repository, { ...one, today: editing.today }), key),
      next,
    );
    const back = restored(
      without,
      wrong.filter((key) => !keys.has(key)),
      editing,
    );
    if (back === next)
      throw new UserError(`cannot be adopted alone: ${wrong.slice(0, 3).join(', ')} would change as well`);
    next = back;
  }
  throw new UserError('cannot be adopted alone: the edits move other things each time');
};

const changes = (before: Files, after: Repo): readonly AdoptedFile[] => {
  const old = new Map(before.files.map(({ path, text }) => [path, text]));
  const paths = [...new Set([...old.keys(), ...after.entries.keys()])].sort();
  return paths.flatMap((path) => {
    const text = after.entries.get(path)?.text;
    return text === old.get(path) ? [] : [{ path, text }];
  });
};

/**
 * The files that change when the keys are adopted, with everything that these cannot do without. Throws UserError for a key
 * that no file can say, and when something else would change with it. The files must be without errors.
 */
export const adoptedFiles = (input: AdoptInput): Adopted => {
  const { files, live } = input;
  const repo = repoOf(files.files);
  const desired = understood(repo, input);
  checkKeys(input, desired.state);
  const sides = { said: desired.state, live };
  const keys = closure(input.keys, sides);
  const wanted = new Set(keys);
  const editing: Editing = { desired, live, naming: namingOf(desired, live), today: input.now.slice(0, 10) };
  checkOwners(keys, editing);
  const steps = sequence(keys, sides);
  const isEntry = (key: Key): boolean => (live[key] ?? desired.state[key])?.kind === 'assignment';
  const apply = (from: Repo, key: Key): Repo => {
    const difference = { before: desired.state[key], after: live[key] };
    const resource = difference.after ?? difference.before;
    if (resource === undefined || isNoted(resource, editing, wanted)) return from;
    if (!input.keys.includes(key) && saysTheSame(difference.before, difference.after)) return from;
    return orThrow(edited(from, difference, editing), key);
  };
  const ground = steps.filter((key) => !isEntry(key) && live[key] !== undefined).reduce(apply, repo);
  const entered = input.fold === 'fold' ? withEntries(ground, steps, { input, editing }) : ground;
  const done = steps.filter((key) => isEntry(key) || live[key] === undefined).reduce(apply, entered);
  return { files: changes(files, settled(done, wanted, { input, editing })), keys: [...keys].sort() };
};

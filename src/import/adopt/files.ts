/** The files, edited so that they say of some keys what AWS has, and of everything else what they said before. */
import type { Files } from '../../desired/load.ts';
import { writtenGivenOf, withAssignment, withEntry, withoutAssignment } from '../edit/assignments.ts';
import { withAttachment, withoutAttachment } from '../edit/bindings.ts';
import { withGroup, withMember, withoutGroup, withoutMember } from '../edit/groups.ts';
import { withNewGroup, withNewPolicy, withUserFile, withoutEmptyUser } from '../edit/new-files.ts';
import { withAccount, withOu, withoutAccount, withoutOu } from '../edit/organization.ts';
import { withControlPolicy, withPermissionSet, withoutControlPolicy, withoutPermissionSet } from '../edit/policies.ts';
import { isRefused, refusedEdit, repoOf } from '../edit/repo.ts';
import { withNewResourcePolicy, withResourcePolicy, withoutResourcePolicy } from '../edit/resources.ts';
import { withAttributes } from '../edit/settings.ts';
import type { Edited, Repo } from '../edit/repo.ts';
import { UserError } from '../../model/problem.ts';
import { keyText } from '../../model/resource.ts';
import type { Attachment, Grant, Group, Key, Resource, State } from '../../model/resource.ts';
import {
  grantsOf,
  groupKey,
  isControlPolicy,
  isGrant,
  isOfIam,
  permissionSetKey,
  principalText,
  resourcesOf,
} from '../../model/resource.ts';
import type { WrittenTarget } from '../../model/written.ts';
import { closure, saysTheSame, sequence, strays } from '../adoption.ts';
import { foldedTarget, ouWord, treeOf } from '../fold.ts';
import { rekey } from '../../plan/situation/rekey.ts';
import { underNamesOf } from '../../plan/situation/renames.ts';
import { policyNamingOf, orThrow, understood } from './editing.ts';
import type { AdoptInput, EditContext, Editor } from './editing.ts';
import { putBack, withInAccount } from './in-account.ts';
import { renamed, renamesIn, underNames } from './renames.ts';
import { RefusedAdoption } from './refused-adoption.ts';
import { dayOf } from '../../model/days.ts';
import { endsInCrlf } from '../../model/lines.ts';

/** `text` is undefined for a file that goes. */
export type AdoptedFile = { readonly path: string; readonly text: string | undefined };
export type Adopted = { readonly files: readonly AdoptedFile[]; readonly keys: readonly Key[] };

const placeOf = ({ target }: Attachment): string => {
  if (target.type === 'account') return target.name;
  return target.type === 'root' ? 'Root' : ouWord(target.path);
};

const newGroup = (repo: Repo, group: Group, live: State): Edited => {
  const members = resourcesOf(live, 'membership').filter((one) => one.group === group.name);
  const people = members.map(({ user }) => user).sort();
  const isManaged = group.source !== 'external' && people.length > 0;
  return withNewGroup(repo, { group, ...(isManaged ? { members: people } : {}), assignments: [] });
};

/** Roles and customer policies are edited together, and providers follow from roles: the end judges them. */
const added = (repo: Repo, after: Resource, { live, naming, today }: EditContext): Edited => {
  if (isControlPolicy(after)) return withNewPolicy(repo, after, naming);
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
      return withNewPolicy(repo, after, naming);
    case 'assignment':
    case 'entitlement': {
      const opened = withUserFile(repo, after.principal);
      return isRefused(opened) ? opened : withAssignment(opened, { ...after, given: writtenGivenOf(after), today });
    }
    case 'attachment':
      return withAttachment(repo, { attachment: after, place: placeOf(after) });
    case 'user':
      return refusedEdit('a user is made where it is missing, and otherwise left to the directory');
    case 'resource-policy':
      return withNewResourcePolicy(repo, after, naming);
    case 'policy-type':
      return refusedEdit('a type is enabled by an SCP or RCP that is declared');
    case 'access-attributes':
      return withAttributes(repo, after.attributes);
    case 'role':
    case 'policy':
    case 'oidc-provider':
      return repo;
  }
};

const changed = (repo: Repo, [before, after]: readonly [Resource, Resource], { naming }: EditContext): Edited => {
  if (before.kind === 'account' && after.kind === 'account') return withAccount(repo, after);
  if (before.kind === 'group' && after.kind === 'group') return withGroup(repo, after);
  if (before.kind === 'permission-set' && after.kind === 'permission-set')
    return withPermissionSet(repo, { before, live: after, naming });
  if (isControlPolicy(before) && isControlPolicy(after))
    return withControlPolicy(repo, { before, live: after, naming });
  if (before.kind === 'resource-policy' && after.kind === 'resource-policy')
    return withResourcePolicy(repo, { before, live: after, naming });
  if (after.kind === 'access-attributes') return withAttributes(repo, after.attributes);
  return isOfIam(after) ? repo : refusedEdit('no edit can say what differs');
};

const taken = (repo: Repo, before: Resource, today: string): Edited => {
  if (isControlPolicy(before)) return withoutControlPolicy(repo, before);
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
    case 'assignment':
    case 'entitlement': {
      const without = withoutAssignment(repo, { ...before, given: writtenGivenOf(before), today });
      return isRefused(without) ? without : withoutEmptyUser(without, before.principal);
    }
    case 'attachment':
      return withoutAttachment(repo, { attachment: before, place: placeOf(before) });
    case 'user':
      return refusedEdit('a user is made where it is missing, and otherwise left to the directory');
    case 'resource-policy':
      return withoutResourcePolicy(repo, before);
    case 'policy-type':
      return refusedEdit('it is wanted for as long as an SCP or RCP is declared');
    case 'access-attributes':
      return withAttributes(repo, undefined);
    case 'role':
    case 'policy':
    case 'oidc-provider':
      return repo;
  }
};

/** The plan leaves out memberships of groups whose members are not managed, and so does an adoption. */
const isNoted = (resource: Resource, edited: EditContext, keys: ReadonlySet<Key>): boolean =>
  resource.kind === 'membership' &&
  keys.has(groupKey(resource.group)) &&
  edited.desired.state[groupKey(resource.group)] === undefined;

type ResourceDifference = { readonly before: Resource | undefined; readonly after: Resource | undefined };

const sameness = (before: Resource, after: Resource): string =>
  before.kind === 'policy' && after.kind === 'policy' && before.description !== after.description
    ? 'only its description differs, which IAM fixes when a policy is made, so no plan asks for another'
    : 'Git and AWS say the same of it';

const edited = (repo: Repo, { before, after }: ResourceDifference, editing: EditContext): Edited => {
  if (before === undefined) return after === undefined ? repo : added(repo, after, editing);
  if (after === undefined) return taken(repo, before, editing.today);
  return saysTheSame(before, after) ? refusedEdit(sameness(before, after)) : changed(repo, [before, after], editing);
};

const checkKeys = ({ keys, live }: AdoptInput, said: State): void => {
  for (const key of keys) {
    const after = live[key];
    if (after === undefined && said[key] === undefined)
      throw new UserError(`${keyText(key)} is neither in AWS nor in the files: is it spelled as plan spells it?`);
    if (isGrant(after) && after.principal.orphan)
      throw new RefusedAdoption('its group or user is deleted, so no file can name it', key);
  }
};

/** What carries another owner's tag would be declared and held: its owner has to let go of it first. */
const checkOwners = (keys: readonly Key[], { desired, live }: EditContext): void => {
  for (const key of keys) {
    const { owner } = (live[key] ?? {}) as { readonly owner?: string };
    if (owner !== undefined && owner !== desired.settings.owner)
      throw new RefusedAdoption(`it is tagged for another owner, ${owner}`, key);
  }
};

/** New grants of one set or role to one principal, as one entry. */
const entryKey = (grant: Grant): string => JSON.stringify([principalText(grant.principal), writtenGivenOf(grant)]);

const isNewPair = (one: Grant, said: State): boolean =>
  (one.kind === 'assignment' && said[permissionSetKey(one.permissionSet)] === undefined) ||
  !grantsOf(said).some((other) => entryKey(other) === entryKey(one));

const pairsIn = (keys: readonly Key[], { desired, live }: EditContext): readonly (readonly Grant[])[] => {
  const pairs = new Map<string, Grant[]>();
  for (const key of keys) {
    const one = live[key];
    if (!isGrant(one) || desired.state[key] !== undefined || !isNewPair(one, desired.state)) continue;
    pairs.set(entryKey(one), [...(pairs.get(entryKey(one)) ?? []), one]);
  }
  return [...pairs.values()];
};

/** Whole entries for what is given for the first time; each that is refused is left to the edit of one key. */
const withEntries = (repo: Repo, keys: readonly Key[], from: Editor): Repo => {
  const { editing } = from;
  const tree = treeOf(understood(repo, from.input));
  return pairsIn(keys, editing).reduce((next, same) => {
    const [first] = same as [Grant];
    const target: WrittenTarget = foldedTarget(
      same.map(({ account }) => account),
      tree,
    );
    const opened = withUserFile(next, first.principal);
    const made = isRefused(opened)
      ? opened
      : withEntry(opened, { principal: first.principal, given: writtenGivenOf(first), target });
    return isRefused(made) ? next : made;
  }, repo);
};

const putBackAssignment = (repo: Repo, key: Key, { editing }: Editor): Repo => {
  const should = editing.desired.state[key];
  return isGrant(should)
    ? orThrow(withAssignment(repo, { ...should, given: writtenGivenOf(should), today: editing.today }), key)
    : repo;
};

/** Assignments, roles and policies that an edit of the tree has changed are put back by exceptions and names. */
const restored = (repo: Repo, keys: readonly Key[], from: Editor): Repo =>
  keys.reduce(
    (next, key) => (isIam(key) ? (putBack(next, key, from) ?? next) : putBackAssignment(next, key, from)),
    repo,
  );
const isIam = (key: Key): boolean => /^(role|policy)\//.test(key);

/** Each round puts back what the one before has moved; edits of single accounts move nothing else. */
const mostRounds = 4;

const provider =
  'a provider is declared where a role trusts GitHub, with the audience sts.amazonaws.com: adopt those roles';

const refuseStrays = (wrong: readonly Key[], keys: ReadonlySet<Key>): never => {
  const left = wrong.find((key) => keys.has(key));
  if (left?.startsWith('oidc-provider/')) throw new RefusedAdoption(provider, left);
  if (left !== undefined) throw new RefusedAdoption('no edit makes the files say what AWS has', left);
  throw new UserError(`cannot be adopted alone: ${wrong.slice(0, 3).join(', ')} would change as well`);
};

const settled = (repo: Repo, keys: ReadonlySet<Key>, from: Editor): Repo => {
  const { input, editing } = from;
  const sides = { said: editing.desired.state, live: input.live };
  let next = repo;
  for (let round = 0; round < mostRounds; round += 1) {
    const now = understood(next, input);
    const wrong = strays(now.state, keys, sides);
    if (wrong.length === 0) return next;
    const gained = wrong.flatMap((key) => {
      const one = now.state[key];
      return isGrant(one) && !keys.has(key) && sides.said[key] === undefined ? [[key, one] as const] : [];
    });
    const without = gained.reduce(
      (repository, [key, one]) =>
        orThrow(withoutAssignment(repository, { ...one, given: writtenGivenOf(one), today: editing.today }), key),
      next,
    );
    const others = wrong.filter((key) => !keys.has(key));
    const back = restored(without, others, from);
    if (back === next) return refuseStrays(wrong, keys);
    next = back;
  }
  throw new UserError('cannot be adopted alone: the edits move other things each time');
};

/** What is put in ends its lines as the file does; one that ends them in both ways stays as mixed as it is. */
const withLineEndsOf = (before: string | undefined, text: string | undefined): string | undefined =>
  text === undefined || before === undefined || !endsInCrlf(before) ? text : text.replace(/(?<!\r)\n/g, '\r\n');

export const editedFiles = (before: Files, after: Repo): readonly AdoptedFile[] => {
  const old = new Map(before.files.map(({ path, text }) => [path, text]));
  const paths = [...new Set([...old.keys(), ...after.entries.keys()])].sort();
  return paths.flatMap((path) => {
    const text = withLineEndsOf(old.get(path), after.entries.get(path)?.text);
    return text === old.get(path) ? [] : [{ path, text }];
  });
};

/** Edits under the names that Git has. */
const editedUnder = (repo: Repo, keys: readonly Key[], from: Editor): Repo => {
  const { input, editing } = from;
  const { live, desired } = editing;
  const wanted = new Set(keys);
  const steps = sequence(keys, { said: desired.state, live });
  const isEntry = (key: Key): boolean => isGrant(live[key] ?? desired.state[key]);
  const apply = (next: Repo, key: Key): Repo => {
    const difference = { before: desired.state[key], after: live[key] };
    const resource = difference.after ?? difference.before;
    if (resource === undefined || isNoted(resource, editing, wanted)) return next;
    if (!input.keys.includes(key) && saysTheSame(difference.before, difference.after)) return next;
    return orThrow(edited(next, difference, editing), key);
  };
  const ground = steps.filter((key) => !isEntry(key) && live[key] !== undefined).reduce(apply, repo);
  const inside = withInAccount(ground, keys, from);
  const entered = input.fold === 'fold' ? withEntries(inside, steps, from) : inside;
  const done = steps.filter((key) => isEntry(key) || live[key] === undefined).reduce(apply, entered);
  return settled(done, wanted, from);
};

/**
 * The files that change when the keys are adopted, with everything that these cannot do without. Throws UserError for a key
 * that no file can say, and when something else would change with it. The files must be without errors.
 */
export const adoptedFiles = (asked: AdoptInput): Adopted => {
  const { files } = asked;
  const repo = repoOf(files.files);
  const desired = understood(repo, asked);
  const live = underNamesOf(desired, asked.live).state;
  checkKeys({ ...asked, live }, desired.state);
  const keys = closure(asked.keys, { said: desired.state, live });
  const renames = renamesIn(keys, { said: desired.state, live });
  const isRenamed = new Set(renames.map(({ key }) => key));
  const named = underNames(live, renames);
  const stays = (key: Key): boolean => isRenamed.has(key) && saysTheSame(desired.state[key], named[key]);
  const input = { ...asked, live: named, keys: asked.keys.filter((key) => !stays(key)) };
  const today = dayOf(asked.now);
  const editing: EditContext = { desired, live: named, naming: policyNamingOf(desired, named), today };
  checkOwners(keys, editing);
  const done = editedUnder(repo, keys, { input, editing });
  const after = renamed(done, renames);
  if (renames.length > 0) {
    const state = rekey(understood(after, asked).state, desired.previously);
    const wrong = strays(state, new Set(keys), { said: desired.state, live });
    if (wrong.length > 0) refuseStrays(wrong, new Set(keys));
  }
  return { files: editedFiles(files, after), keys: [...keys].sort() };
};

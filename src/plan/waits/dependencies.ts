/** Which change waits for which. */
import { grouped, once } from '../../model/lists.ts';
import { phases } from '../../model/plan.ts';
import type { Account, Assignment, Grant, Key, Kind, PermissionSet, Resource, State } from '../../model/resource.ts';
import {
  accountKey,
  groupKey,
  isGrant,
  ouKey,
  pathToRoot,
  permissionSetKey,
  resourcesOf,
  userKey,
} from '../../model/resource.ts';
import { isOpen } from './allowances.ts';
import { isRename } from '../phases/draft.ts';
import type { Draft } from '../phases/draft.ts';
import type { PlanTrees } from '../phases/trees.ts';
import { grantFinderOf } from './granting.ts';
import type { GrantFinder } from './granting.ts';
import { grantsOfGroup, setsOfGroup } from './group-assignments.ts';
import { mentions, principalKey, targetKeys } from '../situation/mentions.ts';
import { isLooser } from '../../change/effect.ts';
import { effectIn, takesAway } from '../edit/edit-effect.ts';
import { editsOfHung, glassWaits, lateRails } from './survival-waits.ts';
import type { WaitPair } from './circles.ts';
import { waitsAmong } from './role-waits.ts';
import type { RoleWaits } from './role-waits.ts';
import { isFullAccess } from '../situation/situation.ts';
import { wouldMeet } from '../phases/together.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';
import type { Reaches } from '../situation/reached-accounts.ts';

/** `must`: correctness. `should`: make before break, given up (and said) where it would make a circle. */
export type WaitEdges = { readonly must: ReadonlySet<string>; readonly should: ReadonlySet<string> };

export type DependencyInput = {
  readonly drafts: readonly Draft[];
  readonly pairs: readonly WaitPair[];
  readonly trees: PlanTrees;
  readonly reaches: Reaches;
  /** The group of break-glass. */
  readonly glass: string | undefined;
};

type DraftFinder = (key: string) => readonly Draft[];
const finderBy = (drafts: readonly Draft[], keysOf: (draft: Draft) => readonly string[]): DraftFinder => {
  const index = new Map<string, Draft[]>();
  for (const draft of drafts) {
    for (const key of new Set(keysOf(draft))) {
      const list = index.get(key);
      if (list === undefined) index.set(key, [draft]);
      else list.push(draft);
    }
  }
  return (key) => index.get(key) ?? [];
};

const namedIn = ({ before, after }: Draft): readonly Key[] =>
  [before, after].flatMap((resource) => (resource === undefined ? [] : mentions(resource)));

/** An account below every OU of its path, so that a move waits for, and is waited for by, what hangs there. */
const placesOf = (account: Account): readonly Key[] => [
  ...pathToRoot(account.parent).map((path) => (path === '' ? 'root' : ouKey(path))),
  accountKey(account.name),
];

const targetPlace = (resource: Resource): Key =>
  resource.kind === 'attachment' ? (targetKeys(resource.target)[0] ?? 'root') : '';

type Finders = {
  readonly byKey: DraftFinder;
  readonly naming: DraftFinder;
  readonly restricting: DraftFinder;
  readonly moving: DraftFinder;
  readonly attachingAt: DraftFinder;
  readonly grants: GrantFinder;
  readonly members: () => ReadonlyMap<string, readonly string[]>;
  readonly waits: RoleWaits;
};

const membersOf = (state: State): ReadonlyMap<string, readonly string[]> => {
  const groups = grouped(resourcesOf(state, 'membership'), ({ group }) => group);
  return new Map([...groups].map(([group, all]) => [group, all.map(({ user }) => user)]));
};

/** The principal and, where it is a group, everybody in it. */
const holders = ({ principal }: Grant, members: ReadonlyMap<string, readonly string[]>): readonly Key[] => {
  const people = principal.type === 'group' ? (members.get(principal.name) ?? []) : [];
  return [principalKey(principal), ...people.map(userKey)];
};

/** One change at most is of each, and nothing waits for it by its key. */
const leaves: readonly Kind[] = ['assignment', 'entitlement', 'membership'];

const findersOf = ({ drafts, pairs, trees, reaches }: DependencyInput): Finders => {
  return {
    byKey: finderBy(
      drafts.filter(({ kind }) => !leaves.includes(kind)),
      ({ key }) => [key],
    ),
    naming: finderBy(drafts, ({ before }) => (before === undefined ? [] : mentions(before))),
    restricting: finderBy(
      drafts.filter(({ phase, kind }) => phase === 'restrict' && kind !== 'account'),
      ({ before, after }) => [before, after].flatMap((one) => (one === undefined ? [] : reaches.of(one))),
    ),
    moving: finderBy(drafts, ({ before }) => (before?.kind === 'account' ? placesOf(before) : [])),
    attachingAt: finderBy(
      drafts.filter(({ kind, action }) => kind === 'attachment' && action === 'create'),
      ({ after }) => (after === undefined ? [] : [targetPlace(after)]),
    ),
    grants: grantFinderOf(drafts, trees),
    members: once(() => membersOf(trees.final)),
    waits: waitsAmong(pairs, drafts),
  };
};

/** What has to be there, under its name, before anything can name it. */
const foundations = ({ byKey }: Finders, draft: Draft): readonly Draft[] => {
  const gives = draft.action === 'create' && (isGrant(draft.after) || draft.kind === 'membership');
  return namedIn(draft)
    .flatMap(byKey)
    .filter((one) => {
      if (one.action === 'create' || isRename(one)) return true;
      return gives && one.kind === 'permission-set' && one.action === 'update';
    });
};

/** A new member waits for the edits of the sets that the group holds: what they were was never meant for it. */
const editedFirst = ({ byKey }: Finders, { trees }: DependencyInput, draft: Draft): readonly Draft[] => {
  const { after, phase } = draft;
  if (after?.kind !== 'membership') return [];
  return setsOfGroup(trees.final, after.group)
    .flatMap((permissionSet) => byKey(permissionSetKey(permissionSet)))
    .filter((one) => one.action === 'update' && phases.indexOf(one.phase) <= phases.indexOf(phase));
};

/** A grant to a group that parts with members waits for that, and a new member for what the group parts with. */
const partingsFirst = ({ naming }: Finders, draft: Draft): readonly Draft[] => {
  if (draft.action !== 'create' || (!isGrant(draft.after) && draft.kind !== 'membership')) return [];
  const groups = namedIn(draft).filter((key) => key.startsWith('group/'));
  return groups.flatMap(naming).filter((other) => wouldMeet(draft, other));
};

/** A set's edit that may widen it waits until those who leave the set, or a group that has it, are out. */
const leaversFirst = (finders: Finders, { trees }: DependencyInput, draft: Draft): readonly Draft[] => {
  const { before, after, phase } = draft;
  if (before?.kind !== 'permission-set' || after?.kind !== 'permission-set' || phase !== 'revoke') return [];
  if (!isLooser(effectIn(trees, { before, after }))) return [];
  const groups = resourcesOf(trees.current, 'assignment').filter(
    ({ permissionSet, principal }) => permissionSet === before.name && principal.type === 'group',
  );
  const names = new Set(groups.map(({ principal }) => principal.name));
  const leaving = [...names].flatMap((name) => finders.naming(groupKey(name)));
  return [...finders.naming(draft.key), ...leaving.filter(({ kind }) => kind === 'membership')].filter(
    ({ action }) => action === 'delete',
  );
};

/** What still uses a thing goes before the thing. */
const users = ({ naming }: Finders, draft: Draft): readonly Draft[] =>
  draft.action === 'delete'
    ? naming(draft.key).filter(({ action, kind }) => action === 'delete' || kind === 'account')
    : [];

const aroundMoves = ({ restricting, moving }: Finders, draft: Draft): readonly Draft[] => {
  const { kind, action, before, after, phase } = draft;
  if (kind === 'account' && after?.kind === 'account') return [...restricting(after.name), ...restricting(EVERYWHERE)];
  return kind === 'attachment' && action === 'delete' && phase === 'relax' && before !== undefined
    ? moving(targetPlace(before))
    : [];
};

/** AWS refuses to take a target's last SCP, and nothing below it would be allowed anything meanwhile. */
const successors = ({ attachingAt }: Finders, { trees }: DependencyInput, draft: Draft): readonly Draft[] => {
  const { before, action, phase } = draft;
  if (action !== 'delete' || before?.kind !== 'attachment' || before.policy.kind !== 'scp') return [];
  const closed = !isOpen(trees.current, before.target) || !isOpen(trees.final, before.target);
  // What makes way for want of a slot cannot wait for what takes the slot.
  if (!isFullAccess(before) && (!closed || phase === 'restrict')) return [];
  return attachingAt(targetPlace(before)).filter(
    (one) => one.after?.kind === 'attachment' && one.after.policy.kind === 'scp' && !one.temporary,
  );
};

/** Other groups that are given the very set that this group loses, with somebody in both. */
const successorGroups = ({ grants, members: membersIn }: Finders, lost: Assignment): readonly Draft[] => {
  const giving = grants.givingSet(lost.permissionSet, lost.account);
  if (giving.length === 0) return [];
  const members = membersIn();
  const people = new Set(lost.principal.type === 'group' ? members.get(lost.principal.name) : []);
  return giving.filter(({ after }) => {
    if (after?.kind !== 'assignment') return false;
    const { type, name } = after.principal;
    return type === 'user' ? people.has(name) : (members.get(name) ?? []).some((user) => people.has(user));
  });
};

/** What an edited set takes from its holders, something else may give them. */
const aroundEdit = (finders: Finders, { trees }: DependencyInput, before: PermissionSet): readonly Draft[] =>
  resourcesOf(trees.current, 'assignment')
    .filter(({ permissionSet }) => permissionSet === before.name)
    .flatMap((one) =>
      holders(one, finders.members()).flatMap((holder) => finders.grants.granting(holder, one.account)),
    );

const givesTo = ({ grants }: Finders, principal: Key, accounts: readonly string[]): readonly Draft[] =>
  accounts.flatMap((account) => grants.granting(principal, account));

/** The grants that give the same person or role something in the account where something is taken. */
const replacements = (finders: Finders, scene: DependencyInput, { before, after, action }: Draft): readonly Draft[] => {
  if (before?.kind === 'permission-set' && after?.kind === 'permission-set')
    return takesAway(before, after) ? aroundEdit(finders, scene, before) : [];
  if (action !== 'delete') return [];
  if (before?.kind === 'entitlement') return givesTo(finders, principalKey(before.principal), [before.account]);
  if (before?.kind === 'assignment')
    return [...givesTo(finders, principalKey(before.principal), [before.account]), ...successorGroups(finders, before)];
  if (before?.kind !== 'membership') return [];
  const held = grantsOfGroup(scene.trees.current, before.group).map(({ account }) => account);
  return givesTo(finders, userKey(before.user), held);
};

const earlierOfKey = ({ byKey }: Finders, draft: Draft): readonly Draft[] => {
  const chain = byKey(draft.key);
  return chain.slice(0, chain.indexOf(draft));
};

const occupants = ({ byKey }: Finders, draft: Draft): readonly Draft[] => (draft.afterKeys ?? []).flatMap(byKey);

type IdSet = ReadonlySet<string>;
const noIds: IdSet = new Set();

/** One set for the same ids: thousands of grants wait for the same group and set. */
const idSets = (): ((drafts: readonly Draft[], except: string) => IdSet) => {
  const known = new Map<string, IdSet>();
  return (drafts, except) => {
    if (drafts.length === 0) return noIds;
    const ids = drafts.flatMap(({ id }) => (id === except ? [] : [id]));
    const name = ids.join();
    const set = known.get(name) ?? new Set(ids);
    known.set(name, set);
    return set;
  };
};

const necessities = (finders: Finders, scene: DependencyInput, draft: Draft): readonly Draft[] => [
  ...earlierOfKey(finders, draft),
  ...foundations(finders, draft),
  ...editsOfHung(finders.byKey, scene.trees.finalRails, draft),
  ...editedFirst(finders, scene, draft),
  ...partingsFirst(finders, draft),
  ...leaversFirst(finders, scene, draft),
  ...users(finders, draft),
  ...aroundMoves(finders, draft),
  ...successors(finders, scene, draft),
  ...occupants(finders, draft),
  ...finders.waits.of(draft),
];

const accountsOf = ({ reaches }: DependencyInput, { before, after }: Draft): readonly string[] =>
  [before, after].flatMap((one) => (one === undefined ? [] : reaches.of(one)));

const overlapIn =
  (scene: DependencyInput) =>
  (one: Draft, other: Draft): boolean => {
    const [first, second] = [accountsOf(scene, one), accountsOf(scene, other)];
    return first.some((name) => name === EVERYWHERE || second.includes(name) || second.includes(EVERYWHERE));
  };

/** With what keeps a way in, and an approved guard rail, whatever call fails. */
const withSurvival = (
  finders: Finders,
  scene: DependencyInput,
  needed: ReadonlyMap<string, IdSet>,
): ReadonlyMap<string, IdSet> => {
  const { drafts, glass } = scene;
  const edits = (draft: Draft) => editsOfHung(finders.byKey, scene.trees.finalRails, draft);
  const added = [glassWaits(drafts, glass, needed), lateRails({ drafts, edits, overlap: overlapIn(scene) }, needed)];
  const must = new Map(needed);
  for (const [id, more] of added.flatMap((one) => [...one]))
    must.set(id, new Set([...(must.get(id) ?? []), ...more.map((one) => one.id).filter((one) => one !== id)]));
  return must;
};

/** For each change's id, the ids it waits for. */
export const edgesOf = (scene: DependencyInput): ReadonlyMap<string, WaitEdges> => {
  const finders = findersOf(scene);
  const setOf = idSets();
  const needed = new Map(scene.drafts.map((draft) => [draft.id, setOf(necessities(finders, scene, draft), draft.id)]));
  const must = withSurvival(finders, scene, needed);
  const edges = scene.drafts.map((draft): readonly [string, WaitEdges] => {
    // What waits for this change cannot replace what it takes.
    const should = replacements(finders, scene, draft).filter(
      (one) => !must.get(one.id)?.has(draft.id) && phases.indexOf(one.phase) <= phases.indexOf(draft.phase),
    );
    return [draft.id, { must: must.get(draft.id) ?? noIds, should: setOf(should, draft.id) }];
  });
  return new Map(edges);
};

/**
 * Taking down the guard rail that locks people out is a repair, even where it is the last one: `empty-desired` asks whether
 * files were lost by mistake, and nobody is worse off without this one.
 */
import { everyAccount } from '../situation/account-classes.ts';
import { guardRailKinds } from '../../model/resource.ts';
import { accountOf, createWorld } from '../../evaluate/policies-of.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { GuardResult, Note, Change } from '../../model/plan.ts';
import { beforeOf } from '../../model/plan.ts';
import type { Attachment, Key, Kind, State } from '../../model/resource.ts';
import { controlPolicyKey, keyOf, resourcesOf } from '../../model/resource.ts';
import type { Situation } from '../situation/situation.ts';
import { emergencyActions, emergencyRefused, homeRefused } from './evaluated.ts';
import { isLifted } from './guard.ts';
import { emptyDesired } from './guards.ts';
import { signInLosses } from './kept.ts';
import { wayInRefusals } from './way-in.ts';

type RepairContext = { readonly situation: Situation; readonly catalogue: Catalogue; readonly today: string };

const worldIn = ({ situation: { desired }, catalogue }: RepairContext, state: State): AccessWorld => {
  const { origins, managementAccount, settings } = desired;
  const { organization, region } = settings;
  return createWorld({ state, catalogue, origins, region, organization, managementAccount });
};

const isNew = (before: readonly string[], after: readonly string[]): boolean =>
  after.some((one) => !before.includes(one));

/** How much of what repairs an account break-glass may not do there. */
const refusedIn = (world: AccessWorld, { permissionSet }: { readonly permissionSet: string }, name: string): number => {
  const account = accountOf(world, name);
  return account === undefined ? 0 : emergencyRefused(world, permissionSet, account).length;
};

/** Whether nothing repairs an account in the second world and something does in the first. */
const disarms = ([first, next]: RepairWorlds, glass: { readonly permissionSet: string }, name: string): boolean => {
  const account = accountOf(next, name);
  // Everybody may ask who they are.
  const all = account === undefined ? Infinity : emergencyActions(next, account).length - 1;
  return refusedIn(first, glass, name) < all && refusedIn(next, glass, name) >= all;
};

type RepairWorlds = readonly [first: AccessWorld, next: AccessWorld];

/** Whether somebody who repairs is shut out in the second world and not in the first. */
const locksOut = (ground: RepairContext, course: RepairWorlds, changes: readonly Change[]): boolean => {
  const { situation } = ground;
  const [first, next] = course;
  const { accounts, settings } = situation.desired;
  const { breakGlass } = settings;
  const ends = [
    { when: '', state: first.state, world: first, changes: [] },
    { when: '', state: next.state, world: next, changes },
  ];
  if (wayInRefusals({ situation, ends, sample: everyAccount }).length > 0) return true;
  if (isNew(homeRefused(situation.desired, first), homeRefused(situation.desired, next))) return true;
  if (breakGlass === undefined) return false;
  return Object.values(accounts).some(
    (name) => signInLosses(situation, name, course).length > 0 || disarms(course, breakGlass, name),
  );
};

const attachmentIn = (change: Change): Attachment | undefined => {
  const before = beforeOf(change);
  return change.action === 'delete' && before?.kind === 'attachment' ? before : undefined;
};

/** Keys of the policies that lock somebody out where this plan takes them off. */
const lockingOut = (ground: RepairContext, changes: readonly Change[]): ReadonlySet<Key> => {
  const { current } = ground.situation;
  const down = changes.filter((change) => attachmentIn(change) !== undefined);
  const keys = new Set(down.map(({ key }) => key));
  const rest = Object.fromEntries(Object.entries(current).filter(([key]) => !keys.has(key)));
  const first = worldIn(ground, rest);
  const policies = new Set(
    down.flatMap((change) => attachmentIn(change) ?? []).map(({ policy }) => controlPolicyKey(policy)),
  );
  const found = [...policies].filter((policy) => {
    const own = down.filter((change) => {
      const attachment = attachmentIn(change);
      return attachment !== undefined && controlPolicyKey(attachment.policy) === policy;
    });
    const hung = own.flatMap((change) => attachmentIn(change) ?? []).map((one) => [keyOf(one), one] as const);
    return locksOut(ground, [first, worldIn(ground, { ...rest, ...Object.fromEntries(hung) })], own);
  });
  return new Set(found);
};

const railKinds: readonly (Kind | undefined)[] = [...guardRailKinds, 'attachment'];

/** What locks nobody out and hangs somewhere is what a lost file would take down. */
const isRepair = (change: Change, locks: ReadonlySet<Key>, hung: ReadonlySet<Key>): boolean => {
  const attachment = attachmentIn(change);
  if (attachment !== undefined) return locks.has(controlPolicyKey(attachment.policy));
  return locks.has(change.key) || !hung.has(change.key);
};

type GuardedChanges = {
  readonly changes: readonly Change[];
  readonly guards: readonly GuardResult[];
  readonly notes: readonly Note[];
};

/** Without the refusals of what only ends a lock-out, which the notes say instead. */
export const withRepairs = (
  planned: GuardedChanges,
  ground: RepairContext,
): Pick<GuardedChanges, 'guards' | 'notes'> => {
  const { situation, today } = ground;
  const { changes, guards, notes } = planned;
  if (guards.every(({ id, ok }) => ok || id !== 'empty-desired')) return { guards, notes };
  const asked = { situation, changes, result: {}, gaps: [], today };
  const refused = emptyDesired.refusals(asked).filter((one) => !isLifted(asked, emptyDesired, one));
  const hung = new Set(resourcesOf(situation.current, 'attachment').map(({ policy }) => controlPolicyKey(policy)));
  const locks = refused.some(({ kind }) => railKinds.includes(kind)) ? lockingOut(ground, changes) : new Set<Key>();
  const repairs = refused.filter(({ kind }) => {
    if (locks.size === 0 || !railKinds.includes(kind)) return false;
    return changes.every((one) => one.kind !== kind || one.action !== 'delete' || isRepair(one, locks, hung));
  });
  if (repairs.length === 0) return { guards, notes };
  const gone = new Set(repairs.map(({ message }) => message));
  const left = guards.filter(({ id, message }) => id !== 'empty-desired' || !gone.has(message));
  const fine: GuardResult = { id: 'empty-desired', ok: true, message: emptyDesired.fine };
  const note: Note = {
    message: `${[...locks].join(', ')} locks out break-glass or the reconciler: it is taken down although nothing of kind ${repairs.map(({ kind }) => kind).join(', ')} is declared any more.`,
  };
  return {
    guards: left.some(({ id }) => id === 'empty-desired') ? left : [...left, fine],
    notes: [...notes, note],
  };
};

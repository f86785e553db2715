/**
 * What keeps somebody able to come in and repair stands in every state in which a plan can stop: whichever calls fail, are
 * held or were not approved. What did not stand before is not asked for here; guards of the whole plan ask for it.
 */
import { guardRailKinds } from '../../kinds/control-policies.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import { createWorld } from '../../evaluate/policies-of.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { grouped, shortList } from '../../model/lists.ts';
import type { GuardId } from '../../model/guard.ts';
import type { Change, GuardResult, Plan } from '../../model/plan.ts';
import { afterOf, beforeOf, subjectOf } from '../../model/plan.ts';
import type { Assignment, Attachment, Resource, State } from '../../model/resource.ts';
import {
  accountKey,
  controlPolicyKey,
  groupKey,
  isControlKind,
  keyOf,
  ouKey,
  permissionSetKey,
  resourcesOf,
  targetText,
} from '../../model/resource.ts';
import type { Situation } from '../situation/situation.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';
import { administratorAccess, closedTargets, emergencyActions, emergencyRefused, homeRefused } from './evaluated.ts';
import { lossText, lossesOver, policiesNamedBy } from './kept.ts';
import type { Losses } from './kept.ts';
import type { DoneChanges } from './moments.ts';
import { momentsOver } from './moments.ts';
import { wayInRefusals } from './way-in.ts';

export type SurvivalGround = { readonly situation: Situation; readonly catalogue: Catalogue; readonly today: string };

type Moment = { readonly state: State; readonly when: string; readonly done: DoneChanges };

/** Asked of every moment that the changes bearing on it can make; `lost`: what stood and does not stand then, in words. */
type Question = {
  readonly guard: GuardId;
  readonly base: State;
  readonly bears: (change: Change) => boolean;
  readonly lost: (moment: Moment) => readonly string[];
};

type Scene = SurvivalGround & {
  readonly changes: readonly Change[];
  readonly index: ReadonlyMap<string, Resources>;
  readonly losses: () => Losses;
};
type Resources = readonly Resource[];

const stateFrom = (resources: Resources): State => Object.fromEntries(resources.map((one) => [keyOf(one), one]));

/** What only appears and gives nothing by itself is there at every moment, so that it makes none. */
const isIdle = ({ action, kind }: Change): boolean =>
  action === 'create' && (isControlKind(kind) || ['permission-set', 'policy', 'ou'].includes(kind));

/** A guard rail is deleted where it hangs nowhere. */
const isUnhung = ({ action, kind }: Change): boolean => action === 'delete' && isControlKind(kind);

const made = (base: State, changes: readonly Change[]): State => {
  const state = new Map(Object.entries(base));
  for (const change of changes) {
    const after = afterOf(change);
    if (after === undefined) state.delete(change.key);
    else state.set(change.key, after);
  }
  return Object.fromEntries(state);
};

const worldIn = ({ situation: { desired }, catalogue }: SurvivalGround, state: State): AccessWorld => {
  const { origins, managementAccount, settings } = desired;
  const { organization, region } = settings;
  return createWorld({ state, catalogue, origins, region, organization, managementAccount });
};

const railKinds: readonly Change['kind'][] = ['policy-type', ...guardRailKinds, 'attachment', 'account'];

const reaches = (account: string, { reaches: names = [EVERYWHERE] }: Change): boolean =>
  names.includes(account) || names.includes(EVERYWHERE);

const sharedKinds: ReadonlySet<string> = new Set(['policy-type', ...guardRailKinds, 'ou', 'permission-set']);

/** Where a thing belongs that one account's question needs: to one account, to all of them, or to none. */
const placeOf = (one: Resource): string | undefined => {
  if (one.kind === 'attachment') return one.target.type === 'account' ? one.target.name : EVERYWHERE;
  if (one.kind === 'account') return one.name;
  if (one.kind === 'assignment' || one.kind === 'role' || one.kind === 'policy') return one.account;
  return sharedKinds.has(one.kind) ? EVERYWHERE : undefined;
};

/** Of live, what bears on the account: small, because it is made anew for each moment. */
const around = ({ index }: Scene, account: string): State =>
  stateFrom([...(index.get(EVERYWHERE) ?? []), ...(index.get(account) ?? [])]);

const isOfGroup = (group: string, { principal }: Assignment): boolean =>
  !principal.orphan && principal.type === 'group' && principal.name === group;

const actionOf = (text: string): string => text.split(' ')[0] ?? text;

/** Of what repairs an account, what nobody of the group may do there through any set: by action, with the reason. */
const refusedToGroup = (world: AccessWorld, group: string, name: string): ReadonlyMap<string, string> => {
  const account = world.accounts.get(name);
  if (account === undefined) return new Map();
  const held = world.assignmentsIn(name).filter((one) => isOfGroup(group, one));
  const sets = held.flatMap(({ permissionSet }) => {
    const set = world.state[permissionSetKey(permissionSet)];
    const isWhole = set?.kind === 'permission-set' && set.managedPolicies.includes(administratorAccess);
    return isWhole && !set.outdatedIn.includes(name) ? [permissionSet] : [];
  });
  const refused = sets.map((set) => new Map(emergencyRefused(world, set, account).map((one) => [actionOf(one), one])));
  const entries = emergencyActions(world, account).flatMap((action): readonly (readonly [string, string])[] => {
    if (refused.some((one) => !one.has(action))) return [];
    return [[action, refused[0]?.get(action) ?? action]];
  });
  return new Map(entries);
};

const newIn = (before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly string[] =>
  [...now].flatMap(([name, text]) => (before.has(name) ? [] : [text]));

/** Each version of what belongs there: as it is, and as changes leave it. */
const versionsIn = ({ index, changes }: Scene, place: string): Resources => [
  ...(index.get(place) ?? []),
  ...changes.flatMap((change) => [beforeOf(change), afterOf(change)].filter((one) => one !== undefined)),
];

const isGlassSet = (scene: Scene, group: string, account: string): ((change: Change) => boolean) => {
  const held = versionsIn(scene, account).filter(
    (one): one is Assignment => one.kind === 'assignment' && isOfGroup(group, one),
  );
  const sets = new Set(held.filter((one) => one.account === account).map(({ permissionSet }) => permissionSet));
  const versions = versionsIn(scene, EVERYWHERE).flatMap((one) =>
    one.kind === 'permission-set' && sets.has(one.name) ? policiesNamedBy(one) : [],
  );
  const policies = new Set(versions);
  return (change) => {
    const subject = subjectOf(change);
    if (subject.kind === 'permission-set') return sets.has(subject.name);
    if (subject.kind === 'policy') return subject.account === account && policies.has(subject.name);
    return subject.kind === 'assignment' && subject.account === account && isOfGroup(group, subject);
  };
};

const glassQuestion = (scene: Scene, group: string, account: string): readonly Question[] => {
  const isSet = isGlassSet(scene, group, account);
  const bears = (change: Change): boolean =>
    isSet(change) || (railKinds.includes(change.kind) && reaches(account, change));
  if (!scene.changes.some(bears)) return [];
  const base = around(scene, account);
  const first = worldIn(scene, base);
  const before = refusedToGroup(first, group, account);
  const lost = ({ state, when }: Moment): readonly string[] => {
    const next = worldIn(scene, state);
    const wrong = newIn(before, refusedToGroup(next, group, account));
    const text = wrong.length > 0 ? shortList(wrong, 3) : lossText(scene.losses()(account, [first, next]));
    return text === '' ? [] : [`Break-glass would lose in ${account}, ${when}: ${text}.`];
  };
  return [{ guard: 'break-glass-access', base, bears, lost }];
};

const hasMember = (group: string, state: State): boolean =>
  state[groupKey(group)] !== undefined && resourcesOf(state, 'membership').some((one) => one.group === group);

const membersQuestion = ({ situation: { current } }: Scene, group: string): readonly Question[] => {
  const isMember = (one: Resource): boolean => one.kind === 'membership' && one.group === group;
  const base = stateFrom(Object.values(current).filter((one) => isMember(one) || keyOf(one) === groupKey(group)));
  if (!hasMember(group, base)) return [];
  return [
    {
      guard: 'break-glass-access',
      base,
      bears: (change) => change.key === groupKey(group) || isMember(subjectOf(change)),
      lost: ({ state, when }) => (hasMember(group, state) ? [] : [`${group} would have no member left, ${when}.`]),
    },
  ];
};

const glassQuestions = (scene: Scene): readonly Question[] => {
  const { settings, accounts } = scene.situation.desired;
  const { breakGlass: glass } = settings;
  if (glass === undefined) return [];
  const inAccounts = Object.values(accounts).flatMap((account) => glassQuestion(scene, glass.group, account));
  return [...membersQuestion(scene, glass.group), ...inAccounts];
};

/** The reconciler's own roles there, by path and name as the settings have them. */
const isOwnRole = ({ situation }: Scene, one: Resource | undefined): boolean => {
  if (one?.kind !== 'role') return false;
  const { reconciler, memberRole } = situation.desired.settings;
  const member = memberRole === undefined ? [] : [`${(memberRole.path ?? '/').slice(1)}${memberRole.name}`];
  const home = reconciler === undefined ? [] : [reconciler.plan, reconciler.apply];
  return [...member, ...home].includes(`${one.path.slice(1)}${one.name}`);
};

const bearsOnRoles = (scene: Scene, account: string): ((change: Change) => boolean) => {
  const policies = new Set(
    versionsIn(scene, account).flatMap((one) =>
      one.kind === 'role' && isOwnRole(scene, one) ? policiesNamedBy(one) : [],
    ),
  );
  return (change) => {
    const subject = subjectOf(change);
    if (railKinds.includes(change.kind)) return reaches(account, change);
    if (subject.kind === 'policy') return subject.account === account && policies.has(subject.name);
    return subject.kind === 'role' && subject.account === account && isOwnRole(scene, subject);
  };
};

const wayInQuestion = (scene: Scene, account: string): readonly Question[] => {
  const { situation, today } = scene;
  const { desired } = situation;
  const bears = bearsOnRoles(scene, account);
  if (!scene.changes.some(bears)) return [];
  const home = desired.settings.delegatedAdministrator ?? desired.managementAccount;
  const base = { ...around(scene, account), ...around(scene, home) };
  const first = { when: 'as things are', state: base, world: worldIn(scene, base), changes: [] };
  const homeBefore = account === home ? homeRefused(desired, first.world) : [];
  const known = new Map(homeBefore.map((text) => [text.split(' (')[0] ?? text, text]));
  const lost = ({ state, when, done }: Moment): readonly string[] => {
    const world = worldIn(scene, state);
    const ends = [first, { when, state, world, changes: done }];
    const own = account === home ? homeRefused(desired, world) : [];
    const wrong = newIn(known, new Map(own.map((text) => [text.split(' (')[0] ?? text, text])));
    return [
      ...wayInRefusals({ situation, today, ends }, account).map(({ message }) => message),
      ...(wrong.length === 0 ? [] : [`The reconciler could not work in ${home}, ${when}: ${shortList(wrong, 3)}.`]),
    ];
  };
  return [{ guard: 'reconciler-access', base, bears, lost }];
};

const wayInQuestions = (scene: Scene): readonly Question[] => {
  const { reconciler, memberRole } = scene.situation.desired.settings;
  if (reconciler === undefined && memberRole === undefined) return [];
  return Object.values(scene.situation.desired.accounts).flatMap((account) => wayInQuestion(scene, account));
};

const isAt = (name: string, one: Resource | undefined): boolean =>
  one?.kind === 'attachment' && one.policy.kind === 'scp' && targetText(one.target) === name;

/** Only what opens a target can close it: where nothing is taken from its list, nothing is asked. */
const listQuestion = (scene: Scene, base: State, target: string): readonly Question[] => {
  const documents = new Set(
    [...Object.values(base), ...scene.changes.map(subjectOf)].flatMap((one) =>
      isAt(target, one) && one.kind === 'attachment' ? [controlPolicyKey(one.policy)] : [],
    ),
  );
  const bears = (change: Change): boolean =>
    isAt(target, subjectOf(change)) || (change.action === 'update' && documents.has(change.key));
  if (!scene.changes.some((change) => bears(change) && change.action !== 'create')) return [];
  const before = new Set(closedTargets(base));
  const lost = ({ state, when }: Moment): readonly string[] =>
    closedTargets(state)
      .filter((one) => !before.has(one))
      .map((one) => `Nothing would be allowed below ${one}, ${when}: no SCP there allows anything.`);
  return [{ guard: 'allow-list', base, bears, lost }];
};

const hangsFrom = ({ situation: { current }, changes }: Scene): ReadonlyMap<string, readonly Attachment[]> => {
  const all = [...Object.values(current), ...changes.map(subjectOf)];
  return grouped(
    all.filter((one): one is Attachment => one.kind === 'attachment' && one.policy.kind === 'scp'),
    ({ target }) => targetText(target),
  );
};

/** The place and what hangs there now, with the documents of all that ever will. */
const listBase = ({ situation: { current } }: Scene, hung: readonly Attachment[]): State => {
  const keys = hung.flatMap((one) => [keyOf(one), controlPolicyKey(one.policy)]);
  const [target] = hung.map((one) => one.target);
  const place = target?.type === 'account' ? accountKey(target.name) : target?.type === 'ou' ? ouKey(target.path) : '';
  const there = [...keys, place].flatMap((key) => current[key] ?? []);
  return stateFrom([...resourcesOf(current, 'policy-type'), ...there]);
};

const listQuestions = (scene: Scene): readonly Question[] => {
  const taken = new Set(scene.changes.flatMap(({ action, key }) => (action === 'create' ? [] : [key])));
  const isTaken = (one: Attachment): boolean => taken.has(keyOf(one)) || taken.has(controlPolicyKey(one.policy));
  return [...hangsFrom(scene)].flatMap(([target, hung]) =>
    hung.some(isTaken) ? listQuestion(scene, listBase(scene, hung), target) : [],
  );
};

const named = (changes: readonly Change[]): string => {
  const verbs = { create: '+', update: '~', delete: '-' } as const;
  return shortList(
    changes.map(({ action, key }) => `${verbs[action]} ${key}`),
    3,
  );
};

const whenOf = (done: DoneChanges, bearing: readonly Change[]): string => {
  const open = bearing.filter((one) => !done.includes(one));
  const made = `when ${named(done)} is done`;
  return open.length === 0 ? made : `${made} and ${named(open)} is not`;
};

const refusalOf = (
  { changes }: Scene,
  moments: ReturnType<typeof momentsOver>,
  { guard, base, bears, lost }: Question,
): readonly GuardResult[] => {
  const bearing = changes.filter((change) => !isIdle(change) && !isUnhung(change) && bears(change));
  const idle = changes.filter((one) => isIdle(one) && (placeOf(subjectOf(one)) === EVERYWHERE || bears(one)));
  const start = made(base, idle);
  for (const done of moments(bearing)) {
    if (done.length === 0) continue;
    const [message] = lost({ state: made(start, done), when: whenOf(done, bearing), done });
    if (message !== undefined) return [{ id: guard, ok: false, message }];
  }
  return [];
};

/** One refusal for each question that some moment answers badly. */
export const survivalRefusals = (ground: SurvivalGround, changes: readonly Change[]): readonly GuardResult[] => {
  const index = grouped(Object.values(ground.situation.current), placeOf);
  let losses: Losses | undefined;
  const scene: Scene = { ...ground, changes, index, losses: () => (losses ??= lossesOver(ground, changes)) };
  const moments = momentsOver(changes);
  const questions = [...glassQuestions(scene), ...wayInQuestions(scene), ...listQuestions(scene)];
  const found = questions.flatMap((question) => refusalOf(scene, moments, question));
  return [...new Map(found.map((one) => [one.message, one])).values()];
};

/** A guard that agreed of the end of each phase, and does not of a moment between, no longer agrees. */
export const withRefusals = (guards: Plan['guards'], refusals: readonly GuardResult[]): Plan['guards'] => {
  const said = new Set(guards.filter(({ ok }) => !ok).map(({ id }) => id));
  const added = refusals.filter(({ id }) => !said.has(id));
  const gone = new Set(added.map(({ id }) => id));
  return [...guards.filter(({ id }) => !gone.has(id)), ...added];
};

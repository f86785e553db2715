/**
 * What keeps somebody able to come in and repair stands in every state in which a plan can stop: whichever calls fail, are
 * held or were not approved. What did not stand before is not asked for here; guards of the whole plan ask for it.
 */
import { guardRailKinds } from '../../model/resource.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import { createWorld } from '../../evaluate/policies-of.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { grouped, remembered, shortList } from '../../model/lists.ts';
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
import { foundAlike, guardSampleOf } from './account-sample.ts';
import { everyAccount } from '../situation/account-classes.ts';
import type { AccountSample } from '../situation/account-classes.ts';
import { administratorAccess, closedTargets, emergencyActions, emergencyRefused, homeRefused } from './evaluated.ts';
import { lossText, lossesOver, policiesNamedBy } from './kept.ts';
import type { Losses } from './kept.ts';
import type { DoneChanges } from './moments.ts';
import { momentsOver } from './moments.ts';
import { wayInRefusals } from './way-in.ts';

export type SurvivalGround = { readonly situation: Situation; readonly catalogue: Catalogue; readonly today: string };

type SurvivalMoment = { readonly state: State; readonly when: string; readonly done: DoneChanges };

/** Asked of every moment that the changes bearing on it can make; `lost`: what stood and does not stand then, in words. */
type SurvivalQuestion = {
  readonly guard: GuardId;
  readonly base: State;
  /** Among which those are that bear on it. */
  readonly changes: readonly Change[];
  readonly bears: (change: Change) => boolean;
  readonly lost: (moment: SurvivalMoment) => readonly string[];
};

type SurvivalScene = SurvivalGround & {
  readonly changes: readonly Change[];
  /** Those that may bear on a question about the account, in the order of the plan. */
  readonly changesAround: (account: string) => readonly Change[];
  readonly index: ReadonlyMap<string, Resources>;
  /** Customer policies that the reconciler's own roles name in any version that a change has. */
  readonly rolePolicies: readonly string[];
  readonly losses: () => Losses;
  readonly sample: AccountSample;
};

type Answer = (question: SurvivalQuestion) => readonly GuardResult[];

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

/** Where a change may count: in the accounts that it reaches and in that of its subject; a set wherever it is held. */
const placesOf = (change: Change): ReadonlySet<string> => {
  const subject = subjectOf(change);
  if (subject.kind === 'permission-set') return new Set([EVERYWHERE]);
  return new Set([...(change.reaches ?? [EVERYWHERE]), ...('account' in subject ? [subject.account] : [])]);
};

const isOfGroup = (group: string, { principal }: Assignment): boolean =>
  !principal.orphan && principal.type === 'group' && principal.name === group;

/** Of assignments, those of break-glass alone; who is in which group is asked of the group. */
type IsAsked = (resource: Resource) => boolean;

const isAskedIn = ({ situation: { desired } }: SurvivalGround): IsAsked => {
  const group = desired.settings.breakGlass?.group;
  return (one) => {
    if (one.kind === 'entitlement') return false;
    if (one.kind === 'assignment') return group !== undefined && isOfGroup(group, one);
    return one.kind !== 'membership' && one.kind !== 'group' && one.kind !== 'user';
  };
};

const aroundAccounts = (changes: readonly Change[], isAsked: IsAsked): SurvivalScene['changesAround'] => {
  const placed = changes.flatMap((change, at) =>
    isAsked(subjectOf(change)) ? [...placesOf(change)].map((place) => ({ place, at })) : [],
  );
  const byPlace = grouped(placed, ({ place }) => place);
  const everywhere = (byPlace.get(EVERYWHERE) ?? []).map(({ at }) => at);
  return (account) => {
    const all = new Set([...everywhere, ...(byPlace.get(account) ?? []).map(({ at }) => at)]);
    return [...all].sort((one, other) => one - other).flatMap((at) => changes[at] ?? []);
  };
};

/** Of live, what bears on the account: small, because it is made anew for each moment. */
const around = ({ index }: SurvivalScene, account: string): State =>
  stateFrom([...(index.get(EVERYWHERE) ?? []), ...(index.get(account) ?? [])]);

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

const versionsOf = (changes: readonly Change[]): Resources =>
  changes.flatMap((change) => [beforeOf(change), afterOf(change)].filter((one) => one !== undefined));

const isGlassSet = (
  { index, changesAround }: SurvivalScene,
  group: string,
  account: string,
): ((change: Change) => boolean) => {
  const changed = versionsOf(changesAround(account));
  const held = [...(index.get(account) ?? []), ...changed].filter(
    (one): one is Assignment => one.kind === 'assignment' && isOfGroup(group, one),
  );
  const sets = new Set(held.filter((one) => one.account === account).map(({ permissionSet }) => permissionSet));
  const policies = new Set(
    [...(index.get(EVERYWHERE) ?? []), ...changed].flatMap((one) =>
      one.kind === 'permission-set' && sets.has(one.name) ? policiesNamedBy(one) : [],
    ),
  );
  return (change) => {
    const subject = subjectOf(change);
    if (subject.kind === 'permission-set') return sets.has(subject.name);
    if (subject.kind === 'policy') return subject.account === account && policies.has(subject.name);
    return subject.kind === 'assignment' && subject.account === account && isOfGroup(group, subject);
  };
};

const glassQuestion = (scene: SurvivalScene, group: string, account: string): readonly SurvivalQuestion[] => {
  const isSet = isGlassSet(scene, group, account);
  const bears = (change: Change): boolean =>
    isSet(change) || (railKinds.includes(change.kind) && reaches(account, change));
  const changes = scene.changesAround(account);
  if (!changes.some(bears)) return [];
  const base = around(scene, account);
  const first = worldIn(scene, base);
  const before = refusedToGroup(first, group, account);
  const lost = ({ state, when }: SurvivalMoment): readonly string[] => {
    const next = worldIn(scene, state);
    const wrong = newIn(before, refusedToGroup(next, group, account));
    const text = wrong.length > 0 ? shortList(wrong, 3) : lossText(scene.losses()(account, [first, next]));
    return text === '' ? [] : [`Break-glass would lose in ${account}, ${when}: ${text}.`];
  };
  return [{ guard: 'break-glass-access', base, changes, bears, lost }];
};

const hasMember = (group: string, state: State): boolean =>
  state[groupKey(group)] !== undefined && resourcesOf(state, 'membership').some((one) => one.group === group);

const membersQuestion = (
  { situation: { current }, changes }: SurvivalScene,
  group: string,
): readonly SurvivalQuestion[] => {
  const isMember = (one: Resource): boolean => one.kind === 'membership' && one.group === group;
  const own = current[groupKey(group)];
  const base = stateFrom([...resourcesOf(current, 'membership').filter(isMember), ...(own === undefined ? [] : [own])]);
  if (!hasMember(group, base)) return [];
  return [
    {
      guard: 'break-glass-access',
      base,
      changes,
      bears: (change) => change.key === groupKey(group) || isMember(subjectOf(change)),
      lost: ({ state, when }) => (hasMember(group, state) ? [] : [`${group} would have no member left, ${when}.`]),
    },
  ];
};

const glassRefusals = (scene: SurvivalScene, answer: Answer): readonly GuardResult[] => {
  const { settings, accounts } = scene.situation.desired;
  const { breakGlass: glass } = settings;
  if (glass === undefined) return [];
  const inAccounts = foundAlike(Object.values(accounts), scene.sample, (account) =>
    glassQuestion(scene, glass.group, account).flatMap(answer),
  );
  return [...membersQuestion(scene, glass.group).flatMap(answer), ...inAccounts];
};

/** The reconciler's own roles there, by path and name as the settings have them. */
const isOwnRole = ({ situation }: Pick<SurvivalScene, 'situation'>, one: Resource | undefined): boolean => {
  if (one?.kind !== 'role') return false;
  const { reconciler, memberRole } = situation.desired.settings;
  const member = memberRole === undefined ? [] : [`${(memberRole.path ?? '/').slice(1)}${memberRole.name}`];
  const home = reconciler === undefined ? [] : [reconciler.plan, reconciler.apply];
  return [...member, ...home].includes(`${one.path.slice(1)}${one.name}`);
};

const bearsOnRoles = (scene: SurvivalScene, account: string): ((change: Change) => boolean) => {
  const there = (scene.index.get(account) ?? []).flatMap((one) =>
    one.kind === 'role' && isOwnRole(scene, one) ? policiesNamedBy(one) : [],
  );
  const policies = new Set([...there, ...scene.rolePolicies]);
  return (change) => {
    const subject = subjectOf(change);
    if (railKinds.includes(change.kind)) return reaches(account, change);
    if (subject.kind === 'policy') return subject.account === account && policies.has(subject.name);
    return subject.kind === 'role' && subject.account === account && isOwnRole(scene, subject);
  };
};

const wayInQuestion = (scene: SurvivalScene, account: string): readonly SurvivalQuestion[] => {
  const { situation } = scene;
  const { desired } = situation;
  const bears = bearsOnRoles(scene, account);
  const changes = scene.changesAround(account);
  if (!changes.some(bears)) return [];
  const home = desired.settings.delegatedAdministrator ?? desired.managementAccount;
  const base = { ...around(scene, account), ...around(scene, home) };
  const first = { when: 'as things are', state: base, world: worldIn(scene, base), changes: [] };
  const homeBefore = account === home ? homeRefused(desired, first.world) : [];
  const known = new Map(homeBefore.map((text) => [text.split(' (')[0] ?? text, text]));
  const lost = ({ state, when, done }: SurvivalMoment): readonly string[] => {
    const world = worldIn(scene, state);
    const ends = [first, { when, state, world, changes: done }];
    const own = account === home ? homeRefused(desired, world) : [];
    const wrong = newIn(known, new Map(own.map((text) => [text.split(' (')[0] ?? text, text])));
    return [
      ...wayInRefusals({ situation, ends, sample: everyAccount }, account).map(({ message }) => message),
      ...(wrong.length === 0 ? [] : [`The reconciler could not work in ${home}, ${when}: ${shortList(wrong, 3)}.`]),
    ];
  };
  return [{ guard: 'reconciler-access', base, changes, bears, lost }];
};

const rolesRefusals = (scene: SurvivalScene, answer: Answer): readonly GuardResult[] => {
  const { settings, accounts } = scene.situation.desired;
  if (settings.reconciler === undefined && settings.memberRole === undefined) return [];
  return foundAlike(Object.values(accounts), scene.sample, (account) => wayInQuestion(scene, account).flatMap(answer));
};

const isAt = (name: string, one: Resource | undefined): boolean =>
  one?.kind === 'attachment' && one.policy.kind === 'scp' && targetText(one.target) === name;

/** Only what opens a target can close it: where nothing is taken from its list, nothing is asked. */
const listQuestion = (scene: SurvivalScene, base: State, target: string): readonly SurvivalQuestion[] => {
  const documents = new Set(
    [...Object.values(base), ...scene.changes.map(subjectOf)].flatMap((one) =>
      isAt(target, one) && one.kind === 'attachment' ? [controlPolicyKey(one.policy)] : [],
    ),
  );
  const bears = (change: Change): boolean =>
    isAt(target, subjectOf(change)) || (change.action === 'update' && documents.has(change.key));
  if (!scene.changes.some((change) => bears(change) && change.action !== 'create')) return [];
  const before = new Set(closedTargets(base));
  const lost = ({ state, when }: SurvivalMoment): readonly string[] =>
    closedTargets(state)
      .filter((one) => !before.has(one))
      .map((one) => `Nothing would be allowed below ${one}, ${when}: no SCP there allows anything.`);
  return [{ guard: 'allow-list', base, changes: scene.changes, bears, lost }];
};

const hangsFrom = ({ situation: { current }, changes }: SurvivalScene): ReadonlyMap<string, readonly Attachment[]> => {
  const all = [...Object.values(current), ...changes.map(subjectOf)];
  return grouped(
    all.filter((one): one is Attachment => one.kind === 'attachment' && one.policy.kind === 'scp'),
    ({ target }) => targetText(target),
  );
};

/** The place and what hangs there now, with the documents of all that ever will. */
const listBase = ({ situation: { current } }: SurvivalScene, hung: readonly Attachment[]): State => {
  const keys = hung.flatMap((one) => [keyOf(one), controlPolicyKey(one.policy)]);
  const [target] = hung.map((one) => one.target);
  const place = target?.type === 'account' ? accountKey(target.name) : target?.type === 'ou' ? ouKey(target.path) : '';
  const there = [...keys, place].flatMap((key) => current[key] ?? []);
  return stateFrom([...resourcesOf(current, 'policy-type'), ...there]);
};

const listQuestions = (scene: SurvivalScene): readonly SurvivalQuestion[] => {
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
  moments: ReturnType<typeof momentsOver>,
  { guard, base, changes, bears, lost }: SurvivalQuestion,
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
  if (changes.length === 0) return [];
  const isAsked = isAskedIn(ground);
  const index = grouped(Object.values(ground.situation.current), (one) => (isAsked(one) ? placeOf(one) : undefined));
  let losses: Losses | undefined;
  const ownRoles = versionsOf(changes).filter((one) => one.kind === 'role' && isOwnRole(ground, one));
  const scene: SurvivalScene = {
    ...ground,
    changes,
    changesAround: remembered(aroundAccounts(changes, isAsked)),
    index,
    rolePolicies: ownRoles.flatMap((one) => (one.kind === 'role' ? policiesNamedBy(one) : [])),
    losses: () => (losses ??= lossesOver(ground, changes)),
    sample: guardSampleOf({ ...ground, changes }),
  };
  const moments = momentsOver(changes);
  const answer: Answer = (question) => refusalOf(moments, question);
  const found = [
    ...glassRefusals(scene, answer),
    ...rolesRefusals(scene, answer),
    ...listQuestions(scene).flatMap(answer),
  ];
  return [...new Map(found.map((one) => [one.message, one])).values()];
};

/** A guard that agreed of the end of each phase, and does not of a moment between, no longer agrees. */
export const withRefusals = (guards: Plan['guards'], refusals: readonly GuardResult[]): Plan['guards'] => {
  const said = new Set(guards.filter(({ ok }) => !ok).map(({ id }) => id));
  const added = refusals.filter(({ id }) => !said.has(id));
  const gone = new Set(added.map(({ id }) => id));
  return [...guards.filter(({ id }) => !gone.has(id)), ...added];
};

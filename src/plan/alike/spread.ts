/**
 * The plan of a sample of accounts, spread over all for which they stand: what changes in one of a class changes in each. Only
 * where nothing else is to be said of one of them by name.
 */
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import { remembered, rememberedOf } from '../../model/lists.ts';
import type { AccessChange, Change, GrantRow, Lane, Note, Plan, Unmanaged } from '../../model/plan.ts';
import { afterOf, beforeOf, phases, subjectOf } from '../../model/plan.ts';
import { isOfIam, keyOf } from '../../model/resource.ts';
import type { Assignment, Key, OfIam, Resource } from '../../model/resource.ts';
import { assignmentIds, changeId } from '../digest.ts';
import { byWeight } from '../grants/grants.ts';
import type { AlikeAccounts } from './accounts.ts';
import { carriedInto } from './inside.ts';
import { accountInKey } from './lines.ts';

export type SampledPlan = {
  readonly plan: Plan;
  readonly levelOf: (id: string) => number;
  /** The whole of what the sample was taken from. */
  readonly desired: Desired;
  readonly live: Live;
  readonly alike: AlikeAccounts;
  /** Notes that the caller says anew of all accounts. */
  readonly saidAnew: readonly string[];
};

/**
 * An assignment that comes or goes, or something of IAM, in an account that stands for others; nothing else may be done to
 * one. The steps of a change are digests, which say what they say of one account.
 */
const placedIn = (change: Change, { classes }: AlikeAccounts): Assignment | OfIam | undefined => {
  const subject = subjectOf(change);
  if (subject.kind === 'assignment') {
    return change.action !== 'update' && classes.has(subject.account) ? subject : undefined;
  }
  return isOfIam(subject) && change.steps === undefined && classes.has(subject.account) ? subject : undefined;
};

/** By id, in which account that stands for others the change is. */
const placesIn = ({ plan, alike }: SampledPlan): ReadonlyMap<string, string> =>
  new Map(
    plan.changes.flatMap((change) => {
      const placed = placedIn(change, alike);
      return placed === undefined ? [] : [[change.id, placed.account] as const];
    }),
  );

const isOfClass = ({ classes }: AlikeAccounts, key: Key): boolean => classes.has(accountInKey(key) ?? '');

/** Whether a text says the name or the id of an account that stands for others. */
const namingIn = ({ alike: { classes }, desired }: SampledPlan): ((text: string) => boolean) => {
  const ids = Object.entries(desired.accounts).flatMap(([id, name]) => (classes.has(name) ? [id] : []));
  const words = new Set([...classes.keys(), ...ids]);
  return (text) =>
    [text, ...(text.match(/\d{12}/g) ?? [])].some((part) => part.split(/[^\w-]+/).some((word) => words.has(word)));
};

/** What was said before there was a plan names whom it likes. */
const computedNotes = ({ plan: { notes }, desired, live, saidAnew }: SampledPlan): readonly Note[] => {
  const given = new Set([...desired.notes.map(({ message }) => message), ...live.notes, ...saidAnew]);
  return notes.filter(({ message }) => !given.has(message));
};

/** Why risks are what they are, and of whom something is said. */
const judgedTexts = ({ plan }: SampledPlan): ReadonlySet<string> => {
  const { changes, access, effective = [] } = plan;
  return new Set([
    ...[...changes, ...access, ...effective].flatMap(({ riskReasons = [] }) => riskReasons),
    ...access.map(({ principal }) => principal),
  ]);
};

/** Rows of one principal stand in the order of their first roles, which is AWS's. */
const areRowsApart = ({ plan: { access }, alike: { classes } }: SampledPlan): boolean => {
  const trusted = access.filter(({ principal }) => principal.includes(' as role:'));
  const isOne = new Set(trusted.map(({ principal }) => principal)).size === trusted.length;
  return isOne || !trusted.some(({ accounts }) => accounts.some((name) => classes.has(name)));
};

/** Whether no text says anything of an account that stands for others, or counts what is in such accounts. */
const areTextsFree = (sampled: SampledPlan): boolean => {
  const { plan } = sampled;
  const isNaming = namingIn(sampled);
  const texts = [
    ...computedNotes(sampled).map(({ message }) => message),
    ...plan.held.flatMap(({ key, reason }) => [key, reason]),
    ...plan.unresolved.flatMap(({ message, leftOut = [] }) => [message, ...leftOut]),
  ];
  const isBusy = (text: string): boolean =>
    isNaming(text) || text.startsWith('critical: guard ') || / and \d+ more\b/.test(text);
  const judged = [...judgedTexts(sampled)];
  return !texts.some(isBusy) && !judged.some((text) => isNaming(text) || / \d+ more roles$/.test(text));
};

/** Whether all that the plan says of accounts that stand for others are changes, and what these do. */
const isSpreadable = (sampled: SampledPlan): boolean => {
  const { plan, alike } = sampled;
  const places = placesIn(sampled);
  const isFree = ({ id, key, dependsOn }: Change): boolean => {
    const place = places.get(id);
    if (place === undefined) return !isOfClass(alike, key);
    return dependsOn.every((other) => (places.get(other) ?? place) === place);
  };
  // Rows of effective policies stand in the order in which AWS lists the accounts.
  return (
    (plan.effective ?? []).length < 2 &&
    plan.interruptions.length === 0 &&
    plan.guards.every(({ ok }) => ok) &&
    plan.changes.every(isFree) &&
    plan.unmanaged.every(({ keptBy }) => keptBy === undefined || !isOfClass(alike, keptBy)) &&
    areRowsApart(sampled) &&
    areTextsFree(sampled)
  );
};

type Names = readonly string[];

/** Lists of accounts with all for which each stands, put in order: equal lists become one list. */
const spreadBy = ({ classes }: AlikeAccounts, order: (accounts: Names) => Names): ((accounts: Names) => Names) => {
  const known = new Map<string, Names>();
  return rememberedOf((accounts: Names) => {
    if (!accounts.some((name) => classes.has(name))) return accounts;
    const key = accounts.join('\n');
    const made = known.get(key) ?? order(accounts.flatMap((name) => classes.get(name) ?? [name]));
    known.set(key, made);
    return made;
  });
};

/** Changes of one key but for the account, at one step of one phase: one change, or an assignment in each account. */
type Unit = {
  readonly phase: number;
  readonly level: number;
  readonly start: Key;
  readonly made: SpreadChange[];
  /** What follows the start in the keys of the sample. */
  readonly ends: string[];
};
/** A change with that of the sample from which it comes. */
type SpreadChange = { readonly change: Change; readonly from: string };

const byPlace = (one: Unit, other: Unit): number =>
  one.phase - other.phase ||
  one.level - other.level ||
  (one.start < other.start ? -1 : Number(one.start > other.start));

/** The key up to the account, by which the changes of one line stand together; all of a kind of IAM stand by account. */
const startOf = ({ key, kind }: Change): Key => {
  if (kind === 'assignment') return key.slice(0, key.lastIndexOf('@') + 1);
  return accountInKey(key) === undefined ? key : `${kind}/`;
};

type InEach = { readonly accounts: Names; readonly idOf: (account: string) => string };

const grantsInEach = (change: Change, assignment: Assignment, { accounts }: InEach): readonly SpreadChange[] => {
  const start = startOf(change);
  const idOf = assignmentIds(change.action, assignment);
  const side = change.action === 'create' ? 'after' : 'before';
  const reachOf = remembered((account: string): Names => [account]);
  return accounts.map((account) => {
    const [key, own] = [`${start}${account}`, { ...assignment, account }];
    const reaches = change.reaches === undefined ? {} : { reaches: reachOf(account) };
    return { change: { ...change, id: idOf(key, own), key, [side]: own, ...reaches }, from: change.id };
  });
};

/** What has its account in its documents, too. */
const iamInEach = (change: Change, from: string, { accounts, idOf }: InEach): readonly SpreadChange[] =>
  accounts.map((name) => {
    const carried = (one: Resource | undefined): Resource | undefined =>
      one !== undefined && isOfIam(one) ? carriedInto(one, { name, id: idOf(name) }, idOf(from)) : one;
    const [before, after] = [carried(beforeOf(change)), carried(afterOf(change))];
    const { kind, action } = change;
    const key = keyOf(after ?? (before as Resource));
    const sides = { ...(before && { before }), ...(after && { after }) };
    const reaches = change.reaches === undefined ? {} : { reaches: [name] };
    const id = changeId({ kind, key, action, ...sides });
    return { change: { ...change, id, key, ...sides, ...reaches }, from: change.id };
  });

const unitsOf = (sampled: SampledPlan, spread: (accounts: Names) => Names): readonly Unit[] => {
  const { plan, alike, levelOf, desired } = sampled;
  const ids = new Map(Object.entries(desired.accounts).map(([id, name]) => [name, id]));
  const units = new Map<string, Unit>();
  for (const change of plan.changes) {
    const [phase, level, start] = [phases.indexOf(change.phase), levelOf(change.id), startOf(change)];
    const name = `${phase} ${level} ${start}`;
    const unit = units.get(name) ?? { phase, level, start, made: [], ends: [] };
    units.set(name, unit);
    unit.ends.push(change.key.slice(start.length));
    const placed = placedIn(change, alike);
    if (placed !== undefined) {
      const each = { accounts: alike.classes.get(placed.account) ?? [], idOf: (name: string) => ids.get(name) ?? '' };
      const made =
        placed.kind === 'assignment' ? grantsInEach(change, placed, each) : iamInEach(change, placed.account, each);
      for (const one of made) unit.made.push(one);
    } else {
      const reaches = change.reaches === undefined ? {} : { reaches: spread(change.reaches) };
      unit.made.push({ change: { ...change, ...reaches }, from: change.id });
    }
  }
  return [...units.values()];
};

/**
 * In the order of the keys. Units of the same accounts are put in order alike: that of the first is remembered, as places.
 */
const ordering = (): ((unit: Unit) => readonly SpreadChange[]) => {
  const known = new Map<string, readonly number[]>();
  return ({ made, ends }) => {
    if (made.length === 1) return made;
    const name = ends.join('\n');
    const places = known.get(name) ?? [...made.keys()].sort((one, other) => byKeyAt(made, one, other));
    known.set(name, places);
    return places.flatMap((place) => made[place] ?? []);
  };
};

const byKeyAt = (made: readonly SpreadChange[], one: number, other: number): number => {
  const [a = '', b = ''] = [made[one]?.change.key, made[other]?.change.key];
  return a < b ? -1 : Number(a > b);
};

/** Who waits for a change in an account waits for that of its own account, and what is in no account for that of each. */
const waitingForAll = (made: readonly SpreadChange[], sampled: SampledPlan): readonly SpreadChange[] => {
  const places = placesIn(sampled);
  const awaited = new Set(sampled.plan.changes.flatMap(({ dependsOn }) => dependsOn.filter((id) => places.has(id))));
  if (awaited.size === 0) return made;
  const all = new Map([...awaited].map((id) => [id, new Map<string, string>()]));
  for (const { change, from } of made) all.get(from)?.set(accountInKey(change.key) ?? '', change.id);
  return made.map(({ change, from }) => {
    if (!change.dependsOn.some((id) => all.has(id))) return { change, from };
    const own = places.has(from) ? accountInKey(change.key) : undefined;
    const idsOf = (id: string): readonly string[] => {
      const ids = all.get(id);
      if (ids === undefined) return [id];
      return own === undefined ? [...ids.values()] : [ids.get(own) ?? id];
    };
    return { change: { ...change, dependsOn: change.dependsOn.flatMap(idsOf).sort() }, from };
  });
};

const lanesOf = (made: readonly SpreadChange[], { plan: { lanes, changes } }: SampledPlan): readonly Lane[] => {
  const [only, ...others] = lanes;
  if (only !== undefined && others.length === 0 && only.changes.length === changes.length)
    return [{ ...only, changes: made.map(({ change }) => change.id) }];
  const laneOf = new Map(lanes.flatMap((lane) => lane.changes.map((id) => [id, lane] as const)));
  return lanes.map((lane) => ({
    ...lane,
    changes: made.flatMap(({ change, from }) => (laneOf.get(from) === lane ? [change.id] : [])),
  }));
};

/** The key of the same thing in another account. */
const keyIn = (key: Key, account: string): Key =>
  key.startsWith('assignment/')
    ? `${key.slice(0, key.lastIndexOf('@') + 1)}${account}`
    : `${key.slice(0, key.indexOf('/') + 1)}${account}${key.slice(key.indexOf(':'))}`;

const unmanagedOf = ({ plan: { unmanaged }, alike }: SampledPlan): readonly Unmanaged[] => {
  const all = unmanaged.flatMap((one) => {
    const account = accountInKey(one.key);
    const accounts = account === undefined ? undefined : alike.classes.get(account);
    return accounts === undefined ? [one] : accounts.map((name) => ({ ...one, key: keyIn(one.key, name) }));
  });
  return all.sort((a, b) => (a.key < b.key ? -1 : 1));
};

/** Rows of one principal stand in the order of their first accounts. */
const accessOf = ({ plan: { access } }: SampledPlan, spread: (accounts: Names) => Names): readonly AccessChange[] =>
  access.map((row) => ({ ...row, accounts: spread(row.accounts) }));

const grantsOf = ({ plan: { grants = [] }, alike, desired }: SampledPlan): readonly GrantRow[] => {
  const weighed = byWeight(desired);
  const spread = spreadBy(alike, (accounts) => weighed(accounts));
  return grants.map((row) => ({ ...row, where: spread(row.where) }));
};

/** Undefined where something is to be said of accounts by name. What is counted over all changes is left to the caller. */
export const spreadPlan = (sampled: SampledPlan): Plan | undefined => {
  if (!isSpreadable(sampled)) return undefined;
  const { plan, alike } = sampled;
  const spread = spreadBy(alike, (accounts) => [...accounts].sort());
  const units = [...unitsOf(sampled, spread)].sort(byPlace);
  const made = waitingForAll(units.flatMap(ordering()), sampled);
  return {
    ...plan,
    changes: made.map(({ change }) => change),
    access: accessOf(sampled, spread),
    ...(plan.effective && {
      effective: plan.effective.map((row) => ({ ...row, accounts: spread(row.accounts) })),
    }),
    ...(plan.grants && { grants: grantsOf(sampled) }),
    unmanaged: unmanagedOf(sampled),
    lanes: lanesOf(made, sampled),
  };
};

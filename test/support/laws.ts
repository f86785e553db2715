/** What must be true at every acknowledged moment of an apply, whatever goes wrong. */
import type { Live, Outcome } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import { canonical } from '../../src/kinds/equal.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { afterOf, beforeOf, subjectOf } from '../../src/model/plan.ts';
import { FULL_AWS_ACCESS, keyOf, ouKey, parentPath, resourcesOf } from '../../src/model/resource.ts';
import type { Key, Resource, State } from '../../src/model/resource.ts';
import { mentions } from '../../src/plan/situation/mentions.ts';
import { project } from '../../src/plan/situation/project.ts';
import { rekey } from '../../src/plan/situation/rekey.ts';
import type { SandboxClock, Sandbox } from '../../src/sandbox/handle.ts';
import type { HttpRequest, HttpResponse } from '../../src/sandbox/http.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { accessIn } from './access.ts';
import { childPath, namingOf, worldState } from './world-state.ts';
import { writeOf } from './written-keys.ts';
import type { Write } from './written-keys.ts';

export type Laws = {
  /** A process starts. */
  readonly begins: () => void;
  readonly planned: (plan: Plan, live: Live) => void;
  readonly started: (change: Change) => void;
  readonly settled: (change: Change, outcome: Outcome) => void;
  /** Lets the sandbox answer, and looks at what that did. */
  readonly observe: (sandbox: Sandbox, request: HttpRequest, now: SandboxClock) => HttpResponse;
  /** What somebody else does is nobody's violation. */
  readonly meddled: (act: () => void) => void;
  readonly isForeign: () => boolean;
  /** From now on only this may be begun; undefined: anything that is planned. */
  readonly approved: (plan: Plan | undefined) => void;
  readonly ended: (plan: Plan) => void;
  readonly broken: (violation: string) => void;
  readonly violations: () => readonly string[];
};

const assignmentsIn = (state: State): readonly Key[] => resourcesOf(state, 'assignment').map(keyOf);

/** Who may do everything of a service may read it. */
const stronger = (access: string): string => access.replace('/ReadOnlyAccess ', '/AdministratorAccess ');

/** An OU that goes takes along what hung on it. */
const rails = (state: State): ReadonlySet<Key> =>
  new Set(
    resourcesOf(state, 'attachment')
      .filter(({ target }) => target.type !== 'ou' || state[ouKey(target.path)] !== undefined)
      .map(keyOf),
  );

const same = (one: Resource | undefined, other: Resource | undefined): boolean =>
  (one === undefined ? '' : canonical(one)) === (other === undefined ? '' : canonical(other));

const withoutOwner = (resource: Resource): Resource => {
  const { owner: _owner, scope: _scope, ...rest } = resource as Resource & { owner?: string; scope?: string };
  return rest;
};

/** Single values that differ; of lists and documents each element counts for itself. */
const strangeFields = (found: Resource, other: Resource | undefined): readonly string[] =>
  Object.entries(found)
    .filter(([field, value]) => {
      const known = (other as Readonly<Record<string, unknown>> | undefined)?.[field];
      return typeof value === 'string' && known !== undefined && known !== value;
    })
    .map(([field]) => field);

/** A renamed OU stands in `before` under its new path with its old name. */
const formerKey = (resource: Resource): Key =>
  resource.kind === 'ou' ? ouKey(childPath(parentPath(resource.path), resource.name)) : keyOf(resource);

const isPlanned = ({ key, intent }: Write, change: Change): boolean => {
  const before = change.action === 'create' ? undefined : formerKey(change.before);
  if (key !== change.key && key !== before) return false;
  if (intent === 'part') return true;
  if (intent === 'update') return change.action !== 'delete';
  return change.action === intent;
};

/** What must be gone, if the files are to be the whole truth about what is ours. */
const isOurs = (desired: Desired, state: State, resource: Resource): boolean => {
  const { owner } = desired.settings;
  switch (resource.kind) {
    case 'scp':
    case 'rcp':
    case 'ou':
    case 'permission-set':
    case 'role':
    case 'policy':
    case 'oidc-provider':
      return resource.owner === owner;
    case 'membership':
      return desired.memberGroups.includes(resource.group);
    case 'assignment': {
      // A dead principal beside a living one is not looked for: nobody has its access.
      if (resource.principal.orphan === true) return false;
      const set = state[`permission-set/${resource.permissionSet}`];
      return set?.kind === 'permission-set' && set.owner === owner && set.scope === 'all';
    }
    default:
      return false;
  }
};

export type LawOptions = { readonly desired: Desired; readonly world: SandboxWorld; readonly now: () => number };

export const lawsOf = ({ desired, world, now }: LawOptions): Laws => {
  // What is not declared is renamed by nobody.
  const previously = Object.fromEntries(
    Object.entries(desired.previously).filter(([key]) => desired.state[key] !== undefined),
  );
  const view = (): State => rekey(worldState(world, desired.accounts, now()), previously);
  const violations: string[] = [];
  const broken = (violation: string): void => {
    if (violations.length < 20) violations.push(violation);
  };
  // AWS hangs it on every new OU by itself, and on everything when SCPs are enabled.
  const implied = (live: State): State => {
    const places = live['policy-type/SERVICE_CONTROL_POLICY'] === undefined ? '' : 'ou:';
    const prefix = `attachment/scp:${FULL_AWS_ACCESS}@${places}`;
    return Object.fromEntries(Object.entries(desired.state).filter(([key]) => key.startsWith(prefix)));
  };
  const initial = view();
  let running: readonly Change[] = [];
  /** Written by two processes at once: the one cannot know what the other makes of it a moment later. */
  const contested = new Set<Key>();
  let plans = 0;
  let approval: Plan | undefined;
  /** Begun although somebody else had been there since it was approved. */
  const moved = new Set<Key>();
  /** What somebody else changed since the process started, or too lately before for its reads to show it; and ever. */
  const touched = new Map<Key, number>();
  const foreign = new Set<Key>();
  let spared: readonly Key[] | undefined;
  const assigned = new Set(assignmentsIn(initial));
  let given = new Set(accessIn(initial));
  let required = rails(initial);
  let somebodyElse = false;
  let ended = 0;

  const checkMoment = (after: string): void => {
    const state = view();
    for (const key of assignmentsIn(state))
      if (!assigned.has(key)) broken(`after ${after}: ${key}, which neither the old nor the new state has`);
    for (const one of somebodyElse ? [] : accessIn(state))
      if (!given.has(one) && !given.has(stronger(one)))
        broken(`after ${after}: ${one}, which neither the old nor the new state gives`);
    const hanging = rails(state);
    for (const key of required)
      if (!hanging.has(key)) broken(`after ${after}: ${key} is missing, which both ends have`);
  };
  /** Approved is what a change leads to, from what was seen then or from what the change itself has made of it. */
  const checkApproval = ({ changes }: Plan, change: Change): void => {
    const known = changes.filter(({ key }) => key === change.key);
    if (!known.some((one) => same(afterOf(one), afterOf(change))))
      broken(`not approved: ${change.action} ${change.key}`);
    const found = view()[change.key];
    const ways = known.flatMap((one) => [beforeOf(one), afterOf(one)]);
    if (found !== undefined && ways.every((one) => strangeFields(found, one).length > 0) && foreign.has(change.key))
      moved.add(change.key);
    else moved.delete(change.key);
  };
  /** It had moved before it was begun, and was looked at again: whatever is written to it now should have been held. */
  const checkMoved = (write: Write): void => {
    const change = running.find((one) => isPlanned(write, one));
    if (change !== undefined && moved.has(change.key))
      broken(`it moved after it was approved, and was not held: ${change.action} ${change.key}`);
  };
  /** The name of a group that somebody deletes meanwhile is lost to us, and not to the plan. */
  const isStranger = (key: Key): boolean => somebodyElse && key.includes(':~');
  /** AWS carries an assignment out whose group somebody deletes meanwhile, and says SUCCEEDED. */
  const namesWhatWent = (change: Change, state: State): boolean =>
    mentions(subjectOf(change)).some((key) => touched.has(key) && state[key] === undefined);
  const settledRequests = (): number => world.sso.requests.filter(({ status }) => status !== 'IN_PROGRESS').length;

  return {
    begins: () => {
      running = [];
      contested.clear();
      const visible = now() - world.settings.readAfterWriteDelayMs;
      for (const [key, at] of touched) if (at <= visible) touched.delete(key);
      moved.clear();
      plans = 0;
    },
    approved: (plan) => {
      approval = plan;
    },
    isForeign: () => somebodyElse,
    planned: (plan, live) => {
      spared ??= plan.unmanaged.map(({ key }) => key);
      const final = project({ ...implied(live.state), ...rekey(live.state, previously) }, plan.changes);
      for (const key of [...assignmentsIn(view()), ...assignmentsIn(final)]) assigned.add(key);
      const [first, last] = [view(), final];
      plans += 1;
      // A second process starts from what the first has left so far.
      given = new Set([...(plans > 1 ? given : []), ...accessIn(first), ...accessIn(last)]);
      const kept = rails(last);
      // What a second process is to take down is at one end only, whatever the first one kept.
      const goes = new Set(plan.changes.filter(({ action }) => action === 'delete').map(({ key }) => key));
      const before = plans > 1 ? [...required].filter((key) => !goes.has(key)) : [];
      required = new Set([...before, ...[...rails(first)].filter((key) => kept.has(key))]);
    },
    started: (change) => {
      if (running.some(({ key }) => key === change.key)) contested.add(change.key);
      running = [...running, change];
      if (approval !== undefined) checkApproval(approval, change);
    },
    settled: (change, { status }) => {
      running = running.filter((one) => one !== change);
      if (status !== 'done' || touched.has(change.key) || contested.has(change.key)) return;
      const state = view();
      if (!same(state[change.key], afterOf(change)) && !namesWhatWent(change, state))
        broken(`a false done: ${change.action} ${change.key}`);
    },
    observe: (sandbox, request, clock) => {
      const write = writeOf(request, world, namingOf(world, desired.accounts));
      const response = sandbox.handle(request, clock);
      const carriedOut = write !== undefined && response.status < 300;
      if (carriedOut && !isStranger(write.key) && !running.some((change) => isPlanned(write, change)))
        broken(`${write.operation} was not planned: ${write.intent} ${write.key}`);
      if (carriedOut) checkMoved(write);
      const endedNow = settledRequests();
      if (carriedOut || endedNow !== ended) checkMoment(write?.operation ?? 'an asynchronous operation');
      ended = endedNow;
      return response;
    },
    meddled: (act) => {
      const before = view();
      act();
      const after = view();
      somebodyElse = true;
      for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        if (same(before[key], after[key])) continue;
        touched.set(key, now());
        foreign.add(key);
      }
      for (const key of assignmentsIn(after)) assigned.add(key);
      const hanging = rails(after);
      required = new Set([...required].filter((key) => hanging.has(key)));
      ended = settledRequests();
    },
    ended: (plan) => {
      const final = view();
      const excused = new Set<Key>([...plan.held.map(({ key }) => key)]);
      const unresolved = new Set(plan.unresolved.map(({ name }) => name));
      for (const key of spared ?? [])
        if (!foreign.has(key) && !same(initial[key], final[key])) broken(`${key} was not ours and is not as it was`);
      if (unresolved.size > 0) return;
      for (const [key, wanted] of Object.entries(desired.state)) {
        const found = final[key];
        if (excused.has(key) || (found !== undefined && same(withoutOwner(found), withoutOwner(wanted)))) continue;
        broken(`${key} is ${found === undefined ? 'missing' : 'not'} as desired at the end`);
      }
      for (const [key, found] of Object.entries(final))
        if (desired.state[key] === undefined && !excused.has(key) && isOurs(desired, final, found))
          broken(`${key} is ours, not desired, and still there at the end`);
    },
    broken,
    violations: () => violations,
  };
};

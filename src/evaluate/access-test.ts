/** Access tests: what must hold, asked of a state. A decision that depends on a key nobody knows holds for neither side. */

import type { OneOrMany } from '../model/policy.ts';
import { listOf } from '../model/policy.ts';
import type { Place } from '../model/problem.ts';
import { roleKey } from '../model/resource.ts';
import type { Account, Grant, Principal, Role } from '../model/resource.ts';
import { isRole, readRoleName } from '../model/role-name.ts';
import type { ActionResources } from './ask/actions.ts';
import { actionsMatching, hasWildcard, loadActionResources, spelledAction } from './ask/actions.ts';
import { alikeIn } from './accounts-alike.ts';
import type { ClassOf } from './accounts-alike.ts';
import { askAllowed, askDeniedElsewhere, notDenied } from './ask/ask.ts';
import { trustedQuestions } from './ask/assuming.ts';
import { actionsOpenTo } from './ask/resources.ts';
import type { InquiryAnswer, InquiryContext } from './ask/question.ts';
import { noGrant, actorQuestionOf } from './ask/question.ts';
import type { Inquiry } from './ask/asking.ts';
import type { Reason } from './decide.ts';
import { globOf } from './ask/patterns.ts';
import { glob } from './match.ts';
import { readyStatements } from './ask/narrow.ts';
import type { Actor } from './actors.ts';
import { roleActors, rootActor, setActor, strayActors } from './actors.ts';
import type { AccessWorld } from './policies-of.ts';
import { accountOf, assignedSets, entitledRoles } from './policies-of.ts';
import type { RequestContext } from './request.ts';
import type { SettingFailure, SettingsTest } from './settings-test.ts';
import { settingFailures } from './settings-test.ts';

type TestSubject = {
  readonly group?: string;
  readonly user?: string;
  readonly permissionSet?: string;
  readonly role?: string;
  readonly rootUser?: true;
};

type AccessTestRequest =
  | string
  | {
      readonly action: OneOrMany<string>;
      readonly resource?: OneOrMany<string>;
      readonly resourceAccount?: string;
      readonly context?: RequestContext;
    };
/** A test of access/tests about who may do what; `accounts` is what its targeting words come to. */
export type AccessTest = {
  readonly name: string;
  readonly place: Place;
  readonly as: TestSubject & { readonly anyone?: true; readonly except?: readonly TestSubject[] };
  readonly accounts: readonly string[];
  /** YYYY-MM-DD: the world is then the one of that day. */
  readonly at?: string;
  readonly allowed: readonly AccessTestRequest[];
  readonly denied: readonly AccessTestRequest[];
  readonly only: boolean;
};

/** One test of access/tests. */
export type DeclaredTest = AccessTest | SettingsTest;

type TestFailure = {
  readonly message: string;
  readonly principal: string;
  readonly account: string;
  readonly action: string;
  readonly resource?: string;
  readonly decision: InquiryAnswer['decision'];
  /** The statements that decided, or on which it hangs. */
  readonly reasons: readonly Reason[];
  readonly dependsOn: readonly string[];
};

export type AccessTestResult = {
  readonly name: string;
  readonly ok: boolean;
  readonly place: Place;
  readonly failures: readonly TestFailure[];
};

/** `worldAt` gives the world of a day (YYYY-MM-DD), or of now. `now` is ISO 8601. */
export type TestContext = { readonly now: string; readonly worldAt: (day: string | undefined) => AccessWorld };

/** More of one test say nothing new. */
const mostFailures = 20;
const mostStray = 3;

const asksOf = (request: AccessTestRequest, accountId: (name: string) => string | undefined): readonly Inquiry[] => {
  if (typeof request === 'string') return [{ action: request }];
  const { action, resource, resourceAccount, context } = request;
  const owner = resourceAccount === undefined ? undefined : accountId(resourceAccount);
  const resources: readonly (string | undefined)[] = resource === undefined ? [undefined] : listOf(resource);
  return listOf(action).flatMap((one) =>
    resources.map((pattern) => ({
      action: one,
      ...(pattern === undefined ? {} : { resource: pattern }),
      ...(owner === undefined ? {} : { resourceAccount: owner }),
      ...(context === undefined ? {} : { context }),
    })),
  );
};

const actionsOf = (request: AccessTestRequest): readonly string[] =>
  typeof request === 'string' ? [request] : listOf(request.action);

/** Only `allowed` without a resource runs over the resources that an action works on. */
const actionsAskedAnywhere = (tests: readonly DeclaredTest[]): readonly string[] =>
  tests
    .flatMap((test) => ('effective' in test ? [] : test.allowed))
    .filter((request) => typeof request === 'string' || request.resource === undefined)
    .flatMap(actionsOf)
    .flatMap((action) => (hasWildcard(action) ? actionsMatching(action) : [action]));

/** What somebody holds: a group its assignments, a user its own and those of the groups that are known to have it. */
export const setsHeld = (world: AccessWorld, account: Account, principal: Principal): readonly string[] =>
  assignedSets(world, account, holdsAs(world, principal));

/** Roles themselves, by account access manager. */
export const rolesHeld = (world: AccessWorld, account: Account, principal: Principal): readonly Role[] =>
  entitledRoles(world, account, holdsAs(world, principal));

const holdsAs = (world: AccessWorld, { type, name }: Principal): ((grant: Grant) => boolean) => {
  const groups = type === 'user' ? world.groupsOf(name) : new Set([name]);
  return ({ principal }) =>
    principal.type === 'group' ? groups.has(principal.name) : type === 'user' && principal.name === name;
};

const allHeld = (world: AccessWorld, account: Account, principal: Principal): readonly Actor[] => {
  const roles = new Set(rolesHeld(world, account, principal));
  return [
    ...holding(world, account, setsHeld(world, account, principal)),
    ...(roles.size === 0 ? [] : roleActors(world, account, (role) => roles.has(role))),
  ];
};

const holding = (world: AccessWorld, account: Account, sets: readonly string[]): readonly Actor[] =>
  sets.flatMap((set) => setActor(world, set, account) ?? []);

const actorsOf = (world: AccessWorld, account: Account, subject: TestSubject): readonly Actor[] => {
  if (subject.rootUser) return [rootActor(world, account)];
  const { group, user, permissionSet } = subject;
  if (permissionSet !== undefined)
    return holding(
      world,
      account,
      assignedSets(world, account).filter((name) => name === permissionSet),
    );
  if (group !== undefined) return allHeld(world, account, { type: 'group', name: group });
  if (user !== undefined) return allHeld(world, account, { type: 'user', name: user });
  const wanted = subject.role === undefined ? undefined : readRoleName(subject.role);
  return wanted?.account === account.name ? roleActors(world, account, (role) => isRole(role, wanted)) : [];
};

/** The root user, every set assigned and every role declared there, and two strangers with AdministratorAccess. */
const anyone = (world: AccessWorld, account: Account): readonly Actor[] => [
  rootActor(world, account),
  ...holding(world, account, assignedSets(world, account)),
  ...roleActors(world, account, (role) => world.declares?.(roleKey(role)) ?? true),
  ...strayActors(world, account),
];

const actorsIn = (world: AccessWorld, account: Account, { as }: AccessTest): readonly Actor[] => {
  if (!as.anyone) return actorsOf(world, account, as);
  const out = new Set((as.except ?? []).flatMap((subject) => actorsOf(world, account, subject).map(({ arn }) => arn)));
  return anyone(world, account).filter(({ arn }) => !out.has(arn));
};

/** A few words for who is asked: the test's own, or whoever of `anyone` it was. */
const principalText = ({ as }: AccessTest, actor: Actor | undefined): string => {
  const through = actor === undefined ? '' : ` (through ${actor.name})`;
  if (as.group !== undefined) return `group:${as.group}${through}`;
  if (as.user !== undefined) return `user:${as.user}${through}`;
  if (actor !== undefined) return actor.name;
  return as.permissionSet === undefined ? `role:${as.role ?? ''}` : `permission-set:${as.permissionSet}`;
};

const on = (resource: string | undefined): string => (resource === undefined ? '' : ` on ${resource}`);
const verdict = ({ decision, detail, because }: InquiryAnswer): string => {
  if (decision === 'depends') return `depends on ${detail.dependsOn.join(', ')}`;
  return because === undefined ? `is ${decision}` : `is ${decision} (${because})`;
};

type TestCase = {
  readonly asker: InquiryContext;
  readonly test: AccessTest;
  readonly account: Account;
  readonly actors: readonly Actor[];
};

const failureOf = (
  { test, account }: TestCase,
  actor: Actor | undefined,
  found: { answer: InquiryAnswer; must: string },
): TestFailure => {
  const { answer, must } = found;
  const action = spelledAction(answer.action);
  const principal = principalText(test, actor);
  return {
    message: `${principal} in ${account.name}: ${action}${on(answer.resource)} ${verdict(answer)}, ${must}`,
    principal,
    account: account.name,
    action,
    ...(answer.resource === undefined ? {} : { resource: answer.resource }),
    decision: answer.decision,
    reasons: answer.detail.reasons,
    dependsOn: answer.detail.dependsOn,
  };
};

const whyNothing = ({ as }: AccessTest): string => {
  if (as.role !== undefined) return 'that role is not there';
  return as.permissionSet === undefined ? 'nothing is given to it there' : 'it is given to nobody there';
};

const nothingHeld = ({ test }: TestCase, asking: Inquiry): InquiryAnswer => ({
  decision: 'denied',
  detail: noGrant,
  because: whyNothing(test),
  action: asking.action,
  ...(asking.resource === undefined ? {} : { resource: asking.resource }),
});

/** Some of the actors' sets must allow it; the nearest miss is told. */
const allowedFailure = (one: TestCase, asking: Inquiry): readonly TestFailure[] => {
  const must = 'must be allowed';
  const missed = one.actors.map((actor) => ({ actor, answer: askAllowed(one.asker, actor, asking) }));
  if (missed.some(({ answer }) => answer.decision === 'allowed')) return [];
  const told = missed.find(({ answer }) => answer.decision === 'depends') ?? missed[0];
  return [failureOf(one, told?.actor, { answer: told?.answer ?? nothingHeld(one, asking), must })];
};

const deniedFailures = (one: TestCase, asking: Inquiry): readonly TestFailure[] =>
  one.actors.flatMap((actor) => {
    const answer = notDenied(one.asker, actor, asking);
    return answer === undefined ? [] : [failureOf(one, actor, { answer, must: 'must be denied' })];
  });

/** Every action that a statement of the actor, a role's trust or the policy of a resource may allow, in AWS's spelling where AWS has it. */
const actionsGranted = (world: AccessWorld, actor: Actor): readonly string[] => {
  const trusted = trustedQuestions(world, actorQuestionOf(actor, { action: '*' })).map(({ asking }) => asking.action);
  const granted = (actor.policies.identityPolicies ?? [])
    .flatMap(readyStatements)
    .filter(({ statement }) => statement.Effect === 'Allow')
    .flatMap(({ actions }) => (actions.negated ? ['*'] : actions.members.map(({ text }) => text)));
  return [...new Set([...granted, ...trusted, ...actionsOpenTo(world, actor)])].flatMap((action) =>
    hasWildcard(action) ? actionsMatching(action) : [spelledAction(action)],
  );
};

const allowedResources = (askings: readonly Inquiry[], action: string): readonly string[] | 'every' => {
  const matching = askings.filter((asking) => glob(globOf(asking.action.toLowerCase()), action.toLowerCase()));
  const resources = matching.flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
  return resources.length === matching.length ? resources : 'every';
};

/** Nothing but what the test allows: no other action, nor one of these on other resources. */
const strayFailures = (one: TestCase, askings: readonly Inquiry[]): readonly TestFailure[] =>
  one.actors.flatMap((actor) => {
    const found: TestFailure[] = [];
    const unread = actor.policies.identityPolicies?.some(({ policy }) => policy === null) ?? false;
    for (const action of unread ? ['*'] : new Set(actionsGranted(one.asker.world, actor))) {
      const except = allowedResources(askings, action);
      if (except === 'every') continue;
      const answer = askDeniedElsewhere(one.asker, actor, { asking: { action }, except });
      if (answer !== undefined)
        found.push(failureOf(one, actor, { answer, must: 'and only the listed is to be allowed' }));
      if (found.length === mostStray) break;
    }
    return found;
  });

const failuresIn = (one: TestCase): readonly TestFailure[] => {
  const { world } = one.asker;
  const id = (name: string) => accountOf(world, name)?.id;
  const allowed = one.test.allowed.flatMap((request) => asksOf(request, id));
  const denied = one.test.denied.flatMap((request) => asksOf(request, id));
  return [
    ...allowed.flatMap((asking) => allowedFailure(one, asking)),
    ...denied.flatMap((asking) => deniedFailures(one, asking)),
    ...(one.test.only ? strayFailures(one, allowed) : []),
  ];
};

const cannotAsk = (test: AccessTest, account: string, why: string): TestFailure => ({
  message: `${principalText(test, undefined)} in ${account}: ${why}`,
  principal: principalText(test, undefined),
  account,
  action: '*',
  decision: 'depends',
  reasons: [],
  dependsOn: [],
});

/** Nobody does anything in an account that is not there. */
const noAccount = (test: AccessTest, account: string): readonly TestFailure[] =>
  test.allowed.length === 0
    ? []
    : [{ ...cannotAsk(test, account, 'the organization has no such account'), decision: 'denied' }];

const asksRoles = ({ as }: AccessTest): boolean => as.anyone === true || as.role !== undefined;

const failuresAt = (test: AccessTest, name: string, asker: InquiryContext): readonly TestFailure[] => {
  const account = accountOf(asker.world, name);
  if (account === undefined) return noAccount(test, name);
  if (asksRoles(test) && asker.world.unreadIam?.has(name)) return [cannotAsk(test, name, 'its IAM could not be read')];
  return failuresIn({ asker, test, account, actors: actorsIn(asker.world, account, test) });
};

/** Whether what it asks may tell an account from another: by an id or a part of one, or because it names one. */
const namesAccounts = ({ allowed, denied }: AccessTest): boolean =>
  /\d{3}|account|principalarn/i.test(JSON.stringify([allowed, denied]));

/** Where it holds in one of the accounts that are alike, it holds in all of them. */
const failuresOf = (test: AccessTest, asker: InquiryContext): readonly TestFailure[] => {
  const classOf: ClassOf = namesAccounts(test) ? () => undefined : alikeIn(asker.world);
  const fine = new Set<string>();
  const failures: TestFailure[] = [];
  for (const name of test.accounts) {
    const alike = classOf(name);
    if (alike !== undefined && fine.has(alike)) continue;
    const found = failuresAt(test, name, asker);
    if (alike !== undefined && found.length === 0) fine.add(alike);
    failures.push(...found);
    if (failures.length >= mostFailures) break;
  }
  return failures;
};

const settingFailure = ({ message, kind, account, path, decision }: SettingFailure): TestFailure => ({
  message,
  principal: kind,
  account,
  action: path,
  decision,
  reasons: [],
  dependsOn: decision === 'depends' ? [path] : [],
});

const runTest = (test: DeclaredTest, resources: ActionResources, { now, worldAt }: TestContext): AccessTestResult => {
  const at = test.at === undefined ? now : `${test.at}T00:00:00Z`;
  const world = worldAt(test.at);
  const failures =
    'effective' in test
      ? settingFailures(test, world).map(settingFailure)
      : failuresOf(test, { world, resources, now: at });
  return { name: test.name, ok: failures.length === 0, place: test.place, failures: failures.slice(0, mostFailures) };
};

/** Every test against the world of its day, in the order given. Pure but for the catalogue of actions, which is read once. */
export const runTests = async (
  tests: readonly DeclaredTest[],
  context: TestContext,
): Promise<readonly AccessTestResult[]> => {
  const resources = await loadActionResources(actionsAskedAnywhere(tests));
  return tests.map((test) => runTest(test, resources, context));
};

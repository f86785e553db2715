/**
 * `plan` and `why` agree about ways to more rights: what a plan reports, `why` does not call denied, and what `why` calls
 * allowed, a plan reports. `GATEHOUSE_CASES=20000` for the long run.
 */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { askAllowed, askDenied, notDenied } from '../../src/evaluate/ask/ask.ts';
import { loadActionResources } from '../../src/evaluate/ask/actions.ts';
import type { ActionResources } from '../../src/evaluate/ask/actions.ts';
import type { InquiryContext } from '../../src/evaluate/ask/question.ts';
import type { Inquiry } from '../../src/evaluate/ask/asking.ts';
import { roleActors, setActor } from '../../src/evaluate/actors.ts';
import type { Actor } from '../../src/evaluate/actors.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { EscalationPath } from '../../src/evaluate/escalation-paths.ts';
import { escalationPaths } from '../../src/evaluate/escalation-paths.ts';
import { accountOf, createWorld } from '../../src/evaluate/policies-of.ts';
import type { PlacedRole, AccessWorld } from '../../src/evaluate/policies-of.ts';
import type { AccessChange } from '../../src/model/plan.ts';
import type { State } from '../../src/model/resource.ts';
import { accessBetween } from '../../src/plan/access/access.ts';
import type { AccessContext } from '../../src/plan/access/context.ts';
import { MANAGEMENT, NOW, ORGANIZATION } from '../support/build.ts';
import type { EscalatingWorld } from '../support/escalating-worlds.ts';
import { actionCatalogue, escalatingWorlds } from '../support/escalating-worlds.ts';

const cases = Number(process.env['GATEHOUSE_CASES'] ?? 60);
const LATER = '9998-12-31T00:00:00.000Z';
const place = { organization: ORGANIZATION, region: 'eu-west-1', managementAccount: MANAGEMENT };
const context: AccessContext = {
  knowledge: { actions: actionCatalogue, policies: loadCatalogue() },
  place,
  isProduction: () => false,
  unseen: [],
  isManagement: () => false,
  now: NOW,
};

const known = new Set(actionCatalogue.actions.map(({ service, name }) => `${service}:${name}`));
const paths = escalationPaths.filter(
  ({ actions, where, byRoles }) =>
    where === undefined && byRoles === undefined && actions.every((one) => known.has(one)),
);
let resources: ActionResources;
beforeAll(async () => {
  resources = await loadActionResources(known);
});

const worldOf = (state: State): AccessWorld =>
  createWorld({ ...place, state, catalogue: loadCatalogue(), origins: {} });
const askerAt = (world: AccessWorld, now = NOW): InquiryContext => ({ world, now, resources });

const holder = (world: AccessWorld): Actor => {
  const account = accountOf(world, 'A');
  const actor = account && setActor(world, 'S', account);
  if (actor === undefined) throw new Error('the set is not there');
  return actor;
};

/** What somebody may choose of a request: when, from which Region, after which sign-in. */
const choices: readonly { readonly now: string; readonly chosen: NonNullable<Inquiry['context']> }[] = [
  NOW,
  LATER,
].flatMap((now) =>
  ['eu-west-1', 'us-east-1'].flatMap((region) =>
    [true, false].map((mfa) => ({
      now,
      chosen: { 'aws:RequestedRegion': region, 'aws:MultiFactorAuthPresent': mfa },
    })),
  ),
);

/** Whatever they choose, `why` says that it is denied. */
const isDenied = (world: AccessWorld, actor: Actor, asking: Inquiry): boolean =>
  choices.every(({ now, chosen }) => {
    const asked = { ...asking, context: { ...chosen, ...asking.context } };
    const denied = askDenied(askerAt(world, now), actor, asked).decision === 'denied';
    expect(notDenied(askerAt(world, now), actor, asked) === undefined).toBe(denied);
    return denied;
  });
const isAllowed = (world: AccessWorld, actor: Actor, asking: Inquiry): boolean =>
  askAllowed(askerAt(world), actor, asking).decision === 'allowed';

const assuming = ({ arn, account }: PlacedRole): Inquiry => ({
  action: 'sts:AssumeRole',
  resource: arn,
  resourceAccount: account.id,
});

/** What guard rails leave of it is what counts. */
const isStrong = (world: AccessWorld, { account, role }: PlacedRole): boolean =>
  roleActors(world, account, ({ name }) => name === role.name).some((actor) =>
    isAllowed(world, actor, { action: 'iam:AttachRolePolicy', resource: '*' }),
  );

const isAdministrator = ({ role }: PlacedRole): boolean => JSON.stringify(role.inlinePolicies).includes('"Action":"*"');

/** The roles that the actor comes to, step by step, as `lets` says of each step. */
const stepped = (world: AccessWorld, lets: (actor: Actor, role: PlacedRole) => boolean): ReadonlySet<PlacedRole> => {
  const found = new Set<PlacedRole>();
  const open = [holder(world)];
  for (let actor = open.pop(); actor !== undefined; actor = open.pop()) {
    const from = actor;
    for (const role of world.roles.values()) {
      if (found.has(role) || role.arn === from.arn || !lets(from, role)) continue;
      found.add(role);
      open.push(...roleActors(world, role.account, ({ name }) => name === role.role.name));
    }
  }
  return found;
};

const rowOf = ({ before, after }: EscalatingWorld): AccessChange | undefined =>
  accessBetween(before, after, context).rows.find(({ change }) => change.principal === 'group:G')?.change;

const reported = (row: AccessChange | undefined): readonly EscalationPath[] => {
  const reasons = row?.riskReasons ?? [];
  return paths.filter(({ name, actions }) =>
    reasons.some((reason) => reason.startsWith(`escalation: ${name}, by ${actions.join(' and ')}`)),
  );
};

const isOfAdministrator = (row: AccessChange | undefined): boolean =>
  (row?.riskReasons ?? []).some((reason) => reason.startsWith('administrator:'));

const seen = { reported: 0, unreported: 0, allowed: 0, become: 0, closed: 0, passed: 0 };
type Judged = { readonly world: AccessWorld; readonly row: AccessChange | undefined };

const reportedIsOpen = ({ world, row }: Judged): void => {
  const found = reported(row);
  for (const { actions, name } of found)
    for (const action of actions) expect(isDenied(world, holder(world), { action }), `${name}: ${action}`).toBe(false);
  seen.reported += found.length;
  seen.unreported += paths.length - found.length;
};

const allowedIsReported = ({ world, row }: Judged): void => {
  const found = reported(row);
  const isMore = (row?.riskReasons ?? []).some((reason) => /^escalation: \d+ more known/.test(reason));
  for (const { name, actions } of paths) {
    if (!actions.every((action) => isAllowed(world, holder(world), { action, resource: '*' }))) continue;
    const isSaid = found.some((path) => path.actions.every((action) => actions.includes(action)));
    expect(isSaid || isMore, name).toBe(true);
    seen.allowed += 1;
  }
};

const rolesAgree = ({ world, row }: Judged): void => {
  const surely = stepped(world, (actor, role) => isAllowed(world, actor, assuming(role)));
  if ([...surely].some((role) => isStrong(world, role))) {
    expect(row?.risk).toBe('critical');
    seen.become += 1;
  }
  const perhaps = stepped(world, (actor, role) => !isDenied(world, actor, assuming(role)));
  if ([...perhaps].some(isAdministrator)) return;
  const reasons = (row?.riskReasons ?? []).filter((reason) => /^assume-role: role:/.test(reason));
  for (const reason of reasons) {
    const name = /role:(\w+)/.exec(reason)?.[1];
    expect([...perhaps].map(({ role }) => role.name)).toContain(name);
  }
  seen.closed += 1;
};

const passedIsOpen = ({ world, row }: Judged): void => {
  for (const reason of row?.riskReasons ?? []) {
    const [, kind, name] = /^(escalation|pass-role): .*role:(R\d)/.exec(reason) ?? [];
    const placed = [...world.roles.values()].find(({ role }) => role.name === name);
    if (placed === undefined) continue;
    const context = { 'iam:PassedToService': 'ec2.amazonaws.com' };
    const asking = { action: 'iam:PassRole', resource: placed.arn, context };
    expect(isDenied(world, holder(world), asking), reason).toBe(false);
    if (kind === 'escalation')
      expect(isDenied(world, holder(world), { action: 'ec2:RunInstances' }), reason).toBe(false);
    seen.passed += 1;
  }
};

it('a plan and why agree about ways to more rights', () => {
  fc.assert(
    fc.property(escalatingWorlds, (one) => {
      const judged: Judged = { world: worldOf(one.after), row: rowOf(one) };
      reportedIsOpen(judged);
      if (isOfAdministrator(judged.row)) return;
      for (const agrees of [allowedIsReported, rolesAgree, passedIsOpen]) agrees(judged);
    }),
    { numRuns: cases },
  );
  const { allowed, become, passed, ...often } = seen;
  expect(Math.min(...Object.values(often))).toBeGreaterThan(cases / 5);
  expect(Math.min(allowed, become, passed)).toBeGreaterThan(cases / 50);
});

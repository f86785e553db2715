/** Who gains and loses by the policies of resources: whoever their statements name, outsiders and everybody among them. */
import type { AccessLevel, ActionCatalogue, KnownAction } from '../../evaluate/action-catalogue.ts';
import { matchesAction, parseActionPattern } from '../../evaluate/actions.ts';
import { dataActions } from '../../evaluate/reach/data-actions.ts';
import { sensitiveActions } from '../../evaluate/reach/sensitive.ts';
import { openingFaults, riskFromOutside, strangersIn } from '../../evaluate/trust/judge.ts';
import { namesIn } from '../../evaluate/trust/principals.ts';
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import { grouped } from '../../model/lists.ts';
import type { AccessChange, AccessItem, Blocked } from '../../model/plan.ts';
import { canonicalResourcePolicy, listOf, statements } from '../../model/policy.ts';
import type { PolicyDocument, Statement } from '../../model/policy.ts';
import type { Key, Resource, ResourcePolicy, State } from '../../model/resource.ts';
import { resourcesOf, resourcePolicyKey } from '../../model/resource.ts';
import { actionsFor } from './doors.ts';
import type { Doors } from './doors.ts';
import { joined } from './judgment.ts';
import type { Judgment } from './judgment.ts';
import type { EntranceChange, EntranceMove } from './standing.ts';
import { trustedName } from './trust-names.ts';
import type { NamingScene } from './trust-names.ts';

export type ResourceJudging = NamingScene & {
  /** As in settings: the repository, whose first part is whom we are on GitHub. */
  readonly owner: string;
  readonly isProduction: (account: string) => boolean;
  readonly actions: ActionCatalogue;
  readonly doors: Doors;
};

/** One whom a statement names, for one of its actions. `key` is equal where nothing differs, conditions included. */
type Named = { readonly key: string; readonly who: string; readonly statement: Statement; readonly action: string };

const isDead = (name: string): boolean => /^A[A-Z0-9]{15,}$/.test(name);

const byPrincipal = (statement: Statement, scene: NamingScene): readonly Omit<Named, 'key' | 'action'>[] => {
  const { Sid: _sid, ...rest } = statement;
  if (rest.Principal === undefined) return [{ who: 'everybody but a few', statement: rest }];
  return namesIn(rest.Principal)
    .filter(([, name]) => !isDead(name))
    .map(([type, name]) => ({
      who: trustedName(type, name, { statement, scene }),
      statement: { ...rest, Principal: { [type]: name } },
    }));
};

/** A star for all that are not listed: what `NotAction` leaves is not said action by action. */
const namedBy = (
  document: PolicyDocument | undefined,
  effect: Statement['Effect'],
  scene: NamingScene,
): readonly Named[] =>
  (document === undefined ? [] : statements(document))
    .filter((statement) => statement.Effect === effect)
    .flatMap((statement) => byPrincipal(statement, scene))
    .flatMap((one) =>
      listOf(one.statement.Action ?? '*').map((action): Named => {
        const statement = one.statement.Action === undefined ? one.statement : { ...one.statement, Action: action };
        return { ...one, statement, action, key: canonicalResourcePolicy({ Statement: statement }) };
      }),
    );

const without = (list: readonly Named[], others: readonly Named[]): readonly Named[] => {
  const keys = new Set(others.map(({ key }) => key));
  return list.filter(({ key }) => !keys.has(key));
};

type PolicyChange = {
  readonly policy: ResourcePolicy;
  readonly opened: readonly Named[];
  readonly closed: readonly Named[];
  readonly denied: readonly Named[];
  readonly undenied: readonly Named[];
  /** Named as before, and let in or kept out by what stands above the account. */
  readonly moved: readonly MovedNamed[];
};

type MovedNamed = EntranceChange & { readonly one: Named };

const movedBetween = (
  before: ResourcePolicy | undefined,
  after: ResourcePolicy | undefined,
  { kept, scene: { doors } }: { readonly kept: readonly Named[]; readonly scene: ResourceJudging },
): readonly MovedNamed[] => {
  if (!doors.mayMove || before === undefined || after === undefined) return [];
  return kept.flatMap((one) => {
    const change = doors.changeOf({ before, after }, one.statement);
    return change === undefined ? [] : [{ ...change, one }];
  });
};

const changeOf = (before: ResourcePolicy | undefined, after: ResourcePolicy | undefined, scene: ResourceJudging) => {
  const policy = after ?? before;
  if (policy === undefined) return undefined;
  const [allowedOld, allowedNext] = [before, after].map((one) => namedBy(one?.document, 'Allow', scene));
  const [deniedOld, deniedNext] = [before, after].map((one) => namedBy(one?.document, 'Deny', scene));
  const opened = without(allowedNext ?? [], allowedOld ?? []);
  return {
    policy,
    moved: movedBetween(before, after, { kept: without(allowedNext ?? [], opened), scene }),
    opened,
    closed: without(allowedOld ?? [], allowedNext ?? []),
    denied: without(deniedNext ?? [], deniedOld ?? []),
    undenied: without(deniedOld ?? [], deniedNext ?? []),
  } satisfies PolicyChange;
};

type GrantScene = { readonly policy: ResourcePolicy; readonly scene: ResourceJudging };

/** Of the resource's service, those that the pattern means. */
const actionsIn = (action: string, { policy, scene }: GrantScene): readonly KnownAction[] => {
  const all = actionsFor(policy, scene.actions);
  const pattern = parseActionPattern(action);
  return all.filter(({ service, name }) => matchesAction(pattern, { service, name: name.toLowerCase() }));
};

const levels: readonly AccessLevel[] = ['Permissions management', 'Write', 'Tagging', 'Read', 'List'];
const levelOf = (action: string, grant: GrantScene): AccessLevel => {
  const found = new Set(actionsIn(action, grant).map(({ level }) => level));
  return levels.find((level) => found.has(level)) ?? 'Unknown';
};

/** In another account of ours its own policies have to allow it, too (IAM User Guide, "Cross-account policy evaluation logic"). */
const isOfOtherAccount = (arn: string, { policy, scene }: GrantScene): boolean => {
  const account = scene.accounts.get(arn.split(':')[4] ?? '');
  return account !== undefined && account !== policy.account;
};

/** Certain of whoever is named itself, without a condition, and needs no policy besides. */
const boundOf = ({ statement }: Named, grant: GrantScene): AccessItem['bound'] => {
  const needsMore = namesIn(statement.Principal).some(
    ([type, name]) => type === 'AWS' && (/^\d{12}$|:root$/.test(name) || isOfOtherAccount(name, grant)),
  );
  return statement.Condition === undefined && statement.Principal !== undefined && !needsMore ? 'certain' : 'possible';
};

/** One item for each level of what somebody is named for on the same conditions. */
const itemsOf = (list: readonly Named[], grant: GrantScene): readonly AccessItem[] => {
  const service = resourceOfArn(grant.policy.resource)?.service ?? '';
  const groups = grouped(list, (one) => JSON.stringify([levelOf(one.action, grant), boundOf(one, grant)]));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const actions = [...new Set(same.map(({ action }) => action))].sort();
    return [{ service, level: levelOf(first.action, grant), actions, bound: boundOf(first, grant) }];
  });
};

const isData = new Set(dataActions.map((action) => action.toLowerCase()));
const isSensitive = new Set(sensitiveActions.map((action) => action.toLowerCase()));
const textOf = ({ service, name }: KnownAction): string => `${service}:${name}`;

/** How bad the actions are, by the same rules as what sets and roles give. */
const byActions = ({ action }: Named, grant: GrantScene): Judgment => {
  const isProduction = grant.scene.isProduction(grant.policy.account);
  const found = actionsIn(action, grant);
  const management = found.filter(({ level }) => level === 'Permissions management');
  if (management.length > 0) return { risk: 'high', reasons: [`permissions-management: ${action}`] };
  const worse = isProduction ? 'high' : 'medium';
  if (found.some((one) => isData.has(textOf(one).toLowerCase())))
    return { risk: worse, reasons: [`data-access: ${action}`] };
  if (found.some((one) => isSensitive.has(textOf(one).toLowerCase())))
    return { risk: worse, reasons: [`sensitive-action: ${action}`] };
  const writes = found.some(({ level }) => level === 'Write' || level === 'Tagging');
  if (isProduction)
    return {
      risk: writes ? 'high' : 'medium',
      reasons: [`production: ${writes ? 'writes' : 'reads'} in a production account`],
    };
  return { risk: writes ? 'medium' : 'low', reasons: [`access-gained: ${writes ? 'writes' : 'reads'}`] };
};

const opening = (one: Named, grant: GrantScene): readonly Judgment[] => {
  const { scene, policy } = grant;
  const { accounts, organization, owner } = scene;
  const actions = byActions(one, grant);
  const faults = openingFaults(one.statement).map(({ rule, message }): Judgment =>
    rule === 'open-resource'
      ? { risk: 'critical', reasons: [`resource-everybody: ${message}`] }
      : { risk: 'high', reasons: [`resource-service-source: ${message}`] },
  );
  const isRest = one.statement.Principal === undefined;
  const everybody: readonly Judgment[] = isRest
    ? [{ risk: 'critical', reasons: ['resource-everybody: whoever is not listed may use the resource'] }]
    : [];
  const isStrange = strangersIn(one.statement, { accounts: new Set(accounts.keys()), organization, owner }).length > 0;
  const outside: readonly Judgment[] = isStrange
    ? [
        {
          risk: riskFromOutside(actions.risk),
          reasons: [`resource-outside: ${one.who} is outside of the organization`],
        },
      ]
    : [];
  return [
    ...everybody,
    ...faults,
    ...outside,
    { risk: actions.risk, reasons: [`resource-opened: ${one.who} may use ${policy.resource}`, ...actions.reasons] },
  ];
};

type GrantRow = Pick<AccessChange, 'gained' | 'lost' | 'changed' | 'risk' | 'riskReasons' | 'blocked'>;

const rowOf = (who: string, { policy }: GrantScene, row: Partial<GrantRow>): AccessChange => ({
  principal: `${who} on ${policy.resource}`,
  people: 0,
  accounts: [policy.account],
  gained: [],
  lost: [],
  changed: [],
  risk: 'low',
  ...row,
});

const byWho = (list: readonly Named[]) => grouped(list, ({ who }) => who);

const actionsNamed = (list: readonly Named[]): readonly string[] =>
  [...new Set(list.map(({ action }) => action))].sort();

const blockedBy = (list: readonly ShutNamed[]): readonly Blocked[] =>
  [...grouped(list, ({ by }) => by.join(', '))].map(([by, same]) => ({
    actions: actionsNamed(same.map(({ one }) => one)),
    by,
  }));

type ShutNamed = { readonly one: Named; readonly by: readonly string[] };

/** The policy is judged as if nothing above it stood in the way: what stands there goes by a change elsewhere. */
const openedRow = (who: string, list: readonly Named[], grant: GrantScene): AccessChange => {
  const { risk, reasons } = joined(list.flatMap((one) => opening(one, grant)));
  const shut = list
    .map((one): ShutNamed => ({ one, by: grant.scene.doors.shutAfter(grant.policy, one.statement) }))
    .filter(({ by }) => by.length > 0);
  const open = list.filter((one) => !shut.some((other) => other.one === one));
  return rowOf(who, grant, {
    gained: itemsOf(open, grant),
    risk,
    riskReasons: reasons,
    ...(shut.length === 0 ? {} : { blocked: blockedBy(shut) }),
  });
};

const movedRow = (list: readonly MovedNamed[], grant: GrantScene): readonly AccessChange[] => {
  const [first] = list;
  if (first === undefined) return [];
  const { what, by, one } = first;
  const named = list.map((each) => each.one);
  const items = itemsOf(named, grant);
  if (what === 'shut') {
    const riskReasons = [`access-lost: ${by.join(' and ')} denies it`];
    return [rowOf(one.who, grant, { lost: items, riskReasons, blocked: blockedBy(list) })];
  }
  if (what === 'narrowed')
    return [rowOf(one.who, grant, { changed: items.map((item) => ({ ...item, narrower: true as const })) })];
  const { risk, reasons } = joined(named.flatMap((each) => opening(each, grant)));
  return [rowOf(one.who, grant, { risk, riskReasons: reasons, [what === 'opened' ? 'gained' : 'changed']: items })];
};

const byWhoAndWhat = (list: readonly MovedNamed[]) =>
  grouped(list, ({ one, what, by }) => JSON.stringify([one.who, what, by]));

/** A denial says who is kept from something, and one that goes, who no longer is. */
const rowsOf = (change: PolicyChange, scene: ResourceJudging): readonly AccessChange[] => {
  const grant = { policy: change.policy, scene };
  return [
    ...[...byWho(change.opened)].map(([who, list]) => openedRow(who, list, grant)),
    ...[...byWhoAndWhat(change.moved).values()].flatMap((list) => movedRow(list, grant)),
    ...[...byWho(change.closed)].map(([who, list]) =>
      rowOf(who, grant, { lost: itemsOf(list, grant), riskReasons: ['access-lost: only takes away'] }),
    ),
    ...[...byWho(change.denied)].map(([who, list]) => {
      const changed = itemsOf(list, grant).map((item) => ({ ...item, narrower: true as const }));
      return rowOf(who, grant, { changed, riskReasons: ['access-lost: the policy of the resource denies it'] });
    }),
    ...[...byWho(change.undenied)].map(([who, list]) => {
      const { risk, reasons } = joined(undenying(change.policy));
      return rowOf(who, grant, { changed: itemsOf(list, grant), risk, riskReasons: reasons });
    }),
  ];
};

const undenying = ({ resource }: ResourcePolicy): readonly Judgment[] => [
  { risk: 'high', reasons: [`resource-denial-removed: a denial of the policy of ${resource} goes`] },
];

const judged = (change: PolicyChange, scene: ResourceJudging): Judgment => {
  const grant = { policy: change.policy, scene };
  const found = [
    ...change.opened.flatMap((one) => opening(one, grant)),
    ...(change.undenied.length > 0 ? undenying(change.policy) : []),
  ];
  if (found.length > 0) return joined(found);
  const isFelt = change.closed.length > 0 || change.denied.length > 0;
  return isFelt
    ? { risk: 'low', reasons: ['access-lost: only takes away'] }
    : { risk: 'low', reasons: ["no-access: changes nobody's access"] };
};

type ResourceComparison = {
  readonly rows: readonly AccessChange[];
  readonly moves: readonly EntranceMove[];
  readonly judgments: ReadonlyMap<Key, Judgment>;
};

const policyOf = (resource: Resource | undefined): ResourcePolicy | undefined =>
  resource?.kind === 'resource-policy' ? resource : undefined;

const movesOf = ({ policy, moved }: PolicyChange): readonly EntranceMove[] =>
  moved.map(({ one, what }) => ({
    who: `${one.who} on ${policy.resource}`,
    account: policy.account,
    opens: what === 'opened' || what === 'widened',
  }));

/** By the changes of the policies and of what stands above them; whether an identity policy gives the same is not asked. */
export const resourcesBetween = (before: State, after: State, scene: ResourceJudging): ResourceComparison => {
  const policies = [before, after].flatMap((state) => resourcesOf(state, 'resource-policy'));
  const keys = [...new Set(policies.map(({ resource }) => resourcePolicyKey(resource)))];
  const changes = keys.flatMap((key) => {
    const [old, next] = [before[key], after[key]];
    const change = old === next && !scene.doors.mayMove ? undefined : changeOf(policyOf(old), policyOf(next), scene);
    return change === undefined ? [] : [[key, change] as const];
  });
  return {
    rows: changes.flatMap(([, change]) => rowsOf(change, scene)),
    moves: changes.flatMap(([, change]) => movesOf(change)),
    judgments: new Map(changes.map(([key, change]) => [key, judged(change, scene)])),
  };
};

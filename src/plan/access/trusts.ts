/** Whom a role trusts, as a reviewer names them, and how much a trust that opens can hurt. */
import { matchesAction, parseAction, parseActionPattern } from '../../evaluate/actions.ts';
import type { LintRuleId } from '../../evaluate/lint/rules.ts';
import { isOpenToAnybody, riskFromOutside, strangersIn, trustFaults } from '../../evaluate/trust/judge.ts';
import { namesIn } from '../../evaluate/trust/principals.ts';
import type { Risk } from '../../model/desired.ts';
import type { AccessChange, AccessItem } from '../../model/plan.ts';
import { grouped } from '../../model/lists.ts';
import type { ConditionBlock, PolicyDocument, Statement } from '../../model/policy.ts';
import { canonicalPolicy, canonicalTrust, statements, listOf } from '../../model/policy.ts';
import type { Key, Resource, Role, State } from '../../model/resource.ts';
import { resourcesOf, roleKey } from '../../model/resource.ts';
import { joined } from './judgment.ts';
import type { Judgment } from './judgment.ts';
import type { Gives } from './access.ts';
import { rolePrincipal, sessionRoleText } from './side.ts';
import type { Entrances } from './entrances.ts';
import { mayMoveRcps } from './standing.ts';
import type { EntranceChange, EntranceMove } from './standing.ts';
import { trustedName } from './trust-names.ts';
import type { NamingScene } from './trust-names.ts';

export type TrustJudging = NamingScene & {
  /** As in settings: the repository, whose first part is whom we are on GitHub. */
  readonly owner: string;
  /** What the role may do. */
  readonly rating: (role: Role) => Judgment;
  readonly isProduction: (account: string) => boolean;
  readonly entrances: Entrances;
  readonly gives: Gives;
};

export const trustScene = (states: readonly State[], rest: Omit<TrustJudging, 'accounts'>): TrustJudging => ({
  ...rest,
  accounts: new Map(
    states.flatMap((state) => resourcesOf(state, 'account').map(({ id, name }) => [id, name] as const)),
  ),
});

/** One who may assume the role, by one statement. `key` is equal where nothing differs, conditions included. */
type Trusted = {
  readonly key: string;
  readonly who: string;
  readonly statement: Statement;
  readonly actions: readonly string[];
};

/** A dead id stands for a principal that was deleted (IAM User Guide, "Principal"): nobody comes by it. */
const isDead = (name: string): boolean => /^A[A-Z0-9]{15,}$/.test(name);

/** Apart by the calls that are allowed, so that one call more is no other way in; conditions decide. */
const byAction = (one: Omit<Trusted, 'key' | 'actions'>): readonly Trusted[] =>
  listOf(one.statement.Action ?? 'sts:*').map((action) => {
    const statement = one.statement.Action === undefined ? one.statement : { ...one.statement, Action: action };
    return { ...one, statement, actions: [action], key: canonicalTrust({ Statement: statement }) };
  });

const trustedBy = (trust: PolicyDocument | undefined, scene: TrustJudging): readonly Trusted[] =>
  (trust === undefined ? [] : statements(trust)).flatMap((statement): readonly Trusted[] => {
    if (statement.Effect !== 'Allow') return [];
    const { Sid: _sid, ...rest } = statement;
    if (statement.NotPrincipal !== undefined) return byAction({ who: 'everybody but a few', statement: rest });
    return namesIn(statement.Principal).flatMap(([type, name]) => {
      if (isDead(name)) return [];
      const one: Statement = { ...rest, Principal: { [type]: name } };
      return byAction({ who: trustedName(type, name, { statement, scene }), statement: one });
    });
  });

/** One for all that somebody may do on the same conditions. */
const together = (list: readonly Trusted[]): readonly Trusted[] =>
  [...grouped(list, ({ statement: { Action: _, ...rest } }) => canonicalTrust({ Statement: rest }))].map(([, same]) => {
    const [first] = same as [Trusted];
    const actions = [...new Set(same.flatMap((one) => one.actions))];
    const { statement } = first;
    return {
      ...first,
      actions,
      statement: statement.Action === undefined ? statement : { ...statement, Action: actions },
    };
  });

const without = (list: readonly Trusted[], others: readonly Trusted[]): readonly Trusted[] => {
  const keys = new Set(others.map(({ key }) => key));
  return list.filter(({ key }) => !keys.has(key));
};

const denialsIn = (trust: PolicyDocument | undefined): readonly string[] =>
  (trust === undefined ? [] : statements(trust))
    .filter(({ Effect }) => Effect === 'Deny')
    .map((statement) => canonicalPolicy({ Statement: statement }));

const linesOf = (block: ConditionBlock | undefined): readonly string[] =>
  Object.entries(block ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      JSON.stringify([operator, key.toLowerCase(), listOf(values).map(String).sort()]),
    ),
  );

/** The same principal under more conditions, for nothing more. */
const isNarrower = (one: Trusted, other: Trusted): boolean => {
  const lines = new Set(linesOf(one.statement.Condition));
  return (
    JSON.stringify(one.statement.Principal) === JSON.stringify(other.statement.Principal) &&
    one.actions.every((action) => other.actions.includes(action)) &&
    linesOf(other.statement.Condition).every((line) => lines.has(line))
  );
};

type TrustChange = {
  readonly role: Role;
  /** As it was. */
  readonly old: Role | undefined;
  /** It comes or goes as a whole. */
  readonly whole: boolean;
  readonly opened: readonly Trusted[];
  readonly narrowed: readonly Trusted[];
  readonly closed: readonly Trusted[];
  /** A denial of the trust policy went away. */
  readonly undenied: boolean;
  /** Trusted as before, and let in or kept out by what stands above the account. */
  readonly moved: readonly (EntranceChange & { readonly one: Trusted })[];
};

const trustChange = (
  before: Role | undefined,
  after: Role | undefined,
  scene: TrustJudging,
): TrustChange | undefined => {
  const role = after ?? before;
  if (role === undefined) return undefined;
  const [old, next] = [trustedBy(before?.trust, scene), trustedBy(after?.trust, scene)];
  const [gone, come] = [without(old, next), without(next, old)];
  const narrowed = come.filter((one) => gone.some((other) => isNarrower(one, other)));
  const denials = new Set(denialsIn(after?.trust));
  const kept = together(without(next, come)).filter(opensSessions);
  return {
    role,
    old: before,
    whole: before === undefined || after === undefined,
    moved: kept.flatMap((one) => {
      const change = scene.entrances.changeOf(role, one.statement);
      return change === undefined ? [] : [{ ...change, one }];
    }),
    opened: together(come.filter((one) => !narrowed.includes(one))),
    narrowed: together(narrowed),
    closed: together(gone.filter((other) => !narrowed.some((one) => isNarrower(one, other)))),
    undenied: after !== undefined && denialsIn(before?.trust).some((denial) => !denials.has(denial)),
  };
};

/** What anybody may use is critical whatever the role has today: it gets its policies without the trust being read again. */
const lintRisks: Partial<Readonly<Record<LintRuleId, readonly [id: string, risk: Risk]>>> = {
  'open-trust': ['trust-everybody', 'critical'],
  'confused-deputy': ['trust-service-source', 'high'],
  'missing-external-id': ['trust-external-id', 'critical'],
  'open-oidc-trust': ['trust-open-subject', 'critical'],
  'missing-saml-audience': ['trust-saml-audience', 'high'],
};

/** The lint's own judgment of one statement. */
const lintOf = ({ statement }: Trusted, { accounts }: TrustJudging): readonly Judgment[] =>
  trustFaults(statement, [...accounts.keys()]).flatMap(({ rule, message }) => {
    const known = lintRisks[rule];
    return known === undefined ? [] : [{ risk: known[1], reasons: [`${known[0]}: ${message}`] }];
  });

const isStrange = ({ statement }: Trusted, { accounts, organization, owner }: TrustJudging): boolean =>
  strangersIn(statement, { accounts: new Set(accounts.keys()), organization, owner }).length > 0;

/** Whoever comes in has what the role has; from outside, what is high for ours is worse. */
const byRole = (role: Role, scene: TrustJudging, from: 'inside' | 'outside'): readonly Judgment[] => {
  const { risk, reasons } = scene.rating(role);
  if (risk !== 'high' && risk !== 'critical') return [];
  const worst = from === 'outside' ? riskFromOutside(risk) : risk;
  return [{ risk: worst, reasons: [`trust-role: the role has ${reasons[0] ?? 'more than reads'}`] }];
};

const assumingCalls = ['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'].map((name) =>
  parseAction(`sts:${name}`),
);

/** Tags, a source identity and context go along with a session, and give none. */
const opensSessions = ({ statement, actions }: Trusted): boolean =>
  statement.NotAction !== undefined ||
  actions.some((action) => assumingCalls.some((call) => matchesAction(parseActionPattern(action), call)));

const opening = (one: Trusted, role: Role, scene: TrustJudging): readonly Judgment[] => {
  const risk = scene.isProduction(role.account) ? 'high' : 'medium';
  if (!opensSessions(one))
    return [
      {
        risk,
        reasons: [
          `trust-session: ${one.who} may add ${one.actions.join(', ')} to sessions of ${sessionRoleText(role)}`,
        ],
      },
    ];
  const found = lintOf(one, scene);
  const isOutside = isStrange(one, scene);
  const from = isOutside || isOpenToAnybody(one.statement) ? 'outside' : 'inside';
  const outside: readonly Judgment[] = isOutside
    ? [{ risk: 'high', reasons: [`trust-outside: ${one.who} is outside of the organization`] }]
    : [];
  const everybody: readonly Judgment[] =
    one.statement.NotPrincipal === undefined
      ? []
      : [{ risk: 'critical', reasons: ['trust-everybody: whoever is not listed may assume the role'] }];
  const trust: Judgment = { risk, reasons: [`trust-opened: ${one.who} may assume ${sessionRoleText(role)}`] };
  return [...found, ...outside, ...everybody, ...byRole(role, scene, from), trust];
};

/** Nothing where the trust only closes. */
const judgedTrust = ({ role, opened, undenied }: TrustChange, scene: TrustJudging): readonly Judgment[] => [
  ...opened.flatMap((one) => opening(one, role, scene)),
  ...(undenied
    ? [
        { risk: 'high', reasons: ['trust-denial-removed: a denial of the trust policy goes'] } as const,
        ...byRole(role, scene, 'inside'),
      ]
    : []),
];

const assuming = ({ statement, actions }: Trusted): AccessItem => ({
  service: 'sts',
  level: 'Write',
  actions: [...actions].sort(),
  bound: statement.Condition === undefined ? 'certain' : 'possible',
});

type TrustRow = Pick<AccessChange, 'gained' | 'lost' | 'changed' | 'risk' | 'riskReasons'>;

const rowOf = (one: Trusted, role: Role, row: Partial<TrustRow>): AccessChange => ({
  principal: `${one.who} as ${rolePrincipal(role)}`,
  people: 0,
  accounts: [role.account],
  gained: [],
  lost: [],
  changed: [],
  risk: 'low',
  ...row,
});

/** Who is nobody of ours: what the role gives is told nowhere else of them. */
const isFromOutside = (one: Trusted, scene: TrustJudging): boolean =>
  one.statement.NotPrincipal !== undefined ||
  namesIn(one.statement.Principal).some(([type, name]) => type !== 'AWS' || name === '*') ||
  isStrange(one, scene);

/** The call by which they become the role, and what they then have. */
const comingTo = (one: Trusted, role: Role, scene: TrustJudging): readonly AccessItem[] =>
  givenWith(one, scene, (bound) => scene.gives.after(role, bound));

const leaving = (one: Trusted, role: Role, scene: TrustJudging): readonly AccessItem[] =>
  givenWith(one, scene, (bound) => scene.gives.before(role, bound));

const givenWith = (
  one: Trusted,
  scene: TrustJudging,
  given: (bound: AccessItem['bound']) => readonly AccessItem[],
): readonly AccessItem[] => {
  const call = assuming(one);
  return isFromOutside(one, scene) && opensSessions(one) ? [call, ...given(call.bound)] : [call];
};

const blockedBy = (one: Trusted, by: readonly string[]): Pick<AccessChange, 'blocked'> => ({
  blocked: [{ actions: assuming(one).actions, by: by.join(', ') }],
});

/** The trust is judged as if nothing above it stood in the way: what stands there goes by a change elsewhere. */
const openedRow = (one: Trusted, role: Role, scene: TrustJudging): AccessChange => {
  const { risk, reasons } = joined(opening(one, role, scene));
  const shut = scene.entrances.shutAfter(role, one.statement);
  const row = { risk, riskReasons: reasons };
  return rowOf(
    one,
    role,
    shut.length === 0 ? { ...row, gained: comingTo(one, role, scene) } : { ...row, ...blockedBy(one, shut) },
  );
};

const movedRow = (
  { one, what, by }: TrustChange['moved'][number],
  { role, old = role }: TrustChange,
  scene: TrustJudging,
): AccessChange => {
  if (what === 'shut') {
    const riskReasons = [`access-lost: ${by.join(' and ')} denies it`];
    return rowOf(one, role, { lost: leaving(one, old, scene), riskReasons, ...blockedBy(one, by) });
  }
  if (what === 'narrowed') return rowOf(one, role, { changed: [{ ...assuming(one), narrower: true }] });
  const { risk, reasons } = joined(opening(one, role, scene));
  const row = { risk, riskReasons: reasons };
  return rowOf(one, role, {
    ...row,
    ...(what === 'opened' ? { gained: comingTo(one, role, scene) } : { changed: [assuming(one)] }),
  });
};

/** A service that a role is there for, and that acts for nobody else. */
const isServiceOfOurs = (one: Trusted, scene: TrustJudging): boolean =>
  namesIn(one.statement.Principal).every(([type]) => type === 'Service') &&
  one.statement.NotPrincipal === undefined &&
  lintOf(one, scene).length === 0 &&
  !isStrange(one, scene);

/** That a role for a service comes or goes, its own row says: the service has no use for what somebody else may do. */
const rowsOf = (change: TrustChange, scene: TrustJudging): readonly AccessChange[] => {
  const { role, old = role, narrowed, moved } = change;
  const isSaid = (one: Trusted): boolean => !(change.whole && isServiceOfOurs(one, scene));
  const [opened, closed] = [change.opened.filter(isSaid), change.closed.filter(isSaid)];
  return [
    ...opened.map((one) => openedRow(one, role, scene)),
    ...moved.map((one) => movedRow(one, change, scene)),
    ...narrowed.map((one) => rowOf(one, role, { changed: [{ ...assuming(one), narrower: true }] })),
    ...closed.map((one) => rowOf(one, role, { lost: leaving(one, old, scene) })),
  ];
};

/** A number for each that says something else: what a role gives are thousands of actions, in items that rows share. */
const itemNumbers = (): ((item: AccessItem) => number) => {
  const [byText, byItem] = [new Map<string, number>(), new WeakMap<AccessItem, number>()];
  return (item) => {
    const known = byItem.get(item);
    if (known !== undefined) return known;
    const text = JSON.stringify(item);
    const number = byText.get(text) ?? byText.size;
    byText.set(text, number);
    byItem.set(item, number);
    return number;
  };
};

/** Rows that say the same of several accounts are one. */
const merged = (rows: readonly AccessChange[]): readonly AccessChange[] => {
  const found = new Map<string, AccessChange>();
  const numberOf = itemNumbers();
  for (const row of rows) {
    const [gained, lost, changed] = [row.gained, row.lost, row.changed].map((items) => items.map(numberOf));
    const name = JSON.stringify({ ...row, gained, lost, changed, accounts: [] });
    const accounts = [...new Set([...(found.get(name)?.accounts ?? []), ...row.accounts])].sort();
    found.set(name, { ...row, accounts });
  }
  return [...found.values()].sort((a, b) => (a.principal < b.principal ? -1 : 1));
};

type TrustComparison = {
  readonly rows: readonly AccessChange[];
  readonly judgments: ReadonlyMap<Key, readonly Judgment[]>;
  readonly moves: readonly EntranceMove[];
};

const movesOf = ({ role, moved }: TrustChange): readonly EntranceMove[] =>
  moved.map(({ one, what }) => ({
    who: `${one.who} as ${rolePrincipal(role)}`,
    account: role.account,
    opens: what === 'opened' || what === 'widened',
  }));

/** What becomes of the trust of roles, by its own change or by that of an RCP: who may assume them now, and who no longer. */
export const trustsBetween = (before: State, after: State, scene: TrustJudging): TrustComparison => {
  const all = mayMoveRcps(before, after);
  const keys = [...new Set([before, after].flatMap((state) => resourcesOf(state, 'role').map(roleKey)))];
  const changes = keys.flatMap((key) => {
    const [old, next] = [before[key], after[key]];
    if (old === next && !all) return [];
    const change = trustChange(asRole(old), asRole(next), scene);
    return change === undefined ? [] : [[key, change] as const];
  });
  return {
    rows: merged(changes.flatMap(([, change]) => rowsOf(change, scene))),
    judgments: new Map(changes.map(([key, change]) => [key, judgedTrust(change, scene)])),
    moves: changes.flatMap(([, change]) => movesOf(change)),
  };
};

const asRole = (resource: Resource | undefined): Role | undefined => (resource?.kind === 'role' ? resource : undefined);

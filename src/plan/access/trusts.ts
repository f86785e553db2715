/** Whom a role trusts, as a reviewer names them, and how much a trust that opens can hurt. */
import { matchesAction, parseAction, parseActionPattern } from '../../evaluate/actions.ts';
import { lintTrust } from '../../evaluate/lint/grants.ts';
import { statementsOf } from '../../evaluate/lint/document.ts';
import type { LintRuleId } from '../../evaluate/lint/rules.ts';
import type { Risk } from '../../model/desired.ts';
import type { AccessChange, AccessItem } from '../../model/plan.ts';
import { grouped } from '../../model/lists.ts';
import type { ConditionBlock, PolicyDocument, Statement } from '../../model/policy.ts';
import { canonicalPolicy, canonicalTrust, statements, listOf } from '../../model/policy.ts';
import type { Key, Resource, Role, State } from '../../model/resource.ts';
import { resourcesOf, roleKey } from '../../model/resource.ts';
import { joined } from './judgment.ts';
import type { Judgment } from './judgment.ts';
import { rolePrincipal, sessionRoleText } from './side.ts';
import { namesIn, trustedName, valuesOf } from './trust-names.ts';
import type { NamingScene } from './trust-names.ts';

export type TrustJudging = NamingScene & {
  /** As in settings: the repository, whose first part is whom we are on GitHub. */
  readonly owner: string;
  /** What the role may do. */
  readonly rating: (role: Role) => Judgment;
  readonly isProduction: (account: string) => boolean;
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
  readonly opened: readonly Trusted[];
  readonly narrowed: readonly Trusted[];
  readonly closed: readonly Trusted[];
  /** A denial of the trust policy went away. */
  readonly undenied: boolean;
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
  return {
    role,
    opened: together(come.filter((one) => !narrowed.includes(one))),
    narrowed: together(narrowed),
    closed: together(gone.filter((other) => !narrowed.some((one) => isNarrower(one, other)))),
    undenied: after !== undefined && denialsIn(before?.trust).some((denial) => !denials.has(denial)),
  };
};

const lintRisks: Partial<Readonly<Record<LintRuleId, readonly [id: string, risk: Risk]>>> = {
  'open-trust': ['trust-everybody', 'critical'],
  'confused-deputy': ['trust-service-source', 'high'],
  'missing-external-id': ['trust-external-id', 'critical'],
  'open-oidc-trust': ['trust-open-subject', 'critical'],
  'missing-saml-audience': ['trust-saml-audience', 'high'],
};

const nowhere = { file: '', line: 0, column: 0 };

/** The lint's own judgment of one statement. */
const lintOf = ({ statement }: Trusted, { accounts }: TrustJudging): readonly Judgment[] => {
  const document = { Version: '2012-10-17', Statement: [statement] };
  const at = () => nowhere;
  const found = statementsOf({ key: 'trust', use: 'trust', document, named: nowhere, at, keyAt: at }).flatMap((one) =>
    lintTrust(one, { accounts: [...accounts.keys()] }),
  );
  return found.flatMap(({ rule, message }) => {
    const known = lintRisks[rule];
    return known === undefined ? [] : [{ risk: known[1], reasons: [`${known[0]}: ${message}`] }];
  });
};

const github = 'token.actions.githubusercontent.com';

/** `repo:OWNER/…`, `OWNER/…` or `OWNER`; the number after an at sign is the id of the owner (GitHub, "OpenID Connect reference"). */
const ownerIn = (claim: string): string =>
  (claim.replace(/^repo:/, '').split('/')[0] ?? '').replace(/@\d+$/, '').toLowerCase();

/** No claim of the token proves that the repository is one of ours. */
const isForeignRepository = ({ statement }: Trusted, { owner }: TrustJudging): boolean => {
  if (!namesIn(statement.Principal).some(([type, name]) => type === 'Federated' && name.endsWith(github))) return false;
  const ours = ownerIn(owner);
  return !['sub', 'repository', 'repository_owner'].some((claim) => {
    const key = new RegExp(`^(ForAnyValue:)?String(Equals|Like|EqualsIgnoreCase) ${github}:${claim}$`, 'i');
    const values = valuesOf(statement.Condition, key);
    return values.length > 0 && values.every((value) => ownerIn(value) === ours);
  });
};

const accountIn = (name: string): readonly string[] =>
  /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})/.exec(name)?.slice(1) ?? [];

/** Who is everybody, is whom the conditions name. */
const accountsNamed = ({ Principal, Condition }: Statement): readonly string[] =>
  namesIn(Principal).flatMap(([type, name]) => {
    if (type !== 'AWS') return [];
    if (name !== '*') return accountIn(name);
    const arns = valuesOf(Condition, /^(String|Arn)(Equals|Like) aws:principal(arn|account)$/i);
    return arns.flatMap(accountIn);
  });

/** Of who comes, and of whom a service acts for. */
const organizationsNamed = ({ Condition }: Statement): readonly string[] =>
  valuesOf(Condition, /^(ForAnyValue:)?String(Equals|Like) aws:(principal|source)org(id|paths)$/i).map(
    (value) => value.split('/')[0] ?? '',
  );

const isStrange = (one: Trusted, scene: TrustJudging): boolean =>
  accountsNamed(one.statement).some((id) => !scene.accounts.has(id)) ||
  organizationsNamed(one.statement).some((id) => id !== scene.organization) ||
  isForeignRepository(one, scene);

/** Whoever comes in has what the role has; from outside, what is high for ours is worse. */
const byRole = (role: Role, scene: TrustJudging, from: 'inside' | 'outside'): readonly Judgment[] => {
  const { risk, reasons } = scene.rating(role);
  if (risk !== 'high' && risk !== 'critical') return [];
  const worst = from === 'outside' ? 'critical' : risk;
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
  const from = isStrange(one, scene) ? 'outside' : 'inside';
  const outside: readonly Judgment[] =
    from === 'outside' ? [{ risk: 'high', reasons: [`trust-outside: ${one.who} is outside of the organization`] }] : [];
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

const rowsOf = (change: TrustChange, scene: TrustJudging): readonly AccessChange[] => {
  const { role, opened, narrowed, closed } = change;
  return [
    ...opened.map((one) => {
      const { risk, reasons } = joined(opening(one, role, scene));
      return rowOf(one, role, { gained: [assuming(one)], risk, riskReasons: reasons });
    }),
    ...narrowed.map((one) => rowOf(one, role, { changed: [{ ...assuming(one), narrower: true }] })),
    ...closed.map((one) => rowOf(one, role, { lost: [assuming(one)] })),
  ];
};

/** Rows that say the same of several accounts are one. */
const merged = (rows: readonly AccessChange[]): readonly AccessChange[] => {
  const found = new Map<string, AccessChange>();
  for (const row of rows) {
    const name = JSON.stringify({ ...row, accounts: [] });
    const accounts = [...new Set([...(found.get(name)?.accounts ?? []), ...row.accounts])].sort();
    found.set(name, { ...row, accounts });
  }
  return [...found.values()].sort((a, b) => (a.principal < b.principal ? -1 : 1));
};

type TrustComparison = {
  readonly rows: readonly AccessChange[];
  readonly judgments: ReadonlyMap<Key, readonly Judgment[]>;
};

/** What becomes of the trust of the roles that change: who may assume them now, and who no longer. */
export const trustsBetween = (before: State, after: State, scene: TrustJudging): TrustComparison => {
  const keys = [...new Set([before, after].flatMap((state) => resourcesOf(state, 'role').map(roleKey)))];
  const changes = keys.flatMap((key) => {
    const [old, next] = [before[key], after[key]];
    if (old === next) return [];
    const change = trustChange(asRole(old), asRole(next), scene);
    return change === undefined ? [] : [[key, change] as const];
  });
  return {
    rows: merged(changes.flatMap(([, change]) => rowsOf(change, scene))),
    judgments: new Map(changes.map(([key, change]) => [key, judgedTrust(change, scene)])),
  };
};

const asRole = (resource: Resource | undefined): Role | undefined => (resource?.kind === 'role' ? resource : undefined);

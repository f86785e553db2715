/** Small builders of the nouns, with the defaults that tests do not care about. */
import type { Live } from '../../src/model/cloud.ts';
import type { Desired, Settings } from '../../src/model/desired.ts';
import type { SettingsDocument } from '../../src/model/settings-document.ts';
import type { PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import { FULL_AWS_ACCESS, encodeName, parentPath, resourcesOf, stateOf } from '../../src/model/resource.ts';
import type {
  Account,
  Assignment,
  Entitlement,
  Attachment,
  GuardRail,
  SettingsKind,
  SettingsPolicy,
  CustomerPolicy,
  Group,
  Key,
  Membership,
  OidcProvider,
  Ou,
  PermissionSet,
  PolicyType,
  Resource,
  Role,
  State,
  Target,
} from '../../src/model/resource.ts';

export const OWNER = 'securecart/aws-access';
export const ORGANIZATION = 'o-securecart0';
export const NOW = '2026-11-23T12:00:00.000Z';
export const MANAGEMENT = 'Management';
const managementId = '111111111111';

export const deny = (...actions: readonly string[]): Statement => ({ Effect: 'Deny', Action: actions, Resource: '*' });
export const allow = (...actions: readonly string[]): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: '*',
});
export const document = (...statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

export const scpType: PolicyType = { kind: 'policy-type', type: 'SERVICE_CONTROL_POLICY' };
export const rcpType: PolicyType = { kind: 'policy-type', type: 'RESOURCE_CONTROL_POLICY' };
export const ou = (path: string): Ou => ({
  kind: 'ou',
  path,
  name: path.slice(parentPath(path).length).replace('/', ''),
});
export const account = (name: string, id: string, parent = ''): Account => ({ kind: 'account', name, id, parent });
export const management: Account = account(MANAGEMENT, managementId);
export const group = (name: string, description?: string): Group => ({
  kind: 'group',
  name,
  source: 'identity-center',
  ...(description === undefined ? {} : { description }),
});
export const externalGroup = (name: string): Group => ({ kind: 'group', name, source: 'external' });
export const membership = (of: string, user: string): Membership => ({ kind: 'membership', group: of, user });
export const set = (name: string, fields: Partial<PermissionSet> = {}): PermissionSet => ({
  kind: 'permission-set',
  name,
  sessionDuration: 3600,
  tags: {},
  managedPolicies: [],
  customerManagedPolicies: [],
  outdatedIn: [],
  ...fields,
});
export const scp = (name: string, policy: PolicyDocument = document(deny('s3:*'))): GuardRail => ({
  kind: 'scp',
  name,
  description: '',
  document: policy,
});

export const settingsPolicy = (kind: SettingsKind, name: string, settings: SettingsDocument): SettingsPolicy => ({
  kind,
  name,
  description: '',
  settings,
});

/** `root`, `ou:PATH` or `account:NAME`. */
export const target = (text: string): Target => {
  if (text === 'root') return { type: 'root' };
  const rest = text.slice(text.indexOf(':') + 1);
  return text.startsWith('ou:') ? { type: 'ou', path: rest } : { type: 'account', name: rest };
};
export const attachment = (name: string, on: string): Attachment => ({
  kind: 'attachment',
  policy: { kind: 'scp', name },
  target: target(on),
});
export const assignment = (principal: string, permissionSet: string, on: string): Assignment => {
  const [type, name] = principal.split(':') as ['group' | 'user', string];
  return { kind: 'assignment', principal: { type, name }, permissionSet, account: on };
};

/** `on` a role of an account; its path without its first slash, and its name. */
export const entitlement = (principal: string, on: string, inAccount: string): Entitlement => {
  const [type, name] = principal.split(':') as ['group' | 'user', string];
  return { kind: 'entitlement', principal: { type, name }, role: on, account: inAccount };
};

/** Who may assume a role, each by a statement of its own. */
/** A statement of a trust policy. */
export const lets = (
  Principal: PrincipalElement,
  Condition?: Statement['Condition'],
  Action = 'sts:AssumeRole',
): Statement => ({
  Effect: 'Allow',
  Principal,
  Action,
  ...(Condition === undefined ? {} : { Condition }),
});

export const trusting = (...principals: readonly PrincipalElement[]): PolicyDocument =>
  document(...principals.map((Principal): Statement => ({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })));
/** The trust of a role that account access manager may open, whoever's it is. */
export const entitling: PolicyDocument = document({
  Effect: 'Allow',
  Principal: { Service: 'account-access.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:SetContext', 'sts:TagSession'],
});
export const role = (name: string, on: string, fields: Partial<Role> = {}): Role => ({
  kind: 'role',
  account: on,
  name,
  path: '/',
  trust: trusting({ Service: 'ec2.amazonaws.com' }),
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicies: {},
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
  ...fields,
});
export const customerPolicy = (name: string, on: string, policy: PolicyDocument): CustomerPolicy => ({
  kind: 'policy',
  account: on,
  name,
  path: '/',
  document: policy,
  tags: {},
});
export const oidcProvider = (host: string, on: string, ...clientIds: readonly string[]): OidcProvider => ({
  kind: 'oidc-provider',
  account: on,
  host,
  clientIds,
});

/** Tagged as ours: made here (`all`), or adopted (`declared`). */
export const owned = <R extends Resource>(resource: R, scope: 'all' | 'declared' = 'all'): R =>
  ['ou', 'role', 'policy', 'oidc-provider'].includes(resource.kind)
    ? { ...resource, owner: OWNER }
    : { ...resource, owner: OWNER, scope };

const settings: Settings = {
  organization: ORGANIZATION,
  endpoints: [],
  region: 'eu-west-1',
  owner: OWNER,
  ownership: { assignments: 'managed' },
  adopt: [],
  delegatedAdministrator: null,
  oidcProviders: 'manage',
  budgets: { delete: {} },
  approvals: [],
  ignore: [],
  quotas: {},
  exceptions: [],
  waivers: [],
};

const targetTexts = (resources: readonly Resource[]): readonly string[] => [
  'root',
  ...resources.flatMap((one) => {
    if (one.kind === 'ou') return [`ou:${one.path}`];
    return one.kind === 'account' ? [`account:${encodeName(one.name)}`] : [];
  }),
];

/** FullAWSAccess on every target there is, as AWS has it and as the files mean it. */
export const fullAccessEverywhere = (resources: readonly Resource[]): readonly Attachment[] =>
  targetTexts(resources).map((text) => attachment(FULL_AWS_ACCESS, text));

const withBasics = (resources: readonly Resource[]): State => {
  const all = [management, scpType, ...resources];
  return stateOf([...fullAccessEverywhere(all), ...all]);
};

/** Live AWS with the management account, SCPs enabled and FullAWSAccess everywhere, unless `exactly` gives the state. */
export const live = (resources: readonly Resource[], parts: Partial<Live> = {}): Live => ({
  organization: ORGANIZATION,
  managementAccountId: managementId,
  callerAccountId: managementId,
  state: withBasics(resources),
  iamRead: resourcesOf(withBasics(resources), 'account').map(({ name }) => name),
  users: ['ada', 'bob', 'cyd'],
  suspended: [],
  unread: [],
  notes: [],
  reads: { route: 'pairs', calls: {} },
  ...parts,
});

const accountsIn = (state: State): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.values(state).flatMap((one) => (one.kind === 'account' ? [[one.id, one.name]] : [])));

/** Git asking for these and for the same basics; `settings` in `parts` are laid over the defaults. */
export const desired = (
  resources: readonly Resource[],
  parts: Partial<Omit<Desired, 'settings'>> & { readonly settings?: Partial<Settings> } = {},
): Desired => {
  const absent = new Set<Key>(parts.absent ?? []);
  const state = Object.fromEntries(Object.entries(withBasics(resources)).filter(([key]) => !absent.has(key)));
  return {
    state,
    absent: [],
    memberGroups: [],
    previously: {},
    accounts: accountsIn(state),
    managementAccount: MANAGEMENT,
    accountTags: {},
    origins: {},
    ending: [],
    ended: [],
    notBegun: [],
    rollouts: [],
    terms: {},
    dated: [],
    notes: [],
    ...parts,
    settings: { ...settings, ...parts.settings },
  };
};

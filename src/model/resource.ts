/** The nouns: everything that Git can ask for and AWS can have, each with a key made of names. */
import type { PolicyDocument } from './policy.ts';
import type { SettingsDocument } from './settings-document.ts';
import { kindsIn, stateMaker } from './states.ts';

export type AccountId = string;
export type Key = string;

export type PrincipalType = 'group' | 'user';
/** Who is given access. An orphan is a deleted group or user that AWS still lists: its `name` is the dead id. */
export type Principal = { readonly type: PrincipalType; readonly name: string; readonly orphan?: true };

/** Where a guard rail hangs. `path` is an OU path without "Root/", each segment encoded as in keys. */
export type Target =
  | { readonly type: 'root' }
  | { readonly type: 'ou'; readonly path: string }
  | { readonly type: 'account'; readonly name: string };

/** `all`: everything of this set or policy is ours. `declared`: only what the YAML names (it existed before us). */
export type Scope = 'all' | 'declared';
export type Ownership = { readonly owner?: string; readonly scope?: Scope };

/** Policies in IAM's language, which allow or deny requests. */
const guardRailTypes = { scp: 'SERVICE_CONTROL_POLICY', rcp: 'RESOURCE_CONTROL_POLICY' } as const;
/** Policies that set how a service behaves in the accounts below; AWS calls them management or declarative policies. */
const settingsTypes = {
  'tag-policy': 'TAG_POLICY',
  'backup-policy': 'BACKUP_POLICY',
  'ai-opt-out-policy': 'AISERVICES_OPT_OUT_POLICY',
  'chat-policy': 'CHATBOT_POLICY',
  'ec2-policy': 'DECLARATIVE_POLICY_EC2',
  'security-hub-policy': 'SECURITYHUB_POLICY',
  'inspector-policy': 'INSPECTOR_POLICY',
  'guardduty-policy': 'GUARDDUTY_POLICY',
  's3-policy': 'S3_POLICY',
  'bedrock-policy': 'BEDROCK_POLICY',
  'network-security-policy': 'NETWORK_SECURITY_DIRECTOR_POLICY',
  'upgrade-rollout-policy': 'UPGRADE_ROLLOUT_POLICY',
} as const;
/** The kinds of control policies, each with AWS's name of its type. What else they are stands in `kinds/control-policies.ts`. */
export const policyTypes = { ...guardRailTypes, ...settingsTypes } as const;
export type GuardRailKind = keyof typeof guardRailTypes;
export type SettingsKind = keyof typeof settingsTypes;
export type ControlKind = GuardRailKind | SettingsKind;
export const guardRailKinds = Object.keys(guardRailTypes) as readonly GuardRailKind[];
export const settingsKinds = Object.keys(settingsTypes) as readonly SettingsKind[];
export const controlKinds: readonly ControlKind[] = [...guardRailKinds, ...settingsKinds];
export type PolicyTypeName = (typeof policyTypes)[ControlKind];
/** An enabled policy type; absent means not enabled. */
export type PolicyType = { readonly kind: 'policy-type'; readonly type: PolicyTypeName };

export type Ou = { readonly kind: 'ou'; readonly path: string; readonly name: string; readonly owner?: string };
/** `name` is the label of the YAML, or AWS's name, or `~ID` where that is taken; `parent` is an OU path, '' is Root. */
export type Account = {
  readonly kind: 'account';
  readonly name: string;
  readonly id: AccountId;
  readonly parent: string;
};

type NamedPolicy = Ownership & { readonly name: string; readonly description: string };
export type GuardRail = NamedPolicy & { readonly kind: GuardRailKind; readonly document: PolicyDocument };
export type SettingsPolicy = NamedPolicy & { readonly kind: SettingsKind; readonly settings: SettingsDocument };
export type ControlPolicy = GuardRail | SettingsPolicy;

/** `temporary`: hung up for the length of one apply so that an account move exposes nothing. */
export type Attachment = {
  readonly kind: 'attachment';
  readonly policy: { readonly kind: ControlKind; readonly name: string };
  readonly target: Target;
};

export type Group = {
  readonly kind: 'group';
  readonly name: string;
  readonly description?: string;
  /** `external`: synced from the corporate directory; never written by us. */
  readonly source: 'identity-center' | 'external';
};

/** What CreateUser demands of somebody, and an address. */
export type Person = {
  readonly displayName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email?: string;
};

/** A user of Identity Center's own directory who is made where there is none, and never edited or deleted. */
export type User = Person & { readonly kind: 'user'; readonly name: string };
export type Membership = { readonly kind: 'membership'; readonly group: string; readonly user: string };

export type CustomerManagedPolicy = { readonly name: string; readonly path: string };
export type PermissionsBoundary =
  { readonly managedPolicy: string } | { readonly customerManagedPolicy: CustomerManagedPolicy };

export type PermissionSet = Ownership & {
  readonly kind: 'permission-set';
  readonly name: string;
  readonly description?: string;
  /** Seconds. */
  readonly sessionDuration: number;
  readonly relayState?: string;
  /** Without the reserved `gatehouse:` tags, which are `owner` and `scope`. */
  readonly tags: Readonly<Record<string, string>>;
  /** ARNs, sorted. */
  readonly managedPolicies: readonly string[];
  /** Sorted by path and name. */
  readonly customerManagedPolicies: readonly CustomerManagedPolicy[];
  readonly inlinePolicy?: PolicyDocument;
  readonly permissionsBoundary?: PermissionsBoundary;
  /** Accounts whose role is not the set's latest version; desired is always []. */
  readonly outdatedIn: readonly string[];
};

export type Assignment = {
  readonly kind: 'assignment';
  readonly principal: Principal;
  readonly permissionSet: string;
  readonly account: string;
};

/** A principal put directly on an IAM role by account access manager. It cannot be edited: another role is another entitlement. */
export type Entitlement = {
  readonly kind: 'entitlement';
  readonly principal: Principal;
  /** The role's path without its first slash, and its name. */
  readonly role: string;
  readonly account: string;
};

/** What gives a principal access to an account. */
export type Grant = Assignment | Entitlement;

/** An IAM role of one account. Roles under /aws-reserved/ and /aws-service-role/ are AWS's and never in a state. */
export type Role = {
  readonly kind: 'role';
  /** The account's label. */
  readonly account: string;
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly description?: string;
  /** The trust policy, in IAM's own words: symbolic names are already ids and ARNs. */
  readonly trust: PolicyDocument;
  /** ARNs, sorted. */
  readonly managedPolicies: readonly string[];
  /** Sorted by path and name. */
  readonly customerManagedPolicies: readonly CustomerManagedPolicy[];
  readonly inlinePolicies: Readonly<Record<string, PolicyDocument>>;
  readonly permissionsBoundary?: PermissionsBoundary;
  /** Seconds. */
  readonly maxSessionDuration: number;
  /** Whether an instance profile of the role's own name holds it. */
  readonly instanceProfile: boolean;
  /** Without the reserved `gatehouse:` tags. */
  readonly tags: Readonly<Record<string, string>>;
  readonly owner?: string;
};

/** A customer managed policy of one account; its document is that of the default version. */
export type CustomerPolicy = {
  readonly kind: 'policy';
  readonly account: string;
  readonly name: string;
  readonly path: string;
  /** Immutable in IAM. */
  readonly description?: string;
  readonly document: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
  readonly owner?: string;
};

export type OidcProvider = {
  readonly kind: 'oidc-provider';
  readonly account: string;
  /** The issuer's URL without its scheme. */
  readonly host: string;
  /** Audiences, sorted. */
  readonly clientIds: readonly string[];
  readonly owner?: string;
};

/** The policy of one AWS resource: the resource itself is made and deleted by others. */
export type ResourcePolicy = {
  readonly kind: 'resource-policy';
  /** The resource's ARN, by which the policy is known. */
  readonly resource: string;
  /** The account's label. */
  readonly account: string;
  readonly region: string;
  readonly document: PolicyDocument;
};

/** Attributes for access control of Identity Center, which tag the sessions of people: all of them, as AWS keeps them. */
export type AccessAttributes = {
  readonly kind: 'access-attributes';
  /** By the key of the session tag, where its value comes from: `${path:enterprise.department}`. */
  readonly attributes: Readonly<Record<string, string>>;
};

/** What lives in the IAM of one account. */
export type OfIam = Role | CustomerPolicy | OidcProvider;
/** What lies in one account, and is read and written with a credential of that account. */
export type InAccount = OfIam | ResourcePolicy;

export type Resource =
  | PolicyType
  | Ou
  | Account
  | GuardRail
  | SettingsPolicy
  | Attachment
  | Group
  | User
  | Membership
  | PermissionSet
  | Assignment
  | Entitlement
  | Role
  | CustomerPolicy
  | OidcProvider
  | ResourcePolicy
  | AccessAttributes;
export type Kind = Resource['kind'];
export type ResourceOf<K extends Kind> = K extends GuardRailKind
  ? GuardRail
  : K extends SettingsKind
    ? SettingsPolicy
    : Extract<Resource, { readonly kind: K }>;

/** A map of resources by key; never stored on disk. */
export type State = Readonly<Record<Key, Resource>>;

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** A name inside a key: `%`, `:`, `@`, `/`, `+` and a leading `~` are percent-encoded. */
export const encodeName = (name: string): string => (isBare.test(name) ? name : name.replace(/^~|[%:@/+]/g, percent));

/** Nearly all names: to look is cheaper than to replace nothing. */
const isBare = /^(?!~)[^%:@/+]*$/;

export const decodeName = (text: string): string =>
  text.replace(/%(7E|25|3A|40|2F|2B)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/**
 * A key as it is shown to a person, who may type it so: of what is encoded only `@` and `+` stand as themselves, which e-mail
 * addresses have. What parts a key stays encoded, so that no name looks like two parts.
 */
export const keyText = (key: string): string => key.replace(/%40/g, '@').replace(/%2B/g, '+');

/** The label of an account that has no usable name: `~` and its id. */
export const accountLabelOfId = (id: AccountId): string => `~${id}`;
const encodeAccount = (name: string): string => (/^~\d{12}$/.test(name) ? name : encodeName(name));

export const ouPath = (segments: readonly string[]): string => segments.map(encodeName).join('/');
export const parentPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
/** The path itself and every OU above it, Root ('') last. */
export const pathToRoot = (path: string): readonly string[] =>
  path === '' ? [''] : [path, ...pathToRoot(parentPath(path))];

export const principalText = (principal: Principal): string =>
  `${principal.type}:${principal.orphan ? `~${principal.name}` : encodeName(principal.name)}`;

export const targetText = (target: Target): string => {
  if (target.type === 'root') return 'root';
  return target.type === 'ou' ? `ou:${target.path}` : `account:${encodeAccount(target.name)}`;
};

export const ouKey = (path: string): Key => `ou/${path}`;
export const accountKey = (name: string): Key => `account/${encodeAccount(name)}`;
/** A path inside a key: its slashes stay, every segment is encoded. */
const encodePath = (path: string): string => path.split('/').map(encodeName).join('/');
export const roleKey = (role: { readonly account: string; readonly name: string }): Key =>
  `role/${encodeAccount(role.account)}:${encodeName(role.name)}`;
export const customerPolicyKey = (policy: CustomerManagedPolicy & { readonly account: string }): Key =>
  `policy/${encodeAccount(policy.account)}:${encodePath(policy.path)}+${encodeName(policy.name)}`;
/** Stands for the IAM of one account as a whole: what is `unread` when the account cannot be entered. */
export const iamScope = (account: string): Key => `iam/${encodeAccount(account)}`;
export const oidcProviderKey = (provider: { readonly account: string; readonly host: string }): Key =>
  `oidc-provider/${encodeAccount(provider.account)}:${encodePath(provider.host)}`;
/** An ARN is one name, however many parts it has: it stands as AWS writes it. */
export const resourcePolicyKey = (arn: string): Key => `resource-policy/${arn}`;
export const userKey = (name: string): Key => `user/${encodeName(name)}`;
export const groupKey = (name: string): Key => `group/${encodeName(name)}`;
export const permissionSetKey = (name: string): Key => `permission-set/${encodeName(name)}`;
export const controlPolicyKey = (policy: { readonly kind: ControlKind; readonly name: string }): Key =>
  `${policy.kind}/${encodeName(policy.name)}`;
export const policyTypeKey = (type: PolicyTypeName): Key => `policy-type/${type}`;

/** The key of any resource; the same resource has the same key wherever it was read. */
export const keyOf = (resource: Resource): Key => {
  if (isControlPolicy(resource)) return controlPolicyKey(resource);
  switch (resource.kind) {
    case 'policy-type':
      return policyTypeKey(resource.type);
    case 'ou':
      return ouKey(resource.path);
    case 'account':
      return accountKey(resource.name);
    case 'attachment':
      return `attachment/${resource.policy.kind}:${encodeName(resource.policy.name)}@${targetText(resource.target)}`;
    case 'group':
      return groupKey(resource.name);
    case 'user':
      return userKey(resource.name);
    case 'membership':
      return `membership/${encodeName(resource.group)}:${encodeName(resource.user)}`;
    case 'permission-set':
      return permissionSetKey(resource.name);
    case 'assignment':
      return `assignment/${principalText(resource.principal)}:${encodeName(resource.permissionSet)}@${encodeAccount(resource.account)}`;
    case 'entitlement':
      return `entitlement/${principalText(resource.principal)}:${encodePath(resource.role)}@${encodeAccount(resource.account)}`;
    case 'role':
      return roleKey(resource);
    case 'policy':
      return customerPolicyKey(resource);
    case 'oidc-provider':
      return oidcProviderKey(resource);
    case 'resource-policy':
      return resourcePolicyKey(resource.resource);
    case 'access-attributes':
      return ACCESS_ATTRIBUTES;
  }
};

export const stateOf = (resources: Iterable<Resource>): State => {
  const { add, state } = stateMaker<Resource>();
  for (const resource of resources) add(keyOf(resource), resource);
  return state();
};

/** In the order of the state, which is looked through once, whatever is asked of it. */
export const resourcesOf = <K extends Kind>(state: State, kind: K): readonly ResourceOf<K>[] =>
  (kindsIn(state).get(kind) ?? []) as readonly ResourceOf<K>[];

const kindsOfControl: ReadonlySet<string> = new Set(controlKinds);
const kindsOfGuardRails: ReadonlySet<string> = new Set(guardRailKinds);
export const isControlKind = (kind: string): kind is ControlKind => kindsOfControl.has(kind);
export const isGuardRailKind = (kind: string): kind is GuardRailKind => kindsOfGuardRails.has(kind);
export const isSettingsKind = (kind: string): kind is SettingsKind => isControlKind(kind) && !isGuardRailKind(kind);
export const isControlPolicy = (resource: Resource | undefined): resource is ControlPolicy =>
  resource !== undefined && kindsOfControl.has(resource.kind);
export const isGuardRail = (resource: Resource | undefined): resource is GuardRail =>
  resource !== undefined && kindsOfGuardRails.has(resource.kind);
export const isSettingsPolicy = (resource: Resource | undefined): resource is SettingsPolicy =>
  isControlPolicy(resource) && !isGuardRail(resource);

/** `scp` of `scp/DenyRootUser`. */
export const kindOfKey = (key: Key): string => key.slice(0, key.indexOf('/'));

/** All control policies, those of one type after those of another. */
export const controlPoliciesOf = (state: State): readonly ControlPolicy[] =>
  controlKinds.flatMap((kind) => resourcesOf(state, kind));

export const isGrant = (resource: Resource | undefined): resource is Grant =>
  resource?.kind === 'assignment' || resource?.kind === 'entitlement';

export const grantsOf = (state: State): readonly Grant[] => [
  ...resourcesOf(state, 'assignment'),
  ...resourcesOf(state, 'entitlement'),
];

/** Of the role that an entitlement opens; a name is one role's in an account, whatever its path. */
export const entitledRoleKey = ({ role, account }: Pick<Entitlement, 'role' | 'account'>): Key =>
  roleKey({ account, name: entitledRoleName({ role }) });

/** Of the role that an entitlement opens. */
export const entitledRoleName = ({ role }: Pick<Entitlement, 'role'>): string => role.slice(role.lastIndexOf('/') + 1);

/** Identity Center has one configuration of them, or none. */
export const ACCESS_ATTRIBUTES: Key = 'access-attributes/identity-center';

/** Stands for account access manager as a whole: what is `unread` when it does not answer. */
export const ACCOUNT_ACCESS: Key = 'account-access';

export const isOfIam = (resource: Resource): resource is OfIam =>
  resource.kind === 'role' || resource.kind === 'policy' || resource.kind === 'oidc-provider';
export const isInAccount = (resource: Resource): resource is InAccount =>
  isOfIam(resource) || resource.kind === 'resource-policy';

/** The AWS managed control policies: on every target unless said otherwise, never edited; not resources of ours. */
export const FULL_AWS_ACCESS = 'FullAWSAccess';
export const RCP_FULL_AWS_ACCESS = 'RCPFullAWSAccess';

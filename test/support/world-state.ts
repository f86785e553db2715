/** What the sandbox holds, in the model's words: seen from inside, without the adapter that is under test. */
import type { PolicyDocument } from '../../src/model/policy.ts';
import type { SettingsDocument } from '../../src/model/settings-document.ts';
import { controlKinds, encodeName, isSettingsKind, policyTypes, stateOf } from '../../src/model/resource.ts';
import type {
  AccountId,
  ControlKind,
  Ownership,
  PermissionsBoundary,
  Principal,
  Resource,
  State,
  Target,
} from '../../src/model/resource.ts';
import { iamState } from './iam-state.ts';
import { resourcePolicies } from './resource-state.ts';
import { settleSso } from '../../src/sandbox/identity-center/requests.ts';
import type { SsoAssignment, SsoBoundary, SsoPermissionSet } from '../../src/sandbox/identity-center/state.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';

/** Of AWS's name for a type of policy. */
export const controlKindOf = (type: unknown): ControlKind => {
  const kind = controlKinds.find((one) => policyTypes[one] === type);
  if (kind === undefined) throw new Error(`no kind of policy is of the type ${String(type)}`);
  return kind;
};

type Labels = Readonly<Record<AccountId, string>>;

/** The names of ids: paths of OUs ('' is the root), labels of accounts, names of the rest. */
export type Naming = {
  readonly ou: (id: string) => string | undefined;
  readonly account: (id: string) => string | undefined;
  readonly policy: (id: string) => { readonly kind: ControlKind; readonly name: string } | undefined;
  readonly target: (id: string) => Target;
  readonly group: (id: string) => string | undefined;
  readonly user: (id: string) => string | undefined;
  readonly set: (arn: string) => string | undefined;
};

export const namingOf = ({ organizations, identityStore, sso }: SandboxWorld, labels: Labels): Naming => {
  const ou = (id: string): string | undefined => {
    if (id === organizations.rootId) return '';
    const found = organizations.ous[id];
    if (found === undefined) return undefined;
    const parent = ou(found.parent) ?? '';
    return parent === '' ? encodeName(found.Name) : `${parent}/${encodeName(found.Name)}`;
  };
  const account = (id: string) => labels[id] ?? organizations.accounts[id]?.Name;
  return {
    ou,
    account,
    policy: (id) => {
      const found = organizations.policies[id];
      if (found === undefined) return undefined;
      return { kind: controlKindOf(found.Type), name: found.Name };
    },
    target: (id) => {
      const path = ou(id);
      if (path === '') return { type: 'root' };
      return path === undefined ? { type: 'account', name: account(id) ?? id } : { type: 'ou', path };
    },
    group: (id) => identityStore.groups[id]?.displayName ?? undefined,
    user: (id) => identityStore.users[id]?.userName ?? undefined,
    set: (arn) => sso.permissionSets[arn]?.name,
  };
};

const ownershipOf = (tags: Readonly<Record<string, string>>): Ownership => {
  const [owner, scope] = [tags['gatehouse:owner'], tags['gatehouse:scope']];
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(scope === 'all' || scope === 'declared' ? { scope } : {}),
  };
};

const tagsIn = ({ organizations }: SandboxWorld, id: string) =>
  Object.fromEntries((organizations.tags[id] ?? []).map(({ Key, Value }) => [Key, Value]));

const organizationOf = (world: SandboxWorld, naming: Naming, now: number): readonly Resource[] => {
  const { organizations } = world;
  return [
    ...organizations.policyTypes
      .filter(({ settled, settlesAt }) => settled === 'ENABLED' && settlesAt <= now)
      .map(({ Type }): Resource => ({ kind: 'policy-type', type: Type as 'SERVICE_CONTROL_POLICY' })),
    ...Object.values(organizations.ous).map(({ Id, Name }): Resource => {
      const { owner } = ownershipOf(tagsIn(world, Id));
      return { kind: 'ou', path: naming.ou(Id) ?? '', name: Name, ...(owner === undefined ? {} : { owner }) };
    }),
    ...Object.values(organizations.accounts).map(({ Id, parent }): Resource => {
      return { kind: 'account', name: naming.account(Id) ?? Id, id: Id, parent: naming.ou(parent) ?? '?' };
    }),
  ];
};

const policiesOf = (world: SandboxWorld, naming: Naming): readonly Resource[] => {
  const { policies, attachments } = world.organizations;
  const own = Object.values(policies).filter(({ AwsManaged }) => !AwsManaged);
  return [
    ...own.map(({ Id, Name, Description, Content }): Resource => {
      const kind = naming.policy(Id)?.kind ?? 'scp';
      const named = { name: Name, description: Description, ...ownershipOf(tagsIn(world, Id)) };
      return isSettingsKind(kind)
        ? { kind, settings: JSON.parse(Content) as SettingsDocument, ...named }
        : { kind, document: JSON.parse(Content) as PolicyDocument, ...named };
    }),
    ...Object.entries(attachments).flatMap(([id, targets]) => {
      const policy = naming.policy(id);
      if (policy === undefined || id === 'p-RCPFullAWSAccess') return [];
      return targets.map((target): Resource => ({ kind: 'attachment', policy, target: naming.target(target) }));
    }),
  ];
};

const directoryOf = ({ identityStore }: SandboxWorld, naming: Naming): readonly Resource[] => [
  ...Object.values(identityStore.groups).map(({ displayName, description, externalIds }): Resource => {
    const source = externalIds.length > 0 ? 'external' : 'identity-center';
    return { kind: 'group', name: displayName ?? '', source, ...(description ? { description } : {}) };
  }),
  ...Object.values(identityStore.memberships).flatMap(({ groupId, userId }): readonly Resource[] => {
    const [group, user] = [naming.group(groupId), naming.user(userId)];
    return group === undefined || user === undefined ? [] : [{ kind: 'membership', group, user }];
  }),
];

const seconds = (duration: string): number => Number(/^PT(\d+)H$/.exec(duration)?.[1] ?? 0) * 3600;

const boundaryOf = (boundary: SsoBoundary | null): PermissionsBoundary | undefined => {
  if (boundary === null) return undefined;
  if ('ManagedPolicyArn' in boundary) return { managedPolicy: boundary.ManagedPolicyArn };
  const { Name, Path } = boundary.CustomerManagedPolicyReference;
  return { customerManagedPolicy: { name: Name, path: Path } };
};

const setOf = ({ sso }: SandboxWorld, naming: Naming, set: SsoPermissionSet): Resource => {
  const { definition } = set;
  const boundary = boundaryOf(definition.boundary);
  const roles = sso.provisioned.filter(({ permissionSetArn }) => permissionSetArn === set.arn);
  const plain = Object.entries(set.tags).filter(([key]) => !key.startsWith('gatehouse:'));
  return {
    kind: 'permission-set',
    name: set.name,
    ...(definition.description === null ? {} : { description: definition.description }),
    ...(definition.relayState === null ? {} : { relayState: definition.relayState }),
    sessionDuration: seconds(definition.sessionDuration),
    tags: Object.fromEntries(plain),
    managedPolicies: [...definition.managedPolicies].sort(),
    customerManagedPolicies: definition.customerManagedPolicies.map(({ Name, Path }) => ({ name: Name, path: Path })),
    ...(definition.inlinePolicy === null
      ? {}
      : { inlinePolicy: JSON.parse(definition.inlinePolicy) as PolicyDocument }),
    ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
    outdatedIn: roles
      .filter(({ revision }) => revision !== set.revision)
      .map(({ accountId }) => naming.account(accountId) ?? accountId)
      .sort(),
    ...ownershipOf(set.tags),
  };
};

const principalOf = (naming: Naming, { principalType, principalId }: SsoAssignment): Principal => {
  const type = principalType === 'GROUP' ? 'group' : 'user';
  const name = naming[type](principalId);
  return name === undefined ? { type, name: principalId, orphan: true } : { type, name };
};

export const assignmentOf = (naming: Naming, row: SsoAssignment): Resource => ({
  kind: 'assignment',
  principal: principalOf(naming, row),
  permissionSet: naming.set(row.permissionSetArn) ?? row.permissionSetArn,
  account: naming.account(row.accountId) ?? row.accountId,
});

/** Everything as it is at `now`, what is due by then included; it shows no delay. */
export const worldState = (world: SandboxWorld, labels: Labels, now: number): State => {
  settleSso(world, now);
  const naming = namingOf(world, labels);
  return stateOf([
    ...organizationOf(world, naming, now),
    ...policiesOf(world, naming),
    ...directoryOf(world, naming),
    ...Object.values(world.sso.permissionSets).map((set) => setOf(world, naming, set)),
    ...world.sso.assignments.map((row) => assignmentOf(naming, row)),
    ...iamState(world, (id) => naming.account(id) ?? id),
    ...resourcePolicies(world, (id) => naming.account(id) ?? id),
  ]);
};

/** The OU that a new one of this name under this parent has the path of. */
export const childPath = (parent: string, name: string): string =>
  parent === '' ? encodeName(name) : `${parent}/${encodeName(name)}`;

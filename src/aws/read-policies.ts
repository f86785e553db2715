/** Control policies with their documents, tags and attachments. */
import { fixedPolicies } from '../kinds/control-policies.ts';
import type { PolicySummary, PolicyTargetSummary } from '@aws-sdk/client-organizations';
import type { Unread } from '../model/reads.ts';
import { controlPolicyKey, guardRailKinds, isSettingsKind, policyTypes, settingsKinds } from '../model/resource.ts';
import type {
  Attachment,
  ControlKind,
  ControlPolicy,
  PolicyType,
  PolicyTypeName,
  SettingsKind,
  Target,
} from '../model/resource.ts';
import type { AwsConnection } from './connection.ts';
import { parseDocument, parseSettings } from './documents.ts';
import { allPages, counting, mapBounded } from './pages.ts';
import { organizationTags } from './read-tree.ts';
import type { OrganizationTree } from './read-tree.ts';
import { ownershipOf } from './tags.ts';

export type PolicyReading = {
  readonly resources: readonly (ControlPolicy | Attachment | PolicyType)[];
  /** Key -> id, AWS managed policies too. */
  readonly ids: ReadonlyMap<string, string>;
  readonly unread: readonly Unread[];
  /** Labels of the closed accounts that each policy still hangs on, by the policy's key. */
  readonly closedTargets: ReadonlyMap<string, readonly string[]>;
};

const pageSize = 20;

type ListedPolicy = {
  readonly kind: ControlKind;
  readonly name: string;
  readonly id: string;
  readonly awsManaged: boolean;
};

const summaryOf = (kind: ControlKind, { Name = '', Id = '', AwsManaged }: PolicySummary): ListedPolicy => ({
  kind,
  name: Name,
  id: Id,
  awsManaged: AwsManaged === true,
});

export const listPolicies = async (
  { organizations }: AwsConnection,
  kind: ControlKind,
): Promise<readonly ListedPolicy[]> => {
  const rows = await allPages(async (token) => {
    const page = await organizations.listPolicies({ Filter: policyTypes[kind], MaxResults: pageSize, ...token });
    return { rows: page.Policies, next: page.NextToken };
  });
  return rows.map((row) => summaryOf(kind, row));
};

const listTargets = ({ organizations }: AwsConnection, PolicyId: string) =>
  allPages(async (token) => {
    const page = await organizations.listTargetsForPolicy({ PolicyId, MaxResults: pageSize, ...token });
    return { rows: page.Targets, next: page.NextToken };
  });

type TargetNames = {
  readonly paths: ReadonlyMap<string, string>;
  readonly labels: OrganizationTree['labels'];
  /** Id -> label. */
  readonly closed: ReadonlyMap<string, string>;
};

/** Undefined for what is not in the tree: closed accounts, whose guard rails nobody needs. */
const targetOf = ({ TargetId = '', Type }: PolicyTargetSummary, { paths, labels }: TargetNames): Target | undefined => {
  if (Type === 'ROOT') return { type: 'root' };
  const path = paths.get(TargetId);
  if (path !== undefined) return { type: 'ou', path };
  const name = labels.get(TargetId);
  return name === undefined ? undefined : { type: 'account', name };
};

const placesIn = ({ ouIds, labels, closed }: OrganizationTree): TargetNames => ({
  labels,
  paths: new Map([...ouIds].filter(([path]) => path !== '').map(([path, id]) => [id, path])),
  closed: new Map(closed.map(({ id, label }) => [id, label])),
});

type PolicyTargets = {
  readonly key: string;
  readonly attachments: readonly Attachment[];
  readonly closed: readonly string[];
};

type HangingPolicy = { readonly policy: ListedPolicy; readonly targets: readonly PolicyTargetSummary[] };

const hangingOf = ({ policy: { kind, name }, targets }: HangingPolicy, places: TargetNames): PolicyTargets => {
  const attachments = targets.flatMap((row): readonly Attachment[] => {
    const target = targetOf(row, places);
    return target === undefined ? [] : [{ kind: 'attachment', policy: { kind, name }, target }];
  });
  const closed = targets.flatMap(({ TargetId = '' }) => places.closed.get(TargetId) ?? []);
  return { key: controlPolicyKey({ kind, name }), attachments, closed: closed.sort() };
};

type WithoutContent = Omit<ControlPolicy, 'kind'>;

/** Undefined for a content that is none of its type. */
const withContent = (kind: ControlKind, content: string, named: WithoutContent): ControlPolicy | undefined => {
  if (isSettingsKind(kind)) {
    const settings = parseSettings(content);
    return settings === undefined ? undefined : { kind, settings, ...named };
  }
  const document = parseDocument(content);
  return document === undefined ? undefined : { kind, document, ...named };
};

const unreadable = (kind: ControlKind, named: WithoutContent): ControlPolicy =>
  isSettingsKind(kind)
    ? { kind, settings: { unreadable: true }, ...named }
    : { kind, document: { Version: 'unreadable', Statement: [] }, ...named };

type PolicyBody = { readonly policy?: ControlPolicy; readonly unread?: Unread };

const bodyOf = async (connection: AwsConnection, { kind, name, id }: ListedPolicy): Promise<PolicyBody> => {
  const [{ Policy }, tags] = await Promise.all([
    connection.organizations.describePolicy({ PolicyId: id }),
    organizationTags(connection, id),
  ]);
  const scope = controlPolicyKey({ kind, name });
  const description = Policy?.PolicySummary?.Description ?? '';
  const policy = withContent(kind, Policy?.Content ?? '', { name, description, ...ownershipOf(tags) });
  if (policy === undefined) return { unread: { scope, reason: `The document of policy ${id} is not a policy.` } };
  return { policy };
};

/** One policy by its id, in two calls; an unreadable document is a stranger's. */
export const readControlPolicy = async (
  connection: AwsConnection,
  { kind, id }: Pick<ListedPolicy, 'kind' | 'id'>,
): Promise<ControlPolicy> => {
  const [{ Policy }, tags] = await Promise.all([
    connection.organizations.describePolicy({ PolicyId: id }),
    organizationTags(connection, id),
  ]);
  const { Name: name = '', Description: description = '' } = Policy?.PolicySummary ?? {};
  const named = { name, description, ...ownershipOf(tags) };
  return withContent(kind, Policy?.Content ?? '', named) ?? unreadable(kind, named);
};

const enabledTypes = (root: OrganizationTree['root']): readonly PolicyType[] =>
  (root.PolicyTypes ?? [])
    .filter(({ Type, Status }) => Status === 'ENABLED' && Object.values<unknown>(policyTypes).includes(Type))
    .map(({ Type }) => ({ kind: 'policy-type', type: Type as PolicyTypeName }));

/** Guard rails are listed at once; of settings only the types that are declared or enabled, which the root tells: most are not. */
const listAll = async (
  connection: AwsConnection,
  { root, declared }: PolicyReadingContext,
): Promise<readonly ListedPolicy[]> => {
  const listed = (kinds: readonly ControlKind[]) =>
    Promise.all(kinds.map((kind) => listPolicies(connection, kind))).then((lists) => lists.flat());
  const settings = async (): Promise<readonly ListedPolicy[]> => {
    const enabled = enabledTypes(await root).map(({ type }) => type);
    return listed(settingsKinds.filter((kind) => declared.includes(kind) || enabled.includes(policyTypes[kind])));
  };
  return (await Promise.all([listed(guardRailKinds), settings()])).flat();
};

type PolicyReadingContext = {
  readonly root: Promise<OrganizationTree['root']>;
  readonly tree: Promise<OrganizationTree>;
  /** Kinds of which the files have policies. */
  readonly declared: readonly SettingsKind[];
};

/**
 * One ListTargetsForPolicy per policy instead of two ListPoliciesForTarget per root, OU and account. A policy of
 * AWS that hangs everywhere and cannot be detached says nothing by its attachments: they are left out.
 */
export const readPolicies = async (connection: AwsConnection, source: PolicyReadingContext): Promise<PolicyReading> => {
  const all = await listAll(connection, source);
  const written = all.filter(({ awsManaged }) => !awsManaged);
  const counted = counting(connection, { stage: 'guard-rails', items: written });
  const [bodies, targets, tree] = await Promise.all([
    mapBounded(written, (policy) => counted(bodyOf(connection, policy))),
    mapBounded(
      all.filter(({ kind, awsManaged }) => !(awsManaged && fixedPolicies(kind).length > 0)),
      async (policy) => ({ policy, targets: await listTargets(connection, policy.id) }),
    ),
    source.tree,
  ]);
  const places = placesIn(tree);
  const hanging = targets.map((one) => hangingOf(one, places));
  return {
    resources: [
      ...enabledTypes(tree.root),
      ...bodies.flatMap(({ policy }) => policy ?? []),
      ...hanging.flatMap(({ attachments }) => attachments),
    ],
    ids: new Map(all.map((policy) => [controlPolicyKey(policy), policy.id])),
    unread: bodies.flatMap(({ unread }) => unread ?? []),
    closedTargets: new Map(hanging.flatMap(({ key, closed }) => (closed.length === 0 ? [] : [[key, closed] as const]))),
  };
};

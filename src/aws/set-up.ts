/** What a real set-up needs of AWS, read call by call: what may not be read is said and stops nothing else. */
import type { PolicyTypeName } from '../model/resource.ts';
import { guardRailTypes } from '../kinds/control-policies.ts';
import { guardRailKinds, policyTypes } from '../model/resource.ts';
import type { IAM } from '@aws-sdk/client-iam';
import { quotas } from '../model/quotas.ts';
import { trailLateness } from '../model/record.ts';
import type { AwsFacts, Fact, LiveRole } from '../model/set-up.ts';
import type { AwsClients } from './clients.ts';
import type { Clock } from './clock.ts';
import type { AwsConnection } from './connection.ts';
import { connectAws } from './connection.ts';
import { callFailure, isNamed, isOurFault, readError } from './failures.ts';
import { allPages } from './pages.ts';
import { allMarked } from './read-iam.ts';
import { organizationTrail } from './record/organization-trail.ts';
import type { TrailClientOf } from './trace.ts';

export type SetUpQuestion = {
  readonly clients: AwsClients;
  readonly clock: Clock;
  /** Of the reconciler; its IAM is read only with credentials of that account. */
  readonly account: string;
  /** Role names without their paths. */
  readonly roles: Readonly<Record<'plan' | 'apply', string>>;
  /** Host of the OIDC provider. */
  readonly issuer: string;
  /** Overrides of the settings. */
  readonly quotas: Readonly<Record<string, number>>;
};

const answer = async <T>(ask: () => Promise<T>): Promise<Fact<T>> => {
  try {
    return { value: await ask() };
  } catch (thrown) {
    if (isOurFault(thrown)) throw thrown;
    return { unreadable: callFailure(thrown) };
  }
};

const delegatedOf = ({ organizations }: AwsConnection) =>
  answer(async () => {
    const found = await allPages(async (token) => {
      const asked = { ServicePrincipal: 'sso.amazonaws.com', ...token };
      const { DelegatedAdministrators, NextToken } = await organizations.listDelegatedAdministrators(asked);
      return { rows: DelegatedAdministrators, next: NextToken };
    });
    return found.map(({ Id = '' }) => Id);
  });

const trustedOf = ({ organizations }: AwsConnection) =>
  answer(async () => {
    const found = await allPages(async (token) => {
      const { EnabledServicePrincipals, NextToken } = await organizations.listAWSServiceAccessForOrganization(token);
      return { rows: EnabledServicePrincipals, next: NextToken };
    });
    return found.map(({ ServicePrincipal = '' }) => ServicePrincipal);
  });

const policyTypesOf = ({ organizations }: AwsConnection) =>
  answer(async () => {
    const { Roots = [] } = await organizations.listRoots({});
    const types = Roots.flatMap(({ PolicyTypes = [] }) => PolicyTypes);
    return types.filter(({ Status }) => Status === 'ENABLED').map(({ Type = '' }) => String(Type));
  });

/** Every account sees the organization's instance beside its own; only that one knows all accounts. */
const instancesOf = async ({ ssoAdmin }: AwsConnection, organizationAccount: string) => {
  const { Instances = [] } = await ssoAdmin.listInstances({});
  return Instances.find(({ OwnerAccountId }) => OwnerAccountId === organizationAccount);
};

const instanceOf = (connection: AwsConnection, organizationAccount: string) =>
  answer(async () => {
    const found = await instancesOf(connection, organizationAccount);
    return found === undefined
      ? ('absent' as const)
      : { owner: found.OwnerAccountId ?? '', status: String(found.Status ?? '') };
  });

const elsewhere = (account: string): { readonly unreadable: string } => ({
  unreadable: `the IAM of account ${account} is read only with credentials of that account`,
});

const orAbsent = async <T>(ask: Promise<T>): Promise<T | 'absent'> => {
  try {
    return await ask;
  } catch (thrown) {
    if (isNamed(thrown, 'NoSuchEntityException', 'NoSuchEntity')) return 'absent';
    throw thrown;
  }
};

/** IAM sends documents URL-encoded (API reference, GetRole). */
const parsed = (document: string | undefined): unknown =>
  JSON.parse(decodeURIComponent(document ?? '%7B%7D')) as unknown;

const attachedDocument = async (iam: IAM, PolicyArn: string): Promise<unknown> => {
  const { Policy } = await iam.getPolicy({ PolicyArn });
  const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId: Policy?.DefaultVersionId });
  return parsed(PolicyVersion?.Document);
};

const documentsOf = async (iam: IAM, RoleName: string): Promise<readonly unknown[]> => {
  const names = await allMarked(async (from) => {
    const { PolicyNames, Marker } = await iam.listRolePolicies({ RoleName, ...from });
    return { rows: PolicyNames, Marker };
  });
  const attached = await allMarked(async (from) => {
    const { AttachedPolicies, Marker } = await iam.listAttachedRolePolicies({ RoleName, ...from });
    return { rows: AttachedPolicies, Marker };
  });
  const inline = names.map(async (PolicyName) =>
    parsed((await iam.getRolePolicy({ RoleName, PolicyName })).PolicyDocument),
  );
  return Promise.all([...inline, ...attached.map(({ PolicyArn = '' }) => attachedDocument(iam, PolicyArn))]);
};

const roleOf = (iam: IAM, RoleName: string): Promise<Fact<LiveRole | 'absent'>> =>
  answer(async () => {
    const found = await orAbsent(iam.getRole({ RoleName }));
    if (found === 'absent') return found;
    const { AssumeRolePolicyDocument, MaxSessionDuration = 3_600 } = found.Role ?? {};
    return {
      trust: parsed(AssumeRolePolicyDocument),
      policies: await documentsOf(iam, RoleName),
      maxSession: MaxSessionDuration,
    };
  });

const providerOf = (iam: IAM, { account, issuer }: SetUpQuestion) =>
  answer(async () => {
    const OpenIDConnectProviderArn = `arn:aws:iam::${account}:oidc-provider/${issuer}`;
    const found = await orAbsent(iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn }));
    return found === 'absent' ? found : (found.ClientIDList ?? []);
  });

type IamPart = Pick<AwsFacts, 'provider' | 'roles'>;

const iamOf = async (connection: AwsConnection, asked: SetUpQuestion, caller: string): Promise<IamPart> => {
  const { account, roles } = asked;
  if (caller !== account) {
    const closed = elsewhere(account);
    return { provider: closed, roles: { plan: closed, apply: closed } };
  }
  const iam = await connection.iam(account);
  const [provider, plan, apply] = await Promise.all([
    providerOf(iam, asked),
    roleOf(iam, roles.plan),
    roleOf(iam, roles.apply),
  ]);
  return { provider, roles: { plan, apply } };
};

const policyCount = async ({ organizations }: AwsConnection, Filter: PolicyTypeName) => {
  const found = await allPages(async (token) => {
    const { Policies, NextToken } = await organizations.listPolicies({ Filter, ...token });
    return { rows: Policies, next: NextToken };
  });
  return found.filter(({ AwsManaged }) => AwsManaged !== true).length;
};

const setCount = async ({ ssoAdmin }: AwsConnection, InstanceArn: string): Promise<number> => {
  const found = await allPages(async (token) => {
    const { PermissionSets, NextToken } = await ssoAdmin.listPermissionSets({ InstanceArn, MaxResults: 100, ...token });
    return { rows: PermissionSets, next: NextToken };
  });
  return found.length;
};

const countsOf = (
  connection: AwsConnection,
  overrides: SetUpQuestion['quotas'],
  organizationAccount: string,
): Promise<AwsFacts['counts']> =>
  answer(async () => {
    const most = { ...quotas, ...overrides };
    const instance = await instancesOf(connection, organizationAccount);
    const sets = instance?.InstanceArn === undefined ? 0 : await setCount(connection, instance.InstanceArn);
    const policies: { readonly what: string; readonly count: number; readonly most: number }[] = [];
    for (const kind of guardRailKinds) {
      const { plural: what, quotas: of } = guardRailTypes[kind];
      policies.push({ what, count: await policyCount(connection, policyTypes[kind]), most: most[of.perOrganization] });
    }
    return [{ what: 'permission sets', count: sets, most: most.permissionSets }, ...policies];
  });

const whose = async ({ sts, organizations }: AwsConnection) => {
  try {
    const [caller, { Organization = {} }] = await Promise.all([
      sts.getCallerIdentity({}),
      organizations.describeOrganization({}),
    ]);
    return {
      account: caller.Account ?? '',
      organization: Organization.Id ?? '',
      managementAccount: Organization.MasterAccountId ?? '',
      featureSet: String(Organization.FeatureSet ?? ''),
    };
  } catch (thrown) {
    throw readError(thrown);
  }
};

/** As a plan would ask it, and once in each Region where the events are. */
const eventsOf = (connection: AwsConnection, account: string): Promise<AwsFacts['events']> =>
  answer(async () => {
    const region = String(await connection.ssoAdmin.config.region());
    const now = connection.clock.now();
    const trailOf: TrailClientOf = (place) => connection.cloudTrail(place);
    const trail = await organizationTrail({ trailOf, account, region, since: now - trailLateness, now }).catch(
      () => undefined,
    );
    if (trail !== undefined) return 'organization trail';
    for (const where of new Set(['us-east-1', region]))
      await (await connection.cloudTrail({ account, region: where })).lookupEvents({ MaxResults: 1 });
    return 'event histories';
  });

/** Throws a UserError when there are no credentials, or no organization that they may describe. Writes nothing. */
export const readSetUp = async (asked: SetUpQuestion): Promise<AwsFacts> => {
  const connection = await connectAws(asked.clients, { clock: asked.clock, onCall: () => undefined });
  const here = await whose(connection);
  const { managementAccount } = here;
  const [delegated, trusted, policyTypes, instance, iam, counts, events] = await Promise.all([
    delegatedOf(connection),
    trustedOf(connection),
    policyTypesOf(connection),
    instanceOf(connection, managementAccount),
    iamOf(connection, asked, here.account),
    countsOf(connection, asked.quotas, managementAccount),
    eventsOf(connection, here.account),
  ]);
  return { ...here, delegated, trusted, policyTypes, instance, counts, events, ...iam };
};

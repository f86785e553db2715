/** What an audit reads of one account. Each part for itself: one that is denied stops no other. */
import type { AccessAnalyzer, AnalyzerSummary } from '@aws-sdk/client-accessanalyzer';
import type { CloudTrail, Trail } from '@aws-sdk/client-cloudtrail';
import type { IAM } from '@aws-sdk/client-iam';
import type {
  AccountFacts,
  AnalyzerFinding,
  AuditAnalyzer,
  AuditPolicy,
  AuditRole,
  AuditTrail,
  PasswordPolicy,
  RootUser,
} from '../../model/audit.ts';
import type { Unread } from '../../model/reads.ts';
import { iamScope } from '../../model/resource.ts';
import type { Clock } from '../clock.ts';
import { callFailure, isNamed, isOurFault } from '../failures.ts';
import { iamUsersOf } from '../read-iam-users.ts';
import { allMarked, namedPolicy } from '../read-iam.ts';
import { detailedRole, iamDocument, isOfAws } from '../read-roles.ts';
import type { LabelledAccount } from '../read-roles.ts';
import { readUsers } from './credential-report.ts';

export type AccountClients = {
  readonly iam: IAM;
  readonly cloudTrail: CloudTrail;
  readonly accessAnalyzer: AccessAnalyzer;
};

const readRoot = async (iam: IAM): Promise<RootUser> => {
  const { SummaryMap: summary = {} } = await iam.getAccountSummary({});
  return {
    accessKeys: (summary.AccountAccessKeysPresent ?? 0) > 0,
    password: (summary.AccountPasswordPresent ?? 1) > 0,
    mfa: (summary.AccountMFAEnabled ?? 0) > 0,
  };
};

const readPasswordPolicy = async (iam: IAM): Promise<PasswordPolicy | 'none'> => {
  try {
    const { PasswordPolicy: policy } = await iam.getAccountPasswordPolicy({});
    return {
      minimumLength: policy?.MinimumPasswordLength ?? 0,
      reusePrevention: policy?.PasswordReusePrevention ?? 0,
    };
  } catch (thrown) {
    if (isNamed(thrown, 'NoSuchEntityException', 'NoSuchEntity')) return 'none';
    throw thrown;
  }
};

const readTrail = async (cloudTrail: CloudTrail, trail: Trail): Promise<AuditTrail> => {
  const { IsLogging } = await cloudTrail.getTrailStatus({ Name: trail.TrailARN });
  return {
    name: trail.Name ?? '',
    logging: IsLogging === true,
    multiRegion: trail.IsMultiRegionTrail === true,
    validation: trail.LogFileValidationEnabled === true,
  };
};

/** Trails of other Regions and of the organization show as shadows (DescribeTrails). */
const readTrails = async (cloudTrail: CloudTrail): Promise<readonly AuditTrail[]> => {
  const { trailList = [] } = await cloudTrail.describeTrails({ includeShadowTrails: true });
  return Promise.all(trailList.map((trail) => readTrail(cloudTrail, trail)));
};

const accessOf = ({ type = '' }: { readonly type?: string | undefined }): AuditAnalyzer['access'] => {
  if (type === 'ACCOUNT' || type === 'ORGANIZATION') return 'external';
  return type.endsWith('_UNUSED_ACCESS') ? 'unused' : 'other';
};

/** Access Analyzer's pages: its tokens are written in lower case. */
const allTokens = async <Row>(
  page: (from: {
    readonly nextToken?: string;
  }) => Promise<{ readonly rows: readonly Row[] | undefined; readonly next: string | undefined }>,
): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  let token: string | undefined;
  do {
    const answer = await page(token === undefined ? {} : { nextToken: token });
    rows.push(...(answer.rows ?? []));
    token = answer.next;
  } while (token !== undefined && token !== '');
  return rows;
};

const readAnalyzers = async (analyzer: AccessAnalyzer): Promise<readonly AnalyzerSummary[]> => {
  const all = await allTokens(async (from) => {
    const { analyzers, nextToken } = await analyzer.listAnalyzers(from);
    return { rows: analyzers, next: nextToken };
  });
  return all.filter(({ status }) => status === 'ACTIVE');
};

const findingsOf = async (client: AccessAnalyzer, analyzer: AnalyzerSummary): Promise<readonly AnalyzerFinding[]> => {
  const rows = await allTokens(async (from) => {
    const { findings, nextToken } = await client.listFindingsV2({
      analyzerArn: analyzer.arn,
      filter: { status: { eq: ['ACTIVE'] } },
      ...from,
    });
    return { rows: findings, next: nextToken };
  });
  return rows.map(({ findingType, resource = '', resourceOwnerAccount = '' }) => ({
    access: accessOf(analyzer),
    type: findingType ?? '',
    resource,
    ownerAccount: resourceOwnerAccount,
  }));
};

type AnalyzerFacts = Pick<AccountFacts, 'analyzers' | 'analyzerFindings'>;

const readAccess = async (client: AccessAnalyzer): Promise<AnalyzerFacts> => {
  const analyzers = await readAnalyzers(client);
  const findings = await Promise.all(analyzers.map((one) => findingsOf(client, one)));
  return {
    analyzers: analyzers.map((one) => ({
      name: one.name ?? '',
      access: accessOf(one),
      of: one.type?.startsWith('ORGANIZATION') === true ? ('organization' as const) : ('account' as const),
    })),
    analyzerFindings: findings.flat(),
  };
};

type IdentityFacts = Required<Pick<AccountFacts, 'roles' | 'policies' | 'iamUsers'>>;

/** Documents that no one can read grant nothing; the ordinary read names them. */
const readIdentities = async (iam: IAM, label: string): Promise<IdentityFacts> => {
  const pages = await allMarked(async (from) => {
    const page = await iam.getAccountAuthorizationDetails({
      Filter: ['User', 'Group', 'Role', 'LocalManagedPolicy'],
      MaxItems: 1000,
      ...from,
    });
    return { rows: [page], Marker: page.Marker };
  });
  const roles = pages
    .flatMap(({ RoleDetailList = [] }) => RoleDetailList)
    .filter(({ Path }) => !isOfAws(Path))
    .flatMap((role): readonly AuditRole[] => {
      const trust = iamDocument(role.AssumeRolePolicyDocument);
      if (trust === undefined) return [];
      const lastUsed = role.RoleLastUsed?.LastUsedDate?.toISOString();
      const { RoleName: name = '', Path: path = '/' } = role;
      const created = role.CreateDate?.toISOString() ?? '';
      const listed = { RoleId: role.RoleId, Arn: role.Arn, Path: path, RoleName: name, CreateDate: role.CreateDate };
      const { resource } = detailedRole(label, role, listed);
      return [
        {
          ...{ name, path, created, trust },
          ...(lastUsed === undefined ? {} : { lastUsed }),
          ...(resource === undefined ? {} : { role: resource }),
        },
      ];
    });
  const policies = pages
    .flatMap(({ Policies = [] }) => Policies.map(namedPolicy))
    .flatMap(({ PolicyName: name = '', Path: path = '/', PolicyVersionList = [] }): readonly AuditPolicy[] => {
      const document = iamDocument(PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion)?.Document);
      return document === undefined ? [] : [{ name, path, document }];
    });
  const iamUsers = iamUsersOf(label, {
    users: pages.flatMap(({ UserDetailList = [] }) => UserDetailList),
    groups: pages.flatMap(({ GroupDetailList = [] }) => GroupDetailList),
  });
  return { roles, policies, iamUsers };
};

type FactsPart<T> = { readonly facts: T | Record<string, never>; readonly unread: readonly Unread[] };

/** A part, or why it is not there. */
const part = async <T extends object>(scope: string, read: () => Promise<T>): Promise<FactsPart<T>> => {
  try {
    return { facts: await read(), unread: [] };
  } catch (thrown) {
    if (isOurFault(thrown)) throw thrown;
    return { facts: {}, unread: [{ scope, reason: callFailure(thrown) }] };
  }
};

/** Rejects only for a bug or invalid credentials; see `isOurFault`. */
export const readAccount = async (
  { label, id }: LabelledAccount,
  enter: () => Promise<AccountClients>,
  clock: Clock,
): Promise<AccountFacts> => {
  const scope = iamScope(label);
  const entered = await part(scope, async () => ({ clients: await enter() }));
  const { clients } = entered.facts as { readonly clients?: AccountClients };
  if (clients === undefined) return { account: label, id, unread: entered.unread };
  const { iam, cloudTrail, accessAnalyzer } = clients;
  const parts = await Promise.all([
    part(scope, async () => ({ root: await readRoot(iam) })),
    part(scope, async () => ({ users: await readUsers(iam, clock) })),
    part(scope, async () => ({ passwordPolicy: await readPasswordPolicy(iam) })),
    part(scope, async () => ({ trails: await readTrails(cloudTrail) })),
    part(scope, () => readAccess(accessAnalyzer)),
    part(scope, () => readIdentities(iam, label)),
  ]);
  const facts = Object.assign({}, ...parts.map((one) => one.facts)) as Partial<AccountFacts>;
  return { ...facts, account: label, id, unread: parts.flatMap(({ unread }) => unread) };
};

/** Token buckets as AWS documents them: a rate per second and a burst, by API or by group of APIs. */
import { AwsError } from './core.ts';

/** `level` is the number of tokens left at the time `at`, milliseconds since the epoch. */
export type BucketLevel = { level: number; at: number };

type BucketRate = { readonly rate: number; readonly burst: number };

type ThrottleRow = {
  readonly apis: readonly string[];
  readonly account: BucketRate;
  readonly organization?: BucketRate;
};

const rate = (perSecond: number, burst: number): BucketRate => ({ rate: perSecond, burst });

// Organizations "Quotas and service limits". A row that names several APIs is taken as one bucket: the page does not say.
const rows: readonly ThrottleRow[] = [
  { apis: ['DescribeOrganization', 'CreateOrganizationalUnit'], account: rate(1, 2) },
  { apis: ['ListRoots'], account: rate(1, 2), organization: rate(1, 3) },
  { apis: ['DescribePolicy'], account: rate(2, 2), organization: rate(2, 3) },
  { apis: ['AttachPolicy', 'DetachPolicy', 'CreatePolicy', 'DeletePolicy'], account: rate(2, 3) },
  { apis: ['UpdatePolicy'], account: rate(2, 3) },
  { apis: ['MoveAccount', 'UpdateOrganizationalUnit', 'DeleteOrganizationalUnit'], account: rate(2, 3) },
  { apis: ['DescribeOrganizationalUnit'], account: rate(2, 2), organization: rate(2, 3) },
  { apis: ['EnablePolicyType', 'DisablePolicyType'], account: rate(1, 1) },
  {
    apis: ['ListPolicies', 'ListPoliciesForTarget', 'ListTargetsForPolicy'],
    account: rate(5, 8),
    organization: rate(6, 10),
  },
  {
    apis: ['ListParents', 'ListAccountsForParent', 'ListOrganizationalUnitsForParent'],
    account: rate(5, 8),
    organization: rate(6, 10),
  },
  { apis: ['ListChildren'], account: rate(6, 10), organization: rate(7, 12) },
  { apis: ['ListAccounts'], account: rate(8, 12), organization: rate(9, 15) },
  { apis: ['DescribeAccount'], account: rate(20, 30), organization: rate(24, 36) },
  { apis: ['ListTagsForResource'], account: rate(10, 15), organization: rate(12, 18) },
  { apis: ['TagResource', 'UntagResource'], account: rate(4, 6) },
  { apis: ['ListDelegatedAdministrators'], account: rate(5, 8), organization: rate(6, 10) },
  {
    apis: ['ListAWSServiceAccessForOrganization', 'ListDelegatedServicesForAccount'],
    account: rate(1, 3),
    organization: rate(1, 4),
  },
  { apis: ['CreateAccount'], account: rate(0.1, 3) },
];

/** IAM Identity Center "Quotas": 20 per second for sso-admin as a whole, and for each API of the identity store. */
const identityCenter = rate(20, 20);

/** IAM publishes no rates; these are modest. They are the called account's: every account has its own. */
const iamRate = rate(15, 30);

/** "IAM and AWS STS quotas": 600 requests a second, of the caller's account even when the role is another's. */
const stsRate = rate(600, 600);

/** LookupEvents: "limited to two per second, per account, per Region". */
const lookupRate = rate(2, 2);

type BucketToll = { readonly bucket: string; readonly rate: BucketRate };
type ChargedCall = {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
};

/** "Quotas and limits in account access manager": 20 per second for all of it. */
const accountAccessRate = rate(20, 20);

const tollsOf = ({ service, operation, account, region }: ChargedCall): readonly BucketToll[] => {
  if (service === 'iam') return [{ bucket: `iam/${account}`, rate: iamRate }];
  if (service === 'sts') return [{ bucket: `sts/${account}`, rate: stsRate }];
  if (operation === 'LookupEvents') return [{ bucket: `cloudtrail/${account}/${region}`, rate: lookupRate }];
  if (service === 'sso-admin') return [{ bucket: 'sso-admin', rate: identityCenter }];
  if (service === 'account-access') return [{ bucket: service, rate: accountAccessRate }];
  if (service === 'identitystore') return [{ bucket: `identitystore/${operation}`, rate: identityCenter }];
  const row = service === 'organizations' ? rows.find(({ apis }) => apis.includes(operation)) : undefined;
  if (!row) return [];
  const name = `organizations/${row.apis[0] ?? ''}`;
  const own = { bucket: `${name}/${account}`, rate: row.account };
  return row.organization ? [own, { bucket: name, rate: row.organization }] : [own];
};

/** The bucket refilled to `now`; a clock that went back refills nothing, and what it says counts from then on. */
const refilled = (
  bucket: BucketLevel | undefined,
  { rate: perSecond, burst }: BucketRate,
  now: number,
): BucketLevel => {
  if (!bucket) return { level: burst, at: now };
  const seconds = Math.max(0, now - bucket.at) / 1000;
  return { level: Math.min(burst, bucket.level + seconds * perSecond), at: now };
};

const refusal = (service: string): AwsError => {
  if (service === 'organizations')
    return new AwsError('TooManyRequestsException', 'AWS Organizations can’t complete your request: too many calls.', {
      fields: { Type: 'CALLER' },
    });
  if (service === 'iam' || service === 'sts') return new AwsError('Throttling', 'Rate exceeded');
  if (service === 'account-access') return new AwsError('ThrottlingException', 'Rate exceeded', { status: 429 });
  const fields = service === 'identitystore' ? { RetryAfterSeconds: 1 } : {};
  return new AwsError('ThrottlingException', 'Rate exceeded', { fields });
};

/** Takes one token from every bucket of the call, or throws the service's throttling error and takes none. */
export const charge = (
  buckets: Record<string, BucketLevel>,
  call: ChargedCall & { readonly now: number },
  { speed }: { readonly speed: number },
): void => {
  const tolls = tollsOf(call).map(({ bucket, rate: { rate: perSecond, burst } }) => ({
    bucket,
    filled: refilled(buckets[bucket], { rate: perSecond * speed, burst }, call.now),
  }));
  for (const { bucket, filled } of tolls) buckets[bucket] = filled;
  if (tolls.some(({ filled }) => filled.level < 1)) throw refusal(call.service);
  for (const { filled } of tolls) filled.level -= 1;
};

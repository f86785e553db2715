/** Token buckets that keep every call of the process below AWS's documented rates. */
import type { ResourceService } from '../kinds/resource-policies.ts';
import {
  accessAnalyzerRate,
  accountAccessRate,
  iamReadRate,
  iamWriteRate,
  identityStoreRate,
  lookupEventsRate,
  organizationsRates,
  resourceReadRate,
  ssoAdminRate,
  stsRate,
} from '../model/quotas.ts';
import type { Rate } from '../model/quotas.ts';
import type { Clock } from './clock.ts';

export type AwsService =
  | 'organizations'
  | 'sso-admin'
  | 'identitystore'
  | 'iam'
  | 'sts'
  | 'cloudtrail'
  | 'accessanalyzer'
  | 'account-access'
  | 'logs'
  | ResourceService;

/** `take` resolves when one more call may be sent; those who wait are served in the order in which they came. */
export type TokenBucket = { readonly take: () => Promise<void> };

export const tokenBucket = ({ rate, burst }: Rate, clock: Clock): TokenBucket => {
  let level = burst;
  let at = clock.now();
  const refill = (): void => {
    const now = Math.max(at, clock.now());
    level = Math.min(burst, level + ((now - at) / 1000) * rate);
    at = now;
  };
  return {
    take: async () => {
      refill();
      level -= 1;
      if (level < 0) await clock.sleep((-level / rate) * 1000);
    },
  };
};

/** Below the documented rate, because the organization shares it with every other tool and clocks are never equal. */
export const below = ({ rate, burst }: Rate): Rate => ({ rate: rate * 0.95, burst: Math.max(1, burst - 1) });

/** For Organizations operations that its table of rates does not name. */
const unlistedRate: Rate = { rate: 2, burst: 2 };

type RateGroup = { readonly name: string; readonly rate: Rate };

/** `account`: the one whose rates it spends, where each has its own; `region` likewise. */
export type CallCharge = {
  readonly service: AwsService;
  readonly operation: string;
  readonly account?: string;
  readonly region?: string;
};

const isRead = (operation: string): boolean => /^(Get|List)/.test(operation);

const iamGroup = ({ operation, account = 'caller' }: CallCharge): RateGroup =>
  isRead(operation)
    ? { name: `iam:${account}:read`, rate: iamReadRate }
    : { name: `iam:${account}:write`, rate: iamWriteRate };

const regionalRate = ({ service, operation }: CallCharge): Rate => {
  if (operation === 'LookupEvents') return lookupEventsRate;
  return ['cloudtrail', 'accessanalyzer', 'logs'].includes(service) ? accessAnalyzerRate : resourceReadRate;
};

/** Services that count by account and Region. */
const regionalGroup = (charge: CallCharge): RateGroup => {
  const { service, account = 'caller', region = '' } = charge;
  // It has a rate of its own, below that of the others.
  const own = charge.operation === 'LookupEvents' ? ':lookup' : '';
  return { name: `${service}:${account}:${region}${own}`, rate: regionalRate(charge) };
};

const groupOf = (charge: CallCharge): RateGroup => {
  const { service, operation } = charge;
  if (service === 'iam') return iamGroup(charge);
  if (service === 'sts') return { name: service, rate: stsRate };
  if (service === 'account-access') return { name: service, rate: accountAccessRate };
  if (service === 'sso-admin') return { name: service, rate: ssoAdminRate };
  if (service === 'identitystore') return { name: `${service}:${operation}`, rate: identityStoreRate };
  if (service !== 'organizations') return regionalGroup(charge);
  const row = organizationsRates.find(({ operations }) => operations.includes(operation));
  return { name: `${service}:${row?.operations[0] ?? operation}`, rate: row ?? unlistedRate };
};

export type TokenBuckets = { readonly take: (charge: CallCharge) => Promise<void> };

/** The part of a rate that one of several runs may use; IAM's are of the account that is called, which only one run calls. */
const shared = (rate: Rate, share: number): Rate => ({
  rate: rate.rate * share,
  burst: Math.max(1, Math.floor(rate.burst * share)),
});

/** One bucket per group of APIs that share a rate. `share`: above 0, at most 1. */
export const createBuckets = (clock: Clock, share: number): TokenBuckets => {
  const buckets = new Map<string, TokenBucket>();
  const bucketOf = ({ name, rate }: RateGroup): TokenBucket => {
    const mine = name.startsWith('iam:') ? rate : shared(rate, share);
    const bucket = buckets.get(name) ?? tokenBucket(below(mine), clock);
    buckets.set(name, bucket);
    return bucket;
  };
  return { take: (charge) => bucketOf(groupOf(charge)).take() };
};

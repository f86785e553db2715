/** Token buckets that keep every call of the process below AWS's documented rates. */
import { identityStoreRate, organizationsRates, ssoAdminRate } from '../model/quotas.ts';
import type { Rate } from '../model/quotas.ts';
import type { Clock } from './clock.ts';

export type Service = 'organizations' | 'sso-admin' | 'identitystore' | 'iam' | 'sts';

/** `take` resolves when one more call may be sent; those who wait are served in the order in which they came. */
export type Bucket = { readonly take: () => Promise<void> };

export const tokenBucket = ({ rate, burst }: Rate, clock: Clock): Bucket => {
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

type Group = { readonly name: string; readonly rate: Rate };

const groupOf = (service: Service, operation: string): Group | undefined => {
  if (service === 'sso-admin') return { name: service, rate: ssoAdminRate };
  if (service === 'identitystore') return { name: `${service}:${operation}`, rate: identityStoreRate };
  if (service !== 'organizations') return undefined;
  const row = organizationsRates.find(({ operations }) => operations.includes(operation));
  return { name: `${service}:${row?.operations[0] ?? operation}`, rate: row ?? unlistedRate };
};

export type Buckets = { readonly take: (service: Service, operation: string) => Promise<void> };

/** One bucket per group of APIs that share a rate; IAM and STS publish none that a reconciler could reach. */
export const createBuckets = (clock: Clock): Buckets => {
  const buckets = new Map<string, Bucket>();
  const bucketOf = ({ name, rate }: Group): Bucket => {
    const bucket = buckets.get(name) ?? tokenBucket(below(rate), clock);
    buckets.set(name, bucket);
    return bucket;
  };
  return {
    take: async (service, operation) => {
      const group = groupOf(service, operation);
      if (group !== undefined) await bucketOf(group).take();
    },
  };
};

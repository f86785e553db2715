/** The clients with one meter, one set of buckets and one way of retrying for all of them. */
import type { AccessAnalyzer } from '@aws-sdk/client-accessanalyzer';
import type { CloudTrail } from '@aws-sdk/client-cloudtrail';
import type { IAM } from '@aws-sdk/client-iam';
import type { Identitystore } from '@aws-sdk/client-identitystore';
import type { Organizations } from '@aws-sdk/client-organizations';
import type { SSOAdmin } from '@aws-sdk/client-sso-admin';
import type { STS } from '@aws-sdk/client-sts';
import type { AccountId } from '../model/resource.ts';
import { createBuckets } from './buckets.ts';
import type { Buckets, Service } from './buckets.ts';
import type { Clock } from './clock.ts';
import type { Clients, Credentials } from './clients.ts';
import { rememberOperation } from './failures.ts';
import { waitBefore } from './retry.ts';
import type { ApiCall } from './retry.ts';

/** An account's part of one Region. */
export type Locality = { readonly account: AccountId; readonly region: string };

export type Connection = {
  readonly organizations: Organizations;
  readonly ssoAdmin: SSOAdmin;
  readonly identityStore: Identitystore;
  readonly sts: STS;
  /** IAM of one account; without credentials, the caller's own. */
  readonly iam: (account: AccountId, credentials?: Credentials) => Promise<IAM>;
  readonly cloudTrail: (where: Locality, credentials?: Credentials) => Promise<CloudTrail>;
  readonly accessAnalyzer: (where: Locality, credentials?: Credentials) => Promise<AccessAnalyzer>;
  readonly clock: Clock;
};

export type Metering = {
  readonly clock: Clock;
  /** Told of every attempt, as "sso-admin:ListPermissionSets". */
  readonly onCall: (operation: string) => void;
  /** What this run may use of the rates that it shares with others of its kind; by default 1, all. */
  readonly share?: number;
};

type Next = (args: unknown) => Promise<unknown>;
type Middleware = (next: Next, context: { readonly commandName?: string }) => Next;
type Placement = {
  readonly name: string;
  readonly relation: 'before' | 'after';
  readonly toMiddleware: 'retryMiddleware';
  readonly override: true;
};
type Stack = { readonly addRelativeTo: (middleware: Middleware, placement: Placement) => void };

/** `account`: whose rates the client's calls spend, where each account has its own. */
type Installed = { readonly service: Service; readonly account?: AccountId; readonly region?: string };

const operationName = (context: { readonly commandName?: string }): string =>
  (context.commandName ?? 'Unknown').replace(/Command$/, '');

const repeated = async (call: ApiCall, clock: Clock, attempt: () => Promise<unknown>): Promise<unknown> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      rememberOperation(thrown, `${call.service}:${call.operation}`);
      const wait = waitBefore(thrown, call, tries);
      if (wait === undefined) throw thrown;
      await clock.sleep(wait);
    }
  }
};

const retrying =
  (service: Service, clock: Clock): Middleware =>
  (next, context) =>
  (args) =>
    repeated({ service, operation: operationName(context) }, clock, () => next(args));

/** After the SDK's own retries, so that each attempt pays. */
const paying =
  (installed: Installed, buckets: Buckets, metering: Metering): Middleware =>
  (next, context) =>
  async (args) => {
    const operation = operationName(context);
    await buckets.take({ ...installed, operation });
    metering.onCall(`${installed.service}:${operation}`);
    return next(args);
  };

const place = (name: string, relation: 'before' | 'after'): Placement => ({
  name,
  relation,
  toMiddleware: 'retryMiddleware',
  override: true,
});

/** Waits for the clients to load. A second connection of the same clients replaces the first one's middleware. */
export const connect = async (clients: Clients, metering: Metering): Promise<Connection> => {
  const [organizations, ssoAdmin, identityStore, sts] = await Promise.all([
    clients.organizations(),
    clients.ssoAdmin(),
    clients.identityStore(),
    clients.sts(),
  ]);
  const buckets = createBuckets(metering.clock, metering.share ?? 1);
  const install = <C extends { readonly middlewareStack: unknown }>(installed: Installed, client: C): C => {
    const stack = client.middlewareStack as Stack;
    stack.addRelativeTo(retrying(installed.service, metering.clock), place('gatehouseRetry', 'before'));
    stack.addRelativeTo(paying(installed, buckets, metering), place('gatehouseRate', 'after'));
    return client;
  };
  const of = (credentials: Credentials | undefined, account: AccountId): Clients | Promise<Clients> =>
    credentials === undefined ? clients : clients.withCredentials(credentials, account);
  return {
    organizations: install({ service: 'organizations' }, organizations),
    ssoAdmin: install({ service: 'sso-admin' }, ssoAdmin),
    identityStore: install({ service: 'identitystore' }, identityStore),
    sts: install({ service: 'sts' }, sts),
    iam: async (account, credentials) =>
      install({ service: 'iam', account }, await (await of(credentials, account)).iam()),
    cloudTrail: async (where, credentials) =>
      install(
        { service: 'cloudtrail', ...where },
        await (await of(credentials, where.account)).cloudTrail(where.region),
      ),
    accessAnalyzer: async (where, credentials) =>
      install(
        { service: 'accessanalyzer', ...where },
        await (await of(credentials, where.account)).accessAnalyzer(where.region),
      ),
    clock: metering.clock,
  };
};

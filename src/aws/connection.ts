/** The clients with one meter, one set of buckets and one way of retrying for all of them. */
import type { AccessAnalyzer } from '@aws-sdk/client-accessanalyzer';
import type { CloudTrail } from '@aws-sdk/client-cloudtrail';
import type { IAM } from '@aws-sdk/client-iam';
import type { Identitystore } from '@aws-sdk/client-identitystore';
import type { Organizations } from '@aws-sdk/client-organizations';
import type { SSOAdmin } from '@aws-sdk/client-sso-admin';
import type { STS } from '@aws-sdk/client-sts';
import type { ResourceService } from '../kinds/resource-policies.ts';
import { once } from '../model/lists.ts';
import type { AccountId } from '../model/resource.ts';
import type { AccountAccess } from './account-access-client.ts';
import { createBuckets } from './buckets.ts';
import type { TokenBuckets, AwsService } from './buckets.ts';
import type { Clock } from './clock.ts';
import type { AwsClients, AwsCredentials, ResourceClients } from './clients.ts';
import { rememberOperation } from './failures.ts';
import type { LogsClient } from './logs-client.ts';
import type { ReadListener } from './pages.ts';
import { noTape, taped, unsent } from './record/tape.ts';
import type { Tape, TapeDeck } from './record/tape.ts';
import { waitBefore } from './retry.ts';
import type { ApiCall } from './retry.ts';

/** An account's part of one Region. */
export type AccountRegion = { readonly account: AccountId; readonly region: string };

export type AwsConnection = ReadListener & {
  readonly organizations: Organizations;
  readonly ssoAdmin: SSOAdmin;
  readonly identityStore: Identitystore;
  readonly sts: STS;
  /** Of the caller's account; few organizations use it. */
  readonly accountAccess: () => Promise<AccountAccess>;
  /** IAM of one account; without credentials, the caller's own. */
  readonly iam: (account: AccountId, credentials?: AwsCredentials) => Promise<IAM>;
  /** What a record knows of an account's IAM, if it is worth a try: it throws UnrecordedError where that is not all. */
  readonly recordedIam: (account: AccountId) => Promise<IAM | undefined>;
  readonly cloudTrail: (where: AccountRegion, credentials?: AwsCredentials) => Promise<CloudTrail>;
  /** Of the caller's account. */
  readonly logs: (where: AccountRegion) => Promise<LogsClient>;
  readonly accessAnalyzer: (where: AccountRegion, credentials?: AwsCredentials) => Promise<AccessAnalyzer>;
  readonly resourceClient: <S extends ResourceService>(
    service: S,
    where: AccountRegion,
    credentials?: AwsCredentials,
  ) => Promise<ResourceClients[S]>;
  /** Of what takes calls of several kinds: a record may answer before any client is made. */
  readonly ask: Tape['ask'];
  readonly clock: Clock;
};

export type CallMetering = ReadListener & {
  readonly clock: Clock;
  /** Told of every attempt, as "sso-admin:ListPermissionSets". */
  readonly onCall: (operation: string) => void;
  /** What this run may use of the rates that it shares with others of its kind; by default 1, all. */
  readonly share?: number;
  /** Whoever writes down what AWS answers, or answers in its place. */
  readonly deck?: TapeDeck;
};

type NextHandler = (args: unknown) => Promise<unknown>;
type RetryMiddleware = (next: NextHandler, context: { readonly commandName?: string }) => NextHandler;
type MiddlewarePlacement = {
  readonly name: string;
  readonly relation: 'before' | 'after';
  readonly toMiddleware: 'retryMiddleware';
  readonly override: true;
};
type MiddlewareStack = {
  readonly addRelativeTo: (middleware: RetryMiddleware, placement: MiddlewarePlacement) => void;
};

/** `account`: whose rates the client's calls spend, where each account has its own. */
type InstalledClient = { readonly service: AwsService; readonly account?: AccountId; readonly region?: string };

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
  (service: AwsService, clock: Clock): RetryMiddleware =>
  (next, context) =>
  (args) =>
    repeated({ service, operation: operationName(context) }, clock, () => next(args));

/** After the SDK's own retries, so that each attempt pays. */
const paying =
  (installed: InstalledClient, buckets: TokenBuckets, metering: CallMetering): RetryMiddleware =>
  (next, context) =>
  async (args) => {
    const operation = operationName(context);
    await buckets.take({ ...installed, operation });
    metering.onCall(`${installed.service}:${operation}`);
    return next(args);
  };

const place = (name: string, relation: 'before' | 'after'): MiddlewarePlacement => ({
  name,
  relation,
  toMiddleware: 'retryMiddleware',
  override: true,
});

const installer = (metering: CallMetering) => {
  const buckets = createBuckets(metering.clock, metering.share ?? 1);
  return <C extends { readonly middlewareStack: unknown }>(installed: InstalledClient, client: C): C => {
    const stack = client.middlewareStack as MiddlewareStack;
    stack.addRelativeTo(retrying(installed.service, metering.clock), place('gatehouseRetry', 'before'));
    stack.addRelativeTo(paying(installed, buckets, metering), place('gatehouseRate', 'after'));
    return client;
  };
};

type IamOpener = (account: AccountId, credentials?: AwsCredentials) => Promise<IAM>;

/** The IAM of each account: asked, and of the record alone. */
const recordable = (deck: TapeDeck, client: IamOpener): Pick<AwsConnection, 'iam' | 'recordedIam' | 'ask'> => ({
  ask: (question, send) => deck.tape.ask(question, send),
  iam: async (account: AccountId, credentials?: AwsCredentials) =>
    taped(await client(account, credentials), { deck, service: 'iam', account }),
  recordedIam: async (account: AccountId) =>
    (await deck.tape.answersFor(account))
      ? unsent(await client(account), { deck, service: 'iam', account })
      : undefined,
});

/** Waits for the clients to load. A second connection of the same clients replaces the first one's middleware. */
export const connectAws = async (clients: AwsClients, metering: CallMetering): Promise<AwsConnection> => {
  const [organizations, ssoAdmin, identityStore, sts] = await Promise.all([
    clients.organizations(),
    clients.ssoAdmin(),
    clients.identityStore(),
    clients.sts(),
  ]);
  const install = installer(metering);
  const deck = metering.deck ?? { tape: noTape };
  const of = (credentials: AwsCredentials | undefined, account: AccountId): AwsClients | Promise<AwsClients> =>
    credentials === undefined ? clients : clients.withCredentials(credentials, account);
  return {
    organizations: taped(install({ service: 'organizations' }, organizations), { deck, service: 'organizations' }),
    ssoAdmin: taped(install({ service: 'sso-admin' }, ssoAdmin), { deck, service: 'sso-admin' }),
    identityStore: taped(install({ service: 'identitystore' }, identityStore), { deck, service: 'identitystore' }),
    sts: install({ service: 'sts' }, sts),
    accountAccess: once(async () => install({ service: 'account-access' }, await clients.accountAccess())),
    ...recordable(deck, async (account, credentials) =>
      install({ service: 'iam', account }, await (await of(credentials, account)).iam()),
    ),
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
    logs: async (where) => install({ service: 'logs', ...where }, await clients.logs(where.region)),
    resourceClient: async (service, where, credentials) =>
      install(
        { service, ...where },
        await (await of(credentials, where.account)).resourceClient(service, where.region),
      ),
    clock: metering.clock,
    ...(metering.onRead === undefined ? {} : { onRead: metering.onRead }),
  };
};

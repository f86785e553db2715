/** The policies of all resources of many accounts. What is refused is named by service, account and Region; nothing is guessed. */
import type { ResourceService } from '../../kinds/resource-policies.ts';
import { resourceServiceNames } from '../../kinds/resource-policies.ts';
import type { AccountPolicies, UnreadPolicies } from '../../model/resource-reading.ts';
import type { PublicAccessBlock } from '../../model/public-access.ts';
import { remembered } from '../../model/lists.ts';
import type { AccountId, ResourcePolicy } from '../../model/resource.ts';
import type { MemberAccounts } from '../accounts.ts';
import type { ResourceClients } from '../clients.ts';
import type { AwsConnection } from '../connection.ts';
import { parseDocument } from '../documents.ts';
import { callFailure, isOurFault } from '../failures.ts';
import { mapBounded } from '../pages.ts';
import type { LabelledAccount } from '../read-roles.ts';
import type { ListedResource, ReaderPlace, ResourceReader } from './reader.ts';

export type ResourcesMeant = {
  readonly regions: readonly string[];
  /** Absent: all of them. */
  readonly services?: readonly ResourceService[];
  /** ARN of the one resource that is meant. */
  readonly only?: string;
};

type ClientsOfAccount = <S extends ResourceService>(service: S, region: string) => Promise<ResourceClients[S]>;
type ReadingPlace = { readonly account: LabelledAccount; readonly clientIn: ClientsOfAccount };
type AccountsEntered = { readonly connection: AwsConnection; readonly accounts: MemberAccounts };

type RegionalService = Exclude<ResourceService, 's3'>;
type RegionPlace = ReadingPlace & {
  readonly service: RegionalService;
  readonly region: string;
  readonly only: string | undefined;
};

/** One client of each service and Region for all the calls of one account. Rejects when it cannot be entered. */
const enter = async ({ connection, accounts }: AccountsEntered, id: AccountId): Promise<ClientsOfAccount> => {
  const credentials = await accounts.credentials(id);
  const made = remembered((key: string): Promise<unknown> => {
    const [service, region = ''] = key.split(' ') as [ResourceService, string];
    return connection.resourceClient(service, { account: id, region }, credentials);
  });
  return <S extends ResourceService>(service: S, region: string) =>
    made(`${service} ${region}`) as Promise<ResourceClients[S]>;
};

type ReaderMaking = {
  readonly [S in RegionalService]: () => Promise<(client: ResourceClients[S], place: ReaderPlace) => ResourceReader>;
};

const readers: ReaderMaking = {
  sns: async () => (await import('./sns.ts')).snsReader,
  kms: async () => (await import('./kms.ts')).kmsReader,
  secretsmanager: async () => (await import('./secrets-manager.ts')).secretsManagerReader,
  sqs: async () => (await import('./sqs.ts')).sqsReader,
  lambda: async () => (await import('./lambda.ts')).lambdaReader,
  ecr: async () => (await import('./ecr.ts')).ecrReader,
};

const readerIn = async ({ service, region, ...place }: Omit<RegionPlace, 'only'>): Promise<ResourceReader> => {
  const make = (await readers[service]()) as (client: unknown, place: ReaderPlace) => ResourceReader;
  return make(await place.clientIn(service, region), { account: place.account.id, region });
};

type PolicyAnswer = Pick<AccountPolicies, 'policies' | 'unread'>;

const nothing: PolicyAnswer = { policies: [], unread: [] };

const refused = (thrown: unknown, unread: Omit<UnreadPolicies, 'reason'>): PolicyAnswer => {
  if (isOurFault(thrown)) throw thrown;
  return { policies: [], unread: [{ ...unread, reason: callFailure(thrown) }] };
};

type PolicyOfListed = {
  readonly service: ResourceService;
  readonly account: LabelledAccount;
  readonly listed: ListedResource;
};

const answerOf = ({ service, account, listed }: PolicyOfListed, text: string | undefined): PolicyAnswer => {
  if (text === undefined || text === '') return nothing;
  const { arn, region } = listed;
  const document = parseDocument(text);
  const at = { service, account: account.label, region, resource: arn };
  if (document === undefined)
    return { policies: [], unread: [{ ...at, reason: 'its policy is not JSON of a policy' }] };
  const policy: ResourcePolicy = { kind: 'resource-policy', resource: arn, account: account.label, region, document };
  return { policies: [policy], unread: [] };
};

const joined = (answers: readonly PolicyAnswer[]): PolicyAnswer => ({
  policies: answers.flatMap(({ policies }) => policies),
  unread: answers.flatMap(({ unread }) => unread),
});

const readEach = (
  listed: readonly ListedResource[],
  { service, account }: Omit<PolicyOfListed, 'listed'>,
  policy: (one: ListedResource) => Promise<string | undefined>,
): Promise<PolicyAnswer> =>
  mapBounded(listed, async (one) => {
    try {
      return answerOf({ service, account, listed: one }, await policy(one));
    } catch (thrown) {
      return refused(thrown, { service, account: account.label, region: one.region, resource: one.arn });
    }
  }).then(joined);

const readRegion = async (place: RegionPlace): Promise<PolicyAnswer> => {
  const { service, region, account, only } = place;
  try {
    const reader = await readerIn(place);
    const listed = only === undefined ? await reader.list() : [reader.named(only)];
    return await readEach(listed, { service, account }, reader.policy);
  } catch (thrown) {
    return refused(thrown, { service, account: account.label, region });
  }
};

type BlockAnswer = Pick<AccountPolicies, 'accountBlock' | 'bucketBlocks' | 'unread'>;

/** Asked only of buckets that have a policy: of others it says nothing that matters here. */
const readBlocks = async (
  place: ReadingPlace,
  region: string,
  policies: readonly ResourcePolicy[],
): Promise<BlockAnswer> => {
  const { accountBlock, bucketBlock } = await import('./s3.ts');
  const unread: UnreadPolicies[] = [];
  const told = async (block: Promise<PublicAccessBlock>, at: Pick<UnreadPolicies, 'region' | 'resource'>) =>
    block.catch((thrown: unknown) => {
      unread.push(...refused(thrown, { service: 's3', account: place.account.label, ...at }).unread);
      return undefined;
    });
  const client = await place.clientIn('s3', region);
  const ofAccount = told(accountBlock(client, place.account.id), { region });
  const ofBuckets = await mapBounded(policies, async ({ resource, region: at }) => {
    const bucket = resource.split(':').at(-1) ?? '';
    const block = await told(bucketBlock(await place.clientIn('s3', at), bucket), { region: at, resource });
    return block === undefined ? [] : [[resource, block] as const];
  });
  const found = await ofAccount;
  return {
    ...(found === undefined ? {} : { accountBlock: found }),
    bucketBlocks: Object.fromEntries(ofBuckets.flat()),
    unread,
  };
};

/** All buckets of the account, in whatever Region they are. */
const readBuckets = async (
  place: ReadingPlace,
  region: string,
  only: string | undefined,
): Promise<Omit<AccountPolicies, 'account'>> => {
  const { account } = place;
  try {
    const { bucketPolicy, listBuckets } = await import('./s3.ts');
    const listed = await listBuckets(await place.clientIn('s3', region), { account: account.id, region });
    const meant = listed.filter(({ arn }) => only === undefined || arn === only);
    const { policies, unread } = await readEach(meant, { service: 's3', account }, async (one) =>
      bucketPolicy(await place.clientIn('s3', one.region), one),
    );
    const blocks = await readBlocks(place, region, policies);
    return { ...blocks, policies, unread: [...unread, ...blocks.unread] };
  } catch (thrown) {
    return { ...refused(thrown, { service: 's3', account: account.label, region }), bucketBlocks: {} };
  }
};

const isRegional = (service: ResourceService): service is RegionalService => service !== 's3';

const readAccount = async (place: ReadingPlace, reading: ResourcesMeant): Promise<AccountPolicies> => {
  const { regions, services = resourceServiceNames, only } = reading;
  const [first = 'us-east-1'] = regions;
  const parts = services
    .filter(isRegional)
    .flatMap((service) => regions.map((region) => readRegion({ ...place, service, region, only })));
  const ofBuckets = services.includes('s3') ? readBuckets(place, first, only) : { ...nothing, bucketBlocks: {} };
  const [buckets, ...others] = await Promise.all([ofBuckets, ...parts]);
  const rest = joined(others);
  return {
    ...buckets,
    account: place.account.label,
    policies: [...buckets.policies, ...rest.policies],
    unread: [...buckets.unread, ...rest.unread],
  };
};

/** Rejects only for a bug or credentials of the caller that are no good. */
export const readPoliciesOfResources = async (
  entered: AccountsEntered,
  places: readonly LabelledAccount[],
  reading: ResourcesMeant,
): Promise<readonly AccountPolicies[]> =>
  mapBounded(places, async (account): Promise<AccountPolicies> => {
    try {
      const clientIn = await enter(entered, account.id);
      return await readAccount({ account, clientIn }, reading);
    } catch (thrown) {
      if (isOurFault(thrown)) throw thrown;
      const unread = [{ account: account.label, reason: callFailure(thrown) }];
      return { account: account.label, policies: [], bucketBlocks: {}, unread };
    }
  });

/** The policies of the resources that the files declare. One that cannot be read is named and stops no other. */
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import type { ResourceService } from '../../kinds/resource-policies.ts';
import type { ResourceAddress } from '../../model/desired.ts';
import type { Unread } from '../../model/reads.ts';
import { resourcePolicyKey } from '../../model/resource.ts';
import type { AccountId, Key, ResourcePolicy } from '../../model/resource.ts';
import type { MemberAccounts } from '../accounts.ts';
import type { AwsConnection } from '../connection.ts';
import { parseDocument } from '../documents.ts';
import { callFailure, isOurFault } from '../failures.ts';
import { mapBounded } from '../pages.ts';
import { policyOperation } from '../record/kept.ts';
import { NoResource, notWritten } from './policy-calls.ts';
import type { PolicyCaller, PolicyCalls, PolicyPlace } from './policy-calls.ts';
import type { ReaderPlace, ResourceReader } from './reader.ts';

type PolicyCallers = { readonly [S in ResourceService]: () => Promise<PolicyCaller<S>> };

/** Of the services that are only read. */
const reading =
  <Client>(readerOf: (client: Client, place: ReaderPlace) => ResourceReader) =>
  (client: Client, { arn, account }: PolicyPlace): PolicyCalls => {
    const [, , , region = ''] = arn.split(':');
    const reader = readerOf(client, { account, region });
    return { ...notWritten, read: () => reader.policy(reader.named(arn)) };
  };

const callers: PolicyCallers = {
  s3: async () => (await import('./s3-policy.ts')).s3Policy,
  sns: async () => (await import('./sns-policy.ts')).snsPolicy,
  kms: async () => (await import('./kms-policy.ts')).kmsPolicy,
  secretsmanager: async () => (await import('./secrets-policy.ts')).secretsPolicy,
  sqs: async () => reading((await import('./sqs.ts')).sqsReader),
  lambda: async () => reading((await import('./lambda.ts')).lambdaReader),
  ecr: async () => reading((await import('./ecr.ts')).ecrReader),
};

type EnteredAccounts = { readonly connection: AwsConnection; readonly accounts: MemberAccounts };
/** A declared resource whose account's id is known. */
export type PlacedAddress = ResourceAddress & { readonly id: AccountId };

/** Enters the account. Throws when it cannot be entered. */
export const policyCallsOf = async (
  { connection, accounts }: EnteredAccounts,
  { resource: arn, id, region }: PlacedAddress,
): Promise<PolicyCalls> => {
  const service = resourceOfArn(arn)?.service;
  if (service === undefined) throw new Error(`${arn} is no resource whose policy is known`);
  const client = await connection.resourceClient(service, { account: id, region }, await accounts.credentials(id));
  const caller = (await callers[service]()) as PolicyCaller<ResourceService>;
  return caller(client, { arn, account: id });
};

/** Undefined: there is no policy, or AWS's own default. */
export const readDeclaredPolicy = async (
  calls: Pick<PolicyCalls, 'read'>,
  { resource, account, region }: ResourceAddress,
): Promise<ResourcePolicy | undefined> => {
  const text = await calls.read();
  if (text === undefined || text === '') return undefined;
  const document = parseDocument(text);
  if (document === undefined) throw new Error('the policy that AWS gives is not one that can be read');
  return { kind: 'resource-policy', resource, account, region, document };
};

type DeclaredAnswer = {
  readonly policy?: ResourcePolicy | undefined;
  readonly noResource?: Key;
  readonly unread?: Unread;
};

/** The account is entered where no record answers. That there is no such resource is asked anew each time. */
const recordedCalls = (entered: EnteredAccounts, address: PlacedAddress): Pick<PolicyCalls, 'read'> => ({
  read: async () => {
    const { resource, region, id } = address;
    const service = resourceOfArn(resource)?.service;
    const send = async () => ({ policy: await (await policyCallsOf(entered, address)).read() });
    if (service === undefined) return (await send()).policy;
    const question = { operation: policyOperation(service), account: id, input: { resource, region } };
    return (await entered.connection.ask(question, send)).policy;
  },
});

const readOne = async (entered: EnteredAccounts, address: PlacedAddress): Promise<DeclaredAnswer> => {
  const key = resourcePolicyKey(address.resource);
  try {
    return { policy: await readDeclaredPolicy(recordedCalls(entered, address), address) };
  } catch (thrown) {
    if (thrown instanceof NoResource) return { noResource: key };
    if (isOurFault(thrown)) throw thrown;
    return { unread: { scope: key, reason: callFailure(thrown) } };
  }
};

export type ReadDeclaredPolicies = {
  readonly policies: readonly ResourcePolicy[];
  /** Keys of those whose resource is not there. */
  readonly noResource: readonly Key[];
  readonly unread: readonly Unread[];
};

/** One call for each, after the account has been entered. */
export const readDeclaredPolicies = async (
  entered: EnteredAccounts,
  addresses: readonly PlacedAddress[],
): Promise<ReadDeclaredPolicies> => {
  const read = await mapBounded(addresses, (address) => readOne(entered, address));
  return {
    policies: read.flatMap(({ policy }) => policy ?? []),
    noResource: read.flatMap(({ noResource }) => noResource ?? []),
    unread: read.flatMap(({ unread }) => unread ?? []),
  };
};

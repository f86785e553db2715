/** Which organization, account and endpoint a command is about to talk to. */
import type { AwsClients } from './clients.ts';
import { isNamed, readError } from './failures.ts';

export type ConnectionIdentity = {
  readonly account: string;
  readonly arn: string;
  /** Of an account that belongs to none, the account's id. */
  readonly organization: string;
  readonly managementAccount: string;
  /** Where calls go that do not go to AWS itself, sorted; empty means AWS. */
  readonly endpoints: readonly string[];
};

type EndpointRequest = { readonly protocol: string; readonly hostname: string; readonly port?: number };
type MiddlewareArguments = { readonly request: EndpointRequest };
type SentCommand = {
  readonly middlewareStack: {
    readonly add: (
      middleware: (next: unknown) => (args: MiddlewareArguments) => Promise<unknown>,
      where: { readonly step: 'build'; readonly priority: 'low' },
    ) => void;
  };
};
type CommandSender = { readonly send: (command: never) => Promise<unknown> };

const originOf = ({ protocol, hostname, port }: EndpointRequest): string =>
  `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;

/** Lets the SDK resolve the endpoint of a call as it will (option, environment, profile), and sends nothing. */
const endpointOf = async (client: CommandSender, command: unknown): Promise<string> => {
  let origin = '';
  const stop = () => async (args: MiddlewareArguments) => {
    origin = originOf(args.request);
    return { response: {}, output: { $metadata: {} } };
  };
  (command as SentCommand).middlewareStack.add(stop, { step: 'build', priority: 'low' });
  await client.send(command as never);
  return origin;
};

const ofAws = (origin: string): boolean => /^https:\/\/([a-z0-9-]+\.)+(amazonaws\.com|aws\.dev|api\.aws)$/.test(origin);

const endpointsOf = async (clients: AwsClients): Promise<readonly string[]> => {
  const [organizations, ssoAdmin, identityStore, iam, sts] = await Promise.all([
    import('@aws-sdk/client-organizations'),
    import('@aws-sdk/client-sso-admin'),
    import('@aws-sdk/client-identitystore'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-sts'),
  ]);
  const origins = await Promise.all([
    endpointOf(await clients.organizations(), new organizations.ListRootsCommand({})),
    endpointOf(await clients.ssoAdmin(), new ssoAdmin.ListInstancesCommand({})),
    endpointOf(await clients.identityStore(), new identityStore.ListGroupsCommand({ IdentityStoreId: 'd-0000000000' })),
    endpointOf(await clients.iam(), new iam.ListRolesCommand({})),
    endpointOf(await clients.sts(), new sts.GetCallerIdentityCommand({})),
  ]);
  return [...new Set(origins)].filter((origin) => !ofAws(origin)).sort();
};

/** Undefined for an account of no organization. */
const organizationOf = async (clients: AwsClients) => {
  try {
    return (await (await clients.organizations()).describeOrganization({})).Organization;
  } catch (thrown) {
    if (isNamed(thrown, 'AWSOrganizationsNotInUseException')) return undefined;
    throw thrown;
  }
};

/** Throws a UserError when there are no credentials, or an organization that they may not describe. */
export const whereAmI = async (clients: AwsClients): Promise<ConnectionIdentity> => {
  try {
    const [caller, organization, endpoints] = await Promise.all([
      clients.sts().then((sts) => sts.getCallerIdentity({})),
      organizationOf(clients),
      endpointsOf(clients),
    ]);
    const { Account: account = '', Arn: arn = '' } = caller;
    return {
      account,
      arn,
      organization: organization === undefined ? account : (organization.Id ?? ''),
      managementAccount: organization === undefined ? account : (organization.MasterAccountId ?? ''),
      endpoints,
    };
  } catch (thrown) {
    throw readError(thrown);
  }
};

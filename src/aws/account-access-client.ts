/**
 * A client of account access manager's API for the operations that are called here. Its package,
 * @aws-sdk/client-account-access, exists since 3.1108.0 of the SDK but cannot be had from every registry yet: until it can,
 * this is the client of another service of the same protocol (restJson1), which keeps the SDK's credentials, connections,
 * signing and middleware, with the commands, the endpoint and the signing name of botocore's published model
 * (botocore 1.43.107, account-access/2018-05-10).
 */
import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import type { AccessAnalyzerClientConfig } from '@aws-sdk/client-accessanalyzer';
import { makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';

/** A group or a user, by its id in the identity store. */
export type EntitledPrincipal = {
  readonly identityCenter: { readonly groupId: string } | { readonly userId: string };
};
export type PrincipalRole = { readonly principal: EntitledPrincipal; readonly roleArn: string };
export type EntitlementRow = {
  readonly entitlementId: string;
  readonly entitlement: { readonly principalRole?: PrincipalRole & { readonly account: string } };
};
type Token = { readonly nextToken?: string; readonly maxResults?: number };
type OfApplication = { readonly applicationArn: string };

/** Inputs and outputs as far as they are used. */
type Operations = {
  readonly ListApplications: [Token, { readonly applications?: readonly OfApplication[]; readonly nextToken?: string }];
  readonly GetApplication: [
    OfApplication,
    {
      readonly status?: string;
      readonly identitySource?: { readonly identityCenter?: { readonly instanceArn?: string } };
    },
  ];
  readonly ListEntitlements: [
    OfApplication & Token & { readonly filter: { readonly principalRole?: Readonly<Record<string, unknown>> } },
    { readonly entitlements?: readonly EntitlementRow[]; readonly nextToken?: string },
  ];
  readonly CreateEntitlement: [
    OfApplication & { readonly entitlement: { readonly principalRole: PrincipalRole } },
    { readonly entitlementId?: string },
  ];
  readonly DeleteEntitlement: [OfApplication & { readonly entitlementId: string }, object];
};
type Operation = keyof Operations;

export type AccountAccess = {
  readonly [Name in Operation as Uncapitalize<Name>]: (input: Operations[Name][0]) => Promise<Operations[Name][1]>;
} & { readonly middlewareStack: unknown; readonly client: AccessAnalyzerClient };

const namespace = 'com.amazonaws.accountaccess';
const signingName = 'account-access';

/** Kinds of members in the SDK's schemas: text, number, and JSON that passes as it is. */
const [text, number, json] = [0, 1, 15] as const;
const inPath = [0, 1] as const;
const inQuery = (name: string) => [0, { httpQuery: name }] as const;

type Members = Readonly<Record<string, unknown>>;
const structure = (name: string, members: Members) => [
  3,
  namespace,
  name,
  0,
  Object.keys(members),
  Object.values(members),
];

type Route = {
  readonly http: readonly [method: string, path: string];
  readonly input: Members;
  readonly output: Members;
};

const page: Members = { nextToken: text, maxResults: number };
const routes: Readonly<Record<Operation, Route>> = {
  ListApplications: {
    http: ['POST', '/applications-list'],
    input: page,
    output: { applications: json, nextToken: text },
  },
  GetApplication: {
    http: ['GET', '/applications/{applicationArn}'],
    input: { applicationArn: inPath },
    output: { status: text, identitySource: json },
  },
  ListEntitlements: {
    http: ['POST', '/entitlements-list'],
    input: { applicationArn: text, filter: json, ...page },
    output: { entitlements: json, nextToken: text },
  },
  CreateEntitlement: {
    http: ['POST', '/entitlements'],
    input: { applicationArn: text, entitlement: json },
    output: { entitlementId: text },
  },
  DeleteEntitlement: {
    http: ['DELETE', '/entitlements/{entitlementId}'],
    input: { applicationArn: inQuery('applicationArn'), entitlementId: inPath },
    output: {},
  },
};

type CommandMaker = ReturnType<typeof makeBuilder>;

const schemaOf = (name: Operation): Parameters<CommandMaker>[3] => {
  const { http, input, output } = routes[name];
  return [
    9,
    namespace,
    name,
    { http: [...http, 200] },
    structure(`${name}Request`, input),
    structure(`${name}Response`, output),
  ] as unknown as Parameters<CommandMaker>[3];
};

const endpointParameters = {
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
} as const;

type Endpoint = { readonly Endpoint?: string; readonly Region?: string; readonly UseFIPS?: boolean };

/** The service has dual-stack endpoints alone (its endpoint rule set). */
const endpointOf = ({ Endpoint: given, Region = '', UseFIPS }: Endpoint) => ({
  url: new URL(given ?? `https://account-access${UseFIPS === true ? '-fips' : ''}.${Region}.api.aws`),
});

const signedFor = (region: string | undefined) => [
  {
    schemeId: 'aws.auth#sigv4' as const,
    signingProperties: { name: signingName, region },
    propertiesExtractor: (config: unknown, context: unknown) => ({ signingProperties: { config, context } }),
  },
];

const own = {
  serviceId: 'Account Access',
  endpointProvider: (parameters: Endpoint) => endpointOf(parameters),
  httpAuthSchemeProvider: ({ region }: { readonly region?: string }) => signedFor(region),
};

const commandOf = makeBuilder(endpointParameters, 'AccountAccess', 'AccountAccessClient', getEndpointPlugin);

type Sender = { readonly send: (command: unknown) => Promise<unknown> };

export const createAccountAccess = (configuration: AccessAnalyzerClientConfig): AccountAccess => {
  const client = new AccessAnalyzerClient({ ...configuration, ...own } as unknown as AccessAnalyzerClientConfig);
  const calling = (name: Operation) => {
    const Command = commandOf({}, () => [], name, schemaOf(name));
    return (input: object) => (client as unknown as Sender).send(new Command(input));
  };
  const calls = Object.fromEntries(
    (Object.keys(routes) as Operation[]).map((name) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      calling(name),
    ]),
  );
  return { ...calls, middlewareStack: client.middlewareStack, client } as unknown as AccountAccess;
};

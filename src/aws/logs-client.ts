/**
 * A client of CloudWatch Logs for the two operations that are called here: the client of another service of the same protocol
 * (awsJson1_1), which keeps the SDK's credentials, connections, signing and middleware, with the target, the endpoint and the
 * signing name of botocore's published model (logs/2014-03-28). A package of its own for two calls would not be worth its size.
 */
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { CloudTrailClientConfig } from '@aws-sdk/client-cloudtrail';
import { makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';

export type LogField = { readonly field?: string; readonly value?: string };

/** Inputs and outputs as far as they are used; times are seconds since the epoch. */
type LogsOperations = {
  readonly StartQuery: [
    {
      readonly logGroupIdentifiers: readonly string[];
      readonly startTime: number;
      readonly endTime: number;
      readonly queryString: string;
      readonly limit: number;
    },
    { readonly queryId?: string },
  ];
  readonly GetQueryResults: [
    { readonly queryId: string },
    { readonly status?: string; readonly results?: readonly (readonly LogField[])[] },
  ];
};
type LogsOperation = keyof LogsOperations;

export type LogsClient = {
  readonly [Name in LogsOperation as Uncapitalize<Name>]: (
    input: LogsOperations[Name][0],
  ) => Promise<LogsOperations[Name][1]>;
} & { readonly middlewareStack: unknown };

const namespace = 'com.amazonaws.cloudwatchlogs';

/** Kinds of members in the SDK's schemas: text, number, and JSON that passes as it is. */
const [text, number, json] = [0, 1, 15] as const;

type LogsMembers = Readonly<Record<string, unknown>>;

const members: Readonly<Record<LogsOperation, { readonly input: LogsMembers; readonly output: LogsMembers }>> = {
  StartQuery: {
    input: { logGroupIdentifiers: json, startTime: number, endTime: number, queryString: text, limit: number },
    output: { queryId: text },
  },
  GetQueryResults: { input: { queryId: text }, output: { status: text, results: json } },
};

const structure = (name: string, of: LogsMembers) => [3, namespace, name, 0, Object.keys(of), Object.values(of)];

type LogsCommandMaker = ReturnType<typeof makeBuilder>;

const schemaOf = (name: LogsOperation): Parameters<LogsCommandMaker>[3] => {
  const { input, output } = members[name];
  return [
    9,
    namespace,
    name,
    0,
    structure(`${name}Request`, input),
    structure(`${name}Response`, output),
  ] as unknown as Parameters<LogsCommandMaker>[3];
};

const endpointParameters = {
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
} as const;

type LogsEndpoint = { readonly Endpoint?: string; readonly Region?: string; readonly UseFIPS?: boolean };

const endpointOf = ({ Endpoint: given, Region = '', UseFIPS }: LogsEndpoint) => ({
  url: new URL(given ?? `https://logs${UseFIPS === true ? '-fips' : ''}.${Region}.amazonaws.com`),
});

const signedFor = (region: string | undefined) => [
  {
    schemeId: 'aws.auth#sigv4' as const,
    signingProperties: { name: 'logs', region },
    propertiesExtractor: (config: unknown, context: unknown) => ({ signingProperties: { config, context } }),
  },
];

const own = {
  serviceId: 'CloudWatch Logs',
  protocolSettings: { defaultNamespace: namespace, version: '2014-03-28', serviceTarget: 'Logs_20140328' },
  endpointProvider: (parameters: LogsEndpoint) => endpointOf(parameters),
  httpAuthSchemeProvider: ({ region }: { readonly region?: string }) => signedFor(region),
};

const commandOf = makeBuilder(endpointParameters, 'Logs', 'LogsClient', getEndpointPlugin);

type LogsSender = { readonly send: (command: unknown) => Promise<unknown> };

export const createLogs = (configuration: CloudTrailClientConfig): LogsClient => {
  const client = new CloudTrailClient({ ...configuration, ...own } as unknown as CloudTrailClientConfig);
  const calling = (name: LogsOperation) => {
    const Command = commandOf({}, () => [], name, schemaOf(name));
    return (input: object) => (client as unknown as LogsSender).send(new Command(input));
  };
  const calls = Object.fromEntries(
    (Object.keys(members) as LogsOperation[]).map((name) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      calling(name),
    ]),
  );
  return { ...calls, middlewareStack: client.middlewareStack } as unknown as LogsClient;
};

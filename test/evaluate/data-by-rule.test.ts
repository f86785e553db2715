/**
 * Which reads of the service reference may return credentials or customers' data, by their names: each of them is in the
 * list of such actions, or spared here with the reason. A newer catalogue turns this red with the names of what came.
 */
import { describe, expect, it } from 'vitest';
import type { KnownAction } from '../../src/evaluate/action-catalogue.ts';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { dataActions } from '../../src/evaluate/reach/data-actions.ts';

const credentials =
  /^(BatchGet|Get|Retrieve|Request|Generate|Read|Exchange|Describe|View|Reveal|Redeem|Download|Export|Decrypt|Issue)\w*(Credential|Secret|Password|Token|PrivateKey|ApiKey|AccessKey|KeyPair|SignedUrl|LoginUrl|Passcode|UnlockCode)/;
/** A verb of reading and the whole of what is read: an item, an object, a record, the rows of a query. */
const contents =
  /^(BatchGet|Get|Retrieve|Fetch|Read|Download|Receive|Query|Select|Scan|Poll|Search|PartiQL|Execute|Subscribe|Consume|Sample|Preview|Stream|Export|Lookup|ES)(Items?|Objects?|ObjectVersion|Records?|Media|Messages?|Values?|Blob|Rows|Data|Contents?|Results?|QueryResults?|LogEvents|Statement\w*|StatementResult|Documents?|Files?|Images?|Transcript\w*|Recording\w*|Conversation\w*|Attachment\w*|Attributes|Events?|Payload|Table\w*Data|Chunk|Block|Resource|Pages?|Shard)?$/;
const endings =
  /^(?!List).*(Records?|TableData|QueryResults?\w*|LogEvents|ObjectVersion|ObjectTorrent|RawMessageContent|StatementResult|SecretValue|PropertyValue\w*|Transcript|Recording|ClipUrl|MediaFor\w+|SampledRequests|SampleData|DataViaQuery|ChannelMessages?|SnapshotBlock|CalculationExecution\w*|RetrievedData|Conversation)$/;

const isRead = ({ level }: KnownAction): boolean => level === 'Read' || level === 'List';
/** Some services call it a write to hand out a credential. */
const mayReturn = (action: KnownAction): boolean =>
  credentials.test(action.name) || (isRead(action) && (contents.test(action.name) || endings.test(action.name)));

type Spared = Readonly<Record<string, readonly string[]>>;

const spared: Spared = {
  'tells of credentials, and not what they are': [
    ...['bedrock-agentcore:GetApiKeyCredentialProvider', 'bedrock-agentcore:GetOauth2CredentialProvider'],
    ...['bedrock-agentcore:GetPaymentCredentialProvider', 'bedrock-agentcore:GetTokenVault'],
    ...['iam:GenerateCredentialReport', 'iam:GetCredentialReport', 'iam:GetAccessKeyLastUsed'],
    ...['iam:GetAccountPasswordPolicy', 'iotmanagedintegrations:GetCredentialLocker', 'secretsmanager:DescribeSecret'],
    ...['sso:DescribeTrustedTokenIssuer', 'sts:GetAccessKeyInfo', 'workmail:GetPersonalAccessTokenMetadata'],
  ],
  'returns the public part of a key, or a text that is published': [
    ...['ec2:DescribeKeyPairs', 'ivs:GetPlaybackKeyPair', 'ec2:DescribeIpamExternalResourceVerificationTokens'],
  ],
  'makes a new text that opens nothing yet': ['secretsmanager:GetRandomPassword'],
  'tells of the state of a change': ['waf', 'waf-regional'].flatMap((service) => [
    `${service}:GetChangeToken`,
    `${service}:GetChangeTokenStatus`,
  ]),
  'tells how a run went, or what is registered, and not what it worked on': [
    ...['agent-registry:GetDiscoverableRegistryRecord', 'agent-registry:GetRegistryRecord'],
    ...['agent-registry:SearchDiscoverableRegistryRecords', 'bedrock-agentcore:GetRegistryRecord'],
    ...['bedrock-agentcore:SearchRegistryRecords', 'appflow:DescribeFlowExecutionRecords'],
    ...['athena:GetCalculationExecutionStatus', 'bugbust:GetEvent', 'imagebuilder:GetImage'],
    ...['ivs:GetRecordingConfiguration', 'lightsail:GetCloudFormationStackRecords'],
    ...[
      'lightsail:GetExportSnapshotRecords',
      'migrationhub-orchestrator:GetMessage',
      'migrationhub-strategy:GetMessage',
    ],
    ...['network-security-director:GetResource', 'resource-explorer-2:Search', 'sms:GetMessages'],
    ...['ssm-incidents:GetIncidentRecord', 'datazone:Search'],
  ],
  'tells what AWS charges and who sells': ['billing:GetSellerOfRecord', 'ce:GetApproximateUsageRecords'],
  'measures networks': [
    'internetmonitor:GetQueryResults',
    ...['MonitorTopContributors', 'WorkloadInsightsTopContributors', 'WorkloadInsightsTopContributorsData'].map(
      (of) => `networkflowmonitor:GetQueryResults${of}`,
    ),
  ],
  'reads what everybody can read': [
    ...['managedblockchain-query:BatchGetTokenBalance', 'managedblockchain-query:GetTokenBalance'],
    'elemental-support-content:Query',
  ],
  'reads by the rights of whoever calls it': ['cloudformation:GetResource'],
  'returns a key that is encrypted': ['kms:GenerateDataKeyPairWithoutPlaintext'],
  'computes without a table': ['timestream:SelectValues'],
};

const found = loadActionCatalogue()
  .actions.filter(mayReturn)
  .map(({ service, name }) => `${service}:${name}`);
const listed = new Set(dataActions);
const all = Object.values(spared).flat();

describe('what may return credentials or customers data by its name', () => {
  it('is listed or spared with a reason', () => {
    expect(found.filter((action) => !listed.has(action) && !all.includes(action))).toEqual([]);
    expect(found.length).toBeGreaterThan(200);
  });
  it('is spared once, only where the rule finds it, and never listed too', () => {
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((action) => listed.has(action) || !found.includes(action))).toEqual([]);
  });
});

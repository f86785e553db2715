/** The imitated IAM Access Analyzer: analyzers and their findings. They are seeded; nothing here analyzes. */
import { AwsError, type Call, type Input, type Operation, type Output } from '../core.ts';
import type { Analyzer, AnalyzerFinding, AnalyzerState, AnalyzerType } from './state.ts';
import { validatePolicy } from './validate-policy.ts';
import { faultOf, optionalText, text, type Members } from '../members.ts';
import { takePage } from '../pages.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const types: readonly AnalyzerType[] = [
  'ACCOUNT',
  'ORGANIZATION',
  'ACCOUNT_UNUSED_ACCESS',
  'ORGANIZATION_UNUSED_ACCESS',
];

const invalid = (message: string): AwsError =>
  new AwsError('ValidationException', message, { fields: { reason: 'fieldValidationFailed' } });

const check = (input: Input, members: Members): void => {
  const fault = faultOf(input, members);
  if (fault) throw invalid(`${fault.member} breaks its rule: ${fault.rule}.`);
};

/** Created empty on first use by a write; a read sees nothing and makes nothing. */
const stateOf = (world: World, account: string): AnalyzerState =>
  world.accessAnalyzer[account] ?? { analyzers: [], findings: [] };

const here = (world: World, { account, region }: Call): readonly Analyzer[] =>
  stateOf(world, account).analyzers.filter((analyzer) => analyzer.region === region);

const pageOf = (name: string, all: readonly unknown[], input: Input): Output => {
  const page = takePage(all, { token: input['nextToken'], size: input['maxResults'], cap: 100 });
  if (!page) throw invalid('The next token is invalid.');
  return { [name]: page.items, ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }) };
};

const analyzerOutput = ({ region: _region, ...analyzer }: Analyzer): Output => ({ ...analyzer, tags: {} });

const listAnalyzers: Operation<World> = (world, input, call) => {
  check(input, { type: { kind: 'string' } });
  const type = optionalText(input, 'type');
  const found = here(world, call).filter((analyzer) => type === undefined || analyzer.type === type);
  return pageOf('analyzers', found.map(analyzerOutput), input);
};

const createAnalyzer: Operation<World> = (world, input, call) => {
  check(input, {
    analyzerName: { kind: 'string', required: true, min: 1, max: 255, pattern: /^[A-Za-z][\w.-]*$/ },
    type: { kind: 'string', required: true, oneOf: types },
  });
  const name = text(input, 'analyzerName');
  const type = text(input, 'type') as AnalyzerType;
  const state = (world.accessAnalyzer[call.account] ??= { analyzers: [], findings: [] });
  if (here(world, call).some((known) => known.name === name))
    throw new AwsError('ConflictException', `Analyzer ${name} already exists`, { status: 409 });
  // "IAM Access Analyzer quotas": one analyzer of a type for an account in a Region.
  if (type.startsWith('ACCOUNT') && here(world, call).some((known) => known.type === type))
    throw new AwsError('ServiceQuotaExceededException', `There is an analyzer of type ${type}`, { status: 402 });
  const analyzer: Analyzer = {
    arn: `arn:aws:access-analyzer:${call.region}:${call.account}:analyzer/${name}`,
    name,
    type,
    region: call.region,
    createdAt: new Date(call.now).toISOString(),
    status: 'ACTIVE',
  };
  state.analyzers.push(analyzer);
  return { arn: analyzer.arn };
};

const deleteAnalyzer: Operation<World> = (world, input, call) => {
  const state = stateOf(world, call.account);
  const gone = here(world, call).find(({ name }) => name === text(input, 'analyzerName'));
  if (!gone) throw notFound(text(input, 'analyzerName'));
  world.accessAnalyzer[call.account] = {
    analyzers: state.analyzers.filter((one) => one !== gone),
    findings: state.findings.filter(({ analyzerArn }) => analyzerArn !== gone.arn),
  };
  return {};
};

const notFound = (resource: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${resource} does not exist.`, {
    status: 404,
    fields: { resourceId: resource, resourceType: 'analyzer' },
  });

const findingsIn = (world: World, input: Input, call: Call): readonly AnalyzerFinding[] => {
  check(input, {
    analyzerArn: {
      kind: 'string',
      required: true,
      pattern: /^arn:aws:access-analyzer:[^:]*:\d{12}:analyzer\/.{1,255}$/,
    },
  });
  const arn = text(input, 'analyzerArn');
  if (!here(world, call).some((analyzer) => analyzer.arn === arn)) throw notFound(arn);
  return stateOf(world, call.account).findings.filter(({ analyzerArn }) => analyzerArn === arn);
};

const summary = (finding: AnalyzerFinding): Output => ({
  id: finding.id,
  analyzedAt: finding.createdAt,
  createdAt: finding.createdAt,
  updatedAt: finding.createdAt,
  findingType: finding.findingType,
  resource: finding.resource,
  resourceType: finding.resourceType,
  resourceOwnerAccount: finding.resourceOwnerAccount,
  status: finding.status,
});

type Criterion = { readonly eq?: readonly unknown[]; readonly neq?: readonly unknown[] };

const meets = (finding: AnalyzerFinding, filter: unknown): boolean => {
  if (typeof filter !== 'object' || filter === null) return true;
  const row: Readonly<Record<string, unknown>> = summary(finding);
  return Object.entries(filter as Record<string, Criterion | null>).every(([member, criterion]) => {
    const value = Object.hasOwn(row, member) ? row[member] : undefined;
    const { eq, neq } = criterion ?? {};
    return (!Array.isArray(eq) || eq.includes(value)) && (!Array.isArray(neq) || !neq.includes(value));
  });
};

const getFinding: Operation<World> = (world, input, call) => {
  const finding = findingsIn(world, input, call).find(({ id }) => id === text(input, 'id'));
  if (!finding) throw notFound(text(input, 'id'));
  return { ...summary(finding), findingDetails: [finding.details] };
};

const updateFindings: Operation<World> = (world, input, call) => {
  check(input, { status: { kind: 'string', required: true, oneOf: ['ACTIVE', 'ARCHIVED'] } });
  const ids: readonly unknown[] = Array.isArray(input['ids']) ? input['ids'] : [];
  for (const finding of findingsIn(world, input, call))
    if (ids.includes(finding.id)) finding.status = text(input, 'status') === 'ACTIVE' ? 'ACTIVE' : 'ARCHIVED';
  return {};
};

export const accessAnalyzerOperations: Ops = {
  ListAnalyzers: listAnalyzers,
  CreateAnalyzer: createAnalyzer,
  DeleteAnalyzer: deleteAnalyzer,
  ListFindingsV2: (world, input, call) =>
    pageOf(
      'findings',
      findingsIn(world, input, call)
        .filter((finding) => meets(finding, input['filter']))
        .map(summary),
      input,
    ),
  GetFindingV2: getFinding,
  UpdateFindings: updateFindings,
  ValidatePolicy: (_world, input, call) => {
    check(input, {
      policyDocument: { kind: 'string', required: true },
      policyType: {
        kind: 'string',
        required: true,
        oneOf: ['IDENTITY_POLICY', 'RESOURCE_POLICY', 'SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'],
      },
    });
    return pageOf('findings', validatePolicy(text(input, 'policyDocument'), call.catalogue), input);
  },
};

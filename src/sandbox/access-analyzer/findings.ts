/** Findings. They are seeded; nothing here analyzes. */
import type { Call, Input, Operation, Output } from '../core.ts';
import { text } from '../members.ts';
import type { World } from '../world.ts';
import { analyzerByArn, invalid, notFound, pageOf, stateOf } from './look.ts';
import type { AnalyzerFinding } from './state.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const findingsIn = (world: World, input: Input, call: Call): readonly AnalyzerFinding[] => {
  const { arn } = analyzerByArn(world, text(input, 'analyzerArn'), call);
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

/** The older shape of what is told about external access. */
const older = (finding: AnalyzerFinding): Output => {
  const { findingType: _, ...rest } = summary(finding);
  return { ...rest, condition: {}, ...(finding.details['externalAccessDetails'] as Output | undefined) };
};

type Criterion = {
  readonly eq?: readonly unknown[];
  readonly neq?: readonly unknown[];
  readonly contains?: readonly unknown[];
  readonly exists?: boolean;
};

const meetsCriterion = (value: unknown, { eq, neq, contains, exists }: Criterion): boolean =>
  (!Array.isArray(eq) || eq.includes(value)) &&
  (!Array.isArray(neq) || !neq.includes(value)) &&
  (!Array.isArray(contains) || contains.some((part) => String(value).includes(String(part)))) &&
  (exists === undefined || exists === (value !== undefined));

const meets = (finding: AnalyzerFinding, filter: unknown): boolean => {
  if (typeof filter !== 'object' || filter === null) return true;
  const row: Readonly<Record<string, unknown>> = summary(finding);
  return Object.entries(filter as Record<string, Criterion | null>).every(([member, criterion]) =>
    meetsCriterion(Object.hasOwn(row, member) ? row[member] : undefined, criterion ?? {}),
  );
};

const findingById = (world: World, input: Input, call: Call): AnalyzerFinding => {
  const finding = findingsIn(world, input, call).find(({ id }) => id === text(input, 'id'));
  if (finding) return finding;
  throw notFound(text(input, 'id'));
};

const isExternal = ({ findingType }: AnalyzerFinding): boolean => findingType === 'ExternalAccess';

const olderById: Operation<World> = (world, input, call) => {
  const finding = findingById(world, input, call);
  if (!isExternal(finding)) throw invalid('Findings of unused access are told by GetFindingV2.');
  return { finding: older(finding) };
};

const updateFindings: Operation<World> = (world, input, call) => {
  const ids: readonly unknown[] = Array.isArray(input['ids']) ? input['ids'] : [];
  const resource = input['resourceArn'];
  for (const finding of findingsIn(world, input, call))
    if (ids.includes(finding.id) || finding.resource === resource)
      finding.status = text(input, 'status') === 'ACTIVE' ? 'ACTIVE' : 'ARCHIVED';
  return {};
};

const applyRule: Operation<World> = (world, input, call) => {
  const { archiveRules = [] } = analyzerByArn(world, text(input, 'analyzerArn'), call);
  const rule = archiveRules.find(({ ruleName }) => ruleName === text(input, 'ruleName'));
  if (!rule) throw notFound(text(input, 'ruleName'));
  for (const finding of findingsIn(world, input, call))
    if (finding.status === 'ACTIVE' && meets(finding, rule.filter)) finding.status = 'ARCHIVED';
  return {};
};

const statistics: Operation<World> = (world, input, call) => {
  const found = findingsIn(world, input, call);
  const count = (status: string): number => found.filter((finding) => finding.status === status).length;
  const totals = {
    totalActiveFindings: count('ACTIVE'),
    totalArchivedFindings: count('ARCHIVED'),
    totalResolvedFindings: count('RESOLVED'),
  };
  const { type } = analyzerByArn(world, text(input, 'analyzerArn'), call);
  const kind = type.endsWith('UNUSED_ACCESS') ? 'unused' : type.endsWith('INTERNAL_ACCESS') ? 'internal' : 'external';
  return {
    findingsStatistics: [{ [`${kind}AccessFindingsStatistics`]: totals }],
    lastUpdatedAt: new Date(call.now).toISOString(),
  };
};

const resourcesOf = (found: readonly AnalyzerFinding[]): readonly AnalyzerFinding[] => [
  ...new Map(found.map((finding) => [finding.resource, finding])).values(),
];

const resourceNamed: Operation<World> = (world, input, call) => {
  const arn = text(input, 'resourceArn');
  const finding = findingsIn(world, input, call).find(({ resource }) => resource === arn);
  if (!finding) throw notFound(arn);
  const { id: _id, resource: resourceArn, findingType: _type, ...rest } = summary(finding);
  return { resource: { ...rest, resourceArn, isPublic: false } };
};

export const findingOperations: Ops = {
  ListFindings: (world, input, call) =>
    pageOf(
      'findings',
      findingsIn(world, input, call)
        .filter((finding) => isExternal(finding) && meets(finding, input['filter']))
        .map(older),
      input,
    ),
  ListFindingsV2: (world, input, call) =>
    pageOf(
      'findings',
      findingsIn(world, input, call)
        .filter((finding) => meets(finding, input['filter']))
        .map(summary),
      input,
    ),
  GetFinding: olderById,
  GetFindingV2: (world, input, call) => {
    const finding = findingById(world, input, call);
    return { ...summary(finding), findingDetails: [finding.details] };
  },
  UpdateFindings: updateFindings,
  ApplyArchiveRule: applyRule,
  GetFindingsStatistics: statistics,
  GetAnalyzedResource: resourceNamed,
  ListAnalyzedResources: (world, input, call) =>
    pageOf(
      'analyzedResources',
      resourcesOf(findingsIn(world, input, call)).map(({ resource, resourceType, resourceOwnerAccount }) => ({
        resourceArn: resource,
        resourceType,
        resourceOwnerAccount,
      })),
      input,
    ),
  // Nobody makes previews here, nor policies from what was used.
  ListAccessPreviews: (world, input, call) => {
    analyzerByArn(world, text(input, 'analyzerArn'), call);
    return pageOf('accessPreviews', [], input);
  },
  ListPolicyGenerations: (_world, input) => pageOf('policyGenerations', [], input),
  StartResourceScan: (world, input, call) => {
    analyzerByArn(world, text(input, 'analyzerArn'), call);
    return {};
  },
};

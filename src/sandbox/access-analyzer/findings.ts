/** Findings. They are seeded; nothing here analyzes. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { analyzerByArn, invalidAnalyzerInput, analyzerNotFound, analyzerPage, analyzerStateOf } from './look.ts';
import type { StoredFinding } from './state.ts';

const findingsIn = (world: SandboxWorld, input: CallInput, call: SandboxCall): readonly StoredFinding[] => {
  const { arn } = analyzerByArn(world, textMember(input, 'analyzerArn'), call);
  return analyzerStateOf(world, call.account).findings.filter(({ analyzerArn }) => analyzerArn === arn);
};

const summary = (finding: StoredFinding): CallOutput => ({
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
const older = (finding: StoredFinding): CallOutput => {
  const { findingType: _, ...rest } = summary(finding);
  return { ...rest, condition: {}, ...(finding.details['externalAccessDetails'] as CallOutput | undefined) };
};

type FilterCriterion = {
  readonly eq?: readonly unknown[];
  readonly neq?: readonly unknown[];
  readonly contains?: readonly unknown[];
  readonly exists?: boolean;
};

const meetsCriterion = (value: unknown, { eq, neq, contains, exists }: FilterCriterion): boolean =>
  (!Array.isArray(eq) || eq.includes(value)) &&
  (!Array.isArray(neq) || !neq.includes(value)) &&
  (!Array.isArray(contains) || contains.some((part) => String(value).includes(String(part)))) &&
  (exists === undefined || exists === (value !== undefined));

const meets = (finding: StoredFinding, filter: unknown): boolean => {
  if (typeof filter !== 'object' || filter === null) return true;
  const row: Readonly<Record<string, unknown>> = summary(finding);
  return Object.entries(filter as Record<string, FilterCriterion | null>).every(([member, criterion]) =>
    meetsCriterion(Object.hasOwn(row, member) ? row[member] : undefined, criterion ?? {}),
  );
};

const findingById = (world: SandboxWorld, input: CallInput, call: SandboxCall): StoredFinding => {
  const finding = findingsIn(world, input, call).find(({ id }) => id === textMember(input, 'id'));
  if (finding) return finding;
  throw analyzerNotFound(textMember(input, 'id'));
};

const isExternal = ({ findingType }: StoredFinding): boolean => findingType === 'ExternalAccess';

const olderById: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const finding = findingById(world, input, call);
  if (!isExternal(finding)) throw invalidAnalyzerInput('Findings of unused access are told by GetFindingV2.');
  return { finding: older(finding) };
};

const updateFindings: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const ids: readonly unknown[] = Array.isArray(input['ids']) ? input['ids'] : [];
  const resource = input['resourceArn'];
  for (const finding of findingsIn(world, input, call))
    if (ids.includes(finding.id) || finding.resource === resource)
      finding.status = textMember(input, 'status') === 'ACTIVE' ? 'ACTIVE' : 'ARCHIVED';
  return {};
};

const applyRule: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { archiveRules = [] } = analyzerByArn(world, textMember(input, 'analyzerArn'), call);
  const rule = archiveRules.find(({ ruleName }) => ruleName === textMember(input, 'ruleName'));
  if (!rule) throw analyzerNotFound(textMember(input, 'ruleName'));
  for (const finding of findingsIn(world, input, call))
    if (finding.status === 'ACTIVE' && meets(finding, rule.filter)) finding.status = 'ARCHIVED';
  return {};
};

const statistics: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const found = findingsIn(world, input, call);
  const count = (status: string): number => found.filter((finding) => finding.status === status).length;
  const totals = {
    totalActiveFindings: count('ACTIVE'),
    totalArchivedFindings: count('ARCHIVED'),
    totalResolvedFindings: count('RESOLVED'),
  };
  const { type } = analyzerByArn(world, textMember(input, 'analyzerArn'), call);
  const kind = type.endsWith('UNUSED_ACCESS') ? 'unused' : type.endsWith('INTERNAL_ACCESS') ? 'internal' : 'external';
  return {
    findingsStatistics: [{ [`${kind}AccessFindingsStatistics`]: totals }],
    lastUpdatedAt: new Date(call.now).toISOString(),
  };
};

const resourcesOf = (found: readonly StoredFinding[]): readonly StoredFinding[] => [
  ...new Map(found.map((finding) => [finding.resource, finding])).values(),
];

const resourceNamed: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const arn = textMember(input, 'resourceArn');
  const finding = findingsIn(world, input, call).find(({ resource }) => resource === arn);
  if (!finding) throw analyzerNotFound(arn);
  const { id: _id, resource: resourceArn, findingType: _type, ...rest } = summary(finding);
  return { resource: { ...rest, resourceArn, isPublic: false } };
};

export const findingOperations: WorldOperations = {
  ListFindings: (world, input, call) =>
    analyzerPage(
      'findings',
      findingsIn(world, input, call)
        .filter((finding) => isExternal(finding) && meets(finding, input['filter']))
        .map(older),
      input,
    ),
  ListFindingsV2: (world, input, call) =>
    analyzerPage(
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
    analyzerPage(
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
    analyzerByArn(world, textMember(input, 'analyzerArn'), call);
    return analyzerPage('accessPreviews', [], input);
  },
  ListPolicyGenerations: (_world, input) => analyzerPage('policyGenerations', [], input),
  StartResourceScan: (world, input, call) => {
    analyzerByArn(world, textMember(input, 'analyzerArn'), call);
    return {};
  },
};

/** Analyzers, their archive rules and their tags. */
import type { CallInput, JsonObject, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError } from '../core.ts';
import { optionalTextMember, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import {
  analyzerByArn,
  analyzerNamed,
  analyzersHere,
  analyzerConflict,
  isoOf,
  analyzerNotFound,
  analyzerPage,
  analyzerStateOf,
} from './look.ts';
import type { Analyzer, AnalyzerType, ArchiveRule } from './state.ts';

const analyzerOutput = ({ region: _region, archiveRules: _rules, tags = {}, ...analyzer }: Analyzer): CallOutput => ({
  ...analyzer,
  tags,
});

const ruleFrom = (rule: JsonObject, now: number): ArchiveRule => ({
  ruleName: textMember(rule, 'ruleName'),
  filter: rule['filter'] as JsonObject,
  createdAt: isoOf(now),
  updatedAt: isoOf(now),
});

const configurationFrom = (input: CallInput): { readonly configuration?: JsonObject } =>
  input['configuration'] === undefined ? {} : { configuration: input['configuration'] as JsonObject };

/** "IAM Access Analyzer quotas": one analyzer of a type for an account in a Region. */
const refuseSecond = (here: readonly Analyzer[], type: AnalyzerType): void => {
  if (type.startsWith('ACCOUNT') && here.some((known) => known.type === type))
    throw new AwsError('ServiceQuotaExceededException', `There is an analyzer of type ${type}`, {
      status: 402,
      fields: { resourceId: type, resourceType: 'analyzer' },
    });
};

const createAnalyzer: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'analyzerName');
  const type = textMember(input, 'type') as AnalyzerType;
  const here = analyzersHere(world, call);
  if (here.some((known) => known.name === name)) throw analyzerConflict(`Analyzer ${name} already exists`);
  refuseSecond(here, type);
  const rules = Array.isArray(input['archiveRules']) ? (input['archiveRules'] as JsonObject[]) : [];
  const analyzer: Analyzer = {
    arn: `arn:aws:access-analyzer:${call.region}:${call.account}:analyzer/${name}`,
    name,
    type,
    region: call.region,
    createdAt: isoOf(call.now),
    status: 'ACTIVE',
    tags: (input['tags'] ?? {}) as Readonly<Record<string, string>>,
    archiveRules: rules.map((rule) => ruleFrom(rule, call.now)),
    ...configurationFrom(input),
  };
  const state = (world.accessAnalyzer[call.account] ??= { analyzers: [], findings: [] });
  state.analyzers.push(analyzer);
  return { arn: analyzer.arn };
};

const deleteAnalyzer: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const state = analyzerStateOf(world, call.account);
  const gone = analyzerNamed(world, input, call);
  world.accessAnalyzer[call.account] = {
    analyzers: state.analyzers.filter((one) => one !== gone),
    findings: state.findings.filter(({ analyzerArn }) => analyzerArn !== gone.arn),
  };
  return {};
};

const updateAnalyzer: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const analyzer = analyzerNamed(world, input, call);
  if (analyzer.type === 'ACCOUNT' || analyzer.type === 'ORGANIZATION')
    throw analyzerConflict('Analyzers of external access have no configuration.');
  Object.assign(analyzer, configurationFrom(input));
  return configurationFrom(analyzer);
};

const rulesOf = ({ archiveRules = [] }: Analyzer): readonly ArchiveRule[] => archiveRules;

const ruleNamed = (analyzer: Analyzer, input: CallInput): ArchiveRule => {
  const found = rulesOf(analyzer).find(({ ruleName }) => ruleName === textMember(input, 'ruleName'));
  if (found) return found;
  throw analyzerNotFound(textMember(input, 'ruleName'));
};

const archiveRules: WorldOperations = {
  CreateArchiveRule: (world, input, call) => {
    const analyzer = analyzerNamed(world, input, call);
    const rule = ruleFrom(input, call.now);
    if (rulesOf(analyzer).some(({ ruleName }) => ruleName === rule.ruleName))
      throw analyzerConflict(`Archive rule ${rule.ruleName} already exists`);
    analyzer.archiveRules = [...rulesOf(analyzer), rule];
    return {};
  },
  GetArchiveRule: (world, input, call) => ({ archiveRule: ruleNamed(analyzerNamed(world, input, call), input) }),
  UpdateArchiveRule: (world, input, call) => {
    const rule = ruleNamed(analyzerNamed(world, input, call), input);
    Object.assign(rule, { filter: input['filter'], updatedAt: isoOf(call.now) });
    return {};
  },
  DeleteArchiveRule: (world, input, call) => {
    const analyzer = analyzerNamed(world, input, call);
    const gone = ruleNamed(analyzer, input);
    analyzer.archiveRules = rulesOf(analyzer).filter((rule) => rule !== gone);
    return {};
  },
  ListArchiveRules: (world, input, call) =>
    analyzerPage('archiveRules', rulesOf(analyzerNamed(world, input, call)), input),
};

const tags: WorldOperations = {
  ListTagsForResource: (world, input, call) => ({
    tags: analyzerByArn(world, textMember(input, 'resourceArn'), call).tags ?? {},
  }),
  TagResource: (world, input, call) => {
    const analyzer = analyzerByArn(world, textMember(input, 'resourceArn'), call);
    analyzer.tags = { ...analyzer.tags, ...(input['tags'] as Readonly<Record<string, string>>) };
    return {};
  },
  UntagResource: (world, input, call) => {
    const analyzer = analyzerByArn(world, textMember(input, 'resourceArn'), call);
    const gone = input['tagKeys'] as readonly string[];
    analyzer.tags = Object.fromEntries(Object.entries(analyzer.tags ?? {}).filter(([key]) => !gone.includes(key)));
    return {};
  },
};

export const analyzerOperations: WorldOperations = {
  ...archiveRules,
  ...tags,
  ListAnalyzers: (world, input, call) => {
    const type = optionalTextMember(input, 'type');
    const found = analyzersHere(world, call).filter((analyzer) => type === undefined || analyzer.type === type);
    return analyzerPage('analyzers', found.map(analyzerOutput), input);
  },
  GetAnalyzer: (world, input, call) => ({ analyzer: analyzerOutput(analyzerNamed(world, input, call)) }),
  CreateAnalyzer: createAnalyzer,
  UpdateAnalyzer: updateAnalyzer,
  DeleteAnalyzer: deleteAnalyzer,
};

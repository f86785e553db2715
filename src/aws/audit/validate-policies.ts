/** The repository's policy documents under the eyes of Access Analyzer. */
import { policyTypes } from '../../model/resource.ts';
import type { GuardRailKind } from '../../model/resource.ts';
import type {
  AccessAnalyzer,
  PathElement,
  PolicyType,
  ValidatePolicyFinding,
  ValidatePolicyFindingType,
} from '@aws-sdk/client-accessanalyzer';
import type { PolicyDocument } from '../../model/policy.ts';
import type { AwsClients } from '../clients.ts';
import type { Clock } from '../clock.ts';
import { connectAws } from '../connection.ts';
import { readError } from '../failures.ts';
import { mapBounded } from '../pages.ts';

export type ValidatedUse = 'identity' | 'trust' | 'resource' | GuardRailKind;
export type ValidationRequest<Source> = {
  readonly source: Source;
  readonly document: PolicyDocument;
  readonly use: ValidatedUse;
};

export type PolicyFinding<Source> = {
  readonly source: Source;
  readonly type: ValidatePolicyFindingType;
  /** AWS's own, such as INVALID_ACTION. */
  readonly code: string;
  readonly message: string;
  readonly link: string;
  /** Where in the document. */
  readonly path: readonly (string | number)[];
};

const analyzerTypes: Readonly<Record<ValidatedUse, PolicyType>> = {
  identity: 'IDENTITY_POLICY',
  trust: 'RESOURCE_POLICY',
  resource: 'RESOURCE_POLICY',
  scp: policyTypes.scp,
  rcp: policyTypes.rcp,
};

const stepOf = ({ index, key, value }: PathElement): readonly (string | number)[] => {
  if (index !== undefined) return [index];
  const name = key ?? value;
  return name === undefined ? [] : [name];
};

const findingOf = <Source>(source: Source, finding: ValidatePolicyFinding): PolicyFinding<Source> => ({
  source,
  type: finding.findingType ?? 'WARNING',
  code: finding.issueCode ?? '',
  message: finding.findingDetails ?? '',
  link: finding.learnMoreLink ?? '',
  path: (finding.locations?.[0]?.path ?? []).flatMap(stepOf),
});

const ask = async <Source>(
  analyzer: AccessAnalyzer,
  { source, document, use }: ValidationRequest<Source>,
): Promise<readonly PolicyFinding<Source>[]> => {
  const found: ValidatePolicyFinding[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await analyzer.validatePolicy({
      policyDocument: JSON.stringify(document),
      policyType: analyzerTypes[use],
      ...(use === 'trust' ? { validatePolicyResourceType: 'AWS::IAM::AssumeRolePolicyDocument' } : {}),
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    found.push(...(answer.findings ?? []));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined && nextToken !== '');
  return found.map((finding) => findingOf(source, finding));
};

type RegionAndClock = { readonly region: string; readonly clock: Clock };

/** Throws a UserError when there are no credentials; rejects when AWS refuses to look. */
export const validatePolicies = async <Source>(
  clients: AwsClients,
  policies: readonly ValidationRequest<Source>[],
  { region, clock }: RegionAndClock,
): Promise<readonly PolicyFinding<Source>[]> => {
  try {
    const connection = await connectAws(clients, { clock, onCall: () => undefined });
    const { Account: account = '' } = await connection.sts.getCallerIdentity({});
    const analyzer = await connection.accessAnalyzer({ account, region });
    return (await mapBounded(policies, (policy) => ask(analyzer, policy))).flat();
  } catch (thrown) {
    throw readError(thrown);
  }
};

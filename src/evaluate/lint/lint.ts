/** Policy documents read closely: what AWS refuses, what does nothing, what opens more than it seems to. Pure. */
import type { Problem } from '../../model/problem.ts';
import { lintActions, lintConditionKeys, lintTested } from './actions.ts';
import { statementsOf } from './document.ts';
import type { LintFinding, LintDocument, LintStatement } from './document.ts';
import type { LintContext } from './context.ts';
import { lintExceptions, protectionsIn } from './exceptions.ts';
import type { Protection } from './exceptions.ts';
import { lintStatementGrammar, lintVersion } from './grammar.ts';
import { lintGrants, lintOpening, lintTrust } from './grants.ts';
import { lintAllowLists, lintBoundaries, lintRail } from './lockout.ts';
import { lintCovered, lintCoveredActions, lintMatching } from './overlap.ts';
import { lintPromises } from './promises.ts';
import { lintDeniesAll, lintRails } from './rails.ts';
import { lintRegions, lintTestedRegions } from './regions.ts';
import { lintResources } from './resources.ts';
import { lintTestedResources } from './tested-resources.ts';
import { lintSettledTests } from './tests.ts';
import { severityOf } from './rules.ts';
import { hush } from './silence.ts';
import type { LocatedFinding, Silenced, SourceText } from './silence.ts';

type StatementCheck = (at: LintStatement, context: LintContext) => readonly LintFinding[];

const statementChecks: readonly StatementCheck[] = [
  lintStatementGrammar,
  lintActions,
  lintConditionKeys,
  lintResources,
  lintRegions,
  lintMatching,
  lintCoveredActions,
  lintGrants,
  lintTrust,
  lintOpening,
  lintRails,
];

type Circumstances = { readonly context: LintContext; readonly protections: readonly Protection[] };

const inStatement = (at: LintStatement, { context, protections }: Circumstances): readonly LintFinding[] => [
  ...statementChecks.flatMap((check) => check(at, context)),
  ...lintExceptions(at, protections),
];

const inDocument = (of: LintDocument, circumstances: Circumstances): readonly LocatedFinding[] => {
  const { context } = circumstances;
  const asked = [...lintRail(of, context), ...lintDeniesAll(of, context), ...lintPromises(of, context)];
  const whole = [...lintVersion(of), ...lintCovered(of), ...asked];
  const parts = statementsOf(of).flatMap((at) =>
    inStatement(at, circumstances).map((finding) => ({ ...finding, within: [at.at(), of.named] })),
  );
  return [...whole.map((finding) => ({ ...finding, within: [of.named] })), ...parts];
};

const alone = (finding: LintFinding): LocatedFinding => ({ ...finding, within: [] });

const mostPerFile = 100;

const capped = (findings: readonly LintFinding[]): readonly LintFinding[] => {
  const counts = new Map<string, number>();
  return findings.flatMap((finding): readonly LintFinding[] => {
    const count = (counts.get(finding.at.file) ?? 0) + 1;
    counts.set(finding.at.file, count);
    if (count <= mostPerFile) return [finding];
    if (count > mostPerFile + 1) return [];
    return [{ rule: 'too-many-findings', at: finding.at, message: 'too many findings; the rest is not shown' }];
  });
};

const problemOf = ({ rule, at, message, hint }: LintFinding): Problem => ({
  file: at.file,
  line: at.line,
  column: at.column ?? 1,
  rule,
  severity: severityOf(rule),
  message,
  ...(hint === undefined ? {} : { hint }),
});

export type Linted = { readonly problems: readonly Problem[]; readonly silenced: readonly Silenced[] };

/** `sources`: the texts whose comments may silence a rule. Messages quote hostile text, escaped as JSON escapes it. */
export const lint = (
  documents: readonly LintDocument[],
  sources: readonly SourceText[],
  context: LintContext,
): Linted => {
  const circumstances = { context, protections: protectionsIn(documents) };
  const found = [
    ...documents.flatMap((of) => inDocument(of, circumstances)),
    ...lintTested(context.tested, context),
    ...lintTestedResources(context.tested, context),
    ...lintTestedRegions(context.tested, context),
    ...lintSettledTests(context.tested),
    ...[...lintBoundaries(context), ...lintAllowLists(documents, context)].map(alone),
  ];
  const { findings, silenced } = hush(found, sources);
  return { problems: capped(findings).map(problemOf), silenced };
};

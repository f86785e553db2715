/** Policy documents read closely: what AWS refuses, what does nothing, what opens more than it seems to. Pure. */
import type { Problem } from '../model/problem.ts';
import { lintActions, lintConditionKeys } from './lint-actions.ts';
import { statementsOf } from './lint-document.ts';
import type { Finding, LintContext, LintDocument, LintStatement } from './lint-document.ts';
import { lintGrammar } from './lint-grammar.ts';
import { lintResources } from './lint-resources.ts';
import { severityOf } from './lint-rules.ts';
import { hush } from './lint-silence.ts';
import type { Located, Silenced, SourceText } from './lint-silence.ts';

type StatementCheck = (at: LintStatement, context: LintContext) => readonly Finding[];

const statementChecks: readonly StatementCheck[] = [lintActions, lintConditionKeys, lintResources];

const inStatements = (of: LintDocument, context: LintContext): readonly Located[] =>
  statementsOf(of).flatMap((at) => {
    const within = [at.at(), of.named];
    return statementChecks.flatMap((check) => check(at, context)).map((finding) => ({ ...finding, within }));
  });

const mostPerFile = 100;

const capped = (findings: readonly Finding[]): readonly Finding[] => {
  const counts = new Map<string, number>();
  return findings.flatMap((finding): readonly Finding[] => {
    const count = (counts.get(finding.at.file) ?? 0) + 1;
    counts.set(finding.at.file, count);
    if (count <= mostPerFile) return [finding];
    if (count > mostPerFile + 1) return [];
    return [{ rule: 'too-many-findings', at: finding.at, message: 'too many findings; the rest is not shown' }];
  });
};

const problemOf = ({ rule, at, message, hint }: Finding): Problem => ({
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
  const found = documents.flatMap((of) => [
    ...lintGrammar(of, context).map((finding) => ({ ...finding, within: [of.named] })),
    ...inStatements(of, context),
  ]);
  const { findings, silenced } = hush(found, sources);
  return { problems: capped(findings).map(problemOf), silenced };
};

/** The lint's place in `validate`: the policy documents of the files, with what AWS documents about what they name. */
import type { Files } from '../desired/load.ts';
import type { PolicySource } from '../desired/policies.ts';
import { sortProblems } from '../desired/rules.ts';
import { suggestion } from '../desired/suggest.ts';
import { printable } from '../desired/text.ts';
import type { Understanding } from '../desired/understand.ts';
import { lint } from '../evaluate/lint.ts';
import type { LintContext, LintDocument } from '../evaluate/lint-document.ts';
import { loadLintFacts } from '../evaluate/lint-facts.ts';
import type { Place, Problem } from '../model/problem.ts';

/** Looking for a near name is slow, and hostile files have thousands of names. */
const mostSuggestions = 50;

const suggester = (): LintContext['suggest'] => {
  let left = mostSuggestions;
  return (name, candidates) => {
    left -= 1;
    return left < 0 ? undefined : suggestion(name, candidates);
  };
};

const documentOf = ({ owner, ...source }: PolicySource): LintDocument => ({ key: owner, ...source });

const safe = ({ message, hint, ...rest }: Problem): Problem => ({
  ...rest,
  message: printable(message, 500),
  ...(hint === undefined ? {} : { hint: printable(hint, 500) }),
});

const silencedNote = ({ rule, place, reason }: { rule: string; place: Place; reason: string }): Problem => ({
  file: place.file,
  line: place.line,
  column: place.column ?? 1,
  rule,
  severity: 'note',
  message: printable(`${rule} is silenced: ${reason}`, 500),
});

export type LintOfFiles = { readonly problems: readonly Problem[]; readonly silenced: readonly Problem[] };

export const lintFiles = async (files: Files, { policies }: Understanding): Promise<LintOfFiles> => {
  const documents = policies.map(documentOf);
  const facts = await loadLintFacts(documents.map(({ document }) => document));
  const context: LintContext = { facts, keepers: [], region: 'us-east-1', accounts: [], suggest: suggester() };
  const { problems, silenced } = lint(documents, files.files, context);
  return { problems: sortProblems(problems.map(safe)), silenced: silenced.map(silencedNote) };
};

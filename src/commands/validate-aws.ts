/** What Access Analyzer says of the repository's policies, as problems with their places. */
import { validatePolicies } from '../aws/audit/validate-policies.ts';
import type { PolicyFinding } from '../aws/audit/validate-policies.ts';
import type { PolicySource } from '../desired/policies/policy-source.ts';
import { printable } from '../desired/text.ts';
import { understand } from '../desired/understand.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import { UserError } from '../model/problem.ts';
import type { Problem, Severity } from '../model/problem.ts';
import { connectCommand } from './run/connect.ts';
import type { CommandContext } from './run/context.ts';
import { repositoryFiles } from './run/repository.ts';

const severities: Readonly<Record<PolicyFinding<unknown>['type'], Severity>> = {
  ERROR: 'error',
  SECURITY_WARNING: 'warning',
  WARNING: 'warning',
  SUGGESTION: 'note',
};

/** `aws-invalid-action` of INVALID_ACTION. */
const ruleOf = (code: string): string => `aws-${code.toLowerCase().replaceAll('_', '-')}`;

const problemOf = ({ source, type, code, message, link, path }: PolicyFinding<PolicySource>): Problem => {
  const { file, line, column = 1 } = source.at(path);
  return {
    file,
    line,
    column,
    rule: printable(ruleOf(code), 100),
    severity: severities[type],
    message: printable(message, 500),
    hint: printable(link, 300),
  };
};

/** Nothing, said on stderr, where nobody can be asked: the files are judged without AWS all the same. */
export const problemsByAws = async (context: CommandContext): Promise<readonly Problem[]> => {
  const { policies, desired } = understand(await repositoryFiles(context), {
    catalogue: loadCatalogue(),
    now: context.now,
  });
  if (desired === undefined) return [];
  try {
    const { clients, clock, save } = await connectCommand(context, desired);
    const sources = policies.map((source) => ({ source, document: source.document, use: source.use }));
    const findings = await validatePolicies(clients, sources, { region: desired.settings.region, clock });
    await save();
    return findings.map(problemOf);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    context.err(`AWS was not asked: ${thrown.message}`);
    return [];
  }
};

/** Small files of policy documents for the lint: a list of { use, document }, linted with an organization around them. */
import { collector } from '../../src/desired/rules.ts';
import { suggestion } from '../../src/desired/suggest.ts';
import { parseFile } from '../../src/desired/yaml-file.ts';
import { lint } from '../../src/evaluate/lint/lint.ts';
import type { Linted } from '../../src/evaluate/lint/lint.ts';
import type { LintContext, LintDocument, LintPath, LintUse } from '../../src/evaluate/lint/document.ts';
import { loadLintFacts } from '../../src/evaluate/lint/facts.ts';
import { keepersOf } from '../../src/evaluate/lint/lockout.ts';
import type { Settings } from '../../src/model/desired.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';

type Entry = { readonly use: LintUse; readonly document: PolicyDocument };

const settings = {
  region: 'eu-west-1',
  breakGlass: { group: 'BreakGlass', permissionSet: 'BreakGlass' },
  reconciler: { plan: 'gatehouse/GatehousePlan', apply: 'gatehouse/GatehouseApply' },
  memberRole: { name: 'GatehouseMember', path: '/gatehouse/' },
} as Settings;

/** A lone statement stands without a list. */
const inList = ({ Statement }: PolicyDocument, steps: LintPath): LintPath =>
  Array.isArray(Statement) || steps[0] !== 'Statement' ? steps : ['Statement', ...steps.slice(2)];

const documentsIn = (path: string, text: string): readonly LintDocument[] => {
  const { report, problems } = collector();
  const file = parseFile({ path, text }, report);
  if (file === undefined || problems().length > 0) throw new Error(JSON.stringify(problems()));
  return (file.value as readonly Entry[]).map(({ use, document }, index) => ({
    key: `${use}/${index}`,
    use,
    document,
    named: file.keyAt([index, 'document']),
    at: (steps) => file.at([index, 'document', ...inList(document, steps)]),
    keyAt: (steps) => file.keyAt([index, 'document', ...inList(document, steps)]),
  }));
};

/** What the lint says about a file, among the accounts 111111111111 and 222222222222; `bound` by document. */
export const lintText = async (
  text: string,
  around: Partial<LintContext> = {},
  bound: readonly (readonly string[])[] = [],
): Promise<Linted> => {
  const documents = documentsIn('x.yaml', text).map((of, index): LintDocument => {
    const accounts = bound[index];
    return accounts === undefined ? of : { ...of, accounts };
  });
  const facts = await loadLintFacts(documents.map(({ document }) => document));
  const context: LintContext = {
    facts,
    keepers: keepersOf(settings),
    boundaries: [],
    allowLists: [],
    accounts: ['111111111111', '222222222222'],
    suggest: suggestion,
    ...around,
  };
  return lint(documents, [{ path: 'x.yaml', text }], context);
};

/** Small files for the lint: a list of policy documents { use, document } and of access tests { tested }, linted with an organization around them. */
import { collector } from '../../src/desired/rules.ts';
import { suggestion } from '../../src/desired/suggest.ts';
import { parseFile } from '../../src/desired/yaml-file.ts';
import { lint } from '../../src/evaluate/lint/lint.ts';
import type { Linted } from '../../src/evaluate/lint/lint.ts';
import type { LintDocument, LintPath, LintUse } from '../../src/evaluate/lint/document.ts';
import type { LintContext } from '../../src/evaluate/lint/context.ts';
import { loadLintFacts } from '../../src/evaluate/lint/facts.ts';
import { keepersOf } from '../../src/evaluate/lint/lockout.ts';
import type { Settings } from '../../src/model/desired.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';

type AskedRequest = { readonly action: string; readonly resource?: string };
type AskedEntry = { readonly allowed?: readonly AskedRequest[]; readonly denied?: readonly AskedRequest[] };
type Entry =
  { readonly use: LintUse; readonly document: PolicyDocument } | { readonly tested: readonly string[] } | AskedEntry;

const settings = {
  region: 'eu-west-1',
  breakGlass: { group: 'BreakGlass', permissionSet: 'BreakGlass' },
  reconciler: { plan: 'gatehouse/GatehousePlan', apply: 'gatehouse/GatehouseApply' },
  memberRole: { name: 'GatehouseMember', path: '/gatehouse/' },
} as Settings;

/** A lone statement stands without a list. */
const inList = ({ Statement }: PolicyDocument, steps: LintPath): LintPath =>
  Array.isArray(Statement) || steps[0] !== 'Statement' ? steps : ['Statement', ...steps.slice(2)];

type Read = Pick<LintContext, 'tested'> & { readonly documents: readonly LintDocument[] };

const readText = (path: string, text: string): Read => {
  const { report, problems } = collector();
  const file = parseFile({ path, text }, report);
  if (file === undefined || problems().length > 0) throw new Error(JSON.stringify(problems()));
  const entries = [...(file.value as readonly Entry[]).entries()];
  const documents = entries.flatMap(([index, entry]): readonly LintDocument[] => {
    if (!('document' in entry)) return [];
    const { use, document } = entry;
    const at = (steps: LintPath) => file.at([index, 'document', ...inList(document, steps)]);
    const keyAt = (steps: LintPath) => file.keyAt([index, 'document', ...inList(document, steps)]);
    return [{ key: `${use}/${index}`, use, document, named: file.keyAt([index, 'document']), at, keyAt }];
  });
  const tested = entries.flatMap(([index, entry]) => {
    const within = file.at([index]);
    if ('tested' in entry)
      return entry.tested.map((pattern, step) => {
        return {
          pattern,
          at: file.at([index, 'tested', step]),
          within,
          must: 'denied' as const,
          resources: [],
          context: '',
        };
      });
    if ('document' in entry) return [];
    return (['allowed', 'denied'] as const).flatMap((must) =>
      (entry[must] ?? []).map(({ action, resource }, step) => {
        const resources = resource === undefined ? [] : [resource];
        return { pattern: action, at: file.at([index, must, step]), within, must, resources, context: '' };
      }),
    );
  });
  return { documents, tested };
};

/** What the lint says about a file, among the accounts 111111111111 and 222222222222; `bound` by document. */
export const lintText = async (
  text: string,
  { description, ...around }: Partial<LintContext> & { readonly description?: string } = {},
  bound: readonly (readonly string[])[] = [],
): Promise<Linted> => {
  const { documents: found, tested } = readText('x.yaml', text);
  const documents = found.map((of, index): LintDocument => {
    const accounts = bound[index];
    const described = description === undefined ? of : { ...of, description };
    return accounts === undefined ? described : { ...described, accounts };
  });
  const facts = await loadLintFacts(documents.map(({ document }) => document));
  const context: LintContext = {
    facts,
    keepers: keepersOf(settings),
    boundaries: [],
    allowLists: [],
    accounts: ['111111111111', '222222222222'],
    tested,
    suggest: suggestion,
    ...around,
  };
  return lint(documents, [{ path: 'x.yaml', text }], context);
};

/** The lint as a judge of the policies that AWS itself writes: what it calls an error there has to be one. */
import { expect, test } from 'vitest';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { suggestion } from '../../src/desired/suggest.ts';
import { lint } from '../../src/evaluate/lint/lint.ts';
import type { LintDocument } from '../../src/evaluate/lint/document.ts';
import type { LintContext } from '../../src/evaluate/lint/context.ts';
import { loadLintFacts } from '../../src/evaluate/lint/facts.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';

const catalogue = loadCatalogue();
const documents = catalogue.names().flatMap((name): readonly LintDocument[] => {
  const document: PolicyDocument | undefined = catalogue.document(catalogue.arnOf(name) ?? '');
  const place = { file: name, line: 1, column: 1 };
  return document === undefined
    ? []
    : [{ key: `policy/${name}`, use: 'identity', document, named: place, at: () => place, keyAt: () => place }];
});

/**
 * Why each kind is right for a policy that somebody writes: AWS's own pages refuse wildcards in the partition, the service and
 * the resource type ("reference-arns"), although AWS writes them; the others name what the action data does not have (any
 * more): services that are gone, and keys that AWS documents nowhere.
 */
const justified: readonly RegExp[] = [
  /^bad-arn "[^"]*" has a wildcard in its (partition|resource type), where AWS takes none/,
  /^unknown-condition-key "aws:PrincipalOrgMasterAccountId" is not a condition key/,
  /^unknown-condition-key "(deepracer|lakeformation):\w+/,
  /^empty-deny "deepracer"/,
];

test('finds no error in them that is not one', async () => {
  expect(documents.length).toBeGreaterThan(1_400);
  const facts = await loadLintFacts(documents.map(({ document }) => document));
  const context: LintContext = {
    facts,
    keepers: [],
    boundaries: [],
    allowLists: [],
    accounts: [],
    tested: [],
    suggest: suggestion,
  };
  const { problems } = lint(documents, [], context);
  const errors = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message }) => `${rule} ${message}`);
  expect(errors.filter((error) => !justified.some((reason) => reason.test(error)))).toEqual([]);
  for (const reason of justified) expect(errors.some((error) => reason.test(error))).toBe(true);
});

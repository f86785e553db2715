/** Guard rails that except roles by ARN: worth something only while nobody else can make a role with that ARN. */
import { isGuardRailKind } from '../../model/resource.ts';
import { parseActionPattern, matchesAction, parseAction } from '../actions.ts';
import { liesWithin, resourceGlob } from '../ask/patterns.ts';
import type { Glob } from '../ask/patterns.ts';
import { quote, statementsOf, testsOf } from './document.ts';
import type { LintFinding, LintDocument, LintStatement } from './document.ts';
import { parsePattern, splitArn } from '../match.ts';
import { listOf } from '../../model/policy.ts';

/** A guard rail's hold on the roles of a path, in these accounts (unknown: everywhere). */
export type Protection = { readonly roles: Glob; readonly accounts: readonly string[] | undefined };

/** Who can do one of these with a role can act as it. */
const forging = ['iam:CreateRole', 'iam:UpdateAssumeRolePolicy'].map(parseAction);

const isProtecting = ({ statement }: LintStatement): boolean => {
  const patterns = listOf(statement.Action).map(parseActionPattern);
  const coversAll = forging.every((action) => patterns.some((pattern) => matchesAction(pattern, action)));
  const onlyExcepts = testsOf(statement).every(({ key, negated }) => key === 'aws:principalarn' && negated);
  return statement.Effect === 'Deny' && coversAll && onlyExcepts;
};

const roleGlob = (arn: string): Glob => resourceGlob(parsePattern(arn), 'whole');

export const protectionsIn = (documents: readonly LintDocument[]): readonly Protection[] =>
  documents
    .filter(({ use }) => use === 'scp')
    .flatMap((of) =>
      statementsOf(of)
        .filter(isProtecting)
        .flatMap(({ statement }) => listOf(statement.Resource))
        .map((arn) => ({ roles: roleGlob(arn), accounts: of.accounts })),
    );

/** Only AWS makes roles under these paths (IAM User Guide, "Service-linked roles"; IAM Identity Center User Guide, "Referencing permission sets"). */
const isReserved = (name: string): boolean => /^role\/(aws-reserved|aws-service-role)\//.test(name);

const isHeld = (arn: string, of: LintDocument, protections: readonly Protection[]): boolean => {
  const glob = roleGlob(arn);
  return protections.some(
    ({ roles, accounts }) =>
      liesWithin(glob, roles) &&
      (accounts === undefined || of.accounts === undefined || of.accounts.every((id) => accounts.includes(id))),
  );
};

const isForgeable = (arn: string, of: LintDocument, protections: readonly Protection[]): boolean => {
  const parts = splitArn(arn);
  const name = parts[5] ?? '';
  if (name === 'root' || isReserved(name)) return false;
  return !isHeld(arn, of, protections);
};

const hint = 'Give it a path, and let a guard rail deny IAM writes under that path to everybody else.';

export const lintExceptions = (at: LintStatement, protections: readonly Protection[]): readonly LintFinding[] => {
  if (at.statement.Effect !== 'Deny' || !isGuardRailKind(at.of.use)) return [];
  return testsOf(at.statement)
    .filter(({ key, negated }) => key === 'aws:principalarn' && negated)
    .flatMap(({ operator, written, values }) =>
      values.flatMap((value, index) => {
        if (!isForgeable(value, at.of, protections)) return [];
        const message = `${quote(value)} is excepted, and nothing keeps others from making such a role`;
        return [
          { rule: 'forgeable-exception', at: at.at('Condition', operator, written, index), message, hint } as const,
        ];
      }),
    );
};

/** Guard rails that guard nothing: services that obey none, exceptions for nobody or everybody, conditions that deny all. */
import { isGuardRailKind } from '../../model/resource.ts';
import { parseAction } from '../actions.ts';
import { servicesWithResourceControl } from '../rcp-services.ts';
import { alwaysHolds, hasDeadVariable, isImpossible, listsAll } from './dead.ts';
import { documentName, quote, statementsOf, testsOf } from './document.ts';
import type { LintFinding, LintDocument, LintStatement, LintTest } from './document.ts';
import type { LintContext } from './context.ts';
import { listOf } from '../../model/policy.ts';

const isDeny = ({ statement }: LintStatement): boolean => statement.Effect === 'Deny';
const isRail = ({ of: { use } }: LintStatement): boolean => isGuardRailKind(use);

/** Organizations User Guide, "RCP syntax": `Action` names a service, and NotAction and NotPrincipal are not supported. */
const rcpSyntax = (at: LintStatement): readonly LintFinding[] => {
  const unsupported = (['NotAction', 'NotPrincipal'] as const).filter((element) => at.statement[element] !== undefined);
  return [
    ...unsupported.map((element): LintFinding => {
      return { rule: 'rcp-syntax', at: at.keyAt(element), message: `an RCP cannot have ${element}; AWS refuses it` };
    }),
    ...listOf(at.statement.Action).flatMap((pattern, index): readonly LintFinding[] => {
      const { service } = parseAction(pattern);
      if (pattern !== '*' && !/[*?]/.test(service)) return [];
      const message = `${quote(pattern)} names no service, which an action of an RCP must`;
      return [
        { rule: 'rcp-syntax', at: at.at('Action', index), message, hint: 'Write one entry per service, such as s3:*.' },
      ];
    }),
  ];
};

const disobeyed = (pattern: string, { facts }: LintContext): string | undefined => {
  const { service, name } = parseAction(pattern);
  if (service === 'kms' && name === 'retiregrant') return 'kms:RetireGrant obeys no RCP';
  const isOther = facts.actionNames.has(service) && !servicesWithResourceControl.has(service);
  return isOther
    ? `${service} is no service that obeys RCPs, so that ${quote(pattern)} denies nothing and AWS refuses it`
    : undefined;
};

const rcpServices = (at: LintStatement, context: LintContext): readonly LintFinding[] =>
  listOf(at.statement.Action).flatMap((pattern, index) => {
    const message = disobeyed(pattern, context);
    return message === undefined ? [] : [{ rule: 'rcp-unsupported', at: at.at('Action', index), message } as const];
  });

/** A variable without a value is said where it stands. */
const impossibleValues = (test: LintTest, context: LintContext): boolean =>
  test.values.length > 0 &&
  test.values.every((value) => isImpossible(test, value) && !hasDeadVariable(test, value, context));

const excepted = (test: LintTest, context: LintContext): string | undefined => {
  if (!test.negated || test.quantifier !== 'one') return undefined;
  const shown = test.values.map(quote).join(', ');
  if (impossibleValues(test, context)) return `excepts nobody: ${test.written} is never ${shown}`;
  return listsAll(test)
    ? `excepts everybody: ${shown} stands for all, so that the statement denies nothing`
    : undefined;
};

const exceptions = (at: LintStatement, context: LintContext): readonly LintFinding[] =>
  testsOf(at.statement).flatMap((test) => {
    const why = excepted(test, context);
    if (why === undefined) return [];
    const place = at.keyAt('Condition', test.operator, test.written);
    return [{ rule: 'empty-exception', at: place, message: `${documentName(at)} ${why}` } as const];
  });

const coversAll = ({ statement: { Action, NotAction, Resource, NotResource } }: LintStatement): boolean =>
  (listOf(Action).includes('*') || (NotAction !== undefined && listOf(NotAction).length === 0)) &&
  (listOf(Resource).includes('*') || (NotResource !== undefined && listOf(NotResource).length === 0));

const isOpposite = (one: LintTest, other: LintTest): boolean =>
  one.key === other.key &&
  one.negated !== other.negated &&
  one.base.replace('not', '') === other.base.replace('not', '') &&
  [one, other].every(({ quantifier, ifExists }) => quantifier === 'one' && !ifExists) &&
  JSON.stringify([...one.values].sort()) === JSON.stringify([...other.values].sort());

/** Another statement denies everything to all whom this one spares. */
const complement = (at: LintStatement, all: readonly LintStatement[]): LintStatement | undefined => {
  const [test, ...more] = testsOf(at.statement);
  if (test === undefined || more.length > 0 || test.base === 'null') return undefined;
  return all.find((other) => {
    const [opposite, ...rest] = testsOf(other.statement);
    return other.index < at.index && rest.length === 0 && opposite !== undefined && isOpposite(test, opposite);
  });
};

/** A Deny of everything without any condition is what it says; one whose condition always holds is not. */
export const lintDeniesAll = (of: LintDocument, context: LintContext): readonly LintFinding[] => {
  if (of.use === 'trust') return [];
  const all = statementsOf(of).filter((at) => isDeny(at) && coversAll(at));
  return all.flatMap((at): readonly LintFinding[] => {
    const tests = testsOf(at.statement);
    if (tests.length > 0 && tests.every((test) => alwaysHolds(test, context)))
      return [
        {
          rule: 'denies-everything',
          at: at.at(),
          message: `${documentName(at)} denies everything to everybody: its condition always holds`,
        },
      ];
    const other = complement(at, all);
    if (other === undefined) return [];
    const message = `${documentName(at)} and ${documentName(other)} together deny everything to everybody`;
    return [{ rule: 'denies-everything', at: at.at(), message }];
  });
};

export const lintRails = (at: LintStatement, context: LintContext): readonly LintFinding[] => {
  if (!isRail(at)) return [];
  const ofRcp = at.of.use === 'rcp' ? [...rcpSyntax(at), ...rcpServices(at, context)] : [];
  return isDeny(at) ? [...ofRcp, ...exceptions(at, context)] : ofRcp;
};

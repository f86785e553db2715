/** A guard rail whose description or Sid names an action that none of its statements denies. */
import { isGuardRailKind } from '../../model/resource.ts';
import { matchesAction, parseAction, parseActionPattern } from '../actions.ts';
import { isDeadResource, neverHolds } from './dead.ts';
import { documentName, quote, statementsOf, testsOf } from './document.ts';
import type { LintFinding, LintDocument, LintStatement } from './document.ts';
import type { LintContext } from './context.ts';
import { listOf } from '../../model/policy.ts';

/** Words after which an action is named because it is possible. */
const sparing = /\b(except|unless|but|only|allow\w*|may|can|other than|apart from|besides|still)\b/i;
const sparingSid = /allow|except|unless|only|but/i;

const services = (statements: readonly LintStatement[]): readonly string[] => [
  ...new Set(
    statements.flatMap(({ statement }) =>
      [...listOf(statement.Action), ...listOf(statement.NotAction)].map((pattern) => parseAction(pattern).service),
    ),
  ),
];

const humps = (name: string): number => name.match(/[A-Z][a-z0-9]*/g)?.length ?? 0;

/** `StopLogging` in `DenyStopLogging`: a whole run of capitalised words. */
const standsIn = (text: string, name: string): boolean => {
  const at = text.indexOf(name);
  return at >= 0 && humps(name) > 1 && !/[a-z]/.test(text[at + name.length] ?? '') && !/[A-Z]/.test(text[at - 1] ?? '');
};

const namedIn = (text: string, of: readonly string[], { facts }: LintContext): readonly string[] => {
  const found = of.flatMap((service) =>
    (facts.actionNames.get(service) ?? []).filter((name) => standsIn(text, name)).map((name) => `${service}:${name}`),
  );
  return found.filter(
    (one) =>
      !found.some((other) => other !== one && other.length > one.length && other.includes(one.split(':')[1] ?? '')),
  );
};

const spelledOut = (text: string, { facts }: LintContext): readonly string[] =>
  (text.match(/\b[a-z][a-z0-9-]*:[A-Z][A-Za-z0-9]+\b/g) ?? []).filter((action) => {
    const [service = '', name = ''] = action.split(':');
    return facts.actionNames.get(service)?.includes(name) === true;
  });

const denies = (at: LintStatement, action: string, context: LintContext): boolean => {
  const { Effect, Action, NotAction } = at.statement;
  if (Effect !== 'Deny' || isDeadResource(at, context)) return false;
  if (testsOf(at.statement).some((test) => neverHolds(test, context))) return false;
  const lists = (value: typeof Action) =>
    listOf(value).some((pattern) => matchesAction(parseActionPattern(pattern), parseAction(action)));
  return Action === undefined ? NotAction !== undefined && !lists(NotAction) : lists(Action);
};

const unkept = (actions: readonly string[], statements: readonly LintStatement[], context: LintContext) =>
  actions.filter((action) => !statements.some((at) => denies(at, action, context)));

const said = (action: string): string => `${action} is still possible under it: no statement denies it`;

export const lintPromises = (of: LintDocument, context: LintContext): readonly LintFinding[] => {
  if (!isGuardRailKind(of.use)) return [];
  const statements = statementsOf(of);
  const bySid = statements.flatMap((at): readonly LintFinding[] => {
    const sid = at.statement.Sid ?? '';
    if (at.statement.Effect !== 'Deny' || sparingSid.test(sid)) return [];
    const named = namedIn(sid, services([at]), context);
    return unkept(named, statements, context).map((action) => {
      return {
        rule: 'unkept-promise',
        at: at.at('Sid'),
        message: `${documentName(at)} is named after it, but ${said(action)}`,
      };
    });
  });
  const text = of.description ?? '';
  if (sparing.test(text)) return bySid;
  const named = [...new Set([...spelledOut(text, context), ...namedIn(text, services(statements), context)])];
  const byDescription = unkept(named, statements, context).map((action): LintFinding => {
    return {
      rule: 'unkept-promise',
      at: of.named,
      message: `the description ${quote(text)} names it, but ${said(action)}`,
    };
  });
  return [...bySid, ...byDescription];
};

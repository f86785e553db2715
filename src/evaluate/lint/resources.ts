/** Resource elements against the ARNs of the resource types that the actions of the statement work on. */
import { meet, resourceGlob } from '../ask/patterns.ts';
import type { Glob } from '../ask/patterns.ts';
import { parseAction } from '../actions.ts';
import { documentedArns } from '../aws-lists.ts';
import { resourceWithoutType } from '../by-aws.ts';
import { actionsLike, factsOf } from './actions.ts';
import { quote } from './document.ts';
import type { LintFinding, LintStatement } from './document.ts';
import type { LintContext } from './context.ts';
import type { ActionFacts } from './facts.ts';
import { glob, parsePattern, wildcardCodes } from '../match.ts';
import { listOf } from '../../model/policy.ts';

/** Longer than any ARN that AWS takes; a longer one is not compared. */
const longestArn = 2048;

const withoutVariables = (text: string): string => text.replace(/\$\{[^}]*\}/g, '*');

/** The one name without a slash whose longer relatives, the objects, have the same beginning. */
const bucket = 'arn:*:s3:::*';

/** Part by part: a star that may run over colons would fit everything. */
const aligned = (arn: string): Glob => resourceGlob(parsePattern(arn), 'aligned');

export const fits = (arn: string, patterns: readonly string[]): boolean => {
  const text = withoutVariables(arn);
  const glob = aligned(text);
  return patterns.some((pattern) => !(pattern === bucket && text.includes('/')) && meet(glob, aligned(pattern)));
};

const serviceOf = (arn: string): string => arn.split(':')[2]?.toLowerCase() ?? '';
export const isJudgedArn = (arn: string): boolean => arn.startsWith('arn:') && arn.length <= longestArn;

const unknownType = (arn: string, context: LintContext): string | undefined => {
  const service = serviceOf(arn);
  if (/[*?$]/.test(service)) return undefined;
  if (!context.facts.actionNames.has(service)) return `${quote(service)} is not a service`;
  const facts = factsOf(service, context);
  const patterns = Object.values(facts?.resources ?? {}).flat();
  // Of some services the resources are documented under another one only.
  if (patterns.length === 0 || !patterns.some((pattern) => serviceOf(pattern) === service)) return undefined;
  return fits(arn, patterns) ? undefined : `no resource of ${service} has an ARN like ${quote(arn)}`;
};

/** AWS's own resources, such as CloudFormation's transforms, are in no list of resource types; some, such as its policies, are. */
const isUnlisted = (arn: string, context: LintContext): boolean =>
  arn.split(':')[4] === 'aws' && unknownType(arn, context) !== undefined;

const lintTypes = (at: LintStatement, context: LintContext): readonly LintFinding[] =>
  (['Resource', 'NotResource'] as const).flatMap((element) =>
    listOf(at.statement[element]).flatMap((arn, index) => {
      const message = isJudgedArn(arn) && !isUnlisted(arn, context) ? unknownType(arn, context) : undefined;
      return message === undefined
        ? []
        : [{ rule: 'unknown-resource-type', at: at.at(element, index), message } as const];
    }),
  );

type PatternReach = {
  readonly pattern: string;
  readonly index: number;
  readonly arns: readonly string[];
  /** Actions without a resource type that are asked of one ARN. */
  readonly documented: readonly string[];
  readonly whole: boolean;
};

const documentedIn = (pattern: string, actions: readonly ActionFacts[]): readonly string[] =>
  actions
    .map(({ name }) => `${parseAction(pattern).service}:${name.toLowerCase()}`)
    .filter((action) => documentedArns.entries.has(action));

/** The ARN is asked as it stands, in the Region and account that the statement names. */
export const fitsDocumented = (arn: string, actions: readonly string[]): boolean => {
  const [, , , region = '', account = ''] = arn.split(':');
  const codes = wildcardCodes(withoutVariables(arn));
  return actions.some((action) => glob(codes, resourceWithoutType(action, { region, account })));
};

/** ARNs that an action pattern works on; `whole` when some action of it is about no resource, or nothing is known. */
const reachOf = (pattern: string, index: number, context: LintContext): PatternReach => {
  const service = pattern === '*' ? undefined : factsOf(parseAction(pattern).service, context);
  const actions = service === undefined ? [] : actionsLike(pattern, service);
  const arns = actions.flatMap(({ resourceTypes }) => resourceTypes.flatMap((type) => service?.resources[type] ?? []));
  const documented = documentedIn(pattern, actions);
  const whole = actions.length === 0 || (arns.length === 0 && documented.length === 0);
  return { pattern, index, arns: [...new Set(arns)], documented, whole };
};

/** An action without resource types asks for `*`: an ARN never matches it. Only a bare star does. */
const worksOnNothing = (pattern: string, context: LintContext): boolean => {
  const service = pattern === '*' ? undefined : factsOf(parseAction(pattern).service, context);
  const actions = service === undefined ? [] : actionsLike(pattern, service);
  return actions.length > 0 && actions.every(({ resourceTypes }) => resourceTypes.length === 0);
};

const lintFit = (at: LintStatement, context: LintContext): readonly LintFinding[] => {
  const arns = listOf(at.statement.Resource);
  const actions = listOf(at.statement.Action);
  if (actions.length === 0 || arns.length === 0 || !arns.every(isJudgedArn)) return [];
  if (arns.some((arn) => isUnlisted(arn, context))) return [];
  const reaches = actions.map((pattern, index) => reachOf(pattern, index, context));
  const works = (arn: string, { arns: own, documented }: PatternReach) =>
    fits(arn, own) || fitsDocumented(arn, documented);
  const idle = reaches.filter((reach) =>
    reach.whole ? worksOnNothing(reach.pattern, context) : !arns.some((arn) => works(arn, reach)),
  );
  const unknown = reaches.some(({ pattern, whole }) => whole && !worksOnNothing(pattern, context));
  return [
    ...(unknown
      ? []
      : arns.flatMap((arn, index) => (reaches.some((reach) => works(arn, reach)) ? [] : [misfit(at, arn, index)]))),
    ...idle.filter(isMeant(at)).map(({ pattern, index }) => idleAction(at, pattern, index)),
  ];
};

/** A denial may be wide on purpose: of its patterns nobody expects that each finds something. */
const isMeant =
  ({ statement }: LintStatement) =>
  ({ pattern }: PatternReach): boolean =>
    statement.Effect === 'Allow' || !/[*?]/.test(pattern);

const misfit = (at: LintStatement, arn: string, index: number): LintFinding => ({
  rule: 'resource-fits-no-action',
  at: at.at('Resource', index),
  message: `none of the actions works on ${quote(arn)}`,
});

const idleAction = (at: LintStatement, pattern: string, index: number): LintFinding => ({
  rule: 'action-fits-no-resource',
  at: at.at('Action', index),
  message: `${quote(pattern)} works on none of the resources of the statement`,
});

export const lintResources = (at: LintStatement, context: LintContext): readonly LintFinding[] => [
  ...lintTypes(at, context),
  ...lintFit(at, context),
];

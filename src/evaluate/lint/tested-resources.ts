/** Resources in access tests on which the action never acts: AWS is never asked that, so that the test shows nothing. */
import { actionTargetsOf } from '../action-resources.ts';
import { parseAction } from '../actions.ts';
import { documentedArns } from '../aws-lists.ts';
import { matches, parsePattern } from '../match.ts';
import type { LintContext, TestedAction } from './context.ts';
import { quote } from './document.ts';
import { fits, fitsDocumented, isJudgedArn } from './resources.ts';
import type { LocatedFinding } from './silence.ts';

/** What the actions of a pattern work on; undefined where nothing is known of them, or they work on no resource at all. */
type TestedReach = { readonly arns: readonly string[]; readonly documented: readonly string[] };

const namesLike = (pattern: string, { facts }: LintContext): readonly string[] => {
  const { service, name } = parseAction(pattern);
  const parsed = parsePattern(name);
  return (facts.actionNames.get(service) ?? []).filter((known) => matches(parsed, known.toLowerCase()));
};

const reachOf = (pattern: string, context: LintContext): TestedReach | undefined => {
  const { service } = parseAction(pattern);
  const names = namesLike(pattern, context);
  const targets = names.map((name) => actionTargetsOf({ service, name }));
  const all = targets.flatMap(({ required, optional }) => [...required, ...optional]);
  const arns = [...new Set(all)].map((arn) => arn.replace(/\$\{[^}]*\}/g, '*'));
  const documented = names
    .map((name) => `${service}:${name.toLowerCase()}`)
    .filter((action) => documentedArns.entries.has(action));
  // An action without resource types is asked of `*`: whatever ARN the test names, the answer is that for all of them.
  return arns.length === 0 ? undefined : { arns, documented };
};

/** AWS's own resources, such as CloudFormation's transforms, are in no list of resource types. */
const isOfAws = (arn: string): boolean => arn.split(':')[4] === 'aws';

const misses = (arn: string, { arns, documented }: TestedReach): boolean =>
  isJudgedArn(arn) && !isOfAws(arn) && !fits(arn, arns) && !fitsDocumented(arn, documented);

/** Actions and resources of one entry are tested crosswise: each resource needs one of its actions, and the other way round. */
const entryOf = ({ within, must, resources, context }: TestedAction): string =>
  JSON.stringify([within.file, within.line, must, resources, context]);

type TestedEntry = { readonly tested: readonly TestedAction[]; readonly resources: readonly string[] };

const entriesOf = (tested: readonly TestedAction[]): readonly TestedEntry[] => {
  const entries = new Map<string, TestedAction[]>();
  for (const one of tested) {
    if (one.resources.length === 0) continue;
    const key = entryOf(one);
    entries.set(key, [...(entries.get(key) ?? []), one]);
  }
  return [...entries.values()].map((all) => ({ tested: all, resources: all[0]?.resources ?? [] }));
};

/** The shortest says most: without access points and the like. */
const formOf = ({ arns }: TestedReach): string =>
  [...arns].sort((one, other) => one.length - other.length)[0]?.replace('arn:*:', 'arn:aws:') ?? '';

const vacuous = (one: TestedAction, [arn = '', ...others]: readonly string[], form: string): LocatedFinding => ({
  rule: 'vacuous-test',
  at: one.at,
  message: `${quote(one.pattern)} never acts on ${quote(arn)}${others.length > 0 ? `, nor on the other ${others.length}` : ''}: the test shows nothing`,
  within: [one.within],
  hint: `It acts on resources such as ${form}.`,
});

const lintEntry = ({ tested, resources }: TestedEntry, context: LintContext): readonly LocatedFinding[] => {
  const reaches = tested.map((one) => ({ one, reach: reachOf(one.pattern, context) }));
  const missedBy = (reach: TestedReach): readonly string[] => resources.filter((arn) => misses(arn, reach));
  const said = reaches.flatMap(({ one, reach }) =>
    reach !== undefined && missedBy(reach).length === resources.length ? [vacuous(one, resources, formOf(reach))] : [],
  );
  const [first] = reaches;
  if (said.length > 0 || first?.reach === undefined) return said;
  const stray = resources.filter((arn) => reaches.every(({ reach }) => reach !== undefined && misses(arn, reach)));
  return stray.length === 0 ? [] : [vacuous(first.one, stray, formOf(first.reach))];
};

/** Patterns that run over services are of whatever acts somewhere. */
const ofOneService = ({ pattern }: TestedAction): boolean => /^[a-zA-Z0-9-]+:/.test(pattern);

export const lintTestedResources = (tested: readonly TestedAction[], context: LintContext): readonly LocatedFinding[] =>
  entriesOf(tested.filter(ofOneService)).flatMap((entry) => lintEntry(entry, context));

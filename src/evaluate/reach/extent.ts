/** How much of what an action works on a list of resource patterns reaches. */
import type { IamAction } from '../actions.ts';
import { actionTargetsOf } from '../action-resources.ts';
import type { Glob } from '../ask/patterns.ts';
import { liesWithin, meet, resourceGlob } from '../ask/patterns.ts';
import { parsePattern } from '../match.ts';

/**
 * `generous`: what falls short by nothing that could matter is everything: a Region and an account are as good as all, for a
 * requester chooses the one, and the other is the own. `strict`: everything in that account.
 */
export type ExtentReading = { readonly kind: 'generous' } | { readonly kind: 'strict'; readonly account: string };
export type ResourceExtent = 'all' | 'some' | 'none';

export const generous: ExtentReading = { kind: 'generous' };

const own = /^\$\{aws:(principal|resource)account\}$/i;
const variable = /\$\{[^}]*\}/g;
const isFixed = (pattern: string): boolean =>
  !pattern.replace(/\$\{aws:(principal|resource)account\}/gi, '').includes('${');

/** A variable is a text that nobody chose to be a wildcard; colons inside of it cut no ARN. */
const partsOf = (pattern: string): readonly string[] => {
  const held = [...pattern.matchAll(variable)].map(([text]) => text);
  const parts = pattern.replace(variable, '\u0002').split(':');
  return parts.map((part) => part.replaceAll('\u0002', () => held.shift() ?? ''));
};

/** Stand for the one Region and the one account that are asked about. */
const place = { region: 'region', account: '000000000000' } as const;

/** A star is one of AWS's, which runs over colons; what is narrower is as good as the place itself. */
const anywhere = (part: string, here: string): string => (part === '' || part === '*' ? part : here);
const plain = (part: string): string => part.replace(variable, 'variable');

/** Undefined where the pattern speaks of another account. */
const readIn = (pattern: string, reading: ExtentReading): string | undefined => {
  const parts = partsOf(pattern);
  if (parts.length < 6) return plain(pattern);
  const [region = '', account = ''] = parts.slice(3, 5);
  const rest = parts.slice(5).map(plain);
  const head = parts.slice(0, 3).map(plain);
  if (reading.kind === 'generous')
    return [...head, anywhere(region, place.region), anywhere(account, place.account), ...rest].join(':');
  const isOwn = account === reading.account || own.test(account);
  if (!isOwn && /^(\d{12}|.*\$\{.*)$/.test(account)) return undefined;
  return [...head, plain(region), isOwn ? place.account : account, ...rest].join(':');
};

/** Names of one or two characters are none that a pattern is written to leave out. */
const leastName = { generous: '???*', strict: '?*' } as const;

/** A type of resources: those that count for all, each that there can be, and the first by what their names begin with. */
type ResourceGlobs = { readonly all: Glob; readonly each: Glob; readonly beginning: () => readonly Glob[] };

const beginnings = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];

const typeOf = (arn: string, { kind }: ExtentReading): ResourceGlobs => {
  const text = arn
    .replaceAll('${Partition}', 'aws')
    .replaceAll('${Region}', place.region)
    .replaceAll('${Account}', place.account);
  const globOf = (last: string, others: string = leastName[kind]): Glob => {
    const named = text.replace(/\$\{[^}]*\}(?=[^}]*$)/, last).replaceAll(variable, others);
    return resourceGlob(parsePattern(named), 'aligned');
  };
  const all = globOf(leastName[kind]);
  return {
    all,
    each: globOf(leastName.strict, leastName.strict),
    beginning: () => (text.includes('${') ? beginnings.map((one) => globOf(`${one}??*`)) : [all]),
  };
};

const types = new Map<string, ResourceGlobs>();
const typeFor = (arn: string, reading: ExtentReading): ResourceGlobs => {
  const name = `${reading.kind} ${arn}`;
  const made = types.get(name) ?? typeOf(arn, reading);
  types.set(name, made);
  return made;
};

/** What a request names that works on no resource. */
const noResource: ResourceGlobs = { all: [42], each: [42], beginning: () => [[42]] };

type ReachedResources = { readonly all: boolean; readonly any: boolean };

const isWithinOne = (type: Glob, patterns: readonly Glob[]): boolean =>
  patterns.some((pattern) => meet(type, pattern) && liesWithin(type, pattern));

/** Several patterns are all together where each letter and digit that a name can begin with has one. */
const reachedOf = ({ all, each, beginning }: ResourceGlobs, patterns: readonly Glob[]): ReachedResources => {
  const met = patterns.filter((pattern) => meet(all, pattern));
  const together = met.length > 1 && beginning().every((one) => isWithinOne(one, met));
  return { all: isWithinOne(all, met) || together, any: patterns.some((pattern) => meet(each, pattern)) };
};

/**
 * A request names a resource of each required type, and is allowed when all of them are. Strictly read, one that is reached
 * wholly is enough: what denies it denies the request.
 */
const ofRequired = (required: readonly ReachedResources[], { kind }: ExtentReading): ResourceExtent => {
  const whole = kind === 'generous' ? required.every(({ all }) => all) : required.some(({ all }) => all);
  if (whole) return 'all';
  const touched = kind === 'generous' ? required.every(({ any }) => any) : required.some(({ any }) => any);
  return touched ? 'some' : 'none';
};

const ofOptional = (optional: readonly ReachedResources[], { kind }: ExtentReading): ResourceExtent => {
  const whole = kind === 'generous' ? optional.some(({ all }) => all) : optional.every(({ all }) => all);
  if (whole) return 'all';
  return optional.some(({ any }) => any) ? 'some' : 'none';
};

export const resourceExtent = (
  patterns: readonly string[],
  action: IamAction,
  reading: ExtentReading,
): ResourceExtent => {
  if (patterns.includes('*')) return 'all';
  const globs = patterns.flatMap((pattern) => {
    const text = readIn(pattern, reading);
    return text === undefined ? [] : [resourceGlob(parsePattern(text), 'whole')];
  });
  const { required, optional } = actionTargetsOf(action);
  const reached = (arns: readonly string[]) => arns.map((arn) => reachedOf(typeFor(arn, reading), globs));
  if (required.length > 0) return ofRequired(reached(required), reading);
  return ofOptional([...reached(optional), reachedOf(noResource, globs)], reading);
};

const inPlace = (pattern: string, account: string): Glob => {
  const parts = partsOf(pattern).map((part, at) =>
    at === 4 && (part === account || own.test(part)) ? place.account : part,
  );
  return resourceGlob(parsePattern(parts.map(plain).join(':')), 'whole');
};

/** Whether all that the pattern names is among what the others name, read in an account. */
export const isAmong = (pattern: string, others: readonly string[], account: string): boolean =>
  others.some((other) => isFixed(other) && liesWithin(inPlace(pattern, account), inPlace(other, account)));

/** Whether nothing that the pattern names is. */
export const isApart = (pattern: string, others: readonly string[], account: string): boolean =>
  others.every((other) => !other.includes('${') && !meet(inPlace(pattern, account), inPlace(other, account)));

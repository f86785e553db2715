/** The condition operators, each as a comparison of one value of the policy with one value of the request. */

import { parseDate } from './dates.ts';
import { isWithin, parseAddress, parseRange } from './ip.ts';
import type { Pattern } from './match.ts';
import { matches, matchesArn } from './match.ts';
import type { Truth } from './truth.ts';
import type { ContextLookup, Syntax } from './variables.ts';
import { compileTemplate, matchTemplate } from './variables.ts';

/** Does this value of the request match? Made once per value of the policy. */
export type ValueComparison = (value: string, lookup: ContextLookup) => Truth;
type Operator = {
  /** `Not…`: true when no value of the policy matches. */
  readonly negated: boolean;
  readonly compare: (policyValue: string, variables: Syntax['variables']) => ValueComparison;
};

type OperatorCompare = Operator['compare'];
type Order = (request: number, policy: number) => boolean;

const order: Readonly<Record<string, Order>> = {
  equals: (request, policy) => request === policy,
  lessthan: (request, policy) => request < policy,
  lessthanequals: (request, policy) => request <= policy,
  greaterthan: (request, policy) => request > policy,
  greaterthanequals: (request, policy) => request >= policy,
};

const stringEquals = texts({ wildcards: 'plain', letters: 'exact' }, matches);
const stringEqualsIgnoreCase = texts({ wildcards: 'plain', letters: 'lower' }, matches);
const stringLike = texts({ wildcards: 'read', letters: 'exact' }, matches);
const arnLike = texts({ wildcards: 'read', letters: 'exact' }, matchesArn);

const operators: ReadonlyMap<string, Operator> = new Map([
  ['stringequals', { negated: false, compare: stringEquals }],
  ['stringnotequals', { negated: true, compare: stringEquals }],
  ['stringequalsignorecase', { negated: false, compare: stringEqualsIgnoreCase }],
  ['stringnotequalsignorecase', { negated: true, compare: stringEqualsIgnoreCase }],
  ['stringlike', { negated: false, compare: stringLike }],
  ['stringnotlike', { negated: true, compare: stringLike }],
  ['arnequals', { negated: false, compare: arnLike }],
  ['arnlike', { negated: false, compare: arnLike }],
  ['arnnotequals', { negated: true, compare: arnLike }],
  ['arnnotlike', { negated: true, compare: arnLike }],
  ['bool', { negated: false, compare: bool }],
  ['binaryequals', { negated: false, compare: binary }],
  ['ipaddress', { negated: false, compare: ipAddress }],
  ['notipaddress', { negated: true, compare: ipAddress }],
  ...ordered('numeric', parseNumber),
  ...ordered('date', parseDate),
]);

/** Without `IfExists` and without a set prefix, in lower case; undefined for what is no operator. `Null` is not here. */
export function findOperator(name: string): Operator | undefined {
  return operators.get(name);
}

/** An integer or decimal; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text.trim()) ? Number(text.trim()) : undefined;
}

function ordered(prefix: string, parse: (text: string) => number | undefined): readonly [string, Operator][] {
  const positive = Object.entries(order).map(([name, holds]): [string, Operator] => {
    return [`${prefix}${name}`, { negated: false, compare: amounts(parse, holds) }];
  });
  const equals = (request: number, policy: number) => request === policy;
  return [...positive, [`${prefix}notequals`, { negated: true, compare: amounts(parse, equals) }]];
}

/** What does not parse matches nothing, on either side. */
function amounts(parse: (text: string) => number | undefined, holds: Order): OperatorCompare {
  return (policyValue) => {
    const policy = parse(policyValue);
    return (value) => {
      const request = parse(value);
      return policy !== undefined && request !== undefined && holds(request, policy);
    };
  };
}

function texts(syntax: Omit<Syntax, 'variables'>, test: (pattern: Pattern, text: string) => boolean): OperatorCompare {
  return (policyValue, variables) => {
    const template = compileTemplate(policyValue, { ...syntax, variables });
    const fold = (value: string) => (syntax.letters === 'lower' ? value.toLowerCase() : value);
    return (value, lookup) => matchTemplate(template, lookup, (pattern) => test(pattern, fold(value)));
  };
}

/** AWS replaces no variable here (IAM User Guide, "Variables and tags": variables in the Condition element). */
function bool(policyValue: string): ValueComparison {
  const text = stringEqualsIgnoreCase(policyValue, 'plain');
  return (value, lookup) => (/^(true|false)$/i.test(value) ? text(value, lookup) : false);
}

function binary(policyValue: string): ValueComparison {
  const policy = bytes(policyValue);
  return (value) => policy !== undefined && bytes(value) === policy;
}

function bytes(base64: string): string | undefined {
  const canonical = /^[A-Za-z0-9+/]*={0,2}$/.test(base64) && base64.replace(/=+$/, '').length % 4 !== 1;
  return canonical ? atob(base64.replace(/=+$/, '')) : undefined;
}

function ipAddress(policyValue: string): ValueComparison {
  const range = parseRange(policyValue);
  return (value) => {
    const address = parseAddress(value.trim());
    return range !== undefined && address !== undefined && isWithin(address, range);
  };
}

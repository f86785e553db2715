/**
 * What somebody can make of a condition by choosing the request: when, from where, by which tool, with which tags. What
 * is asked is the condition itself, once for each value that could matter.
 */
import { parseDate } from '../dates.ts';
import type { Condition } from '../conditions.ts';
import { readOperatorName } from '../conditions.ts';
import { parseNumber } from '../operators.ts';
import { unknown } from '../truth.ts';
import type { ContextLookup, ContextValues } from '../variables.ts';

export type Tested = {
  readonly operator: string;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
  readonly holds: Condition;
};

/** A key that a request has for certain: which way, where it is asked for one purpose. */
export type Pinned = { readonly key: string; readonly value: string };

export type Meeting = {
  /** Some request meets it, and every one does. */
  readonly some: boolean;
  readonly every: boolean;
  /** The same of ordinary requests: of those on what nobody has picked out. */
  readonly someOrdinary: boolean;
  readonly everyOrdinary: boolean;
};

type Guess = { readonly values: readonly string[] | undefined; readonly ordinary: boolean };

/** Nobody who acts as a person or a role sends these: they tell of services (IAM User Guide, "Global condition keys"). */
const neverSent: ReadonlySet<string> = new Set([
  ...['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths', 'aws:sourceowner'],
  ...['aws:principalservicename', 'aws:principalservicenameslist'],
]);

/** In every request of a session, by the same page; the last two by the Service Authorization Reference of IAM. */
const alwaysSent: ReadonlySet<string> = new Set([
  ...['aws:currenttime', 'aws:epochtime', 'aws:securetransport', 'aws:tokenissuetime', 'aws:userid'],
  ...['aws:viaawsservice', 'aws:requestedregion', 'iam:passedtoservice', 'iam:policyarn'],
]);

const times: ReadonlySet<string> = new Set(['aws:currenttime', 'aws:epochtime', 'aws:tokenissuetime']);

/**
 * These tell what is acted on, which a request cannot change: named values leave only what has them. Others tell how, when
 * and whence, and whoever may ask chooses that.
 */
const tellsTarget =
  /(^|:)(resourcetag|existingobjecttag)\/|^iam:(permissionsboundary|policyarn|passedtoservice|associatedresourcearn|organizationspolicyid)$|^kms:(resourcealiases|encryptioncontext|viaservice)|^s3:(prefix|dataaccesspoint)|^dynamodb:(leadingkeys|attributes)|^secretsmanager:secretid$|^ec2:instanceprofile$/;

/** Sent to other services than the one that they are named for: they tell of the session (IAM User Guide, "IAM and AWS STS condition context keys"). */
const tellsSession =
  /^(aws|sts|saml|identitystore|cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com):|^ec2:(sourceinstancearn|roledelivery)$|^(lambda:sourcefunctionarn|ssm:sourceinstancearn|glue:credentialissuingservice)$|\..*:/;

/** The service whose requests alone can have the key; nothing for one that any can have. */
export const serviceOfKey = (key: string): string | undefined =>
  tellsSession.test(key) ? undefined : key.slice(0, Math.max(0, key.indexOf(':')));

const nobodyNames = 'gatehouse-nobody-names-this';
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

const concrete = (text: string): readonly string[] => [
  text.replace(/\*/g, '').replace(/\?/g, 'x'),
  text.replace(/\*/g, 'example').replace(/\?/g, 'x'),
];

const textGuesses = ({ key, values, operator }: Tested): readonly Guess[] => {
  const isTarget = tellsTarget.test(key);
  const named = values.flatMap(concrete).map((value) => ({ values: [value], ordinary: !isTarget }));
  const arn = /^arn/i.test(readOperatorName(operator).base)
    ? `arn:aws:iam::000000000000:role/${nobodyNames}`
    : nobodyNames;
  const ordinary = [arn, ...(key === 'iam:policyarn' ? [administrator] : [])];
  return [...named, ...ordinary.map((value) => ({ values: [value], ordinary: true }))];
};

const numberGuesses = ({ values }: Tested): readonly string[] => [
  ...values.flatMap((value) => {
    const amount = parseNumber(value);
    return amount === undefined ? [] : [amount - 1, amount, amount + 1].map(String);
  }),
  ...['0', '1', '60', '3600'],
];

const second = 1000;
const farAway = Date.parse('9998-12-31T00:00:00Z');

/** Only times from now on count: the past is over, and whoever asks can wait. */
const momentGuesses = ({ values, operator }: Tested, now: string): readonly string[] => {
  const from = Date.parse(now);
  const named = values.flatMap((value) => {
    const at = parseDate(value);
    return at === undefined ? [] : [at - second, at, at + second];
  });
  const moments = [from, ...named.filter((at) => at > from), farAway];
  const isNumber = readOperatorName(operator).base.startsWith('numeric');
  return moments.map((at) => (isNumber ? String(Math.floor(at / second)) : new Date(at).toISOString()));
};

const addressGuesses = ({ values }: Tested): readonly string[] => [
  ...values.map((value) => value.split('/')[0] ?? value),
  ...['198.51.100.7', '2001:db8::7'],
];

const anyOf = (values: readonly string[]): readonly Guess[] =>
  values.map((value) => ({ values: [value], ordinary: true }));

const presentGuesses = (test: Tested, now: string): readonly Guess[] => {
  const { base } = readOperatorName(test.operator);
  if (test.key === 'aws:securetransport') return anyOf(['true']);
  if (times.has(test.key)) return anyOf(momentGuesses(test, now));
  if (base === 'null') return anyOf(['example']);
  if (base === 'bool') return anyOf(['true', 'false']);
  if (base.startsWith('numeric')) return anyOf(numberGuesses(test));
  if (base.startsWith('date')) return anyOf(momentGuesses(test, now));
  return base.includes('ipaddress') ? anyOf(addressGuesses(test)) : textGuesses(test);
};

const absent: Guess = { values: undefined, ordinary: true };

const guessesFor = (test: Tested, now: string): readonly Guess[] => {
  if (neverSent.has(test.key)) return [absent];
  const present = presentGuesses(test, now);
  return alwaysSent.has(test.key) ? present : [absent, ...present];
};

const meetingOf = ({ key, holds }: Tested, guesses: readonly Guess[]): Meeting => {
  const answers = guesses.map(({ values, ordinary }) => {
    const lookup: ContextLookup = (asked): ContextValues => (asked === key ? values : unknown(asked));
    return { truth: holds(lookup), ordinary };
  });
  const usual = answers.filter(({ ordinary }) => ordinary);
  return {
    some: answers.some(({ truth }) => truth !== false),
    every: answers.every(({ truth }) => truth === true),
    someOrdinary: usual.some(({ truth }) => truth !== false),
    everyOrdinary: usual.every(({ truth }) => truth === true),
  };
};

/** `has`: whether requests of the action have the key at all; `pinned`: what they say under one. */
export type RequestFacts = { readonly now: string; readonly has: boolean; readonly pinned?: Pinned };

export const meetingBy = (test: Tested, { now, has, pinned }: RequestFacts): Meeting => {
  if (!has) return meetingOf(test, [absent]);
  if (pinned?.key === test.key) return meetingOf(test, anyOf([pinned.value]));
  return meetingOf(test, guessesFor(test, now));
};

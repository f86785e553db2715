/** What is known about the session of a permission set or a role in an account before any request is made. */

import { glob, splitArn, wildcardCodes } from '../match.ts';
import { unknown } from '../truth.ts';
import type { ContextLookup } from '../variables.ts';

type SessionPlace = {
  readonly accountId: string;
  /** OU path of the account. */
  readonly ouPath: string;
  /** Organization id, and Identity Center's Region. */
  readonly organization: string;
  readonly region: string;
};
/** `role`: its path and name, without a slash before them. `named`: whoever a policy names, of whom nothing more is known. */
export type ReachSubject = SessionPlace &
  ({ readonly permissionSet: string } | { readonly role: string } | { readonly named: true });

/** Stands for a digit of the hexadecimal suffix of a reserved role, which nobody can choose; no policy can contain it. */
const ANY = '\u0001';
const isHexDigit = (code: number): boolean => /[0-9a-f]/.test(String.fromCharCode(code));
const suffix = ANY.repeat(16);

/** Tells one from another in every account; neither names of sets nor of roles have blanks. */
export const subjectName = (subject: ReachSubject): string => {
  if ('named' in subject) return 'whoever is named';
  return 'role' in subject ? `role ${subject.role}` : subject.permissionSet;
};

/** Reserved roles lie under the Region's path, in us-east-1 without it (IAM Identity Center, "Referencing permission sets"). */
export function sessionArn(subject: ReachSubject): string {
  const { accountId, region } = subject;
  if ('named' in subject) return '';
  if ('role' in subject) return `arn:aws:iam::${accountId}:role/${subject.role}`;
  const path = region === 'us-east-1' ? '' : `${region}/`;
  return `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/${path}AWSReservedSSO_${subject.permissionSet}_${suffix}`;
}

/** Keys that a request cannot change; every other one is unknown. */
export function lookupFor(subject: ReachSubject): ContextLookup {
  if ('named' in subject) return unknown;
  const known: Readonly<Record<string, readonly string[] | undefined>> = {
    'aws:principalarn': [sessionArn(subject)],
    'aws:principalaccount': [subject.accountId],
    'aws:principaltype': ['AssumedRole'],
    'aws:principalorgid': [subject.organization],
    'aws:principalisawsservice': ['false'],
    'aws:username': undefined,
    'aws:principalservicename': undefined,
    'aws:principalservicenameslist': undefined,
  };
  return (key) => (Object.hasOwn(known, key) ? known[key] : unknown(key));
}

/** Whether the role's suffix could decide if the pattern matches its ARN, by any of the ways operators compare. */
export function hangsOnSuffix(pattern: string, arn: string): boolean {
  const tail = (text: string): string => splitArn(text)[5] ?? text;
  return [
    [pattern, arn],
    [tail(pattern), tail(arn)],
  ].some(([value = '', text = '']) =>
    [value, value.toLowerCase()].some((each) => {
      const wanted = each === value ? text : text.toLowerCase();
      return !glob(wildcardCodes(each), wanted) && couldMatch(each, wanted);
    }),
  );
}

/** Whether the pattern matches the text for some suffix. As in `glob`, only the last star is ever tried again. */
function couldMatch(pattern: string, text: string): boolean {
  const codes = wildcardCodes(pattern);
  let [at, from, star, restart] = [0, 0, -1, 0];
  while (from < text.length) {
    const code = codes[at];
    if (code === STAR) {
      star = at;
      restart = from;
      at += 1;
    } else if (
      code !== undefined &&
      (code < 0 || code === text.charCodeAt(from) || (text[from] === ANY && isHexDigit(code)))
    ) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      restart += 1;
      from = restart;
      at = star + 1;
    } else return false;
  }
  while (codes[at] === STAR) at += 1;
  return at === codes.length;
}

const STAR = wildcardCodes('*')[0];

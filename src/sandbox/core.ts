/** What every imitated service is made of: the state, a call, an AWS error, ids and pages. */

export type JsonObject = Readonly<Record<string, unknown>>;

export type CallInput = JsonObject;
export type CallOutput = JsonObject;

/** Whoever credentials belong to. */
export type CallerSession = {
  readonly account: string;
  readonly principalArn: string;
  /** The unique id of the role or user, for a role with the session's name behind it. */
  readonly userId: string;
  /** The role behind it, its path included. */
  readonly roleArn?: string;
  /** Milliseconds since the epoch; absent: these credentials do not expire. */
  readonly expiresAt?: number;
  readonly mfa?: boolean;
  /** Tags that follow the session into every role that it assumes. */
  readonly transitiveTags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly sourceIdentity?: string;
  /** Signed in to the console, whatever the call was made with. */
  readonly console?: true;
};

/** Where a call comes from, as its headers say. */
type CallSource = { readonly ip: string; readonly agent: string };

/** One API call as AWS sees it. `now` is milliseconds since the epoch, read once per call. */
export type SandboxCall = {
  readonly service: string;
  readonly operation: string;
  readonly caller: CallerSession;
  /** The caller's. */
  readonly account: string;
  readonly principalArn: string;
  readonly accessKeyId: string;
  readonly source: CallSource;
  readonly region: string;
  readonly now: number;
  readonly catalogue: ManagedPolicyCatalogue;
};

/** An operation reads and changes its own part of the state and answers, or throws an AwsError. */
export type SandboxOperation<State> = (state: State, input: CallInput, call: SandboxCall) => CallOutput;

/** The answer that AWS gives instead of an output; `fields` are further members of the error's shape (Reason, say). */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: CallOutput;
  constructor(code: string, message: string, options: { status?: number; fields?: CallOutput } = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

/** A counter kept in the state, so that the same calls always get the same ids. */
export type IdCounter = { next: number };

const mix = (value: number): number => {
  let hash = Math.imul(value ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** `length` characters of `alphabet`, the next of a repeatable sequence. */
export const nextId = (ids: IdCounter, length: number, alphabet = '0123456789abcdef'): string => {
  let text = '';
  for (let index = 0; index < length; index += 1) {
    ids.next += 1;
    text += alphabet[mix(ids.next) % alphabet.length] ?? '0';
  }
  return text;
};

/** A UUID of the repeatable sequence. */
export const nextUuid = (ids: IdCounter): string => [8, 4, 4, 4, 12].map((length) => nextId(ids, length)).join('-');

/** ISO 8601 in whole seconds, as IAM and STS write every time. */
export const secondsIso = (now: number): string => new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** The AWS managed policies that exist, as somebody else knows them. */
export type ManagedPolicyCatalogue = {
  readonly has: (arn: string) => boolean;
  readonly arns: () => readonly string[];
  readonly arnOf: (name: string) => string | undefined;
  /** The default version's document, as JSON text. */
  readonly document: (arn: string) => string | undefined;
  /** The number of the default version; absent: 1. */
  readonly version?: (arn: string) => number;
};

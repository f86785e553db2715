/** What AWS answered to a whole reading, kept so that a later one asks only for what moved since. */
import type { UnknownFields } from './fields.ts';
import { fieldsIn, numberIn, optionalStringIn, rowsIn, stringIn } from './fields.ts';
import type { AccountId } from './resource.ts';

/** One question and its answer. `account`: whose IAM was asked, where it was asked of one account. */
export type RecordedCall = {
  readonly operation: string;
  readonly account?: AccountId;
  readonly input: UnknownFields;
  /** Nothing where AWS answered with the error. */
  readonly answer?: UnknownFields;
  readonly error?: string;
};

type IdsByName = Readonly<Record<string, string>>;

/** AWS's ids by the names that keys are made of. */
export type RecordedIds = Readonly<
  Record<'ous' | 'accounts' | 'policies' | 'groups' | 'users' | 'permissionSets', IdsByName>
>;

export type AwsRecord = {
  readonly format: typeof recordFormat;
  readonly organization: string;
  /** Of the credential that read. */
  readonly account: AccountId;
  /** Of Identity Center. */
  readonly region: string;
  /** ISO 8601: before the first call. */
  readonly began: string;
  /** Milliseconds of AWS's time. */
  readonly took: number;
  /** Whether a corporate directory sends users or groups. */
  readonly fed: boolean;
  readonly ids: RecordedIds;
  readonly calls: readonly RecordedCall[];
};

/** Another one is no record: which calls are kept, and what makes their answers stale, is part of the format. */
export const recordFormat = 2;

/** A record, or why there is none to be used. */
export type RecordOffer = AwsRecord | { readonly whole: string };

/**
 * Milliseconds. AWS promises no time within which an event is in CloudTrail: "typically within 5 minutes on average"; one was
 * seen after 25 to 85 minutes.
 */
export const trailLateness = 90 * 60_000;

/** How a reading used the record of an earlier one. */
export type RecordUse =
  /** Not at all, and why. */
  | { readonly whole: string }
  | {
      /** ISO 8601: when the record's reading began. */
      readonly from: string;
      /** Answers that were taken from it. */
      readonly taken: number;
      /** Answers in it that were asked for again, because something may have changed them. */
      readonly anew: number;
      /** Events since that may have changed something. */
      readonly moved: number;
      /** ISO 8601: what was changed by hand later than this may be missing where it was not read anew. */
      readonly certain: string;
    };

const callOf = (value: UnknownFields): RecordedCall => {
  const account = optionalStringIn(value['account']);
  const error = optionalStringIn(value['error']);
  return {
    operation: stringIn(value['operation']),
    input: fieldsIn(value['input']),
    ...(account === undefined ? {} : { account }),
    ...(error === undefined ? { answer: fieldsIn(value['answer']) } : { error }),
  };
};

const namesIn = (value: unknown): IdsByName =>
  Object.fromEntries(Object.entries(fieldsIn(value)).map(([name, id]) => [name, stringIn(id)]));

const idsIn = (value: UnknownFields): RecordedIds => ({
  ous: namesIn(value['ous']),
  accounts: namesIn(value['accounts']),
  policies: namesIn(value['policies']),
  groups: namesIn(value['groups']),
  users: namesIn(value['users']),
  permissionSets: namesIn(value['permissionSets']),
});

/** Undefined for what is no record of this format. Only what is known to be the drift run's own is to be believed. */
export const recordIn = (text: string): AwsRecord | undefined => {
  let value: UnknownFields;
  try {
    value = fieldsIn(JSON.parse(text));
  } catch {
    return undefined;
  }
  if (value['format'] !== recordFormat || Number.isNaN(Date.parse(stringIn(value['began'])))) return undefined;
  return {
    format: recordFormat,
    organization: stringIn(value['organization']),
    account: stringIn(value['account']),
    region: stringIn(value['region']),
    began: stringIn(value['began']),
    took: numberIn(value['took']),
    fed: value['fed'] !== false,
    ids: idsIn(fieldsIn(value['ids'])),
    calls: rowsIn(value['calls']).map(callOf),
  };
};

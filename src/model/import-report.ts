/** What an import found, beside the files that it writes. */
import type { DoubtfulGroup } from './cloud.ts';
import type { Unread } from './reads.ts';
import type { Problem } from './problem.ts';
import type { LeftOut } from './written.ts';

export type Administrators = { readonly principal: string; readonly accounts: readonly string[] };
export type Oddities = {
  readonly idleSets: readonly string[];
  /** Names of sets that say the same. */
  readonly twinSets: readonly (readonly string[])[];
  readonly outdatedSets: readonly { readonly name: string; readonly accounts: readonly string[] }[];
  /** Groups of our own without members, and groups that hold nothing. */
  readonly emptyGroups: readonly string[];
  readonly idleGroups: readonly string[];
  readonly directUsers: readonly { readonly name: string; readonly assignments: number }[];
  readonly unboundPolicies: readonly string[];
  /** Keys of roles whose trust policy stands in the files as it is. */
  readonly trustDocuments: readonly string[];
};

/** Things of one kind: in AWS, in the files, and in either list of what the files do not say. */
export type ImportCount = {
  readonly what: string;
  readonly live: number;
  readonly said: number;
  readonly leftOut: number;
  readonly notAsked: number;
};

export type ImportFacts = {
  readonly organization: string;
  /** `live` is the sum of the others. */
  readonly counts: readonly ImportCount[];
  readonly assignments: number;
  /** Entries of the files that give them. */
  readonly rules: number;
  readonly leftOut: readonly LeftOut[];
  readonly notAsked: readonly LeftOut[];
  readonly administrators: readonly Administrators[];
  readonly oddities: Oddities;
  readonly suspended: readonly string[];
  readonly doubtfulGroups: readonly DoubtfulGroup[];
  /** What could not be read, with what AWS said; nothing of it is in the files. */
  readonly unread: readonly Unread[];
  readonly faults: readonly Problem[];
  readonly firstApply: readonly string[];
};

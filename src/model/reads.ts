/** How AWS was read, and what could not be. */
import type { RecordUse } from './record.ts';

export type Unread = { readonly scope: string; readonly reason: string };
/** What is read one after the other of one kind, in the order in which a person thinks of it. */
export const readStages = [
  'organization',
  'guard-rails',
  'directory',
  'permission-sets',
  'assignments',
  'accounts',
] as const;
export type ReadStage = (typeof readStages)[number];
/** Told while AWS is read: so many are read, of so many that are known by now. */
export type ReadEvent = { readonly stage: ReadStage; readonly done: number; readonly total: number };

/** How the assignments were read, and how many calls each operation cost ("sso-admin:ListAccountAssignments": 12). */
export type Reads = {
  readonly route: 'pairs' | 'principals' | 'none';
  readonly calls: Readonly<Record<string, number>>;
  /** Where the record of an earlier reading was there to be used. */
  readonly record?: RecordUse;
};

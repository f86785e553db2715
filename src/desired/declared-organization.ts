/** The tree of accounts as organization.yaml declares it. */
import type { Place } from '../model/problem.ts';
import type { Piece } from './piece.ts';
import type { FormerNames } from './previously.ts';

export type AccountTags = Readonly<Record<string, string>>;
export type DeclaredAccount = {
  readonly name: string;
  readonly id: string;
  /** OU path as in keys; '' is Root. */
  readonly parent: string;
  readonly tags: AccountTags;
  readonly at: Place;
};

export type DeclaredOrganization = {
  readonly management: string;
  readonly accounts: ReadonlyMap<string, DeclaredAccount>;
  /** By path as in keys. */
  readonly ous: ReadonlyMap<string, Place>;
  readonly pieces: readonly Piece[];
  readonly former: readonly FormerNames[];
};

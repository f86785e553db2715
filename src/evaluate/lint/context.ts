/** What the lint knows beside the documents. */
import type { Place } from '../../model/problem.ts';
import type { EssentialPrincipal, KeeperBoundary, AllowList } from './keeper.ts';
import type { LintFacts } from './facts.ts';

/** An action that an access test names, and what must be so; `within`: the place of the test. */
export type TestedAction = {
  readonly pattern: string;
  readonly at: Place;
  readonly within: Place;
  readonly must: 'allowed' | 'denied';
  /** Patterns of ARNs; none where the test names none. */
  readonly resources: readonly string[];
  /** The same text for the same context. */
  readonly context: string;
};

export type LintContext = {
  readonly facts: LintFacts;
  readonly keepers: readonly EssentialPrincipal[];
  readonly boundaries: readonly KeeperBoundary[];
  readonly allowLists: readonly AllowList[];
  /** Ids of the declared accounts: what is not one of them is a third party. None while the files have errors. */
  readonly accounts: readonly string[];
  /** What the access tests ask for. */
  readonly tested: readonly TestedAction[];
  /** The known name nearest to a typed one, if any is near. */
  readonly suggest: (name: string, candidates: Iterable<string>) => string | undefined;
};

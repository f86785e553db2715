/** What every part of an adoption is given, and what the files say in between. */
import type { Files } from '../../desired/load.ts';
import type { PolicyNaming } from '../edit/policies.ts';
import { isRefused } from '../edit/repo.ts';
import type { Edited, Repo } from '../edit/repo.ts';
import { understand } from '../../desired/understand.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { Key, State } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';
import type { Fold } from '../written.ts';
import { RefusedAdoption } from './refused-adoption.ts';

export type AdoptInput = {
  readonly files: Files;
  readonly keys: readonly Key[];
  /** What AWS has, its accounts under the names of the files. */
  readonly live: State;
  /** ISO 8601. */
  readonly now: string;
  /** Whether many new assignments of one set become rules over OUs. */
  readonly fold: Fold;
};
export type EditContext = {
  readonly desired: Desired;
  readonly live: State;
  readonly naming: PolicyNaming;
  readonly today: string;
};

const managedPolicyName = (arn: string): string => {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return loadCatalogue().arnOf(name) === arn ? name : arn;
};

export const policyNamingOf = (desired: Desired, live: State): PolicyNaming => ({
  accounts: new Map([
    ...resourcesOf(live, 'account').map(({ id, name }) => [id, name] as const),
    ...Object.entries(desired.accounts),
  ]),
  managedPolicy: managedPolicyName,
  arnOf: (written) => loadCatalogue().arnOf(written) ?? written,
});

/**
 * Live without the members of groups that may be the corporate directory's: what is adopted beside them does not take them
 * over. Those of a group whose members the files manage, and those that are asked for by key, stay.
 */
export const withoutDoubtfulMembers = (live: Live, desired: Desired, keys: readonly Key[]): State => {
  const doubtful = new Set((live.doubtfulGroups ?? []).map(({ name }) => name));
  const managed = new Set(desired.memberGroups);
  const asked = new Set(keys);
  return Object.fromEntries(
    Object.entries(live.state).filter(
      ([key, one]) => one.kind !== 'membership' || !doubtful.has(one.group) || managed.has(one.group) || asked.has(key),
    ),
  );
};

export type Editor = { readonly input: AdoptInput; readonly editing: EditContext };

export const orThrow = (made: Edited, key: Key): Repo => {
  if (isRefused(made)) throw new RefusedAdoption(made.refused, key);
  return made;
};

/** Throws UserError when the files would be wrong. */
export const understood = (repo: Repo, { files, now }: AdoptInput): Desired => {
  const texts = [...repo.entries].map(([path, { text }]) => ({ path, text }));
  const { desired, problems } = understand({ ...files, files: texts }, { catalogue: loadCatalogue(), now });
  const error = problems.find(({ severity }) => severity === 'error');
  if (desired !== undefined && error === undefined) return desired;
  throw new RefusedAdoption(
    `the files would be wrong then: ${error?.file ?? ''}:${error?.line ?? 0} ${error?.message ?? ''}`,
  );
};

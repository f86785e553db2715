/** Policies of resources, each an entry of a file of access/resources/. */
import { posix } from 'node:path';
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import type { ResourcePolicy } from '../../model/resource.ts';
import type { Typed } from '../../desired/check-form.ts';
import { policyYaml } from '../write/policies.ts';
import { nameOfResource, resourceFileText } from '../write/resources.ts';
import { rewritten } from './documents.ts';
import { baseFor } from './new-files.ts';
import type { PolicyNaming } from './policies.ts';
import { removed, spellingOf, valueAt, withKey } from './range.ts';
import { reconciled } from './reconcile.ts';
import { freePath, refusedEdit, textIn, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';

type EntryPlace = { readonly file: Typed<'resources'>; readonly index: number };

const entryOf = (repo: Repo, arn: string): EntryPlace | undefined => {
  for (const file of typedIn(repo, 'resources')) {
    const index = file.value.resources.findIndex(({ resource }) => resource === arn);
    if (index >= 0) return { file, index };
  }
  return undefined;
};

const noEntry = refusedEdit('no file declares it');

type PolicySides = {
  readonly before: ResourcePolicy;
  readonly live: ResourcePolicy;
  readonly naming: PolicyNaming;
};

/** The policy as AWS has it: in the file, or in the one beside it. */
export const withResourcePolicy = (repo: Repo, { before, live, naming }: PolicySides): Edited => {
  const found = entryOf(repo, live.resource);
  if (found === undefined) return noEntry;
  const { path } = found.file.file;
  const text = textIn(repo, path);
  const at = ['resources', found.index];
  const named = valueAt(text, [...at, 'policyFile']);
  const beside = typeof named === 'string' ? posix.normalize(posix.join(posix.dirname(path), named)) : undefined;
  const place = beside === undefined ? { path, steps: [...at, 'policy'] } : { path: beside, steps: [] };
  const old = textIn(repo, place.path);
  const written = { raw: valueAt(old, place.steps), meant: before.document };
  const wanted = rewritten(live.document, written, naming.accounts);
  const edited = reconciled(old, { path: place.steps, wanted, spelling: spellingOf(place.path) });
  return withFile(repo, place.path, edited);
};

/** An entry that says that there is none comes to say which there is. */
const presentAgain = (
  repo: Repo,
  { file, index }: EntryPlace,
  { live: policy, naming }: Omit<PolicySides, 'before'>,
): Repo => {
  const { path } = file.file;
  const at = ['resources', index];
  const without = removed(textIn(repo, path), [...at, 'state']);
  const value = policyYaml(policy.document, naming.accounts);
  return withFile(repo, path, withKey(without, at, { key: 'policy', value, spelling: 'yaml' }));
};

/** In a file of its own, or where its entry says that there is none. */
export const withNewResourcePolicy = (repo: Repo, policy: ResourcePolicy, naming: PolicyNaming): Edited => {
  const { resource: arn } = policy;
  if (resourceOfArn(arn) === undefined) return refusedEdit(`${arn} is no resource whose policy can be declared`);
  const found = entryOf(repo, arn);
  if (found !== undefined) return presentAgain(repo, found, { live: policy, naming });
  const base = freePath(repo, 'access/resources', baseFor(nameOfResource(arn), [], 'resource'));
  return withFile(repo, `${base}.yaml`, resourceFileText([policy], naming));
};

/** Without the entry: AWS has no policy there, and none is asked for. */
export const withoutResourcePolicy = (repo: Repo, policy: ResourcePolicy): Edited => {
  const found = entryOf(repo, policy.resource);
  if (found === undefined) return noEntry;
  const { path } = found.file.file;
  const text = textIn(repo, path);
  const isOnly = found.file.value.resources.length === 1;
  const beside = valueAt(text, ['resources', found.index, 'policyFile']);
  const gone = withFile(repo, path, isOnly ? undefined : removed(text, ['resources', found.index]));
  if (typeof beside !== 'string') return gone;
  return withFile(gone, posix.normalize(posix.join(posix.dirname(path), beside)), undefined);
};

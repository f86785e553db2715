/** Files for things that no file speaks of yet. */
import { guardRailKinds, keyOf } from '../../model/resource.ts';
import type { Principal } from '../../model/resource.ts';
import type { WrittenGroup } from '../../model/written.ts';
import { fileNames } from '../write/file-names.ts';
import { contentOf, documentJson, isLong } from '../write/policies.ts';
import type { DocumentedResource } from '../write/repository.ts';
import type { PolicyNames } from '../write/things.ts';
import { controlPolicyText, groupText, permissionSetText, userText } from '../write/things.ts';
import { holderFile } from './assignments.ts';
import { freePath, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';

/** A file name like those of the folder: a prefix that they leave out (the company's name) is left out here too. */
export const baseFor = (name: string, others: readonly string[], fallback: string): string => {
  const names = [...new Set([...others, name])].map((one) => ({ name: one, identity: one }));
  return fileNames(names, fallback).get(name) ?? fallback;
};

export const withNewGroup = (repo: Repo, written: WrittenGroup): Edited => {
  const others = typedIn(repo, 'group').map(({ value }) => value.group);
  const path = freePath(repo, 'access/groups', baseFor(written.group.name, others, 'group'));
  return withFile(repo, `${path}.yaml`, groupText(written));
};

/** A file for the user, unless there is one: what it is given is added to it. */
export const withUserFile = (repo: Repo, principal: Principal): Edited => {
  if (principal.type === 'group' || holderFile(repo, principal) !== undefined) return repo;
  const others = typedIn(repo, 'user').map(({ value }) => value.user);
  const path = freePath(repo, 'access/users', baseFor(principal.name, others, 'user'));
  return withFile(repo, `${path}.yaml`, userText({ user: principal.name, assignments: [] }));
};

/** Removes the file of a user who has no assignments left and whom it does not create. */
export const withoutEmptyUser = (repo: Repo, principal: Principal): Edited => {
  const file = principal.type === 'user' ? holderFile(repo, principal) : undefined;
  const isEmpty = file?.kind === 'user' && file.value.create !== true && (file.value.assignments ?? []).length === 0;
  return isEmpty ? withFile(repo, file.file.path, undefined) : repo;
};

const folderOf = ({ kind }: DocumentedResource): string => (kind === 'permission-set' ? 'permission-sets' : 'scps');
const namesLike = (repo: Repo, { kind }: DocumentedResource): readonly string[] =>
  kind === 'permission-set'
    ? typedIn(repo, 'permission-set').map(({ value }) => value.permissionSet)
    : [
        ...typedIn(repo, 'scp').map(({ value }) => guardRailKinds.flatMap((kind) => value[kind] ?? [])[0] ?? ''),
        ...typedIn(repo, 'settings-policy').map(({ value }) => value.name),
      ];

export const withNewPolicy = (repo: Repo, resource: DocumentedResource, names: PolicyNames): Edited => {
  const base = freePath(repo, folderOf(resource), baseFor(resource.name, namesLike(repo, resource), 'policy'));
  const document = resource.kind === 'permission-set' ? resource.inlinePolicy : contentOf(resource);
  const beside = document !== undefined && isLong(document) ? `${base}.json` : undefined;
  const from = { ...names, ...(beside === undefined ? {} : { file: beside.split('/').at(-1) ?? keyOf(resource) }) };
  const text =
    resource.kind === 'permission-set' ? permissionSetText(resource, from) : controlPolicyText(resource, from);
  const made = withFile(repo, `${base}.yaml`, text);
  if (beside === undefined || document === undefined) return made;
  return withFile(made, beside, documentJson(document, names.accounts));
};

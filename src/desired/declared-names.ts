/** Every name that the files declare, with its place, for the checks of names. */
import { guardRailKinds } from '../model/resource.ts';
import type { Place } from '../model/problem.ts';
import { ofKind } from './documents.ts';
import type { FileDocuments } from './documents.ts';
import type { OuEntry } from './schema/schema.ts';
import { inside, placeOf } from './world.ts';
import type { FileSpot } from './world.ts';

/** `among`: the names that it must be told from. */
export type DeclaredName = { readonly among: string; readonly name: string; readonly at: () => Place };

const atKey = (spot: FileSpot, name: string, among: string): DeclaredName => ({
  among,
  name,
  at: () => spot.file.keyAt(spot.path),
});

const inTree = (spot: FileSpot, { accounts = {}, ous = {} }: OuEntry, path: string): readonly DeclaredName[] => [
  ...Object.keys(accounts).map((name) => atKey(inside(spot, 'accounts', name), name, 'account')),
  ...Object.entries(ous).flatMap(([name, ou]) => {
    const here = inside(spot, 'ous', name);
    return [atKey(here, name, `OU under ${path}`), ...inTree(here, ou, `${path}/${name}`)];
  }),
];

const atValue = (spot: FileSpot, name: string | undefined, among: string): readonly DeclaredName[] =>
  name === undefined ? [] : [{ among, name, at: () => placeOf(spot) }];

/** Roles and customer policies are left out: they are told apart account by account. */
export const declaredNames = (documents: FileDocuments): readonly DeclaredName[] => [
  ...ofKind(documents, 'organization').flatMap(({ file, value }) => [
    ...atValue({ file, path: ['management', 'name'] }, value.management.name, 'account'),
    ...inTree({ file, path: [] }, value, 'Root'),
  ]),
  ...ofKind(documents, 'group').flatMap(({ file, value }) => [
    ...atValue({ file, path: ['group'] }, value.group, 'group'),
    ...(value.members ?? []).flatMap((member, index) =>
      atValue({ file, path: ['members', index] }, typeof member === 'string' ? member : member.user, 'user'),
    ),
  ]),
  ...ofKind(documents, 'user').flatMap(({ file, value }) => atValue({ file, path: ['user'] }, value.user, 'user')),
  ...ofKind(documents, 'permission-set').flatMap(({ file, value }) =>
    atValue({ file, path: ['permissionSet'] }, value.permissionSet, 'permission set'),
  ),
  ...ofKind(documents, 'scp').flatMap(({ file, value }) =>
    guardRailKinds.flatMap((kind) => atValue({ file, path: [kind] }, value[kind], 'control policy')),
  ),
  ...ofKind(documents, 'settings-policy').flatMap(({ file, value }) =>
    atValue({ file, path: ['name'] }, value.name, 'control policy'),
  ),
];

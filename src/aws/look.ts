/** One object read again, as cheaply as AWS allows. */
import type { Change } from '../model/plan.ts';
import { beforeOf, subjectOf } from '../model/plan.ts';
import { encodeName, parentPath } from '../model/resource.ts';
import type { ControlPolicy, Group, Ou, Resource } from '../model/resource.ts';
import { controlPolicyKey } from '../model/resource.ts';
import type { Connection } from './connection.ts';
import { unless } from './retry.ts';
import { groupOf } from './read-identity-store.ts';
import { readControlPolicy } from './read-policies.ts';
import { organizationTags } from './read-tree.ts';
import { ownershipOf } from './tags.ts';
import type { Writing } from './writing.ts';

/** Undefined when AWS says that there is no such thing, or no id is known. */
const found = async <T>(
  id: string | undefined,
  absent: readonly string[],
  read: (id: string) => Promise<T>,
): Promise<T | undefined> => {
  if (id === undefined) return undefined;
  let seen: T | undefined;
  await unless(absent, async () => {
    seen = await read(id);
  });
  return seen;
};

// ListTagsForResource has an error of its own for what is not there.
const noOu = ['OrganizationalUnitNotFoundException', 'TargetNotFoundException'];
const noPolicy = ['PolicyNotFoundException', 'TargetNotFoundException'];
const noGroup = ['ResourceNotFoundException'];

/** Where an OU was before it got another name. */
export const pathBefore = (ou: Ou): string => {
  const parent = parentPath(ou.path);
  return parent === '' ? encodeName(ou.name) : `${parent}/${encodeName(ou.name)}`;
};

/** Two calls: DescribeOrganizationalUnit does not tell tags. */
export const readOuById = async (
  connection: Connection,
  { path, id }: { readonly path: string; readonly id: string },
): Promise<Ou> => {
  const [{ OrganizationalUnit }, tags] = await Promise.all([
    connection.organizations.describeOrganizationalUnit({ OrganizationalUnitId: id }),
    organizationTags(connection, id),
  ]);
  const { owner } = ownershipOf(tags);
  return { kind: 'ou', path, name: OrganizationalUnit?.Name ?? '', ...(owner === undefined ? {} : { owner }) };
};

const lookAtOu = ({ connection, ids }: Writing, before: Ou): Promise<Ou | undefined> =>
  found(ids.ous.get(before.path) ?? ids.ous.get(pathBefore(before)), noOu, async (id) => {
    return readOuById(connection, { path: before.path, id });
  });

type Renamed = { readonly before: ControlPolicy; readonly subject: ControlPolicy };

/** Two calls: DescribePolicy does not tell tags. */
const lookAtPolicy = ({ connection, ids }: Writing, { before, subject }: Renamed) => {
  const id = ids.policies.get(controlPolicyKey(subject)) ?? ids.policies.get(controlPolicyKey(before));
  return found(id, noPolicy, (one) => readControlPolicy(connection, { kind: before.kind, id: one }));
};

export const describeGroup = async (
  { identityStore }: Connection,
  address: { readonly IdentityStoreId: string; readonly GroupId: string },
): Promise<Group> => {
  const row = await identityStore.describeGroup(address);
  return groupOf({ row, name: row.DisplayName ?? '' });
};

const lookAtGroup = ({ connection, ids }: Writing, names: readonly string[]): Promise<Group | undefined> => {
  const id = names.map((name) => ids.groups.get(name)).find((one) => one !== undefined);
  return found(id, noGroup, (GroupId) => describeGroup(connection, { IdentityStoreId: ids.identityStoreId, GroupId }));
};

/** `asked: false`: AWS's own answer to the write says what is there, or the writer looks for itself. */
export type Look = { readonly asked: false } | { readonly asked: true; readonly live: Resource | undefined };

const seen = async (look: Promise<Resource | undefined>): Promise<Look> => ({ asked: true, live: await look });

/** What an update or a deletion is about, as it is at this moment. */
export const lookAt = async (writing: Writing, change: Change): Promise<Look> => {
  const [before, subject] = [beforeOf(change), subjectOf(change)];
  if (before === undefined) return { asked: false };
  if (before.kind === 'ou') return seen(lookAtOu(writing, before));
  if (before.kind === 'group' && subject.kind === 'group') {
    return seen(lookAtGroup(writing, [subject.name, before.name]));
  }
  if (before.kind !== 'scp' && before.kind !== 'rcp') return { asked: false };
  return subject.kind === before.kind ? seen(lookAtPolicy(writing, { before, subject })) : { asked: false };
};

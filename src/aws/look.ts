/** One object read again, as cheaply as AWS allows. */
import type { Change } from '../model/plan.ts';
import { beforeOf, subjectOf } from '../model/plan.ts';
import type { ControlPolicy, Group, Ou, Resource } from '../model/resource.ts';
import { controlPolicyKey, isControlPolicy } from '../model/resource.ts';
import type { Connection } from './connection.ts';
import { idIn, pathBefore } from './ids.ts';
import { unless } from './retry.ts';
import { groupOf } from './read-identity-store.ts';
import { readControlPolicy } from './read-policies.ts';
import { organizationTags } from './read-tree.ts';
import { ownershipOf } from './tags.ts';
import type { Writing } from './writing.ts';

type Name = { readonly index: ReadonlyMap<string, string>; readonly names: readonly string[]; readonly kind: string };

/** By the first name that has an id. Throws when none has: it was live when it was read, and only AWS may say that it is gone. */
const idBy = ({ index, names, kind }: Name): string =>
  idIn(index, names.find((name) => index.has(name)) ?? names[0] ?? '', kind);

/** Undefined when AWS says that there is no such thing. */
const found = async <T>(
  id: string,
  absent: readonly string[],
  read: (id: string) => Promise<T>,
): Promise<T | undefined> => {
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

const lookAtOu = ({ connection, ids }: Writing, before: Ou): Promise<Ou | undefined> => {
  const id = idBy({ index: ids.ous, names: [before.path, pathBefore(before)], kind: 'OU' });
  return found(id, noOu, () => readOuById(connection, { path: before.path, id }));
};

type Renamed = { readonly before: ControlPolicy; readonly subject: ControlPolicy };

/** Two calls: DescribePolicy does not tell tags. */
const lookAtPolicy = ({ connection, ids }: Writing, { before, subject }: Renamed) => {
  const names = [controlPolicyKey(subject), controlPolicyKey(before)];
  const id = idBy({ index: ids.policies, names, kind: before.kind.toUpperCase() });
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
  const id = idBy({ index: ids.groups, names, kind: 'group' });
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
  if (!isControlPolicy(before)) return { asked: false };
  return subject.kind === before.kind ? seen(lookAtPolicy(writing, { before, subject })) : { asked: false };
};

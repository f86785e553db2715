/** One object read again, as cheaply as AWS allows. */
import type { Change } from '../model/plan.ts';
import { beforeOf, subjectOf } from '../model/plan.ts';
import type { ControlPolicy, Group, Ou, Resource } from '../model/resource.ts';
import { controlPolicyKey, isControlPolicy } from '../model/resource.ts';
import { attributesNow } from './access-attributes.ts';
import type { AwsConnection } from './connection.ts';
import { idIn, pathBefore } from './ids.ts';
import { unless } from './retry.ts';
import { groupOfRow } from './read-identity-store.ts';
import { readControlPolicy } from './read-policies.ts';
import { organizationTags } from './read-tree.ts';
import { ownershipOf } from './tags.ts';
import type { WriteContext } from './writing.ts';

type IndexedName = {
  readonly index: ReadonlyMap<string, string>;
  readonly names: readonly string[];
  readonly kind: string;
};

/** The id of the first name that has one. Throws when none has: only AWS may say that a resource which was live is gone. */
const idBy = ({ index, names, kind }: IndexedName): string =>
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
  connection: AwsConnection,
  { path, id }: { readonly path: string; readonly id: string },
): Promise<Ou> => {
  const [{ OrganizationalUnit }, tags] = await Promise.all([
    connection.organizations.describeOrganizationalUnit({ OrganizationalUnitId: id }),
    organizationTags(connection, id),
  ]);
  const { owner } = ownershipOf(tags);
  return { kind: 'ou', path, name: OrganizationalUnit?.Name ?? '', ...(owner === undefined ? {} : { owner }) };
};

const lookAtOu = ({ connection, ids }: WriteContext, before: Ou): Promise<Ou | undefined> => {
  const id = idBy({ index: ids.ous, names: [before.path, pathBefore(before)], kind: 'OU' });
  return found(id, noOu, () => readOuById(connection, { path: before.path, id }));
};

type RenamedPolicy = { readonly before: ControlPolicy; readonly subject: ControlPolicy };

/** Two calls: DescribePolicy does not tell tags. */
const lookAtPolicy = ({ connection, ids }: WriteContext, { before, subject }: RenamedPolicy) => {
  const names = [controlPolicyKey(subject), controlPolicyKey(before)];
  const id = idBy({ index: ids.policies, names, kind: before.kind.toUpperCase() });
  return found(id, noPolicy, (one) => readControlPolicy(connection, { kind: before.kind, id: one }));
};

export const describeGroup = async (
  { identityStore }: AwsConnection,
  address: { readonly IdentityStoreId: string; readonly GroupId: string },
): Promise<Group> => {
  const row = await identityStore.describeGroup(address);
  return groupOfRow({ row, name: row.DisplayName ?? '' });
};

const lookAtGroup = ({ connection, ids }: WriteContext, names: readonly string[]): Promise<Group | undefined> => {
  const id = idBy({ index: ids.groups, names, kind: 'group' });
  return found(id, noGroup, (GroupId) => describeGroup(connection, { IdentityStoreId: ids.identityStoreId, GroupId }));
};

const lookAtAttributes = async ({ connection, ids }: WriteContext): Promise<Resource | undefined> =>
  (await attributesNow(connection, ids.instanceArn))[0];

/** `asked: false`: nothing was read, because the answer to the write tells the state, or the writer reads it itself. */
export type LiveLook = { readonly asked: false } | { readonly asked: true; readonly live: Resource | undefined };

const seen = async (look: Promise<Resource | undefined>): Promise<LiveLook> => ({ asked: true, live: await look });

/** What an update or a deletion is about, as it is at this moment. */
export const lookAtAws = async (writing: WriteContext, change: Change): Promise<LiveLook> => {
  const [before, subject] = [beforeOf(change), subjectOf(change)];
  if (before === undefined) return { asked: false };
  if (before.kind === 'ou') return seen(lookAtOu(writing, before));
  if (before.kind === 'group' && subject.kind === 'group') {
    return seen(lookAtGroup(writing, [subject.name, before.name]));
  }
  if (before.kind === 'access-attributes') return seen(lookAtAttributes(writing));
  if (!isControlPolicy(before)) return { asked: false };
  return subject.kind === before.kind ? seen(lookAtPolicy(writing, { before, subject })) : { asked: false };
};

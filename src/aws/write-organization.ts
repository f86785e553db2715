/** Writes to the tree: policy types, OUs, account moves. */
import { parentPath } from '../model/resource.ts';
import type { Account, Ou, PolicyType } from '../model/resource.ts';
import { idIn, pathBefore } from './ids.ts';
import { readOuById } from './look.ts';
import { movedError, requireSame } from './moved.ts';
import { createdOrFound, unless } from './retry.ts';
import { childOus, parentOf, readRoot } from './read-tree.ts';
import { tagList, ownershipTags, tagEdit } from './tags.ts';
import type { TagMap } from './tags.ts';
import type { WriteContext } from './writing.ts';

export const editTags = async ({ connection }: WriteContext, ResourceId: string, edit: readonly [TagMap, TagMap]) => {
  const { set, remove } = tagEdit(...edit);
  const { organizations } = connection;
  if (Object.keys(set).length > 0) await organizations.tagResource({ ResourceId, Tags: tagList(set) });
  if (remove.length > 0) await organizations.untagResource({ ResourceId, TagKeys: [...remove] });
};

/** Milliseconds. */
const enabling = { pollEvery: 2_000, atMost: 10 * 60_000 };

/** Enabling is asynchronous: the root says when it is done (EnablePolicyType). */
const awaitEnabled = async ({ connection }: WriteContext, type: string): Promise<void> => {
  const { clock } = connection;
  const until = clock.now() + enabling.atMost;
  for (;;) {
    const { PolicyTypes = [] } = await readRoot(connection);
    if (PolicyTypes.some(({ Type, Status }) => Type === type && Status === 'ENABLED')) return;
    if (clock.now() > until) throw new Error(`policy type ${type} is still not enabled after 10 minutes`);
    await clock.sleep(enabling.pollEvery);
  }
};

export const enablePolicyType = async (writing: WriteContext, { type }: PolicyType): Promise<void> => {
  await unless(['PolicyTypeAlreadyEnabledException'], () =>
    writing.connection.organizations.enablePolicyType({ RootId: writing.ids.rootId, PolicyType: type }),
  );
  await awaitEnabled(writing, type);
};

export const createOu = async (writing: WriteContext, ou: Ou): Promise<void> => {
  const { connection, ids } = writing;
  const ParentId = idIn(ids.ous, parentPath(ou.path), 'OU');
  const tags = ownershipTags(ou);
  const { id, fresh } = await createdOrFound({
    duplicate: 'DuplicateOrganizationalUnitException',
    create: async () => {
      const input = { ParentId, Name: ou.name, Tags: tagList(tags) };
      return (await connection.organizations.createOrganizationalUnit(input)).OrganizationalUnit?.Id;
    },
    find: async () => (await childOus(connection, ParentId)).find(({ Name }) => Name === ou.name)?.Id,
  });
  if (!fresh) requireSame(await readOuById(connection, { path: ou.path, id }), ou);
  ids.ous.set(ou.path, id);
};

/** A renamed OU comes under its new path with its old name in `before`. */
export const updateOu = async (writing: WriteContext, before: Ou, after: Ou): Promise<void> => {
  const { connection, ids } = writing;
  const old = ids.ous.has(after.path) ? after.path : pathBefore(before);
  const OrganizationalUnitId = idIn(ids.ous, old, 'OU');
  if (before.name !== after.name) {
    await connection.organizations.updateOrganizationalUnit({ OrganizationalUnitId, Name: after.name });
  }
  await editTags(writing, OrganizationalUnitId, [ownershipTags(before), ownershipTags(after)]);
};

export const deleteOu = ({ connection, ids }: WriteContext, ou: Ou): Promise<void> =>
  unless(['OrganizationalUnitNotFoundException'], () =>
    connection.organizations.deleteOrganizationalUnit({ OrganizationalUnitId: idIn(ids.ous, ou.path, 'OU') }),
  );

/** The source is asked for: an account that somebody else moved is left where it is. */
export const moveAccount = async (
  { connection, ids }: WriteContext,
  before: Account,
  after: Account,
): Promise<void> => {
  const AccountId = idIn(ids.accounts, after.name, 'account');
  const DestinationParentId = idIn(ids.ous, after.parent, 'OU');
  const SourceParentId = await parentOf(connection, AccountId);
  if (SourceParentId === DestinationParentId) return;
  // An OU that is renamed in this plan may not have its new path yet.
  const known = ids.ous.get(before.parent);
  if (known !== undefined && known !== SourceParentId) throw movedError(['parent']);
  // It says so too when the answer to a move was lost and the move is asked for again.
  await unless(['DuplicateAccountException'], () =>
    connection.organizations.moveAccount({ AccountId, SourceParentId, DestinationParentId }),
  );
};

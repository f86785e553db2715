/** What the imitated identity store remembers. Times are milliseconds since the epoch. */

export type ExternalId = { readonly Issuer: string; readonly Id: string };

export type RecordStamps = {
  readonly createdAt: number;
  readonly createdBy: string;
  updatedAt: number;
  updatedBy: string;
};

export type DirectoryGroup = RecordStamps & {
  readonly groupId: string;
  displayName: string | null;
  description: string | null;
  /** Written by the corporate directory's synchronization; no call of this API sets it. */
  readonly externalIds: readonly ExternalId[];
};

/** `attributes` are the members of AWS's User besides its ids, name and stamps, as they were given. */
export type DirectoryUser = RecordStamps & {
  readonly userId: string;
  userName: string | null;
  attributes: Readonly<Record<string, unknown>>;
  readonly externalIds: readonly ExternalId[];
};

export type DirectoryMembership = RecordStamps & {
  readonly membershipId: string;
  readonly groupId: string;
  readonly userId: string;
};

export type IdentityStoreState = {
  /** Empty while there is no instance of Identity Center. */
  identityStoreId: string;
  groups: Record<string, DirectoryGroup>;
  users: Record<string, DirectoryUser>;
  memberships: Record<string, DirectoryMembership>;
};

/** An identity store without users and groups. */
export const emptyIdentityStore = (identityStoreId: string): IdentityStoreState => ({
  identityStoreId,
  groups: {},
  users: {},
  memberships: {},
});

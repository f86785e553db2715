/** Writes of entitlements: they cannot be edited, so that one is there or it is not. */
import type { Entitlement } from '../model/resource.ts';
import type { AccountAccess, EntitledPrincipal, EntitlementRow, PrincipalRole } from './account-access-client.ts';
import { isNamed, failureOf } from './failures.ts';
import { idIn, principalId } from './ids.ts';
import { entitlementRows } from './read-entitlements.ts';
import { patiently } from './retry.ts';
import type { WriteContext } from './writing.ts';

type EntitlementAddress = {
  readonly access: AccountAccess;
  readonly applicationArn: string;
  readonly principalRole: PrincipalRole;
};

const addressOf = async (
  { connection, ids }: WriteContext,
  { principal, role, account }: Entitlement,
): Promise<EntitlementAddress> => {
  if (ids.accountAccess === undefined) throw new Error('account access manager has no application in AWS');
  const id = principalId(ids, principal);
  const identityCenter: EntitledPrincipal['identityCenter'] =
    principal.type === 'group' ? { groupId: id } : { userId: id };
  return {
    access: await connection.accountAccess(),
    applicationArn: ids.accountAccess,
    principalRole: {
      principal: { identityCenter },
      roleArn: `arn:aws:iam::${idIn(ids.accounts, account, 'account')}:role/${role}`,
    },
  };
};

/** Of the very principal on the very role: one, unless a create was carried out twice. */
const rowsOf = ({ access, applicationArn, principalRole }: EntitlementAddress): Promise<readonly EntitlementRow[]> =>
  entitlementRows(access, applicationArn, principalRole);

/** It has no client token: what an interrupted run made is found by looking, and not made again. */
export const createEntitlement = (writing: WriteContext, entitlement: Entitlement): Promise<void> =>
  writing.entitlementSlots.run(async () => {
    writing.begin();
    const address = await addressOf(writing, entitlement);
    if ((await rowsOf(address)).length > 0) return;
    const { access, applicationArn, principalRole } = address;
    await patiently(
      writing.connection.clock,
      () => access.createEntitlement({ applicationArn, entitlement: { principalRole } }),
      async () => (await rowsOf(address)).length > 0,
    );
  });

/** AWS says so in two ways; terraform-provider-aws knows both. */
const isGone = (thrown: unknown): boolean =>
  isNamed(thrown, 'ResourceNotFoundException') ||
  (isNamed(thrown, 'ValidationException') && /entitlement not found/i.test(failureOf(thrown).message));

export const deleteEntitlement = (writing: WriteContext, entitlement: Entitlement): Promise<void> =>
  writing.entitlementSlots.run(async () => {
    writing.begin();
    const address = await addressOf(writing, entitlement);
    const { access, applicationArn } = address;
    for (const { entitlementId } of await rowsOf(address)) {
      await patiently(writing.connection.clock, () =>
        access.deleteEntitlement({ applicationArn, entitlementId }),
      ).catch((thrown: unknown) => {
        if (!isGone(thrown)) throw thrown;
      });
    }
  });

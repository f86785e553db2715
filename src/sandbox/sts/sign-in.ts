/** Somebody signs in to the console through Identity Center: the session that the access portal would open. */
import { uniqueId, type IamRole } from '../iam/state.ts';
import type { World } from '../world.ts';

type Person = {
  readonly account: string;
  readonly permissionSet: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

const reservedRole = (world: World, { account, permissionSet }: Person): IamRole | undefined => {
  const set = Object.values(world.sso.permissionSets).find(({ name }) => name === permissionSet);
  const provisioned = world.sso.provisioned.find(
    ({ permissionSetArn, accountId }) => permissionSetArn === set?.arn && accountId === account,
  );
  return Object.values(world.iam[account]?.roles ?? {}).find(({ RoleName }) => RoleName === provisioned?.roleName);
};

/** The name of the first user who holds the permission set in the account. */
const holder = (world: World, { account, permissionSet }: Person): string | undefined => {
  const { memberships, users } = world.identityStore;
  const ids = world.sso.assignments
    .filter(({ accountId, permissionSetArn }) => {
      return accountId === account && world.sso.permissionSets[permissionSetArn]?.name === permissionSet;
    })
    .flatMap(({ principalType, principalId }) => {
      if (principalType === 'USER') return [principalId];
      return Object.values(memberships).flatMap(({ groupId, userId }) => (groupId === principalId ? [userId] : []));
    });
  return ids.flatMap((id) => users[id]?.userName ?? [])[0];
};

/** The access key id of an hour's session; undefined when nobody holds that permission set there. */
export const signIn = (world: World, person: Person): string | undefined => {
  const role = reservedRole(world, person);
  const userName = holder(world, person);
  if (role === undefined || userName === undefined) return undefined;
  const key = uniqueId(world.ids, 'ASIA');
  world.sessions[key] = {
    account: person.account,
    principalArn: `arn:aws:sts::${person.account}:assumed-role/${role.RoleName}/${userName}`,
    roleArn: role.Arn,
    userId: `${role.RoleId}:${userName}`,
    expiresAt: person.now + 3_600_000,
    console: true,
  };
  return key;
};

/** Somebody signs in to the console through Identity Center: the session that the access portal would open. */
import { isDeniedByRcp } from './resource-control.ts';
import type { IamRole } from '../iam/state.ts';
import { uniqueId } from '../iam/state.ts';
import type { SandboxWorld } from '../world.ts';

type SignInUser = {
  readonly account: string;
  readonly permissionSet: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

const reservedRole = (world: SandboxWorld, { account, permissionSet }: SignInUser): IamRole | undefined => {
  const set = Object.values(world.sso.permissionSets).find(({ name }) => name === permissionSet);
  const provisioned = world.sso.provisioned.find(
    ({ permissionSetArn, accountId }) => permissionSetArn === set?.arn && accountId === account,
  );
  return Object.values(world.iam[account]?.roles ?? {}).find(({ RoleName }) => RoleName === provisioned?.roleName);
};

/** The name of the first user who holds the permission set in the account. */
const holder = (world: SandboxWorld, { account, permissionSet }: SignInUser): string | undefined => {
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

/** The portal sends what Identity Center asserts: the call has no caller of an account behind it. */
const isRefused = (world: SandboxWorld, { account, now }: SignInUser, { Arn: roleArn }: IamRole): boolean =>
  isDeniedByRcp(world, {
    account,
    roleArn,
    action: 'sts:AssumeRoleWithSAML',
    facts: {
      'aws:currenttime': new Date(now).toISOString(),
      'aws:principalisawsservice': 'false',
      'aws:resourceaccount': account,
      'aws:securetransport': 'true',
      'aws:viaawsservice': 'false',
      'saml:aud': 'https://signin.aws.amazon.com/saml',
    },
    now,
  });

/** The access key id of an hour's session; undefined when nobody holds that permission set there, or an RCP denies it. */
export const signIn = (world: SandboxWorld, person: SignInUser): string | undefined => {
  const role = reservedRole(world, person);
  const userName = holder(world, person);
  if (role === undefined || userName === undefined || isRefused(world, person, role)) return undefined;
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

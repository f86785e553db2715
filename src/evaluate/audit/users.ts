/** Rules on the root user, IAM users and their credentials. */
import type { AccountFacts, AuditKey, AuditUser } from '../../model/audit.ts';
import { daysSince, iamGuidePage, isOlder, MAX_AGE_DAYS } from './rule.ts';
import type { AccountRule, Hit } from './rule.ts';

const eachUser =
  (find: (user: AuditUser, now: string) => string | undefined): AccountRule['find'] =>
  ({ users = [] }, { now }) =>
    users.flatMap((user): readonly Hit[] => {
      const read = find(user, now);
      return read === undefined ? [] : [{ subject: `user ${user.name}`, read }];
    });

const eachKey =
  (find: (key: AuditKey, now: string) => string | undefined): AccountRule['find'] =>
  ({ users = [] }, { now }) =>
    users.flatMap((user) =>
      user.keys.flatMap((key): readonly Hit[] => {
        const read = key.active ? find(key, now) : undefined;
        return read === undefined ? [] : [{ subject: `user ${user.name}, access key ${key.number}`, read }];
      }),
    );

const rootHit = ({ root }: AccountFacts, holds: (root: NonNullable<AccountFacts['root']>) => boolean, read: string) =>
  root !== undefined && holds(root) ? [{ subject: 'root user', read }] : [];

/** A user that is kept for emergencies says so in its name. */
const isBreakGlass = (name: string): boolean => /break-?glass/i.test(name);

const days = (date: string | undefined, now: string): string => `${daysSince(date, now) ?? 0} days ago`;

const credentialsOf = ({ password, mfa, keys }: AuditUser): readonly string[] => {
  const active = keys.filter((key) => key.active).length;
  return [
    ...(password === undefined ? [] : [`a console password ${mfa ? 'with' : 'without'} MFA`]),
    ...(active === 0 ? [] : [active === 1 ? 'an active access key' : `${active} active access keys`]),
  ];
};

/** Who cannot sign in is no administrator yet; of those that are kept for emergencies only an access key is odd. */
const administratorHits: AccountRule['find'] = ({ account, users = [] }, { administrators }) =>
  users.flatMap((user): readonly Hit[] => {
    const found = administrators.find(
      (one) => one.kind === 'user' && one.account === account && one.name === user.name,
    );
    const credentials = credentialsOf(user);
    const isMeant = isBreakGlass(user.name) && !user.keys.some(({ active }) => active);
    if (found === undefined || credentials.length === 0 || isMeant) return [];
    return [{ subject: `user ${user.name}`, read: `${credentials.join(' and ')}; by ${found.by.join(', ')}` }];
  });

export const userRules: readonly AccountRule[] = [
  {
    id: 'root-access-key',
    of: 'account',
    severity: 'critical',
    explanation: 'The root user has an access key: a password for everything, without MFA and without limits.',
    todo: 'Delete the access key, or remove root credentials centrally from the management account.',
    link: iamGuidePage('id_root-user_manage_delete-key'),
    find: (account) => rootHit(account, ({ accessKeys }) => accessKeys, 'the account summary counts root access keys'),
  },
  {
    id: 'root-without-mfa',
    of: 'account',
    severity: 'critical',
    explanation: 'The root user has a password and no MFA device. Without any credentials it passes.',
    todo: 'Enable MFA for the root user, or remove its credentials centrally from the management account.',
    link: iamGuidePage('enable-mfa-for-root'),
    find: (account) => rootHit(account, ({ password, mfa }) => password && !mfa, 'a password and no MFA device'),
  },
  {
    id: 'user-without-mfa',
    of: 'account',
    severity: 'high',
    explanation: 'An IAM user signs in to the console without MFA.',
    todo: 'Register an MFA device, or delete the password: people come through Identity Center.',
    link: iamGuidePage('id_credentials_mfa_enable'),
    find: eachUser(({ password, mfa }) => (password && !mfa ? 'a console password and no MFA device' : undefined)),
  },
  {
    id: 'user-administrator',
    of: 'account',
    severity: 'high',
    explanation:
      'An IAM user who can sign in may give himself everything in the account, past every group and approval.',
    todo: 'Take the policies away, or delete the user: administrators come through Identity Center.',
    link: iamGuidePage('best-practices'),
    find: administratorHits,
  },
  {
    id: 'user-key-old',
    of: 'account',
    severity: 'medium',
    explanation: `An active access key is older than ${MAX_AGE_DAYS} days.`,
    todo: 'Rotate the key, or better: delete it and use a role.',
    link: iamGuidePage('id_credentials_access-keys'),
    find: eachKey(({ rotated }, now) => (isOlder(rotated, now) ? `made or rotated ${days(rotated, now)}` : undefined)),
  },
  {
    id: 'user-key-unused',
    of: 'account',
    severity: 'medium',
    explanation: 'An active access key was never used.',
    todo: 'Delete the key.',
    link: iamGuidePage('getting-report-aws-access'),
    find: eachKey(({ lastUsed }) => (lastUsed === undefined ? 'active and never used' : undefined)),
  },
  {
    id: 'user-password-old',
    of: 'account',
    severity: 'medium',
    explanation: `A console password is older than ${MAX_AGE_DAYS} days.`,
    todo: 'Change the password, or delete it: people come through Identity Center.',
    link: iamGuidePage('id_credentials_passwords_admin-change-user'),
    find: eachUser(({ password }, now) =>
      isOlder(password?.changed, now) ? `changed ${days(password?.changed, now)}` : undefined,
    ),
  },
  {
    id: 'user-password-unused',
    of: 'account',
    severity: 'low',
    explanation: 'A console password was never used.',
    todo: 'Delete the password.',
    link: iamGuidePage('getting-report-aws-access'),
    find: eachUser(({ password }) =>
      password !== undefined && password.lastUsed === undefined ? 'no sign-in is recorded' : undefined,
    ),
  },
  {
    id: 'iam-user',
    of: 'account',
    severity: 'medium',
    explanation: 'An IAM user that is not for breaking glass, as far as its name says.',
    todo: 'Give people Identity Center and programs a role; keep users for emergencies alone.',
    link: iamGuidePage('best-practices'),
    find: eachUser(({ name, created }, now) => (isBreakGlass(name) ? undefined : `created ${days(created, now)}`)),
  },
];

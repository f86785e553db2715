/** Sessions outlive what they were opened with: how long, at most, after each revocation of a plan. */
import type { Change, Note } from '../../model/plan.ts';
import { beforeOf } from '../../model/plan.ts';
import type { Assignment, Entitlement, Grant, Membership, Principal, State } from '../../model/resource.ts';
import { entitledRoleKey, grantsOf, permissionSetKey } from '../../model/resource.ts';
import { partedFrom } from '../edit/trust-effect.ts';

const secondsIn = { hour: 3600, minute: 60 };

const lengthText = (seconds: number): string => {
  const hours = Math.floor(seconds / secondsIn.hour);
  const minutes = Math.ceil((seconds % secondsIn.hour) / secondsIn.minute);
  return [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''].filter(Boolean).join(' ');
};

/**
 * Credentials of a role are good until they expire, whatever becomes of the assignment (IAM User Guide, temporary security
 * credentials), and they last as long as the set said when the session was opened.
 */
const durationOf = (states: readonly State[], permissionSet: string): number =>
  Math.max(
    0,
    ...states.map((state) => {
      const set = state[permissionSetKey(permissionSet)];
      return set?.kind === 'permission-set' ? set.sessionDuration : 0;
    }),
  );

/** The same of a role that somebody was put on itself; nothing where the role goes as well. */
const roleDurationOf = (states: readonly State[], entitlement: Entitlement): number => {
  const roles = states.map((state) => state[entitledRoleKey(entitlement)]);
  if (roles.at(-1) === undefined) return 0;
  return Math.max(0, ...roles.map((role) => (role?.kind === 'role' ? role.maxSessionDuration : 0)));
};

const durationOfGrant = (states: readonly State[], grant: Grant): number =>
  grant.kind === 'assignment' ? durationOf(states, grant.permissionSet) : roleDurationOf(states, grant);

const noteOf = (what: string, seconds: number): readonly Note[] =>
  seconds === 0
    ? []
    : [{ message: `${what}: a session may live ${lengthText(seconds)} longer; docs/sessions.md says how to cut it` }];

const byText = <T>(items: readonly T[], text: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, readonly T[]>();
  for (const item of items) groups.set(text(item), [...(groups.get(text(item)) ?? []), item]);
  return groups;
};

/** A dead principal has nobody who could have a session. */
const isAlive = ({ principal }: Grant): boolean => principal.orphan !== true;
const nameOf = ({ type, name }: Principal): string => `${type}:${name}`;

const ofAssignments = (states: readonly State[], revoked: readonly Assignment[]): readonly Note[] =>
  [...byText(revoked.filter(isAlive), (one) => `${nameOf(one.principal)} loses ${one.permissionSet}`)].flatMap(
    ([what, all]) => {
      const accounts = all.map(({ account }) => account).sort();
      return noteOf(`${what} in ${accounts.join(', ')}`, durationOf(states, all[0]?.permissionSet ?? ''));
    },
  );

/** A role may last otherwise in each account. */
const ofEntitlements = (states: readonly State[], revoked: readonly Entitlement[]): readonly Note[] =>
  [...byText(revoked.filter(isAlive), (one) => `${nameOf(one.principal)} loses role ${one.role}`)].flatMap(
    ([what, all]) => {
      const lasting = all.filter((one) => roleDurationOf(states, one) > 0);
      const accounts = lasting.map(({ account }) => account).sort();
      return noteOf(
        `${what} in ${accounts.join(', ')}`,
        Math.max(0, ...lasting.map((one) => roleDurationOf(states, one))),
      );
    },
  );

const ofMemberships = (states: readonly State[], ended: readonly Membership[]): readonly Note[] =>
  [...byText(ended, ({ group }) => group)].flatMap(([group, all]) => {
    const grants = states.flatMap((state) =>
      grantsOf(state).filter(({ principal }) => principal.type === 'group' && principal.name === group),
    );
    const users = all.map(({ user }) => user).sort();
    const longest = Math.max(0, ...new Set(grants.map((grant) => durationOfGrant(states, grant))));
    return noteOf(`${users.join(', ')} ${users.length === 1 ? 'leaves' : 'leave'} ${group}`, longest);
  });

/**
 * Of a deleted role nothing is said: what its open sessions may do is looked up in its policies, which have gone with it (IAM
 * User Guide, "Disabling permissions for temporary security credentials").
 */
const ofRoles = (changes: readonly Change[]): readonly Note[] =>
  changes.flatMap((change) => {
    if (change.action !== 'update' || change.before.kind !== 'role' || change.after.kind !== 'role') return [];
    const parted = partedFrom(change.before, change.after);
    return parted.length === 0
      ? []
      : noteOf(`${change.key} trusts ${parted.join(', ')} no longer, or less`, change.before.maxSessionDuration);
  });

/** `states`: before and after the plan, since sessions are opened until it is applied. */
export const sessionTails = (states: readonly State[], changes: readonly Change[]): readonly Note[] => {
  const gone = changes.filter(({ action }) => action === 'delete').map(beforeOf);
  return [
    ...ofAssignments(
      states,
      gone.flatMap((one) => (one?.kind === 'assignment' ? [one] : [])),
    ),
    ...ofEntitlements(
      states,
      gone.flatMap((one) => (one?.kind === 'entitlement' ? [one] : [])),
    ),
    ...ofMemberships(
      states,
      gone.flatMap((one) => (one?.kind === 'membership' ? [one] : [])),
    ),
    ...ofRoles(changes),
  ];
};

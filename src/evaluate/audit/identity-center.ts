/** Rules on Identity Center: what is there for nobody, or for somebody twice. */
import type { AuditContext, AuditFacts } from '../../model/audit.ts';
import { isEntitling } from '../../model/entitled-role.ts';
import type { Assignment, Entitlement } from '../../model/resource.ts';
import { keyOf, resourcesOf } from '../../model/resource.ts';
import { iamGuidePage, identityCenterPage } from './rule.ts';
import type { Hit, OrganizationRule } from './rule.ts';

/** Seconds; what SecureCart's longest set has, a working day. */
const longestSession = 8 * 3600;

const assignmentsOf = ({ live }: AuditFacts): readonly Assignment[] => resourcesOf(live.state, 'assignment');

const membersOf = ({ live }: AuditFacts): ReadonlyMap<string, ReadonlySet<string>> => {
  const members = new Map<string, Set<string>>();
  for (const { group, user } of resourcesOf(live.state, 'membership'))
    members.set(group, (members.get(group) ?? new Set<string>()).add(user));
  return members;
};

const holders = ({ principal }: Assignment, members: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] =>
  principal.type === 'user' ? [principal.name] : [...(members.get(principal.name) ?? [])];

const by = ({ principal }: Assignment): string => `${principal.type} ${principal.name}`;

/** The same person holds the same set in the same account in more ways than one. */
const duplicates = (facts: AuditFacts): readonly Hit[] => {
  const members = membersOf(facts);
  const ways = new Map<string, string[]>();
  for (const assignment of assignmentsOf(facts))
    for (const user of holders(assignment, members)) {
      const what = `${user}: ${assignment.permissionSet} in ${assignment.account}`;
      ways.set(what, [...(ways.get(what) ?? []), by(assignment)]);
    }
  return [...ways].flatMap(([subject, all]) =>
    all.length > 1 ? [{ subject, read: `by ${all.toSorted().join(' and ')}` }] : [],
  );
};

const unassigned = (facts: AuditFacts): readonly Hit[] => {
  const used = new Set(assignmentsOf(facts).map(({ permissionSet }) => permissionSet));
  return resourcesOf(facts.live.state, 'permission-set')
    .filter(({ name }) => !used.has(name))
    .map(({ name }) => ({ subject: `permission set ${name}`, read: 'no assignment' }));
};

const empty = (facts: AuditFacts): readonly Hit[] => {
  const members = membersOf(facts);
  return resourcesOf(facts.live.state, 'group')
    .filter(({ name }) => !members.has(name))
    .map(({ name }) => ({ subject: `group ${name}`, read: 'no member' }));
};

/** "The delegated administrator can edit group membership" ("Delegated administration", IAM Identity Center). */
const reachesManagement = (facts: AuditFacts, management: string): readonly Hit[] => {
  const delegates = facts.delegates.filter((name) => name !== management);
  if (delegates.length === 0) return [];
  const there = assignmentsOf(facts).filter(
    ({ account, principal }) => account === management && principal.type === 'group',
  );
  const groups = [...new Set(there.map(({ principal }) => principal.name))].toSorted();
  return groups.map((name) => ({
    subject: `group ${name}`,
    read: `it holds access in ${management}, and ${delegates.join(', ')} may edit its members`,
  }));
};

const entitlementHit = ({ principal, role, account }: Entitlement, read: string): Hit => ({
  subject: `${principal.type} ${principal.name}`,
  read: `${read}: role ${role} in ${account}${principal.orphan === true ? `; the ${principal.type} is gone` : ''}`,
});

const undeclaredEntitlements = ({ live }: AuditFacts, { declared }: AuditContext): readonly Hit[] =>
  resourcesOf(live.state, 'entitlement')
    .filter((one) => !declared.has(keyOf(one)))
    .map((one) => entitlementHit(one, 'no file gives it'));

/** In accounts whose roles were read, all of them. */
const idleEntitlements = ({ live, accounts }: AuditFacts): readonly Hit[] => {
  const read = new Map(accounts.map(({ account, roles }) => [account, roles]));
  return resourcesOf(live.state, 'entitlement').flatMap((one): readonly Hit[] => {
    const roles = read.get(one.account);
    if (roles === undefined) return [];
    const role = roles.find(({ name, path }) => `${path.slice(1)}${name}` === one.role);
    if (role === undefined) return [entitlementHit(one, 'there is no such role')];
    return isEntitling(role.trust) ? [] : [entitlementHit(one, 'its trust lets account access manager in no more')];
  });
};

export const identityCenterRules: readonly OrganizationRule[] = [
  {
    id: 'permission-set-unassigned',
    of: 'organization',
    severity: 'low',
    explanation: 'Nobody is assigned the permission set.',
    todo: 'Delete the set, or assign it.',
    link: identityCenterPage('permissionsets'),
    find: unassigned,
  },
  {
    id: 'group-empty',
    of: 'organization',
    severity: 'low',
    explanation: 'The group has no member.',
    todo: 'Delete the group, or give it members.',
    link: identityCenterPage('users-groups-provisioning'),
    find: empty,
  },
  {
    id: 'user-assigned',
    of: 'organization',
    severity: 'medium',
    explanation: 'A user is assigned directly: who leaves a group keeps it.',
    todo: 'Assign a group instead.',
    link: identityCenterPage('assignusers'),
    find: (facts) =>
      assignmentsOf(facts)
        .filter(({ principal }) => principal.type === 'user')
        .map(({ principal, permissionSet, account }) => ({
          subject: `user ${principal.name}`,
          read: `${permissionSet} in ${account}${principal.orphan === true ? '; the user is gone' : ''}`,
        })),
  },
  {
    id: 'session-long',
    of: 'organization',
    severity: 'medium',
    explanation: `A session of the permission set lasts longer than ${longestSession / 3600} hours.`,
    todo: 'Shorten sessionDuration.',
    link: identityCenterPage('howtosessionduration'),
    find: ({ live }) =>
      resourcesOf(live.state, 'permission-set')
        .filter(({ sessionDuration }) => sessionDuration > longestSession)
        .map(({ name, sessionDuration }) => ({
          subject: `permission set ${name}`,
          read: `${Math.round(sessionDuration / 360) / 10} hours`,
        })),
  },
  {
    id: 'assignment-duplicate',
    of: 'organization',
    severity: 'low',
    explanation: 'Somebody holds the same permission set in the same account twice: taking one away takes nothing.',
    todo: 'Keep one way, best the group.',
    link: identityCenterPage('assignusers'),
    find: duplicates,
  },
  {
    id: 'entitlement-undeclared',
    of: 'organization',
    severity: 'medium',
    explanation:
      'Account access manager puts somebody on a role, and no file says so: no permission set and no assignment shows this access.',
    todo: 'Adopt it, which writes an entry with role: into access/groups, or delete the entitlement.',
    link: iamGuidePage('account-access-manager'),
    find: undeclaredEntitlements,
  },
  {
    id: 'entitlement-idle',
    of: 'organization',
    severity: 'low',
    explanation: 'Account access manager puts somebody on a role that is not there, or whose trust does not let it in.',
    todo: 'Delete the entitlement, or give the role the trust that it needs.',
    link: iamGuidePage('aam-prepare-roles'),
    find: idleEntitlements,
  },
  {
    id: 'delegate-reaches-management',
    of: 'organization',
    severity: 'high',
    explanation:
      'The delegated administrator of Identity Center may put itself into a group that reaches the management account.',
    todo: 'Let no group that can be edited hold access in the management account, or take the delegation back.',
    link: identityCenterPage('delegated-admin'),
    find: (facts, { managementAccount }) => reachesManagement(facts, managementAccount),
  },
];

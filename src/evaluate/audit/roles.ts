/** Rules on the roles and customer managed policies that are in an account. */
import type { AccountFacts, AuditContext, AuditFacts, AuditRole } from '../../model/audit.ts';
import type { Statement } from '../../model/policy.ts';
import { statements } from '../../model/policy.ts';
import { customerPolicyKey, resourcesOf, roleKey } from '../../model/resource.ts';
import { anybodyIn, isOpenToAnybody, strangersIn, thirdPartiesIn } from '../trust/judge.ts';
import type { OurOrganization } from '../trust/judge.ts';
import { namesIn } from '../trust/principals.ts';
import { pathsIn } from './grants.ts';
import { daysSince, iamGuidePage, isOlder, MAX_AGE_DAYS } from './rule.ts';
import type { AccountRule, Hit } from './rule.ts';

const organizationRole = 'OrganizationAccountAccessRole';

/** Ways in that are there for the day on which they are needed. */
const isWayIn = ({ name }: AuditRole, { memberRole }: AuditContext): boolean =>
  name === organizationRole || name === memberRole;

const unused = (role: AuditRole, now: string): string | undefined => {
  if (!isOlder(role.created, now)) return undefined;
  if (role.lastUsed === undefined)
    return `never assumed since it was made ${daysSince(role.created, now) ?? 0} days ago`;
  return isOlder(role.lastUsed, now) ? `last assumed ${daysSince(role.lastUsed, now) ?? 0} days ago` : undefined;
};

const awsPrincipals = ({ Principal }: Statement): readonly string[] =>
  namesIn(Principal).flatMap(([type, name]) => (type === 'AWS' ? [name] : []));

const oursIn = ({ live }: AuditFacts, { owner }: AuditContext): OurOrganization => ({
  accounts: new Set([live.managementAccountId, ...resourcesOf(live.state, 'account').map(({ id }) => id)]),
  organization: live.organization,
  owner,
});

const letting = (role: AuditRole): readonly Statement[] =>
  statements(role.trust).filter(({ Effect }) => Effect === 'Allow');

const hasExternalId = ({ Condition = {} }: Statement): boolean =>
  Object.values(Condition).some((block) => Object.keys(block).some((key) => key.toLowerCase() === 'sts:externalid'));

const withId = (statement: Statement, who: readonly string[]): readonly string[] =>
  hasExternalId(statement) ? who.map((one) => `${one} with an external id`) : who;

const anybody = (role: AuditRole): readonly string[] =>
  letting(role).flatMap((statement) => withId(statement, anybodyIn(statement)));

const thirdParties = (role: AuditRole, ours: OurOrganization): readonly string[] =>
  letting(role)
    .flatMap((statement) => thirdPartiesIn(statement, ours))
    .map((who) => `${who} without an external id`);

/** By name, but for those whom another rule says. */
const outsiders = (role: AuditRole, ours: OurOrganization, saidIn: typeof thirdPartiesIn): readonly string[] =>
  letting(role).flatMap((statement) => {
    if (isOpenToAnybody(statement)) return [];
    const said = saidIn(statement, ours);
    return withId(
      statement,
      strangersIn(statement, ours).filter((who) => !said.includes(who)),
    );
  });

const isAdministrator = ({ name }: AuditRole, { account }: AccountFacts, { administrators }: AuditContext): boolean =>
  administrators.some((one) => one.kind === 'role' && one.account === account && one.name === name);

/** Principals that IAM shows by unique id are gone (IAM User Guide, "AWS JSON policy elements: Principal"). */
const dead = ({ trust }: AuditRole): readonly string[] =>
  statements(trust)
    .flatMap(awsPrincipals)
    .filter((principal) => /^A(ROA|IDA)[A-Z0-9]+$/.test(principal));

type RoleAuditInput = readonly [AccountFacts, AuditContext, AuditFacts];

const eachRole =
  (find: (role: AuditRole, ...reading: RoleAuditInput) => string | undefined): AccountRule['find'] =>
  (...reading) => {
    const [{ roles = [] }] = reading;
    return roles.flatMap((role): readonly Hit[] => {
      const read = find(role, ...reading);
      return read === undefined ? [] : [{ subject: `role ${role.path}${role.name}`, read }];
    });
  };

const some = (texts: readonly string[], words: string): string | undefined =>
  texts.length === 0 ? undefined : `${words} ${[...new Set(texts)].join(', ')}`;

const mostPaths = 3;

const pathsText = (paths: readonly string[]): string => {
  const rest = paths.length - mostPaths;
  return `${paths.slice(0, mostPaths).join(', ')}${rest > 0 ? ` and ${rest} more ways` : ''}`;
};

export const roleRules: readonly AccountRule[] = [
  {
    id: 'role-unused',
    of: 'account',
    severity: 'low',
    explanation: `Nobody assumed the role for ${MAX_AGE_DAYS} days.`,
    todo: 'Delete the role, or say in a waiver what it is kept for.',
    link: iamGuidePage('id_roles_manage_delete'),
    find: eachRole((role, _account, context) => (isWayIn(role, context) ? undefined : unused(role, context.now))),
  },
  {
    id: 'trust-open-administrator',
    of: 'account',
    severity: 'critical',
    explanation:
      'Everybody, anybody of an identity provider, or a third party without an external id may assume a role that may give itself everything in the account.',
    todo: 'Take the trust away now; then name who may assume the role, and give it less.',
    link: iamGuidePage('id_roles_create_for-idp_oidc'),
    find: eachRole((role, ...[account, context, facts]) =>
      isAdministrator(role, account, context)
        ? some([...anybody(role), ...thirdParties(role, oursIn(facts, context))], 'trusted:')
        : undefined,
    ),
  },
  {
    id: 'trust-open',
    of: 'account',
    severity: 'high',
    explanation:
      'Everybody, or anybody of an identity provider, may assume the role: any repository of GitHub, or a token for another audience.',
    todo: 'Name who may assume the role: in Principal, or by the audience and the subject of the token.',
    link: iamGuidePage('id_roles_create_for-idp_oidc'),
    find: eachRole((role, account, context) =>
      isAdministrator(role, account, context) ? undefined : some(anybody(role), 'trusted:'),
    ),
  },
  {
    id: 'trust-outside-organization',
    of: 'account',
    severity: 'high',
    explanation:
      'An account or an organization that is not ours, or a repository of another owner on GitHub, may assume the role, and the repository does not declare it.',
    todo: 'Take the trust away, or declare the role in access/roles/ with the account and an external id.',
    link: iamGuidePage('id_roles_common-scenarios_third-party'),
    find: eachRole((role, ...[account, context, facts]) =>
      context.declared.has(roleKey({ account: account.account, name: role.name }))
        ? undefined
        : some(
            outsiders(
              role,
              oursIn(facts, context),
              isAdministrator(role, account, context) ? thirdPartiesIn : () => [],
            ),
            'trusted:',
          ),
    ),
  },
  {
    id: 'trust-dead',
    of: 'account',
    severity: 'medium',
    explanation: 'The trust names a role or user that was deleted: it shows by an id that nobody will ever have again.',
    todo: 'Write the trust anew; a role that was made again under the name is not trusted.',
    link: iamGuidePage('reference_policies_elements_principal'),
    find: eachRole((role) => some(dead(role), 'trusted:')),
  },
  {
    id: 'policy-escalation',
    of: 'account',
    severity: 'high',
    explanation: 'A customer managed policy that the repository does not declare lets whoever has it gain more rights.',
    todo: 'Narrow the policy to the resources that it needs, or declare it in access/policies/.',
    link: iamGuidePage('access_policies_boundaries'),
    find: ({ policies = [], account }, { declared }) =>
      policies.flatMap(({ name, path, document }): readonly Hit[] => {
        const paths = declared.has(customerPolicyKey({ account, name, path })) ? [] : pathsIn(document);
        return paths.length === 0
          ? []
          : [{ subject: `policy ${path}${name}`, read: `on every resource: ${pathsText(paths)}` }];
      }),
  },
];

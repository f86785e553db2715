/** Rules on the roles and customer managed policies that are in an account. */
import type { AccountFacts, AuditContext, AuditFacts, AuditRole } from '../../model/audit.ts';
import type { Statement } from '../../model/policy.ts';
import { statements } from '../../model/policy.ts';
import { customerPolicyKey, resourcesOf, roleKey } from '../../model/resource.ts';
import { statementsOf } from '../lint/document.ts';
import { lintTrust } from '../lint/grants.ts';
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

const accountIn = (principal: string): string | undefined =>
  /^\d{12}$/.exec(principal)?.[0] ?? /^arn:aws:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];

const awsPrincipals = ({ Principal }: Statement): readonly string[] => {
  if (Principal === undefined) return [];
  if (Principal === '*') return ['*'];
  return [Principal['AWS'] ?? []].flat();
};

const hasKey = ({ Condition = {} }: Statement, keys: readonly string[]): boolean =>
  Object.values(Condition).some((block) => Object.keys(block).some((key) => keys.includes(key.toLowerCase())));

/** Conditions that keep everybody but an account out. */
const closingKeys = ['aws:principalaccount', 'aws:sourceaccount'];

const nowhere = { file: '', line: 0, column: 0 };

/** As the linter says: everybody, or anybody of a provider, is let in. */
const isOpen = (statement: Statement): boolean => {
  const document = { Version: '2012-10-17', Statement: [statement] };
  const at = () => nowhere;
  return statementsOf({ key: 'trust', use: 'trust', document, named: nowhere, at, keyAt: at })
    .flatMap((one) => lintTrust(one, { accounts: [] }))
    .some(({ rule }) => rule === 'open-trust' || rule === 'open-oidc-trust');
};

const isDemanding = (operator: string): boolean => !/not|^null|^forall/i.test(operator);

const valuesAt = ({ Condition = {} }: Statement, key: string): readonly string[] =>
  Object.entries(Condition)
    .filter(([operator]) => isDemanding(operator))
    .flatMap(([, block]) => Object.entries(block).filter(([name]) => name.toLowerCase() === key))
    .flatMap(([, values]) => [values].flat().map(String));

/** Organizations by id; a path of one begins with it. */
const organizationsIn = (statement: Statement): readonly string[] =>
  ['aws:principalorgid', 'aws:principalorgpaths'].flatMap((key) =>
    valuesAt(statement, key).map((value) => value.split('/')[0] ?? ''),
  );

type Inside = { readonly accounts: ReadonlySet<string>; readonly organization: string };

const everybody = (statement: Statement, { accounts, organization }: Inside): readonly string[] => {
  const strangers = organizationsIn(statement).filter((id) => id !== organization);
  if (strangers.length > 0) return strangers.map((id) => `organization ${id}`);
  const named = ['aws:principalarn', 'aws:principalaccount'].flatMap((key) => valuesAt(statement, key));
  const others = named.flatMap((name) => accountIn(name) ?? []).filter((id) => !accounts.has(id));
  if (others.length > 0) return others.map((id) => `account ${id}`);
  return hasKey(statement, closingKeys) || !isOpen(statement) ? [] : ['everybody'];
};

const federated = (statement: Statement): readonly string[] => {
  const { Principal } = statement;
  if (Principal === undefined || Principal === '*' || !isOpen(statement)) return [];
  return [Principal['Federated'] ?? []].flat().map((name) => `anybody of ${name.split('provider/').at(-1) ?? name}`);
};

const outsidersOf = (statement: Statement, inside: Inside): readonly string[] => {
  const how = hasKey(statement, ['sts:externalid']) ? ' with an external id' : '';
  const byAccount = awsPrincipals(statement).flatMap((principal) => {
    if (principal === '*') return everybody(statement, inside).map((who) => `${who}${how}`);
    const account = accountIn(principal);
    return account === undefined || inside.accounts.has(account) ? [] : [`account ${account}${how}`];
  });
  const rest = statement.NotPrincipal === undefined ? [] : ['everybody but a few'];
  return [...byAccount, ...rest, ...federated(statement)];
};

const outsiders = (role: AuditRole, inside: Inside): readonly string[] =>
  statements(role.trust)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) => outsidersOf(statement, inside));

const accountIds = ({ live }: AuditFacts): ReadonlySet<string> =>
  new Set([live.managementAccountId, ...resourcesOf(live.state, 'account').map(({ id }) => id)]);

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
    id: 'trust-outside-organization',
    of: 'account',
    severity: 'high',
    explanation:
      'An account outside the organization, everybody, or anybody of an identity provider may assume the role, and the repository does not declare it.',
    todo: 'Take the trust away, or declare the role in access/roles/ with the account and an external id.',
    link: iamGuidePage('id_roles_common-scenarios_third-party'),
    find: eachRole((role, ...[{ account }, { declared }, facts]) =>
      declared.has(roleKey({ account, name: role.name }))
        ? undefined
        : some(outsiders(role, { accounts: accountIds(facts), organization: facts.live.organization }), 'trusted:'),
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

/** The roles of every account, and whom their trust policies let in. */
import type { Statement } from '../model/policy.ts';
import { statements } from '../model/policy.ts';
import { keyOf } from '../model/resource.ts';
import type { Role } from '../model/resource.ts';
import { namesIn } from '../evaluate/trust/principals.ts';
import { trustedName } from '../plan/access/trust-names.ts';
import type { NamingScene } from '../plan/access/trust-names.ts';
import { datedTermsIn } from './grants.ts';
import { conditionsIn } from './policy-words.ts';
import type { ReportRole, Trust } from './report.ts';
import { atOf, isUndeclared, sideMarksOf } from './sides.ts';
import type { Lists, ReportInput } from './sides.ts';

type Scene = NamingScene & {
  readonly accountOfId: ReadonlyMap<string, number>;
  /** By ARN, of the accounts that are known. */
  readonly roleOfArn: ReadonlyMap<string, number>;
};

const sceneOf = ({ organization }: ReportInput, { accounts, roles }: Lists): Scene => {
  const ids = new Map(accounts.map(({ name, id }) => [name, id] as const));
  return {
    organization,
    accounts: new Map(accounts.map(({ id, name }) => [id, name])),
    accountOfId: new Map(accounts.map(({ id }, place) => [id, place])),
    roleOfArn: new Map(
      roles.map(({ account, path, name }, place) => [
        `arn:aws:iam::${ids.get(account) ?? ''}:role${path}${name}`,
        place,
      ]),
    ),
  };
};

const accountIdIn = (name: string): string | undefined =>
  /^(\d{12})$|^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(name)?.slice(1).find(Boolean);

const isOfOrganization = ({ Condition }: Statement, organization: string): boolean =>
  JSON.stringify(Condition ?? {}).includes(organization);

const kindOf = (
  [type, name]: readonly [string, string],
  statement: Statement,
  { accountOfId, organization }: Scene,
): Trust['kind'] => {
  if (type === 'Service') return 'service';
  if (type === 'Federated') return 'provider';
  if (name === '*') return isOfOrganization(statement, organization) ? 'account' : 'everybody';
  return accountOfId.has(accountIdIn(name) ?? '') ? 'account' : 'outsider';
};

const trustsOf = (role: Role, input: ReportInput, scene: Scene): readonly Trust[] =>
  statements(role.trust).flatMap((statement, index) => {
    if (statement.Effect !== 'Allow') return [];
    const at = atOf(input.origins[`${keyOf(role)}#/trust/${index}`]);
    const rest = { conditions: conditionsIn(statement.Condition), ...(at === undefined ? {} : { at }) };
    if (statement.NotPrincipal !== undefined)
      return [{ who: 'everybody but a few', kind: 'everybody' as const, ...rest }];
    return namesIn(statement.Principal).map((named): Trust => {
      const from = scene.accountOfId.get(accountIdIn(named[1]) ?? '');
      const through = scene.roleOfArn.get(named[1]);
      return {
        who: trustedName(named[0], named[1], { statement, scene }),
        kind: kindOf(named, statement, scene),
        ...(from === undefined ? {} : { from }),
        ...(through === undefined ? {} : { role: through }),
        ...rest,
      };
    });
  });

const lastSegment = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

export const rolePolicyNames = (role: Role): readonly string[] => [
  ...role.managedPolicies.map(lastSegment),
  ...role.customerManagedPolicies.map(({ name }) => name),
  ...Object.keys(role.inlinePolicies).map((name) => `${name} (inline)`),
];

export const reportRolesOf = (input: ReportInput, lists: Lists): readonly ReportRole[] => {
  const scene = sceneOf(input, lists);
  const termsOf = datedTermsIn(input);
  return lists.roles.map((role) => {
    const key = keyOf(role);
    return {
      account: lists.accountAt(role.account),
      name: role.name,
      path: role.path,
      policies: rolePolicyNames(role),
      trusts: trustsOf(role, input, scene),
      ...termsOf(key),
      ...sideMarksOf(input, key),
      ...(isUndeclared(input, key) ? { undeclared: true as const } : {}),
    };
  });
};

/** What a pull request touches, and what the judgment of its access needs: read anew whatever CloudTrail says. */
import type { AwsRecord } from '../../model/record.ts';
import type { Resource } from '../../model/resource.ts';
import { controlPolicyKey, isControlPolicy } from '../../model/resource.ts';
import { fieldsIn, rowsIn, stringIn } from '../../model/fields.ts';
import { staleIam, staleWhere } from './stale-rules.ts';
import type { StaleRule } from './stale-rules.ts';

const ofSet = (arn: string | undefined): readonly StaleRule[] =>
  arn === undefined ? [] : [staleWhere(['sets', 'setTags', 'provisioning'], arn)];

/** Permission sets that a principal had, anywhere. */
const setsOf = ({ calls }: AwsRecord, principal: string): readonly string[] => {
  const rows = calls
    .filter(({ operation }) => operation.startsWith('sso-admin:ListAccountAssignments'))
    .flatMap(({ answer }) => rowsIn(fieldsIn(answer)['AccountAssignments']))
    .filter((row) => row['PrincipalId'] === principal);
  return [...new Set(rows.map((row) => stringIn(row['PermissionSetArn'])))];
};

/** Whoever is in it, and all that it has. */
const ofPrincipal = (record: AwsRecord, id: string | undefined): readonly StaleRule[] => {
  if (id === undefined) return [];
  return [staleWhere(['memberships', 'assignments'], id), ...setsOf(record, id).flatMap(ofSet)];
};

const ofPolicy = (id: string | undefined): readonly StaleRule[] =>
  id === undefined ? [] : [staleWhere(['policies', 'targets', 'tags'], id)];

const idOf = (index: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(index, name) ? index[name] : undefined;

const rulesOf = (record: AwsRecord, resource: Resource): readonly StaleRule[] => {
  const { ids } = record;
  if (isControlPolicy(resource)) return ofPolicy(idOf(ids.policies, controlPolicyKey(resource)));
  switch (resource.kind) {
    case 'assignment': {
      const { principal, permissionSet, account } = resource;
      const set = idOf(ids.permissionSets, permissionSet);
      const place = idOf(ids.accounts, account);
      return [
        ...ofSet(set),
        ...ofPrincipal(record, idOf(principal.type === 'group' ? ids.groups : ids.users, principal.name)),
        ...(set === undefined || place === undefined ? [] : [staleWhere(['assignments', 'provisionedTo'], set, place)]),
      ];
    }
    case 'membership':
      return ofPrincipal(record, idOf(ids.groups, resource.group));
    case 'group':
      return ofPrincipal(record, idOf(ids.groups, resource.name));
    case 'permission-set':
      return ofSet(idOf(ids.permissionSets, resource.name));
    case 'attachment':
      return ofPolicy(idOf(ids.policies, controlPolicyKey(resource.policy)));
    case 'ou': {
      const id = idOf(ids.ous, resource.path);
      return id === undefined ? [] : [staleWhere(['ous', 'tags'], id)];
    }
    case 'role':
    case 'policy':
    case 'oidc-provider': {
      const account = idOf(ids.accounts, resource.account);
      return account === undefined ? [] : [staleIam(account)];
    }
    case 'resource-policy':
      return [staleWhere(['resourcePolicies'], resource.resource)];
    default:
      return [];
  }
};

export const touchedRules = (record: AwsRecord, resources: readonly Resource[]): readonly StaleRule[] => {
  const all = resources.flatMap((resource) => rulesOf(record, resource));
  return [...new Map(all.map((rule) => [JSON.stringify(rule), rule])).values()];
};

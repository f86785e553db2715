/** The IAM roles that permission sets have in accounts. */
import { hasCustomerPolicy, putRole, removeRole } from '../iam/state.ts';
import type { SsoBoundary, SetDefinition, SsoPermissionSet, PolicyReference, ProvisionedRole } from './state.ts';
import { sessionSeconds } from './values.ts';
import type { SandboxWorld } from '../world.ts';

const rolePath = (region: string): string =>
  region === 'us-east-1' ? '/aws-reserved/sso.amazonaws.com/' : `/aws-reserved/sso.amazonaws.com/${region}/`;

const trustOf = (accountId: string, instanceArn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          Federated: `arn:aws:iam::${accountId}:saml-provider/AWSSSO_${instanceArn.slice(-16)}_DO_NOT_DELETE`,
        },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      },
    ],
  });

const customerArn = (accountId: string, policy: PolicyReference): string =>
  `arn:aws:iam::${accountId}:policy${policy.Path}${policy.Name}`;

const boundaryArn = (accountId: string, boundary: SsoBoundary): string =>
  'ManagedPolicyArn' in boundary
    ? boundary.ManagedPolicyArn
    : customerArn(accountId, boundary.CustomerManagedPolicyReference);

export const policyName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

const attachedIn = (accountId: string, definition: SetDefinition) =>
  [
    ...definition.managedPolicies,
    ...definition.customerManagedPolicies.map((policy) => customerArn(accountId, policy)),
  ].map((arn) => ({ PolicyName: policyName(arn), PolicyArn: arn }));

const customerPolicies = ({ customerManagedPolicies, boundary }: SetDefinition): readonly PolicyReference[] =>
  boundary && 'CustomerManagedPolicyReference' in boundary
    ? [...customerManagedPolicies, boundary.CustomerManagedPolicyReference]
    : customerManagedPolicies;

/** Why the account cannot take this definition: the first customer managed policy or boundary that it does not have. */
export const missingPolicy = (world: SandboxWorld, accountId: string, definition: SetDefinition): string | null => {
  const missing = customerPolicies(definition).find(
    ({ Name, Path }) => !hasCustomerPolicy(world, accountId, { name: Name, path: Path }),
  );
  if (!missing) return null;
  return `Received a 404 status error: Policy ${customerArn(accountId, missing)} does not exist or is not attachable.`;
};

const place = (role: { permissionSetArn: string; accountId: string }, arn: string, accountId: string): boolean =>
  role.permissionSetArn === arn && role.accountId === accountId;

export const provisionedRoleIn = (world: SandboxWorld, arn: string, accountId: string): ProvisionedRole | undefined =>
  world.sso.provisioned.find((role) => place(role, arn, accountId));

const writeRole = (world: SandboxWorld, role: ProvisionedRole, now: number): void => {
  const { accountId, definition } = role;
  putRole(world, {
    account: accountId,
    name: role.roleName,
    path: rolePath(world.sso.region),
    trust: trustOf(accountId, world.sso.instanceArn),
    now,
    maxSessionSeconds: sessionSeconds(definition.sessionDuration) ?? 3600,
    inline: definition.inlinePolicy === null ? {} : { AwsSSOInlinePolicy: definition.inlinePolicy },
    attached: attachedIn(accountId, definition),
    ...(definition.description === null ? {} : { description: definition.description }),
    ...(definition.boundary === null ? {} : { boundary: boundaryArn(accountId, definition.boundary) }),
  });
};

/** `request` is the id of the request that did it. */
type RoleProvisioning = { readonly accountId: string; readonly now: number; readonly request: string };

/** Sixteen hexadecimal digits; of the request, so that a delayed read sees the very role that a later one sees. */
const suffixOf = ({ request }: RoleProvisioning): string => request.replaceAll('-', '').slice(-16);

/** Gives the account the set as it now is; a first time makes a role whose suffix no earlier one had. */
export const writeReservedRole = (world: SandboxWorld, set: SsoPermissionSet, writing: RoleProvisioning): void => {
  const { accountId, now } = writing;
  const old = provisionedRoleIn(world, set.arn, accountId);
  const role: ProvisionedRole = {
    permissionSetArn: set.arn,
    accountId,
    roleName: old?.roleName ?? `AWSReservedSSO_${set.name}_${suffixOf(writing)}`,
    revision: set.revision,
    definition: set.definition,
  };
  world.sso.provisioned = [...world.sso.provisioned.filter((other) => other !== old), role];
  writeRole(world, role, now);
};

/** Takes the set's role out of the account. */
export const removeReservedRole = (world: SandboxWorld, arn: string, accountId: string): void => {
  const role = provisionedRoleIn(world, arn, accountId);
  if (!role) return;
  removeRole(world, accountId, role.roleName);
  world.sso.provisioned = world.sso.provisioned.filter((other) => other !== role);
};

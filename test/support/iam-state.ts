/** What the sandbox holds in each account's IAM, in the model's words: seen from inside, without the adapter that is under test. */
import type { PolicyDocument } from '../../src/model/policy.ts';
import type { AccountId, CustomerManagedPolicy, PermissionsBoundary, Resource } from '../../src/model/resource.ts';
import type { Tag } from '../../src/sandbox/organizations/state.ts';
import type { IamAccount, IamPolicy, IamRole, SandboxOidcProvider } from '../../src/sandbox/iam/state.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';

const parsed = (text: string | undefined): PolicyDocument => JSON.parse(text ?? '') as PolicyDocument;

const taggedAs = (tags: readonly Tag[]) => {
  const owner = tags.find(({ Key }) => Key === 'gatehouse:owner')?.Value;
  const plain = tags.filter(({ Key }) => !Key.startsWith('gatehouse:'));
  return {
    tags: Object.fromEntries(plain.map(({ Key, Value }) => [Key, Value])),
    ...(owner === undefined ? {} : { owner }),
  };
};

const ofAccount = (arn: string): CustomerManagedPolicy | undefined => {
  const [, path, name] = /:policy(\/.*\/|\/)([^/]+)$/.exec(arn) ?? [];
  return arn.includes('::aws:') || path === undefined || name === undefined ? undefined : { path, name };
};

const boundedBy = (arn: string): PermissionsBoundary => {
  const policy = ofAccount(arn);
  return policy === undefined ? { managedPolicy: arn } : { customerManagedPolicy: policy };
};

const roleIn = (account: string, iam: IamAccount, role: IamRole): Resource => {
  const arns = role.attached.map(({ PolicyArn }) => PolicyArn);
  return {
    kind: 'role',
    account,
    name: role.RoleName,
    path: role.Path,
    ...(role.Description === undefined ? {} : { description: role.Description }),
    trust: parsed(role.AssumeRolePolicyDocument),
    managedPolicies: arns.filter((arn) => ofAccount(arn) === undefined).sort(),
    customerManagedPolicies: arns.flatMap((arn) => ofAccount(arn) ?? []),
    inlinePolicies: Object.fromEntries(Object.entries(role.inline).map(([name, text]) => [name, parsed(text)])),
    ...(role.PermissionsBoundary === undefined ? {} : { permissionsBoundary: boundedBy(role.PermissionsBoundary) }),
    maxSessionDuration: role.MaxSessionDuration,
    instanceProfile: Object.values(iam.instanceProfiles).some(
      (profile) => profile.InstanceProfileName === role.RoleName && profile.role === role.RoleName,
    ),
    ...taggedAs(role.Tags),
  };
};

const policyIn = (account: string, policy: IamPolicy): Resource => ({
  kind: 'policy',
  account,
  name: policy.PolicyName,
  path: policy.Path,
  document: parsed(policy.versions.find(({ VersionId }) => VersionId === policy.DefaultVersionId)?.Document),
  ...taggedAs(policy.Tags),
});

const providerIn = (account: string, provider: SandboxOidcProvider): Resource => {
  const { owner } = taggedAs(provider.Tags);
  return {
    kind: 'oidc-provider',
    account,
    host: provider.Url,
    clientIds: [...provider.clientIds].sort(),
    ...(owner === undefined ? {} : { owner }),
  };
};

/** Roles of Identity Center and of services are AWS's own business. */
export const iamState = (world: SandboxWorld, labelOf: (id: AccountId) => string): readonly Resource[] =>
  Object.entries(world.iam).flatMap(([id, iam]) => {
    const account = labelOf(id);
    const roles = Object.values(iam.roles).filter(({ Path }) => !/^\/(aws-reserved|aws-service-role)\//.test(Path));
    return [
      ...roles.map((role) => roleIn(account, iam, role)),
      ...Object.values(iam.policies).map((policy) => policyIn(account, policy)),
      ...Object.values(iam.oidcProviders).map((provider) => providerIn(account, provider)),
    ];
  });

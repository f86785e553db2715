/** The organization itself: from nothing to its end. */
import type { SandboxOperation, CallOutput } from '../core.ts';
import { AwsError, nextId } from '../core.ts';
import { optionalTextMember, own } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { arnOf } from './look.ts';
import type { OrganizationsState } from './state.ts';

const base36 = 'abcdefghijklmnopqrstuvwxyz0123456789';

const organizationOutput = (state: OrganizationsState): CallOutput => ({
  Organization: {
    Id: state.id,
    Arn: `arn:aws:organizations::${state.management}:organization/${state.id}`,
    FeatureSet: state.featureSet ?? 'ALL',
    MasterAccountArn: arnOf(state, 'account', state.management),
    MasterAccountId: state.management,
    MasterAccountEmail: own(state.accounts, state.management)?.Email,
    // Whatever ListRoots says: the API reference calls the member not reliable.
    AvailablePolicyTypes:
      state.featureSet === 'CONSOLIDATED_BILLING' ? [] : [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
  },
});

const createOrganization: SandboxOperation<SandboxWorld> = (
  { organizations: state, ids },
  input,
  { account: Id, now },
) => {
  if (state.id !== '')
    throw new AwsError(
      'AlreadyInOrganizationException',
      'The provided account is already a member of an organization.',
    );
  const known = own(state.accounts, Id);
  Object.assign(state, {
    id: `o-${nextId(ids, 10, base36)}`,
    rootId: `r-${nextId(ids, 4, base36)}`,
    management: Id,
    featureSet: optionalTextMember(input, 'FeatureSet') ?? 'ALL',
    // Clients that create organizations enable SCPs after it, and AWS lets them: the root begins without a policy type.
    policyTypes: [],
  });
  state.accounts[Id] = {
    Id,
    Name: known?.Name ?? Id,
    Email: known?.Email ?? `${Id}@aws.example`,
    State: 'ACTIVE',
    JoinedMethod: 'INVITED',
    JoinedTimestamp: Math.floor(now / 1000),
    parent: state.rootId,
  };
  return organizationOutput(state);
};

const deleteOrganization: SandboxOperation<SandboxWorld> = ({ organizations: state }) => {
  if (Object.keys(state.accounts).length > 1)
    throw new AwsError(
      'OrganizationNotEmptyException',
      'To delete an organization you must first remove all member accounts (except the master).',
    );
  for (const { Id } of Object.values(state.policies).filter(({ AwsManaged }) => !AwsManaged))
    Reflect.deleteProperty(state.policies, Id);
  Object.assign(state, {
    ...{ id: '', rootId: '', policyTypes: [], ous: {}, attachments: {}, tags: {} },
    ...{ delegatedAdministrators: [], serviceAccess: [], accountRequests: [], handshakes: [] },
  });
  delete state.resourcePolicy;
  delete state.featureSet;
  return {};
};

export const lifecycleOperations: WorldOperations = {
  CreateOrganization: createOrganization,
  DescribeOrganization: ({ organizations: state }) => organizationOutput(state),
  DeleteOrganization: deleteOrganization,
};

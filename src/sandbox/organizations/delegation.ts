/** Delegated administrators and trusted services. */
import type { CallInput, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import { accountIn, accountOutput, listOutput, typesNow } from './look.ts';
import { constraint, invalidOrganizationsInput } from './refusal.ts';
import type { OrganizationAccount, OrganizationsState } from './state.ts';
import { isTrustedService, mostAdministrators } from './trusted-services.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** Throws for a service that nothing in an organization can be given to. */
const serviceIn = (input: CallInput): string => {
  const service = textMember(input, 'ServicePrincipal');
  if (isTrustedService(service)) return service;
  throw invalidOrganizationsInput('UNRECOGNIZED_SERVICE_PRINCIPAL', 'You specified an unrecognized service principal.');
};

const listAdministrators: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const service = optionalTextMember(input, 'ServicePrincipal') === undefined ? undefined : serviceIn(input);
  const found = state.delegatedAdministrators.flatMap(({ account, services, since }) => {
    const known = own(state.accounts, account);
    if (!known || (service !== undefined && !services.includes(service))) return [];
    const { Paths: _, ...rest } = accountOutput(state, known);
    return [{ ...rest, DelegationEnabledDate: since }];
  });
  return listOutput('DelegatedAdministrators', found, input);
};

const notRegistered = (): AwsError =>
  new AwsError(
    'AccountNotRegisteredException',
    'The provided account is not a registered delegated administrator for your organization.',
  );

const servicesOf = (state: OrganizationsState, id: string) =>
  state.delegatedAdministrators.find(({ account }) => account === id);

const listServices: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const known = servicesOf(state, accountIn(state, input).Id);
  if (!known) throw notRegistered();
  const rows = known.services.map((ServicePrincipal) => ({ ServicePrincipal, DelegationEnabledDate: known.since }));
  return listOutput('DelegatedServices', rows, input);
};

const setServices = (state: OrganizationsState, id: string, next: { services: readonly string[]; since: number }) => {
  const others = state.delegatedAdministrators.filter(({ account }) => account !== id);
  state.delegatedAdministrators = next.services.length > 0 ? [...others, { account: id, ...next }] : others;
};

const hasAccess = (state: OrganizationsState, service: string): boolean =>
  state.serviceAccess.some(({ ServicePrincipal }) => ServicePrincipal === service);

const administratorsOf = (state: OrganizationsState, service: string): number =>
  state.delegatedAdministrators.filter(({ services }) => services.includes(service)).length;

const refuseIneligible = (state: OrganizationsState, { Id, State }: OrganizationAccount, service: string): void => {
  if (Id === state.management)
    throw constraint(
      'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
      'You cannot register master account/yourself as delegated administrator for your organization.',
    );
  if (State === 'SUSPENDED' || State === 'CLOSED')
    throw constraint(
      'CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR',
      'You cannot register a suspended account as a delegated administrator.',
    );
  if (!hasAccess(state, service))
    throw constraint(
      'SERVICE_ACCESS_NOT_ENABLED',
      'You must enable service access before you register a delegated administrator for the service.',
    );
};

const register: SandboxOperation<SandboxWorld> = ({ organizations: state }, input, { now }) => {
  const service = serviceIn(input);
  const account = accountIn(state, input);
  refuseIneligible(state, account, service);
  const known = servicesOf(state, account.Id);
  if (known?.services.includes(service))
    throw new AwsError(
      'AccountAlreadyRegisteredException',
      'The provided account is already a delegated administrator for your organization.',
    );
  if (administratorsOf(state, service) >= mostAdministrators(service))
    throw constraint(
      'MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED',
      'You have exceeded the allowed number of delegated administrators for the service.',
    );
  const since = known?.since ?? Math.floor(now / 1000);
  setServices(state, account.Id, { services: [...(known?.services ?? []), service], since });
  return {};
};

const deregister: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const service = serviceIn(input);
  const { Id } = accountIn(state, input);
  const known = servicesOf(state, Id);
  if (!known?.services.includes(service)) throw notRegistered();
  setServices(state, Id, { services: known.services.filter((name) => name !== service), since: known.since });
  return {};
};

const enableAccess: SandboxOperation<SandboxWorld> = ({ organizations: state }, input, { now }) => {
  const service = serviceIn(input);
  if (!hasAccess(state, service))
    state.serviceAccess.push({ ServicePrincipal: service, DateEnabled: Math.floor(now / 1000) });
  return {};
};

/** Policies that a service carries out need its access. */
const policyTypeOf: Readonly<Record<string, string>> = {
  'tagpolicies.tag.amazonaws.com': 'TAG_POLICY',
  'securityhub.amazonaws.com': 'SECURITYHUB_POLICY',
  'inspector2.amazonaws.com': 'INSPECTOR_POLICY',
};

const disableAccess: SandboxOperation<SandboxWorld> = ({ organizations: state }, input, { now }) => {
  const service = serviceIn(input);
  if (administratorsOf(state, service) > 0)
    throw constraint(
      'DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE',
      'You must deregister all delegated administrators for the service before you disable its access.',
    );
  if (typesNow(state, now).some(({ Type }) => Type === own(policyTypeOf, service)))
    throw constraint(
      'POLICY_TYPE_ENABLED_FOR_THIS_SERVICE',
      'You must disable the policy type before you disable access for the service.',
    );
  state.serviceAccess = state.serviceAccess.filter(({ ServicePrincipal }) => ServicePrincipal !== service);
  return {};
};

export const delegationOperations: WorldOperations = {
  ListDelegatedAdministrators: listAdministrators,
  ListDelegatedServicesForAccount: listServices,
  RegisterDelegatedAdministrator: register,
  DeregisterDelegatedAdministrator: deregister,
  EnableAWSServiceAccess: enableAccess,
  DisableAWSServiceAccess: disableAccess,
  ListAWSServiceAccessForOrganization: ({ organizations: state }, input) =>
    listOutput('EnabledServicePrincipals', state.serviceAccess, input),
};

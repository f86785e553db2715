/** Delegated administrators and trusted services. */
import { AwsError, type Operation } from '../core.ts';
import { optionalText, own, text } from '../members.ts';
import { accountIn, accountOutput, listOutput } from './look.ts';
import type { OrganizationsState } from './state.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const listAdministrators: Operation<World> = ({ organizations: state }, input) => {
  const service = optionalText(input, 'ServicePrincipal');
  const found = state.delegatedAdministrators.flatMap(({ account, services, since }) => {
    const known = own(state.accounts, account);
    if (!known || (service !== undefined && !services.includes(service))) return [];
    const { Paths: _, ...rest } = accountOutput(state, known);
    return [{ ...rest, DelegationEnabledDate: since }];
  });
  return listOutput('DelegatedAdministrators', found, input);
};

const servicesOf = (state: OrganizationsState, id: string) =>
  state.delegatedAdministrators.find(({ account }) => account === id);

const listServices: Operation<World> = ({ organizations: state }, input) => {
  const known = servicesOf(state, accountIn(state, input).Id);
  if (!known) throw new AwsError('AccountNotRegisteredException', 'The account is not a delegated administrator.');
  const rows = known.services.map((ServicePrincipal) => ({ ServicePrincipal, DelegationEnabledDate: known.since }));
  return listOutput('DelegatedServices', rows, input);
};

const setServices = (state: OrganizationsState, id: string, next: { services: readonly string[]; since: number }) => {
  const others = state.delegatedAdministrators.filter(({ account }) => account !== id);
  state.delegatedAdministrators = next.services.length > 0 ? [...others, { account: id, ...next }] : others;
};

const register: Operation<World> = ({ organizations: state }, input, { now }) => {
  const { Id } = accountIn(state, input);
  const service = text(input, 'ServicePrincipal');
  const known = servicesOf(state, Id);
  if (Id === state.management)
    throw new AwsError('ConstraintViolationException', 'The management account cannot be registered.', {
      fields: { Reason: 'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR' },
    });
  if (known?.services.includes(service))
    throw new AwsError('AccountAlreadyRegisteredException', 'The account is already registered for this service.');
  const since = known?.since ?? Math.floor(now / 1000);
  setServices(state, Id, { services: [...(known?.services ?? []), service], since });
  return {};
};

const deregister: Operation<World> = ({ organizations: state }, input) => {
  const { Id } = accountIn(state, input);
  const service = text(input, 'ServicePrincipal');
  const known = servicesOf(state, Id);
  if (!known?.services.includes(service))
    throw new AwsError('AccountNotRegisteredException', 'The account is not a delegated administrator.');
  setServices(state, Id, { services: known.services.filter((name) => name !== service), since: known.since });
  return {};
};

export const delegationOperations: Ops = {
  ListDelegatedAdministrators: listAdministrators,
  ListDelegatedServicesForAccount: listServices,
  RegisterDelegatedAdministrator: register,
  DeregisterDelegatedAdministrator: deregister,
  ListAWSServiceAccessForOrganization: ({ organizations: state }, input) =>
    listOutput('EnabledServicePrincipals', state.serviceAccess, input),
};

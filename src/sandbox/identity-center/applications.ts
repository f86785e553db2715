/** Customer managed applications: who may use them, and how they get tokens. */
import { nextId, type Call, type Input, type Operation, type Output } from '../core.ts';
import { own, text } from '../members.ts';
import type { World } from '../world.ts';
import { invalid, optional, present, required, seconds, structure } from './input.ts';
import { conflict, instanceOf, notFound } from './lookup.ts';
import { paged } from './page.ts';
import { principalIn, reaches } from './principals.ts';
import type { Application, Principal } from './state.ts';
import { tagsFrom } from './values.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const providers: readonly Output[] = [
  {
    ApplicationProviderArn: 'arn:aws:sso::aws:applicationProvider/custom',
    FederationProtocol: 'OAUTH',
    DisplayData: { DisplayName: 'Custom application', Description: 'OAuth 2.0 application of your own' },
  },
  {
    ApplicationProviderArn: 'arn:aws:sso::aws:applicationProvider/custom-saml',
    FederationProtocol: 'SAML',
    DisplayData: { DisplayName: 'Custom SAML 2.0 application', Description: 'SAML 2.0 application of your own' },
  },
];

const providerNamed = (arn: string): Output => {
  const found = providers.find(({ ApplicationProviderArn }) => ApplicationProviderArn === arn);
  if (found) return found;
  throw notFound(`Could not find ApplicationProvider with ARN ${arn}`);
};

const allOf = ({ sso }: World): Record<string, Application> => (sso.applications ??= {});

export const applicationOf = (world: World, input: Input): Application => {
  const arn = text(input, 'ApplicationArn');
  const found = own(allOf(world), arn);
  if (found) return found;
  throw notFound(`Could not find Application with ARN ${arn}`);
};

const storeArn = ({ sso }: World): string =>
  `arn:aws:identitystore::${sso.ownerAccountId}:identitystore/${sso.identityStoreId}`;

const shown = (world: World, application: Application): Output =>
  present({
    ApplicationArn: application.arn,
    ApplicationProviderArn: application.provider,
    Name: application.name,
    ApplicationAccount: application.account,
    InstanceArn: world.sso.instanceArn,
    IdentityStoreArn: storeArn(world),
    Status: application.status,
    PortalOptions: Object.keys(application.portalOptions).length > 0 ? application.portalOptions : null,
    Description: application.description,
    CreatedDate: seconds(application.createdDate),
    CreatedFrom: application.createdFrom,
  });

const refuseHalfUrl = (options: Input): void => {
  const signIn = structure(options, 'SignInOptions') ?? {};
  if ((signIn['Origin'] === 'APPLICATION') !== (typeof signIn['ApplicationUrl'] === 'string'))
    throw invalid('An ApplicationUrl goes with the origin APPLICATION and with no other.');
};

const optionsFrom = (input: Input, before: Input): Input => {
  const options = { ...before, ...structure(input, 'PortalOptions') };
  refuseHalfUrl(options);
  return options;
};

const create: Operation<World> = (world, input, call) => {
  const sso = instanceOf(world, input);
  const provider = text(input, 'ApplicationProviderArn');
  if (providerNamed(provider)['FederationProtocol'] === 'SAML')
    throw invalid('Applications of SAML 2.0 cannot be created by this operation.');
  const instance = sso.instanceArn.slice(sso.instanceArn.indexOf('/') + 1);
  const arn = `arn:aws:sso::${sso.ownerAccountId}:application/${instance}/apl-${nextId(world.ids, 16)}`;
  allOf(world)[arn] = {
    arn,
    provider,
    account: call.account,
    createdDate: call.now,
    createdFrom: call.region,
    name: text(input, 'Name'),
    description: optional(input, 'Description'),
    status: optional(input, 'Status') ?? 'ENABLED',
    portalOptions: optionsFrom(input, {}),
    tags: tagsFrom(input),
    assignmentRequired: true,
    backgroundSessions: 'DISABLED',
    assignments: [],
    scopes: {},
    authenticationMethods: {},
    grants: {},
  };
  return { ApplicationArn: arn, InstanceArn: sso.instanceArn, IdentityStoreArn: storeArn(world) };
};

const update: Operation<World> = (world, input) => {
  const application = applicationOf(world, input);
  application.portalOptions = optionsFrom(input, application.portalOptions);
  application.name = optional(input, 'Name') ?? application.name;
  application.description = optional(input, 'Description') ?? application.description;
  application.status = optional(input, 'Status') ?? application.status;
  return {};
};

const list: Operation<World> = (world, input) => {
  instanceOf(world, input);
  const filter = structure(input, 'Filter') ?? {};
  const [account, provider] = [optional(filter, 'ApplicationAccount'), optional(filter, 'ApplicationProvider')];
  const rows = Object.values(allOf(world)).filter(
    (one) => (account === null || one.account === account) && (provider === null || one.provider === provider),
  );
  return paged(
    input,
    'Applications',
    rows.map((one) => shown(world, one)),
  );
};

const isSame = (one: Principal, other: Principal): boolean => one.type === other.type && one.id === other.id;

const row = ({ arn }: Application, { type, id }: Principal): Output => ({
  ApplicationArn: arn,
  PrincipalId: id,
  PrincipalType: type,
});

const assign: Operation<World> = (world, input) => {
  const application = applicationOf(world, input);
  const principal = principalIn(input);
  if (!Object.hasOwn(world.identityStore[principal.type === 'USER' ? 'users' : 'groups'], principal.id))
    throw notFound(`${principal.type} ${principal.id} was not found in the identity store.`);
  if (application.assignments.some((one) => isSame(one, principal)))
    throw conflict('The principal is already assigned to the application.');
  application.assignments.push(principal);
  return {};
};

const assignmentOf = (application: Application, input: Input): Principal => {
  const found = application.assignments.find((one) => isSame(one, principalIn(input)));
  if (found) return found;
  throw notFound('The principal is not assigned to the application.');
};

const unassign: Operation<World> = (world, input) => {
  const application = applicationOf(world, input);
  const gone = assignmentOf(application, input);
  application.assignments = application.assignments.filter((one) => one !== gone);
  return {};
};

const listForPrincipal: Operation<World> = (world, input, _call: Call) => {
  instanceOf(world, input);
  const { type, id } = principalIn(input);
  const only = optional(structure(input, 'Filter') ?? {}, 'ApplicationArn');
  const held = reaches(world, type, id);
  const rows = Object.values(allOf(world))
    .filter(({ arn }) => only === null || arn === only)
    .flatMap((application) =>
      application.assignments
        .filter((one) => held({ principalType: one.type, principalId: one.id }))
        .map((one) => row(application, one)),
    );
  return paged(input, 'ApplicationAssignments', rows);
};

const assignments: Ops = {
  CreateApplicationAssignment: assign,
  DeleteApplicationAssignment: unassign,
  DescribeApplicationAssignment: (world, input) => {
    const application = applicationOf(world, input);
    return row(application, assignmentOf(application, input));
  },
  ListApplicationAssignments: (world, input) => {
    const application = applicationOf(world, input);
    return paged(
      input,
      'ApplicationAssignments',
      application.assignments.map((one) => row(application, one)),
    );
  },
  ListApplicationAssignmentsForPrincipal: listForPrincipal,
};

export const applicationOperations: Ops = {
  ...assignments,
  ListApplicationProviders: (_world, input) => paged(input, 'ApplicationProviders', providers),
  DescribeApplicationProvider: (_world, input) => providerNamed(required(input, 'ApplicationProviderArn')),
  CreateApplication: create,
  DescribeApplication: (world, input) => shown(world, applicationOf(world, input)),
  UpdateApplication: update,
  DeleteApplication: (world, input) => {
    Reflect.deleteProperty(allOf(world), applicationOf(world, input).arn);
    return {};
  },
  ListApplications: list,
};

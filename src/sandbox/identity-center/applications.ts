/** Customer managed applications: who may use them, and how they get tokens. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { nextId } from '../core.ts';
import { own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { invalidSsoInput, optionalInput, present, requiredInput, seconds, structure } from './input.ts';
import { ssoConflict, instanceOf, ssoNotFound } from './lookup.ts';
import { paged } from './page.ts';
import { principalIn, reaches } from './principals.ts';
import type { Application, SsoPrincipal } from './state.ts';
import { tagsFrom } from './values.ts';

const providers: readonly CallOutput[] = [
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

const providerNamed = (arn: string): CallOutput => {
  const found = providers.find(({ ApplicationProviderArn }) => ApplicationProviderArn === arn);
  if (found) return found;
  throw ssoNotFound(`Could not find ApplicationProvider with ARN ${arn}`);
};

const allOf = ({ sso }: SandboxWorld): Record<string, Application> => (sso.applications ??= {});

export const applicationOf = (world: SandboxWorld, input: CallInput): Application => {
  const arn = textMember(input, 'ApplicationArn');
  const found = own(allOf(world), arn);
  if (found) return found;
  throw ssoNotFound(`Could not find Application with ARN ${arn}`);
};

const storeArn = ({ sso }: SandboxWorld): string =>
  `arn:aws:identitystore::${sso.ownerAccountId}:identitystore/${sso.identityStoreId}`;

const shown = (world: SandboxWorld, application: Application): CallOutput =>
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

const refuseHalfUrl = (options: CallInput): void => {
  const signIn = structure(options, 'SignInOptions') ?? {};
  if ((signIn['Origin'] === 'APPLICATION') !== (typeof signIn['ApplicationUrl'] === 'string'))
    throw invalidSsoInput('An ApplicationUrl goes with the origin APPLICATION and with no other.');
};

const optionsFrom = (input: CallInput, before: CallInput): CallInput => {
  const options = { ...before, ...structure(input, 'PortalOptions') };
  refuseHalfUrl(options);
  return options;
};

const create: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const sso = instanceOf(world, input);
  const provider = textMember(input, 'ApplicationProviderArn');
  if (providerNamed(provider)['FederationProtocol'] === 'SAML')
    throw invalidSsoInput('Applications of SAML 2.0 cannot be created by this operation.');
  const instance = sso.instanceArn.slice(sso.instanceArn.indexOf('/') + 1);
  const arn = `arn:aws:sso::${sso.ownerAccountId}:application/${instance}/apl-${nextId(world.ids, 16)}`;
  allOf(world)[arn] = {
    arn,
    provider,
    account: call.account,
    createdDate: call.now,
    createdFrom: call.region,
    name: textMember(input, 'Name'),
    description: optionalInput(input, 'Description'),
    status: optionalInput(input, 'Status') ?? 'ENABLED',
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

const update: SandboxOperation<SandboxWorld> = (world, input) => {
  const application = applicationOf(world, input);
  application.portalOptions = optionsFrom(input, application.portalOptions);
  application.name = optionalInput(input, 'Name') ?? application.name;
  application.description = optionalInput(input, 'Description') ?? application.description;
  application.status = optionalInput(input, 'Status') ?? application.status;
  return {};
};

const list: SandboxOperation<SandboxWorld> = (world, input) => {
  instanceOf(world, input);
  const filter = structure(input, 'Filter') ?? {};
  const [account, provider] = [
    optionalInput(filter, 'ApplicationAccount'),
    optionalInput(filter, 'ApplicationProvider'),
  ];
  const rows = Object.values(allOf(world)).filter(
    (one) => (account === null || one.account === account) && (provider === null || one.provider === provider),
  );
  return paged(
    input,
    'Applications',
    rows.map((one) => shown(world, one)),
  );
};

const isSame = (one: SsoPrincipal, other: SsoPrincipal): boolean => one.type === other.type && one.id === other.id;

const row = ({ arn }: Application, { type, id }: SsoPrincipal): CallOutput => ({
  ApplicationArn: arn,
  PrincipalId: id,
  PrincipalType: type,
});

const assign: SandboxOperation<SandboxWorld> = (world, input) => {
  const application = applicationOf(world, input);
  const principal = principalIn(input);
  if (!Object.hasOwn(world.identityStore[principal.type === 'USER' ? 'users' : 'groups'], principal.id))
    throw ssoNotFound(`${principal.type} ${principal.id} was not found in the identity store.`);
  if (application.assignments.some((one) => isSame(one, principal)))
    throw ssoConflict('The principal is already assigned to the application.');
  application.assignments.push(principal);
  return {};
};

const assignmentOf = (application: Application, input: CallInput): SsoPrincipal => {
  const found = application.assignments.find((one) => isSame(one, principalIn(input)));
  if (found) return found;
  throw ssoNotFound('The principal is not assigned to the application.');
};

const unassign: SandboxOperation<SandboxWorld> = (world, input) => {
  const application = applicationOf(world, input);
  const gone = assignmentOf(application, input);
  application.assignments = application.assignments.filter((one) => one !== gone);
  return {};
};

const listForPrincipal: SandboxOperation<SandboxWorld> = (world, input, _call: SandboxCall) => {
  instanceOf(world, input);
  const { type, id } = principalIn(input);
  const only = optionalInput(structure(input, 'Filter') ?? {}, 'ApplicationArn');
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

const assignments: WorldOperations = {
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

export const applicationOperations: WorldOperations = {
  ...assignments,
  ListApplicationProviders: (_world, input) => paged(input, 'ApplicationProviders', providers),
  DescribeApplicationProvider: (_world, input) => providerNamed(requiredInput(input, 'ApplicationProviderArn')),
  CreateApplication: create,
  DescribeApplication: (world, input) => shown(world, applicationOf(world, input)),
  UpdateApplication: update,
  DeleteApplication: (world, input) => {
    Reflect.deleteProperty(allOf(world), applicationOf(world, input).arn);
    return {};
  },
  ListApplications: list,
};

/** What applications are allowed: scopes, authentication methods, grants, sessions, and whether they ask for an assignment. */
import type { CallInput, CallOutput } from '../core.ts';
import { own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { applicationOf } from './applications.ts';
import { ssoNotFound } from './lookup.ts';
import { paged } from './page.ts';
import type { Application } from './state.ts';

/** One kind of setting: kept by key, given and told under a member of its own. */
type ApplicationSettingKind = {
  readonly noun: string;
  readonly key: string;
  readonly value: string;
  readonly plural: string;
  readonly of: (application: Application) => Record<string, unknown>;
};

const entry = ({ key, value }: ApplicationSettingKind, [name, held]: readonly [string, unknown]): CallOutput => ({
  [key]: name,
  [value]: held,
});

const heldIn = (world: SandboxWorld, input: CallInput, kind: ApplicationSettingKind): unknown => {
  const found = own(kind.of(applicationOf(world, input)), textMember(input, kind.key));
  if (found !== undefined) return found;
  throw ssoNotFound(`The application has no ${kind.noun} ${textMember(input, kind.key)}`);
};

const operationsOf = (
  kind: ApplicationSettingKind,
  names: { readonly one: string; readonly all: string },
): WorldOperations => ({
  [`Put${names.one}`]: (world, input) => {
    kind.of(applicationOf(world, input))[textMember(input, kind.key)] = input[kind.value] ?? [];
    return {};
  },
  [`Delete${names.one}`]: (world, input) => {
    heldIn(world, input, kind);
    Reflect.deleteProperty(kind.of(applicationOf(world, input)), textMember(input, kind.key));
    return {};
  },
  [names.all]: (world, input) =>
    paged(
      input,
      kind.plural,
      Object.entries(kind.of(applicationOf(world, input))).map((held) => entry(kind, held)),
    ),
});

const scope: ApplicationSettingKind = {
  noun: 'access scope',
  key: 'Scope',
  value: 'AuthorizedTargets',
  plural: 'Scopes',
  of: ({ scopes }) => scopes,
};
const method: ApplicationSettingKind = {
  noun: 'authentication method',
  key: 'AuthenticationMethodType',
  value: 'AuthenticationMethod',
  plural: 'AuthenticationMethods',
  of: ({ authenticationMethods }) => authenticationMethods,
};
const grant: ApplicationSettingKind = {
  noun: 'grant',
  key: 'GrantType',
  value: 'Grant',
  plural: 'Grants',
  of: ({ grants }) => grants,
};

export const applicationSettingOperations: WorldOperations = {
  ...operationsOf(scope, { one: 'ApplicationAccessScope', all: 'ListApplicationAccessScopes' }),
  GetApplicationAccessScope: (world, input) => entry(scope, [textMember(input, 'Scope'), heldIn(world, input, scope)]),
  ...operationsOf(method, { one: 'ApplicationAuthenticationMethod', all: 'ListApplicationAuthenticationMethods' }),
  GetApplicationAuthenticationMethod: (world, input) => ({ AuthenticationMethod: heldIn(world, input, method) }),
  ...operationsOf(grant, { one: 'ApplicationGrant', all: 'ListApplicationGrants' }),
  GetApplicationGrant: (world, input) => ({ Grant: heldIn(world, input, grant) }),
  PutApplicationAssignmentConfiguration: (world, input) => {
    applicationOf(world, input).assignmentRequired = input['AssignmentRequired'] === true;
    return {};
  },
  GetApplicationAssignmentConfiguration: (world, input) => ({
    AssignmentRequired: applicationOf(world, input).assignmentRequired,
  }),
  PutApplicationSessionConfiguration: (world, input) => {
    const status = textMember(input, 'UserBackgroundSessionApplicationStatus');
    const application = applicationOf(world, input);
    if (status !== '') application.backgroundSessions = status;
    return {};
  },
  GetApplicationSessionConfiguration: (world, input) => ({
    UserBackgroundSessionApplicationStatus: applicationOf(world, input).backgroundSessions,
  }),
};

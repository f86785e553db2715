/** Credentials that a user has with one service: user name and password of CodeCommit or Keyspaces. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { nextId, secondsIso } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { isTrue, missingIamEntity, iamListPage } from './look.ts';
import type { SandboxIamUser, UserCredential } from './state.ts';
import { iamOf, uniqueId } from './state.ts';
import { optionalTextMember, textMember } from '../members.ts';
import { userIn, userOrCaller } from './users.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const services: readonly string[] = ['codecommit.amazonaws.com', 'cassandra.amazonaws.com', 'bedrock.amazonaws.com'];
const perService = 2;

const mustBeService = (name: string | undefined): void => {
  if (name !== undefined && !services.includes(name))
    throw missingIamEntity(`No such service ${name} is supported for Service Specific Credentials`);
};

type CredentialOwner = { readonly user: SandboxIamUser; readonly account: string };

const row = ({ user, account }: CredentialOwner, { id, uploaded, body, status }: UserCredential): CallOutput => ({
  UserName: user.UserName,
  Status: status,
  ServiceUserName: `${user.UserName}-at-${account}`,
  CreateDate: uploaded,
  ServiceSpecificCredentialId: id,
  ServiceName: body,
});

const withPassword = (shown: CredentialOwner, credential: UserCredential): CallOutput => ({
  ServiceSpecificCredential: { ...row(shown, credential), ServicePassword: credential.password },
});

const credentialIn = ({ serviceCredentials = [] }: SandboxIamUser, input: CallInput): UserCredential => {
  const id = textMember(input, 'ServiceSpecificCredentialId');
  const found = serviceCredentials.find((one) => one.id === id);
  if (found) return found;
  throw missingIamEntity(`No such credential ${id} exists`);
};

const create: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const service = textMember(input, 'ServiceName');
  mustBeService(service);
  const known = user.serviceCredentials ?? [];
  if (known.filter(({ body }) => body === service).length >= perService)
    throw limitExceeded(`Cannot exceed quota for ServiceSpecificCredentialsPerUser: ${perService}`);
  const made: UserCredential = {
    id: uniqueId(world.ids, 'ACCA'),
    uploaded: secondsIso(call.now),
    body: service,
    status: 'Active',
    password: `${nextId(world.ids, 43)}=`,
  };
  user.serviceCredentials = [...known, made];
  return withPassword({ user, account: call.account }, made);
};

const reset: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userOrCaller(world, input, call);
  const credential = credentialIn(user, input);
  credential.password = `${nextId(world.ids, 43)}=`;
  return withPassword({ user, account: call.account }, credential);
};

const shownFor = (world: SandboxWorld, input: CallInput, call: SandboxCall): readonly SandboxIamUser[] =>
  isTrue(input, 'AllUsers') ? Object.values(iamOf(world, call.account).users) : [userOrCaller(world, input, call)];

const list: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const service = optionalTextMember(input, 'ServiceName');
  const users = shownFor(world, input, call);
  mustBeService(service);
  const rows = users.flatMap((user) =>
    (user.serviceCredentials ?? [])
      .filter(({ body }) => service === undefined || body === service)
      .map((one) => row({ user, account: call.account }, one)),
  );
  return iamListPage('ServiceSpecificCredentials', rows, input);
};

export const serviceCredentialOperations: WorldOperations = {
  CreateServiceSpecificCredential: create,
  ResetServiceSpecificCredential: reset,
  ListServiceSpecificCredentials: list,
  UpdateServiceSpecificCredential: (world, input, call) => {
    credentialIn(userOrCaller(world, input, call), input).status = textMember(input, 'Status');
    return {};
  },
  DeleteServiceSpecificCredential: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    const gone = credentialIn(user, input);
    user.serviceCredentials = (user.serviceCredentials ?? []).filter((one) => one !== gone);
    return {};
  },
};

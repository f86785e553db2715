/** Credentials that a user has with one service: user name and password of CodeCommit or Keyspaces. */
import { nextId, secondsIso, type Call, type Input, type Operation, type Output } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { isTrue, missing, pageOf } from './look.ts';
import { iamOf, uniqueId, type IamUser, type UserCredential } from './state.ts';
import { optionalText, text } from '../members.ts';
import { userIn, userOrCaller } from './users.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const services: readonly string[] = ['codecommit.amazonaws.com', 'cassandra.amazonaws.com', 'bedrock.amazonaws.com'];
const perService = 2;

const mustBeService = (name: string | undefined): void => {
  if (name !== undefined && !services.includes(name))
    throw missing(`No such service ${name} is supported for Service Specific Credentials`);
};

type Shown = { readonly user: IamUser; readonly account: string };

const row = ({ user, account }: Shown, { id, uploaded, body, status }: UserCredential): Output => ({
  UserName: user.UserName,
  Status: status,
  ServiceUserName: `${user.UserName}-at-${account}`,
  CreateDate: uploaded,
  ServiceSpecificCredentialId: id,
  ServiceName: body,
});

const withPassword = (shown: Shown, credential: UserCredential): Output => ({
  ServiceSpecificCredential: { ...row(shown, credential), ServicePassword: credential.password },
});

const credentialIn = ({ serviceCredentials = [] }: IamUser, input: Input): UserCredential => {
  const id = text(input, 'ServiceSpecificCredentialId');
  const found = serviceCredentials.find((one) => one.id === id);
  if (found) return found;
  throw missing(`No such credential ${id} exists`);
};

const create: Operation<World> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const service = text(input, 'ServiceName');
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

const reset: Operation<World> = (world, input, call) => {
  const user = userOrCaller(world, input, call);
  const credential = credentialIn(user, input);
  credential.password = `${nextId(world.ids, 43)}=`;
  return withPassword({ user, account: call.account }, credential);
};

const shownFor = (world: World, input: Input, call: Call): readonly IamUser[] =>
  isTrue(input, 'AllUsers') ? Object.values(iamOf(world, call.account).users) : [userOrCaller(world, input, call)];

const list: Operation<World> = (world, input, call) => {
  const service = optionalText(input, 'ServiceName');
  const users = shownFor(world, input, call);
  mustBeService(service);
  const rows = users.flatMap((user) =>
    (user.serviceCredentials ?? [])
      .filter(({ body }) => service === undefined || body === service)
      .map((one) => row({ user, account: call.account }, one)),
  );
  return pageOf('ServiceSpecificCredentials', rows, input);
};

export const serviceCredentialOperations: Ops = {
  CreateServiceSpecificCredential: create,
  ResetServiceSpecificCredential: reset,
  ListServiceSpecificCredentials: list,
  UpdateServiceSpecificCredential: (world, input, call) => {
    credentialIn(userOrCaller(world, input, call), input).status = text(input, 'Status');
    return {};
  },
  DeleteServiceSpecificCredential: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    const gone = credentialIn(user, input);
    user.serviceCredentials = (user.serviceCredentials ?? []).filter((one) => one !== gone);
    return {};
  },
};

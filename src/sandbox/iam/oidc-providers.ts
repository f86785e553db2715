/** OpenID Connect identity providers of one account. */
import { AwsError, type Input, type Operation } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { alreadyExists, check, noSuchEntity, tagsIn } from './look.ts';
import { iamOf, type OidcProvider } from './state.ts';
import { own, text, type Member } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const arnMember: Member = { kind: 'string', required: true, min: 20, max: 2048 };
const clientId: Member = { kind: 'string', required: true, min: 1, max: 255 };

/** The provider that the input names; throws NoSuchEntity. */
export const providerIn = (world: World, account: string, input: Input): OidcProvider => {
  check(input, { OpenIDConnectProviderArn: arnMember });
  const arn = text(input, 'OpenIDConnectProviderArn');
  const provider = own(iamOf(world, account).oidcProviders, arn);
  if (provider) return provider;
  throw noSuchEntity(`OpenIDConnect Provider for arn ${arn}`);
};

const texts = (input: Input, member: string): string[] => {
  const list: unknown[] = Array.isArray(input[member]) ? (input[member] as unknown[]) : [];
  return list.map((one) => String(one));
};

const clientIdQuota = 100;

const create: Operation<World> = (world, input, call) => {
  check(input, { Url: { kind: 'string', required: true, min: 1, max: 255, pattern: /^https:\/\/[^\s?#]+$/ } });
  const Url = text(input, 'Url')
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '');
  const Arn = `arn:aws:iam::${call.account}:oidc-provider/${Url}`;
  const { oidcProviders } = iamOf(world, call.account);
  if (own(oidcProviders, Arn)) throw alreadyExists(`Provider with url ${text(input, 'Url')}`);
  const thumbprints = texts(input, 'ThumbprintList');
  if (thumbprints.some((one) => !/^[0-9A-Fa-f]{40}$/.test(one)))
    throw new AwsError('ValidationError', 'A thumbprint is 40 hexadecimal digits.');
  oidcProviders[Arn] = {
    Arn,
    Url,
    CreateDate: new Date(call.now).toISOString(),
    clientIds: texts(input, 'ClientIDList'),
    // Without one, IAM retrieves the top intermediate CA's thumbprint itself (CreateOpenIDConnectProvider).
    thumbprints: thumbprints.length > 0 ? thumbprints : ['1b511abead59c6ce207077c0bf0e0043b1382612'],
    Tags: tagsIn(input),
  };
  return { OpenIDConnectProviderArn: Arn };
};

const addClient: Operation<World> = (world, input, call) => {
  const provider = providerIn(world, call.account, input);
  check(input, { ClientID: clientId });
  const id = text(input, 'ClientID');
  if (provider.clientIds.includes(id)) return {};
  if (provider.clientIds.length >= clientIdQuota)
    throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${clientIdQuota}`);
  provider.clientIds = [...provider.clientIds, id];
  return {};
};

export const oidcOperations: Ops = {
  CreateOpenIDConnectProvider: create,
  AddClientIDToOpenIDConnectProvider: addClient,
  RemoveClientIDFromOpenIDConnectProvider: (world, input, call) => {
    const provider = providerIn(world, call.account, input);
    check(input, { ClientID: clientId });
    provider.clientIds = provider.clientIds.filter((id) => id !== text(input, 'ClientID'));
    return {};
  },
  UpdateOpenIDConnectProviderThumbprint: (world, input, call) => {
    providerIn(world, call.account, input).thumbprints = texts(input, 'ThumbprintList');
    return {};
  },
  DeleteOpenIDConnectProvider: (world, input, call) => {
    const { Arn } = providerIn(world, call.account, input);
    Reflect.deleteProperty(iamOf(world, call.account).oidcProviders, Arn);
    return {};
  },
  GetOpenIDConnectProvider: (world, input, call) => {
    const { Url, CreateDate, clientIds, thumbprints, Tags } = providerIn(world, call.account, input);
    return { Url, ClientIDList: clientIds, ThumbprintList: thumbprints, CreateDate, Tags };
  },
  ListOpenIDConnectProviders: (world, _input, call) => ({
    OpenIDConnectProviderList: Object.keys(iamOf(world, call.account).oidcProviders).map((Arn) => ({ Arn })),
  }),
};

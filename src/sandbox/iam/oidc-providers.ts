/** OpenID Connect identity providers of one account. */
import type { AwsError, CallInput, SandboxOperation } from '../core.ts';
import { secondsIso } from '../core.ts';
import { limitExceeded } from './documents.ts';
import {
  alreadyExists,
  invalidIamInput,
  missingIamEntity,
  iamTagsIn,
  tagsOutput,
  textListMember,
  validationError,
} from './look.ts';
import type { SandboxOidcProvider } from './state.ts';
import { iamOf } from './state.ts';
import { own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const find = (world: SandboxWorld, account: string, input: CallInput): SandboxOidcProvider | undefined =>
  own(iamOf(world, account).oidcProviders, textMember(input, 'OpenIDConnectProviderArn'));

/** The provider that the input names; throws NoSuchEntity. */
export const providerIn = (world: SandboxWorld, account: string, input: CallInput): SandboxOidcProvider => {
  const provider = find(world, account, input);
  if (provider) return provider;
  throw missingIamEntity(`OpenIDConnect Provider not found for arn ${textMember(input, 'OpenIDConnectProviderArn')}`);
};

const clientIdQuota = 100;
const thumbprintQuota = 5;

const tooManyClients = (): AwsError =>
  limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${clientIdQuota}`);

/** Throws unless there are at most five. */
const thumbprintsIn = (input: CallInput): string[] => {
  const thumbprints = textListMember(input, 'ThumbprintList');
  if (thumbprints.length > thumbprintQuota) throw invalidIamInput('Thumbprint list must contain fewer than 5 entries.');
  if (thumbprints.some((one) => !/^[0-9A-Fa-f]{40}$/.test(one)))
    throw invalidIamInput('Thumbprint must be 40 hexadecimal digits.');
  return thumbprints;
};

const create: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const asked = textMember(input, 'Url');
  if (!/^https:\/\/[^\s?#]+$/.test(asked)) throw validationError('Invalid Open ID Connect Provider URL');
  const Url = asked.replace(/^https:\/\//, '').replace(/\/$/, '');
  const Arn = `arn:aws:iam::${call.account}:oidc-provider/${Url}`;
  const { oidcProviders } = iamOf(world, call.account);
  const thumbprints = thumbprintsIn(input);
  const clientIds = textListMember(input, 'ClientIDList');
  if (clientIds.length > clientIdQuota) throw tooManyClients();
  if (own(oidcProviders, Arn)) throw alreadyExists(`Provider with url ${asked}`);
  const provider: SandboxOidcProvider = {
    Arn,
    Url,
    CreateDate: secondsIso(call.now),
    clientIds,
    // Without one, IAM retrieves the top intermediate CA's thumbprint itself (CreateOpenIDConnectProvider).
    thumbprints: thumbprints.length > 0 ? thumbprints : ['1b511abead59c6ce207077c0bf0e0043b1382612'],
    Tags: iamTagsIn(input, 'case-sensitive'),
  };
  oidcProviders[Arn] = provider;
  return { OpenIDConnectProviderArn: Arn, ...tagsOutput(provider) };
};

const addClient: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const provider = providerIn(world, call.account, input);
  const id = textMember(input, 'ClientID');
  if (provider.clientIds.includes(id)) return {};
  if (provider.clientIds.length >= clientIdQuota) throw tooManyClients();
  provider.clientIds = [...provider.clientIds, id];
  return {};
};

export const oidcOperations: WorldOperations = {
  CreateOpenIDConnectProvider: create,
  AddClientIDToOpenIDConnectProvider: addClient,
  RemoveClientIDFromOpenIDConnectProvider: (world, input, call) => {
    const provider = providerIn(world, call.account, input);
    provider.clientIds = provider.clientIds.filter((id) => id !== textMember(input, 'ClientID'));
    return {};
  },
  UpdateOpenIDConnectProviderThumbprint: (world, input, call) => {
    const thumbprints = thumbprintsIn(input);
    if (thumbprints.length === 0) throw invalidIamInput('Thumbprint list must contain at least one entry.');
    providerIn(world, call.account, input).thumbprints = thumbprints;
    return {};
  },
  DeleteOpenIDConnectProvider: (world, input, call) => {
    const provider = find(world, call.account, input);
    if (!provider)
      throw missingIamEntity(
        `OpenId connect Provider ${textMember(input, 'OpenIDConnectProviderArn')} cannot be found.`,
      );
    Reflect.deleteProperty(iamOf(world, call.account).oidcProviders, provider.Arn);
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

/** SAML identity providers of one account. */
import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { nextId, secondsIso } from '../core.ts';
import { alreadyExists, invalidIamInput, missingIamEntity, iamTagsIn } from './look.ts';
import type { SamlProvider } from './state.ts';
import { iamOf } from './state.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const providersOf = (world: SandboxWorld, account: string): Record<string, SamlProvider> => {
  const iam = iamOf(world, account);
  iam.samlProviders ??= {};
  return iam.samlProviders;
};

/** The provider that the input names; throws NoSuchEntity. */
export const samlProviderIn = (world: SandboxWorld, account: string, input: CallInput): SamlProvider => {
  const arn = textMember(input, 'SAMLProviderArn');
  const provider = own(providersOf(world, account), arn);
  if (provider) return provider;
  throw missingIamEntity(`Manifest not found for arn ${arn}`);
};

/** Throws unless the text is a SAML 2.0 description of an identity provider, which names itself. */
const metadataIn = (input: CallInput): string => {
  const metadata = textMember(input, 'SAMLMetadataDocument');
  if (/<([\w.-]+:)?EntityDescriptor\b[^>]*\bentityID=/.test(metadata) && metadata.includes('IDPSSODescriptor'))
    return metadata;
  throw invalidIamInput('Could not parse metadata');
};

/** Metadata that does not say how long it is good for is good for a hundred years. */
const validUntil = ({ metadata, CreateDate }: SamlProvider): string => {
  const [, written] = /\bvalidUntil="([^"]+)"/.exec(metadata) ?? [];
  if (written !== undefined && !Number.isNaN(Date.parse(written))) return secondsIso(Date.parse(written));
  return secondsIso(Date.parse(CreateDate) + 100 * 365 * 24 * 3_600_000);
};

const create: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const Arn = `arn:aws:iam::${call.account}:saml-provider/${textMember(input, 'Name')}`;
  const providers = providersOf(world, call.account);
  if (own(providers, Arn)) throw alreadyExists(`SAMLProvider ${Arn}`);
  const Tags = iamTagsIn(input, 'case-sensitive');
  providers[Arn] = {
    Arn,
    CreateDate: secondsIso(call.now),
    id: `ASAM${nextId(world.ids, 17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    metadata: metadataIn(input),
    encryption: optionalTextMember(input, 'AssertionEncryptionMode') ?? 'Allowed',
    Tags,
  };
  return { SAMLProviderArn: Arn, ...(Tags.length > 0 ? { Tags } : {}) };
};

const update: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const provider = samlProviderIn(world, call.account, input);
  if (input['SAMLMetadataDocument'] !== undefined) provider.metadata = metadataIn(input);
  provider.encryption = optionalTextMember(input, 'AssertionEncryptionMode') ?? provider.encryption;
  return { SAMLProviderArn: provider.Arn };
};

const get = (provider: SamlProvider): CallOutput => ({
  SAMLProviderUUID: provider.id,
  SAMLMetadataDocument: provider.metadata,
  CreateDate: provider.CreateDate,
  ValidUntil: validUntil(provider),
  Tags: provider.Tags,
  AssertionEncryptionMode: provider.encryption,
  PrivateKeyList: [],
});

export const samlOperations: WorldOperations = {
  CreateSAMLProvider: create,
  UpdateSAMLProvider: update,
  GetSAMLProvider: (world, input, call) => get(samlProviderIn(world, call.account, input)),
  DeleteSAMLProvider: (world, input, call) => {
    const { Arn } = samlProviderIn(world, call.account, input);
    Reflect.deleteProperty(providersOf(world, call.account), Arn);
    return {};
  },
  ListSAMLProviders: (world, _input, call) => ({
    SAMLProviderList: Object.values(providersOf(world, call.account)).map((provider) => ({
      Arn: provider.Arn,
      ValidUntil: validUntil(provider),
      CreateDate: provider.CreateDate,
    })),
  }),
};

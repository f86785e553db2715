/** SAML identity providers of one account. */
import { nextId, secondsIso, type Input, type Operation, type Output } from '../core.ts';
import { alreadyExists, invalidInput, missing, tagsIn } from './look.ts';
import { iamOf, type SamlProvider } from './state.ts';
import { optionalText, own, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const providersOf = (world: World, account: string): Record<string, SamlProvider> => {
  const iam = iamOf(world, account);
  iam.samlProviders ??= {};
  return iam.samlProviders;
};

/** The provider that the input names; throws NoSuchEntity. */
export const samlProviderIn = (world: World, account: string, input: Input): SamlProvider => {
  const arn = text(input, 'SAMLProviderArn');
  const provider = own(providersOf(world, account), arn);
  if (provider) return provider;
  throw missing(`Manifest not found for arn ${arn}`);
};

/** Throws unless the text is a SAML 2.0 description of an identity provider, which names itself. */
const metadataIn = (input: Input): string => {
  const metadata = text(input, 'SAMLMetadataDocument');
  if (/<([\w.-]+:)?EntityDescriptor\b[^>]*\bentityID=/.test(metadata) && metadata.includes('IDPSSODescriptor'))
    return metadata;
  throw invalidInput('Could not parse metadata');
};

/** Metadata that does not say how long it is good for is good for a hundred years. */
const validUntil = ({ metadata, CreateDate }: SamlProvider): string => {
  const [, written] = /\bvalidUntil="([^"]+)"/.exec(metadata) ?? [];
  if (written !== undefined && !Number.isNaN(Date.parse(written))) return secondsIso(Date.parse(written));
  return secondsIso(Date.parse(CreateDate) + 100 * 365 * 24 * 3_600_000);
};

const create: Operation<World> = (world, input, call) => {
  const Arn = `arn:aws:iam::${call.account}:saml-provider/${text(input, 'Name')}`;
  const providers = providersOf(world, call.account);
  if (own(providers, Arn)) throw alreadyExists(`SAMLProvider ${Arn}`);
  const Tags = tagsIn(input, 'case-sensitive');
  providers[Arn] = {
    Arn,
    CreateDate: secondsIso(call.now),
    id: `ASAM${nextId(world.ids, 17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    metadata: metadataIn(input),
    encryption: optionalText(input, 'AssertionEncryptionMode') ?? 'Allowed',
    Tags,
  };
  return { SAMLProviderArn: Arn, ...(Tags.length > 0 ? { Tags } : {}) };
};

const update: Operation<World> = (world, input, call) => {
  const provider = samlProviderIn(world, call.account, input);
  if (input['SAMLMetadataDocument'] !== undefined) provider.metadata = metadataIn(input);
  provider.encryption = optionalText(input, 'AssertionEncryptionMode') ?? provider.encryption;
  return { SAMLProviderArn: provider.Arn };
};

const get = (provider: SamlProvider): Output => ({
  SAMLProviderUUID: provider.id,
  SAMLMetadataDocument: provider.metadata,
  CreateDate: provider.CreateDate,
  ValidUntil: validUntil(provider),
  Tags: provider.Tags,
  AssertionEncryptionMode: provider.encryption,
  PrivateKeyList: [],
});

export const samlOperations: Ops = {
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

/** The keys of an account in a Region, and how KMS finds and shows them. */
import type { CallInput, CallOutput, SandboxCall } from '../core.ts';
import { AwsError, nextUuid } from '../core.ts';
import { optionalTextMember, textMember } from '../members.ts';
import { accessTo, authorize } from '../resources/authorize.ts';
import { arnParts } from '../resources/look.ts';
import type { HeldResource, StoredResourcePolicy } from '../resources/state.ts';
import { heldAt, heldIn, hold } from '../resources/state.ts';
import type { SandboxWorld } from '../world.ts';

export const kmsDenied = (message: string): AwsError => new AwsError('AccessDeniedException', message);

const kmsNotFound = (message: string): AwsError => new AwsError('NotFoundException', message);

/** Aliases that lead to a key, without `alias/`. */
export const aliasesOf = ({ attributes }: HeldResource): readonly string[] =>
  (attributes['aliases'] ?? '').split(' ').filter((alias) => alias !== '');

type KeyReference = { readonly account: string; readonly id: string };

const referenceOf = (text: string, call: SandboxCall): KeyReference => {
  const parts = arnParts('kms', text);
  if (text.startsWith('arn:') && (parts === undefined || !/^(key|alias)\//.test(parts.resource)))
    throw new AwsError('InvalidArnException', `Invalid arn ${call.region}`);
  if (parts !== undefined && parts.region !== call.region) throw kmsNotFound(`Invalid arn ${parts.region}`);
  const { account = call.account, resource = text } = parts ?? {};
  return { account, id: resource.replace(/^key\//, '') };
};

/** The key that an id, an ARN or an alias means. Throws when there is none. */
export const kmsKeyMeant = (world: SandboxWorld, input: CallInput, call: SandboxCall): HeldResource => {
  const { account, id } = referenceOf(textMember(input, 'KeyId'), call);
  const place = { account, region: call.region };
  const alias = id.startsWith('alias/') ? id.slice('alias/'.length) : undefined;
  const found =
    alias === undefined
      ? heldAt(world, place, { service: 'kms', name: id })
      : heldIn(world, place, 'kms').find((key) => aliasesOf(key).includes(alias));
  if (found) return found;
  const arn = `arn:aws:kms:${call.region}:${account}:`;
  throw kmsNotFound(alias === undefined ? `Key '${arn}key/${id}' does not exist` : `Alias ${arn}${id} is not found.`);
};

/** As `kmsKeyMeant`, by one who may do this with it. */
export const keyFor = (
  world: SandboxWorld,
  input: CallInput,
  { call, action }: { readonly call: SandboxCall; readonly action: string },
): HeldResource => {
  const key = kmsKeyMeant(world, input, call);
  authorize(world, call, { ...accessTo(`kms:${action}`, key), refuse: kmsDenied });
  return key;
};

export const keyOutput = ({ name, arn, createdAt, attributes }: HeldResource): CallOutput => ({
  AWSAccountId: arn.split(':')[4],
  KeyId: name,
  Arn: arn,
  CreationDate: createdAt / 1000,
  Enabled: true,
  Description: attributes['description'] ?? '',
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyState: 'Enabled',
  Origin: 'AWS_KMS',
  KeyManager: attributes['manager'] ?? 'CUSTOMER',
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
  KeySpec: 'SYMMETRIC_DEFAULT',
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  MultiRegion: false,
});

export type NewKmsKey = {
  readonly policy: StoredResourcePolicy;
  readonly input: CallInput;
  readonly call: SandboxCall;
};

export const makeKey = (world: SandboxWorld, { policy, input, call }: NewKmsKey): HeldResource => {
  const name = nextUuid(world.ids);
  const arn = `arn:aws:kms:${call.region}:${call.account}:key/${name}`;
  const description = optionalTextMember(input, 'Description');
  const attributes: Record<string, string> = description === undefined ? {} : { description };
  const { region, now } = call;
  return hold(world, call.account, { service: 'kms', region, name, arn, createdAt: now, policy, attributes });
};

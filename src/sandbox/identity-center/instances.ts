/** The Identity Center instance, its access control attributes, and the tags of instance and permission sets. */
import { quotas } from '../../model/quotas.ts';
import { nextId, type Input, type Call, type Operation, type Output } from '../core.ts';
import { emptyIdentityStore } from '../identity-store/state.ts';
import { own } from '../members.ts';
import { invalid, list, optional, present, required, seconds, structure, structures } from './input.ts';
import {
  conflict,
  instanceOf,
  notFound,
  overQuota,
  permissionSetByArn,
  requireManagement,
  requireRightToChange,
} from './lookup.ts';
import { paged } from './page.ts';
import { removeReservedRole } from './roles.ts';
import { emptySso, noInstance, type AttributeSource, type SsoState } from './state.ts';
import { tagsFrom } from './values.ts';
import type { World } from '../world.ts';

const shown = (sso: SsoState): Output =>
  present({
    InstanceArn: sso.instanceArn,
    IdentityStoreId: sso.identityStoreId,
    OwnerAccountId: sso.ownerAccountId,
    Name: sso.name,
    CreatedDate: seconds(sso.createdDate),
    Status: 'ACTIVE',
  });

/** An account that belongs to no organization has none unless somebody makes it one. */
const listInstances: Operation<World> = ({ organizations, sso }, input) => {
  const isThere = sso.instanceArn !== '' && (organizations.id.startsWith('o-') || sso.isOwn === true);
  return paged(input, 'Instances', isThere ? [shown(sso)] : []);
};

const describeInstance: Operation<World> = (world, input) => ({
  ...shown(instanceOf(world, input)),
  EncryptionConfigurationDetails: {
    ...(world.sso.encryption ?? { KeyType: 'AWS_OWNED_KMS_KEY' }),
    EncryptionStatus: 'ENABLED',
  },
});

const encryptionFrom = (input: Input): SsoState['encryption'] => {
  const configuration = structure(input, 'EncryptionConfiguration');
  if (!configuration) return undefined;
  const KeyType = required(configuration, 'KeyType');
  const KmsKeyArn = optional(configuration, 'KmsKeyArn');
  if ((KeyType === 'CUSTOMER_MANAGED_KEY') !== (KmsKeyArn !== null))
    throw invalid('A KmsKeyArn goes with the key type CUSTOMER_MANAGED_KEY and with no other.');
  return KmsKeyArn === null ? { KeyType } : { KeyType, KmsKeyArn };
};

const updateInstance: Operation<World> = (world, input) => {
  const sso = instanceOf(world, input);
  const encryption = encryptionFrom(input);
  sso.name = optional(input, 'Name') ?? sso.name;
  if (encryption) sso.encryption = encryption;
  return {};
};

/**
 * AWS's own makes account instances alone; that of an organization is enabled in the console. For whoever has no console
 * here the management account makes it this way.
 */
const createInstance: Operation<World> = (world, input, call) => {
  const { sso, ids, identityStore } = world;
  if (sso.instanceArn !== '') throw conflict('There is an instance of IAM Identity Center already.');
  const identityStoreId = `d-${nextId(ids, 10)}`;
  const instance = emptySso({
    instanceArn: `arn:aws:sso:::instance/ssoins-${nextId(ids, 16)}`,
    identityStoreId,
    ownerAccountId: call.account,
    region: call.region,
    createdDate: call.now,
  });
  Object.assign(sso, instance, { isOwn: true, name: optional(input, 'Name'), instanceTags: tagsFrom(input) });
  Object.assign(identityStore, emptyIdentityStore(identityStoreId));
  return { InstanceArn: sso.instanceArn };
};

/** Its store and its roles go with it. */
const deleteInstance: Operation<World> = (world, input, call) => {
  const { sso, identityStore } = world;
  if (instanceOf(world, input).ownerAccountId !== call.account) requireManagement(world, call);
  for (const { permissionSetArn, accountId } of sso.provisioned) removeReservedRole(world, permissionSetArn, accountId);
  Object.assign(sso, noInstance(sso.region), { applications: {}, tokenIssuers: {}, regions: [] });
  Object.assign(identityStore, emptyIdentityStore(''));
  delete sso.isOwn;
  delete sso.encryption;
  return {};
};

const attributeText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u;

const attributesFrom = (input: Input): readonly AttributeSource[] => {
  const configuration = structure(input, 'InstanceAccessControlAttributeConfiguration') ?? {};
  return structures(configuration, 'AccessControlAttributes', { max: 50 }).map((attribute) => ({
    Key: required(attribute, 'Key', { min: 1, max: 128, pattern: attributeText }),
    Value: { Source: list(structure(attribute, 'Value') ?? {}, 'Source', { min: 1, max: 1 }).map(String) },
  }));
};

const configured = (world: World, input: Input): readonly AttributeSource[] => {
  const { accessControlAttributes } = instanceOf(world, input);
  if (!accessControlAttributes) throw notFound('The instance has no access control attribute configuration.');
  return accessControlAttributes;
};

const createAttributes: Operation<World> = (world, input) => {
  const sso = instanceOf(world, input);
  if (sso.accessControlAttributes)
    throw conflict('The instance already has an access control attribute configuration.');
  sso.accessControlAttributes = attributesFrom(input);
  return {};
};

const describeAttributes: Operation<World> = (world, input) => ({
  Status: 'ENABLED',
  InstanceAccessControlAttributeConfiguration: { AccessControlAttributes: configured(world, input) },
});

const updateAttributes: Operation<World> = (world, input) => {
  configured(world, input);
  instanceOf(world, input).accessControlAttributes = attributesFrom(input);
  return {};
};

const deleteAttributes: Operation<World> = (world, input) => {
  configured(world, input);
  instanceOf(world, input).accessControlAttributes = null;
  return {};
};

type Tags = Readonly<Record<string, string>>;
type Tagged = { readonly read: () => Tags; readonly write: (tags: Tags) => void };

const tagged = (world: World, input: Input): Tagged => {
  const arn = required(input, 'ResourceArn', { min: 10, max: 2048 });
  if (input['InstanceArn'] !== undefined) instanceOf(world, input);
  const { sso } = world;
  if (arn === sso.instanceArn) return { read: () => sso.instanceTags, write: (tags) => void (sso.instanceTags = tags) };
  const set = own(sso.applications ?? {}, arn) ?? own(sso.tokenIssuers ?? {}, arn) ?? permissionSetByArn(world, arn);
  return { read: () => set.tags, write: (tags) => void (set.tags = tags) };
};

const changeable = (world: World, input: Input, call: Call): Tagged => {
  const resource = tagged(world, input);
  requireRightToChange(world, call, required(input, 'ResourceArn'));
  return resource;
};

const listTags: Operation<World> = (world, input) =>
  paged(
    input,
    'Tags',
    Object.entries(tagged(world, input).read()).map(([Key, Value]) => ({ Key, Value })),
  );

const tagResource: Operation<World> = (world, input, call) => {
  const resource = changeable(world, input, call);
  const tags = { ...resource.read(), ...tagsFrom(input) };
  if (Object.keys(tags).length > quotas.permissionSetTags)
    throw overQuota(`A resource has at most ${quotas.permissionSetTags} tags.`);
  resource.write(tags);
  return {};
};

const untagResource: Operation<World> = (world, input, call) => {
  const resource = changeable(world, input, call);
  const keys = new Set(list(input, 'TagKeys', { min: 1, max: 75 }));
  resource.write(Object.fromEntries(Object.entries(resource.read()).filter(([key]) => !keys.has(key))));
  return {};
};

export const instanceOperations: Readonly<Record<string, Operation<World>>> = {
  CreateInstance: createInstance,
  DeleteInstance: deleteInstance,
  ListInstances: listInstances,
  DescribeInstance: describeInstance,
  UpdateInstance: updateInstance,
  CreateInstanceAccessControlAttributeConfiguration: createAttributes,
  DescribeInstanceAccessControlAttributeConfiguration: describeAttributes,
  UpdateInstanceAccessControlAttributeConfiguration: updateAttributes,
  DeleteInstanceAccessControlAttributeConfiguration: deleteAttributes,
  ListTagsForResource: listTags,
  TagResource: tagResource,
  UntagResource: untagResource,
};

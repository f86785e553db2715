/** The Identity Center instance, its access control attributes, and the tags of instance and permission sets. */
import { quotas } from '../../model/quotas.ts';
import type { CallInput, SandboxCall, SandboxOperation, CallOutput } from '../core.ts';
import { nextId } from '../core.ts';
import { emptyIdentityStore } from '../identity-store/state.ts';
import { own } from '../members.ts';
import {
  invalidSsoInput,
  list,
  optionalInput,
  present,
  requiredInput,
  seconds,
  structure,
  structures,
} from './input.ts';
import {
  ssoConflict,
  instanceOf,
  ssoNotFound,
  ssoOverQuota,
  permissionSetByArn,
  requireManagement,
  requireRightToChange,
} from './lookup.ts';
import { paged } from './page.ts';
import { regionsShown } from './token-issuers.ts';
import { removeReservedRole } from './roles.ts';
import type { AttributeSource, SsoState } from './state.ts';
import { emptySso, ssoWithoutInstance } from './state.ts';
import { tagsFrom } from './values.ts';
import type { SandboxWorld } from '../world.ts';

const shown = (sso: SsoState): CallOutput =>
  present({
    InstanceArn: sso.instanceArn,
    IdentityStoreId: sso.identityStoreId,
    OwnerAccountId: sso.ownerAccountId,
    Name: sso.name,
    CreatedDate: seconds(sso.createdDate),
    Status: 'ACTIVE',
  });

/** An account that belongs to no organization has none unless somebody makes it one. */
const listInstances: SandboxOperation<SandboxWorld> = ({ organizations, sso }, input) => {
  const isThere = sso.instanceArn !== '' && (organizations.id.startsWith('o-') || sso.isOwn === true);
  return paged(input, 'Instances', isThere ? [shown(sso)] : []);
};

const describeInstance: SandboxOperation<SandboxWorld> = (world, input, { now }) => ({
  ...shown(instanceOf(world, input)),
  ...regionsShown(world, now),
  PermissionSetsEnabled: true,
  EncryptionConfigurationDetails: {
    ...(world.sso.encryption ?? { KeyType: 'AWS_OWNED_KMS_KEY' }),
    EncryptionStatus: 'ENABLED',
  },
});

const encryptionFrom = (input: CallInput): SsoState['encryption'] => {
  const configuration = structure(input, 'EncryptionConfiguration');
  if (!configuration) return undefined;
  const KeyType = requiredInput(configuration, 'KeyType');
  const KmsKeyArn = optionalInput(configuration, 'KmsKeyArn');
  if ((KeyType === 'CUSTOMER_MANAGED_KEY') !== (KmsKeyArn !== null))
    throw invalidSsoInput('A KmsKeyArn goes with the key type CUSTOMER_MANAGED_KEY and with no other.');
  return KmsKeyArn === null ? { KeyType } : { KeyType, KmsKeyArn };
};

const updateInstance: SandboxOperation<SandboxWorld> = (world, input) => {
  const sso = instanceOf(world, input);
  const encryption = encryptionFrom(input);
  sso.name = optionalInput(input, 'Name') ?? sso.name;
  if (encryption) sso.encryption = encryption;
  return {};
};

/**
 * AWS's own makes account instances alone; that of an organization is enabled in the console. For whoever has no console
 * here the management account makes it this way.
 */
const createInstance: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { sso, ids, identityStore } = world;
  if (sso.instanceArn !== '') throw ssoConflict('There is an instance of IAM Identity Center already.');
  const identityStoreId = `d-${nextId(ids, 10)}`;
  const instance = emptySso({
    instanceArn: `arn:aws:sso:::instance/ssoins-${nextId(ids, 16)}`,
    identityStoreId,
    ownerAccountId: call.account,
    region: call.region,
    createdDate: call.now,
  });
  Object.assign(sso, instance, { isOwn: true, name: optionalInput(input, 'Name'), instanceTags: tagsFrom(input) });
  Object.assign(identityStore, emptyIdentityStore(identityStoreId));
  return { InstanceArn: sso.instanceArn };
};

/** Its store and its roles go with it. */
const deleteInstance: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { sso, identityStore } = world;
  if (instanceOf(world, input).ownerAccountId !== call.account) requireManagement(world, call);
  for (const { permissionSetArn, accountId } of sso.provisioned) removeReservedRole(world, permissionSetArn, accountId);
  Object.assign(sso, ssoWithoutInstance(sso.region), { applications: {}, tokenIssuers: {}, regions: [] });
  Object.assign(identityStore, emptyIdentityStore(''));
  delete sso.isOwn;
  delete sso.encryption;
  return {};
};

const attributeText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u;

const attributesFrom = (input: CallInput): readonly AttributeSource[] => {
  const configuration = structure(input, 'InstanceAccessControlAttributeConfiguration') ?? {};
  return structures(configuration, 'AccessControlAttributes', { max: 50 }).map((attribute) => ({
    Key: requiredInput(attribute, 'Key', { min: 1, max: 128, pattern: attributeText }),
    Value: { Source: list(structure(attribute, 'Value') ?? {}, 'Source', { min: 1, max: 1 }).map(String) },
  }));
};

const configured = (world: SandboxWorld, input: CallInput): readonly AttributeSource[] => {
  const { accessControlAttributes } = instanceOf(world, input);
  if (!accessControlAttributes) throw ssoNotFound('The instance has no access control attribute configuration.');
  return accessControlAttributes;
};

const createAttributes: SandboxOperation<SandboxWorld> = (world, input) => {
  const sso = instanceOf(world, input);
  if (sso.accessControlAttributes)
    throw ssoConflict('The instance already has an access control attribute configuration.');
  sso.accessControlAttributes = attributesFrom(input);
  return {};
};

const describeAttributes: SandboxOperation<SandboxWorld> = (world, input) => ({
  Status: 'ENABLED',
  InstanceAccessControlAttributeConfiguration: { AccessControlAttributes: configured(world, input) },
});

const updateAttributes: SandboxOperation<SandboxWorld> = (world, input) => {
  configured(world, input);
  instanceOf(world, input).accessControlAttributes = attributesFrom(input);
  return {};
};

const deleteAttributes: SandboxOperation<SandboxWorld> = (world, input) => {
  configured(world, input);
  instanceOf(world, input).accessControlAttributes = null;
  return {};
};

type SsoTags = Readonly<Record<string, string>>;
type TagsAccess = { readonly read: () => SsoTags; readonly write: (tags: SsoTags) => void };

const tagged = (world: SandboxWorld, input: CallInput): TagsAccess => {
  const arn = requiredInput(input, 'ResourceArn', { min: 10, max: 2048 });
  if (input['InstanceArn'] !== undefined) instanceOf(world, input);
  const { sso } = world;
  if (arn === sso.instanceArn) return { read: () => sso.instanceTags, write: (tags) => void (sso.instanceTags = tags) };
  const set = own(sso.applications ?? {}, arn) ?? own(sso.tokenIssuers ?? {}, arn) ?? permissionSetByArn(world, arn);
  return { read: () => set.tags, write: (tags) => void (set.tags = tags) };
};

const changeable = (world: SandboxWorld, input: CallInput, call: SandboxCall): TagsAccess => {
  const resource = tagged(world, input);
  requireRightToChange(world, call, requiredInput(input, 'ResourceArn'));
  return resource;
};

const listTags: SandboxOperation<SandboxWorld> = (world, input) =>
  paged(
    input,
    'Tags',
    Object.entries(tagged(world, input).read()).map(([Key, Value]) => ({ Key, Value })),
  );

const tagResource: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const resource = changeable(world, input, call);
  const tags = { ...resource.read(), ...tagsFrom(input) };
  if (Object.keys(tags).length > quotas.permissionSetTags)
    throw ssoOverQuota(`A resource has at most ${quotas.permissionSetTags} tags.`);
  resource.write(tags);
  return {};
};

const untagResource: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const resource = changeable(world, input, call);
  const keys = new Set(list(input, 'TagKeys', { min: 1, max: 75 }));
  resource.write(Object.fromEntries(Object.entries(resource.read()).filter(([key]) => !keys.has(key))));
  return {};
};

export const instanceOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
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

/** Tags: the same three operations for everything in IAM that has them. */
import type { CallInput } from '../core.ts';
import type { TagKeys } from './look.ts';
import { missingIamEntity, iamListPage, tagKey, iamTagsIn, textListMember } from './look.ts';
import { limitExceeded } from './documents.ts';
import { instanceProfileIn } from './instance-profiles.ts';
import { providerIn } from './oidc-providers.ts';
import { ownPolicyIn } from './policies.ts';
import { iamRoleIn, roleToChange } from './roles.ts';
import { samlProviderIn } from './saml-providers.ts';
import { certificateIn } from './server-certificates.ts';
import { userIn } from './users.ts';
import { virtualDeviceIn } from './virtual-mfa.ts';
import { textMember } from '../members.ts';
import type { Tag } from '../organizations/state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
type TaggedResource = { Tags: Tag[] };
type FindTagged = (world: SandboxWorld, account: string, input: CallInput) => TaggedResource;

type TaggedKind = {
  readonly name: string;
  readonly keys: TagKeys;
  readonly find: FindTagged;
  readonly findToChange?: FindTagged;
};

/** A new value takes the old one's place; a new key comes last. */
const merged = (old: readonly Tag[], added: readonly Tag[], keys: TagKeys): Tag[] => {
  const isSame = (one: Tag) => (other: Tag) => tagKey(one.Key, keys) === tagKey(other.Key, keys);
  return [...old.map((tag) => added.find(isSame(tag)) ?? tag), ...added.filter((tag) => !old.some(isSame(tag)))];
};

/** Lists of the kinds with case-sensitive keys come back by length and then by code unit, as recorded answers do. */
const listed = (tags: readonly Tag[], keys: TagKeys): readonly Tag[] =>
  keys === 'case-insensitive'
    ? tags
    : [...tags].sort((a, b) => a.Key.length - b.Key.length || (a.Key < b.Key ? -1 : 1));

const tagOperations = ({ name, keys, find, findToChange = find }: TaggedKind): WorldOperations => ({
  [`Tag${name}`]: (world, input, call) => {
    const tagged = findToChange(world, call.account, input);
    const tags = merged(tagged.Tags, iamTagsIn(input, keys), keys);
    if (tags.length > 50) throw limitExceeded('The number of tags has reached the maximum limit.');
    tagged.Tags = tags;
    return {};
  },
  [`Untag${name}`]: (world, input, call) => {
    const tagged = findToChange(world, call.account, input);
    const gone = new Set(textListMember(input, 'TagKeys').map((key) => tagKey(key, keys)));
    tagged.Tags = tagged.Tags.filter(({ Key }) => !gone.has(tagKey(Key, keys)));
    return {};
  },
  [`List${name}Tags`]: (world, input, call) =>
    iamListPage('Tags', listed(find(world, call.account, input).Tags, keys), input),
});

const policyTagged: FindTagged = (world, account, input) => {
  const policy = ownPolicyIn(world, account, input);
  if (policy) return policy;
  throw missingIamEntity(`Policy ${textMember(input, 'PolicyArn')} was not found.`);
};

const sensitive = (name: string, find: FindTagged): WorldOperations =>
  tagOperations({ name, keys: 'case-sensitive', find });

export const everyTagOperation: WorldOperations = {
  ...tagOperations({ name: 'Role', keys: 'case-insensitive', find: iamRoleIn, findToChange: roleToChange }),
  ...tagOperations({ name: 'User', keys: 'case-insensitive', find: userIn }),
  ...sensitive('Policy', policyTagged),
  ...sensitive('OpenIDConnectProvider', providerIn),
  ...sensitive('InstanceProfile', instanceProfileIn),
  ...sensitive('SAMLProvider', samlProviderIn),
  ...sensitive('ServerCertificate', certificateIn),
  ...sensitive('MFADevice', virtualDeviceIn),
};

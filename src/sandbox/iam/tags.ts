/** Tags: the same three operations for everything in IAM that has them. */
import type { Input, Operation } from '../core.ts';
import { missing, pageOf, tagKey, tagsIn, textsIn, type TagKeys } from './look.ts';
import { limitExceeded } from './documents.ts';
import { instanceProfileIn } from './instance-profiles.ts';
import { providerIn } from './oidc-providers.ts';
import { ownPolicyIn } from './policies.ts';
import { roleIn, roleToChange } from './roles.ts';
import { samlProviderIn } from './saml-providers.ts';
import { certificateIn } from './server-certificates.ts';
import { userIn } from './users.ts';
import { virtualDeviceIn } from './virtual-mfa.ts';
import { text } from '../members.ts';
import type { Tag } from '../organizations/state.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;
type Tagged = { Tags: Tag[] };
type Find = (world: World, account: string, input: Input) => Tagged;

type Kind = { readonly name: string; readonly keys: TagKeys; readonly find: Find; readonly findToChange?: Find };

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

const tagOperations = ({ name, keys, find, findToChange = find }: Kind): Ops => ({
  [`Tag${name}`]: (world, input, call) => {
    const tagged = findToChange(world, call.account, input);
    const tags = merged(tagged.Tags, tagsIn(input, keys), keys);
    if (tags.length > 50) throw limitExceeded('The number of tags has reached the maximum limit.');
    tagged.Tags = tags;
    return {};
  },
  [`Untag${name}`]: (world, input, call) => {
    const tagged = findToChange(world, call.account, input);
    const gone = new Set(textsIn(input, 'TagKeys').map((key) => tagKey(key, keys)));
    tagged.Tags = tagged.Tags.filter(({ Key }) => !gone.has(tagKey(Key, keys)));
    return {};
  },
  [`List${name}Tags`]: (world, input, call) =>
    pageOf('Tags', listed(find(world, call.account, input).Tags, keys), input),
});

const policyTagged: Find = (world, account, input) => {
  const policy = ownPolicyIn(world, account, input);
  if (policy) return policy;
  throw missing(`Policy ${text(input, 'PolicyArn')} was not found.`);
};

const sensitive = (name: string, find: Find): Ops => tagOperations({ name, keys: 'case-sensitive', find });

export const everyTagOperation: Ops = {
  ...tagOperations({ name: 'Role', keys: 'case-insensitive', find: roleIn, findToChange: roleToChange }),
  ...tagOperations({ name: 'User', keys: 'case-insensitive', find: userIn }),
  ...sensitive('Policy', policyTagged),
  ...sensitive('OpenIDConnectProvider', providerIn),
  ...sensitive('InstanceProfile', instanceProfileIn),
  ...sensitive('SAMLProvider', samlProviderIn),
  ...sensitive('ServerCertificate', certificateIn),
  ...sensitive('MFADevice', virtualDeviceIn),
};

/** Tags: the same three operations for everything in IAM that has them. */
import type { Input, Operation } from '../core.ts';
import { check, noSuchEntity, pageOf, tagKeysIn, tagsIn } from './look.ts';
import { limitExceeded } from './documents.ts';
import { instanceProfileIn } from './instance-profiles.ts';
import { providerIn } from './oidc-providers.ts';
import { ownPolicyIn } from './policies.ts';
import { roleIn, roleToChange } from './roles.ts';
import { userIn } from './users.ts';
import type { Tag } from '../organizations/state.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;
type Tagged = { Tags: Tag[] };
type Find = (world: World, account: string, input: Input) => Tagged;

/** Tag keys are told apart without regard to case ("Rules for tagging in IAM and AWS STS"). */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const tagOperations = (name: string, find: Find, findToChange: Find = find): Ops => ({
  [`Tag${name}`]: (world, input, call) => {
    const tagged = findToChange(world, call.account, input);
    const added = tagsIn(input);
    const kept = tagged.Tags.filter(({ Key }) => !added.some((tag) => isSame(tag.Key, Key)));
    if (kept.length + added.length > 50) throw limitExceeded('Cannot exceed quota for TagsPerResource: 50');
    tagged.Tags = [...kept, ...added];
    return {};
  },
  [`Untag${name}`]: (world, input, call) => {
    const tagged = findToChange(world, call.account, input);
    const keys = tagKeysIn(input);
    tagged.Tags = tagged.Tags.filter(({ Key }) => !keys.some((key) => isSame(key, Key)));
    return {};
  },
  [`List${name}Tags`]: (world, input, call) => {
    check(input, {});
    return pageOf('Tags', find(world, call.account, input).Tags, input);
  },
});

const policyTagged: Find = (world, account, input) => {
  const policy = ownPolicyIn(world, account, input);
  if (policy) return policy;
  throw noSuchEntity('policy');
};

export const everyTagOperation: Ops = {
  ...tagOperations('Role', roleIn, roleToChange),
  ...tagOperations('Policy', policyTagged),
  ...tagOperations('User', userIn),
  ...tagOperations('OpenIDConnectProvider', providerIn),
  ...tagOperations('InstanceProfile', instanceProfileIn),
};

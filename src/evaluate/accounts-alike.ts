/**
 * Accounts in which the same is given under the same guard rails, and which no document tells apart: what is answered of one
 * is answered of all of them. Who has roles, users or resources of its own is asked by itself.
 */
import { remembered, rememberedOf } from '../model/lists.ts';
import type { PolicyDocument } from '../model/policy.ts';
import { isInAccount, principalText, targetText } from '../model/resource.ts';
import type { Account, Attachment, Resource } from '../model/resource.ts';
import { accountsToldBy } from './accounts-told.ts';
import type { AccountsTold } from './accounts-told.ts';
import type { AccessWorld } from './policies-of.ts';

const inDocuments = (resource: Resource, { catalogue }: AccessWorld): readonly (PolicyDocument | undefined)[] => {
  if ('document' in resource) return [resource.document];
  if (resource.kind !== 'permission-set' && resource.kind !== 'role') return [];
  const { managedPolicies, permissionsBoundary: boundary } = resource;
  const limit = boundary !== undefined && 'managedPolicy' in boundary ? [boundary.managedPolicy] : [];
  const own =
    resource.kind === 'role' ? [resource.trust, ...Object.values(resource.inlinePolicies)] : [resource.inlinePolicy];
  return [...own, ...[...managedPolicies, ...limit].map((arn) => catalogue.document(arn))];
};

/** Of users that are not ours, too. */
const toldIn = (world: AccessWorld, resources: readonly Resource[]): AccountsTold =>
  accountsToldBy(resources.flatMap((one) => inDocuments(one, world)).filter((one) => one !== undefined));

const othersIn = ({ state }: AccessWorld): readonly Resource[] =>
  Object.keys(state).flatMap((key) => {
    const resource = state[key];
    return resource === undefined || resource.kind === 'assignment' || resource.kind === 'membership' ? [] : [resource];
  });

const hasOwn = (world: AccessWorld, resources: readonly Resource[]): ((account: Account) => boolean) => {
  const homes = new Set(
    resources.flatMap((one) => (isInAccount(one) || one.kind === 'entitlement' ? [one.account] : [])),
  );
  return ({ name }) =>
    name === world.managementAccount ||
    homes.has(name) ||
    world.usersIn(name).length > 0 ||
    world.unreadIam?.has(name) === true;
};

/** What is given there, as numbers: each for a principal with a set. */
const givenIn = (world: AccessWorld): ((account: string) => string) => {
  const known = new Map<string, number>();
  return (account) => {
    const numbers = world.assignmentsIn(account).map(({ principal, permissionSet }) => {
      const text = `${principalText(principal)}\n${permissionSet}`;
      const number = known.get(text) ?? known.size;
      known.set(text, number);
      return number;
    });
    return numbers.sort((one, other) => one - other).join();
  };
};

const hungOn = (resources: readonly Resource[]): ((account: string) => string) => {
  const isAtAccount = (one: Resource): one is Attachment => one.kind === 'attachment' && one.target.type === 'account';
  const hung = new Map<string, string>();
  for (const { policy, target } of resources.filter(isAtAccount)) {
    const place = targetText(target);
    hung.set(place, `${hung.get(place) ?? ''}\n${policy.kind} ${policy.name}`);
  }
  return (name) => hung.get(targetText({ type: 'account', name })) ?? '';
};

/** Equal for accounts that are alike; nothing for one that is asked by itself. */
export type ClassOf = (account: string) => string | undefined;

export const alikeIn = rememberedOf((world: AccessWorld): ClassOf => {
  const others = othersIn(world);
  const told = toldIn(world, others);
  if (told.apart || world.users.size > 0) return () => undefined;
  const [isApart, given, hung] = [hasOwn(world, others), givenIn(world), hungOn(others)];
  const sets = others.flatMap((one) => (one.kind === 'permission-set' && one.outdatedIn.length > 0 ? [one] : []));
  return remembered((name: string) => {
    const account = world.accounts.get(name);
    if (account === undefined || told.named.has(account.id) || isApart(account)) return undefined;
    const outdated = sets.flatMap((set) => (set.outdatedIn.includes(name) ? [set.name] : []));
    return JSON.stringify([account.parent, hung(name), given(name), outdated]);
  });
});

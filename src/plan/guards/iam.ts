/** What a permission set or a role names has to be there, in each account where it is used. */
import type { Change, Note } from '../../model/plan.ts';
import { afterOf } from '../../model/plan.ts';
import type { Key, Resource, Role, State } from '../../model/resource.ts';
import {
  customerPolicyKey,
  entitledRoleKey,
  iamScope,
  oidcProviderKey,
  permissionSetKey,
  resourcesOf,
  roleKey,
} from '../../model/resource.ts';
import { accountsOfSets } from '../diff/customer-policies.ts';
import { namedPolicies, trusted } from '../situation/mentions.ts';
import type { Situation } from '../situation/situation.ts';
import type { Guard } from './guard.ts';

/** `by` needs `needed`, a key, in the account. */
type NamedNeed = { readonly by: Key; readonly account: string; readonly needed: Key };
type IamPlan = { readonly situation: Situation; readonly changes: readonly Change[]; readonly result: State };

/** Who was let into an account found there at least the role that let them in: where no role is known, nobody was. */
const seenAccounts = ({ live, blocked }: Situation): ReadonlySet<string> =>
  new Set(
    resourcesOf(live.state, 'role')
      .map(({ account }) => account)
      .filter((account) => !blocked.has(iamScope(account))),
  );

const needsIn = (by: Key, accounts: Iterable<string>, resource: Resource | undefined): readonly NamedNeed[] => {
  if (resource?.kind !== 'permission-set' && resource?.kind !== 'role') return [];
  const policies = namedPolicies(resource);
  return [...accounts].flatMap((account) =>
    policies.map((policy) => ({ by, account, needed: customerPolicyKey({ ...policy, account }) })),
  );
};

/** Of what the changes bring about; what was so before is not refused for it. */
const policyNeeds = ({ changes, result }: IamPlan): readonly NamedNeed[] => {
  const accounts = accountsOfSets(result);
  return changes.flatMap((change): readonly NamedNeed[] => {
    const after = afterOf(change);
    if (after?.kind === 'role') return needsIn(change.key, [after.account], after);
    if (after?.kind === 'permission-set') return needsIn(change.key, accounts.get(after.name) ?? [], after);
    if (after?.kind === 'entitlement')
      return needsIn(entitledRoleKey(after), [after.account], result[entitledRoleKey(after)]);
    if (after?.kind !== 'assignment') return [];
    const key = permissionSetKey(after.permissionSet);
    return needsIn(key, [after.account], result[key]);
  });
};

const distinct = (needs: readonly NamedNeed[]): readonly NamedNeed[] => [
  ...new Map(needs.map((need) => [`${need.by} ${need.needed}`, need])).values(),
];

const missing = (needs: readonly NamedNeed[], { situation, result }: IamPlan): readonly NamedNeed[] => {
  const seen = seenAccounts(situation);
  return distinct(needs).filter(({ account, needed }) => seen.has(account) && result[needed] === undefined);
};

const customerPolicies: Guard['refusals'] = (judged) =>
  missing(policyNeeds(judged), judged).map(({ by, account, needed }) => ({
    key: by,
    message: `${by} names ${needed}, which ${account} does not have and this plan does not create. Declare it in access/policies for that account, or correct its name and path.`,
  }));

/** What could not be looked up is said once for each user and policy. */
export const uncheckedNotes = (judged: IamPlan): readonly Note[] => {
  const seen = seenAccounts(judged.situation);
  const { part } = judged.situation.desired;
  const unknown = distinct(policyNeeds(judged)).filter(
    ({ account, needed }) =>
      !seen.has(account) && part?.includes(account) !== false && judged.result[needed] === undefined,
  );
  return unknown.map(({ by, account, needed }) => ({
    message: `${by} names ${needed}; whether it is there is unknown, because the IAM of ${account} was not read`,
  }));
};

const federation = /^arn:aws:iam::\d{12}:oidc-provider\/(.+)$/;

const providerNeeds = (changes: readonly Change[]): readonly NamedNeed[] =>
  changes.flatMap((change) => {
    const after = afterOf(change);
    if (after?.kind !== 'role') return [];
    return trusted(after, 'Federated').flatMap((arn) => {
      const host = federation.exec(arn)?.[1];
      if (host === undefined) return [];
      return [{ by: change.key, account: after.account, needed: oidcProviderKey({ account: after.account, host }) }];
    });
  });

/** The one that is made with the roles that trust it. */
const github = 'token.actions.githubusercontent.com';

const oidcProviders: Guard['refusals'] = (judged) =>
  missing(providerNeeds(judged.changes), judged).map(({ by, needed }) => {
    const or = needed.endsWith(`:${github}`)
      ? 'say `oidcProviders: manage` in access/settings.yaml'
      : 'leave the trust out';
    return { key: by, message: `${by} trusts ${needed}, which is not there. Create it, or ${or}.` };
  });

const roleArn = /^arn:aws:iam::(\d{12}):role(\/(?:.+\/)?)([^/]+)$/;
const reserved = ['/aws-reserved/', '/aws-service-role/'];

type KnownIam = {
  readonly accounts: Situation['desired']['accounts'];
  readonly seen: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
};

const knownRoles = ({ situation, result }: IamPlan): KnownIam => ({
  accounts: situation.desired.accounts,
  seen: seenAccounts(situation),
  roles: new Set(resourcesOf(result, 'role').map(({ account, path, name }) => `${account} ${path}${name}`)),
});

/** Of a declared account that was read, and no role has it. */
const isDead = (arn: string, { accounts, seen, roles }: KnownIam): boolean => {
  const [, id = '', path = '', name = ''] = roleArn.exec(arn) ?? [];
  const account = accounts[id];
  if (account === undefined || !seen.has(account) || reserved.some((one) => path.startsWith(one))) return false;
  return !roles.has(`${account} ${path}${name}`);
};

const trustedRoles: Guard['refusals'] = (judged) => {
  const after = judged.changes.map(afterOf).filter((one): one is Role => one?.kind === 'role');
  if (after.length === 0) return [];
  const known = knownRoles(judged);
  return after.flatMap((role) =>
    trusted(role, 'AWS')
      .filter((arn) => isDead(arn, known))
      .map((arn) => ({
        key: roleKey(role),
        message: `${roleKey(role)} trusts ${arn}, which does not exist and which this plan does not create. Declare that role, or leave the trust out.`,
      })),
  );
};

export const iamGuards: readonly Guard[] = [
  { id: 'customer-policy', fine: 'Every customer policy that is named is there.', refusals: customerPolicies },
  { id: 'oidc-provider', fine: 'Every OIDC provider that is trusted is there.', refusals: oidcProviders },
  { id: 'trusted-role', fine: 'Every role that is trusted is there.', refusals: trustedRoles },
];

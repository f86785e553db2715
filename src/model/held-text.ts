/**
 * Why changes are held, in words. Not in `render`: the plan and the outcomes of `aws` have the sentence as a value, which JSON
 * carries from one run to the next.
 */
import type { HeldReason } from './held.ts';
import type { HeldChange } from './plan.ts';
import { keyText } from './resource.ts';

type HeldWords = {
  readonly [Is in HeldReason['is']]: (reason: Extract<HeldReason, { readonly is: Is }>) => string;
};

const firstOf = ([first, ...rest]: readonly string[]): string =>
  `${first}${rest.length === 0 ? '' : ` and ${rest.length} more`}`;

const words: HeldWords = {
  unapproved: () => 'nobody approved it',
  otherwise: () => 'what was approved leads elsewhere',
  'came-or-went': () => 'it came or went since it was approved',
  strange: ({ value }) => `its ${value} is neither what it was when approved nor what was approved`,
  dependency: ({ key }) =>
    `it depends on ${key === undefined ? 'a change outside the plan' : keyText(key)}, which was not done`,
  rail: ({ key }) => `a guard rail did not rise: ${keyText(key)}`,
  revocation: ({ key }) => `access was not revoked: ${keyText(key)}`,
  'synced-group': () => 'the group is synced from an external directory; declare it `source: external`',
  'other-owner': ({ owner }) => `tagged for another owner, ${owner}`,
  unread: ({ why }) => `not read: ${why}`,
  'no-resource': ({ word }) => `there is no such ${word}: it has to be made first, and not by Gatehouse`,
  'no-principal': ({ role }) => `it names ${role}, and there is no such role: AWS would refuse it`,
  'read-only': ({ word }) => `read only: the policy of a ${word} is not written by Gatehouse`,
  'former-ignored': ({ former }) => `it is to be made of ${keyText(former)}, which the settings ignore`,
  'former-of-other': ({ former, owner }) =>
    `it is to be made of ${keyText(former)}, which is tagged for another owner, ${owner}`,
  'fed-directory': ({ member }) =>
    `the directory is fed from elsewhere (${member} came from there): create the user where the others are made`,
  named: ({ key, because }) => `${keyText(key)}: ${heldText(because)}`,
  'maybe-another': ({ user }) =>
    `${JSON.stringify(user)}, a declared member of this group, is not in the directory and may be this person under another name. Correct that name or remove it`,
  'fixed-path': ({ before, after }) =>
    `its path is ${before} and IAM cannot change it to ${after}. Declare it under its path, or delete it in one pull request and declare it in the next`,
  'taken-name': ({ by }) => `${keyText(by)} has its name. Delete that in one pull request, declare this in the next`,
  'closed-accounts': ({ accounts }) =>
    `${firstOf(accounts)}, ${accounts.length === 1 ? 'a closed account, still has it' : 'closed accounts, still have it'}. AWS removes closed accounts after 90 days`,
  'external-group': () => 'an external group is deleted where it comes from',
  'still-used': ({ by }) => `still used by ${keyText(firstOf(by))}, which is not ours to remove`,
  'last-policy': () => 'it is the last policy there, and AWS wants at least one; attach another first',
  circle: ({ other }) =>
    `it and ${keyText(other)} would each have to be changed before the other: use two pull requests`,
  'other-credential': () => "needs the management account's credential",
  'no-move': () => 'the account does not move',
  'organization-first': ({ because }) => `the organization's own part comes first: ${heldText(because)}`,
  'refused-plan': () => 'the plan is refused, and only what has ended goes',
  'way-in': () => 'it has ended, but without it nobody could come in and repair',
  'stopped-run': () => 'the run was stopped',
  moved: ({ values }) => `live moved: ${values.includes('itself') ? 'it came or went' : values.join(', ')}`,
  interrupted: () => 'interrupted before it was begun',
  'account-closed': ({ account }) => `account ${account} has been closed since the plan was made`,
};

export const heldText = (reason: HeldReason): string => (words[reason.is] as (reason: HeldReason) => string)(reason);

export const heldChange = ({ id, key }: Pick<HeldChange, 'id' | 'key'>, reason: HeldReason): HeldChange => ({
  id,
  key,
  reason: heldText(reason),
});

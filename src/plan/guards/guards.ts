/** What no plan may do, as far as it shows without evaluating policies. */
import type { Desired } from '../../model/desired.ts';
import { beforeOf, subjectOf } from '../../model/plan.ts';
import type { Kind } from '../../model/resource.ts';
import { groupKey, keyOf, permissionSetKey, resourcesOf } from '../../model/resource.ts';
import type { Guard, GuardRefusal } from './guard.ts';
import { delegateEscalation, managementAccount } from './delegate.ts';
import { deleteBudget, deletions, kindsDeleted, undatedIn } from './delete-budget.ts';
import { iamGuards } from './iam.ts';
import { withinQuotas } from './quota.ts';
import { fullAccessOn, scpType } from '../situation/situation.ts';

const organization: Guard['refusals'] = ({ situation: { desired, live } }) =>
  desired.settings.organization === live.organization
    ? []
    : [
        {
          message: `access/settings.yaml declares organization ${desired.settings.organization}, but this is ${live.organization}. Use the credential of the declared organization.`,
        },
      ];

const foreign: Guard['refusals'] = ({ situation, changes }) =>
  changes.flatMap((change) => {
    const before = beforeOf(change);
    const owner = before !== undefined && 'owner' in before ? before.owner : undefined;
    return owner === undefined || owner === situation.desired.settings.owner
      ? []
      : [{ message: `${change.key} belongs to ${owner}. Take it out of the files.`, key: change.key }];
  });

const externalGroups: Guard['refusals'] = ({ situation: { current }, changes }) =>
  changes.flatMap((change) => {
    const resource = subjectOf(change);
    const key = resource.kind === 'membership' ? groupKey(resource.group) : change.key;
    const group = current[key];
    return group?.kind === 'group' && group.source === 'external'
      ? [{ message: `${change.key} would write to a group that is synced from elsewhere. Change it there.`, key }]
      : [];
  });

/** An empty OU is nobody's loss, and a provider goes with the last trust that needs it. */
const derived: readonly Kind[] = ['ou', 'oidc-provider'];

/** What an entry with `state: absent` asks for is no sign of lost files: the entry is there. */
const emptied: Guard['refusals'] = ({ situation, changes: all, today }) => {
  const changes = undatedIn(all, situation.desired, today).filter(({ key }) => !situation.absent.has(key));
  return kindsDeleted(changes)
    .filter((kind) => !derived.includes(kind) && resourcesOf(situation.desired.state, kind).length === 0)
    .map((kind) => ({
      message: `Nothing of kind ${kind} is declared any more and ${deletions(changes, kind)} would be deleted. Are the files all there? If so, add an exception { guard: empty-desired, kind: ${kind} }.`,
      kind,
      count: deletions(changes, kind),
    }));
};

const fullAccess: Guard['refusals'] = ({ situation, result }) => {
  if (result[scpType] === undefined) return [];
  return Object.entries(situation.wanted).flatMap(([key, resource]) => {
    if (resource.kind !== 'ou' && resource.kind !== 'account') return [];
    const target =
      resource.kind === 'ou'
        ? ({ type: 'ou', path: resource.path } as const)
        : ({ type: 'account', name: resource.name } as const);
    const attachment = keyOf(fullAccessOn(target));
    if (result[key] === undefined || result[attachment] !== undefined || situation.absent.has(attachment)) return [];
    return [{ message: `${key} would be without FullAWSAccess. Say \`fullAwsAccess: false\` if that is meant.`, key }];
  });
};

/** Who comes in is for Git to say: of members that a directory sends, or that nobody lists, anybody could be the last to go. */
const unlisted = (group: string, desired: Desired): readonly GuardRefusal[] => {
  const declared = desired.state[groupKey(group)];
  if (declared?.kind !== 'group' || desired.memberGroups.includes(group)) return [];
  const place = desired.origins[groupKey(group)];
  const where = place === undefined ? '' : `${place.file}:${place.line}: `;
  const why =
    declared.source === 'external'
      ? 'is synced from elsewhere, so that nothing here keeps anybody in it. Take a group of its own for break-glass, with `members`'
      : 'has no `members`, so that nobody is kept in it. List them';
  return [{ message: `${where}the break-glass group ${group} ${why}.`, key: groupKey(group) }];
};

const breakGlass: Guard['refusals'] = ({ situation, result }) => {
  const { desired } = situation;
  const glass = desired.settings.breakGlass;
  if (glass === undefined) return [];
  const { group, permissionSet } = glass;
  const missing = [
    desired.state[groupKey(group)] === undefined || result[groupKey(group)] === undefined ? `group ${group}` : '',
    resourcesOf(result, 'membership').some((one) => one.group === group) ? '' : `a member of ${group}`,
    desired.state[permissionSetKey(permissionSet)] === undefined ? `permission set ${permissionSet}` : '',
    ...Object.values(desired.accounts).map((account) => {
      const key = keyOf({ kind: 'assignment', principal: { type: 'group', name: group }, permissionSet, account });
      return desired.state[key] === undefined || result[key] === undefined ? `the assignment in ${account}` : '';
    }),
  ].filter((name) => name !== '');
  const lacking = `After this plan the break-glass access would lack ${missing.join(', ')}. Declare it.`;
  return [...(missing.length === 0 ? [] : [{ message: lacking }]), ...unlisted(group, desired)];
};

const fromGaps =
  (id: string): Guard['refusals'] =>
  ({ gaps }) =>
    gaps.filter(({ guard }) => guard === id).map(({ key, message }) => ({ key, message }));

export const emptyDesired: Guard = {
  id: 'empty-desired',
  fine: 'No kind is deleted as a whole.',
  refusals: emptied,
};

export const guards: readonly Guard[] = [
  {
    id: 'organization',
    fine: 'This is the declared organization.',
    refusals: organization,
  },
  { id: 'foreign-owner', fine: 'Nothing of another owner is touched.', refusals: foreign },
  { id: 'external-group', fine: 'No synced group is written to.', refusals: externalGroups },
  { id: 'break-glass', fine: 'Break-glass access is whole.', refusals: breakGlass },
  deleteBudget,
  emptyDesired,
  {
    id: 'full-aws-access',
    fine: 'FullAWSAccess hangs wherever it is meant to.',
    refusals: fullAccess,
  },
  { id: 'quota', fine: "AWS's quotas are kept, on the way too.", refusals: withinQuotas },
  managementAccount,
  {
    id: 'delegate-escalation',
    fine: 'No delegate can let itself into the management account.',
    refusals: delegateEscalation,
  },
  { id: 'policy-order', fine: 'Every guard rail can be edited safely.', refusals: fromGaps('policy-order') },
  { id: 'policy-slots', fine: 'Every guard rail has a slot.', refusals: fromGaps('policy-slots') },
  ...iamGuards,
  { id: 'account-move', fine: 'Every account can move safely.', refusals: fromGaps('account-move') },
];

/** The part of a plan that lies in the IAM of single accounts, and the rest of it. */
import { heldChange } from '../../model/held-text.ts';
import type { Key } from '../../model/resource.ts';
import type { Desired } from '../../model/desired.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import { guardRailKinds, isInAccount, kindOfKey, settingsKinds } from '../../model/resource.ts';
import { consequences } from './next.ts';

const inAccount = (change: Change): boolean => isInAccount(subjectOf(change));

const railKinds: readonly string[] = [...guardRailKinds, 'attachment', 'policy-type', 'account'];
/** The key of an attachment names the kind of its policy. */
const hangsSettings = (key: Key): boolean => settingsKinds.some((kind) => key.startsWith(`attachment/${kind}:`));
const isGuardRail = (key: Key): boolean => railKinds.includes(kindOfKey(key)) && !hangsSettings(key);

/**
 * Keys outside the accounts whose guard rails have still to go up or come down, those that are held among them: until then
 * what roles may do is not what the files say.
 */
export const unfinishedRails = ({ changes, held }: Plan): readonly string[] => [
  ...changes.filter((one) => !inAccount(one) && ['restrict', 'relax'].includes(one.phase)).map(({ key }) => key),
  ...held.map(({ key }) => key).filter(isGuardRail),
];

/** Only what lies in accounts; what waits for anything else is held, by name. */
export const onlyInAccounts = (plan: Plan): Plan => {
  const reasons = consequences(plan.changes, (change) => !inAccount(change));
  const within = plan.changes.filter(inAccount);
  const held = within.flatMap((change) => {
    const because = reasons.get(change.id);
    return because === undefined ? [] : [heldChange(change, { is: 'organization-first', because })];
  });
  return { ...plan, changes: within.filter(({ id }) => !reasons.has(id)), held: [...plan.held, ...held] };
};

/**
 * Without what it says about the declared accounts of other runs: their IAM was not read, and without the documents of
 * their policies more would seem to be possible there than is.
 */
export const withinPart = (plan: Plan, { part, accounts }: Desired): Plan => {
  if (part === undefined || part.length === 0) return plan;
  const others = new Set(Object.values(accounts).filter((name) => !part.includes(name)));
  const access = plan.access
    .map((line) => ({ ...line, accounts: line.accounts.filter((name) => !others.has(name)) }))
    .filter((line) => line.accounts.length > 0);
  const grants = (plan.grants ?? [])
    .map((row) => ({ ...row, where: row.where.filter((name) => !others.has(name)) }))
    .filter(({ what, where }) => what === undefined || where.length > 0);
  return { ...plan, access, grants, interruptions: plan.interruptions.filter(({ account }) => !others.has(account)) };
};

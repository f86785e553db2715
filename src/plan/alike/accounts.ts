/**
 * Accounts that only their names and ids tell apart: the same lines of the files give the same there, AWS has the same there,
 * and no document and no setting names one of them. A plan is made with one of each class, which stands for the others.
 */
import { accountsToldBy } from '../../evaluate/accounts-told.ts';
import type { AccountsTold } from '../../evaluate/accounts-told.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import { accountKey, iamScope, isInAccount } from '../../model/resource.ts';
import type { Account, Key, Kind, Resource } from '../../model/resource.ts';
import { sharedDocuments, isOutdatedIn } from '../guards/account-sample.ts';
import { isFullAccess } from '../situation/situation.ts';
import { linesOf } from './lines.ts';
import { markedBy } from './marks.ts';
import { partsOf } from './parts.ts';

type AlikeInput = { readonly desired: Desired; readonly live: Live; readonly catalogue: Catalogue };

export type AlikeAccounts = {
  /** By the one that stands for them, the names of all in its class, sorted; classes of one are left out. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
  /** Whether another account stands for it. */
  readonly isSpared: (account: string) => boolean;
};

/** In text and keys nothing but the name itself looks like it. */
const isPlainName = (name: string): boolean => /^[\w-]+$/.test(name);

/** Who comes to them from elsewhere is counted by each step, and told by name. */
const lettingIn: readonly Kind[] = ['role', 'resource-policy', 'entitlement'];

/** Nothing where a document may tell any account from any other, or where something lets people of other accounts in. */
const toldBy = (resources: readonly Resource[], catalogue: Catalogue): AccountsTold | undefined => {
  if (resources.some(({ kind }) => lettingIn.includes(kind))) return undefined;
  const customer = resources.flatMap((one) => (one.kind === 'policy' ? [one.document] : []));
  const told = accountsToldBy([...sharedDocuments(resources, catalogue), ...customer]);
  return told.apart ? undefined : told;
};

/** Names of accounts in which there is, or was, something of their own. */
const homesIn = (resources: readonly Resource[]): readonly string[] =>
  resources.flatMap((one) => {
    if (isInAccount(one)) return [one.account];
    return one.kind === 'attachment' && one.target.type === 'account' && !isFullAccess(one) ? [one.target.name] : [];
  });

const singled = ({ desired, live }: AlikeInput, others: readonly Resource[]): ReadonlySet<string> => {
  const { settings, managementAccount, rollouts } = desired;
  const targets = rollouts.flatMap(({ stages }) => stages.map(({ target }) => target));
  return new Set([
    managementAccount,
    settings.delegatedAdministrator ?? '',
    ...live.suspended,
    ...homesIn(others),
    ...targets.flatMap((target) => (target.type === 'account' ? [target.name] : [])),
  ]);
};

/** Keys and patterns that say something of single things; what they name has no twin. */
const spokenKeys = ({ desired: { settings, absent }, live: { unread } }: AlikeInput): readonly Key[] => [
  ...absent,
  ...unread.map(({ scope }) => scope),
  ...settings.adopt,
  ...settings.exceptions.flatMap(({ key }) => key ?? []),
];

const namesAccount = (key: Key, name: string): boolean =>
  key === name ||
  key === accountKey(name) ||
  key === iamScope(name) ||
  key.endsWith(`@${name}`) ||
  key.endsWith(`@account:${name}`);

type Pair = { readonly declared: Account; readonly found: Account };

/** The account as the files and AWS have it, where both say the same of it. */
const pairOf = ({ desired, live }: AlikeInput, name: string): Pair | undefined => {
  const key = accountKey(name);
  const [declared, found] = [desired.state[key], live.state[key]];
  if (declared?.kind !== 'account' || found?.kind !== 'account') return undefined;
  return declared.id === found.id && declared.parent === found.parent ? { declared, found } : undefined;
};

/** By account that may have twins, what tells it from others whatever is given there. */
const textsOf = (input: AlikeInput, others: readonly Resource[], { named }: AccountsTold) => {
  const { desired, live } = input;
  const single = singled(input, others);
  const keys = spokenKeys(input);
  const seen = new Set(live.iamRead);
  const outdated = others.flatMap((one) => (one.kind === 'permission-set' && one.outdatedIn.length > 0 ? [one] : []));
  const texts = new Map<string, string>();
  for (const [id, name] of Object.entries(desired.accounts)) {
    const pair = isPlainName(name) && !single.has(name) && !named.has(id) ? pairOf(input, name) : undefined;
    if (pair === undefined || keys.some((key) => namesAccount(key, name))) continue;
    const open = `attachment/scp:FullAWSAccess@account:${name}`;
    const hangs = [desired.state[open], live.state[open]].map((one) => one !== undefined);
    const tags = Object.entries(desired.accountTags[name] ?? {}).sort();
    texts.set(name, JSON.stringify([pair.found.parent, tags, seen.has(name), isOutdatedIn(outdated, name), hangs]));
  }
  return texts;
};

/** A pattern may name what is renamed, by either name and in some accounts. */
const mayIgnoreRenamed = ({ settings, previously }: Desired): boolean =>
  settings.ignore.length > 0 && Object.keys(previously).length > 0;

/** Undefined where nothing is won by it. */
export const alikeAccounts = (input: AlikeInput): AlikeAccounts | undefined => {
  const { desired, live, catalogue } = input;
  const declared = Object.keys(desired.accounts).length;
  if (declared < fewest || desired.part !== undefined || mayIgnoreRenamed(desired)) return undefined;
  const there = [desired.state, live.state].flatMap((state) => partsOf(state).rest.map(([, resource]) => resource));
  const others = [
    ...there,
    ...desired.dated.flatMap(({ resource }) => (resource.kind === 'assignment' ? [] : [resource])),
  ];
  const told = toldBy(others, catalogue);
  if (told === undefined) return undefined;
  const classes = markedBy(textsOf(input, others, told), linesOf(input));
  const spared = new Set([...classes.values()].flatMap(([, ...rest]) => rest));
  return spared.size * 2 < declared ? undefined : { classes, isSpared: (account) => spared.has(account) };
};

/** Of fewer accounts a plan is made at once. */
const fewest = 100;

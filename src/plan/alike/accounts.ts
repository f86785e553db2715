/**
 * Accounts that only their names and ids tell apart: the same lines of the files give the same there, AWS has the same there,
 * and no document and no setting names one of them. A plan is made with one of each class, which stands for the others.
 */
import { accountsToldBy } from '../../evaluate/accounts-told.ts';
import type { AccountsTold } from '../../evaluate/accounts-told.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import { accountKey, isInAccount } from '../../model/resource.ts';
import type { Account, Key, Resource, ResourcePolicy } from '../../model/resource.ts';
import { letsAnybodyIn } from '../access/account-sample.ts';
import { sharedDocuments, isOutdatedIn } from '../guards/account-sample.ts';
import { isFullAccess } from '../situation/situation.ts';
import { insideOf } from './inside.ts';
import type { InsideAccounts } from './inside.ts';
import { accountInKey, linesOf } from './lines.ts';
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

/** Whether the policy of a resource allows whoever is not named. */
const isOpenToAnybody = ({ document }: ResourcePolicy): boolean => letsAnybodyIn({ trust: document });

type OthersInput = AlikeInput & { readonly others: readonly Resource[]; readonly inside: InsideAccounts };

/** Nothing where a document may tell any account from any other, or lets in people of accounts that it does not name. */
const toldBy = ({ others, inside, catalogue }: OthersInput): AccountsTold | undefined => {
  const policies = others.filter((one) => one.kind === 'resource-policy');
  if (inside.isOpen || policies.some(isOpenToAnybody)) return undefined;
  const own = policies.map(({ document }) => document);
  const told = accountsToldBy([...sharedDocuments(others, catalogue), ...own, ...inside.documents]);
  return told.apart ? undefined : { ...told, named: new Set([...told.named, ...inside.named]) };
};

/** Names of accounts in which there is, or was, something that no other account has like it. */
const homesIn = (resources: readonly Resource[]): readonly string[] =>
  resources.flatMap((one) => {
    if (one.kind === 'entitlement' || one.kind === 'resource-policy') return [one.account];
    return one.kind === 'attachment' && one.target.type === 'account' && !isFullAccess(one) ? [one.target.name] : [];
  });

const singled = ({ desired, live, others }: OthersInput): ReadonlySet<string> => {
  const { settings, managementAccount, rollouts, dated, resources = [] } = desired;
  const targets = rollouts.flatMap(({ stages }) => stages.map(({ target }) => target));
  return new Set([
    managementAccount,
    settings.delegatedAdministrator ?? '',
    ...live.suspended,
    ...homesIn(others),
    ...dated.flatMap(({ resource }) => (isInAccount(resource) ? [resource.account] : [])),
    ...resources.map(({ account }) => account),
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

/** Where a key names an account: as a whole, behind its kind, or where the thing lies. */
const accountsSpoken = (key: Key): readonly string[] => [
  key,
  key.slice(key.indexOf('/') + 1),
  key.slice(key.lastIndexOf('@') + 1),
  key.slice(key.lastIndexOf('@account:') + '@account:'.length),
  accountInKey(key) ?? key,
];

type Pair = { readonly declared: Account; readonly found: Account };

/** The account as the files and AWS have it, where both say the same of it. */
const pairOf = ({ desired, live }: AlikeInput, name: string): Pair | undefined => {
  const key = accountKey(name);
  const [declared, found] = [desired.state[key], live.state[key]];
  if (declared?.kind !== 'account' || found?.kind !== 'account') return undefined;
  return declared.id === found.id && declared.parent === found.parent ? { declared, found } : undefined;
};

/** By account that may have twins, what tells it from others whatever is given there. */
const textsOf = (input: OthersInput, { named }: AccountsTold): ReadonlyMap<string, string> => {
  const { desired, live, others, inside } = input;
  const single = singled(input);
  const spoken = new Set(spokenKeys(input).flatMap(accountsSpoken));
  const seen = new Set(live.iamRead);
  const outdated = others.flatMap((one) => (one.kind === 'permission-set' && one.outdatedIn.length > 0 ? [one] : []));
  const texts = new Map<string, string>();
  for (const [id, name] of Object.entries(desired.accounts)) {
    if (!isPlainName(name) || single.has(name) || named.has(id) || spoken.has(name)) continue;
    const pair = pairOf(input, name);
    if (pair === undefined) continue;
    const open = `attachment/scp:FullAWSAccess@account:${name}`;
    const hangs = [desired.state[open], live.state[open]].map((one) => one !== undefined);
    const tags = Object.entries(desired.accountTags[name] ?? {}).sort();
    const own = [inside.textOf(name), seen.has(name), isOutdatedIn(outdated, name), hangs];
    texts.set(name, JSON.stringify([pair.found.parent, tags, ...own]));
  }
  return texts;
};

/** A pattern may name what is renamed, by either name and in some accounts. */
const mayIgnoreRenamed = ({ settings, previously }: Desired): boolean =>
  settings.ignore.length > 0 && Object.keys(previously).length > 0;

/** Undefined where nothing is won by it. */
export const alikeAccounts = (input: AlikeInput): AlikeAccounts | undefined => {
  const { desired, live } = input;
  const declared = Object.keys(desired.accounts).length;
  if (declared < fewest || desired.part !== undefined || mayIgnoreRenamed(desired)) return undefined;
  const there = [desired.state, live.state].flatMap((state) => partsOf(state).rest.map(([, resource]) => resource));
  const others = [
    ...there,
    ...desired.dated.flatMap(({ resource }) => (resource.kind === 'assignment' ? [] : [resource])),
  ];
  const whole = { ...input, others, inside: insideOf(input) };
  const told = toldBy(whole);
  if (told === undefined) return undefined;
  const classes = markedBy(textsOf(whole, told), linesOf(input));
  const spared = new Set([...classes.values()].flatMap(([, ...rest]) => rest));
  return spared.size * 2 < declared ? undefined : { classes, isSpared: (account) => spared.has(account) };
};

/** Of fewer accounts a plan is made at once. */
const fewest = 100;

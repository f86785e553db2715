/** Whose it is that Git does not declare, where that is known: told by its name, or by where it is synced from. */
import type { KeyedThing } from '../model/plan.ts';
import type { Key, State } from '../model/resource.ts';
import { globMatches } from '../model/glob.ts';

type CoOwned = KeyedThing & { readonly owner: string };

/**
 * AWS Control Tower User Guide, "Guardrails" and "IAM Identity Center groups for AWS Control Tower"; permission sets of
 * temporary elevated access by the name that brokers give them.
 */
const knownNames: readonly { readonly glob: string; readonly owner: string }[] = [
  { glob: '*/aws-guardrails-*', owner: 'AWS Control Tower' },
  { glob: '*:aws-guardrails-*', owner: 'AWS Control Tower' },
  { glob: '*AWSControlTower*', owner: 'AWS Control Tower' },
  { glob: 'permission-set/AWS*', owner: 'AWS' },
  { glob: '*JIT-*', owner: 'a just-in-time broker' },
];

/** SCIM brings a group with an external id. What the group is assigned is another matter: SCIM knows no assignments. */
const directory = 'the corporate directory (SCIM)';

const isSynced = (key: Key, live: State): boolean => {
  const group = live[key];
  return group?.kind === 'group' && group.source === 'external';
};

const ownerOf = (key: Key, live: State): string | undefined => {
  const known = knownNames.find(({ glob }) => globMatches(glob, key));
  return known?.owner ?? (isSynced(key, live) ? directory : undefined);
};

export const coOwnedIn = (unmanaged: readonly KeyedThing[], live: State): readonly CoOwned[] =>
  unmanaged.flatMap((thing) => {
    const owner = ownerOf(thing.key, live);
    return owner === undefined ? [] : [{ ...thing, owner }];
  });

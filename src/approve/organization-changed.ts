/** Changes of the files that change nothing in AWS by themselves, and yet what the files mean: names and tags of accounts, whose members are managed. */
import type { Desired } from '../model/desired.ts';
import { groupKey } from '../model/resource.ts';
import type { Matter } from './matters.ts';

/** `text`: one sentence for a reviewer. */
export type SaidChange = Matter & { readonly text: string };

const file = 'access/organization.yaml';

const nameOf = ({ accounts }: Desired, id: string): string | undefined => accounts[id];
const isManagement = (tree: Desired, id: string): boolean => nameOf(tree, id) === tree.managementAccount;
const isTagged = (tree: Desired, id: string): boolean => tree.accountTags[nameOf(tree, id) ?? '']?.['env'] === 'prod';

type TreePair = { readonly base: Desired; readonly head: Desired };

/** Everybody reads the name, in rules, plans and alarms: the more so where it was another account's. */
const renamed = ({ base, head }: TreePair, id: string): readonly SaidChange[] => {
  const [before, after] = [nameOf(base, id), nameOf(head, id)];
  if (before === undefined || after === undefined || before === after) return [];
  const wasOther = Object.values(base.accounts).includes(after);
  const isWorst = wasOther || [base, head].some((tree) => isManagement(tree, id));
  const isProduction = [base, head].some((tree) => isTagged(tree, id));
  const more = wasOther ? ', which was the name of another account' : '';
  return [
    {
      text: `${file}: account ${id} is called ${after} instead of ${before}${more}`,
      risk: isWorst ? 'critical' : isProduction ? 'high' : 'medium',
      accounts: [id],
      ous: [],
    },
  ];
};

const untagged = ({ base, head }: TreePair, id: string): readonly SaidChange[] => {
  if (!isTagged(base, id) || isTagged(head, id)) return [];
  const name = nameOf(head, id) ?? nameOf(base, id) ?? id;
  const how = nameOf(head, id) === undefined ? 'is not declared any more' : 'loses the tag env: prod';
  return [
    { text: `${file}: ${name} ${how} and is not rated as production`, risk: 'critical', accounts: [id], ous: [] },
  ];
};

const managementMoved = ({ base, head }: TreePair): readonly SaidChange[] => {
  const [before, after] = [base, head].map((tree) => Object.keys(tree.accounts).find((id) => isManagement(tree, id)));
  if (before === after) return [];
  const accounts = [before, after].flatMap((id) => id ?? []);
  return [
    { text: `${file}: the management account is ${after} instead of ${before}`, risk: 'critical', accounts, ous: [] },
  ];
};

/** Names and tags of accounts, by their ids. */
export const organizationChanges = (base: Desired, head: Desired): readonly SaidChange[] => [
  ...managementMoved({ base, head }),
  ...Object.keys(base.accounts)
    .sort()
    .flatMap((id) => [...renamed({ base, head }, id), ...untagged({ base, head }, id)]),
];

/** Groups of `told` that are neither managed nor meant to be gone in `to`: whoever joins by hand is no drift any more. */
export const releasedGroups = (told: Desired, to: Desired): readonly string[] =>
  told.memberGroups.filter((name) => !to.memberGroups.includes(name) && !to.absent.includes(groupKey(name)));

/** Which drafts give somebody something in an account: asked only where something is taken there. */
import { grouped, once, remembered } from '../../model/lists.ts';
import type { Key } from '../../model/resource.ts';
import { isGrant, resourcesOf, userKey } from '../../model/resource.ts';
import { isLooser } from '../../change/effect.ts';
import { effectIn } from '../edit/edit-effect.ts';
import type { Draft } from '../phases/draft.ts';
import type { PlanTrees } from '../phases/trees.ts';
import { principalKey } from '../situation/mentions.ts';
import { grantsOfGroup } from './group-assignments.ts';

export type GrantFinder = {
  /** To the user or group, by its key, or to a group that the user will be in. */
  readonly granting: (holder: Key, account: string) => readonly Draft[];
  /** Of the very set, to anybody. */
  readonly givingSet: (permissionSet: string, account: string) => readonly Draft[];
};

const isWidening = (trees: PlanTrees, { before, after }: Draft): boolean =>
  before?.kind === 'permission-set' && after?.kind === 'permission-set' && isLooser(effectIn(trees, { before, after }));

/** Edits that may give the holders of a set more, by holder and account. */
const wideningIn = (
  drafts: readonly Draft[],
  trees: PlanTrees,
): ((holder: Key, account: string) => readonly Draft[]) => {
  const edits = grouped(
    drafts.filter((draft) => isWidening(trees, draft)),
    ({ after }) => (after?.kind === 'permission-set' ? after.name : undefined),
  );
  const held = resourcesOf(trees.final, 'assignment').filter(({ permissionSet }) => edits.has(permissionSet));
  const byHolder = grouped(held, ({ principal, account }) => `${principalKey(principal)}@${account}`);
  return (holder, account) =>
    (byHolder.get(`${holder}@${account}`) ?? []).flatMap(({ permissionSet }) => edits.get(permissionSet) ?? []);
};

const membershipsIn = (drafts: readonly Draft[], trees: PlanTrees) => {
  const coming = drafts.filter(({ action }) => action === 'create');
  const joining = grouped(coming, ({ after }) => (after?.kind === 'membership' ? userKey(after.user) : undefined));
  const accounts = remembered(
    (group: string) => new Set(grantsOfGroup(trees.final, group).map(({ account }) => account)),
  );
  return (user: Key, account: string): readonly Draft[] =>
    (joining.get(user) ?? []).filter(({ after }) => after?.kind === 'membership' && accounts(after.group).has(account));
};

const creatingIn = (drafts: readonly Draft[], nameOf: (draft: Draft) => string | undefined) =>
  grouped(
    drafts.filter(({ action }) => action === 'create'),
    nameOf,
  );

export const grantFinderOf = (drafts: readonly Draft[], trees: PlanTrees): GrantFinder => {
  const byHolder = once(() =>
    creatingIn(drafts, ({ after }) =>
      isGrant(after) ? `${principalKey(after.principal)}@${after.account}` : undefined,
    ),
  );
  const bySet = once(() =>
    creatingIn(drafts, ({ after }) =>
      after?.kind === 'assignment' ? `${after.permissionSet}@${after.account}` : undefined,
    ),
  );
  const widening = once(() => wideningIn(drafts, trees));
  const joining = once(() => membershipsIn(drafts, trees));
  const groupsOf = once(() => grouped(resourcesOf(trees.final, 'membership'), ({ user }) => userKey(user)));
  return {
    granting: (holder, account) => {
      const groups = (groupsOf().get(holder) ?? []).map(({ group }) => principalKey({ type: 'group', name: group }));
      const own = [holder, ...groups].flatMap((one) => [
        ...(byHolder().get(`${one}@${account}`) ?? []),
        ...widening()(one, account),
      ]);
      return [...own, ...joining()(holder, account)];
    },
    givingSet: (permissionSet, account) => bySet().get(`${permissionSet}@${account}`) ?? [],
  };
};

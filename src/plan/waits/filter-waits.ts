/** Edits that meet in one role, or in one set in one account: what allows more waits for what forbids more. */
import type { Key } from '../../model/resource.ts';
import { attachedIn, boundaryIn, policyUsers } from '../diff/customer-policies.ts';
import type { PolicyUser } from '../diff/customer-policies.ts';
import type { Draft } from '../phases/draft.ts';
import type { PlanTrees } from '../phases/trees.ts';
import type { Effect } from '../../change/effect.ts';
import { comesFirst, ofEdit } from '../edit/account-effect.ts';
import { ofBoundaryDocument, ofDocument } from '../edit/part-effects.ts';
import type { WaitPair } from './circles.ts';

type Edits = ReadonlyMap<Key, Draft>;
type EffectPart = { readonly draft: Draft; readonly effect: Effect };
/** The same role or set before and after. */
type Home = { readonly before: PolicyUser; readonly after: PolicyUser };

const policyPart = (draft: Draft | undefined, effectsOf: typeof ofDocument): readonly EffectPart[] =>
  draft?.before?.kind === 'policy' && draft.after?.kind === 'policy'
    ? [{ draft, effect: effectsOf(draft.before.document, draft.after.document) }]
    : [];

const kept = (before: readonly Key[], after: readonly Key[]): readonly Key[] =>
  before.filter((key) => after.includes(key));

const partsOf = ({ before, after }: Home, edits: Edits, trees: PlanTrees): readonly EffectPart[] => {
  const { account } = after;
  const [old, next] = [before.resource, after.resource];
  const own = edits.get(after.key);
  const sides = [
    { one: old, state: trees.current, account },
    { one: next, state: trees.final, account },
  ] as const;
  return [
    ...(own === undefined ? [] : [{ draft: own, effect: ofEdit(...sides) }]),
    ...kept(attachedIn(old, account), attachedIn(next, account)).flatMap((key) =>
      policyPart(edits.get(key), ofDocument),
    ),
    ...kept(boundaryIn(old, account), boundaryIn(next, account)).flatMap((key) =>
      policyPart(edits.get(key), ofBoundaryDocument),
    ),
  ];
};

const pairsIn = (parts: readonly EffectPart[]): readonly WaitPair[] =>
  parts.flatMap((one) =>
    parts.flatMap((other): readonly WaitPair[] =>
      one.draft.id !== other.draft.id && comesFirst(other.effect, one.effect) ? [[one.draft, other.draft]] : [],
    ),
  );

const placeOf = ({ key, account }: PolicyUser): string => `${key} ${account}`;

const edited: readonly Draft['kind'][] = ['role', 'permission-set', 'policy'];

export const aroundFilters = (drafts: readonly Draft[], trees: PlanTrees): readonly WaitPair[] => {
  const updates = drafts.filter(({ kind, action }) => action === 'update' && edited.includes(kind));
  if (!updates.some(({ kind }) => kind === 'policy')) return [];
  const edits = new Map(updates.map((draft) => [draft.key, draft]));
  const after = new Map(policyUsers(trees.final).map((user) => [placeOf(user), user]));
  return policyUsers(trees.current).flatMap((before) => {
    const same = after.get(placeOf(before));
    return same === undefined ? [] : pairsIn(partsOf({ before, after: same }, edits, trees));
  });
};

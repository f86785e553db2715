/** Account moves: what guards an account on its old path and on its new one. */
import type { Phase } from '../../model/plan.ts';
import type { Account, Attachment, Key, State } from '../../model/resource.ts';
import { isGuardRailKind, keyOf, ouKey, pathToRoot, resourcesOf } from '../../model/resource.ts';
import { fullAccessOn, isFullAccess, scpType } from '../situation/situation.ts';

export type AccountMove = {
  readonly phase: Phase;
  /** Attachments to the account itself that stand in while it is between two paths. */
  readonly standIns: readonly Attachment[];
  readonly gap?: string;
  /** Guard rails of the old path that the new one does not have. */
  readonly lost: readonly string[];
};

export type RailsByPath = ReadonlyMap<string, readonly Attachment[]>;

/** Attachments of guard rails by OU path; '' is Root. */
export const railsByPath = (state: State): RailsByPath => {
  const rails = new Map<string, Attachment[]>();
  for (const attachment of resourcesOf(state, 'attachment')) {
    const { target, policy } = attachment;
    if (target.type === 'account' || isFullAccess(attachment) || !isGuardRailKind(policy.kind)) continue;
    const path = target.type === 'root' ? '' : target.path;
    rails.set(path, [...(rails.get(path) ?? []), attachment]);
  }
  return rails;
};

const policyText = ({ policy }: Attachment): string => `${policy.kind}/${policy.name}`;

const guarding = (rails: RailsByPath, path: string): ReadonlyMap<string, Attachment> =>
  new Map(
    pathToRoot(path)
      .flatMap((one) => rails.get(one) ?? [])
      .map((attachment) => [policyText(attachment), attachment]),
  );

/** Levels without FullAWSAccess allow only what their lists say; a stand-in on the account cannot repeat that. */
const allowLists = (state: State, path: string): readonly Key[] =>
  pathToRoot(path)
    .filter((one) => {
      const exists = one === '' || state[ouKey(one)] !== undefined;
      const full = fullAccessOn(one === '' ? { type: 'root' } : { type: 'ou', path: one });
      return exists && state[scpType] !== undefined && state[keyOf(full)] === undefined;
    })
    .map((one) => ouKey(one));

const standIn = (attachment: Attachment, account: Account): Attachment => ({
  kind: 'attachment',
  policy: attachment.policy,
  target: { type: 'account', name: account.name },
});

type MoveTrees = {
  readonly current: State;
  readonly final: State;
  readonly currentRails: RailsByPath;
  readonly finalRails: RailsByPath;
};

/**
 * Only gaining guard rails: restrict. Only losing: relax. Both: the lost ones hang on the account itself from before the
 * move until the revocations are done.
 */
export const moveOf = (trees: MoveTrees, before: Account, after: Account): AccountMove => {
  // What the plan hangs on the old path is there by the time of the move, and after a run that was killed before it.
  const old = new Map([...guarding(trees.finalRails, before.parent), ...guarding(trees.currentRails, before.parent)]);
  const next = guarding(trees.finalRails, after.parent);
  const lost = [...old.keys()].filter((policy) => !next.has(policy)).sort();
  const gains = [...next.keys()].some((policy) => !old.has(policy));
  const oldLists = allowLists(trees.current, before.parent);
  const lostLists = oldLists.filter((list) => !allowLists(trees.final, after.parent).includes(list));
  const gainsLists = allowLists(trees.final, after.parent).some((list) => !oldLists.includes(list));
  const phase: Phase = (lost.length > 0 || lostLists.length > 0) && !gains && !gainsLists ? 'relax' : 'restrict';
  const gap =
    lostLists.length > 0 && phase === 'restrict'
      ? `the allow-list of ${lostLists.join(', ')} cannot follow the account`
      : undefined;
  const needed = phase === 'relax' ? [] : lost.map((policy) => standIn(old.get(policy) as Attachment, before));
  const standIns = needed.filter(
    (one) => trees.current[keyOf(one)] === undefined && trees.final[keyOf(one)] === undefined,
  );
  return { phase, standIns, lost: [...lost, ...lostLists], ...(gap === undefined ? {} : { gap }) };
};

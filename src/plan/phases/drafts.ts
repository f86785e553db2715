/** Differences become changes with a phase. */
import { changedFields } from '../../kinds/equal.ts';
import { formOf } from '../../kinds/fields.ts';
import { kindRows } from '../../kinds/kinds.ts';
import type { Phase } from '../../model/plan.ts';
import { phases } from '../../model/plan.ts';
import type { Account, ControlPolicy, Key, Resource, State } from '../../model/resource.ts';
import {
  controlPolicyKey,
  groupKey,
  isControlPolicy,
  keyOf,
  permissionSetKey,
  resourcesOf,
} from '../../model/resource.ts';
import { attachmentPhase } from '../waits/allowances.ts';
import { controlPolicySteps } from './control-policy.ts';
import type { Steps } from './control-policy.ts';
import type { Difference } from '../diff/difference.ts';
import { draftOf } from './draft.ts';
import type { Draft, Drafts } from './draft.ts';
import { mentions, principalKey } from '../situation/mentions.ts';
import { moveOf } from './moves.ts';
import { directionIn } from '../edit/edit-direction.ts';
import { policyPhase, rolePhase } from './role-phase.ts';
import { roleWaits } from '../waits/role-waits.ts';
import type { Waits } from '../waits/role-waits.ts';
import { grantsAfterPartings } from './together.ts';
import type { Situation } from '../situation/situation.ts';
import type { Trees } from './trees.ts';

const updatePhase = (trees: Trees, before: Resource, after: Resource): Phase => {
  if (before.kind === 'permission-set' && after.kind === 'permission-set')
    return directionIn(trees, { before, after }).looser ? 'grant' : 'revoke';
  if (before.kind === 'role' && after.kind === 'role') return rolePhase(trees, before, after);
  if (before.kind === 'policy' && after.kind === 'policy') return policyPhase(trees.uses(), before, after);
  return before.kind === 'oidc-provider' ? 'grant' : 'prepare';
};

const plainPhase = (trees: Trees, { before, after }: Difference): Phase => {
  const action = before === undefined ? 'create' : 'delete';
  const resource = (after ?? before) as Resource;
  if (before !== undefined && after !== undefined) return updatePhase(trees, before, after);
  if (resource.kind === 'attachment') return attachmentPhase(trees, resource, action);
  return kindRows[resource.kind][action === 'create' ? 'appears' : 'goes'];
};

/** Takes what was not ours, and changes nothing else. */
const adoption = (before: Resource | undefined, after: Resource | undefined): { readonly adopts?: true } => {
  if (before === undefined || after === undefined || !('owner' in after)) return {};
  const fields = changedFields(before, after);
  return fields.includes('owner') && fields.every((field) => formOf(after.kind, field) === 'ownership')
    ? { adopts: true }
    : {};
};

const plain = (trees: Trees, difference: Difference): Draft => ({
  ...draftOf({ ...difference, phase: plainPhase(trees, difference) }),
  ...adoption(difference.before, difference.after),
});

const hangs = (state: State, { kind, name }: ControlPolicy): boolean =>
  resourcesOf(state, 'attachment').some(({ policy }) => policy.kind === kind && policy.name === name);

/** What hangs nowhere forbids nothing: it is edited at once, before anything else. */
const stepsOf = (trees: Trees, before: ControlPolicy, after: ControlPolicy): Steps => {
  const steps = controlPolicySteps(before, after);
  // Live is under today's names, so that the new name finds the attachments.
  if (steps.steps.length === 0 || hangs(trees.current, after)) return steps;
  return { steps: [{ before, after, phase: 'prepare' }] };
};

const ofPolicy = (trees: Trees, before: ControlPolicy, after: ControlPolicy): Drafts => {
  const key = controlPolicyKey(after);
  const { steps, gap } = stepsOf(trees, before, after);
  return {
    drafts: steps.map((step) => ({ ...draftOf({ key, ...step }), ...adoption(step.before, step.after) })),
    gaps:
      gap === undefined
        ? []
        : [
            {
              guard: 'policy-order',
              key,
              message: `${key} cannot be edited safely: ${gap}. Edit it in two pull requests.`,
            },
          ],
  };
};

const ofMove = (trees: Trees, key: Key, [before, after]: readonly [Account, Account]): Drafts => {
  const { phase, standIns, gap } = moveOf(trees, before, after);
  const temporary = standIns.flatMap((attachment): readonly Draft[] => {
    const one = { key: keyOf(attachment), temporary: true } as const;
    return [
      { ...draftOf({ ...one, before: undefined, after: attachment, phase: 'restrict' }), ...one },
      { ...draftOf({ ...one, before: attachment, after: undefined, phase: 'relax' }), ...one },
    ];
  });
  return {
    drafts: [draftOf({ key, before, after, phase }), ...temporary],
    gaps:
      gap === undefined
        ? []
        : [
            {
              guard: 'account-move',
              key,
              message: `${key} cannot be moved safely: ${gap}. Move it in two pull requests, with the guard rails of its new path first.`,
            },
          ],
  };
};

const draftsOf = (trees: Trees, difference: Difference): Drafts => {
  const { key, before, after } = difference;
  if (before?.kind === 'account' && after?.kind === 'account') return ofMove(trees, key, [before, after]);
  if (isControlPolicy(before) && isControlPolicy(after)) return ofPolicy(trees, before, after);
  return { drafts: [plain(trees, difference)], gaps: [] };
};

const blockedBy = (situation: Situation, draft: Draft): string | undefined => {
  const named = [draft.before, draft.after].flatMap((one) => (one === undefined ? [] : mentions(one)));
  const found = [draft.key, draft.kind, ...named].find((key) => situation.blocked.has(key));
  if (found === undefined) return undefined;
  const reason = situation.blocked.get(found) ?? '';
  return found === draft.key ? reason : `${found}: ${reason}`;
};

const withHeld = (draft: Draft, reason: string | undefined): Draft =>
  reason === undefined ? draft : { ...draft, held: reason };

/** Keys of the sets that each leaving principal or member still has. */
const setsLosingHolders = (trees: Trees, drafts: readonly Draft[]): ReadonlySet<Key> => {
  const leaving = drafts.filter(({ action }) => action === 'delete').map(({ before }) => before);
  const groups = new Set(leaving.flatMap((one) => (one?.kind === 'membership' ? [one.group] : [])));
  const theirs = resourcesOf(trees.current, 'assignment').filter(
    ({ principal }) => principal.type === 'group' && groups.has(principal.name),
  );
  const direct = leaving.flatMap((one) => (one?.kind === 'assignment' ? [one] : []));
  return new Set([...direct, ...theirs].map(({ permissionSet }) => permissionSetKey(permissionSet)));
};

const isSetUpdate = ({ kind, action }: Draft): boolean => kind === 'permission-set' && action === 'update';

/** Who leaves a set must not see it widened first: the edit joins the revocations and waits for them. */
const editsAfterLeaving = (trees: Trees, drafts: readonly Draft[]): readonly Draft[] => {
  const losing = setsLosingHolders(trees, drafts);
  return drafts.map((draft) =>
    isSetUpdate(draft) && !draft.adopts && losing.has(draft.key) ? { ...draft, phase: 'revoke' } : draft,
  );
};

/**
 * A new holder must not meet the old definition: assignments of a set whose edit is among the revocations, and new members
 * of a group that holds one, come after it.
 */
const grantsAfterEdits = (trees: Trees, drafts: readonly Draft[]): readonly Draft[] => {
  const edited = new Set(drafts.filter((one) => isSetUpdate(one) && one.phase === 'revoke').map(({ key }) => key));
  if (edited.size === 0) return drafts;
  const holders = new Set(
    resourcesOf(trees.final, 'assignment')
      .filter(({ permissionSet }) => edited.has(permissionSetKey(permissionSet)))
      .map(({ principal }) => principalKey(principal)),
  );
  const mustWait = ({ after }: Draft): boolean =>
    (after?.kind === 'assignment' && edited.has(permissionSetKey(after.permissionSet))) ||
    (after?.kind === 'membership' && holders.has(groupKey(after.group)));
  return drafts.map((draft) => (draft.phase === 'grant' && mustWait(draft) ? { ...draft, phase: 'revoke' } : draft));
};

/** What waits for a later phase joins it; nothing is moved to an earlier one, so that this comes to an end. */
const afterWhatTheyAwait = (drafts: readonly Draft[], waits: Waits): readonly Draft[] => {
  const phaseOf = new Map(drafts.map(({ id, phase }) => [id, phases.indexOf(phase)]));
  return drafts.map((draft) => {
    const awaited = waits.of(draft).map(({ id }) => phaseOf.get(id) ?? 0);
    const latest = phases[Math.max(phases.indexOf(draft.phase), ...awaited)];
    return latest === undefined || latest === draft.phase ? draft : { ...draft, phase: latest };
  });
};

const phasesOf = (drafts: readonly Draft[]): string => drafts.map(({ phase }) => phase).join();

const postponed = (trees: Trees, drafts: readonly Draft[], waits: Waits): readonly Draft[] => {
  const after = grantsAfterEdits(trees, editsAfterLeaving(trees, afterWhatTheyAwait(drafts, waits)));
  return phasesOf(after) === phasesOf(drafts) ? grantsAfterPartings(after) : postponed(trees, after, waits);
};

/** What has no safe order is not made. */
const withoutCircles = (drafts: readonly Draft[], { circles }: Waits): readonly Draft[] =>
  drafts.map((draft) => {
    const other = circles.get(draft.id);
    if (other === undefined || draft.held !== undefined) return draft;
    return {
      ...draft,
      held: `it and ${other.key} would each have to be changed before the other: use two pull requests`,
    };
  });

/** Every change with its phase; held ones among them, with the reason. */
export const drafted = (situation: Situation, trees: Trees, changes: readonly Difference[]): Drafts => {
  const parts = changes.map((difference) => {
    const { drafts, gaps } = draftsOf(trees, difference);
    return {
      gaps,
      drafts: drafts.map((draft) => withHeld(draft, difference.held ?? blockedBy(situation, draft))),
    };
  });
  const drafts = parts.flatMap((part) => part.drafts);
  const waits = roleWaits(drafts, trees);
  return {
    drafts: postponed(trees, withoutCircles(drafts, waits), waits),
    gaps: parts.flatMap(({ gaps }) => gaps),
  };
};

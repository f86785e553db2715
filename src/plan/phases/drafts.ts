/** Differences become changes with a phase. */
import type { HeldReason } from '../../model/held.ts';
import { changedFields } from '../../kinds/equal.ts';
import { formOf } from '../../kinds/fields.ts';
import { kindRows } from '../../kinds/kinds.ts';
import type { Phase } from '../../model/plan.ts';
import type { Account, ControlPolicy, Key, Kind, Resource, ResourcePolicy, State } from '../../model/resource.ts';
import {
  accountKey,
  controlPolicyKey,
  guardRailKinds,
  isControlPolicy,
  keyOf,
  resourcesOf,
} from '../../model/resource.ts';
import { attachmentPhase } from '../waits/allowances.ts';
import { controlPolicySteps } from './control-policy.ts';
import { resourcePolicySteps } from './resource-policy.ts';
import type { PolicySteps } from './control-policy.ts';
import type { ResourceDifference } from '../diff/difference.ts';
import { draftFrom } from './draft.ts';
import type { Draft, Drafts } from './draft.ts';
import { mentions } from '../situation/mentions.ts';
import { moveOf } from './moves.ts';
import { isLooser } from '../../change/effect.ts';
import { effectIn } from '../edit/edit-effect.ts';
import { policyPhase, rolePhase } from './role-phase.ts';
import { rolePairs, waitsAmong } from '../waits/role-waits.ts';
import type { WaitPair } from '../waits/circles.ts';
import { inPhases } from './passes.ts';
import { withSlots } from './slots.ts';
import type { Situation } from '../situation/situation.ts';
import type { PlanTrees } from './trees.ts';

const updatePhase = (trees: PlanTrees, before: Resource, after: Resource): Phase => {
  if (before.kind === 'permission-set' && after.kind === 'permission-set')
    return isLooser(effectIn(trees, { before, after })) ? 'grant' : 'revoke';
  if (before.kind === 'role' && after.kind === 'role') return rolePhase(trees, before, after);
  if (before.kind === 'policy' && after.kind === 'policy') return policyPhase(trees.uses(), before, after);
  return before.kind === 'oidc-provider' || before.kind === 'access-attributes' ? 'grant' : 'prepare';
};

const plainPhase = (trees: PlanTrees, { before, after }: ResourceDifference): Phase => {
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

const plain = (trees: PlanTrees, difference: ResourceDifference): Draft => ({
  ...draftFrom({ ...difference, phase: plainPhase(trees, difference) }),
  ...adoption(difference.before, difference.after),
});

const hangs = (state: State, { kind, name }: ControlPolicy): boolean =>
  resourcesOf(state, 'attachment').some(({ policy }) => policy.kind === kind && policy.name === name);

/** What hangs nowhere forbids nothing: it is edited at once, before anything else. */
const stepsOf = (trees: PlanTrees, before: ControlPolicy, after: ControlPolicy): PolicySteps => {
  const steps = controlPolicySteps(before, after);
  // Live is under today's names, so that the new name finds the attachments.
  if (steps.steps.length === 0 || hangs(trees.current, after)) return steps;
  return { steps: [{ before, after, phase: 'prepare' }] };
};

const ofPolicy = (trees: PlanTrees, before: ControlPolicy, after: ControlPolicy): Drafts => {
  const key = controlPolicyKey(after);
  const { steps, gap } = stepsOf(trees, before, after);
  return {
    drafts: steps.map((step) => ({ ...draftFrom({ key, ...step }), ...adoption(step.before, step.after) })),
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

const ofMove = (trees: PlanTrees, key: Key, [before, after]: readonly [Account, Account]): Drafts => {
  const { phase, standIns, gap } = moveOf(trees, before, after);
  const temporary = standIns.flatMap((attachment): readonly Draft[] => {
    const one = { key: keyOf(attachment), temporary: true } as const;
    return [
      { ...draftFrom({ ...one, before: undefined, after: attachment, phase: 'restrict' }), ...one },
      { ...draftFrom({ ...one, before: attachment, after: undefined, phase: 'relax' }), ...one },
    ];
  });
  return {
    drafts: [draftFrom({ key, before, after, phase }), ...temporary],
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

const policyOf = (resource: Resource | undefined): ResourcePolicy | undefined =>
  resource?.kind === 'resource-policy' ? resource : undefined;

/** `others`: whether anything changes that the policy of a resource meets. */
type DraftContext = { readonly situation: Situation; readonly trees: PlanTrees; readonly others: boolean };

/** What is not written at all, or has no resource, protects nobody: nothing waits for it. */
const isIdle = ({ key, held }: ResourceDifference, { situation }: DraftContext): boolean =>
  held?.is === 'read-only' || situation.blocked.get(key)?.is === 'no-resource';

const ofResource = (context: DraftContext, difference: ResourceDifference): Drafts => {
  const { key, before: old, after: next } = difference;
  const [before, after] = [policyOf(old), policyOf(next)];
  if (isIdle(difference, context)) return { drafts: [draftFrom({ key, before, after, phase: 'remove' })], gaps: [] };
  const { trees, others } = context;
  const account = accountKey((after ?? before)?.account ?? '');
  const found = trees.final[account] ?? trees.current[account];
  const accountId = found?.kind === 'account' ? found.id : '';
  const { steps, gap } = resourcePolicySteps({ before, after, accountId, others });
  const message = `${key} cannot be edited safely: ${gap}. Edit it in two pull requests.`;
  return {
    drafts: steps.map((step) => draftFrom({ key, ...step })),
    gaps: gap === undefined ? [] : [{ guard: 'policy-order', key, message }],
  };
};

/** What principals have, and what stands above them. */
const aroundResources: readonly Kind[] = [
  ...guardRailKinds,
  ...([
    'attachment',
    'policy-type',
    'account',
    'membership',
    'permission-set',
    'assignment',
    'role',
    'policy',
  ] as const),
];

const draftsOf = (context: DraftContext, difference: ResourceDifference): Drafts => {
  const { trees } = context;
  const { key, before, after } = difference;
  if ((before ?? after)?.kind === 'resource-policy') return ofResource(context, difference);
  if (before?.kind === 'account' && after?.kind === 'account') return ofMove(trees, key, [before, after]);
  if (isControlPolicy(before) && isControlPolicy(after)) return ofPolicy(trees, before, after);
  return { drafts: [plain(trees, difference)], gaps: [] };
};

const blockedBy = (situation: Situation, draft: Draft): HeldReason | undefined => {
  const named = [draft.before, draft.after].flatMap((one) => (one === undefined ? [] : mentions(one)));
  const found = [draft.key, draft.kind, ...named].find((key) => situation.blocked.has(key));
  const because = found === undefined ? undefined : situation.blocked.get(found);
  if (found === undefined || because === undefined) return undefined;
  return found === draft.key ? because : { is: 'named', key: found, because };
};

const withHeld = (draft: Draft, reason: HeldReason | undefined): Draft =>
  reason === undefined ? draft : { ...draft, held: reason };

export type DraftedChanges = Drafts & {
  /** What waits for what around roles and customer policies, whatever the phases. */
  readonly pairs: readonly WaitPair[];
};

/** Every change with its phase; held ones among them, with the reason. */
export const drafted = (
  situation: Situation,
  trees: PlanTrees,
  changes: readonly ResourceDifference[],
): DraftedChanges => {
  const others = changes.some(({ before, after }) => aroundResources.includes((after ?? before)?.kind ?? 'ou'));
  const parts = changes.map((difference) => {
    const { drafts, gaps } = draftsOf({ situation, trees, others }, difference);
    return {
      gaps,
      drafts: drafts.map((draft) => withHeld(draft, difference.held ?? blockedBy(situation, draft))),
    };
  });
  const drafts = parts.flatMap((part) => part.drafts);
  const pairs = rolePairs(drafts, trees);
  const placed = inPhases(drafts, { trees, waits: waitsAmong(pairs, drafts) });
  const gaps = parts.flatMap((part) => part.gaps);
  return { ...withSlots({ drafts: placed, gaps }, trees.current, situation.desired.settings.quotas), pairs };
};

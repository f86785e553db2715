/** The order of a plan proved, and what guards say of it that take an evaluator. */
import type { GuardId } from '../../model/guard.ts';
import { reachOver } from '../../evaluate/reach/reach.ts';
import type { Change, GuardResult, Interruption, Note } from '../../model/plan.ts';
import { afterOf, subjectOf } from '../../model/plan.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { Kind, Resource, State } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';
import { documentsIn } from '../access/side.ts';
import type { Knowledge } from '../access/side.ts';
import { project } from '../situation/project.ts';
import { resultsOf } from '../guards/guard.ts';
import { guardSampleOf } from '../guards/account-sample.ts';
import { evaluatedGuards } from '../guards/evaluated.ts';
import { phaseEnds } from '../guards/phase-ends.ts';
import { withRepairs } from '../guards/repairs.ts';
import { survivalRefusals, withRefusals } from '../guards/survival.ts';
import { ownDocument } from './resource-pairs.ts';
import type { Exposure, Proof } from './proof.ts';
import { proofOf } from './proof.ts';
import { eachOnce } from '../situation/account-classes.ts';
import type { CountAccounts } from '../situation/account-classes.ts';
import type { Situation } from '../situation/situation.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';
import { withoutSettings } from '../situation/settings.ts';

/** What the stages before have found; `today`: YYYY-MM-DD, UTC. */
export type UnprovedPlan = {
  readonly situation: Situation;
  readonly knowledge: Knowledge;
  readonly today: string;
  readonly countIn?: CountAccounts;
  readonly changes: readonly Change[];
  readonly guards: readonly GuardResult[];
  readonly interruptions: readonly Interruption[];
  readonly notes: readonly Note[];
};

export type ProvedPlan = Pick<UnprovedPlan, 'changes' | 'guards' | 'interruptions' | 'notes'>;

/** Most changes are of these. */
const hasNoDocument: readonly Kind[] = [
  'assignment',
  'entitlement',
  'membership',
  'attachment',
  'group',
  'user',
  'account',
  'ou',
];

const documentsOf = ({ situation, changes, knowledge }: UnprovedPlan): readonly PolicyDocument[] => {
  const { current } = situation;
  const steps = changes.flatMap((change): readonly State[] => {
    const after = afterOf(change);
    return after === undefined || hasNoDocument.includes(after.kind) ? [] : [{ [change.key]: after }];
  });
  const isFelt = ({ kind }: Resource): boolean => !hasNoDocument.includes(kind);
  const before = Object.fromEntries(Object.entries(current).filter(([, one]) => isFelt(one)));
  const after = project(
    before,
    changes.filter((change) => isFelt(subjectOf(change))),
  );
  const states = [before, after, ...steps];
  // In between, a customer policy can be met by who names it at the other end alone.
  const customer = states.flatMap((state) => resourcesOf(state, 'policy')).map(({ document }) => document);
  const ofResources = states.flatMap((state) => resourcesOf(state, 'resource-policy'));
  return [
    ...states.flatMap((state) => documentsIn(state, knowledge.policies)),
    ...customer,
    ...ofResources.map(({ document }) => ownDocument(document)),
  ];
};

const prove = (plan: UnprovedPlan): Proof => {
  const { situation, changes, knowledge } = plan;
  const { current, desired } = situation;
  const { organization, region } = desired.settings;
  const place = { organization, region, managementAccount: desired.managementAccount };
  const reach = reachOver(knowledge.actions, documentsOf(plan));
  const { countIn = eachOnce } = plan;
  return proofOf({ current, changes, context: { reach, policies: knowledge.policies, place }, countIn });
};

/** What the plan says already, of everybody or everywhere, is not said again. */
const news = (said: readonly Interruption[], found: readonly Interruption[]): readonly Interruption[] =>
  found.filter(
    ({ principal, account }) =>
      !said.some(
        (one) =>
          (one.principal === EVERYWHERE || one.principal === principal) &&
          (one.account === EVERYWHERE || one.account === account),
      ),
  );

export const exposureGuard = 'exposure' satisfies GuardId;

/** Whoever lets a guard rail go without its successor has allowed what that exposes. */
const gapGuards = ['policy-order', 'policy-slots', 'account-move'];

const isLifted = ({ situation, today }: UnprovedPlan, { account, keys }: Exposure): boolean =>
  situation.desired.settings.exceptions.some(({ guard, key, until }) => {
    if (until < today) return false;
    if (guard === exposureGuard) return key === undefined || key === account;
    return gapGuards.includes(guard) && (key === undefined || keys.includes(key));
  });

const guardsOf = (refused: readonly Exposure[], { pairs, moments }: Proof): readonly GuardResult[] => {
  const message = `Nobody gets in between what neither end gives: ${moments} moments of ${pairs} principals in accounts were looked at.`;
  if (refused.length === 0) return [{ id: exposureGuard, ok: true, message }];
  return refused.map((exposure) => ({ id: exposureGuard, ok: false, message: exposure.message }));
};

/** Ids stay: an order is no part of what is approved. */
export const provedOrder = (made: UnprovedPlan): ProvedPlan => {
  const { changes, ...proved } = provedAccess({ ...made, changes: withoutSettings(made.changes) });
  const byId = new Map(changes.map((change) => [change.id, change]));
  return { ...proved, changes: made.changes.map((change) => byId.get(change.id) ?? change) };
};

const provedAccess = (made: UnprovedPlan): ProvedPlan => {
  const { situation, knowledge, today } = made;
  const ground = { situation, catalogue: knowledge.policies, today };
  const plan = { ...made, ...withRepairs(made, ground) };
  const proof = prove(plan);
  const sample = guardSampleOf({ ...ground, changes: plan.changes });
  const evaluated = { situation, today, ends: phaseEnds(ground, plan.changes), sample };
  const survival = survivalRefusals(ground, proof.changes);
  const asked = withRefusals([...plan.guards, ...resultsOf(evaluatedGuards, evaluated)], survival);
  const refused = proof.exposures.filter((one) => !isLifted(plan, one));
  const lifted = proof.exposures.filter((one) => !refused.includes(one));
  return {
    changes: proof.changes,
    guards: [...asked, ...guardsOf(refused, proof)],
    interruptions: [...plan.interruptions, ...news(plan.interruptions, proof.interruptions)],
    notes: [
      ...plan.notes,
      ...lifted.map(({ message }) => ({ message: `critical: guard ${exposureGuard} is lifted: ${message}` })),
    ],
  };
};

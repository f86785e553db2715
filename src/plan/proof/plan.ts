/** A plan completed with the proof of its order. */
import type { GuardId } from '../../model/guard.ts';
import { reachOver } from '../../evaluate/reach/reach.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { GuardResult, Interruption, Plan } from '../../model/plan.ts';
import { afterOf } from '../../model/plan.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { State } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';
import { documentsIn } from '../access/side.ts';
import type { Knowledge } from '../access/side.ts';
import { project } from '../situation/project.ts';
import { resultsOf } from '../guards/guard.ts';
import { evaluatedGuards } from '../guards/evaluated.ts';
import { phaseEnds } from '../guards/phase-ends.ts';
import { withRepairs } from '../guards/repairs.ts';
import { survivalRefusals, withRefusals } from '../guards/survival.ts';
import type { Exposure, Proof } from './proof.ts';
import { proofOf } from './proof.ts';
import { situationOf } from '../situation/situation.ts';
import type { Situation } from '../situation/situation.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';
import { dayOf } from '../../model/days.ts';

export type ProofInput = { readonly desired: Desired; readonly live: Live; readonly knowledge: Knowledge };

const documentsOf = (current: State, planned: Plan, { knowledge }: ProofInput): readonly PolicyDocument[] => {
  const steps = planned.changes.map((change): State => {
    const after = afterOf(change);
    return after === undefined ? {} : { [change.key]: after };
  });
  const states = [current, project(current, planned.changes), ...steps];
  // In between, a customer policy can be met by who names it at the other end alone.
  const customer = states.flatMap((state) => resourcesOf(state, 'policy')).map(({ document }) => document);
  return [...states.flatMap((state) => documentsIn(state, knowledge.policies)), ...customer];
};

const prove = (planned: Plan, input: ProofInput, { current }: Situation): Proof => {
  const { desired, knowledge } = input;
  const { organization, region } = desired.settings;
  const place = { organization, region, managementAccount: desired.managementAccount };
  const reach = reachOver(knowledge.actions, documentsOf(current, planned, input));
  return proofOf({ current, changes: planned.changes, context: { reach, policies: knowledge.policies, place } });
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

const isLifted = ({ desired }: ProofInput, planned: Plan, { account, keys }: Exposure): boolean =>
  desired.settings.exceptions.some(({ guard, key, until }) => {
    if (until < dayOf(planned.generatedAt)) return false;
    if (guard === exposureGuard) return key === undefined || key === account;
    return gapGuards.includes(guard) && (key === undefined || keys.includes(key));
  });

const guardsOf = (refused: readonly Exposure[], { pairs, moments }: Proof): readonly GuardResult[] => {
  const message = `Nobody gets in between what neither end gives: ${moments} moments of ${pairs} principals in accounts were looked at.`;
  if (refused.length === 0) return [{ id: exposureGuard, ok: true, message }];
  return refused.map((exposure) => ({ id: exposureGuard, ok: false, message: exposure.message }));
};

/** `made` is `plan(desired, live, …)` of the same two. Ids and fingerprint stay: an order is no part of what is approved. */
export const withProof = (made: Plan, input: ProofInput): Plan => {
  const situation = situationOf(input.desired, input.live);
  const today = dayOf(made.generatedAt);
  const planned = withRepairs(made, { situation, catalogue: input.knowledge.policies, today });
  const proof = prove(planned, input, situation);
  const ends = phaseEnds({ situation, catalogue: input.knowledge.policies }, planned.changes);
  const evaluated = { situation, today, ends };
  const survival = survivalRefusals({ situation, catalogue: input.knowledge.policies, today }, proof.changes);
  const asked = withRefusals([...planned.guards, ...resultsOf(evaluatedGuards, evaluated)], survival);
  const refused = proof.exposures.filter((one) => !isLifted(input, planned, one));
  const lifted = proof.exposures.filter((one) => !refused.includes(one));
  return {
    ...planned,
    changes: proof.changes,
    guards: [...asked, ...guardsOf(refused, proof)],
    interruptions: [...planned.interruptions, ...news(planned.interruptions, proof.interruptions)],
    notes: [
      ...planned.notes,
      ...lifted.map(({ message }) => ({ message: `critical: guard ${exposureGuard} is lifted: ${message}` })),
    ],
  };
};

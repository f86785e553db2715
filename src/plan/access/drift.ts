/** A plan read as drift: what AWS has beyond Git is as dangerous as accepting it would be, however harmless its revert. */
import type { AccessChange, ChangeAction, Change, EffectiveChange, GrantRow, Phase, Plan } from '../../model/plan.ts';
import { afterOf, beforeOf } from '../../model/plan.ts';
import { keyOf, resourcesOf } from '../../model/resource.ts';
import { project } from '../situation/project.ts';
import type { Situation } from '../situation/situation.ts';
import { judgedBetween } from './plan.ts';
import type { AccessInput } from './plan.ts';
import { grantRowsOf } from '../grants/grants.ts';
import { joined } from './judgment.ts';
import type { Judgment } from './judgment.ts';
import { byDanger } from '../../model/risk.ts';

const actions: Readonly<Record<ChangeAction, ChangeAction>> = { create: 'delete', update: 'update', delete: 'create' };
const phases: Readonly<Record<Phase, Phase>> = {
  prepare: 'prepare',
  restrict: 'relax',
  grant: 'revoke',
  revoke: 'grant',
  relax: 'restrict',
  remove: 'remove',
};

/** The change that somebody made: from what Git says to what AWS has. */
const madeBy = (change: Change): Change => {
  const { before: _, after: __, ...rest } = { before: undefined, after: undefined, ...change };
  const [before, after] = [afterOf(change), beforeOf(change)];
  return {
    ...rest,
    action: actions[change.action],
    phase: phases[change.phase],
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  } as Change;
};

/** The reasons say when they do not speak of what AWS has now. */
const greater = (made: Judgment, revert: Judgment): Judgment =>
  byDanger(made, revert) <= 0
    ? made
    : { risk: revert.risk, reasons: revert.reasons.map((reason) => `${reason} (when it is put right)`) };

type RatedRow = Change | AccessChange | EffectiveChange;

const revertOf = ({ risk, riskReasons = [] }: RatedRow): Judgment => ({ risk, reasons: riskReasons });

const rated = <T extends RatedRow>(one: T, made: Judgment): T => {
  const { risk, reasons } = greater(made, revertOf(one));
  return { ...one, risk, riskReasons: reasons };
};

const isOfSame = (one: AccessChange, other: AccessChange): boolean =>
  one.principal === other.principal && one.accounts.some((name) => other.accounts.includes(name));

/** What guard rails keep from somebody is kept of what AWS gives, not of what putting it right gives. */
const asMade = ({ blocked: _, ...row }: AccessChange, made: readonly AccessChange[]): AccessChange => {
  if (made.length === 0) return row;
  const blocked = made.flatMap((one) => one.blocked ?? []);
  return { ...rated(row, joined(made.map(revertOf))), ...(blocked.length === 0 ? {} : { blocked }) };
};

/** What somebody switched off is as bad as that, however harmless it is to switch it on again. */
const settingsAsMade = (rows: readonly EffectiveChange[], made: readonly EffectiveChange[]) =>
  rows.map((row) => {
    const same = made.filter(
      ({ kind, accounts }) => kind === row.kind && row.accounts.some((name) => accounts.includes(name)),
    );
    return same.length === 0 ? row : rated(row, joined(same.map(revertOf)));
  });

const APPLICATION_LOST =
  'application-lost: account access manager has no application, so that nobody can enter this role by it';

/** With its application AWS deletes every entitlement, and no plan can make them again before there is one: all that is declared is lacking. */
const lostEntitlements = ({ desired, live }: AccessInput): readonly Change[] =>
  live.accountAccess !== 'none'
    ? []
    : resourcesOf(desired.state, 'entitlement').map((after): Change => {
        const key = keyOf(after);
        const origin = desired.origins[key];
        const rating = { risk: 'critical', riskReasons: [APPLICATION_LOST] } as const;
        const change = { id: key, kind: 'entitlement', key, action: 'create', phase: 'grant', after } as const;
        return { ...change, ...rating, dependsOn: [], ...(origin && { origin }) };
      });

type DriftInput = AccessInput & { readonly situation: Situation };

const grantsOfDrift = (all: readonly Change[], input: DriftInput): readonly GrantRow[] => {
  const before = input.situation.current;
  return grantRowsOf({ changes: all, before, after: project(before, all), desired: input.desired });
};

/**
 * `planned` is rated and of the same situation. Each difference has the greater of two risks, that
 * of what somebody did and that of putting it right, and its reasons; the riskiest stands first.
 */
export const asDrift = (planned: Plan, input: DriftInput): Plan => {
  const lost = lostEntitlements(input);
  if (planned.changes.length === 0)
    return lost.length === 0 ? planned : { ...planned, grants: grantsOfDrift(lost, input) };
  const after = input.situation.current;
  const before = project(after, planned.changes);
  const made = judgedBetween({ before, after, changes: planned.changes.map(madeBy), now: planned.generatedAt }, input);
  const changes = planned.changes.map((change, index) => rated(change, made.changes[index] ?? revertOf(change)));
  const access = planned.access.map((row) =>
    asMade(
      row,
      made.rows.filter((one) => isOfSame(one, row)),
    ),
  );
  const effective = settingsAsMade(planned.effective ?? [], made.effective);
  return {
    ...planned,
    changes: changes.toSorted(byDanger),
    access: access.toSorted(byDanger),
    ...(effective.length === 0 ? {} : { effective }),
    grants: grantsOfDrift([...changes, ...lost], input),
  };
};

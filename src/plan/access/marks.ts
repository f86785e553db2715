/** What the risk of a difference is told by: the actions of each kind, the known paths, and who is administrator. */
import type { KnownAction } from '../../evaluate/action-catalogue.ts';
import { actionTargetsOf } from '../../evaluate/action-resources.ts';
import { escalationsIn } from '../../evaluate/escalation.ts';
import type { Escalations } from '../../evaluate/escalation.ts';
import { countBits } from '../../evaluate/reach/bits.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import { dataActions } from '../../evaluate/reach/data-actions.ts';
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import { sensitiveActions } from '../../evaluate/reach/sensitive.ts';
import { standingsAt } from '../../evaluate/reach/standing.ts';
import type { StandingOf } from '../../evaluate/reach/standing.ts';
import type { Universe } from '../../evaluate/reach/universe.ts';

export type Marks = {
  readonly universe: Universe;
  readonly sensitive: Bits;
  readonly data: Bits;
  readonly permissions: Bits;
  readonly writes: Bits;
  /** Their places in the universe, which every catalogue of AWS's actions has. */
  readonly assumeRole: number;
  readonly passRole: number;
  readonly standing: StandingOf;
  readonly escalations: Escalations;
  readonly isAdministrator: (role: ReachableActions) => boolean;
};

/** The Service Authorization Reference calls some reads "Permissions management", glue:GetQuery for one: they manage none. */
const isRead = (name: string): boolean => /^(Get|List|Describe|BatchGet|Search|View|Validate|Test)[A-Z]/.test(name);

const placeOf = ({ actions }: Universe, wanted: string): number =>
  actions.findIndex(({ service, name }) => `${service}:${name}` === wanted);

type Kinds = Pick<Marks, 'sensitive' | 'data' | 'permissions' | 'writes' | 'assumeRole' | 'passRole'>;

const isWrite = ({ level, name }: KnownAction): boolean =>
  level !== 'Read' && level !== 'List' && !(level === 'Permissions management' && isRead(name));

const kindsIn = (universe: Universe): Kinds => ({
  sensitive: universe.matching(sensitiveActions),
  data: universe.matching(dataActions),
  permissions: universe.where((action) => action.level === 'Permissions management' && isWrite(action)),
  writes: universe.where(isWrite),
  assumeRole: placeOf(universe, 'sts:AssumeRole'),
  passRole: placeOf(universe, 'iam:PassRole'),
});

const kindsOnce = new WeakMap<Universe, Kinds>();
const kindsOf = (universe: Universe): Kinds => {
  const kinds = kindsOnce.get(universe) ?? kindsIn(universe);
  kindsOnce.set(universe, kinds);
  return kinds;
};

/** `now`: ISO 8601, for conditions on dates. */
export const marksOf = (universe: Universe, now: string): Marks => {
  const standing = standingsAt(universe, now);
  return {
    universe,
    ...kindsOf(universe),
    standing,
    escalations: escalationsIn({ universe, standing }),
    isAdministrator: administrators(universe, standing),
  };
};

/** This part of everything that AWS can do, on every resource and under no condition, is what an administrator has. */
const administratorShare = 0.9;

/** Of all actions, and of those that work on resources: a pattern of ARNs leaves only the others out. */
const sharesOf = ({ actions }: Universe, isFree: (at: number) => boolean): readonly number[] => {
  const worksOn = actions.map((action) => {
    const { required, optional } = actionTargetsOf(action);
    return required.length + optional.length > 0;
  });
  const free = actions.map((_, at) => isFree(at));
  const both = free.filter((yes, at) => yes && worksOn[at]).length;
  return [free.filter(Boolean).length / actions.length, both / worksOn.filter(Boolean).length];
};

/** By what the set gives: guard rails make an administrator a smaller one, not none. */
const administrators = (universe: Universe, standing: StandingOf): Marks['isAdministrator'] => {
  const isMost = (bits: Bits): boolean => countBits(bits) >= administratorShare * universe.size;
  const known = new WeakMap<ReachableActions, boolean>();
  const decided = ({ own, possible, gates }: ReachableActions): boolean => {
    if (![own.possible, possible].every(isMost)) return false;
    if (isMost(own.certain)) return true;
    const its = gates.filter(({ place }) => place === 'identity' || place === 'boundary');
    return sharesOf(universe, (at) => standing(its, at) === 'free').some((share) => share >= administratorShare);
  };
  return (role) => {
    const is = known.get(role) ?? decided(role);
    known.set(role, is);
    return is;
  };
};

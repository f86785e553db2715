/** To become a role, or to pass one, is as bad as what the role may do; one that nobody knows may do anything. */
import { noBits, setBit } from '../../evaluate/reach/bits.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import { isOpenedIn } from '../../evaluate/reach/delta.ts';
import type { Judgment } from './judgment.ts';
import type { Marks } from './marks.ts';
import type { PassedRole, RatedRole } from './newly.ts';
import type { AccessCase } from './access-case.ts';
import { compareRisks, highestRisk, lowerRisk, ruleOf } from '../../model/risk.ts';
import { shortList } from '../../model/lists.ts';

/** So many are named; the rest is counted. */
const most = 3;

const worstFirst = <R extends RatedRole>(all: readonly R[]): readonly R[] =>
  all.toSorted((a, b) => compareRisks(b.judgment.risk, a.judgment.risk));

const has = ({ judgment: { reasons } }: RatedRole): string => `has ${reasons[0] ?? 'nothing'}`;

const lined = <R extends RatedRole>(all: readonly R[], line: (one: R) => string): readonly string[] => {
  const lines = [...new Set(worstFirst(all).map(line))];
  const more = lines.length - most;
  return more > 1 ? [...lines.slice(0, most), `${ruleOf(lines[0] ?? '')}: ${more} more roles`] : lines;
};

const risksOf = (all: readonly RatedRole[]) => highestRisk(all.map(({ judgment }) => judgment.risk));

/** What nobody knows may be anything: only what is known to be worse is said before it. */
const inOrder = (reasons: readonly string[], known: readonly Judgment[]): readonly Judgment[] => {
  const strange: Judgment = { risk: 'high', reasons };
  return [strange, ...known].toSorted((one, other) => compareRisks(other.risk, one.risk));
};

const become = (marks: Marks, one: AccessCase): readonly Judgment[] => {
  const { assumed, strangers, alone } = one.newly;
  const known: readonly Judgment[] =
    assumed.length === 0
      ? []
      : [
          {
            risk: risksOf(assumed),
            reasons: lined(assumed, (role) => `assume-role: ${role.text}, which ${has(role)}`),
          },
        ];
  if (!isOpenedIn(one.delta, marks.assumeRole)) return known;
  if (strangers.assumed.length > 0)
    return inOrder([`assume-role: sts:AssumeRole on ${shortList(strangers.assumed, most)}`], known);
  if (known.length > 0) return known;
  return [
    { risk: 'low', reasons: [alone ? 'assume-role: leads to other roles' : 'assume-role: no new role lets them in'] },
  ];
};

const pathLine = (role: PassedRole): string =>
  role.path === undefined
    ? `pass-role: ${role.text}, which ${has(role)}`
    : `escalation: ${role.path.name}, by ${role.path.actions.join(' and ')} [${role.path.source}]: ${role.text}, which ${has(role)}`;

/** No service has this name: what may be passed to it may be passed to any. */
const anyService = { key: 'iam:passedtoservice', value: 'any-service.amazonaws.com' };

const isToAny = (marks: Marks, { after }: AccessCase): boolean =>
  after.some(({ gates }) => marks.standing(gates, marks.passRole, anyService) !== 'never');

const isBad = ({ judgment: { risk } }: PassedRole): boolean => risk === 'high' || risk === 'critical';

/** Only what is bad is a way to more; to pass a role alone is half of one. */
const ratedPass = (one: PassedRole): PassedRole => {
  const { risk } = one.judgment;
  if (one.path === undefined) return { ...one, judgment: { ...one.judgment, risk: lowerRisk(risk, 'high') } };
  return isBad(one) ? one : { ...one, path: undefined };
};

const pass = (marks: Marks, one: AccessCase): readonly Judgment[] => {
  const { passed, strangers, alone } = one.newly;
  const rated = passed.map(ratedPass);
  const known: readonly Judgment[] =
    rated.length === 0 ? [] : [{ risk: risksOf(rated), reasons: lined(rated, pathLine) }];
  if (!isOpenedIn(one.delta, marks.passRole)) return known;
  if (strangers.passed.length > 0)
    return isToAny(marks, one) ? inOrder(['pass-role: iam:PassRole, to any service'], known) : known;
  if (known.length > 0) return known;
  return [
    {
      risk: 'low',
      reasons: [alone ? 'pass-role: leads to other roles' : 'pass-role: no new role can be passed to a service'],
    },
  ];
};

export const byRoles = (marks: Marks, one: AccessCase): readonly Judgment[] => [
  ...become(marks, one),
  ...pass(marks, one),
];

/** The actions of which the roles behind them tell everything. */
export const explained = (
  { universe, assumeRole, passRole }: Marks,
  { delta, newly: { strangers } }: AccessCase,
): Bits => {
  const bits = noBits(universe.size);
  if (strangers.assumed.length === 0 && isOpenedIn(delta, assumeRole)) setBit(bits, assumeRole);
  if (strangers.passed.length === 0 && isOpenedIn(delta, passRole)) setBit(bits, passRole);
  return bits;
};

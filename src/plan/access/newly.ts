/** Which roles somebody newly comes to be or to pass, and what of it leads to roles that nobody knows. */
import type { EscalationPath } from '../../evaluate/escalation-paths.ts';
import type { PlacedRole } from '../../evaluate/policies-of.ts';
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import type { RolesBehind } from './behind.ts';
import type { Family } from './families.ts';
import type { Judgment } from './judgment.ts';
import type { Marks } from './marks.ts';
import { strangersOf } from './strangers.ts';
import type { FamilySides, Strangers } from './strangers.ts';

export type RatedRole = { readonly text: string; readonly judgment: Judgment };
/** `path`: by which the role does what it may for whoever passes it. */
export type PassedRole = RatedRole & { readonly path: EscalationPath | undefined };

export type Newly = {
  /** The same for what is the same. */
  readonly key: string;
  readonly assumed: readonly RatedRole[];
  readonly passed: readonly PassedRole[];
  /** What the statements name and no known role is. */
  readonly strangers: Strangers;
  /** The roles that they lead to are told elsewhere. */
  readonly alone?: true;
};

const nothingNew: Newly = { key: '', assumed: [], passed: [], strangers: { assumed: [], passed: [] } };

export type NewlyContext = {
  readonly before: RolesBehind;
  readonly after: RolesBehind;
  readonly marks: Marks;
  /** What the role may do by itself, and what it may with all that it leads to. */
  readonly alone: (placed: PlacedRole) => Judgment;
  readonly withAll: (placed: PlacedRole) => Judgment;
};

const withoutThose = (all: Iterable<PlacedRole>, others: Iterable<PlacedRole>): readonly PlacedRole[] => {
  const known = new Set([...others].map(({ arn }) => arn));
  const found = new Map([...all].map((placed) => [placed.arn, placed]));
  return [...found.values()].filter(({ arn }) => !known.has(arn));
};

const textIn = ({ account, role }: PlacedRole, { account: { name } }: FamilySides): string => {
  const own = `role:${role.path.slice(1)}${role.name}`;
  return account.name === name ? own : `${own} in ${account.name}`;
};

const assumedBy = ({ before, after, alone }: NewlyContext, sides: FamilySides): readonly RatedRole[] => {
  const by = (behind: RolesBehind, family: Family) => family.flatMap(({ bearer }) => [...behind.become(bearer)]);
  return withoutThose(by(after, sides.after), by(before, sides.before)).map((placed) => ({
    text: textIn(placed, sides),
    judgment: alone(placed),
  }));
};

type EscalationWays = ReadonlyMap<EscalationPath | undefined, readonly PlacedRole[]>;
type PathsOf = (role: ReachableActions) => readonly (EscalationPath | undefined)[];

const waysOf = (behind: RolesBehind, family: Family, pathsOf: PathsOf): EscalationWays => {
  const ways = new Map<EscalationPath | undefined, readonly PlacedRole[]>();
  for (const { bearer, role } of family)
    for (const path of pathsOf(role)) {
      const passed = behind.pass(bearer, path?.passedTo);
      if (passed.length > 0) ways.set(path, [...(ways.get(path) ?? []), ...passed]);
    }
  return ways;
};

/** Who may pass every role to everything is told by that. */
const narrowPaths =
  ({ escalations, passRole, standing }: Marks): PathsOf =>
  (role) => {
    const isFree = standing(role.gates, passRole) === 'free';
    return [...escalations.passing(role, 'possible'), ...(isFree ? [] : [undefined])];
  };

/** The shortest path of each role, or none. */
const passedBy = ({ before, after, marks, withAll }: NewlyContext, sides: FamilySides): readonly PassedRole[] => {
  const was = waysOf(before, sides.before, (role) => [...marks.escalations.passing(role), undefined]);
  const is = [...waysOf(after, sides.after, narrowPaths(marks))].sort(
    ([one], [other]) => (one?.actions.length ?? Infinity) - (other?.actions.length ?? Infinity),
  );
  const found = new Map<PlacedRole, PassedRole>();
  for (const [path, roles] of is)
    for (const placed of withoutThose(roles, was.get(path) ?? []))
      if (!found.has(placed)) found.set(placed, { text: textIn(placed, sides), judgment: withAll(placed), path });
  return [...found.values()];
};

const keyOf = ({ assumed, passed, strangers }: Omit<Newly, 'key'>): string =>
  assumed.length + passed.length + strangers.assumed.length + strangers.passed.length === 0
    ? ''
    : JSON.stringify([assumed, passed.map((one) => ({ ...one, path: one.path?.id })), strangers]);

/** Of a role whose own ways on are told beside it. */
export const strangersAlone = (context: Pick<NewlyContext, 'marks' | 'after'>, sides: FamilySides): Newly => {
  const parts = { assumed: [], passed: [], strangers: strangersOf(context, sides) };
  return { ...parts, key: keyOf(parts), alone: true };
};

/** An administrator is told by that. */
const isTold = ({ marks }: NewlyContext, { before, after }: FamilySides): boolean =>
  after.some(({ role }) => marks.isAdministrator(role)) && !before.some(({ role }) => marks.isAdministrator(role));

export const newlyBehind = (context: NewlyContext, sides: FamilySides): Newly => {
  if (sides.after.length === 0 || isTold(context, sides)) return nothingNew;
  const parts = {
    assumed: assumedBy(context, sides),
    passed: passedBy(context, sides),
    strangers: strangersOf(context, sides),
  };
  return { ...parts, key: keyOf(parts) };
};

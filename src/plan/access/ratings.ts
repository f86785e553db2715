/** What somebody newly comes to, and how bad it is to have all that a set or a role gives. */
import type { PlacedRole } from '../../evaluate/policies-of.ts';
import { hasBit } from '../../evaluate/reach/bits.ts';
import { deltaOf } from '../../evaluate/reach/delta.ts';
import type { Delta } from '../../evaluate/reach/delta.ts';
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import { remembered } from '../../model/lists.ts';
import type { Role as IamRole, State } from '../../model/resource.ts';
import { accountKey, roleKey } from '../../model/resource.ts';
import { bearerOf, behindIn } from './behind.ts';
import type { RoleBearer, RolesBehind } from './behind.ts';
import { accountKindOf } from './context.ts';
import type { AccessContext } from './context.ts';
import { bearersText, rolesOf } from './families.ts';
import type { Family } from './families.ts';
import { worst } from './judgment.ts';
import type { Judgment } from './judgment.ts';
import type { Marks } from './marks.ts';
import { newlyBehind, strangersAlone } from './newly.ts';
import type { Newly, NewlyContext } from './newly.ts';
import { judgedAccess } from './risk-access.ts';
import type { AccessSide } from './side.ts';

/** How much it could hurt if somebody came to have all that these give, after. */
export type Ratings = {
  readonly ofRole: (role: IamRole) => Judgment;
  readonly ofSet: (permissionSet: string, account: string) => Judgment;
};

type FamilyChange = {
  readonly account: string;
  readonly before: Family;
  readonly after: Family;
  readonly delta: Delta;
};
export type Rater = { readonly ratings: Ratings; readonly newly: (change: FamilyChange) => Newly };

/** A state with what it gives. */
export type StateSide = { readonly state: State; readonly side: AccessSide };
type RatingContext = { readonly marks: Marks; readonly context: AccessContext };

const givenTo =
  ({ side, state }: StateSide): ((bearer: RoleBearer) => ReachableActions | undefined) =>
  (bearer) => {
    if ('permissionSet' in bearer) return side.role(bearer.permissionSet, bearer.account);
    const role = state[roleKey({ account: bearer.account, name: bearer.role })];
    return role?.kind === 'role' ? side.ofRole(role) : undefined;
  };

const behindSide = (one: StateSide, { marks, context }: RatingContext): RolesBehind => {
  const { knowledge, place, now } = context;
  const given = givenTo(one);
  return behindIn({
    ...place,
    now,
    unseen: context.unseen,
    state: one.state,
    catalogue: knowledge.policies,
    may: (bearer, action) => {
      const role = given(bearer);
      const at = action === 'iam:PassRole' ? marks.passRole : marks.assumeRole;
      return role !== undefined && at >= 0 && hasBit(role.possible, at);
    },
    starts: (bearer) => {
      const role = given(bearer);
      return role === undefined ? [] : marks.escalations.passing(role).map(({ passedTo = [] }) => passedTo);
    },
  });
};

const nothing: Judgment = { risk: 'low', reasons: [] };

type RatedBearer = {
  readonly account: string;
  readonly bearer: RoleBearer;
  readonly role: ReachableActions | undefined;
};

/** `make`: what they come to beside it. */
const rating = (
  { marks, context }: RatingContext,
  { account, bearer, role }: RatedBearer,
  make: (change: FamilyChange) => Newly,
): Judgment => {
  if (role === undefined) return nothing;
  const after: Family = [{ bearer, role }];
  const delta = deltaOf([], [role], marks.universe.size);
  const newly = make({ account, before: [], after, delta });
  return judgedAccess(marks, {
    delta,
    before: [],
    after: rolesOf(after),
    place: accountKindOf(context, account),
    newly,
  });
};

const sidesIn = ({ state }: StateSide, { account, ...rest }: FamilyChange) => {
  const found = state[accountKey(account)];
  return { ...rest, account: { name: account, id: found?.kind === 'account' ? found.id : '' } };
};

export const raterOf = (before: StateSide, after: StateSide, scene: RatingContext): Rater => {
  const [was, is] = [before, after].map((side) => behindSide(side, scene)) as [RolesBehind, RolesBehind];
  const given = givenTo(after);
  const ratedRole = (role: IamRole, make: (change: FamilyChange) => Newly): Judgment => {
    const bearer = { account: role.account, role: role.name };
    return rating(scene, { account: role.account, bearer, role: after.side.ofRole(role) }, make);
  };
  const stranger = (change: FamilyChange) => strangersAlone({ marks: scene.marks, after: is }, sidesIn(after, change));
  const alone = remembered(({ role }: PlacedRole) => ratedRole(role, stranger));
  const withAll = remembered(
    (placed: PlacedRole) => worst([placed, ...is.become(bearerOf(placed))].map(alone)) ?? nothing,
  );
  const context: NewlyContext = { before: was, after: is, marks: scene.marks, alone, withAll };
  const newly = (change: FamilyChange): Newly => newlyBehind(context, sidesIn(after, change));
  return {
    newly: onceEach(newly),
    ratings: {
      ofRole: remembered((role) => ratedRole(role, newly)),
      ofSet: (permissionSet, account) => {
        const bearer = { account, permissionSet };
        return rating(scene, { account, bearer, role: given(bearer) }, newly);
      },
    },
  };
};

/** Many groups hold the same sets in the same account. */
const onceEach = (make: Rater['newly']): Rater['newly'] => {
  const known = new Map<string, Newly>();
  return (change) => {
    const name = [change.account, bearersText(change.before), bearersText(change.after)].join('\n\n');
    const made = known.get(name) ?? make(change);
    known.set(name, made);
    return made;
  };
};

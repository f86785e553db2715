/**
 * Whoever a role trusts comes in only as far as the RCPs of its account let them. An RCP binds them wherever they are from
 * (Organizations User Guide, "Resource control policies"), so that one that changes shuts them out, or lets them in, while
 * the trust stays as it is.
 */
import type { AccessWorld, PlacedRole } from '../../evaluate/policies-of.ts';
import { once, remembered } from '../../model/lists.ts';
import type { Statement } from '../../model/policy.ts';
import { roleKey } from '../../model/resource.ts';
import type { Role } from '../../model/resource.ts';
import { entering } from '../guards/let-in.ts';
import { callersNamed, namesOf, standingOf, whatOf } from './standing.ts';
import type { EntranceChange, EntranceStanding, WorldsBetween } from './standing.ts';

export type Entrances = {
  /** Of a statement that the role's trust has on both sides. */
  readonly changeOf: (role: Role, statement: Statement) => EntranceChange | undefined;
  /** The RCPs that keep out, after, whom the statement would let in. */
  readonly shutAfter: (role: Role, statement: Statement) => readonly string[];
};

type EntranceSide = { readonly world: AccessWorld; readonly roles: ReadonlyMap<string, PlacedRole> };

const sideOf = (world: AccessWorld): EntranceSide => ({
  world,
  roles: new Map([...world.roles.values()].map((placed) => [roleKey(placed.role), placed])),
});

const standingIn = (
  { world, roles }: EntranceSide,
  key: string,
  statement: Statement,
): EntranceStanding | undefined => {
  const placed = roles.get(key);
  if (placed === undefined) return undefined;
  const enter = (caller: Parameters<typeof entering>[1]) => entering({ world, placed }, caller);
  return standingOf({ world, account: placed.account, enter }, callersNamed(statement));
};

/** Between two states of one organization. */
export const entrancesBetween = (worlds: WorldsBetween): Entrances => {
  const sides = once(() => worlds().map(sideOf) as [EntranceSide, EntranceSide]);
  /** The same RCPs over the account on both sides. */
  const isStill = remembered((account: string) => {
    const levels = sides().map(({ world }) => {
      const found = world.accounts.get(account);
      return found === undefined ? [] : world.levels('rcp', found);
    });
    return JSON.stringify(levels[0]) === JSON.stringify(levels[1]);
  });
  return {
    changeOf: (role, statement) => {
      if (isStill(role.account)) return undefined;
      const [was, is] = sides().map((side) => standingIn(side, roleKey(role), statement));
      const what = was === undefined || is === undefined ? undefined : whatOf(was, is);
      return what === undefined ? undefined : { what, by: namesOf((is ?? was)?.rails ?? []) };
    },
    shutAfter: (role, statement) => {
      const is = standingIn(sides()[1], roleKey(role), statement);
      return is?.decision === 'denied' ? namesOf(is.rails) : [];
    },
  };
};

/** What somebody holds in each account: sets or a role, and what each gives there. */
import type { Key } from '../../model/resource.ts';
import { decodeName } from '../../model/resource.ts';
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import type { RoleBearer } from './behind.ts';
import type { AccessSide } from './side.ts';

export type HeldRole = { readonly bearer: RoleBearer; readonly role: ReachableActions };
export type Family = readonly HeldRole[];
export type Families = ReadonlyMap<string, Family>;

/** Distinct, in the order of their numbers. */
export const rolesOf = (family: Family): readonly ReachableActions[] =>
  [...new Set(family.map(({ role }) => role))].sort((a, b) => a.id - b.id);

export const bearersText = (family: Family): string =>
  family.map(({ bearer }) => ('role' in bearer ? `role ${bearer.role}` : bearer.permissionSet)).join('\n');

/** Of a role's key, its name. */
const nameIn = (key: Key): string => decodeName(key.slice(key.lastIndexOf(':') + 1));

type SetHolding = { readonly account: string; readonly set: string };

const heldSets = (side: AccessSide, who: string): readonly SetHolding[] =>
  [...(side.holdings.get(who) ?? [])].flatMap(([account, sets]) => sets.map((set) => ({ account, set })));

/** What the principals hold together, by account, in the order of their names. */
export const familiesOf = (side: AccessSide, principals: readonly string[]): Families => {
  const families = new Map<string, Map<string, HeldRole>>();
  const add = (account: string, name: string, held: HeldRole): void => {
    families.set(account, (families.get(account) ?? new Map<string, HeldRole>()).set(name, held));
  };
  for (const who of principals) {
    for (const [account, keys] of side.entitled.get(who) ?? [])
      for (const key of keys) {
        const role = side.roleOf(key);
        if (role !== undefined) add(account, key, { bearer: { account, role: nameIn(key) }, role });
      }
    for (const [account, role] of side.roles.get(who) ?? []) {
      const name = who.slice(Math.max(who.indexOf(':'), who.lastIndexOf('/')) + 1);
      add(account, who, { bearer: { account, role: name }, role });
    }
    for (const { account, set } of heldSets(side, who)) {
      const role = side.role(set, account);
      if (role !== undefined) add(account, set, { bearer: { account, permissionSet: set }, role });
    }
  }
  return new Map([...families].map(([account, held]) => [account, sorted(held)]));
};

const sorted = (held: ReadonlyMap<string, HeldRole>): Family =>
  [...held].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);

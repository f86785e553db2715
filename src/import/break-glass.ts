/** Who looks like break-glass: guessed from names, and only where every plan could keep it whole. */
import { groupKey, keyOf, permissionSetKey, resourcesOf } from '../model/resource.ts';
import type { State } from '../model/resource.ts';
import type { WrittenSettings } from '../model/written.ts';

const looksLike = /break.?glass|emergency|fire.?call/i;

type Candidate = { readonly group: string; readonly permissionSet: string; readonly accounts: Set<string> };

const candidatesIn = (state: State): readonly Candidate[] => {
  const found = new Map<string, Candidate>();
  for (const { principal, permissionSet, account } of resourcesOf(state, 'assignment')) {
    if (principal.type !== 'group' || !looksLike.test(principal.name)) continue;
    const key = JSON.stringify([principal.name, permissionSet]);
    const candidate = found.get(key) ?? { group: principal.name, permissionSet, accounts: new Set<string>() };
    found.set(key, candidate);
    candidate.accounts.add(account);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, candidate]) => candidate);
};

/** Whether the files say every member of the group. */
const isListed = (group: string, { state, live }: SaidAndLive): boolean => {
  const found = state[groupKey(group)];
  const all = resourcesOf(live, 'membership').filter((one) => one.group === group);
  return found?.kind === 'group' && found.source !== 'external' && all.every((one) => state[keyOf(one)] !== undefined);
};

/** `state`: what of `live` the files say. */
type SaidAndLive = { readonly state: State; readonly live: State };

/** A group with a member that holds the set in every account: the guard of break-glass needs no less. */
export const guessedBreakGlass = (said: SaidAndLive): WrittenSettings['breakGlass'] => {
  const { state } = said;
  const accounts = resourcesOf(state, 'account').length;
  const peopled = new Set(resourcesOf(state, 'membership').map(({ group }) => group));
  const whole = candidatesIn(state).find(
    (one) =>
      one.accounts.size === accounts &&
      peopled.has(one.group) &&
      isListed(one.group, said) &&
      state[permissionSetKey(one.permissionSet)] !== undefined,
  );
  return whole === undefined ? undefined : { group: whole.group, permissionSet: whole.permissionSet };
};

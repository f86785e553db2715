/** Who holds an assignment: a user or a group, and what a user has through its groups. */
import type { Input } from '../core.ts';
import type { World } from '../world.ts';
import { required, word } from './input.ts';
import { principalIdRule } from './lookup.ts';
import type { Assignment, Principal, PrincipalType } from './state.ts';

export const principalTypes: readonly PrincipalType[] = ['USER', 'GROUP'];

export const principalIn = (input: Input): Principal => ({
  type: word(input, 'PrincipalType', principalTypes),
  id: required(input, 'PrincipalId', principalIdRule),
});

/** A user has what is assigned to it and to its groups; each row says through which principal. */
export const reaches = (world: World, type: PrincipalType, id: string) => {
  const groups = Object.values(world.identityStore.memberships)
    .filter(({ userId }) => type === 'USER' && userId === id)
    .map(({ groupId }) => groupId);
  return (row: Pick<Assignment, 'principalType' | 'principalId'>): boolean =>
    row.principalType === type
      ? row.principalId === id
      : row.principalType === 'GROUP' && groups.includes(row.principalId);
};

/** Who holds an assignment: a user or a group, and what a user has through its groups. */
import type { CallInput } from '../core.ts';
import type { SandboxWorld } from '../world.ts';
import { requiredInput, word } from './input.ts';
import { principalIdRule } from './lookup.ts';
import type { SsoAssignment, SsoPrincipal, SsoPrincipalType } from './state.ts';

export const principalTypes: readonly SsoPrincipalType[] = ['USER', 'GROUP'];

export const principalIn = (input: CallInput): SsoPrincipal => ({
  type: word(input, 'PrincipalType', principalTypes),
  id: requiredInput(input, 'PrincipalId', principalIdRule),
});

/** A user has what is assigned to it and to its groups; each row says through which principal. */
export const reaches = (world: SandboxWorld, type: SsoPrincipalType, id: string) => {
  const groups = Object.values(world.identityStore.memberships)
    .filter(({ userId }) => type === 'USER' && userId === id)
    .map(({ groupId }) => groupId);
  return (row: Pick<SsoAssignment, 'principalType' | 'principalId'>): boolean =>
    row.principalType === type
      ? row.principalId === id
      : row.principalType === 'GROUP' && groups.includes(row.principalId);
};

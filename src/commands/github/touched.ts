/** What a pull request touches: what either tree has and the other has not, or has otherwise. */
import { canonical } from '../../kinds/equal.ts';
import type { Desired } from '../../model/desired.ts';
import type { Resource } from '../../model/resource.ts';

/** Their key says all of them. */
const told = new Set<Resource['kind']>(['assignment', 'membership', 'attachment']);

const isOtherwise = (one: Resource, other: Resource | undefined): boolean =>
  other === undefined || (!told.has(one.kind) && canonical(one) !== canonical(other));

export const touchedBetween = (base: Desired, head: Desired): readonly Resource[] => {
  const against = (from: Desired, to: Desired): readonly Resource[] =>
    Object.entries(from.state).flatMap(([key, resource]) => (isOtherwise(resource, to.state[key]) ? [resource] : []));
  return [...against(base, head), ...against(head, base)];
};

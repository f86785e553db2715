/** Whose tag the imported things are to carry. */
import type { Live } from '../model/cloud.ts';

/** The owner that most live tags name; where there is none, one made of the organization's id. */
export const ownerOf = ({ state, organization }: Live): string => {
  const counts = new Map<string, number>();
  for (const resource of Object.values(state)) {
    const { owner } = resource as { readonly owner?: string };
    if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return most?.[0] ?? `${organization}/aws-access`;
};

/** The action that a name without one is likely to mean: the one that its API operation obeys, else the nearest of the same verb. */

import { actionsOfOperations } from './aws-lists.ts';

type Suggest = (name: string, candidates: Iterable<string>) => string | undefined;
export type ActionNames = { readonly service: string; readonly names: readonly string[]; readonly suggest: Suggest };

const verbOf = (name: string): string => /^[A-Z]?[a-z]*/.exec(name)?.[0].toLowerCase() ?? '';

/** Those that begin with a verb of this service with which the name begins; the longest such verb. */
const sameVerb = (name: string, names: readonly string[]): readonly string[] => {
  const lower = name.toLowerCase();
  const verbs = new Set(names.map(verbOf).filter((verb) => verb.length > 2 && lower.startsWith(verb)));
  const verb = [...verbs].sort((a, b) => b.length - a.length)[0];
  return verb === undefined ? [] : names.filter((known) => verbOf(known) === verb);
};

/** `Name`, in AWS's spelling. A name whose verb the service knows is never answered with another verb. */
export const nearestAction = (name: string, { service, names, suggest }: ActionNames): string | undefined => {
  const operations = Object.hasOwn(actionsOfOperations.entries, service)
    ? actionsOfOperations.entries[service]
    : undefined;
  const meant = operations?.get(name.toLowerCase());
  if (meant !== undefined) return meant;
  const alike = sameVerb(name, names);
  return suggest(name, alike.length > 0 ? alike : names);
};

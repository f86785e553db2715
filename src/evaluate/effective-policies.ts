/** The settings that the accounts of a state have through the policies that hang above them. */
import { remembered, grouped } from '../model/lists.ts';
import type { Account, SettingsKind, State } from '../model/resource.ts';
import {
  controlPolicyKey,
  isSettingsPolicy,
  pathToRoot,
  policyTypeKey,
  policyTypes,
  resourcesOf,
  targetText,
} from '../model/resource.ts';
import { isSettingsNode } from '../model/settings-document.ts';
import type { SettingsDocument, SettingsValue } from '../model/settings-document.ts';
import { effectivePolicy } from './effective-policy.ts';
import type { EffectivePolicy } from './effective-policy.ts';

const nothing: EffectivePolicy = { settings: undefined, clashes: [] };

const placesAbove = ({ name, parent }: Account): readonly string[] => [
  ...[...pathToRoot(parent)].reverse().map((path) => (path === '' ? 'root' : `ou:${path}`)),
  targetText({ type: 'account', name }),
];

/** By account. Of policies on one target AWS asks which was attached first, which no state tells: they count by name. */
export const effectivePolicies = (state: State, kind: SettingsKind): ((account: Account) => EffectivePolicy) => {
  if (state[policyTypeKey(policyTypes[kind])] === undefined) return () => nothing;
  const own = resourcesOf(state, 'attachment').filter(({ policy }) => policy.kind === kind);
  const hanging = grouped(own, ({ target }) => targetText(target));
  const documents = (place: string): readonly SettingsDocument[] =>
    (hanging.get(place) ?? [])
      .map(({ policy }) => policy.name)
      .sort()
      .flatMap((name) => {
        const policy = state[controlPolicyKey({ kind, name })];
        return isSettingsPolicy(policy) ? [policy.settings] : [];
      });
  // Accounts below the same policies have the same settings.
  const merged = remembered((places: string) => effectivePolicy((JSON.parse(places) as string[]).map(documents)));
  return (account) => {
    const places = placesAbove(account).filter((place) => hanging.has(place));
    return places.length === 0 ? nothing : merged(JSON.stringify(places));
  };
};

/** Each setting by its path, keys joined by dots. */
export const settingsByPath = (
  document: SettingsDocument | undefined,
  path = '',
): Readonly<Record<string, SettingsValue>> =>
  Object.fromEntries(
    Object.entries(document ?? {}).flatMap(([name, value]) => {
      const here = path === '' ? name : `${path}.${name}`;
      return isSettingsNode(value)
        ? Object.entries(settingsByPath(value, here))
        : [[here, value] as [string, SettingsValue]];
    }),
  );

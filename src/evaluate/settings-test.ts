/** Access tests about settings: what the policies that hang above an account come to there. */
import { settingsPolicyTypes } from '../kinds/control-policies.ts';
import { ownValue } from '../model/own-value.ts';
import type { Place } from '../model/problem.ts';
import type { SettingsKind } from '../model/resource.ts';
import type { SettingsValue } from '../model/settings-document.ts';
import { effectivePolicies, settingsByPath } from './effective-policies.ts';
import type { EffectivePolicy } from './effective-policy.ts';
import type { AccessWorld } from './policies-of.ts';
import { accountOf } from './policies-of.ts';

/** By its path; lists in any order. */
type DemandedSettings = Readonly<Record<string, SettingsValue>>;

/** `accounts` is what its targeting words come to. */
export type SettingsTest = {
  readonly name: string;
  readonly place: Place;
  readonly accounts: readonly string[];
  /** YYYY-MM-DD: the world is then the one of that day. */
  readonly at?: string;
  readonly effective: Readonly<Partial<Record<SettingsKind, DemandedSettings>>>;
};

export type SettingFailure = {
  readonly message: string;
  readonly kind: SettingsKind;
  readonly account: string;
  readonly path: string;
  /** `depends`: policies on one target assign different values to it. */
  readonly decision: 'denied' | 'depends';
};

const textOf = (value: SettingsValue): string =>
  Array.isArray(value)
    ? `[${value.map(textOf).join(', ')}]`
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

const canonical = (value: SettingsValue): string =>
  JSON.stringify(Array.isArray(value) ? value.map((one: SettingsValue) => JSON.stringify(one)).sort() : value);

type Demand = { readonly kind: SettingsKind; readonly path: string; readonly wanted: SettingsValue };

const failureAt = (account: string, has: EffectivePolicy, demand: Demand): readonly SettingFailure[] => {
  const { kind, path, wanted } = demand;
  const where = `${settingsPolicyTypes[kind].word} in ${account}: ${path}`;
  const must = `must be ${textOf(wanted)}`;
  if (has.clashes.includes(path)) {
    const message = `${where} depends on which of the policies on one target was attached first, ${must}`;
    return [{ message, kind, account, path, decision: 'depends' }];
  }
  const is = ownValue(settingsByPath(has.settings), path);
  if (is !== undefined && canonical(is) === canonical(wanted)) return [];
  const message = `${where} is ${is === undefined ? 'not set' : textOf(is)}, ${must}`;
  return [{ message, kind, account, path, decision: 'denied' }];
};

const demandsOf = ({ effective }: SettingsTest): readonly Demand[] =>
  Object.entries(effective).flatMap(([kind, settings]) =>
    Object.entries(settings).map(([path, wanted]) => ({ kind: kind as SettingsKind, path, wanted })),
  );

/** An account that the world does not have has no settings. */
export const settingFailures = (test: SettingsTest, world: AccessWorld): readonly SettingFailure[] => {
  const demands = demandsOf(test);
  const policies = new Map(
    [...new Set(demands.map(({ kind }) => kind))].map((kind) => [kind, effectivePolicies(world.state, kind)] as const),
  );
  return test.accounts.flatMap((name) => {
    const account = accountOf(world, name);
    return demands.flatMap((demand) => {
      const has = account === undefined ? undefined : policies.get(demand.kind)?.(account);
      return failureAt(name, has ?? { settings: undefined, clashes: [] }, demand);
    });
  });
};

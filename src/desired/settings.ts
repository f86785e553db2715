/** access/settings.yaml with its defaults. */
import type { ControlKind } from '../model/resource.ts';
import { controlKinds } from '../model/resource.ts';
import { isAbsoluteGuard, liftableGuards } from '../model/guard.ts';
import type { Settings } from '../model/desired.ts';
import type { Typed } from './check-form.ts';
import { checkAttributes } from './checks/check-attributes.ts';
import { checkRegion } from './checks/check-region.ts';
import { checkDate } from './dates.ts';
import { findOu, reportUnknownAccount, reportUnknownOu } from './organization.ts';
import { nameHint, plainNames } from './names.ts';
import { quoted } from './text.ts';
import { inside, placeOf } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';

type SettingsValue = Typed<'settings'>['value'];

const oneOfEach = Object.fromEntries(controlKinds.map((kind) => [kind, 1])) as Readonly<Record<ControlKind, number>>;

/** Deletions of one kind in one plan before a person must say that they are meant. */
const deleteBudgets = {
  assignment: 25,
  membership: 25,
  'permission-set': 3,
  ...oneOfEach,
  attachment: 5,
  group: 1,
  ou: 1,
  role: 3,
  policy: 3,
} as const;

/** `managementAccount`: by id; it stands for the organization where there is none. */
export const withDefaults = (written: SettingsValue, managementAccount: string): Settings => ({
  ...written,
  organization: written.organization ?? managementAccount,
  endpoints: written.endpoints ?? [],
  ownership: { assignments: 'managed', ...written.ownership },
  adopt: written.adopt ?? [],
  delegatedAdministrator: written.delegatedAdministrator ?? null,
  oidcProviders: written.oidcProviders ?? 'manage',
  budgets: { delete: { ...deleteBudgets, ...written.budgets?.delete } },
  approvals: written.approvals ?? [],
  ignore: written.ignore ?? [],
  quotas: written.quotas ?? {},
  exceptions: written.exceptions ?? [],
  waivers: written.waivers ?? [],
});

const checkBreakGlass = (spot: FileSpot, { breakGlass }: SettingsValue, world: ReadingContext): void => {
  if (breakGlass === undefined) return;
  const isDeclared = (name: string, index: ReadingContext['known']['groups']): boolean =>
    index.names.has(name) || !index.complete;
  const { groups, permissionSets } = world.known;
  const say = (key: string, what: string, hint: string | undefined): void => {
    const at = placeOf(inside(spot, 'breakGlass', key));
    world.report({ at, rule: 'missing-break-glass', message: `the break-glass ${what} is not declared`, hint });
  };
  if (!isDeclared(breakGlass.group, groups)) {
    say(
      'group',
      `group ${quoted(breakGlass.group)}`,
      nameHint(breakGlass.group, { known: plainNames(groups.names), all: 'groups' }),
    );
  }
  if (!isDeclared(breakGlass.permissionSet, permissionSets)) {
    const known = plainNames(permissionSets.names);
    const hint = nameHint(breakGlass.permissionSet, { known, all: 'permission sets' });
    say('permissionSet', `permission set ${quoted(breakGlass.permissionSet)}`, hint);
  }
};

const checkAccount = (
  spot: FileSpot,
  name: string | null | undefined,
  { organization, report }: ReadingContext,
): void => {
  if (name === null || name === undefined || organization === undefined || organization.accounts.has(name)) return;
  reportUnknownAccount(spot, name, { organization, report });
};

const checkApprovals = (spot: FileSpot, { approvals = [] }: SettingsValue, world: ReadingContext): void => {
  const { organization, report } = world;
  for (const [index, { when }] of approvals.entries()) {
    const here = inside(spot, 'approvals', index, 'when');
    checkAccount(inside(here, 'account'), when.account, world);
    if (when.ou === undefined || organization === undefined || findOu(when.ou, organization) !== undefined) continue;
    reportUnknownOu(inside(here, 'ou'), when.ou, { organization, report });
  }
};

const checkEnds = (spot: FileSpot, { exceptions = [], waivers = [] }: SettingsValue, world: ReadingContext): void => {
  const ends = (list: readonly { readonly until: string }[], key: string): void => {
    for (const [index, { until }] of list.entries()) {
      const here = inside(spot, key, index, 'until');
      if (!checkDate(here, until, world.report) || until >= world.today) continue;
      world.report({ at: placeOf(here), rule: 'ended', message: `ended on ${until}; it allows nothing any more` });
    }
  };
  ends(exceptions, 'exceptions');
  ends(waivers, 'waivers');
  for (const [index, { account }] of waivers.entries())
    checkAccount(inside(spot, 'waivers', index, 'account'), account, world);
};

const checkGuards = (spot: FileSpot, { exceptions = [] }: SettingsValue, { report }: ReadingContext): void => {
  for (const [index, { guard }] of exceptions.entries()) {
    const at = placeOf(inside(spot, 'exceptions', index, 'guard'));
    if (isAbsoluteGuard(guard)) {
      const message = `no exception lifts the guard ${quoted(guard)}`;
      report({ at, rule: 'absolute-guard', message });
    } else if (!(liftableGuards as readonly string[]).includes(guard)) {
      const message = `${quoted(guard)} is not a guard`;
      const hint = nameHint(guard, { known: plainNames(liftableGuards), all: 'guards' });
      report({ at, rule: 'unknown-guard', message, hint });
    }
  }
};

const adoptableKinds = ['permission-set', ...controlKinds];
const isAdoptable = (key: string): boolean =>
  adoptableKinds.some((kind) => key.startsWith(`${kind}/`) && key.length > kind.length + 1);

const checkAdopt = (spot: FileSpot, { adopt = [] }: SettingsValue, { report }: ReadingContext): void => {
  for (const [index, key] of adopt.entries()) {
    if (isAdoptable(key)) continue;
    const [last = '', ...others] = adoptableKinds.map((kind) => `${kind}/NAME`).reverse();
    const rest = others.reverse();
    const message = `${quoted(key)} is not a key such as ${rest.join(', ')} or ${last}`;
    report({ at: placeOf(inside(spot, 'adopt', index)), rule: 'wrong-value', message });
  }
};

const checkRegions = (
  spot: FileSpot,
  { region, resourcePolicies }: SettingsValue,
  { report }: ReadingContext,
): void => {
  checkRegion(placeOf(inside(spot, 'region')), region, report);
  for (const [index, one] of (resourcePolicies?.regions ?? []).entries())
    checkRegion(placeOf(inside(spot, 'resourcePolicies', 'regions', index)), one, report);
};

export const checkSettings = ({ file, value }: Typed<'settings'>, world: ReadingContext): void => {
  const spot: FileSpot = { file, path: [] };
  checkBreakGlass(spot, value, world);
  checkAccount(inside(spot, 'delegatedAdministrator'), value.delegatedAdministrator, world);
  checkApprovals(spot, value, world);
  checkEnds(spot, value, world);
  checkGuards(spot, value, world);
  checkAdopt(spot, value, world);
  checkAttributes(spot, value, world);
  checkRegions(spot, value, world);
};

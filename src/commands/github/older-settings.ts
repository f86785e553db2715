/** The guards, asked again with the settings of before: what is taken out of the settings still judges the plan. */
import type { Live } from '../../model/cloud.ts';
import type { Desired, Settings } from '../../model/desired.ts';
import type { Plan } from '../../model/plan.ts';
import { baseSettingsFor } from './trees.ts';
import { guardsFor } from '../run/live-plan.ts';

type PlanGuards = Plan['guards'];

/** Another name may take its place, and is then judged; with none, nothing would keep a way in any more. */
const dropped = (before: Settings, after: Settings): PlanGuards => [
  ...(before.breakGlass === undefined || after.breakGlass !== undefined
    ? []
    : [
        {
          id: 'break-glass',
          ok: false,
          message: `access/settings.yaml no longer names break-glass (${before.breakGlass.group}): nothing would protect it; name what takes its place`,
        },
      ]),
  ...(before.reconciler === undefined || after.reconciler !== undefined
    ? []
    : [
        {
          id: 'reconciler-access',
          ok: false,
          message: `access/settings.yaml no longer names the reconciler's roles (${before.reconciler.apply}): nothing would protect them; name what takes their place`,
        },
      ]),
];

/** The guards of both; those of before are said only where they alone refuse. */
const withOlder = (guards: PlanGuards, older: PlanGuards): PlanGuards => {
  const said = new Set(guards.filter(({ ok }) => !ok).map(({ id, message }) => `${id}\0${message}`));
  const more = older
    .filter(({ ok, id, message }) => !ok && !said.has(`${id}\0${message}`))
    .map(({ id, message }) => ({ id, ok: false, message: `by the settings of the base: ${message}` }));
  const refusing = new Set(more.map(({ id }) => id));
  return [...guards.filter(({ ok, id }) => !ok || !refusing.has(id)), ...more];
};

type GuardInput = { readonly desired: Desired; readonly live: Live; readonly now: string };

/** Who approves what is asked elsewhere. */
const textOf = (settings: Settings): string => JSON.stringify({ ...settings, approvals: [] });

/** `plan`: what `desired` comes to on `live`. It is computed again for each of the older settings that differs. */
export const judgedByOlder = (plan: Plan, { desired, live, now }: GuardInput, olders: readonly Desired[]): Plan => {
  const settings = new Map(
    olders.map((older) => baseSettingsFor(older, desired)).map((one) => [textOf(one), one] as const),
  );
  settings.delete(textOf(desired.settings));
  const guards = [...settings.values()].reduce<PlanGuards>((found, one) => {
    const again = guardsFor({ ...desired, settings: one }, live, now);
    return withOlder(found, [...again, ...dropped(one, desired.settings)]);
  }, plan.guards);
  return { ...plan, guards };
};

/** What two versions plan differently of the same files and the same AWS, in words. Pure. */

type Changed = {
  readonly id: string;
  readonly action: string;
  readonly kind: string;
  readonly key: string;
  readonly risk: string;
};

/** As far as versions are compared: keys that every version of plan JSON 1 has. */
export type PlanFile = {
  readonly changes: readonly Changed[];
  readonly guards: readonly { readonly id: string; readonly ok: boolean }[];
  readonly held: readonly { readonly key?: string }[];
};

/** What a version made of an organization: its plan, or what it said instead. */
export type Outcome = { readonly exit: number; readonly plan?: PlanFile; readonly said: string };

const named = ({ action, key }: Changed): string => `${action} ${key}`;

const byName = ({ changes }: PlanFile): ReadonlyMap<string, Changed> =>
  new Map(changes.map((change) => [named(change), change]));

const changeDifferences = (before: PlanFile, after: PlanFile): readonly string[] => {
  const [older, newer] = [byName(before), byName(after)];
  const gone = [...older].filter(([name]) => !newer.has(name)).map(([name]) => `no longer planned: ${name}`);
  const come = [...newer].filter(([name]) => !older.has(name)).map(([name]) => `newly planned: ${name}`);
  const other = [...newer].flatMap(([name, change]) => {
    const was = older.get(name);
    if (was === undefined) return [];
    return [
      ...(was.id === change.id ? [] : [`with other content: ${name}`]),
      ...(was.risk === change.risk ? [] : [`rated ${change.risk}, was ${was.risk}: ${name}`]),
    ];
  });
  return [...gone, ...come, ...other];
};

const guardDifferences = (before: PlanFile, after: PlanFile): readonly string[] => {
  const [older, newer] = [before, after].map(({ guards }) => new Map(guards.map(({ id, ok }) => [id, ok])));
  const ids = [...new Set([...(older?.keys() ?? []), ...(newer?.keys() ?? [])])].sort();
  return ids
    .filter((id) => (older?.get(id) ?? true) !== (newer?.get(id) ?? true))
    .map((id) => (newer?.get(id) === false ? `refused by the guard ${id}` : `no longer refused by the guard ${id}`));
};

const heldIn = ({ held }: PlanFile): ReadonlySet<string> => new Set(held.flatMap(({ key }) => key ?? []));

const heldDifferences = (before: PlanFile, after: PlanFile): readonly string[] => {
  const [older, newer] = [heldIn(before), heldIn(after)];
  return [
    ...[...newer].filter((key) => !older.has(key)).map((key) => `newly held: ${key}`),
    ...[...older].filter((key) => !newer.has(key)).map((key) => `no longer held: ${key}`),
  ];
};

const firstLine = ({ said }: Outcome): string => said.split('\n').find((line) => line.trim() !== '') ?? 'nothing';

/** One line for each difference; none where both plan the same. */
export const differencesOf = (before: Outcome, after: Outcome): readonly string[] => {
  if (before.plan === undefined && after.plan === undefined)
    return firstLine(before) === firstLine(after) ? [] : [`says otherwise why there is no plan: ${firstLine(after)}`];
  if (after.plan === undefined) return [`no plan any more (exit ${after.exit}): ${firstLine(after)}`];
  if (before.plan === undefined) return [`a plan where there was none: ${firstLine(before)}`];
  return [
    ...(before.exit === after.exit ? [] : [`exits ${after.exit}, exited ${before.exit}`]),
    ...changeDifferences(before.plan, after.plan),
    ...guardDifferences(before.plan, after.plan),
    ...heldDifferences(before.plan, after.plan),
  ];
};

export type ComparedOrganization = {
  readonly name: string;
  readonly differences: readonly string[];
  /** Changes of the newer version's plan; nothing where it made none. */
  readonly changes: number | undefined;
};

const shown = 25;

const sectionOf = ({ name, differences }: ComparedOrganization): readonly string[] => [
  `- ${name}:`,
  ...differences.slice(0, shown).map((line) => `  - ${line}`),
  ...(differences.length > shown ? [`  - and ${differences.length - shown} more`] : []),
];

/** For CHANGELOG.md: a sentence, and where something differs what and in which organization. */
export const comparedText = (organizations: readonly ComparedOrganization[]): string => {
  const different = organizations.filter(({ differences }) => differences.length > 0);
  const changes = organizations.reduce((sum, one) => sum + (one.changes ?? 0), 0);
  const unplanned = organizations.filter((one) => one.changes === undefined).length;
  const of = `${organizations.length} organizations (${changes} changes${unplanned === 0 ? '' : `, ${unplanned} without a plan`})`;
  if (different.length === 0) return `Planned differently: nothing, in ${of}.`;
  return [`Planned differently: in ${different.length} of ${of}.`, '', ...different.flatMap(sectionOf)].join('\n');
};

/** Whoever may have to come in on any day, to repair what is broken, has neither a first day nor a last one. */
import { ofKind } from '../documents.ts';
import type { FileDocuments } from '../documents.ts';
import type { ReportFinding } from '../rules.ts';
import type { FileSchemas } from '../schema/schema.ts';
import type { RoleEntry } from '../trust/role-trust.ts';
import { inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';

type SettingsEntry = FileSchemas['settings'];
type DatedEntry = { readonly from?: string; readonly until?: string };
type PoliciedEntry = {
  readonly customerManagedPolicies?: readonly { readonly name: string; readonly path?: string }[];
  readonly permissionsBoundary?: object;
};

const reportDates = (
  spot: FileSpot,
  dated: DatedEntry,
  { what, report }: { what: string; report: ReportFinding },
): void => {
  for (const key of ['from', 'until'] as const) {
    if (dated[key] === undefined) continue;
    const message = `${what}, and has to be there on every day: it takes no \`${key}\``;
    report({ at: placeOf(inside(spot, key)), rule: 'dated-way-in', message });
  }
};

type BreakGlassEntry = NonNullable<SettingsEntry['breakGlass']>;

const checkGroups = (
  documents: FileDocuments,
  { group, permissionSet }: BreakGlassEntry,
  report: ReportFinding,
): void => {
  for (const { file, value } of [...ofKind(documents, 'group'), ...ofKind(documents, 'user')]) {
    const isGlass = 'group' in value && value.group === group;
    for (const [index, assignment] of (value.assignments ?? []).entries())
      if (isGlass || assignment.permissionSet === permissionSet)
        reportDates({ file, path: ['assignments', index] }, assignment, { what: 'this is break-glass', report });
    for (const [index, member] of (isGlass ? (value.members ?? []) : []).entries())
      if (typeof member !== 'string')
        reportDates({ file, path: ['members', index] }, member, { what: 'this is break-glass', report });
  }
};

const isReconcilers = ({ role, path = '/' }: RoleEntry, { reconciler, memberRole }: SettingsEntry): boolean => {
  const whole = `${path.slice(1)}${role}`;
  if (whole === reconciler?.plan || whole === reconciler?.apply) return true;
  return role === memberRole?.name && path === (memberRole.path ?? '/');
};

/** The names of the customer policies that it has, as a boundary too. */
const policiesOf = ({ customerManagedPolicies = [], permissionsBoundary = {} }: PoliciedEntry): readonly string[] => {
  const { customerManagedPolicy: boundary } = permissionsBoundary as {
    readonly customerManagedPolicy?: { readonly name: string };
  };
  return [...customerManagedPolicies.map(({ name }) => name), ...(boundary === undefined ? [] : [boundary.name])];
};

export const checkWayIn = (documents: FileDocuments, settings: SettingsEntry, { report }: ReadingContext): void => {
  const { breakGlass } = settings;
  if (breakGlass !== undefined) checkGroups(documents, breakGlass, report);
  const roles = ofKind(documents, 'role').filter(({ value }) => isReconcilers(value, settings));
  for (const { file, value } of roles)
    reportDates({ file, path: [] }, value, { what: 'the reconciler comes in by this role', report });
  const sets = ofKind(documents, 'permission-set').filter(
    ({ value }) => value.permissionSet === breakGlass?.permissionSet,
  );
  const needed = new Set([...roles, ...sets].flatMap(({ value }) => policiesOf(value as PoliciedEntry)));
  for (const { file, value } of ofKind(documents, 'policy'))
    if (needed.has(value.policy))
      reportDates({ file, path: [] }, value, { what: 'break-glass or the reconciler has this policy', report });
};

/** What every rule needs to know while it looks at one file. */
import type { Catalogue } from '../model/catalogue.ts';
import type { Place } from '../model/problem.ts';
import type { QuotaName } from '../model/quotas.ts';
import type { FileKind, Typed } from './check-form.ts';
import type { DeclaredNames, NameIndex } from './documents.ts';
import type { DeclaredOrganization } from './declared-organization.ts';
import type { ReportFinding, RuleId } from './rules.ts';
import type { PolicySource } from './policies/policy-source.ts';
import { nameHint, plainNames } from './names.ts';
import { quoted } from './text.ts';
import type { Path, YamlFile } from './yaml-file.ts';

export type ReadingContext = {
  readonly report: ReportFinding;
  readonly catalogue: Catalogue;
  /** YYYY-MM-DD, UTC. */
  readonly today: string;
  /** Nothing while organization.yaml is wrong: then names of accounts and OUs are not judged. */
  readonly organization: DeclaredOrganization | undefined;
  readonly known: DeclaredNames;
  /**
   * Whether something of these kinds is wrong, as far as was read until now. Then what nobody seems to name, to bind or to
   * assign may be what was meant there.
   */
  readonly isWrong: (...kinds: readonly FileKind[]) => boolean;
  readonly limits: Readonly<Record<QuotaName, number>>;
  readonly policyFile: (
    path: string,
    kind: 'policy-document' | 'settings-document',
  ) => Typed<'policy-document' | 'settings-document'> | 'unusable' | 'missing';
  /** Every policy document that was read, for the lint. */
  readonly keepPolicy: (policy: PolicySource) => void;
};

/** A value inside a file. */
export type FileSpot = { readonly file: YamlFile; readonly path: Path };
export const placeOf = ({ file, path }: FileSpot): Place => file.at(path);
export const inside = ({ file, path }: FileSpot, ...more: Path): FileSpot => ({ file, path: [...path, ...more] });

type NameCheck = {
  readonly name: string;
  readonly index: NameIndex;
  readonly rule: RuleId;
  readonly what: string;
  /** What the names are together. */
  readonly all: string;
};

/** Whether the name is declared; if it is not, that is reported (unless it may be in a file that could not be read). */
export const checkName = (
  spot: FileSpot,
  { name, index, rule, what, all }: NameCheck,
  report: ReportFinding,
): boolean => {
  if (index.names.has(name)) return true;
  if (index.complete) {
    const message = `${quoted(name)} is not ${what}`;
    report({ at: placeOf(spot), rule, message, hint: nameHint(name, { known: plainNames(index.names), all }) });
  }
  return false;
};

export const checkPermissionSet = (spot: FileSpot, name: string, { known, report }: ReadingContext): boolean => {
  const check = {
    name,
    index: known.permissionSets,
    rule: 'unknown-permission-set',
    what: 'a permission set',
    all: 'permission sets',
  } as const;
  return checkName(spot, check, report);
};

export const checkGroup = (spot: FileSpot, name: string, { known, report }: ReadingContext): boolean =>
  checkName(
    spot,
    { name, index: known.groups, rule: 'unknown-group', what: 'a declared group', all: 'groups' },
    report,
  );

/** Reports the second and later declarations of a name, each with the place of the first. */
export const uniqueNames = (what: string, report: ReportFinding): ((name: string, at: Place) => boolean) => {
  const first = new Map<string, Place>();
  return (name, at) => {
    const before = first.get(name);
    first.set(name, before ?? at);
    if (before === undefined) return true;
    const message = `${what} ${quoted(name)} is declared here and in ${before.file}:${before.line}`;
    report({ at, rule: 'declared-twice', message });
    return false;
  };
};

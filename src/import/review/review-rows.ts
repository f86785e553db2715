/** The rows of an access review: what each entry gives, as far as it is asked for. */
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import { findOu } from '../../desired/organization.ts';
import type { Desired } from '../../model/desired.ts';
import { UserError } from '../../model/problem.ts';
import { pathToRoot, resourcesOf } from '../../model/resource.ts';
import type { ReviewRow } from '../../model/review.ts';
import type { Path } from '../../desired/yaml-file.ts';
import { organizationIn, typedIn } from '../edit/repo.ts';
import type { Repo } from '../edit/repo.ts';
import { reachedBy } from '../edit/targets.ts';
import type { TargetWords } from '../edit/targets.ts';
import { entryId, holderEntriesOf } from './review-entries.ts';
import type { HolderEntries, ReviewEntry } from './review-entries.ts';
import type { ReviewScope } from './review-scope.ts';

/** A row without its history. `index`: of the entry in its file. */
export type ReviewLine = Omit<ReviewRow, 'since' | 'changed'> & {
  readonly index: number;
  readonly entry: ReviewEntry;
};

/** "SecureCart-Staging", "OU Workloads with env=prod except SecureCart-Dev". */
const targetWords = ({ accounts = [], ous = [], tags = {}, except = [] }: TargetWords): string => {
  const where = [...ous.map((path) => `OU ${path}`), ...accounts].join(', ');
  const labels = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return [
    where,
    ...(labels.length === 0 ? [] : [`with ${labels.join(', ')}`]),
    ...(except.length === 0 ? [] : [`except ${except.join(', ')}`]),
  ].join(' ');
};

/** As many as the files say; of a group whose members they do not say nobody knows. */
const peopleIn = ({ state, memberGroups }: Desired): ((group: string) => number | undefined) => {
  const managed = new Set(memberGroups);
  const counts = new Map<string, number>();
  for (const { group } of resourcesOf(state, 'membership')) counts.set(group, (counts.get(group) ?? 0) + 1);
  return (group) => (managed.has(group) ? (counts.get(group) ?? 0) : undefined);
};

type ReviewGround = {
  readonly repo: Repo;
  readonly desired: Desired;
  /** YYYY-MM-DD */
  readonly today: string;
};

const grantHoldersIn = (repo: Repo): readonly HolderEntries[] =>
  [...typedIn(repo, 'group'), ...typedIn(repo, 'user')].flatMap((typed) => holderEntriesOf(typed) ?? []);

/** Where the entry says what it gives. */
const keyIn = ({ kind, path }: ReviewEntry): Path => {
  if (kind === 'membership') return path;
  return [...path, kind === 'entitlement' ? 'role' : 'permissionSet'];
};

type LineMaker = (holder: HolderEntries, entry: ReviewEntry, index: number) => ReviewLine;

const lineMaker = ({ desired, today }: ReviewGround, organization: DeclaredOrganization): LineMaker => {
  const peopleOf = peopleIn(desired);
  return (holder, entry, index) => {
    const { kind, what, target, terms } = entry;
    const { principal, file } = holder;
    const people = principal.type === 'group' && kind !== 'membership' ? peopleOf(principal.name) : undefined;
    return {
      id: entryId(holder, entry),
      kind,
      holder: { type: principal.type, name: principal.name },
      what,
      where: kind === 'membership' ? '' : targetWords(target),
      accounts: kind === 'membership' ? [] : reachedBy(file, organization)(target),
      ...(people === undefined ? {} : { people }),
      ...terms,
      ...(terms.from !== undefined && terms.from > today ? { isLater: true as const } : {}),
      place: file.at(keyIn(entry)),
      index,
      entry,
    };
  };
};

/** Accounts in it, or an OU around it or inside it, which may have none yet. */
const touches = (
  line: ReviewLine,
  scope: ReviewScope & { is: 'place' },
  organization: DeclaredOrganization,
): boolean => {
  if (line.accounts.some((name) => scope.accounts.has(name))) return true;
  const { path } = scope;
  if (path === undefined || line.accounts.length > 0) return false;
  return (line.entry.target.ous ?? []).some((word) => {
    const ou = findOu(word, organization);
    return ou !== undefined && (pathToRoot(ou).includes(path) || pathToRoot(path).includes(ou));
  });
};

const isOf = (line: ReviewLine, scope: ReviewScope, organization: DeclaredOrganization): boolean => {
  switch (scope.is) {
    case 'all':
      return true;
    case 'permission-set':
      return line.kind === 'assignment' && line.what === scope.name;
    case 'role':
      return line.kind === 'entitlement' && line.what === scope.name;
    case 'place':
      return line.kind !== 'membership' && touches(line, scope, organization);
    case 'group':
      return line.holder.type === 'group' && line.holder.name === scope.name;
    case 'user': {
      const isMember = line.kind === 'membership' && line.what === scope.name;
      return isMember || (line.holder.type === 'user' && line.holder.name === scope.name);
    }
  }
};

/** Who is in a group is part of who has what it is given. */
const withMembers = (chosen: readonly ReviewLine[], all: readonly ReviewLine[]): readonly ReviewLine[] => {
  const kept = new Set(chosen);
  const groups = new Set(
    chosen.flatMap(({ kind, holder }) => (kind !== 'membership' && holder.type === 'group' ? [holder.name] : [])),
  );
  return all.filter((line) => kept.has(line) || (line.kind === 'membership' && groups.has(line.holder.name)));
};

const withinOf = (line: ReviewLine, scope: ReviewScope): ReviewLine =>
  scope.is === 'place' && line.kind !== 'membership'
    ? { ...line, within: line.accounts.filter((name) => scope.accounts.has(name)).length }
    : line;

type ReviewLines = { readonly lines: readonly ReviewLine[]; readonly ended: number };

const declaredOrganization = ({ repo }: ReviewGround): DeclaredOrganization => {
  const organization = organizationIn(repo);
  if (organization === undefined) throw new UserError('access/organization.yaml does not say which accounts there are');
  return organization;
};

/** Sorted by group or user, each in the order of its file; what has ended, too. */
export const everyLine = (ground: ReviewGround): readonly ReviewLine[] => {
  const lineOf = lineMaker(ground, declaredOrganization(ground));
  return grantHoldersIn(ground.repo)
    .toSorted((one, other) => (one.principal.name < other.principal.name ? -1 : 1))
    .flatMap((holder) => holder.entries.map((entry, index) => lineOf(holder, entry, index)));
};

/** What has ended is counted and left out. */
export const reviewLines = (ground: ReviewGround, scope: ReviewScope): ReviewLines => {
  const organization = declaredOrganization(ground);
  const all = everyLine(ground);
  const living = all.filter(({ until }) => until === undefined || until >= ground.today);
  const isAsked = (line: ReviewLine): boolean => isOf(line, scope, organization);
  const lines = withMembers(living.filter(isAsked), living).map((line) => withinOf(line, scope));
  return { lines, ended: all.filter(isAsked).length - living.filter(isAsked).length };
};

/** The entries that give somebody a permission set or a role, and how they lie to a request. */
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import { findOu } from '../../desired/organization.ts';
import type { Place } from '../../model/problem.ts';
import { pathToRoot } from '../../model/resource.ts';
import { givesThing, holderFile } from '../edit/assignments.ts';
import { organizationIn } from '../edit/repo.ts';
import type { Repo } from '../edit/repo.ts';
import { reachedBy } from '../edit/targets.ts';
import type { TargetWords } from '../edit/targets.ts';
import type { GrantRequest, GrantTarget } from './request.ts';

export type WrittenEntry = TargetWords & {
  readonly from?: string;
  readonly until?: string;
  readonly reason?: string;
};

export type PlacedEntry = {
  readonly index: number;
  readonly written: WrittenEntry;
  readonly place: Place;
};

/** The file of the group or user, read. */
export type GrantHolding = {
  readonly path: string;
  readonly organization: DeclaredOrganization;
  readonly reached: (written: TargetWords) => readonly string[];
  /** Of the set or role of the request, in the order of the file. */
  readonly entries: readonly PlacedEntry[];
  /** Of whatever is given; undefined where the file has no such list. */
  readonly count: number | undefined;
};

export const holdingOf = (repo: Repo, { principal, given }: GrantRequest): GrantHolding | undefined => {
  const found = holderFile(repo, principal);
  const organization = organizationIn(repo);
  if (found === undefined || organization === undefined) return undefined;
  const { file, value } = found;
  const entries = (value.assignments ?? []).flatMap((entry, index): readonly PlacedEntry[] => {
    if (!givesThing(entry, given)) return [];
    const place = file.at(['assignments', index, 'role' in given ? 'role' : 'permissionSet']);
    return [{ index, written: entry, place }];
  });
  return {
    path: file.path,
    organization,
    reached: reachedBy(file, organization),
    entries,
    count: value.assignments?.length,
  };
};

/** Whether an OU, by its words in a file, is this one or inside it. */
export const liesBelow = (word: string, path: string, organization: DeclaredOrganization): boolean => {
  const found = findOu(word, organization);
  return found !== undefined && pathToRoot(found).includes(path);
};

/** Whether an OU, by its words in a file, is this one or around it. */
export const isAround = (word: string, path: string, organization: DeclaredOrganization): boolean => {
  const found = findOu(word, organization);
  return found !== undefined && pathToRoot(path).includes(found);
};

/** Whether the words mean all of it, of an OU also the accounts to come. */
export const givesIn = (
  written: TargetWords,
  { accounts, path }: GrantTarget,
  { organization, reached }: GrantHolding,
): boolean => {
  const names = new Set(reached(written));
  if (!accounts.every((name) => names.has(name))) return false;
  if (path === undefined) return true;
  const { ous = [], except = [], tags } = written;
  const isHoled = except.some((word) => liesBelow(word, path, organization) || isAround(word, path, organization));
  return tags === undefined && !isHoled && ous.some((word) => isAround(word, path, organization));
};

/** Whether the words mean this and nothing else. */
export const isExactly = (written: TargetWords, target: GrantTarget, { organization }: GrantHolding): boolean => {
  const { accounts = [], ous = [], except, tags } = written;
  const words = target.path === undefined ? accounts : ous;
  if (except !== undefined || tags !== undefined || accounts.length + ous.length !== 1) return false;
  const [word = ''] = words;
  return target.path === undefined ? word === target.word : findOu(word, organization) === target.path;
};

export const placeText = ({ file, line }: Place): string => `${file}:${line}`;

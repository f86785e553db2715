/** The entries of a file that give somebody something: permission sets of a group or user, and members of a group. */
import { createHash } from 'node:crypto';
import type { FileKind, Typed } from '../../desired/check-form.ts';
import { writtenTermsOf } from '../../desired/dates.ts';
import type { Path, YamlFile } from '../../desired/yaml-file.ts';
import type { GrantTerms } from '../../model/desired.ts';
import type { Principal } from '../../model/resource.ts';
import type { ReviewKind } from '../../model/review.ts';
import type { TargetWords } from '../edit/targets.ts';

export type ReviewEntry = {
  readonly kind: ReviewKind;
  /** The set of an assignment, the role of an entitlement, the user of a membership. */
  readonly what: string;
  /** Empty of a membership. */
  readonly target: TargetWords;
  readonly terms: GrantTerms;
  /** Where it stands in its file. */
  readonly path: Path;
};

/** What one file says of one group or user. */
export type HolderEntries = {
  readonly principal: Pick<Principal, 'type' | 'name'>;
  readonly former: readonly string[];
  readonly file: YamlFile;
  readonly entries: readonly ReviewEntry[];
};

type HolderValue = (Typed<'group'> | Typed<'user'>)['value'];

const assignmentsIn = ({ assignments = [] }: HolderValue): readonly ReviewEntry[] =>
  assignments.map(({ permissionSet, role, accounts, ous, tags, except, ...rest }, index) => ({
    kind: role === undefined ? 'assignment' : 'entitlement',
    what: role ?? permissionSet ?? '',
    target: {
      ...(accounts && { accounts }),
      ...(ous && { ous }),
      ...(tags && { tags }),
      ...(except && { except }),
    },
    terms: writtenTermsOf(rest),
    path: ['assignments', index],
  }));

const membersIn = ({ members = [] }: Typed<'group'>['value']): readonly ReviewEntry[] =>
  members.map((written, index) => {
    const { user, ...rest } = typeof written === 'string' ? { user: written } : written;
    return { kind: 'membership', what: user, target: {}, terms: writtenTermsOf(rest), path: ['members', index] };
  });

const isKind = <K extends FileKind>(typed: Typed<FileKind>, kind: K): typed is Typed<K> => typed.kind === kind;

/** Nothing of a file of another kind. */
export const holderEntriesOf = (typed: Typed<FileKind>): HolderEntries | undefined => {
  const { file } = typed;
  if (isKind(typed, 'group')) {
    const { value } = typed;
    const entries = [...assignmentsIn(value), ...(value.source === 'external' ? [] : membersIn(value))];
    return { principal: { type: 'group', name: value.group }, former: value.previously ?? [], file, entries };
  }
  if (!isKind(typed, 'user')) return undefined;
  const { value } = typed;
  return { principal: { type: 'user', name: value.user }, former: [], file, entries: assignmentsIn(value) };
};

/** All that an entry says, whatever the order of its words; `named`: under which name an account counts. */
export const allWordsOf = (
  { kind, what, target, terms }: ReviewEntry,
  named: (account: string) => string = (name) => name,
): string => {
  const { accounts = [], ous = [], except = [], tags = {} } = target;
  const lists = [accounts.map(named), ous, except.map(named), Object.entries(tags).map(String)];
  return JSON.stringify([kind, what, lists.map((list) => [...list].sort()), terms.from, terms.until, terms.reason]);
};

/** Begins with a letter, so that no spreadsheet takes it for a number. */
export const entryId = ({ principal }: HolderEntries, entry: ReviewEntry): string => {
  const words = JSON.stringify([principal.type, principal.name, allWordsOf(entry)]);
  return `g${createHash('sha256').update(words).digest('hex').slice(0, 12)}`;
};

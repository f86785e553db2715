/** Who is given what where and until when: one row for each entry of a file, however many accounts it reaches. */
import { grouped } from '../model/lists.ts';
import { writtenTermsOf } from '../desired/dates.ts';
import type { DatedGrant, GrantTerms } from '../model/desired.ts';
import type { Key, Resource, ResourceOf } from '../model/resource.ts';
import { keyOf } from '../model/resource.ts';
import { rangesOf } from './ranges.ts';
import type { ReportGrant, ReportMember } from './report.ts';
import { atOf, givenIn, isUndeclared, sideMarksOf, ofBoth } from './sides.ts';
import type { Lists, ReportInput } from './sides.ts';

/** The days and the reason of what is given today. */
export const datedTermsIn =
  ({ desired: { terms } }: ReportInput): ((key: Key) => GrantTerms) =>
  (key) =>
    terms[key] ?? {};

/** What only later days give, its first entry for each key. */
export const laterOf = ({ desired }: ReportInput): readonly DatedGrant[] => {
  const wanted = new Set(desired.notBegun);
  const coming = new Map<Key, DatedGrant>();
  for (const grant of desired.dated) if (wanted.has(grant.key) && !coming.has(grant.key)) coming.set(grant.key, grant);
  return [...coming.values()];
};

const laterTerms = (grant: DatedGrant) => ({
  ...writtenTermsOf(grant),
  later: true as const,
  at: atOf(grant.place) ?? '',
});

type Given = 'assignment' | 'entitlement' | 'membership';
type Row<K extends Given> = {
  readonly resource: ResourceOf<K>;
  readonly rest: Omit<ReportGrant, 'who' | 'set' | 'accounts'>;
};

const isOf =
  <K extends Given>(kind: K) =>
  (resource: Resource): resource is ResourceOf<K> =>
    resource.kind === kind;

const rowsOf = <K extends Given>(input: ReportInput, kind: K): readonly Row<K>[] => {
  const termsOfKey = datedTermsIn(input);
  const isWanted = isOf(kind);
  const today = ofBoth(input, kind).map((resource): Row<K> => {
    const key = keyOf(resource);
    const undeclared = isUndeclared(input, key) ? { undeclared: true as const } : {};
    return { resource, rest: { ...termsOfKey(key), ...sideMarksOf(input, key), ...undeclared } };
  });
  const later = laterOf(input).flatMap((grant): readonly Row<K>[] =>
    isWanted(grant.resource) ? [{ resource: grant.resource, rest: laterTerms(grant) }] : [],
  );
  return [...today, ...later];
};

export const reportGrants = (input: ReportInput, { accountAt, setAt, principalAt }: Lists): readonly ReportGrant[] => {
  const rows = [...rowsOf(input, 'assignment'), ...rowsOf(input, 'entitlement')].filter(
    ({ resource }) => setAt(givenIn(resource)) >= 0 && accountAt(resource.account) >= 0,
  );
  const same = grouped(rows, ({ resource, rest }) =>
    JSON.stringify([resource.principal.type, resource.principal.name, givenIn(resource), rest]),
  );
  return [...same.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const { principal } = first.resource;
    return [
      {
        who: principalAt(principal.type, principal.name),
        set: setAt(givenIn(first.resource)),
        accounts: rangesOf(alike.map(({ resource }) => accountAt(resource.account))),
        ...first.rest,
      },
    ];
  });
};

export const groupMembersOf = (input: ReportInput, { principalAt }: Lists): readonly ReportMember[] =>
  rowsOf(input, 'membership').map(({ resource: { group, user }, rest: { undeclared: _, ...rest } }) => ({
    group: principalAt('group', group),
    user: principalAt('user', user),
    ...rest,
  }));

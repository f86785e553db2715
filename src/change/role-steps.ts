/**
 * A role that becomes another, one call to IAM after the other, so that nobody can do through it at any moment what
 * neither the old nor the new one lets them do.
 */
import { ownValue } from '../model/own-value.ts';
import {
  allowedLess,
  allowedMore,
  commonTrust,
  deniedMore,
  documentEffect,
  nobody,
  sameDocument,
} from './document-steps.ts';
import type { DocumentPair, OptionalDocument } from './document-steps.ts';
import { isLooser, isTighter } from './effect.ts';
import type { Effect } from './effect.ts';
import { canonical, changedFields } from '../kinds/equal.ts';
import type { CustomerManagedPolicy, Role } from '../model/resource.ts';

/** What an attached policy does: what only denies protects, and is there before and after the others. */
export type AttachedEffect = 'allows' | 'denies' | 'both';
export type ManagedReference = string | CustomerManagedPolicy;
export type EffectOf = (policy: ManagedReference) => AttachedEffect;

/** By its name, as AWS's own AWSDenyAll and AWSCompromisedKeyQuarantine have it. */
export const effectByName: EffectOf = (policy) =>
  /deny|quarantine/i.test(typeof policy === 'string' ? policy : policy.name) ? 'denies' : 'allows';

type RoleEnds = { readonly before: Role; readonly after: Role };
type RoleRevision = (role: Role) => Role;

const namesOf = ({ before, after }: RoleEnds): readonly string[] =>
  [...new Set([...Object.keys(before.inlinePolicies), ...Object.keys(after.inlinePolicies)])].sort();

const pairOf = ({ before, after }: RoleEnds, name: string): DocumentPair => ({
  before: ownValue(before.inlinePolicies, name),
  after: ownValue(after.inlinePolicies, name),
});

type NamedPair = DocumentPair & { readonly name: string; readonly effect: Effect };

const changedDocuments = (both: RoleEnds): readonly NamedPair[] =>
  namesOf(both)
    .map((name) => ({ name, ...pairOf(both, name), effect: documentEffect(pairOf(both, name)) }))
    .filter(({ before, after }) => !sameDocument(before, after));

const withDocument =
  (name: string, document: OptionalDocument): RoleRevision =>
  (role) => {
    const { [name]: _, ...others } = role.inlinePolicies;
    return { ...role, inlinePolicies: document === undefined ? others : { ...others, [name]: document } };
  };

const textOf = (policy: ManagedReference): string =>
  typeof policy === 'string' ? policy : `${policy.path}${policy.name}`;

const referencesOf = (role: Role): readonly ManagedReference[] => [
  ...role.managedPolicies,
  ...role.customerManagedPolicies,
];

const missingIn = (other: Role, role: Role): readonly ManagedReference[] => {
  const known = new Set(referencesOf(other).map(textOf));
  return referencesOf(role).filter((policy) => !known.has(textOf(policy)));
};

const attach =
  (policy: ManagedReference): RoleRevision =>
  (role) =>
    typeof policy === 'string'
      ? { ...role, managedPolicies: [...role.managedPolicies, policy].sort() }
      : { ...role, customerManagedPolicies: [...role.customerManagedPolicies, policy] };

const detach =
  (policy: ManagedReference): RoleRevision =>
  (role) => ({
    ...role,
    managedPolicies: role.managedPolicies.filter((other) => other !== policy),
    customerManagedPolicies: role.customerManagedPolicies.filter((other) => textOf(other) !== textOf(policy)),
  });

const withBoundary =
  (boundary: Role['permissionsBoundary']): RoleRevision =>
  ({ permissionsBoundary: _, ...role }) =>
    boundary === undefined ? role : { ...role, permissionsBoundary: boundary };

const withTrust =
  (trust: Role['trust']): RoleRevision =>
  (role) =>
    sameDocument(role.trust, trust) ? role : { ...role, trust };

type BoundaryEdit = 'none' | 'up' | 'changed' | 'down';

const boundaryEdit = (both: RoleEnds): BoundaryEdit => {
  if (!changedFields(both.before, both.after).includes('permissionsBoundary')) return 'none';
  if (both.before.permissionsBoundary === undefined) return 'up';
  return both.after.permissionsBoundary === undefined ? 'down' : 'changed';
};

/** All that the course depends on. */
type RoleCase = RoleEnds & {
  readonly documents: readonly NamedPair[];
  readonly attached: (...effects: readonly AttachedEffect[]) => readonly ManagedReference[];
  readonly detached: (...effects: readonly AttachedEffect[]) => readonly ManagedReference[];
  readonly boundary: BoundaryEdit;
};

const caseOf = (both: RoleEnds, effectOf: EffectOf): RoleCase => {
  const [added, removed] = [missingIn(both.before, both.after), missingIn(both.after, both.before)];
  return {
    ...both,
    documents: changedDocuments(both),
    attached: (...effects) => added.filter((policy) => effects.includes(effectOf(policy))),
    detached: (...effects) => removed.filter((policy) => effects.includes(effectOf(policy))),
    boundary: boundaryEdit(both),
  };
};

/** A boundary that is exchanged may do either. */
const policiesEffect = ({ documents, attached, detached, boundary }: RoleCase): Effect => ({
  allowsMore: documents.some(({ effect }) => effect.allowsMore) || attached('allows', 'both').length > 0,
  allowsLess: documents.some(({ effect }) => effect.allowsLess) || detached('allows', 'both').length > 0,
  filtersMore:
    documents.some(({ effect }) => effect.filtersMore) ||
    attached('denies', 'both').length > 0 ||
    boundary === 'up' ||
    boundary === 'changed',
  filtersLess:
    documents.some(({ effect }) => effect.filtersLess) ||
    detached('denies', 'both').length > 0 ||
    boundary === 'down' ||
    boundary === 'changed',
});

/** An edited document goes in one piece where nothing else of the role's policies changes with it. */
const isAlone = ({ documents, attached, detached, boundary }: RoleCase): boolean =>
  documents.length === 1 &&
  attached('allows', 'denies', 'both').length + detached('allows', 'denies', 'both').length === 0 &&
  boundary !== 'changed';

const isRewritten = ({ effect }: NamedPair): boolean => effect.allowsLess && effect.allowsMore;

type Stages = { readonly [stage in 'less' | 'rewrite' | 'more' | 'last']: readonly RoleRevision[] };

/** In one piece: its effect says when. */
const stagesAlone = ({ name, after, effect }: NamedPair): Stages => {
  const none: Stages = { less: [], rewrite: [], more: [], last: [] };
  const edit = [withDocument(name, after)];
  if (isTighter(effect) && isLooser(effect)) return { ...none, rewrite: edit };
  return isTighter(effect) ? { ...none, less: edit } : { ...none, more: edit };
};

/** Denials that come, then allowances that go; allowances that come, then denials that go. */
const documentStages = (one: RoleCase): Stages => {
  const [alone] = one.documents;
  if (alone !== undefined && isAlone(one)) return stagesAlone(alone);
  const rewritten = one.documents.filter((pair) => isRewritten(pair) && one.boundary !== 'changed');
  const others = one.documents.filter((pair) => !rewritten.includes(pair));
  return {
    less: [
      ...one.documents.map((pair) => withDocument(pair.name, deniedMore(pair))),
      ...others.map((pair) => withDocument(pair.name, allowedLess(pair))),
    ],
    rewrite: rewritten.map((pair) => withDocument(pair.name, allowedMore(pair))),
    more: others.map((pair) => withDocument(pair.name, allowedMore(pair))),
    last: one.documents.map((pair) => withDocument(pair.name, pair.after)),
  };
};

type TrustStages = { readonly [stage in 'first' | 'narrow' | 'widen']: readonly RoleRevision[] };

/**
 * Attached policies that allow and deny can come in no order that is always safe when there are several of them, or when
 * the boundary changes with them: nobody gets in meanwhile.
 */
const isTangled = ({ attached, detached, boundary }: RoleCase): boolean => {
  const count = attached('both').length + detached('both').length;
  return count > 1 || (count === 1 && boundary === 'changed');
};

const trustStages = (one: RoleCase): TrustStages => {
  const { before, after } = one;
  const policies = policiesEffect(one);
  const trust = documentEffect({ before: before.trust, after: after.trust });
  const final = withTrust(after.trust);
  if (isTangled(one)) return { first: [withTrust(nobody)], narrow: [], widen: [final] };
  if (isTighter(trust) && isLooser(trust) && isTighter(policies) && isLooser(policies)) {
    return { first: [], narrow: [withTrust(commonTrust(before.trust, after.trust))], widen: [final] };
  }
  const early = isTighter(trust) && (!isLooser(trust) || isLooser(policies));
  return early ? { first: [], narrow: [final], widen: [] } : { first: [], narrow: [], widen: [final] };
};

/** UpdateRole takes both at once. */
const scalars =
  ({ after }: RoleEnds): RoleRevision =>
  ({ description: _, ...role }) => ({
    ...role,
    ...(after.description === undefined ? {} : { description: after.description }),
    maxSessionDuration: after.maxSessionDuration,
  });

const tags =
  ({ after }: RoleEnds): RoleRevision =>
  ({ owner: _, ...role }) => ({
    ...role,
    tags: after.tags,
    ...(after.owner === undefined ? {} : { owner: after.owner }),
  });

const profile =
  (instanceProfile: Role['instanceProfile']): RoleRevision =>
  (role) => ({ ...role, instanceProfile });

const editsOf = (one: RoleCase): readonly RoleRevision[] => {
  const { before, after, boundary, attached, detached } = one;
  const [documents, trust] = [documentStages(one), trustStages(one)];
  const isChanged = boundary === 'changed';
  return [
    ...trust.first,
    ...(boundary === 'up' ? [withBoundary(after.permissionsBoundary)] : []),
    ...attached('denies').map(attach),
    ...documents.less,
    ...detached('allows').map(detach),
    ...(isChanged ? detached('both').map(detach) : []),
    ...(before.instanceProfile ? [profile(after.instanceProfile)] : []),
    ...trust.narrow,
    ...(isChanged ? [withBoundary(after.permissionsBoundary)] : []),
    scalars(one),
    tags(one),
    ...attached('both').map(attach),
    ...documents.rewrite,
    ...documents.more,
    ...attached('allows').map(attach),
    ...detached('both').map(detach),
    ...documents.last,
    ...detached('denies').map(detach),
    ...trust.widen,
    ...(boundary === 'down' ? [withBoundary(undefined)] : []),
    profile(after.instanceProfile),
  ];
};

/**
 * The states after each call, the last being `after`; each differs from the one before it in what one call can change.
 * The path of a role never changes.
 */
export const roleCourse = (before: Role, after: Role, effectOf: EffectOf): readonly Role[] => {
  const states: Role[] = [before];
  for (const edit of editsOf(caseOf({ before, after }, effectOf))) {
    const last = states.at(-1) ?? before;
    const next = edit(last);
    if (canonical(next) !== canonical(last)) states.push(next);
  }
  return states.slice(1);
};

/** As CreateRole makes it: with its final trust, boundary and tags, and nothing that it may do. */
export const bareRole = (role: Role): Role => ({
  ...role,
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicies: {},
  instanceProfile: false,
});

/** As it must be before DeleteRole: let go by everybody first, then without its policies. */
export const closedRole = (role: Role): Role => ({ ...role, trust: nobody });

/**
 * States whose values, taken together, are all that apply passes through between the two; `undefined` is absence. They
 * do not depend on what policies do that are attached.
 */
export const rolePassages = (before: Role | undefined, after: Role | undefined): readonly Role[] => {
  if (before === undefined) return after === undefined ? [] : rolePassages(bareRole(after), after);
  if (after === undefined) return [before, ...rolePassages(closedRole(before), bareRole(closedRole(before)))];
  const pairs = changedDocuments({ before, after });
  const documents = [deniedMore, allowedLess, allowedMore].map((stage) =>
    pairs.reduce((role, pair) => withDocument(pair.name, stage(pair))(role), before),
  );
  const trusts = [nobody, commonTrust(before.trust, after.trust)].map((trust) => withTrust(trust)(before));
  return [before, ...trusts, ...documents, after];
};

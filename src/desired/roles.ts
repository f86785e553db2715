/** access/roles/: each file one role, in each account that it names. */
import type { DatedGrant } from '../model/desired.ts';
import type { Place } from '../model/problem.ts';
import { statements, withoutWhiteSpace } from '../model/policy.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { CustomerManagedPolicy, OidcProvider, PermissionsBoundary, Role } from '../model/resource.ts';
import { keyOf } from '../model/resource.ts';
import { readBoundary, readCustomer, readManaged } from './policies/attached-policies.ts';
import type { LocatedValue } from './policies/attached-policies.ts';
import type { Typed } from './check-form.ts';
import type { RolePlace } from './trust/check-trust.ts';
import { checkSpan, datedAmong, settle, writtenTermsOf } from './dates.ts';
import type { DatedPiece, SettledPieces } from './dates.ts';
import type { DeclaredAccount } from './declared-organization.ts';
import { checkDuration, checkTagCase, checkTags } from './permission-sets.ts';
import { checkSizes, policyPlaces, readPolicy } from './policies/policies.ts';
import type { FoundPolicy } from './policies/policies.ts';
import { targetAccounts, checkPath, isToday, reportSameNames } from './role-targets.ts';
import { readRoleTrust } from './trust/role-trust.ts';
import type { RoleEntry, RoleTrust } from './trust/role-trust.ts';
import { GITHUB_AUDIENCE, GITHUB_HOST } from './trust/trust.ts';
import { inside, placeOf } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';
import type { Piece } from './piece.ts';

type RoleEntryParts = {
  readonly accounts: readonly DeclaredAccount[];
  readonly trust: RoleTrust;
  readonly managed: readonly LocatedValue<string>[];
  readonly customer: readonly LocatedValue<CustomerManagedPolicy>[];
  readonly inline: readonly (readonly [name: string, policy: FoundPolicy])[];
  readonly boundary: PermissionsBoundary | undefined;
  readonly seconds: number;
};

const readInline = (
  spot: FileSpot,
  { inlinePolicies = {} }: RoleEntry,
  world: ReadingContext,
): RoleEntryParts['inline'] =>
  Object.entries(inlinePolicies).flatMap(([name, document]) => {
    const written = { key: name, fileKey: '', document, file: undefined, use: 'identity' } as const;
    const policy = readPolicy(inside(spot, 'inlinePolicies'), written, world);
    return policy === undefined ? [] : [[name, policy] as const];
  });

const readParts = (spot: FileSpot, entry: RoleEntry, { world, givenSets }: RoleContext): RoleEntryParts => {
  const accounts = targetAccounts(spot, entry, world);
  return {
    accounts,
    trust: readRoleTrust(spot, entry, { place: { accounts, givenSets }, world }),
    managed: readManaged(inside(spot, 'managedPolicies'), entry.managedPolicies ?? [], world),
    customer: readCustomer(inside(spot, 'customerManagedPolicies'), entry.customerManagedPolicies ?? [], world),
    inline: readInline(spot, entry, world),
    boundary: readBoundary(inside(spot, 'permissionsBoundary'), entry.permissionsBoundary, world),
    seconds: checkDuration(inside(spot, 'maxSessionDuration'), entry.maxSessionDuration, world),
  };
};

/** IAM counts documents without white space (IAM and AWS STS quotas). */
const sizeOf = (document: PolicyDocument): number => withoutWhiteSpace(document).length;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const checkSize = (
  spot: FileSpot,
  parts: RoleEntryParts,
  { document, world }: { document: PolicyDocument; world: ReadingContext },
): void => {
  const { trustPolicySize, roleInlineSize } = world.limits;
  const counted = 'characters without white space';
  const inline = sum(parts.inline.map(([, policy]) => sizeOf(policy.document)));
  const trust = { size: sizeOf(document), limit: trustPolicySize, counted };
  checkSizes(parts.trust.at, 'the trust policy', { sizes: [trust], world });
  const sizes = [{ size: inline, limit: roleInlineSize, counted }];
  checkSizes(placeOf(inside(spot, 'inlinePolicies')), 'inlinePolicies together', { sizes, world });
};

const checkCount = (
  spot: FileSpot,
  { managed, customer }: RoleEntryParts,
  { limits, report }: ReadingContext,
): void => {
  const count = managed.length + customer.length;
  if (count <= limits.managedPoliciesPerRole) return;
  const message = `${count} managed policies; AWS allows ${limits.managedPoliciesPerRole} for one role unless its account's quota was raised`;
  report({ at: placeOf(inside(spot, 'managedPolicies')), rule: 'too-many', message });
};

const roleIn = (
  entry: RoleEntry,
  parts: RoleEntryParts,
  { name, trust }: { name: string; trust: PolicyDocument },
): Role => ({
  kind: 'role',
  account: name,
  name: entry.role,
  path: entry.path ?? '/',
  ...(entry.description === undefined ? {} : { description: entry.description }),
  trust,
  managedPolicies: parts.managed.map(({ value }) => value),
  customerManagedPolicies: parts.customer.map(({ value }) => value),
  inlinePolicies: Object.fromEntries(parts.inline.map(([policy, { document }]) => [policy, document])),
  ...(parts.boundary === undefined ? {} : { permissionsBoundary: parts.boundary }),
  maxSessionDuration: parts.seconds,
  instanceProfile: entry.instanceProfile ?? false,
  tags: entry.tags ?? {},
});

/** Of each value. */
const placesIn = (spot: FileSpot, entry: RoleEntry, parts: RoleEntryParts): Readonly<Record<string, Place>> => {
  const items = (field: string, list: readonly LocatedValue<unknown>[]) =>
    list.map(({ at }, index) => [`/${field}/${index}`, at] as const);
  return Object.fromEntries([
    ...Object.keys(entry).map((key) => [`/${key}`, placeOf(inside(spot, key))] as const),
    ...Object.entries(parts.trust.places),
    ...items('managedPolicies', parts.managed),
    ...items('customerManagedPolicies', parts.customer),
    ...parts.inline.flatMap(([name, policy]) => Object.entries(policyPlaces(`inlinePolicies/${name}`, policy))),
  ]);
};

type RoleContext = { readonly world: ReadingContext; readonly givenSets: RolePlace['givenSets'] };
type ReadRoles = {
  readonly grants: readonly DatedPiece[];
  readonly roles: readonly Role[];
};

const readOne = ({ file, value }: Typed<'role'>, entry: number, reading: RoleContext): ReadRoles => {
  const { world } = reading;
  const spot: FileSpot = { file, path: [] };
  const parts = readParts(spot, value, reading);
  const isSound = checkSpan(spot, value, world);
  checkPath(inside(spot, 'path'), value.path, world);
  checkTags(inside(spot, 'tags'), value.tags ?? {}, world);
  checkTagCase(inside(spot, 'tags'), value.tags ?? {}, world);
  checkCount(spot, parts, world);
  const trusts = parts.accounts.map(({ id }) => parts.trust.documentIn(id));
  const [document] = trusts;
  if (document !== undefined) checkSize(spot, parts, { document, world });
  const roles = parts.accounts.map(({ name }, index) =>
    roleIn(value, parts, { name, trust: trusts[index] as PolicyDocument }),
  );
  if (!isSound) return { grants: [], roles };
  const inner = placesIn(spot, value, parts);
  const grants = roles.map((resource): DatedPiece => ({
    ...writtenTermsOf(value),
    resource,
    at: file.at(['role']),
    inner,
    entry,
  }));
  return { grants, roles };
};

const providerIn = (account: string): OidcProvider => ({
  kind: 'oidc-provider',
  account,
  host: GITHUB_HOST,
  clientIds: [GITHUB_AUDIENCE],
});

/** The first statement that lets the provider's identities in, if one does. */
const statementFor = ({ trust }: Role, provider: string): number =>
  statements(trust).findIndex(({ Principal }) => {
    if (typeof Principal !== 'object') return false;
    return [Principal['Federated'] ?? []].flat().some((arn) => arn.endsWith(`:oidc-provider/${provider}`));
  });

/** A provider in the account of each role that trusts GitHub, as long as the role; it stands where the trust does. */
const providerGrants = (reads: readonly ReadRoles[]): readonly DatedPiece[] =>
  reads.flatMap(({ grants }) =>
    grants.flatMap(({ resource, at, inner, from, until, entry }): readonly DatedPiece[] => {
      const role = resource as Role;
      const index = statementFor(role, GITHUB_HOST);
      if (index < 0) return [];
      const dates = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
      return [{ resource: providerIn(role.account), at: inner?.[`/trust/${index}`] ?? at, entry, ...dates }];
    }),
  );

/** One in each account where a role of today trusts GitHub: the first. */
const providersOf = (grants: readonly DatedPiece[], world: ReadingContext): readonly Piece[] => {
  const providers = new Map<string, Piece>();
  for (const { resource, at } of grants.filter((one) => isToday(one, world)))
    if (!providers.has(keyOf(resource))) providers.set(keyOf(resource), { resource, at });
  return [...providers.values()];
};

/** `all`: of any day, past and to come. */
export type Roles = SettledPieces & {
  readonly providers: readonly Piece[];
  readonly datedProviders: readonly DatedGrant[];
  readonly all: readonly Role[];
};

/** `givenSets`: `SET@ACCOUNT` of all assignments, if they are known. `providers` are for those whose settings say `oidcProviders: manage`. */
export const readRoles = (files: readonly Typed<'role'>[], reading: RoleContext): Roles => {
  const { world } = reading;
  const reads = files.map((typed, index) => readOne(typed, index, reading));
  const grants = reads.flatMap((one) => one.grants);
  reportSameNames(grants, world);
  const all = reads.flatMap(({ roles }) => roles);
  const providers = providerGrants(reads);
  return {
    ...settle([grants], world.today),
    providers: providersOf(providers, world),
    datedProviders: datedAmong(providers),
    all,
  };
};

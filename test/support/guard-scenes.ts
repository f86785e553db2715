/** What tests of the guards have in common: a break-glass group, the reconciler's roles, RCPs. */
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { Attachment, GuardRail, PermissionSet, Role } from '../../src/model/resource.ts';
import { MANAGEMENT, allow, assignment, attachment, document, management, owned, role, scp, set } from './build.ts';

export const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };

export const glassSettings = { breakGlass: { group: 'Glass', permissionSet: 'Glass' } };
export const ownRoles = {
  reconciler: { plan: 'gatehouse/Plan', apply: 'gatehouse/Apply' },
  memberRole: { name: 'Member', path: '/gatehouse/', externalId: 'e' },
};

const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess';
export const administrators = (name: string, fields: Partial<PermissionSet> = {}): PermissionSet =>
  owned(set(name, { managedPolicies: [administratorAccess], ...fields }));
/** In the account Dev and in the management account. */
export const glassAssigned = (name = 'Glass') => ['Dev', MANAGEMENT].map((on) => assignment('group:Glass', name, on));

export const trustingOwn = (names: readonly string[] = ['Plan', 'Apply'], externalId = 'e'): PolicyDocument =>
  document({
    Effect: 'Allow',
    Principal: { AWS: names.map((name) => `arn:aws:iam::${management.id}:role/gatehouse/${name}`) },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  });
/** In the account Dev. */
export const memberRole = (fields: Partial<Role> = {}): Role =>
  owned(
    role('Member', 'Dev', {
      path: '/gatehouse/',
      trust: trustingOwn(),
      inlinePolicies: { own: document(allow('*')) },
      ...fields,
    }),
  );

/** Of everybody, as AWS asks for in RCPs. */
export const rcp = (name: string, ...body: readonly Statement[]): GuardRail => ({
  ...owned(scp(name, document(...body.map((statement) => ({ ...statement, Principal: '*' as const }))))),
  kind: 'rcp',
});
export const hungRcp = (name: string, on: string): Attachment => ({
  ...attachment(name, on),
  policy: { kind: 'rcp', name },
});

export const failing = ({ guards }: Plan): readonly string[] =>
  guards.filter(({ ok }) => !ok).map(({ id, message }) => `${id}: ${message}`);

/** As if nothing waited for anything. */
export const free = (planned: Plan): Plan => ({
  ...planned,
  changes: planned.changes.map((change) => ({ ...change, dependsOn: [] })),
});

/** What is checked here and used by others: access tests, roles and customer policies. */
import type { Place } from '../model/problem.ts';
import type { Typed } from './check-form.ts';
import { checkDate, checkSpan } from './dates.ts';
import { ofKind } from './documents.ts';
import type { Documents } from './documents.ts';
import { reportUnknownAccount } from './organization.ts';
import { checkDuration, checkTags, managedPolicyArn } from './permission-sets.ts';
import { readPolicy } from './policies.ts';
import type { FileSchemas } from './schema.ts';
import { targetsOf } from './targeting.ts';
import { listed } from './text.ts';
import { checkGroup, checkPermissionSet, inside, placeOf, uniqueNames } from './world.ts';
import type { Spot, World } from './world.ts';

type RoleEntry = FileSchemas['role'];
type PolicyEntry = FileSchemas['policy'];
type AccessTestEntry = FileSchemas['tests'][number];
type At<T> = { readonly value: T; readonly at: Place; readonly accounts: readonly string[] };
/** `accounts`: what the targeting words come to. */
export type Declared = {
  readonly tests: readonly At<AccessTestEntry>[];
  readonly roles: readonly At<RoleEntry>[];
  readonly policies: readonly At<PolicyEntry>[];
};

const checkAccountName = (spot: Spot, name: string | undefined, { organization, report }: World): void => {
  if (name === undefined || organization === undefined || organization.accounts.has(name)) return;
  reportUnknownAccount(spot, name, { organization, report });
};

const exactlyOneOf = (
  spot: Spot,
  value: object,
  { keys, report }: { keys: readonly string[]; report: World['report'] },
): void => {
  const present = keys.filter((key) => Object.hasOwn(value, key));
  if (present.length === 1) return;
  const message =
    present.length === 0
      ? `one of ${listed(keys).replace(' and ', ' or ')} is missing`
      : `${listed(present)} exclude each other`;
  report({ at: placeOf(spot), rule: present.length === 0 ? 'missing-key' : 'conflicting-keys', message });
};

type Subject = AccessTestEntry['as'];
const subjects = ['group', 'user', 'permissionSet', 'role', 'rootUser', 'anyone'];

const checkSubject = (spot: Spot, subject: Subject, world: World): void => {
  exactlyOneOf(spot, subject, { keys: subjects, report: world.report });
  if (subject.group !== undefined) checkGroup(inside(spot, 'group'), subject.group, world);
  if (subject.permissionSet !== undefined)
    checkPermissionSet(inside(spot, 'permissionSet'), subject.permissionSet, world);
  for (const [index, except] of (subject.except ?? []).entries())
    checkSubject(inside(spot, 'except', index), except, world);
};

const checkRequests = (spot: Spot, { allowed = [], denied = [] }: AccessTestEntry, world: World): void => {
  for (const [key, list] of [
    ['allowed', allowed],
    ['denied', denied],
  ] as const) {
    for (const [index, request] of list.entries()) {
      if (typeof request === 'string') continue;
      checkAccountName(inside(spot, key, index, 'resourceAccount'), request.resourceAccount, world);
    }
  }
};

const checkTest = (spot: Spot, test: AccessTestEntry, world: World): At<AccessTestEntry> => {
  checkSubject(inside(spot, 'as'), test.as, world);
  checkRequests(spot, test, world);
  checkDate(inside(spot, 'at'), test.at, world.report);
  if (test.allowed === undefined && test.denied === undefined) {
    world.report({ at: placeOf(spot), rule: 'missing-key', message: 'neither allowed nor denied says what must hold' });
  }
  const accounts = targetsOf(inside(spot, 'in'), test.in, world).map(({ name }) => name);
  return { value: test, at: placeOf(spot), accounts };
};

type Trust = RoleEntry['trust'][number];
const trusted = ['account', 'permissionSet', 'github', 'service', 'accountId', 'user'];

const checkTrust = (spot: Spot, trust: Trust, world: World): void => {
  const keys = trust.permissionSet === undefined ? trusted : trusted.filter((key) => key !== 'account');
  exactlyOneOf(spot, trust, { keys, report: world.report });
  checkAccountName(inside(spot, 'account'), trust.account, world);
  if (trust.permissionSet !== undefined) checkPermissionSet(inside(spot, 'permissionSet'), trust.permissionSet, world);
  const { github } = trust;
  if (github !== undefined && (github.ownerId === undefined) !== (github.repositoryId === undefined)) {
    world.report({
      at: placeOf(inside(spot, 'github')),
      rule: 'missing-key',
      message: 'ownerId and repositoryId stand together or not at all',
    });
  }
};

const checkRolePolicies = (spot: Spot, role: RoleEntry, world: World): void => {
  for (const [index, name] of (role.managedPolicies ?? []).entries())
    managedPolicyArn(inside(spot, 'managedPolicies', index), name, world);
  const boundary = role.permissionsBoundary;
  if (boundary !== undefined && 'managedPolicy' in boundary) {
    managedPolicyArn(inside(spot, 'permissionsBoundary', 'managedPolicy'), boundary.managedPolicy, world);
  }
  for (const [name, document] of Object.entries(role.inlinePolicies ?? {})) {
    const written = { key: name, fileKey: '', document, file: undefined, use: 'identity' } as const;
    readPolicy(inside(spot, 'inlinePolicies'), written, world);
  }
};

/** Roles carry tags of AWS under `tags`, so the target is not narrowed by them. */
const accountsOf = (
  spot: Spot,
  { accounts, ous, except }: RoleEntry | PolicyEntry,
  world: World,
): readonly string[] => {
  const targeting = { ...(accounts && { accounts }), ...(ous && { ous }), ...(except && { except }) };
  return targetsOf(spot, targeting, world).map(({ name }) => name);
};

const checkRole = ({ file, value }: Typed<'role'>, world: World): At<RoleEntry> => {
  const spot: Spot = { file, path: [] };
  for (const [index, trust] of value.trust.entries()) checkTrust(inside(spot, 'trust', index), trust, world);
  checkRolePolicies(spot, value, world);
  checkSpan(spot, value, world);
  checkDuration(inside(spot, 'maxSessionDuration'), value.maxSessionDuration, world);
  checkTags(inside(spot, 'tags'), value.tags ?? {}, world);
  return { value, at: file.at(['role']), accounts: accountsOf(spot, value, world) };
};

const checkPolicy = ({ file, value }: Typed<'policy'>, world: World): At<PolicyEntry> => {
  const spot: Spot = { file, path: [] };
  const written = {
    key: 'document',
    fileKey: 'documentFile',
    document: value.document,
    file: value.documentFile,
    use: 'identity',
  } as const;
  readPolicy(spot, written, world);
  if (value.document === undefined && value.documentFile === undefined) {
    world.report({ at: file.at([]), rule: 'missing-key', message: 'document is missing', hint: 'Or documentFile.' });
  }
  checkSpan(spot, value, world);
  checkTags(inside(spot, 'tags'), value.tags ?? {}, world);
  return { value, at: file.at(['policy']), accounts: accountsOf(spot, value, world) };
};

const checkTests = (documents: Documents, world: World): readonly At<AccessTestEntry>[] => {
  const isNew = uniqueNames('access test', world.report);
  return ofKind(documents, 'tests').flatMap(({ file, value }) =>
    value.map((test, index) => {
      isNew(test.test, file.at([index, 'test']));
      return checkTest({ file, path: [index] }, test, world);
    }),
  );
};

export const checkDeclared = (documents: Documents, world: World): Declared => {
  const isNewRole = uniqueNames('role', world.report);
  const isNewPolicy = uniqueNames('policy', world.report);
  const roles = ofKind(documents, 'role').map((typed) => checkRole(typed, world));
  const policies = ofKind(documents, 'policy').map((typed) => checkPolicy(typed, world));
  for (const { value, at } of roles) isNewRole(`${value.path ?? '/'}${value.role}`, at);
  for (const { value, at } of policies) isNewPolicy(`${value.path ?? '/'}${value.policy}`, at);
  return { tests: checkTests(documents, world), roles, policies };
};

/** What is checked here and used by others: the access tests. */
import type { Place } from '../model/problem.ts';
import { checkDate } from './dates.ts';
import { ofKind } from './documents.ts';
import type { Documents } from './documents.ts';
import { reportUnknownAccount } from './organization.ts';
import type { FileSchemas } from './schema.ts';
import { targetsOf } from './targeting.ts';
import { listed } from './text.ts';
import { checkGroup, checkPermissionSet, inside, placeOf, uniqueNames } from './world.ts';
import type { Spot, World } from './world.ts';

type AccessTestEntry = FileSchemas['tests'][number];
type At<T> = { readonly value: T; readonly at: Place; readonly accounts: readonly string[] };
/** `accounts`: what the targeting words come to. */
export type Declared = {
  readonly tests: readonly At<AccessTestEntry>[];
};

export const checkAccountName = (spot: Spot, name: string | undefined, { organization, report }: World): void => {
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

const checkTests = (documents: Documents, world: World): readonly At<AccessTestEntry>[] => {
  const isNew = uniqueNames('access test', world.report);
  return ofKind(documents, 'tests').flatMap(({ file, value }) =>
    value.map((test, index) => {
      isNew(test.test, file.at([index, 'test']));
      return checkTest({ file, path: [index] }, test, world);
    }),
  );
};

export const checkDeclared = (documents: Documents, world: World): Declared => ({
  tests: checkTests(documents, world),
});

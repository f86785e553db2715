/** What is checked here and used by others: the access tests. */
import type { Place } from '../model/problem.ts';
import type { Role } from '../model/resource.ts';
import { checkSubject, namedIn } from './check-subject.ts';
import type { Named } from './check-subject.ts';
import { checkDate } from './dates.ts';
import { ofKind } from './documents.ts';
import type { Documents } from './documents.ts';
import { reportUnknownAccount } from './organization.ts';
import type { FileSchemas } from './schema.ts';
import { targetsOf } from './targeting.ts';
import { inside, placeOf, uniqueNames } from './world.ts';
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

type Ground = { readonly world: World; readonly named: Named };

const checkTest = (spot: Spot, test: AccessTestEntry, { world, named }: Ground): At<AccessTestEntry> => {
  checkRequests(spot, test, world);
  checkDate(inside(spot, 'at'), test.at, world.report);
  if (test.allowed === undefined && test.denied === undefined) {
    world.report({ at: placeOf(spot), rule: 'missing-key', message: 'neither allowed nor denied says what must hold' });
  }
  const accounts = targetsOf(inside(spot, 'in'), test.in, world).map(({ name }) => name);
  checkSubject(inside(spot, 'as'), test.as, { world, named, accounts });
  return { value: test, at: placeOf(spot), accounts };
};

const checkTests = (documents: Documents, ground: Ground): readonly At<AccessTestEntry>[] => {
  const isNew = uniqueNames('access test', ground.world.report);
  return ofKind(documents, 'tests').flatMap(({ file, value }) =>
    value.map((test, index) => {
      isNew(test.test, file.at([index, 'test']));
      return checkTest({ file, path: [index] }, test, ground);
    }),
  );
};

/** `roles`: all that are declared, of any day. */
export const checkDeclared = (documents: Documents, world: World, roles: readonly Role[]): Declared => ({
  tests: checkTests(documents, { world, named: namedIn(documents, roles) }),
});

/** The access tests, checked here and asked elsewhere. */
import type { Place } from '../model/problem.ts';
import { settingsPolicyTypes } from '../kinds/control-policies.ts';
import type { Role, SettingsKind } from '../model/resource.ts';
import { checkSubject, namedIn } from './checks/check-subject.ts';
import type { KnownNames } from './checks/check-subject.ts';
import { checkDate } from './dates.ts';
import { ofKind } from './documents.ts';
import type { FileDocuments } from './documents.ts';
import { reportUnknownAccount } from './organization.ts';
import type { FileSchemas } from './schema/schema.ts';
import { targetedAccounts } from './targeting.ts';
import { listed, quoted } from './text.ts';
import { inside, placeOf, uniqueNames } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';

type AccessTestEntry = FileSchemas['tests'][number];
/** A pattern of actions that a test names, and where; on which resources and under which context it must be so. */
type NamedAction = {
  readonly pattern: string;
  readonly at: Place;
  readonly must: 'allowed' | 'denied';
  /** None: on some resource it is allowed, on none it is not denied. */
  readonly resources: readonly string[];
  readonly context: string;
};
/** `accounts`: what the targeting words come to. */
export type TestDeclaration = {
  readonly value: AccessTestEntry;
  readonly at: Place;
  readonly accounts: readonly string[];
  readonly actions: readonly NamedAction[];
};
export type Declarations = { readonly tests: readonly TestDeclaration[] };

export const checkAccountName = (
  spot: FileSpot,
  name: string | undefined,
  { organization, report }: ReadingContext,
): void => {
  if (name === undefined || organization === undefined || organization.accounts.has(name)) return;
  reportUnknownAccount(spot, name, { organization, report });
};

type RequestEntry = NonNullable<AccessTestEntry['allowed']>[number];
type Requests = readonly {
  readonly spot: FileSpot;
  readonly request: RequestEntry;
  readonly must: NamedAction['must'];
}[];

const requestsOf = (spot: FileSpot, { allowed = [], denied = [] }: AccessTestEntry): Requests => [
  ...allowed.map((request, index) => ({ spot: inside(spot, 'allowed', index), request, must: 'allowed' as const })),
  ...denied.map((request, index) => ({ spot: inside(spot, 'denied', index), request, must: 'denied' as const })),
];

const namedActions = (requests: Requests): readonly NamedAction[] =>
  requests.flatMap(({ spot, request, must }): readonly NamedAction[] => {
    if (typeof request === 'string')
      return [{ pattern: request, at: placeOf(spot), must, resources: [], context: '{}' }];
    const { action, resource = [], context = {}, resourceAccount = '' } = request;
    const asked = { must, resources: [resource].flat(), context: JSON.stringify([context, resourceAccount]) };
    if (typeof action === 'string') return [{ pattern: action, at: placeOf(inside(spot, 'action')), ...asked }];
    return action.map((pattern, index) => ({ pattern, at: placeOf(inside(spot, 'action', index)), ...asked }));
  });

const checkRequests = (requests: Requests, world: ReadingContext): void => {
  for (const { spot, request } of requests)
    if (typeof request !== 'string') checkAccountName(inside(spot, 'resourceAccount'), request.resourceAccount, world);
};

type DeclaredInput = { readonly world: ReadingContext; readonly named: KnownNames };

const ofAccess = ['as', 'allowed', 'denied', 'only'] as const;

/** Who may do what, or which settings there are: never both in one test. */
const checkDemand = (spot: FileSpot, test: AccessTestEntry, { report }: ReadingContext): void => {
  const at = placeOf(spot);
  if (test.effective !== undefined) {
    const beside = ofAccess.filter((key) => test[key] !== undefined);
    if (beside.length > 0)
      report({
        at,
        rule: 'conflicting-keys',
        message: `effective asks for settings: ${listed(beside)} cannot stand beside it`,
      });
    return;
  }
  if (test.as === undefined) report({ at, rule: 'missing-key', message: 'as is missing', hint: 'Or effective.' });
  if (test.allowed === undefined && test.denied === undefined)
    report({ at, rule: 'missing-key', message: 'neither allowed nor denied says what must hold' });
};

/** A path begins with the element of its type, or nothing could ever be there. */
const checkEffective = (spot: FileSpot, { effective }: AccessTestEntry, { report }: ReadingContext): void => {
  if (effective === undefined) return;
  if (Object.values(effective).every((settings) => Object.keys(settings).length === 0))
    report({ at: placeOf(inside(spot, 'effective')), rule: 'missing-key', message: 'effective asks for no setting' });
  for (const [kind, settings] of Object.entries(effective)) {
    const { element, word } = settingsPolicyTypes[kind as SettingsKind];
    for (const path of Object.keys(settings).filter((one) => one.split('.')[0] !== element)) {
      const message = `no ${word} sets ${quoted(path)}`;
      report({
        at: spot.file.keyAt([...spot.path, 'effective', kind, path]),
        rule: 'wrong-value',
        message,
        hint: `Begin with ${element}.`,
      });
    }
  }
};

const checkTest = (spot: FileSpot, test: AccessTestEntry, { world, named }: DeclaredInput): TestDeclaration => {
  const requests = requestsOf(spot, test);
  checkRequests(requests, world);
  checkDate(inside(spot, 'at'), test.at, world.report);
  const accounts = targetedAccounts(inside(spot, 'in'), test.in, world).map(({ name }) => name);
  checkDemand(spot, test, world);
  checkEffective(spot, test, world);
  if (test.as !== undefined) checkSubject(inside(spot, 'as'), test.as, { world, named, accounts });
  return { value: test, at: placeOf(spot), accounts, actions: namedActions(requests) };
};

const checkTests = (documents: FileDocuments, ground: DeclaredInput): readonly TestDeclaration[] => {
  const isNew = uniqueNames('access test', ground.world.report);
  return ofKind(documents, 'tests').flatMap(({ file, value }) =>
    value.map((test, index) => {
      isNew(test.test, file.at([index, 'test']));
      return checkTest({ file, path: [index] }, test, ground);
    }),
  );
};

/** `roles`: all that are declared, of any day. */
export const checkDeclared = (
  documents: FileDocuments,
  world: ReadingContext,
  roles: readonly Role[],
): Declarations => ({
  tests: checkTests(documents, { world, named: namedIn(documents, roles) }),
});

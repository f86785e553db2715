/** A small world of powers: what roles of the tests give to whom, told from their documents by the shortest of evaluators. */
import fc from 'fast-check';
import { statements } from '../../src/model/policy.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { AttachedEffect, EffectOf } from '../../src/change/role-steps.ts';
import type { Role } from '../../src/model/resource.ts';

const people = ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'];
const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];

type Powers = { readonly allow: readonly string[]; readonly deny: readonly string[] };

/** What the attached policies and boundaries of this world say, by ARN. */
const managed: Readonly<Record<string, Powers>> = {
  'arn:aws:iam::aws:policy/One': { allow: [actions[0] ?? ''], deny: [] },
  'arn:aws:iam::aws:policy/Two': { allow: actions.slice(0, 2), deny: [] },
  'arn:aws:iam::aws:policy/Three': { allow: actions.slice(1), deny: [] },
  'arn:aws:iam::aws:policy/DenyOne': { allow: [], deny: [actions[0] ?? ''] },
  'arn:aws:iam::aws:policy/DenyTwo': { allow: [], deny: actions.slice(1) },
  'arn:aws:iam::aws:policy/Mixed': { allow: actions.slice(1), deny: [actions[0] ?? ''] },
  'arn:aws:iam::aws:policy/Contrary': { allow: [actions[0] ?? ''], deny: actions.slice(2) },
};

export const effectOf: EffectOf = (policy): AttachedEffect => {
  const { allow, deny } = (typeof policy === 'string' ? managed[policy] : undefined) ?? { allow: [], deny: [] };
  if (deny.length === 0) return 'allows';
  return allow.length === 0 ? 'denies' : 'both';
};

const listed = (value: Statement['Action'] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();

const powersOf = (document: PolicyDocument): Powers => {
  const of = (effect: string) =>
    statements(document).flatMap(({ Effect: one, Action }) => (one === effect ? listed(Action) : []));
  return { allow: of('Allow'), deny: of('Deny') };
};

const trusts = (role: Role, person: string): boolean => {
  const says = (effect: string) =>
    statements(role.trust).some(
      ({ Effect: one, Principal }) =>
        one === effect && typeof Principal === 'object' && ['*', person].includes(String(Principal['AWS'])),
    );
  return says('Allow') && !says('Deny');
};

const boundaryAllows = ({ permissionsBoundary: boundary }: Role): readonly string[] =>
  boundary === undefined || !('managedPolicy' in boundary) ? actions : (managed[boundary.managedPolicy]?.allow ?? []);

/** Who can do what through the role, as `person action`. */
export const givenBy = (role: Role): ReadonlySet<string> => {
  const all = [
    ...Object.values(role.inlinePolicies).map(powersOf),
    ...role.managedPolicies.flatMap((arn) => managed[arn] ?? []),
  ];
  const within = boundaryAllows(role);
  const can = actions.filter(
    (action) =>
      within.includes(action) &&
      all.some(({ allow }) => allow.includes(action)) &&
      !all.some(({ deny }) => deny.includes(action)),
  );
  return new Set(
    people.filter((person) => trusts(role, person)).flatMap((person) => can.map((action) => `${person} ${action}`)),
  );
};

const someActions = fc.subarray(actions, { minLength: 1 });
const statement = fc.record({
  Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
  Action: someActions,
  Resource: fc.constant('*'),
});
const document = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((Statement): PolicyDocument => ({ Version: '2012-10-17', Statement }));
const trust = fc
  .array(
    fc.record({
      Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
      Principal: fc.constantFrom(...people).map((AWS) => ({ AWS })),
      Action: fc.constant('sts:AssumeRole'),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((Statement): PolicyDocument => ({ Version: '2012-10-17', Statement }));

export const roles: fc.Arbitrary<Role> = fc
  .record({
    trust,
    inlinePolicies: fc.dictionary(fc.constantFrom('first', 'second', 'third'), document, { maxKeys: 3 }),
    managedPolicies: fc.subarray(Object.keys(managed)),
    boundary: fc.option(fc.constantFrom('One', 'Two', 'Three'), { nil: undefined }),
    description: fc.option(fc.constantFrom('old', 'new'), { nil: undefined }),
    instanceProfile: fc.boolean(),
    owner: fc.option(fc.constant('us'), { nil: undefined }),
  })
  .map(({ boundary, description, owner, ...rest }) => ({
    kind: 'role',
    account: 'Production',
    name: 'Deployer',
    path: '/',
    customerManagedPolicies: [],
    maxSessionDuration: 3600,
    tags: {},
    ...rest,
    ...(owner === undefined ? {} : { owner }),
    ...(description === undefined ? {} : { description }),
    ...(boundary === undefined
      ? {}
      : { permissionsBoundary: { managedPolicy: `arn:aws:iam::aws:policy/${boundary}` } }),
  }));

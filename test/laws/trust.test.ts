/** Trust policies of every kind: an import of them asks for nothing, and words come back as the same words. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waysInSaid } from '../../src/import/write/trust.ts';
import { flow } from '../../src/import/write/text.ts';
import type { Yaml } from '../../src/import/write/text.ts';
import { canonicalTrust } from '../../src/model/policy.ts';
import type { ConditionBlock, PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { Role } from '../../src/model/resource.ts';
import type { WrittenTrust } from '../../src/model/written.ts';
import { desiredOf } from '../desired/repository.ts';
import { account, live, role } from '../support/build.ts';
import { desiredIn, filesOf, imported, linesOf } from '../support/imported.ts';

const [own, other, stranger] = ['033333333333', '222222222222', '999999999999'] as const;

/** Fields of which any may be there. */
const some = <T extends Readonly<Record<string, Arbitrary<unknown>>>>(fields: T) =>
  fc.record(fields, { requiredKeys: [] });

const provider = (name: string): string => `arn:aws:iam::${own}:${name}`;
const principals: readonly (readonly [type: string, name: string])[] = [
  ['AWS', '*'],
  ['AWS', own],
  ['AWS', `arn:aws:iam::${other}:root`],
  ['AWS', `arn:aws:iam::${own}:role/g/R`],
  ['AWS', `arn:aws:iam::${other}:user/ada`],
  ['AWS', `arn:aws:iam::${stranger}:role/R`],
  ['AWS', `arn:aws:sts::${own}:assumed-role/R/s`],
  ['AWS', 'AROAEXAMPLEEXAMPLE123'],
  ['Service', 'ec2.amazonaws.com'],
  ['Service', 'pods.eks.amazonaws.com'],
  ['Service', 'rolesanywhere.amazonaws.com'],
  ['Service', 'account-access.amazonaws.com'],
  ['Federated', provider('oidc-provider/token.actions.githubusercontent.com')],
  ['Federated', provider('oidc-provider/gitlab.com')],
  ['Federated', 'cognito-identity.amazonaws.com'],
  ['Federated', provider('saml-provider/Okta')],
  ['Federated', `arn:aws:iam::${other}:saml-provider/Okta`],
];
const keys = [
  ...['sts:ExternalId', 'aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:PrincipalArn', 'aws:PrincipalTag/Team'],
  ...['aws:SourceAccount', 'aws:SourceArn', 'aws:SourceOrgID', 'aws:RequestTag/Project', 'aws:TagKeys'],
  ...['sts:TransitiveTagKeys', 'sts:SourceIdentity', 'sts:RoleSessionName', 'gitlab.com:aud', 'gitlab.com:sub'],
  ...['token.actions.githubusercontent.com:sub', 'token.actions.githubusercontent.com:aud', 'saml:AUD', 'SAML:iss'],
  ...['cognito-identity.amazonaws.com:amr', 'aws:MultiFactorAuthPresent', 'aws:SourceIp'],
];
const operators = [
  ...['StringEquals', 'StringLike', 'StringNotEquals', 'StringEqualsIfExists', 'ForAnyValue:StringLike'],
  ...['ForAllValues:StringEquals', 'ArnLike', 'ArnEquals', 'Bool', 'stringlike', 'Null'],
];
const values = [
  'true',
  own,
  other,
  'o-a1b2c3d4e5',
  'o-a1b2c3d4e5/r-ab12/*',
  `arn:aws:sns:*:${own}:x`,
  'repo:a/b:ref:refs/heads/main',
  'sts.amazonaws.com',
  'a*',
  '${aws:username}',
  'plain',
  'it\'s: "x" # \\ é',
];
const value = fc.constantFrom(...values);
const condition: Arbitrary<ConditionBlock> = fc.dictionary(
  fc.constantFrom(...operators),
  fc.dictionary(
    fc.constantFrom(...keys),
    fc.oneof(value, fc.uniqueArray(value, { minLength: 1, maxLength: 3 }), fc.boolean()),
    { minKeys: 1, maxKeys: 2 },
  ),
  { minKeys: 1, maxKeys: 2 },
);
const calls = [
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:SetContext',
  'STS:assumerole',
  'sts:AssumeRole*',
  'sts:*',
];
const usual: Readonly<Record<string, string>> = {
  AWS: 'sts:AssumeRole',
  Service: 'sts:AssumeRole',
  Federated: 'sts:AssumeRoleWithWebIdentity',
};

const element = fc.uniqueArray(fc.constantFrom(...principals), { minLength: 1, maxLength: 3 }).chain((chosen) => {
  const types = [...new Set(chosen.map(([type]) => type))];
  const named = Object.fromEntries(
    types.map((type) => [type, chosen.filter(([one]) => one === type).map(([, name]) => name)]),
  );
  const short = Object.fromEntries(
    Object.entries(named).map(([type, names]) => [type, names.length === 1 ? (names[0] as string) : names]),
  );
  const Action = fc.oneof(
    fc.constant(usual[types[0] ?? ''] as string),
    fc.uniqueArray(fc.constantFrom(...calls), { minLength: 1, maxLength: 3 }),
  );
  return fc.record({ Principal: fc.constantFrom<NonNullable<Statement['Principal']>>(named, short), Action });
});
const statement: Arbitrary<Statement> = fc
  .record({
    element,
    effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    condition: fc.option(fc.oneof({ weight: 5, arbitrary: condition }, fc.constant({})), { nil: undefined }),
    not: fc.constantFrom('is', 'is', 'is', 'is', 'not'),
  })
  .map(({ element: { Principal, Action }, effect, condition: Condition, not }) => ({
    Effect: effect,
    ...(not === 'not' ? { NotPrincipal: Principal } : { Principal }),
    Action,
    ...(Condition === undefined ? {} : { Condition }),
  }));
const odd: Arbitrary<PolicyDocument> = fc
  .tuple(
    some({ Version: fc.constantFrom('2012-10-17', '2008-10-17'), Id: fc.constant('id') }),
    fc.array(statement, { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .map(([head, list, alone]) => ({ ...head, Statement: alone ? (list[0] as Statement) : list }));

const text = fc.constantFrom('plain', 'a:b/c', 'with space', 'x*', 'y?', '${aws:username}', '"#\\', 'é');
const texts = fc.oneof(
  text,
  fc.uniqueArray(text, { minLength: 2, maxLength: 3 }).map((list) => [...list].sort()),
);
const tags = fc.dictionary(fc.constantFrom('Team', 'cost-center', 'x509Subject/CN', 'Ä b'), texts, {
  minKeys: 1,
  maxKeys: 2,
});
const tagKeys = fc
  .uniqueArray(fc.constantFrom('Team', 'cost-center', 'Project'), { minLength: 1 })
  .map((list) => [...list].sort());
const paths = fc.oneof(
  fc.constant('o-a1b2c3d4e5/r-ab12/*'),
  fc.constant(['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/', 'o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/*']),
);
const flag = fc.constant(true as const);
const arn = (own_: string) => fc.constantFrom(`arn:aws:iam::${own_}:role/deploy-*`, 'arn:aws:iam::*:role/x');
const organization = fc.constant('o-a1b2c3d4e5');
const caller = some({
  externalId: fc.constant('an-id/1'),
  mfa: flag,
  organization,
  organizationPath: paths,
  principalArn: arn('${account:Prod}'),
  principalTags: tags,
});
const fromRole = some({ externalId: fc.constant('an-id/1'), organization, principalTags: tags });
const whoever: readonly Arbitrary<WrittenTrust>[] = [
  caller.map((more) => ({ account: 'Prod', ...more })),
  caller.map((more) => ({ accountId: stranger, ...more })),
  fromRole.map((more) => ({ role: 'g/R', ...more })),
  fromRole.map((more) => ({ account: 'Prod', role: 'R', ...more })),
  fromRole.map((more) => ({ accountId: stranger, role: 'a/R', ...more })),
  some({ mfa: flag, externalId: fc.constant('ab') }).map((more) => ({ user: 'team/ada', ...more })),
  fc.constant({ permissionSet: 'Write' }),
  caller.map(({ organizationPath: _, ...more }) => ({ ...more, organization: 'o-a1b2c3d4e5' })),
  caller.map((more) => ({ ...more, organizationPath: 'o-a1b2c3d4e5/r-ab12/*' })),
  some({
    sourceAccount: fc.constantFrom<string | readonly string[]>('Dev', ['Dev', 'Prod']),
    sourceArn: fc.constantFrom<string | readonly string[]>('arn:aws:sns:*:${account:Dev}:*', [
      'arn:aws:s3:::a',
      'arn:aws:s3:::b',
    ]),
    sourceOrganization: organization,
    sourceOrganizationPath: paths,
    principalTags: tags,
  }).chain((more) =>
    fc
      .constantFrom('ec2', 'pods.eks', 'rolesanywhere', 'account-access')
      .map((name) => ({ service: `${name}.amazonaws.com`, ...more })),
  ),
  fc
    .record({
      provider: fc.constantFrom('gitlab.com', 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE', 'accounts.google.com'),
      more: some({
        audience: texts,
        subject: texts,
        claims: fc.dictionary(fc.constantFrom('amr', 'oaud'), texts, { minKeys: 1 }),
      }),
    })
    .map(({ provider: name, more }) => ({ oidc: { provider: name, ...more } })),
  fc.constant({
    oidc: { provider: 'token.actions.githubusercontent.com', audience: 'sts.amazonaws.com', subject: 'repo:acme/*' },
  }),
  some({ audience: texts, attributes: fc.dictionary(fc.constantFrom('iss', 'sub_type'), texts, { minKeys: 1 }) }).map(
    (more) => ({ saml: { provider: 'Okta-EU', ...more } }),
  ),
  some({ ref: fc.constant('refs/heads/main'), environment: fc.constant('a:b') })
    .filter(({ ref, environment }) => (ref ?? environment) !== undefined)
    .map((more) => ({ github: { repository: 'acme/shop', ...more } })),
];
const session = some({
  sessionName: texts,
  sourceIdentity: texts,
  sessionTags: tags,
  sessionTagKeys: tagKeys,
  transitiveTagKeys: tagKeys,
  tagSession: flag,
  setSourceIdentity: flag,
  setContext: flag,
  assume: fc.constant(false as const),
}).map(({ assume, ...more }) => ({
  ...more,
  ...(assume === undefined || (more.tagSession ?? more.setSourceIdentity ?? more.setContext) === undefined
    ? {}
    : { assume }),
}));
const entry = fc
  .tuple(fc.oneof(...whoever), fc.oneof(fc.constant({}), session))
  .map(([who, more]): WrittenTrust => ({ ...who, ...(more as WrittenTrust) }));

const inOrder = (one: unknown): unknown =>
  typeof one !== 'object' || one === null || Array.isArray(one)
    ? one
    : Object.fromEntries(
        Object.keys(one)
          .sort()
          .map((key) => [key, inOrder((one as Readonly<Record<string, unknown>>)[key])]),
      );
const textOf = (one: WrittenTrust): string => JSON.stringify(inOrder(one));

/** What two entries may not have alike: then one entry says both. */
const conditions = ({ tagSession: _, setSourceIdentity: __, setContext: ___, assume: ____, ...rest }: WrittenTrust) =>
  textOf(rest);
const sorted = (list: readonly WrittenTrust[]): readonly string[] => list.map(textOf).sort();

describe('trust policies', () => {
  it('are imported whatever they say: without an error, and with nothing left for the plan to do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(odd, { minLength: 8, maxLength: 8 }), async (documents) => {
        const whole = live([
          account('Dev', own),
          account('Prod', other),
          ...documents.map((trust, index) => role(`R${index}`, 'Dev', { trust })),
        ]);
        const draft = await imported(whole);
        expect(draft.leftOut).toEqual([]);
        expect(draft.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(linesOf(filesOf(draft), whole).filter((line) => line.includes('role/'))).toEqual([]);
        const { state } = desiredIn(filesOf(draft));
        for (const [index, trust] of documents.entries())
          expect(canonicalTrust((state[`role/Dev:R${index}`] as Role).trust)).toBe(canonicalTrust(trust));
      }),
      { numRuns: 6 },
    );
  });

  it('in words come back in the same words', () => {
    fc.assert(
      fc.property(fc.uniqueArray(entry, { minLength: 1, maxLength: 3, selector: conditions }), (entries) => {
        const file = `role: R\naccounts: [Dev]\ntrust:\n${entries.map((one) => `  - ${flow(one as Yaml)}\n`).join('')}`;
        const { state } = desiredOf({ 'access/roles/r.yaml': file });
        const names = new Map([
          [own, 'Dev'],
          [other, 'Prod'],
        ]);
        const said = waysInSaid((state['role/Dev:R'] as Role).trust, { accountId: own, names });
        expect(said).toHaveProperty('words');
        expect(sorted('words' in said ? said.words : [])).toEqual(sorted(entries));
      }),
      { numRuns: 60 },
    );
  });
});

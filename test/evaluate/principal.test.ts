import { describe, expect, it } from 'vitest';
import type { PrincipalElement } from '../../src/model/policy.ts';
import type { PrincipalNaming, RequestPrincipal } from '../../src/evaluate/principal.ts';
import { isServiceLinked, principalNaming, parsePrincipal } from '../../src/evaluate/principal.ts';

const account = '111122223333';
const iam = `arn:aws:iam::${account}`;
const sts = `arn:aws:sts::${account}`;

function principal(name: string): RequestPrincipal {
  const parsed = parsePrincipal(name);
  if (!parsed) throw new Error(`${name} is no principal`);
  return parsed;
}

describe('a principal', () => {
  const strangers = [
    ['*', 'anonymous'],
    ['accounts.google.com', 'identity-provider'],
    ['cognito-identity.amazonaws.com', 'identity-provider'],
    ['graph.facebook.com', 'identity-provider'],
    ['www.amazon.com', 'identity-provider'],
    [`${iam}:saml-provider/Okta`, 'identity-provider'],
    [`${iam}:oidc-provider/token.actions.githubusercontent.com`, 'identity-provider'],
    ['cloudtrail.amazonaws.com', 'service'],
    ['ec2.amazonaws.com.cn', 'service'],
    ['dax-2.aws.internal', 'service'],
    ['mobile.amazon.com', 'service'],
  ] as const;
  for (const [name, kind] of strangers) {
    it(`${name} is of the kind ${kind} and of no account`, () => {
      expect(parsePrincipal(name)).toStrictEqual({ kind, name, account: undefined, role: undefined });
    });
  }

  const members = [
    [`${iam}:root`, 'root'],
    [`${iam}:user/staff/ada`, 'user'],
    [`${sts}:federated-user/bob`, 'federated-user'],
  ] as const;
  for (const [name, kind] of members) {
    it(`${name} is of the kind ${kind} and of its account`, () => {
      expect(parsePrincipal(name)).toStrictEqual({ kind, name, account, role: undefined });
    });
  }

  it('is a role with its path, or the session of a role whose path nobody knows', () => {
    const role = `${iam}:role/path/R`;
    expect(parsePrincipal(role)).toStrictEqual({ kind: 'role', name: role, account, role: { name: 'R', arn: role } });
    const session = `arn:aws-cn:sts::${account}:assumed-role/R/ada@example.com`;
    expect(parsePrincipal(session)).toStrictEqual({
      ...{ kind: 'role-session', name: session, account },
      role: { name: 'R', arn: `arn:aws-cn:iam::${account}:role/R` },
    });
  });

  const refused = [
    ...['', 'ada', 'x.Amazonaws.com', 'x.amazonaws.com.org', '/x.amazonaws.com', 'evil-amazonaws.com', account],
    ...['arn:aws:iam', `${iam}:group/G`, `${iam}:userx`, `${iam}:user`, `${iam}:user/`, `${iam}:role/a/`],
    ...[`${sts}:assumed-role/R`, `${sts}:assumed-role/R/`, `${sts}:assumed-role//s`, `${sts}:assumed-role/a/R/s`],
    ...[
      `arn:aws:s3::${account}:user/ada`,
      `arn:aws:iam:eu-west-1:${account}:user/ada`,
      `arn::iam::${account}:user/ada`,
    ],
    ...['arn:aws:iam::11112222333:user/ada', 'arn:aws:iam::1111222233334:user/ada', `${iam}:root/x`],
  ];
  for (const name of refused) {
    it(`is not "${name}"`, () => {
      expect(parsePrincipal(name)).toBeUndefined();
    });
  }

  it('is service-linked by the path of its role only', () => {
    const linked = `${iam}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;
    const names = [linked, `${iam}:role/x/aws-service-role/R`, `${iam}:user/aws-service-role/R`, '*'];
    expect(names.map((name) => isServiceLinked(principal(name)))).toEqual([true, false, false, false]);
  });
});

describe('an element that names principals', () => {
  const session = `${sts}:assumed-role/R/s`;
  const table: readonly (readonly [PrincipalElement, string, PrincipalNaming])[] = [
    ['*', session, 'direct'],
    [{ AWS: '*' }, '*', 'direct'],
    [{ AWS: '*' }, session, 'direct'],
    [{ AWS: session }, session, 'direct'],
    [{ AWS: `${iam}:role/R` }, `${iam}:role/R`, 'role'],
    [{ AWS: `${iam}:role/path/R` }, session, 'role'],
    [{ AWS: `${iam}:role/R/other` }, session, 'none'],
    [{ AWS: `${iam}:user/R` }, session, 'none'],
    [{ AWS: `${sts}:role/R` }, session, 'none'],
    [{ AWS: 'arn:aws:iam::444455556666:role/R' }, session, 'none'],
    [{ AWS: `${iam}:role/R` }, `${iam}:role/path/R`, 'none'],
    [{ AWS: account }, session, 'account'],
    [{ AWS: `${iam}:root` }, session, 'account'],
    [{ AWS: `${iam}:root` }, `${iam}:root`, 'direct'],
    [{ AWS: account }, `${iam}:root`, 'account'],
    [{ AWS: 'arn:aws:iam::444455556666:root' }, session, 'none'],
    [{ AWS: `${iam}:root/x` }, session, 'none'],
    [{ AWS: `x${iam}:root` }, session, 'none'],
    [{ AWS: [account, `${iam}:role/R`] }, session, 'role'],
    [{ AWS: [account, `${iam}:role/R`, session] }, session, 'direct'],
    [{ AWS: [] }, session, 'none'],
    [{ AWS: 'ec2.amazonaws.com' }, '*', 'none'],
    [{ Service: 'ec2.amazonaws.com' }, 'ec2.amazonaws.com', 'direct'],
    [{ Service: 'ec2.amazonaws.com' }, 'sns.amazonaws.com', 'none'],
    [{ Service: '*' }, 'sns.amazonaws.com', 'none'],
    [{ Federated: 'www.amazon.com' }, 'www.amazon.com', 'direct'],
    [{ Federated: 'www.amazon.com' }, 'graph.facebook.com', 'none'],
    [{ CanonicalUser: 'cafe' }, session, 'account'],
    [{ CanonicalUser: 'face' }, session, 'none'],
  ];
  for (const [element, name, naming] of table) {
    it(`${JSON.stringify(element)} names ${name}: ${naming}`, () => {
      expect(principalNaming(element, principal(name), 'cafe')).toBe(naming);
    });
  }
});

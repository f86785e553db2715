import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/plan.ts';
import type { ConditionBlock, PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { Resource, Role } from '../../src/model/resource.ts';
import {
  account,
  allow,
  assignment,
  attachment,
  customerPolicy,
  deny,
  document,
  membership,
  owned,
  role,
  scp,
  set,
  trusting,
} from '../support/build.ts';
import { atOnce, exposures, proved, provedAs, waits } from '../support/proved.ts';
import type { Bend, Sides } from '../support/proved.ts';

const [dev, ops] = ['222222222222', '333333333333'];
const opsAccount = account('Ops', ops ?? '');
const everything = atOnce('grant');

const arnOf = (name: string, id = dev): string => `arn:aws:iam::${id}:role/${name}`;
const by = (...names: readonly string[]): PolicyDocument => trusting(...names.map((name) => ({ AWS: name })));
const entry = (Principal: PrincipalElement, Condition?: ConditionBlock): Statement => ({
  Effect: 'Allow',
  Principal,
  Action: 'sts:AssumeRole',
  ...(Condition === undefined ? {} : { Condition }),
});
const bySet = (...names: readonly string[]): PolicyDocument =>
  document(
    entry(
      { AWS: `arn:aws:iam::${dev}:root` },
      {
        ArnLike: {
          'aws:PrincipalArn': names.map(
            (name) =>
              `arn:aws:iam::${dev}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_${name}_????????????????`,
          ),
        },
      },
    ),
  );

const naming = (...names: readonly string[]): Partial<Role> => ({
  customerManagedPolicies: names.map((name) => ({ name, path: '/' })),
});
const bounded = (name: string): Partial<Role> => ({
  permissionsBoundary: { customerManagedPolicy: { name, path: '/' } },
});
const doing = (...actions: readonly string[]): Partial<Role> => ({
  inlinePolicies: { own: document(allow(...actions)) },
});
const policy = (name: string, ...actions: readonly string[]) =>
  customerPolicy(name, 'Dev', document(allow(...actions)));
const app = (...fields: readonly Partial<Role>[]): Role =>
  role('App', 'Dev', Object.assign({}, ...fields) as Partial<Role>);

const between = (before: readonly Resource[], after: readonly Resource[]): Sides => ({
  found: before.map((one) => (one.kind === 'account' ? one : owned(one))),
  wanted: after,
});

/** All in one phase, in the order of these beginnings of `ACTION KEY`; what is not named comes last. */
const inOrder =
  (...wanted: readonly string[]) =>
  (changes: readonly Change[]): readonly Change[] => {
    const rank = ({ action, key }: Change): number => {
      const at = wanted.findIndex((one) => `${action} ${key}`.startsWith(one));
      return at < 0 ? wanted.length : at;
    };
    return changes.map(everything).sort((a, b) => rank(a) - rank(b));
  };

describe('the proof of the order, of what a role can do', () => {
  const shared = between(
    [app(naming('P')), policy('P', 's3:*')],
    [app(naming('P'), bounded('B')), policy('P', 's3:*', 'ec2:*'), policy('B', 's3:*')],
  );

  it('finds nothing in what the planner makes', () => {
    expect(exposures(proved(shared))).toEqual([]);
  });

  it('never lets the policy widen before the boundary is set', () => {
    const result = provedAs(shared, inOrder('create policy', 'update role', 'update policy'));
    expect(exposures(result)).toEqual([]);
    expect(waits(result)).toContain('update policy/Dev:/+P < role/Dev:App');
  });

  it('refuses the order that has it the other way round, with the role, the account, the actions and the moment', () => {
    expect(exposures(provedAs(shared, inOrder('create policy', 'update policy', 'update role')))).toEqual([
      'role:App could do ec2:RunInstances in Dev after update policy/Dev:/+P, create policy/Dev:/+B and before update role/Dev:App, which neither what is there nor what is asked for gives. Make these changes one after the other in two pull requests, or grant an exception { guard: exposure, key: Dev }.',
    ]);
  });

  it.each<readonly [string, Sides]>([
    [
      'a guard rail that rises',
      between(
        [app(doing('s3:*'))],
        [app(doing('s3:*', 'ec2:*')), scp('X', document(deny('ec2:*'))), attachment('X', 'ou:Work')],
      ),
    ],
    [
      'a boundary whose document shrinks',
      between(
        [app(doing('s3:*'), bounded('B')), policy('B', '*')],
        [app(doing('*'), bounded('B')), policy('B', 's3:*')],
      ),
    ],
    [
      'the way of the account to another unit',
      between(
        [app(doing('s3:*')), account('Dev', dev ?? ''), scp('X', document(deny('ec2:*'))), attachment('X', 'ou:Work')],
        [
          app(doing('*')),
          account('Dev', dev ?? '', 'Work'),
          scp('X', document(deny('ec2:*'))),
          attachment('X', 'ou:Work'),
        ],
      ),
    ],
  ])('does not let it widen before %s', (_, sides) => {
    expect(exposures(proved(sides))).toEqual([]);
    const careless = provedAs(sides, inOrder('update role'));
    expect(exposures(careless)).toEqual([expect.stringContaining('role:App could do ec2:RunInstances')]);
  });

  it('looks at roles that nobody declared, under guard rails that change', () => {
    const rails = (name: string, ...denied: readonly string[]) => [
      scp(name, document(deny(...denied))),
      attachment(name, 'ou:Work'),
    ];
    const sides: Sides = {
      found: [role('Stranger', 'Dev', doing('s3:*')), ...rails('X', 's3:*').map((one) => owned(one))],
      wanted: rails('Y', 's3:*', 'ec2:*'),
    };
    expect(exposures(proved(sides))).toEqual([]);
    const falling = inOrder('delete attachment', 'create attachment');
    expect(exposures(provedAs(sides, falling))).toEqual([expect.stringContaining('role:Stranger could do s3:')]);
  });

  it('takes no notice of other tags, and of other words for the same', () => {
    const tagged = { ...policy('P', 's3:*'), tags: { team: 'a' } };
    const sides = between([app(naming('P')), policy('P', 's3:*')], [app(naming('P'), { tags: { team: 'a' } }), tagged]);
    const [{ message } = { message: '' }] = provedAs(sides, (changes) => changes.map(everything)).guards.filter(
      ({ id }) => id === 'exposure',
    );
    expect(message).toContain('0 moments of 0 principals');
  });

  it('says who goes without what', () => {
    const [before, after] = [app(naming('P')), app(naming('P'), doing('s3:*'))];
    const sides = between([before, policy('P', 's3:*')], [after, policy('P', 'ec2:*')]);
    const said = provedAs(sides, inOrder('update policy')).interruptions;
    expect(said).toEqual([
      expect.objectContaining({
        principal: 'role:App',
        account: 'Dev',
        message: expect.stringContaining('s3:GetObject') as string,
      }),
    ]);
  });
});

describe('the proof of the order, of customer policies of a permission set', () => {
  const given = assignment('group:Team', 'S', 'Dev');

  it('knows what they say at each moment', () => {
    const sides = between(
      [set('S', naming('P') as object), given, policy('P', 's3:*')],
      [
        set('S', naming('P') as object),
        given,
        policy('P', '*'),
        scp('X', document(deny('ec2:*', 'iam:*'))),
        attachment('X', 'ou:Work'),
      ],
    );
    expect(exposures(proved(sides))).toEqual([]);
    expect(exposures(provedAs(sides, inOrder('update policy')))).toEqual([
      expect.stringContaining(
        'group:Team could do ec2:RunInstances, iam:CreateUser in Dev after update policy/Dev:/+P',
      ),
    ]);
  });
});

describe('the proof of the order, of who becomes a role', () => {
  const given = assignment('group:Team', 'S', 'Dev');
  const empty = set('S');

  const opening = between(
    [empty, given, app({ trust: by(`arn:aws:iam::${dev}:user/eve`) }, naming('P')), policy('P', '*')],
    [empty, given, app({ trust: bySet('S') }, naming('P')), policy('P', 's3:*')],
  );

  it('never lets a set in before the role has shrunk', () => {
    expect(exposures(proved(opening))).toEqual([]);
    expect(exposures(provedAs(opening, inOrder('update role')))).toEqual([
      'permission-set:S of Dev could do ec2:RunInstances, iam:CreateUser, other:* in Dev as role:App after update role/Dev:App and before update policy/Dev:/+P, which neither what is there nor what is asked for gives. Make these changes one after the other in two pull requests, or grant an exception { guard: exposure, key: Dev }.',
    ]);
    expect(waits(provedAs(opening, inOrder('update policy')))).toEqual(['update role/Dev:App < policy/Dev:/+P']);
  });

  it.each<readonly [string, PolicyDocument, string]>([
    ['a service', trusting({ Service: 'lambda.amazonaws.com' }), 'service:lambda.amazonaws.com'],
    ['an account of the organization', by(`arn:aws:iam::${dev}:root`), 'account:Dev'],
    ['an account outside', by('999999999999'), 'account:999999999999'],
    ['everybody', by('*'), 'everybody'],
    [
      'whoever is not listed',
      document({ Effect: 'Allow', NotPrincipal: { AWS: '999999999999' }, Action: 'sts:AssumeRole' }),
      'everybody',
    ],
    ['a user', by(`arn:aws:iam::${dev}:user/ada`), `arn:aws:iam::${dev}:user/ada`],
    [
      'a workflow',
      trusting({ Federated: `arn:aws:iam::${dev}:oidc-provider/token.example` }),
      'federated:token.example',
    ],
    ['a role', by(arnOf('Caller')), 'role:Caller of Dev'],
    [
      'a role of which the account stands for it',
      document(entry({ AWS: dev ?? '' }, { ArnEquals: { 'aws:PrincipalArn': arnOf('Caller') } })),
      'role:Caller of Dev',
    ],
    [
      'a session of a role',
      by(`arn:aws:sts::${dev}:assumed-role/Caller/me`),
      `arn:aws:sts::${dev}:assumed-role/Caller`,
    ],
  ])('sees that %s is let in', (_, trust, who) => {
    const caller = role('Caller', 'Dev');
    const sides = between(
      [caller, app({ trust: trusting({ Service: 'ec2.amazonaws.com' }) }, naming('P')), policy('P', '*')],
      [caller, app({ trust }, naming('P')), policy('P', 's3:*')],
    );
    expect(exposures(provedAs(sides, inOrder('update role'))).map((message) => message.split(' could ')[0])).toEqual([
      who,
    ]);
    expect(exposures(provedAs(sides, inOrder('update policy')))).toEqual([]);
  });

  it('sees a group that is given the set behind which the role lies', () => {
    const sides = between(
      [empty, app({ trust: bySet('S') }, naming('P')), policy('P', '*')],
      [empty, given, app({ trust: bySet('S') }, naming('P')), policy('P', 's3:*')],
    );
    expect(exposures(proved(sides))).toEqual([]);
    expect(exposures(provedAs(sides, inOrder('create assignment')))).toEqual([
      expect.stringContaining('group:Team could do ec2:RunInstances, iam:CreateUser, other:* in Dev as role:App'),
    ]);
  });

  it('sees a leaver whose group is given a set that gives nothing but a role', () => {
    const fixed = [empty, app({ trust: bySet('S') }, doing('s3:*'))];
    const sides = between([...fixed, membership('Team', 'ada')], [...fixed, given]);
    expect(exposures(proved(sides))).toEqual([]);
    expect(exposures(provedAs(sides, inOrder('create assignment')))).toEqual([
      expect.stringContaining(
        'user:ada could do s3:GetObject, s3:PutObject in Dev as role:App after create assignment',
      ),
    ]);
  });

  describe('in two steps and two accounts', () => {
    const far = (trust: PolicyDocument): Role => role('Far', 'Ops', { trust, ...doing('*') });
    const caller = { AWS: arnOf('App') };
    const world = [opsAccount, empty, given];
    const away = trusting({ Service: 'ec2.amazonaws.com' });
    const sides = between(
      [...world, app({ trust: away }), far(trusting(caller))],
      [...world, app({ trust: bySet('S') }), far(away)],
    );

    it('never opens the first door before the second is shut', () => {
      expect(exposures(proved(sides))).toEqual([]);
      expect(exposures(provedAs(sides, inOrder('update role/Dev:App')))).toEqual([
        expect.stringContaining(
          'permission-set:S of Dev could do s3:GetObject, s3:PutObject, ec2:RunInstances and 2 more in Ops as role:Far after update role/Dev:App and before',
        ),
      ]);
      expect(waits(provedAs(sides, inOrder('update role/Ops')))).toEqual(['update role/Dev:App < role/Ops:Far']);
    });

    it('counts what they give at the ends by another way', () => {
      const near = (trust: PolicyDocument): Role => role('Near', 'Dev', { trust });
      const both = far(by(arnOf('App'), arnOf('Near')));
      const swap = between(
        [...world, app({ trust: away }), near(bySet('S')), both],
        [...world, app({ trust: bySet('S') }), near(away), both],
      );
      expect(exposures(provedAs(swap, inOrder()))).toEqual([]);
    });
  });

  describe('under conditions', () => {
    const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    const user = { AWS: `arn:aws:iam::${dev}:user/ada` };
    const oidc = { Federated: `arn:aws:iam::${dev}:oidc-provider/token.example` };
    const subjects = (...of: readonly string[]) => document(entry(oidc, { StringEquals: { 'token.example:sub': of } }));
    const shrinking = (before: PolicyDocument, after: PolicyDocument): Sides =>
      between(
        [app({ trust: before }, naming('P')), policy('P', '*')],
        [app({ trust: after }, naming('P')), policy('P', 's3:*')],
      );

    it('sees that a second factor is no longer asked for', () => {
      const sides = shrinking(document(entry(user, mfa)), document(entry(user)));
      expect(exposures(provedAs(sides, inOrder('update role')))).toEqual([
        expect.stringContaining('user/ada could do'),
      ]);
    });

    it('finds nothing where one more is asked for', () => {
      const sides = shrinking(document(entry(user)), document(entry(user, mfa)));
      expect(exposures(provedAs(sides, inOrder('update role')))).toEqual([]);
      expect(waits(provedAs(sides, inOrder('update role')))).toEqual([]);
    });

    it('takes each of several values for a way of its own', () => {
      expect(waits(provedAs(shrinking(subjects('a', 'b'), subjects('a')), inOrder('update role')))).toEqual([]);
      const wider = provedAs(shrinking(subjects('a'), subjects('a', 'b')), inOrder('update role'));
      expect(exposures(wider)).toEqual([expect.stringContaining('federated:token.example could do')]);
    });

    it('tells many of them apart', () => {
      const many = Array.from({ length: 40 }, (_, at) => `s${at}`);
      expect(waits(provedAs(shrinking(subjects(...many, 'b'), subjects(...many)), inOrder('update role')))).toEqual([]);
    });

    it('takes ways that nobody could follow for one, and counts none of them for the ends', () => {
      const names = Array.from({ length: 9 }, (_, at) => `R${at}`);
      const meshed = (one: string) =>
        document(
          ...names.map((name) => entry({ AWS: arnOf(name) }, { StringEquals: { 'sts:ExternalId': `${name}${one}` } })),
          entry(user),
        );
      const mesh = names.map((name) => role(name, 'Dev', { trust: meshed(name) }));
      const last = (trust: PolicyDocument) => app({ trust }, naming('P'));
      const sides = between(
        [...mesh, last(trusting({ Service: 'ec2.amazonaws.com' })), policy('P', '*')],
        [...mesh, last(by(...names.map((name) => arnOf(name)))), policy('P', 's3:*')],
      );
      expect(exposures(provedAs(sides, inOrder('update role')))).toHaveLength(names.length);
      expect(exposures(provedAs(sides, inOrder('update policy')))).toEqual([]);
    });

    it('sees that a denial goes', () => {
      const open = entry({ AWS: dev ?? '' });
      const denied = document(open, { ...entry(user), Effect: 'Deny' });
      expect(exposures(provedAs(shrinking(denied, document(open)), inOrder('update role')))).toHaveLength(1);
      expect(exposures(provedAs(shrinking(document(open), denied), inOrder('update role')))).toEqual([]);
    });

    it('takes what goes along with a session, and a principal that was deleted, for no way in', () => {
      const along: Bend = everything;
      const trust = document(
        entry({ Service: 'ec2.amazonaws.com' }),
        { ...entry(user), Action: 'sts:TagSession' },
        entry({ AWS: 'AROAEXAMPLEEXAMPLE123' }),
      );
      const sides = shrinking(trusting({ Service: 'ec2.amazonaws.com' }), trust);
      expect(exposures(proved(sides, along))).toEqual([]);
      expect(waits(provedAs(sides, inOrder('update role')))).toEqual([]);
    });
  });
});

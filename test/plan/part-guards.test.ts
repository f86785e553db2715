/** What keeps somebody able to come in stands at every moment at which a plan, or a part of it, can stop. */
import { describe, expect, it } from 'vitest';
import { coveredPart } from '../../src/commands/apply.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import { FULL_AWS_ACCESS } from '../../src/model/resource.ts';
import type { Resource } from '../../src/model/resource.ts';
import { guardedPart } from '../../src/plan/guards/part.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  MANAGEMENT,
  NOW,
  account,
  allow,
  attachment,
  customerPolicy,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  ou,
  owned,
  rcpType,
  scp,
} from '../support/build.ts';
import {
  administrators,
  failing,
  free,
  glassAssigned,
  glassSettings,
  hungRcp,
  knowledge,
  memberRole,
  ownRoles,
  rcp,
} from '../support/guard-scenes.ts';
import { withProof } from '../support/stages.ts';
import { situationOf } from '../../src/plan/situation/situation.ts';

const settings = { ...glassSettings, ...ownRoles };
const base: readonly Resource[] = [owned(ou('Work')), account('Dev', '222222222222', 'Work'), group('Glass')];
const glass: readonly Resource[] = [administrators('Glass'), ...glassAssigned()];
const ada = membership('Glass', 'ada');
const bob = membership('Glass', 'bob');
const whole = [...glass, ada];

type Sides = { readonly was: readonly Resource[]; readonly wanted: readonly Resource[] };

const inputOf = ({ was, wanted }: Sides) => ({
  desired: desired([...base, ...wanted], { memberGroups: ['Glass'], settings }),
  live: live([...base, ...was], { users: ['ada', 'bob', ...'abcdefgh'] }),
  knowledge,
});

const proved = (sides: Sides, bend: (planned: Plan) => Plan = (one) => one): readonly string[] => {
  const input = inputOf(sides);
  return failing(withProof(bend(plan(input.desired, input.live, NOW)), input));
};

/** What guards say when only these are approved. */
const approving = (sides: Sides, isApproved: (change: Change) => boolean): readonly string[] => {
  const input = inputOf(sides);
  const made = free(withProof(plan(input.desired, input.live, NOW), input));
  expect(failing(made)).toEqual([]);
  const approved = { ...made, changes: made.changes.filter(isApproved) };
  const part = coveredPart(made, approved);
  return failing(
    guardedPart(part, { situation: situationOf(input.desired, input.live), catalogue: knowledge.policies }),
  );
};

const strict = document({
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.1/32' } },
});
const rail = (body: PolicyDocument): Resource => owned(scp('Ip', body));
const leaving = deny('organizations:LeaveOrganization');
const mild = document(leaving);
const hung = attachment('Ip', 'ou:Work');

const member = memberRole();
const allowing = owned(scp('Allows', document(allow('*'))));
const openWork = attachment(FULL_AWS_ACCESS, 'ou:Work');
const swapsMembers: Sides = { was: whole, wanted: [...glass, bob] };
const attachesEdited: Sides = { was: [...whole, rail(strict)], wanted: [...whole, rail(mild), hung] };
const wayIn: Sides = { was: [member, rail(strict)], wanted: [member, rail(mild), hung] };

const leaves = ({ action, kind }: Change): boolean => action === 'delete' && kind === 'membership';
const attaches = ({ kind }: Change): boolean => kind === 'attachment';

/** `half`: what of it takes something away as long as the rest is not done. */
type Losing = { readonly sides: Sides; readonly half: (change: Change) => boolean; readonly lost: RegExp };
const both = (was: readonly Resource[], wanted: readonly Resource[]): Sides => ({
  was: [...whole, ...was],
  wanted: [...whole, ...wanted],
});
const excepted: Statement = {
  ...deny('s3:GetObject'),
  Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-reserved/*AWSReservedSSO_Glass_*' } },
};

const bounded = administrators('Glass', { permissionsBoundary: { customerManagedPolicy: { name: 'Own', path: '/' } } });
const ownPolicy = (body: PolicyDocument): readonly Resource[] =>
  ['Dev', MANAGEMENT].map((on) => owned(customerPolicy('Own', on, body)));
const losses: Readonly<Record<string, Losing>> = {
  'the old document of an SCP': {
    sides: both([rail(document(deny('dynamodb:DeleteTable')))], [rail(mild), hung]),
    half: attaches,
    lost: /dynamodb:DeleteTable \(Ip denies it\)/,
  },
  'the old document of an RCP': {
    sides: both([rcpType, rcp('R', deny('s3:GetObject'))], [rcpType, rcp('R', excepted), hungRcp('R', 'root')]),
    half: attaches,
    lost: /s3:GetObject \(R denies it\)/,
  },
  'an RCP that shuts the way in': {
    sides: both(
      [rcpType, rcp('R', deny('sts:AssumeRoleWithSAML'))],
      [rcpType, rcp('R', excepted), hungRcp('R', 'root')],
    ),
    half: attaches,
    lost: /sts:AssumeRoleWithSAML/,
  },
  'the old document of its boundary': {
    sides: {
      was: [...whole, ...ownPolicy(document(allow('s3:*', 'sts:*', 'iam:*', 'kms:*', 'organizations:*', 'sso:*')))],
      wanted: [bounded, ...whole.slice(1), ...ownPolicy(document(allow('*')))],
    },
    half: ({ kind }) => kind === 'permission-set',
    lost: /its permissions boundary does not allow it/,
  },
  'a move without the edit of what it moves below': {
    sides: {
      was: [...whole, owned(ou('Lab')), rail(document(leaving, deny('sqs:*'))), attachment('Ip', 'ou:Lab')],
      wanted: [
        ...whole,
        owned(ou('Lab')),
        rail(mild),
        attachment('Ip', 'ou:Lab'),
        account('Dev', '222222222222', 'Lab'),
      ],
    },
    half: ({ kind }) => kind === 'account',
    lost: /sqs:\* \(Ip denies it\)/,
  },
};

describe('guards of the part that is approved', () => {
  it('keep a member of break-glass when only those who leave are approved', () => {
    expect(approving(swapsMembers, leaves)).toEqual([
      'break-glass-access: Of what is approved and not held: Glass would have no member left, when - membership/Glass:ada is done.',
    ]);
  });

  it('keep a guard rail from hanging with the document that was to be mended', () => {
    expect(approving(attachesEdited, attaches).slice(0, 1)).toEqual([
      expect.stringMatching(
        /^break-glass-access: .*Break-glass would lose in Dev, when \+ attachment\/scp:Ip@ou:Work is done: .*Ip/,
      ),
    ]);
  });

  it.each(Object.entries(losses))('keep what break-glass has from %s', (_what, { sides, half, lost }) => {
    expect(approving(sides, half).join()).toMatch(lost);
  });

  it('let a part through that does not build break-glass yet, or builds a part of it', () => {
    const fresh: Sides = { was: [], wanted: whole };
    expect(approving(fresh, ({ kind }) => kind === 'permission-set')).toEqual([]);
    expect(approving(fresh, ({ key }) => key.endsWith('@Dev') || key === 'permission-set/Glass')).toEqual([]);
  });

  it('let a part through that leaves wrong what was wrong before', () => {
    const was = [...whole, rail(strict), hung, owned(scp('More', mild))];
    const wanted = [...whole, rail(mild), hung, owned(scp('More', mild)), attachment('More', 'ou:Work')];
    expect(approving({ was, wanted }, attaches)).toEqual([]);
  });

  it('let the whole of it through', () => {
    expect(approving(swapsMembers, () => true)).not.toEqual([]);
    expect(proved(swapsMembers)).toEqual([]);
  });
});

describe('guards of every moment of a plan', () => {
  it.each<[what: string, sides: Sides, message: RegExp]>([
    [
      'one member cannot be added',
      swapsMembers,
      /^break-glass-access: Glass would have no member left, when - membership\/Glass:ada is done and \+ membership\/Glass:bob is not\.$/,
    ],
    [
      'one UpdatePolicy is refused',
      attachesEdited,
      /^break-glass-access: Break-glass would lose in Dev, when \+ attachment\/scp:Ip@ou:Work is done and ~ scp\/Ip is not: /,
    ],
  ])('refuse a plan in which break-glass is lost when %s', (_what, sides, message) => {
    expect(proved(sides)).toEqual([]);
    expect(proved(sides, free)[0]).toMatch(message);
  });

  it.each(Object.entries(losses))('keep what break-glass has from %s', (_what, { sides, lost }) => {
    expect(proved(sides)).toEqual([]);
    expect(proved(sides, free).join()).toMatch(lost);
  });

  it('count the members that are left when several cannot be added', () => {
    const people = (...names: readonly string[]) => names.map((name) => membership('Glass', name));
    const sides: Sides = {
      was: [...glass, ...people(...'abcd')],
      wanted: [...glass, ...people(...'efgh')],
    };
    expect(proved(sides)).toEqual([]);
    expect(proved(sides, free).join()).toMatch(/Glass would have no member left/);
  });

  it('refuse a plan in which the new assignment of break-glass does not come', () => {
    const named = { ...settings, breakGlass: { group: 'Glass', permissionSet: 'Glass2' } };
    const next = [administrators('Glass2'), ...glassAssigned('Glass2'), ada];
    const input = {
      desired: desired([...base, ...next], { memberGroups: ['Glass'], settings: named }),
      live: live([...base, ...whole, administrators('Glass2')]),
      knowledge,
    };
    const planned = plan(input.desired, input.live, NOW);
    expect(failing(withProof(planned, input))).toEqual([]);
    expect(failing(withProof(free(planned), input)).join()).toMatch(
      /Break-glass would lose in Dev, when - assignment\/group:Glass:Glass@Dev is done/,
    );
  });

  it('refuse a plan in which the member role is shut out when one UpdatePolicy is refused', () => {
    const parts = (sides: Sides): Sides => ({ was: [...whole, ...sides.was], wanted: [...whole, ...sides.wanted] });
    expect(proved(parts(wayIn))).toEqual([]);
    expect(proved(parts(wayIn), free).join()).toMatch(
      /reconciler-access: gatehouse\/Member in Dev would lose .* when \+ attachment\/scp:Ip@ou:Work is done and ~ scp\/Ip is not/,
    );
  });

  it('refuse a plan in which nothing is allowed somewhere when a list does not come', () => {
    const input = inputOf({
      was: [...whole, allowing],
      wanted: [...whole, allowing, attachment('Allows', 'ou:Work')],
    });
    const absent = { ...input, desired: { ...input.desired, absent: ['attachment/scp:FullAWSAccess@ou:Work'] } };
    const without = Object.entries(input.desired.state).filter(([key]) => key !== absent.desired.absent[0]);
    const asked = { ...absent, desired: { ...absent.desired, state: Object.fromEntries(without) } };
    const planned = plan(asked.desired, asked.live, NOW);
    expect(planned.changes.map(({ key }) => key)).toContain(`attachment/scp:${openWork.policy.name}@ou:Work`);
    expect(failing(withProof(planned, asked))).toEqual([]);
    expect(failing(withProof(free(planned), asked)).join()).toMatch(/Nothing would be allowed below ou\/Work, when/);
  });
});

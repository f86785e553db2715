import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { cover } from '../../src/plan/carry/cover.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  account,
  allow,
  assignment,
  attachment,
  deny,
  desired,
  document,
  live,
  ou,
  owned,
  role,
  scp,
  set,
  trusting,
} from '../support/build.ts';
import { heldText } from '../../src/model/held-text.ts';

const arn = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const tree = [owned(ou('Old')), owned(ou('New')), owned(ou('Else'))];
const planOf = (wanted: readonly Resource[], found: readonly Resource[]): Plan =>
  plan(desired([...tree, ...wanted]), live([...tree, ...found]), NOW);

/** Approved from one live state, computed again from another: what is held, and why. */
const heldBetween = (
  wanted: readonly Resource[],
  then: readonly Resource[],
  now: readonly Resource[],
): readonly string[] => {
  const again = planOf(wanted, now);
  expect(again.changes).not.toEqual([]);
  return cover(again, planOf(wanted, then)).held.map(({ key, objection }) => `${key} ${heldText(objection)}`);
};

const after = set('S', { managedPolicies: [arn('A'), arn('B')], tags: { team: 'x' }, description: 'new' });
const before = owned(set('S', { managedPolicies: [arn('B'), arn('C')], tags: { team: 'y' }, description: 'old' }));

describe('an approval', () => {
  it('covers the same plan', () => {
    expect(heldBetween([after], [before], [before])).toEqual([]);
  });

  it.each([
    ['half of its policies are already changed', { managedPolicies: [arn('A'), arn('B'), arn('C')] }],
    ['a policy is already gone', { managedPolicies: [arn('B')] }],
    ['the tag is already new', { tags: { team: 'x' } }],
    ['the edit is made and not provisioned', { description: 'new', outdatedIn: ['Dev'] }],
  ])('still covers it when %s', (_, fields) => {
    expect(heldBetween([after], [before], [{ ...before, ...fields }])).toEqual([]);
  });

  it.each([
    ['another policy came', { managedPolicies: [arn('B'), arn('C'), arn('X')] }],
    ['a policy that both have went', { managedPolicies: [arn('C')] }],
    ['the tag says something else', { tags: { team: 'z' } }],
    ['the description says something else', { description: 'other' }],
    ['a boundary was set', { permissionsBoundary: { managedPolicy: arn('X') } }],
  ])('does not cover it when %s', (_, fields) => {
    expect(heldBetween([after], [before], [{ ...before, ...fields }]).join()).toMatch(/^permission-set\/S its /);
  });

  it('covers a creation that was cut off half-way, and not one that somebody else began', () => {
    const half = owned({ ...after, managedPolicies: [] });
    expect(heldBetween([after], [], [half])).toEqual([]);
    expect(heldBetween([after], [], [{ ...half, description: 'other' }])).toHaveLength(1);
  });

  it('does not cover an account that was moved elsewhere meanwhile', () => {
    const at = (parent: string) => account('Dev', '222222222222', parent);
    expect(heldBetween([at('New')], [at('Old')], [at('Old')])).toEqual([]);
    expect(heldBetween([at('New')], [at('Old')], [at('Else')]).join()).toContain('account/Dev its parent');
  });

  it('does not cover what leads elsewhere, nor what nobody approved', () => {
    const again = planOf([set('S'), set('T')], [before]);
    const { held } = cover(again, planOf([after], [before]));
    expect(held.map(({ key, objection }) => `${key} ${heldText(objection)}`)).toEqual([
      'permission-set/T nobody approved it',
      'permission-set/S what was approved leads elsewhere',
    ]);
  });

  it('covers the second step of a guard rail after the first, and no step that was made up', () => {
    const hung = attachment('P', 'root');
    const with_ = (...actions: readonly string[]) => owned(scp('P', document(...actions.map((one) => deny(one)))));
    const wanted = [scp('P', document(deny('b:*'))), hung];
    const then = [with_('a:*'), hung];
    expect(heldBetween(wanted, then, then)).toEqual([]);
    expect(heldBetween(wanted, then, [with_('b:*', 'a:*'), hung])).toEqual([]);
    expect(heldBetween(wanted, then, [with_('b:*', 'c:*'), hung]).join()).toContain('scp/P its document');
  });

  it('does not cover a deletion of what has become something else', () => {
    const approved = planOf([], [before]);
    const now = { ...before, description: 'other' };
    expect(cover(planOf([], [now]), approved).held).toHaveLength(1);
    expect(cover(planOf([], [before]), approved).held).toEqual([]);
  });

  it('does not cover a grant below a guard rail that it does not cover', () => {
    const dev = account('Dev', '222222222222');
    const given = assignment('user:ada', 'S', 'Dev');
    const rail = [scp('P'), attachment('P', 'root')];
    const approved = planOf([dev, set('S'), given], [dev]);
    const { held } = cover(planOf([dev, set('S'), given, ...rail], [dev]), approved);
    expect(held.map(({ key }) => key)).toEqual([
      'scp/P',
      'attachment/scp:P@root',
      'permission-set/S',
      'assignment/user:ada:S@Dev',
    ]);
  });

  it('of another organization covers nothing', () => {
    const planned = planOf([after], [before]);
    expect(cover(planned, { ...planned, organization: 'o-other' }).covered).toEqual([]);
  });
});

describe('an approval of a role', () => {
  const ec2 = { Service: 'ec2.amazonaws.com' };
  const lambda = { Service: 'lambda.amazonaws.com' };
  const dev = account('Dev', '222222222222', 'Old');
  const own = (...actions: readonly string[]) => ({ own: document(allow(...actions)) });
  const was = owned(role('R', 'Dev', { trust: trusting(ec2), inlinePolicies: own('s3:*') }));
  const next = role('R', 'Dev', { trust: trusting(lambda), inlinePolicies: own('sqs:*'), managedPolicies: [arn('A')] });
  const heldFrom = (now: Resource | undefined, then: Resource | undefined = was): readonly string[] =>
    heldBetween([dev, next], [dev, then ?? []].flat(), [dev, now ?? []].flat());

  it('still covers it when it is half edited', () => {
    expect(heldFrom(was)).toEqual([]);
    expect(heldFrom({ ...was, managedPolicies: [arn('A')] })).toEqual([]);
    expect(heldFrom({ ...was, inlinePolicies: own('sqs:*') })).toEqual([]);
  });

  it('still covers its creation when it is there without its policies', () => {
    const { managedPolicies: _, ...bare } = owned(next);
    const half = { ...bare, managedPolicies: [], inlinePolicies: {} };
    const again = planOf([dev, next], [dev, half]);
    expect(cover(again, planOf([dev, next], [dev])).held).toEqual([]);
  });

  it('does not cover it when somebody else was let in, or more was allowed', () => {
    expect(heldFrom({ ...was, trust: trusting(ec2, { AWS: '999999999999' }) })).toEqual([
      'role/Dev:R its trust is neither what it was when approved nor what was approved',
    ]);
    expect(heldFrom({ ...was, inlinePolicies: own('s3:*', 'iam:*') })).toEqual([
      'role/Dev:R its inlinePolicies own is neither what it was when approved nor what was approved',
    ]);
  });
});

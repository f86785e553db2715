/** A role beside permission sets of the same people in the same accounts. */
import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  OWNER,
  account,
  allow,
  assignment,
  desired,
  document,
  entitlement,
  entitling,
  group,
  live,
  role,
  set,
} from '../support/build.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const dev = account('Dev', '222222222222');
const giving = (...actions: readonly string[]) => document(allow(...actions));
const ours = { owner: OWNER, scope: 'all' } as const;
const sets = [
  set('Auditor', { ...ours, inlinePolicy: giving('s3:GetObject', 's3:ListBucket', 'sqs:ListQueues') }),
  set('Operator', { ...ours, inlinePolicy: giving('ec2:StartInstances', 'ec2:StopInstances') }),
  set('Writer', { ...ours, inlinePolicy: giving('s3:PutObject') }),
];
const has = (name: string): Resource => assignment('group:Team', name, 'Dev');
const roleOf = (name: string, ...actions: readonly string[]): Resource =>
  role(name, 'Dev', { trust: entitling, owner: OWNER, inlinePolicies: { own: giving(...actions) } });

type Change = { readonly from: readonly Resource[]; readonly to: readonly Resource[] };

const notesOf = (there: Resource, { from, to }: Change): readonly string[] => {
  const basics = [dev, group('Team'), ...sets, there];
  const input = { desired: desired([...basics, ...to]), live: live([...basics, ...from]), knowledge };
  const { notes } = withAccess(plan(input.desired, input.live, NOW), input);
  return notes.map(({ message }) => message).filter((message) => message.includes(' and permission set '));
};

describe('a role beside several permission sets', () => {
  const all = sets.map(({ name }) => has(name));

  it('is compared with the one that gives most nearly the same, and the others are counted', () => {
    const reader = roleOf('Reader', 's3:GetObject', 's3:ListBucket');
    const to = [...all, entitlement('group:Team', 'Reader', 'Dev')];
    expect(notesOf(reader, { from: all, to })).toEqual([
      'group:Team and permission set Auditor and role Reader in Dev: the role gives less: sqs:ListQueues. It has 2 other permission sets there.',
    ]);
  });

  it('is compared with the one of its name, however little they are alike', () => {
    const writer = roleOf('Writer', 's3:GetObject', 's3:ListBucket');
    const to = [...all, entitlement('group:Team', 'Writer', 'Dev')];
    expect(notesOf(writer, { from: all, to })).toEqual([
      'group:Team and permission set Writer and role Writer in Dev: the role gives less: s3:PutObject; gives more: s3:GetObject, s3:ListBucket. It has 2 other permission sets there.',
    ]);
  });

  it('is not spoken of where another set than that one comes or goes', () => {
    const reader = roleOf('Reader', 's3:GetObject', 's3:ListBucket');
    const on = entitlement('group:Team', 'Reader', 'Dev');
    const without = (name: string) => all.filter((_, at) => sets[at]?.name !== name);
    expect(notesOf(reader, { from: [...all, on], to: [...without('Operator'), on] })).toEqual([]);
    expect(notesOf(reader, { from: [...all, on], to: [...without('Auditor'), on] })).toHaveLength(1);
  });
});

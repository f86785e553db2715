import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource, Role } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { detailLines } from '../../src/render/change-detail.ts';
import { entriesOf, entryWords } from '../../src/render/entries.ts';
import { unmanagedTexts } from '../../src/render/unmanaged.ts';
import {
  NOW,
  account,
  allow,
  customerPolicy,
  desired,
  document,
  live,
  oidcProvider,
  owned,
  role,
  trusting,
} from '../support/build.ts';

const base: readonly Resource[] = [account('Dev', '222222222222'), account('Prod', '333333333333')];
const planned = (found: readonly Resource[], wanted: readonly Resource[]): Plan =>
  plan(desired([...base, ...wanted]), live([...base, ...found.map((one) => owned(one))]), NOW);
const details = ({ changes }: Plan): readonly string[] =>
  changes.flatMap(detailLines).map(({ sign, text }) => `${sign}${text}`);

const old: Role = role('R', 'Dev', {
  managedPolicies: ['arn:a'],
  inlinePolicies: { gone: document(allow('s3:*')), kept: document(allow('sqs:*')), same: document(allow('sns:*')) },
  trust: trusting({ Service: 'ec2.amazonaws.com' }),
  instanceProfile: true,
  tags: { team: 'a' },
});
const next: Role = {
  ...old,
  description: 'Deploys',
  managedPolicies: ['arn:a', 'arn:b'],
  customerManagedPolicies: [{ name: 'P', path: '/g/' }],
  inlinePolicies: { kept: document(allow('sqs:*', 'sqs:X')), same: document(allow('sns:*')) },
  permissionsBoundary: { customerManagedPolicy: { name: 'B', path: '/g/' } },
  trust: trusting({ Service: 'lambda.amazonaws.com' }),
  maxSessionDuration: 5400,
  instanceProfile: false,
  tags: {},
};

describe('what is said of a role', () => {
  it('is every field that differs, its trust and the policies that differ, and nothing else', () => {
    const said = details(planned([old], [next]));
    for (const line of [
      '+description: "Deploys"',
      '-maxSessionDuration: 1h',
      '+maxSessionDuration: 90m',
      '+managedPolicies: arn:b',
      '+customerManagedPolicies: /g/P',
      '+permissionsBoundary: /g/B',
      '-instanceProfile: R',
      '-tags: team = a',
      ' trust:',
      '-          "ec2.amazonaws.com"',
      '+          "lambda.amazonaws.com"',
      '-inlinePolicies gone:',
      ' inlinePolicies kept:',
      '+        "sqs:X"',
    ])
      expect(said).toContain(line);
    expect(said.join('\n')).not.toMatch(/inlinePolicies same|sns|arn:a$|path:/m);
  });

  it('is all of it when it is made, and of a policy or a provider too', () => {
    const policy = customerPolicy('P', 'Dev', document(allow('s3:*')));
    const made = details(planned([], [role('R', 'Dev'), policy, oidcProvider('h', 'Dev', 'sts')]));
    for (const line of ['+path: "/"', '+trust:', '+maxSessionDuration: 1h', '+document:', '+clientIds: sts'])
      expect(made).toContain(line);
  });
});

describe('one role in many accounts', () => {
  const both = (trust: Role['trust']): readonly Role[] => [role('R', 'Dev'), role('R', 'Prod', { trust })];

  it('is one entry where it is the same, and two where it is not', () => {
    const [same, ...others] = entriesOf(planned([], both(role('R', 'Dev').trust)).changes);
    expect(others).toEqual([]);
    expect(`${same?.title}${same === undefined ? '' : entryWords(same, 5)}`).toMatch(
      /^role\/\*:R {2}in 2 accounts: Dev, Prod/,
    );
    const two = entriesOf(planned([], both(trusting({ AWS: '333333333333' }))).changes);
    expect(two.map(({ title }) => title)).toEqual(['role/Dev:R', 'role/Prod:R']);
  });
});

describe('roles that nobody declares', () => {
  const many = (on: string, count: number): readonly Resource[] =>
    Array.from({ length: count }, (_, at) => role(`Service${at}`, on));

  it('are counted by account beyond three, and named up to three', () => {
    const { unmanaged } = plan(desired(base), live([...base, ...many('Dev', 12), ...many('Prod', 3)]), NOW);
    expect(unmanaged).toHaveLength(15);
    expect(unmanagedTexts(unmanaged)).toEqual([
      '12 roles in Dev: Service0, Service1, Service10 … and 9 more',
      'role/Prod:Service0',
      'role/Prod:Service1',
      'role/Prod:Service2',
    ]);
  });
});

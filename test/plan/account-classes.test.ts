/** One account stands for others only where nothing tells them apart: each of these is told from its twin by one thing. */
import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { wholePlan } from '../../src/plan/plan.ts';
import * as build from '../support/build.ts';
import { administrators } from '../support/guard-scenes.ts';
import { asItIs, exposures, proved, provedAs, waits } from '../support/proved.ts';
import type { Arrange } from '../support/proved.ts';

const { account, allow, assignment, attachment, deny, document, membership, owned, scp, set } = build;

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const azureId = '444444444444';
const twins = [account('Amber', '333333333333', 'Work'), account('Azure', azureId, 'Work')];
const writer = set('Writer', { inlinePolicy: document(allow('s3:PutObject')) });
const inBoth = (who: string, name: string): readonly Resource[] =>
  ['Amber', 'Azure'].map((on) => assignment(who, name, on));

const glass = { breakGlass: { group: 'Glass', permissionSet: 'Glass' } };
const base = [
  build.owned(build.ou('Work')),
  ...twins,
  build.group('Team'),
  build.group('Glass'),
  membership('Glass', 'ada'),
  owned(administrators('Glass')),
  ...inBoth('group:Glass', 'Glass'),
  assignment('group:Glass', 'Glass', build.MANAGEMENT),
];

const planned = (found: readonly Resource[], wanted: readonly Resource[]): Plan => {
  const desired = build.desired([...base, ...wanted], { memberGroups: ['Team', 'Glass'], settings: glass });
  return wholePlan({ desired, live: build.live([...base, ...found]), now: build.NOW }, knowledge).plan;
};

const placesOf = ({ access }: Plan, who: string): readonly (readonly string[])[] =>
  access.filter(({ principal }) => principal === who).map(({ accounts }) => accounts);
const refusals = ({ guards }: Plan): string =>
  guards
    .filter(({ ok }) => !ok)
    .map(({ message }) => message)
    .join('\n');

const onlyIn = (id: string) => ({ StringEquals: { 'aws:PrincipalAccount': id } });
const rail = (name: string, ...denied: readonly string[]) => scp(name, document(deny(...denied)));
const named = (...denied: readonly string[]) =>
  scp('Named', document({ ...deny(...denied), Condition: onlyIn(azureId) }));

describe('accounts that are told apart', () => {
  it('are alike where nothing tells them apart', () => {
    const both = planned([owned(writer)], [writer, ...inBoth('group:Team', 'Writer')]);
    expect(placesOf(both, 'group:Team')).toEqual([['Amber', 'Azure']]);
    expect(refusals(both)).toBe('');
  });

  it('by what is given there', () => {
    const one = planned([owned(writer)], [writer, assignment('group:Team', 'Writer', 'Azure')]);
    expect(placesOf(one, 'group:Team')).toEqual([['Azure']]);
  });

  it('by a guard rail of one of them', () => {
    const rails = [owned(rail('NoPut', 's3:*')), attachment('NoPut', 'account:Azure')];
    const one = planned(
      [owned(writer), ...rails],
      [writer, rail('NoPut', 's3:*'), attachment('NoPut', 'account:Azure'), ...inBoth('group:Team', 'Writer')],
    );
    expect(placesOf(one, 'group:Team')).toEqual([['Amber']]);
  });

  it('by a guard rail that names one of them', () => {
    const one = planned(
      [owned(writer), owned(named('s3:*')), attachment('Named', 'root')],
      [writer, named('s3:*'), attachment('Named', 'root'), ...inBoth('group:Team', 'Writer')],
    );
    expect(placesOf(one, 'group:Team')).toEqual([['Amber']]);
  });

  it('by a customer managed policy that one of them lacks', () => {
    const custom = set('Custom', { customerManagedPolicies: [{ name: 'Own', path: '/' }] });
    const own = (on: string, action: string) => owned(build.customerPolicy('Own', on, document(allow(action))));
    const policies = [own('Amber', 's3:GetObject'), own('Azure', 'ec2:RunInstances')];
    const plan = planned([owned(custom), ...policies], [custom, ...policies, ...inBoth('group:Team', 'Custom')]);
    expect(placesOf(plan, 'group:Team')).toEqual([['Amber'], ['Azure']]);
  });

  it('when break-glass no longer works in one of them', () => {
    const shut = rail('Shut', 'iam:*');
    expect(refusals(planned([], [shut, attachment('Shut', 'account:Azure')]))).toMatch(/would not work in Azure after/);
    expect(refusals(planned([], [named('iam:*'), attachment('Named', 'root')]))).toMatch(
      /would not work in Azure after/,
    );
    expect(refusals(planned([], [shut, attachment('Shut', 'ou:Work')]))).toMatch(
      /would not work in Amber; Azure after/,
    );
  });
});

describe('the proof of accounts that are told apart', () => {
  const sides = (where: readonly Resource[]) => ({
    found: [...twins, owned(writer), membership('Team', 'ada')],
    wanted: [...twins, writer, ...where],
  });
  const careless: Arrange = (changes) => changes.map((change) => ({ ...change, phase: 'grant', dependsOn: [] }));
  const leaving = (changes: Parameters<Arrange>[0]): string =>
    changes.find(({ key }) => key === 'membership/Team:ada')?.id ?? '';

  it('looks at what is given in the second alone', () => {
    const result = provedAs(sides([assignment('group:Team', 'Writer', 'Azure')]), careless);
    expect(waits(result)).toContain('create assignment/group:Team:Writer@Azure < membership/Team:ada');
  });

  it('looks at the second where only the first waits already', () => {
    const result = provedAs(sides(inBoth('group:Team', 'Writer')), (changes) =>
      careless(changes).map((change) =>
        change.key.endsWith('@Amber') ? { ...change, dependsOn: [leaving(changes)] } : change,
      ),
    );
    expect(waits(result)).toContain('create assignment/group:Team:Writer@Azure < membership/Team:ada');
  });

  it('says of each by name what is exposed there', () => {
    const held = inBoth('group:Team', 'Writer');
    const swap = (on: string) => ({
      found: [...twins, owned(writer), ...held, owned(rail('P', 's3:*')), attachment('P', on)],
      wanted: [...twins, writer, ...held, rail('Q', 's3:*', 'ec2:*'), attachment('Q', on)],
    });
    const settings = { quotas: { scpsPerTarget: 2 } };
    const inOne = exposures(proved(swap('account:Azure'), asItIs, { settings }));
    expect(inOne.map((text) => / in (\w+) after/.exec(text)?.[1])).toEqual(['Azure']);
    const inAll = exposures(proved(swap('ou:Work'), asItIs, { settings }));
    expect(inAll.map((text) => / in (\w+) after/.exec(text)?.[1])).toEqual(['Amber', 'Azure']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, OWNER, account, desired, entitlement, entitling, group, live, role, trusting } from '../support/build.ts';

const dev = account('Dev', '222222222222');
const reader = role('Reader', 'Dev', { trust: entitling, owner: OWNER });
const shut = { ...reader, trust: trusting({ Service: 'ec2.amazonaws.com' }) };
const onReader = (name = 'Team'): Resource => entitlement(`group:${name}`, 'Reader', 'Dev');

const planned = (
  wanted: readonly Resource[],
  found: readonly Resource[],
  groups: readonly string[] = ['Team'],
): Plan => {
  const basics = [dev, ...groups.map((name) => group(name))];
  return plan(desired([...basics, ...wanted]), live([...basics, ...found]), NOW);
};
const waits = ({ changes }: Plan): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    changes.map(({ key, dependsOn }) => [
      key,
      dependsOn.map((id) => changes.find((one) => one.id === id)?.key ?? '').toSorted(),
    ]),
  );

const [role1, given] = ['role/Dev:Reader', 'entitlement/group:Team:Reader@Dev'];

describe('an entitlement', () => {
  it.each<[string, readonly Resource[], readonly Resource[], Readonly<Record<string, readonly string[]>>]>([
    ['comes after its role', [reader, onReader()], [], { [role1]: [], [given]: [role1] }],
    ['comes after the trust that it needs', [reader, onReader()], [shut], { [role1]: [], [given]: [role1] }],
    ['goes before its role', [], [reader, onReader()], { [role1]: [given], [given]: [] }],
    ['goes before the trust that it needs', [shut], [reader, onReader()], { [role1]: [given], [given]: [] }],
  ])('%s', (_name, wanted, found, order) => {
    expect(waits(planned(wanted, found))).toEqual(order);
  });

  it('of a twenty-first group on one role is refused', () => {
    const names = Array.from({ length: 21 }, (_, at) => `G${at}`);
    const failed = (count: number) =>
      planned([reader, ...names.slice(0, count).map(onReader)], [reader], names)
        .guards.filter(({ ok }) => !ok)
        .map(({ id }) => id);
    expect(failed(20)).toEqual([]);
    expect(failed(21)).toEqual(['quota']);
  });
});

/** What `previously` may take of what AWS has. */
import { describe, expect, it } from 'vitest';
import type { Desired, Settings } from '../../src/model/desired.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { changeWords } from '../../src/render/change-detail.ts';
import { NOW, account, attachment, desired, group, live, membership, ou, owned, scp } from '../support/build.ts';

type Sides = {
  readonly wanted: readonly Resource[];
  readonly found: readonly Resource[];
  readonly previously: Desired['previously'];
  readonly settings?: Partial<Settings>;
  readonly parts?: Partial<Omit<Desired, 'settings'>>;
};
const dev = account('Dev', '222222222222');
const planned = ({ wanted, found, previously, settings = {}, parts = {} }: Sides): Plan =>
  plan(desired([dev, ...wanted], { ...parts, previously, settings }), live([dev, ...found]), NOW);
const said = ({ changes }: Plan): readonly string[] =>
  changes.map((change) => [`${change.action} ${change.key}`, ...changeWords(change)].join('; '));
const held = (result: Plan): readonly string[] => result.held.map(({ key, reason }) => `${key}: ${reason}`);

const theirs = <R extends Resource>(resource: R): R => ({ ...owned(resource), owner: 'platform/other' });
const previously = { 'scp/Lunch': ['Old'] };

describe('a rename', () => {
  it.each([
    ['an SCP', 'scp/Lunch', scp('Lunch'), scp('Old')],
    ['an RCP', 'rcp/Lunch', { ...scp('Lunch'), kind: 'rcp' as const }, { ...scp('Old'), kind: 'rcp' as const }],
    ['an OU', 'ou/Lunch', ou('Lunch'), ou('Old')],
  ])('of %s that nobody owns is said to adopt it, and one of our own is not', (_, key, wanted, found) => {
    const one = { wanted: [wanted], previously: { [key]: ['Old'] } };
    expect(said(planned({ ...one, found: [found] }))).toEqual([
      `update ${key}; renamed from "Old"; adopted and changed`,
    ]);
    expect(said(planned({ ...one, found: [owned(found)] }))).toEqual([`update ${key}; renamed from "Old"`]);
  });

  it('of a group says what comes along: groups carry no owner', () => {
    const result = planned({
      wanted: [group('Lunch')],
      found: [group('Old')],
      previously: { 'group/Lunch': ['Old'] },
    });
    expect(said(result).join()).toContain('renamed from "Old"; groups carry no owner');
  });

  it.each([
    ['scp/Lunch', scp('Lunch'), scp('Old')],
    ['ou/Lunch', ou('Lunch'), ou('Old')],
  ])('takes nothing from another owner: %s', (key, wanted, found) => {
    const result = planned({ wanted: [wanted], found: [theirs(found)], previously: { [key]: ['Old'] } });
    expect(said(result)).toEqual([]);
    expect(held(result).join()).toContain(
      `${key}: it is to be made of ${key.replace('Lunch', 'Old')}, which is tagged`,
    );
  });

  it.each([
    ['by its name', 'scp/Lunch', scp('Lunch'), scp('Old'), ['Ol*']],
    ['by its key', 'scp/Lunch', scp('Lunch'), scp('Old'), ['scp/Old']],
    ['though it carries our tag', 'scp/Lunch', scp('Lunch'), owned(scp('Old')), ['Old']],
    ['as a group', 'group/Lunch', group('Lunch'), group('Old'), ['group/Old']],
    ['as an OU', 'ou/Lunch', ou('Lunch'), ou('Old'), ['Old']],
  ] as const)('takes nothing that is ignored %s, and leaves it under its name', (_, key, wanted, found, ignore) => {
    const result = planned({
      wanted: [wanted],
      found: [found],
      previously: { [key]: ['Old'] },
      settings: { ignore },
    });
    expect(said(result)).toEqual([]);
    expect(held(result).join()).toContain(
      `${key}: it is to be made of ${key.replace('Lunch', 'Old')}, which the settings`,
    );
    expect(result.unmanaged).toEqual([]);
  });

  it('that is refused holds what is made with the new name, and takes down nothing that hangs on the old one', () => {
    const result = planned({
      wanted: [scp('Lunch'), attachment('Lunch', 'root'), group('Team'), membership('Team', 'ada')],
      found: [scp('Old'), attachment('Old', 'account:Dev'), group('People'), membership('People', 'eve')],
      previously: { ...previously, 'group/Team': ['People'] },
      settings: { ignore: ['Old', 'People'], adopt: ['scp/Lunch'] },
      parts: { memberGroups: ['Team'] },
    });
    expect(said(result)).toEqual([]);
    expect(held(result).map((line) => line.split(': ')[0])).toEqual(
      expect.arrayContaining(['scp/Lunch', 'attachment/scp:Lunch@root', 'group/Team', 'membership/Team:ada']),
    );
  });

  it.each([
    ["what is ours before what is nobody's", [scp('A'), owned(scp('B'))], 'B'],
    ["what is nobody's before what is ignored", [scp('Old'), scp('B')], 'B'],
    ["what is nobody's before what another owner has", [theirs(scp('A')), scp('B')], 'B'],
    ['the first of two alike', [scp('A'), scp('B')], 'A'],
  ])('of several former names takes %s', (_, found, from) => {
    const result = planned({
      wanted: [scp('Lunch')],
      found,
      previously: { 'scp/Lunch': ['Old', 'A', 'B'] },
      settings: { ignore: ['Old'] },
    });
    expect(said(result)[0]).toContain(`update scp/Lunch; renamed from "${from}"`);
  });

  it('is of exactly that name: another spelling is another thing', () => {
    const result = planned({ wanted: [scp('Lunch')], found: [scp('OLD')], previously, settings: { ignore: ['OLD'] } });
    expect(said(result)).toEqual(['create scp/Lunch']);
  });

  it('takes nothing once its new name is there, whoever bears the old one', () => {
    const result = planned({ wanted: [scp('Lunch')], found: [owned(scp('Lunch')), theirs(scp('Old'))], previously });
    expect([said(result), held(result)]).toEqual([[], []]);
  });

  it('of an OU takes nothing below it out of `ignore`, whatever its path is called then', () => {
    const below = [ou('Old/Tower'), attachment('hands-off', 'ou:Old/Tower'), owned(scp('hands-off'))].map((one) =>
      one.kind === 'ou' ? owned(one) : one,
    );
    const result = planned({
      wanted: [ou('Lunch'), scp('hands-off')],
      found: [owned(ou('Old')), ...below],
      previously: { 'ou/Lunch': ['Old'], 'ou/Lunch/New': ['Tower'] },
      settings: { ignore: ['ou/Old/*', 'attachment/*@ou:Old/*'] },
    });
    expect(said(result)).toEqual(['update ou/Lunch; renamed from "Old"']);
    const child = planned({
      wanted: [ou('Lunch'), ou('Lunch/New')],
      found: [owned(ou('Old')), owned(ou('Old/Tower'))],
      previously: { 'ou/Lunch': ['Old'], 'ou/Lunch/New': ['Tower'] },
      settings: { ignore: ['ou/Old/Tower'] },
    });
    expect(said(child)).toEqual(['update ou/Lunch; renamed from "Old"']);
    expect(held(child).join()).toContain('ou/Lunch/New: it is to be made of ou/Old/Tower, which the settings ignore');
  });
});

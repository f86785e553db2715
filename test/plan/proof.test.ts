import { describe, expect, it } from 'vitest';
import { allow, assignment, attachment, deny, document, membership, owned, scp, set } from '../support/build.ts';
import { asItIs, atOnce, exposures, proved, provedAs, waits } from '../support/proved.ts';
import type { Arrange, Bend, Sides } from '../support/proved.ts';

/** FullAWSAccess and one more. */
const fullSlots = { quotas: { scpsPerTarget: 2 } };

const writer = set('Writer', { inlinePolicy: document(allow('s3:*', 'ec2:*')) });
const given = assignment('group:Team', 'Writer', 'Dev');
const rail = (name: string, ...denied: readonly string[]) => scp(name, document(deny(...denied)));
const swap: Sides = {
  found: [owned(writer), given, owned(rail('P', 's3:*')), attachment('P', 'ou:Work')],
  wanted: [writer, given, rail('Q', 's3:*', 'ec2:*'), attachment('Q', 'ou:Work')],
};

describe('the proof of the order', () => {
  it('finds nothing where guard rails rise before others come down', () => {
    expect(exposures(proved(swap))).toEqual([]);
  });

  it('makes what comes down wait for what goes up', () => {
    const result = proved(swap, atOnce('grant'));
    expect(exposures(result)).toEqual([]);
    expect(waits(result)).toContain('delete attachment/scp:P@ou:Work < attachment/scp:Q@ou:Work');
  });

  it('refuses where no slot is free, with the pair, the action and the moment', () => {
    const result = proved(swap, asItIs, { settings: fullSlots });
    expect(exposures(result)).toEqual([
      'group:Team could do s3:GetObject, s3:PutObject in Dev after delete attachment/scp:P@ou:Work and before create attachment/scp:Q@ou:Work, which neither what is there nor what is asked for gives. Make these changes one after the other in two pull requests, or grant an exception { guard: exposure, key: Dev }.',
    ]);
  });

  it('never lets a widened set meet the guard rail that is about to rise', () => {
    const sides: Sides = {
      found: [owned(set('Writer', { inlinePolicy: document(allow('s3:*')) })), given],
      wanted: [writer, given, rail('P', 'ec2:*', 's3:PutObject'), attachment('P', 'ou:Work')],
    };
    expect(exposures(proved(sides))).toEqual([]);
    expect(waits(proved(sides, atOnce('grant')))).toContain('update permission-set/Writer < attachment/scp:P@ou:Work');
  });

  it('finds a member who leaves while the group is given something', () => {
    const sides: Sides = { found: [owned(writer), membership('Team', 'ada')], wanted: [writer, given] };
    expect(waits(proved(sides, atOnce('grant')))).toContain(
      'create assignment/group:Team:Writer@Dev < membership/Team:ada',
    );
  });

  it('says who goes without what, and about how long', () => {
    const narrow = set('Writer', { inlinePolicy: document(allow('s3:GetObject')) });
    const sides: Sides = {
      found: [owned(writer), given, owned(rail('P', 's3:PutObject')), attachment('P', 'ou:Work')],
      wanted: [narrow, given],
    };
    expect(proved(sides).interruptions).toEqual([]);
    const wide = set('Reader', { inlinePolicy: document(allow('s3:GetObject')) });
    const moved: Sides = {
      found: [owned(writer), owned(wide), given],
      wanted: [writer, wide, assignment('group:Team', 'Reader', 'Dev')],
    };
    const backwards: Bend = (change) => ({
      ...change,
      dependsOn: [],
      phase: change.action === 'delete' ? 'restrict' : 'relax',
    });
    expect(proved(moved, backwards).interruptions).toEqual([
      {
        principal: 'group:Team',
        account: 'Dev',
        message:
          'without s3:GetObject for about 2 s: after delete assignment/group:Team:Writer@Dev and before create assignment/group:Team:Reader@Dev',
      },
    ]);
  });

  describe('of a document that changes in two steps', () => {
    const inSteps: Sides = {
      found: [owned(writer), given, owned(rail('P', 's3:*')), attachment('P', 'ou:Work')],
      wanted: [writer, given, rail('P', 'ec2:*'), attachment('P', 'ou:Work')],
    };
    const everything = atOnce('grant');

    it('sees that the steps were swapped', () => {
      expect(exposures(proved(inSteps))).toEqual([]);
      const swapped: Arrange = (changes) => changes.map(everything).reverse();
      expect(exposures(provedAs(inSteps, swapped))).toEqual([expect.stringContaining('group:Team could do s3:')]);
    });

    it('lets the second step wait for the first, and what both make possible for the second', () => {
      const found = [...inSteps.found, owned(rail('Q', 'ec2:*')), attachment('Q', 'ou:Work')];
      const result = proved({ ...inSteps, found }, everything);
      expect(exposures(result)).toEqual([]);
      expect(waits(result)).toContain('update scp/P < scp/P');
      expect(waits(result)).toContain('delete attachment/scp:Q@ou:Work < scp/P');
    });
  });

  describe('of people in several groups', () => {
    const both = ['ada', 'bob'].flatMap((name) => [membership('Team', name), membership('Other', name)]);
    const single = membership('Team', 'eve');
    const passes: Sides = {
      found: [owned(writer), given, ...both, single],
      wanted: [writer, assignment('group:Other', 'Writer', 'Dev'), ...both, single],
    };
    const backwards: Bend = (change) => ({
      ...change,
      dependsOn: [],
      phase: change.action === 'delete' ? 'restrict' : 'relax',
    });

    it('finds that access passes from one group to the other without a gap', () => {
      expect(proved(passes).interruptions).toEqual([]);
      expect(waits(proved(passes))).toEqual([
        'delete assignment/group:Team:Writer@Dev < assignment/group:Other:Writer@Dev',
      ]);
    });

    it('says by person who goes without, and nothing of who only loses', () => {
      const said = proved(passes, backwards).interruptions;
      expect(said.map(({ principal, account }) => `${principal} in ${account}`)).toEqual([
        'user:ada in Dev',
        'user:bob in Dev',
      ]);
    });

    it('does not say again of people what it says of their group', () => {
      const reader = set('Reader', { inlinePolicy: document(allow('s3:*')) });
      const back: Sides = {
        found: [owned(writer), owned(reader), given, ...both],
        wanted: [writer, reader, assignment('group:Team', 'Reader', 'Dev'), ...both],
      };
      expect(proved(back, backwards).interruptions.map(({ principal }) => principal)).toEqual(['group:Team']);
    });
  });

  it.each([
    ['exposure', undefined],
    ['exposure', 'Dev'],
    ['policy-slots', undefined],
  ])('lets an exception for %s lift the guard, and says so', (guard, key) => {
    const lifted = { guard, until: '2026-12-01', reason: 'SEC-1', ...(key === undefined ? {} : { key }) };
    const result = proved(swap, asItIs, { settings: { ...fullSlots, exceptions: [lifted] } });
    expect(exposures(result)).toEqual([]);
    expect(result.notes.map(({ message }) => message).join()).toContain('critical: ');
    const past = { ...lifted, until: '2026-11-22' };
    expect(exposures(proved(swap, asItIs, { settings: { ...fullSlots, exceptions: [past] } }))).toHaveLength(1);
  });
});

/**
 * The examples of the Organizations User Guide
 * (https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html), and any others asked of the local
 * AWS as well, which merges policies in its own way.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectivePolicy } from '../../src/evaluate/effective-policy.ts';
import type { SettingsDocument } from '../../src/model/settings-document.ts';
import { at, callTo, freshSandbox, production, refusalTo, start } from '../support/sandbox.ts';

const tag = (name: string, rule: SettingsDocument): SettingsDocument => ({ tags: { [name]: rule } });
const assigned = (value: string | readonly string[]): SettingsDocument => ({ '@@assign': value });
const allowing = (...operators: readonly string[]) => ({ '@@operators_allowed_for_child_policies': operators });

const center = { tag_key: assigned('CostCenter') };
const A = tag('costcenter', { ...center, tag_value: assigned(['Development', 'Support']) });
const B = tag('costcenter', {
  ...center,
  tag_value: assigned(['Sandbox']),
  enforced_for: assigned(['redshift:*', 'dynamodb:table']),
});
const C = tag('costcenter', {
  ...center,
  tag_value: { '@@append': ['Marketing'] },
  enforced_for: { '@@append': ['redshift:*', 'dynamodb:table'] },
});
// The guide prints enforced_for one level too deep, and says what it does where it belongs.
const D = tag('costcenter', {
  ...center,
  tag_value: { '@@remove': ['Development', 'Marketing'] },
  enforced_for: { '@@remove': ['redshift:*', 'dynamodb:table'] },
});
const E = tag('project', {
  tag_key: { ...allowing('@@none'), ...assigned('Project') },
  tag_value: { ...allowing('@@append'), ...assigned(['Maintenance', 'Escalations']) },
});
const F = tag('project', { tag_key: assigned('PROJECT'), tag_value: { '@@append': ['Escalations - research'] } });
const G = tag('project', { tag_value: { ...allowing('@@append'), ...assigned(['Maintenance']) } });
const H = tag('project', { tag_value: allowing('@@append', '@@remove') });
const J = tag('project', { tag_key: assigned('PROJECT'), tag_value: { '@@append': ['Maintenance'] } });
const K = tag('project', { tag_key: assigned('project') });

type Levels = readonly (readonly SettingsDocument[])[];
const enforced = ['redshift:*', 'dynamodb:table'];
const examples: readonly (readonly [title: string, levels: Levels, effective: SettingsDocument])[] = [
  [
    'example 1: a child policy overwrites a value',
    [[A], [B]],
    tag('costcenter', { tag_key: 'CostCenter', tag_value: ['Sandbox'], enforced_for: enforced }),
  ],
  [
    'example 2: a child policy appends values',
    [[A], [C]],
    tag('costcenter', {
      tag_key: 'CostCenter',
      tag_value: ['Development', 'Support', 'Marketing'],
      enforced_for: enforced,
    }),
  ],
  [
    'example 3: a child policy removes values',
    [[A], [C], [D]],
    tag('costcenter', { tag_key: 'CostCenter', tag_value: ['Support'] }),
  ],
  [
    'example 4: a child control operator restricts what child policies change',
    [[E], [F]],
    tag('project', { tag_key: 'Project', tag_value: ['Maintenance', 'Escalations', 'Escalations - research'] }),
  ],
  [
    'example 5: of two child control operators what both allow counts',
    [[G, H], [tag('project', { tag_value: { '@@append': ['More'], '@@remove': ['Maintenance'] } })]],
    tag('project', { tag_value: ['Maintenance', 'More'] }),
  ],
  [
    'example 6: of two policies of one target the one attached first assigns',
    [[J, K]],
    tag('project', { tag_key: 'PROJECT', tag_value: ['Maintenance'] }),
  ],
];

/** What the local AWS answers for an account below as many OUs as there are levels between Root and the account. */
const answered = (levels: Levels, type = 'TAG_POLICY'): unknown => {
  const sandbox = freshSandbox();
  const call = callTo(sandbox);
  const RootId = sandbox.world().organizations.rootId;
  call('organizations:EnablePolicyType', { RootId, PolicyType: type });
  let parent = RootId;
  const targets = levels.map((_, level) => {
    if (level === 0) return RootId;
    if (level === levels.length - 1) return production;
    parent = at(
      call('organizations:CreateOrganizationalUnit', { Name: `L${level}`, ParentId: parent }),
      'OrganizationalUnit.Id',
    ) as string;
    return parent;
  });
  if (parent !== RootId)
    call('organizations:MoveAccount', {
      AccountId: production,
      SourceParentId: RootId,
      DestinationParentId: parent,
    });
  for (const [level, documents] of levels.entries())
    for (const [index, document] of documents.entries()) {
      const Content = JSON.stringify(document);
      const made = call('organizations:CreatePolicy', {
        Name: `P${level}-${index}`,
        Type: type,
        Content,
        Description: '',
      });
      const PolicyId = at(made, 'Policy.PolicySummary.Id');
      call('organizations:AttachPolicy', { PolicyId, TargetId: targets[level] }, { now: start + 60_000 });
    }
  const asked = { PolicyType: type, TargetId: production };
  const refused = refusalTo(sandbox)('organizations:DescribeEffectivePolicy', asked, { now: start + 60_000 });
  if (refused === 'EffectivePolicyNotFoundException') return undefined;
  const answer = call('organizations:DescribeEffectivePolicy', asked, { now: start + 60_000 });
  return JSON.parse(at(answer, 'EffectivePolicy.PolicyContent') as string);
};

describe('the effective policy', () => {
  it.each(examples)('%s', (_, levels, effective) => {
    expect(effectivePolicy(levels).settings).toEqual(effective);
    expect(answered(levels)).toEqual(effective);
  });

  it('says which settings depend on the order of attachment', () => {
    expect(effectivePolicy([[J, K]]).clashes).toEqual(['tags.project.tag_key']);
    expect(effectivePolicy([[J], [K]]).clashes).toEqual([]);
  });

  // "AI services opt-out policy syntax and examples": the strict opt-out says it at each of the three levels.
  it('lets a locked element have no new one below it, and an inherited one be changed', () => {
    const root = { services: { ...allowing('@@none'), default: { opt_out_policy: assigned('optOut') } } };
    const child = {
      services: { lex: { opt_out_policy: assigned('optIn') }, default: { opt_out_policy: assigned('optIn') } },
    };
    const effective = { services: { default: { opt_out_policy: 'optIn' } } };
    expect(effectivePolicy([[root], [child]]).settings).toEqual(effective);
  });

  const value = fc.constantFrom('a', 'b', 'c');
  const values = fc.uniqueArray(value, { maxLength: 3 });
  const operators = fc.record(
    {
      '@@assign': fc.oneof(value, values),
      '@@append': values,
      '@@remove': values,
      '@@operators_allowed_for_child_policies': fc.uniqueArray(
        fc.constantFrom('@@all', '@@none', '@@assign', '@@append', '@@remove'),
        { minLength: 1, maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  );
  const rule = fc.record({ tag_key: operators, tag_value: operators, enforced_for: operators }, { requiredKeys: [] });
  const locked = fc.record(
    { '@@operators_allowed_for_child_policies': fc.constantFrom(['@@none'], ['@@append'], ['@@all']) },
    { requiredKeys: [] },
  );
  const document = fc
    .tuple(fc.dictionary(fc.constantFrom('x', 'y'), fc.tuple(rule, locked), { noNullPrototype: true }), locked)
    .map(([rules, top]) => ({
      tags: {
        ...top,
        ...Object.fromEntries(Object.entries(rules).map(([name, [own, lock]]) => [name, { ...own, ...lock }])),
      },
    })) as unknown as fc.Arbitrary<SettingsDocument>;

  it('is what the local AWS answers, whatever the policies', () => {
    const levels = fc.array(fc.array(document, { maxLength: 2 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(levels, (all) => {
        expect(effectivePolicy(all).settings).toEqual(answered(all));
      }),
      { numRuns: 150 },
    );
  });
});

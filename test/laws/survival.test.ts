/** Whatever is approved, held or refused by AWS: who came in and repaired before, still can, at every moment. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coveredPart } from '../../src/commands/apply.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Outcome } from '../../src/model/cloud.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource, State } from '../../src/model/resource.ts';
import { accountKey, controlPolicyKey, keyOf, pathToRoot, resourcesOf } from '../../src/model/resource.ts';
import { guardedPart } from '../../src/plan/guards/part.ts';
import { plan, project } from '../../src/plan/plan.ts';
import { withProof } from '../../src/plan/proof/plan.ts';
import { nextChanges } from '../../src/plan/walk.ts';
import {
  MANAGEMENT,
  NOW,
  account,
  assignment,
  attachment,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  ou,
  owned,
  scp,
} from '../support/build.ts';
import { administrators, glassSettings, memberRole, ownRoles } from '../support/guard-scenes.ts';

/** Few, because the proof of the order, which is not asked here, looks at each. */
const actions = ['PutObject', 'GetObject'].map((name) => ({ service: 's3', name, level: 'Write' as const }));
const knowledge = { actions: { version: 'test', actions }, policies: loadCatalogue() };
const settings = { ...glassSettings, ...ownRoles };
const fixed: readonly Resource[] = [
  ...[owned(ou('Work')), owned(ou('Lab')), group('Glass')],
  ...['Glass', 'Glass2'].map((name) => administrators(name)),
  assignment('group:Glass', 'Glass', MANAGEMENT),
  memberRole(),
];
const documents = {
  mild: document(deny('s3:PutObject')),
  other: document(deny('s3:PutObject', 's3:GetObject')),
  shut: document(deny('*')),
};

const side = fc.record({
  members: fc.subarray(['ada', 'bob', 'cyd'], { minLength: 1 }),
  parent: fc.constantFrom('Work', 'Lab'),
  second: fc.boolean(),
  rails: fc.record({
    One: fc.constantFrom(...Object.keys(documents)),
    Two: fc.constantFrom(...Object.keys(documents)),
  }),
  hung: fc.subarray(['One@ou:Work', 'One@ou:Lab', 'One@account:Dev', 'Two@ou:Work', 'Two@account:Dev']),
});
type Side = typeof side extends fc.Arbitrary<infer T> ? T : never;

const resources = ({ members, parent, second, rails, hung }: Side): readonly Resource[] => [
  ...fixed,
  account('Dev', '222222222222', parent),
  assignment('group:Glass', 'Glass', 'Dev'),
  ...(second ? [assignment('group:Glass', 'Glass2', 'Dev')] : []),
  ...members.map((name) => membership('Glass', name)),
  ...Object.entries(rails).map(([name, text]) => owned(scp(name, documents[text as keyof typeof documents]))),
  ...hung.map((text) => attachment(...(text.split('@') as [string, string]))),
];

/** By what hangs where, without the evaluator. */
const isShut = (state: State): boolean => {
  const dev = state[accountKey('Dev')];
  const path = dev?.kind === 'account' ? pathToRoot(dev.parent) : [];
  return resourcesOf(state, 'attachment').some(({ policy, target }) => {
    const rail = state[controlPolicyKey(policy)];
    const isAbove =
      target.type === 'account' ? target.name === 'Dev' : target.type === 'ou' && path.includes(target.path);
    return isAbove && rail?.kind === 'scp' && JSON.stringify(rail.document) === JSON.stringify(documents.shut);
  });
};
const someoneIn = (state: State): boolean => resourcesOf(state, 'membership').some((one) => one.group === 'Glass');
const assigned = (state: State): boolean =>
  ['Glass', 'Glass2'].some((name) => state[keyOf(assignment('group:Glass', name, 'Dev'))] !== undefined);

const isRefused = ({ guards }: Plan): boolean => guards.some(({ ok }) => !ok);

/** The first moment at which something that stood is gone; `dice` decides what AWS refuses and what comes first. */
const lostIn = (part: Plan, start: State, dice: readonly number[]): boolean => {
  const stood = { isOpen: !isShut(start), assigned: assigned(start) };
  const outcomes = new Map<string, Outcome>();
  let state = start;
  for (let turn = 0; ; turn += 1) {
    const { ready, held } = nextChanges(part, outcomes, new Set());
    for (const one of held) outcomes.set(one.id, one);
    const roll = dice[turn % dice.length] ?? 0;
    const change = ready[roll % Math.max(1, ready.length)];
    if (change === undefined && held.length === 0) return false;
    if (change === undefined) continue;
    const failed = roll % 3 === 0;
    const { id, key } = change;
    outcomes.set(id, failed ? { id, key, status: 'failed', reason: 'refused' } : { id, key, status: 'done' });
    if (!failed) state = project(state, [change]);
    if (!someoneIn(state) || (stood.isOpen && isShut(state)) || (stood.assigned && !assigned(state))) return true;
  }
};

type Variant = { readonly ordered: boolean; readonly asked: boolean };

const scene = fc.record({
  was: side,
  wanted: side,
  dice: fc.array(fc.nat({ max: 999 }), { minLength: 6, maxLength: 6 }),
  approved: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
});

let carried = 0;
const law = ({ ordered, asked }: Variant) =>
  fc.property(scene, ({ was, wanted, dice, approved }) => {
    const input = {
      desired: desired(resources(wanted), { memberGroups: ['Glass'], settings }),
      live: live(resources(was)),
      knowledge,
    };
    const raw = plan(input.desired, input.live, NOW);
    const order = (one: Plan): Plan => ({ ...one, changes: one.changes.map((each) => ({ ...each, dependsOn: [] })) });
    const made = asked ? withProof(ordered ? raw : order(raw), input) : ordered ? raw : order(raw);
    if (isRefused(made)) return true;
    const chosen = made.changes.filter((_, at) => approved[at % approved.length] ?? true);
    const covered = coveredPart(made, { ...made, changes: chosen });
    const part = asked ? guardedPart(covered, { ...input, catalogue: knowledge.policies }) : covered;
    if (isRefused(part)) return true;
    carried += 1;
    return !lostIn(part, input.live.state, dice);
  });

const breaks = (variant: Variant, numRuns: number): boolean => fc.check(law(variant), { numRuns }).failed;

describe('break-glass and the way in', () => {
  it('stand at every moment of what is written', () => {
    fc.assert(law({ ordered: true, asked: true }), { numRuns: 40 });
    expect(carried).toBeGreaterThan(5);
  });

  it('stand even when nothing waits for anything, by the guards alone', () => {
    fc.assert(law({ ordered: false, asked: true }), { numRuns: 40 });
  });

  it('do not stand when no guard asks, whatever the order', () => {
    expect(breaks({ ordered: false, asked: false }, 100)).toBe(true);
    expect(breaks({ ordered: true, asked: false }, 300)).toBe(true);
  });
});

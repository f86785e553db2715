/** A guard rail that comes straight to production is high, unless a rollout says so or it has hung elsewhere. */
import { expect, test } from 'vitest';
import { planBetween } from '../../src/approve/between.ts';
import { desiredOf } from '../desired/repository.ts';

const now = '2026-11-23T12:00:00Z';
const files = (bindings: string) => ({
  'scps/second.yaml':
    'scp: Second\npolicy: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "account:CloseAccount", Resource: "*" }] }\n',
  'scps/bindings.yaml': bindings,
});
const before = 'ous: { Root: [Deny] }\n';
const rated = (from: string, to: string) =>
  planBetween(desiredOf(files(from)), desiredOf(files(to)), now).changes.map(({ key, risk, riskReasons = [] }) => ({
    key,
    risk,
    straight: riskReasons.find((reason) => reason.startsWith('straight-to-production')),
  }));

const cases: readonly (readonly [what: string, from: string, to: string, straight: string | undefined])[] = [
  [
    'the OU of production',
    before,
    'ous: { Root: [Deny], Workloads/Production: [Second] }\n',
    'straight-to-production: binds Prod before it hung anywhere else',
  ],
  [
    'an account of production',
    before,
    'ous: { Root: [Deny] }\naccounts: { Prod: [Second] }\n',
    'straight-to-production: binds Prod before it hung anywhere else',
  ],
  [
    'everywhere',
    before,
    'ous: { Root: [Deny, Second] }\n',
    'straight-to-production: binds Prod before it hung anywhere else',
  ],
  ['no production', before, 'ous: { Root: [Deny], Sandbox: [Second] }\n', undefined],
  [
    'it has hung elsewhere',
    'ous: { Root: [Deny], Sandbox: [Second] }\n',
    'ous: { Root: [Deny], Sandbox: [Second], Workloads/Production: [Second] }\n',
    undefined,
  ],
  [
    'a rollout says so',
    before,
    'ous: { Root: [Deny] }\nrollout: { Second: [{ ou: Workloads/Production, from: 2026-11-23 }] }\n',
    undefined,
  ],
  ['the first guard rails of all', 'ous: {}\n', 'ous: { Root: [Deny, Second] }\n', undefined],
];

test.each(cases)('%s', (_what, from, to, straight) => {
  const [change] = rated(from, to).filter(({ key }) => key.startsWith('attachment/scp:Second@'));
  expect(change).toMatchObject({ risk: straight === undefined ? 'medium' : 'high' });
  expect(change?.straight).toBe(straight);
});

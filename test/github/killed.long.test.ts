/** An apply of a merged pull request that is killed between a temporary guard rail and its removal. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { shareAws } from './at-once.ts';
import { shop } from './shop.ts';
import { approve, bodyOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
afterEach(() => stage.close());

const glass = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Shop-BreakGlass_*';
const others = `Condition: { ArnNotLike: { "aws:PrincipalArn": "${glass}" } }`;
const scp = (name: string, action: string): string => `scp: ${name}
description: ${name}
policy: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "${action}", Resource: "*", ${others} }] }
`;
const bindings = 'ous:\n  Root: [DenyLeaveOrganization]\n  Workloads/Old: [DenyOld]\n  Workloads/New: [DenyNew]\n';
const organization = (old: string, fresh: string): string =>
  (shop['access/organization.yaml'] ?? '').replace(/ {6}Shop-Dev:.*\n/, '') +
  `    ous:\n      Old: { ${old} }\n      New: { ${fresh} }\n`;
const dev = 'accounts: { Shop-Dev: { id: "333333333333", tags: { env: nonprod } } }';

const land = async (branch: string, files: Readonly<Record<string, string>>): Promise<number> => {
  const pull = await proposeEdit(stage, branch, { files });
  await approve(stage, pull, 'grace', 'ada');
  await mergePull(stage, pull);
  return pull;
};

/** Names of the policies on the account that moves. */
const onDev = (): readonly (string | undefined)[] => {
  const { organizations } = JSON.parse(readFileSync(join(stage.aws, 'sandbox.json'), 'utf8')) as SandboxWorld;
  const { policies, attachments } = organizations;
  return Object.entries(attachments)
    .filter(([, targets]) => targets.includes('333333333333'))
    .map(([id]) => policies[id]?.Name);
};

describe('an apply that is killed', () => {
  it('between a temporary guard rail and the move that needs it is carried on by the next, which takes it down', async () => {
    stage = await openSettledStage();
    await land('ous', {
      'access/organization.yaml': organization(dev, ''),
      'scps/old.yaml': scp('DenyOld', 'sqs:DeleteQueue'),
      'scps/new.yaml': scp('DenyNew', 'sns:DeleteTopic'),
      'scps/bindings.yaml': bindings,
    });
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    const pull = await land('move', { 'access/organization.yaml': organization('', dev) });
    const shared = await shareAws(stage);
    shared.before(/\.MoveAccount$/, async () => shared.kill());
    const main = await stage.checkout();
    await shared.apply(main).catch(() => undefined);
    stage.github.heal();
    await shared.save();
    expect(onDev()).toContain('DenyOld');
    expect(bodyOn(stage, pull, 'apply')).toBe('');
    const next = await stage.apply();
    expect([next.exit, next.out]).toEqual([0, expect.stringContaining('account/Shop-Dev') as string]);
    expect(next.out).toContain('attachment/scp:DenyOld@account:Shop-Dev');
    expect(onDev()).not.toContain('DenyOld');
    expect((await stage.apply()).out).toContain('Nothing was left to do');
  });
});

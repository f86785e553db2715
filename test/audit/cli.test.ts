import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditReport } from '../../src/model/audit.ts';
import { inSecureCart } from '../support/run.ts';

const rulesOf = (out: string) => new Set((JSON.parse(out) as AuditReport).findings.map(({ rule }) => rule));

describe('gatehouse audit', () => {
  it('exits 2 on findings and takes waivers from the settings', () =>
    inSecureCart(async ({ run, dir }) => {
      const first = await run('audit', '--sandbox', '--json');
      expect(first.exit).toBe(2);
      expect(rulesOf(first.out)).toContain('root-access-key');
      const file = join(dir, 'access/settings.yaml');
      const waiver = '{ finding: root-access-key, account: SecureCart-Sandbox, until: 2999-12-31, reason: SEC-9 }';
      writeFileSync(file, readFileSync(file, 'utf8').replace('waivers: []', `waivers: [${waiver}]`));
      const second = await run('audit', '--sandbox', '--json');
      expect(rulesOf(second.out)).not.toContain('root-access-key');
      expect((JSON.parse(second.out) as AuditReport).waived).toMatchObject([{ reason: 'SEC-9' }]);
      expect((await run('audit', '--sandbox', '--format', 'markdown')).out).toContain('### Waived');
    }));
});

describe('gatehouse validate --aws', () => {
  it('has what Access Analyzer says at its line', () =>
    inSecureCart(async ({ run, dir }) => {
      expect(await run('validate', '--aws', '--sandbox')).toMatchObject({ exit: 0, out: 'No problems.\n' });
      const file = join(dir, 'permission-sets/support.yaml');
      const text = readFileSync(file, 'utf8').replace('- dynamodb:Query', '- sts:AssumeRoll');
      writeFileSync(file, text);
      const line = text.split('\n').findIndex((one) => one.includes('AssumeRoll')) + 1;
      const { exit, out } = await run('validate', '--aws', '--sandbox');
      expect(exit).toBe(1);
      expect(out).toContain(`permission-sets/support.yaml:${line}:11 aws-invalid-action`);
    }));

  it('judges the files all the same where nobody can be asked', () =>
    inSecureCart(async ({ runProcess }) => {
      const { exit, out, err } = await runProcess('validate', '--aws');
      expect([exit, out]).toEqual([0, 'No problems.\n']);
      expect(err).toContain('AWS was not asked');
    }));
});

describe('gatehouse drift', () => {
  it('says since when and who made it so', () =>
    inSecureCart(async ({ run }) => {
      await run('apply', '--sandbox', '--yes');
      const call = async (operation: string, input: object) => {
        const words = ['sandbox', 'call', 'organizations', operation, JSON.stringify(input), '--sandbox'];
        return JSON.parse((await run(...words)).out) as Record<
          string,
          { Id: string; Name: string; TargetId: string }[]
        >;
      };
      const { Policies = [] } = await call('ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY' });
      const PolicyId = Policies.find(({ Name }) => Name === 'RequireMfa')?.Id;
      const { Targets = [] } = await call('ListTargetsForPolicy', { PolicyId });
      await call('DetachPolicy', { PolicyId, TargetId: Targets[0]?.TargetId });
      const { out, exit } = await run('drift', '--sandbox', '--json');
      expect(exit).toBe(2);
      const key = 'attachment/scp:RequireMfa@ou:Workloads/Production';
      expect(JSON.parse(out)).toMatchObject({
        traces: { found: { [key]: { event: 'DetachPolicy', who: 'sandbox (role Admin)', via: 'api' } }, unread: [] },
      });
    }));
});

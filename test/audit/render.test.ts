import { describe, expect, it } from 'vitest';
import type { AuditFinding, AuditReport } from '../../src/model/audit.ts';
import { auditJson, auditMarkdown, auditText } from '../../src/render/audit.ts';
import { plainPaint } from '../../src/render/paint.ts';

const style = { paint: plainPaint, width: 160 };
const finding = (subject: string): AuditFinding => ({
  rule: 'iam-user',
  severity: 'medium',
  account: 'Production',
  subject,
  read: 'created 9 days ago',
  todo: 'Use a role.',
  link: 'https://docs.aws.amazon.com/x.html',
});
const report = (more: Partial<AuditReport>): AuditReport => ({
  generatedAt: '2026-11-23T12:00:00.000Z',
  accounts: ['Production'],
  findings: [],
  region: 'eu-west-1',
  waived: [],
  idleWaivers: [],
  unread: [],
  ...more,
});
const waived = [{ ...finding('user ada'), until: '2026-12-31', reason: 'SEC-1' }];
const unread = [{ scope: 'iam/Staging', reason: 'AccessDenied' }];

describe('an audit, told', () => {
  it('says the remedy and AWS’s page once for all findings of a rule', () => {
    const text = auditText(report({ findings: [finding('user ada'), finding('user bob')] }), style);
    expect(text).toContain('2 findings: 2 medium in 1 account.');
    expect(text.match(/Use a role/g)).toHaveLength(1);
    expect(text.match(/docs\.aws/g)).toHaveLength(1);
    expect(text).toContain('Production: user bob: created 9 days ago');
  });

  it('lists what is waived with its reason, and what is not known to be clean', () => {
    for (const text of [auditText(report({ waived, unread }), style), auditMarkdown(report({ waived, unread }))]) {
      expect(text).toContain('Nothing found in 1 account; 1 waived.');
      expect(text).toMatch(/until 2026-12-31: SEC/);
      expect(text).toContain('iam/Staging could not be read: AccessDenied');
    }
  });

  it('lists waivers that have ended or cover nothing, and says which Region was looked at', () => {
    const waiver = { finding: 'iam-user', until: '2026-11-22', reason: 'SEC-2' };
    const idleWaivers = [
      { ...waiver, account: 'Dev', why: 'ended' },
      { ...waiver, until: '2027-01-01', why: 'unused' },
    ] as const;
    for (const text of [auditText(report({ idleWaivers }), style), auditMarkdown(report({ idleWaivers }))]) {
      expect(text).toContain('Waivers that waive nothing');
      expect(text).toMatch(/iam.user in Dev \(ended on 2026-11-22: SEC.2\)/);
      expect(text).toMatch(/iam.user in every account \(nothing found, until 2027-01-01: SEC.2\)/);
      expect(text).toContain('looked for in eu-west-1');
    }
    expect(auditText(report({}), style)).not.toContain('Waivers');
  });

  it('gives programs everything, and parses', () => {
    const whole = report({ findings: [finding('user ada')], waived, unread });
    expect(JSON.parse(auditJson(whole))).toEqual(whole);
  });

  it('carries no markup of a name into Markdown', () => {
    const text = auditMarkdown(report({ findings: [finding('user @everyone <img> [x](http://y)')] }));
    expect(text).not.toMatch(/@everyone|<img>|\]\(http:\/\//);
  });
});

/** Attacks on what surrounds the runs: names, other people's code, a schedule that stops, patterns; and the list itself. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirementsOf } from '../../src/approve/requirements.ts';
import { createGitHub } from '../../src/github/client.ts';
import { readFacts } from '../../src/doctor/facts.ts';
import { githubChecks } from '../../src/doctor/github-checks.ts';
import { trustFindings } from '../../src/doctor/judge-role.ts';
import { roleDocuments } from '../../src/doctor/template.ts';
import type { RoleDocument, SubjectSetting } from '../../src/doctor/trust.ts';
import { issuer, subjectPrefix } from '../../src/doctor/trust.ts';
import { enteringWorkflows } from '../../src/doctor/workflows.ts';
import { driftIssueMarkdown } from '../../src/render/drift-issue.ts';
import type { Claims } from '../support/github/tokens.ts';
import { letsIn } from '../support/github/tokens.ts';
import { beginGitHub } from '../support/github/begun.ts';
import type { OpenGitHub } from '../support/github/open-github.ts';
import { desiredOn } from '../support/securecart.ts';
import { emptyPlan } from '../render/plans.ts';

const withIds: SubjectSetting = { useDefault: true, immutable: true, prefix: undefined };
const byName: SubjectSetting = { ...withIds, immutable: false };

const ours = { repository: 'acme/aws-access', repositoryId: 456789, ownerId: 123456 };

/** The token of an apply's job in a repository of this name and these ids, on this ref. */
const tokenOf = (
  { repository, repositoryId, ownerId }: typeof ours,
  setting: SubjectSetting,
  ref = 'main',
): Claims => ({
  aud: 'sts.amazonaws.com',
  sub: `${subjectPrefix({ repository, repositoryId, ownerId }, setting)}:environment:aws-apply`,
  repository_id: String(repositoryId),
  job_workflow_ref: `${repository}/.github/workflows/apply.yml@refs/heads/${ref}`,
  ref: `refs/heads/${ref}`,
  environment: 'aws-apply',
});

const trustOf = (setting: SubjectSetting): RoleDocument => {
  const { repository, repositoryId } = ours;
  const copied = { plan: undefined, apply: undefined, drift: undefined };
  const workflows = enteringWorkflows(repository, copied);
  const origin = { repository, repositoryId, subjectPrefix: subjectPrefix(ours, setting), workflows };
  const names = {
    account: '111111111111',
    organization: 'o-example0000',
    plan: 'gatehouse/GatehousePlan',
    apply: 'gatehouse/GatehouseApply',
    member: 'gatehouse/GatehouseMember',
  };
  return roleDocuments({ origin, names, ownRoles: 'no roles of its own' }).apply.trust;
};

describe('on the way into AWS', () => {
  it.each([withIds, byName])(
    '13: whoever takes an abandoned name gets a token that opens nothing (ids in sub: $immutable)',
    (ids) => {
      const trust = trustOf(ids);
      const squatter = { ...ours, repositoryId: 999_999, ownerId: 888_888 };
      expect(letsIn(trust, tokenOf(ours, ids))).toBe(true);
      expect(letsIn(trust, tokenOf(squatter, ids))).toBe(false);
      expect(
        letsIn(trust, { ...tokenOf(squatter, ids), repository_id: '456789', sub: 'repo:acme/aws-access2:x' }),
      ).toBe(false);
      expect(letsIn(trust, tokenOf(ours, ids, 'feature'))).toBe(false);
    },
  );

  it('13b: the doctor names a trust policy that asks for the name alone, or for a pattern of it', () => {
    const wanted = trustOf(withIds);
    const [statement] = wanted.Statement;
    const withCondition = (Condition: object) => ({ ...wanted, Statement: [{ ...statement, Condition }] });
    const equal = {
      [`${issuer}:aud`]: 'sts.amazonaws.com',
      [`${issuer}:sub`]: 'repo:acme/aws-access:environment:aws-apply',
    };
    expect(trustFindings(wanted, wanted)).toEqual([]);
    expect(trustFindings(withCondition({ StringEquals: equal }), wanted).join()).toMatch(
      /does not pin sub, repository_id/,
    );
    const pattern = { [`${issuer}:sub`]: 'repo:acme*/aws-access*:*' };
    expect(trustFindings(withCondition({ StringLike: pattern }), wanted).join()).toMatch(/does not pin aud, sub/);
  });
});

describe('on the schedule', () => {
  let github: OpenGitHub;
  beforeAll(async () => {
    github = await beginGitHub();
  });
  afterAll(() => github.close());

  const heartbeat = async (now: string): Promise<unknown> => {
    const token = github.token('ada');
    const client = createGitHub({
      repository: 'securecart/aws-access',
      token,
      baseUrl: github.url,
      say: () => undefined,
    });
    const facts = await readFacts(client, { users: [], teams: [] });
    const wanted = { repository: 'securecart/aws-access', account: '111111111111', region: 'eu-west-1', now };
    return githubChecks(facts, wanted).find(({ id }) => id === 'heartbeat');
  };

  it('20: a drift schedule that stops, or never began, is said by the doctor, and every page says when it looked', async () => {
    expect(await heartbeat('2026-11-02T09:00:00Z')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('never') as string,
    });
    github.addRun({ workflow: 'drift.yml', event: 'schedule', conclusion: 'success' });
    expect(await heartbeat('2026-11-02T13:00:00Z')).toMatchObject({ status: 'ok' });
    expect(await heartbeat('2026-11-05T09:00:00Z')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('hours') as string,
    });
    const page = { plan: emptyPlan, items: [], traces: { found: {}, unread: [] }, broken: [], coOwned: [] };
    expect(driftIssueMarkdown({ ...page, checkedAt: '2026-11-23T06:17:00.000Z' })).toContain(
      'Last looked for: 2026-11-23 06:17 UTC',
    );
  });
});

describe('on what we depend on', () => {
  it('12: what our workflows run of others is pinned to a commit', () => {
    const folder = join(import.meta.dirname, '../../.github/workflows');
    const used = readdirSync(folder).flatMap((name) => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/[\s-]uses: ([^\s#]+)/g),
    ]);
    const others = used
      .map(([, name]) => name ?? '')
      .filter((name) => !name.startsWith('./') && !name.includes('gatehouse.yml@main'));
    expect(others.length).toBeGreaterThan(5);
    expect(others.filter((name) => !/@[0-9a-f]{40}$/.test(name))).toEqual([]);
  });

  it('21: a pattern in the settings cannot stop the clock', () => {
    const base = desiredOn(undefined);
    const path = `${'*a'.repeat(40)}*b`;
    const wanted = { ...base.settings, approvals: [{ when: { path }, users: ['x'] }] };
    const asked = { matters: [], paths: ['a'.repeat(4_000)], scenery: { trees: [base] } };
    const start = Date.now();
    expect(requirementsOf(asked, [{ ...base, settings: wanted }])).toHaveLength(1);
    expect(Date.now() - start).toBeLessThan(1_000);
  });
});

describe('the list of attacks', () => {
  it('has a test for each of its 22 numbers, and none twice', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => name.startsWith('attacks-'));
    const titles = files.flatMap((name) => {
      const text = readFileSync(join(import.meta.dirname, name), 'utf8');
      return [...text.matchAll(/^ {2}it(?:\.each\([^)]*\))?\(\s*'(\d+)([a-z]?): \S/gm)].map(
        ([, number = '', part = '']) => number + part,
      );
    });
    expect(new Set(titles).size).toBe(titles.length);
    const numbers = Array.from({ length: 22 }, (_, index) => String(index + 1));
    expect(numbers.filter((number) => !titles.includes(number))).toEqual([]);
  });
});

/** What an audit costs in AWS's own time, and how that grows with accounts. Time is simulated: the same on every machine. */
import { awsCloud } from '../../src/aws/cloud.ts';
import { readAudit } from '../../src/aws/audit/read.ts';
import { audit } from '../../src/evaluate/audit/audit.ts';
import { MANAGEMENT, OWNER } from '../support/build.ts';
import { accountsOf, latency, memberRole, stage } from './roles.bench.ts';

export type AuditFigures = {
  readonly accounts: number;
  readonly calls: number;
  /** Of the audit alone, after the ordinary read. */
  readonly seconds: number;
  readonly findings: number;
  readonly unread: number;
  readonly realSeconds: number;
};

const measured = async (count: number): Promise<AuditFigures> => {
  const began = performance.now();
  const accounts = accountsOf(count);
  const { clock, clients } = stage(accounts, {});
  const labels = Object.fromEntries(accounts.map(({ id, name }) => [id, name]));
  const live = await awsCloud(clients, { labels, owner: OWNER, permissionSets: [], clock }).read();
  let calls = 0;
  const start = clock.now();
  const read = await readAudit(clients, { live, region: 'eu-west-1', memberRole, clock, onCall: () => (calls += 1) });
  const seconds = (clock.now() - start) / 1_000;
  const known = {
    managementAccount: MANAGEMENT,
    waivers: [],
    declared: new Set<string>(),
    memberRole: memberRole.name,
    administrators: [],
    openings: [],
    owner: 'acme/access',
  };
  const { findings, unread } = audit({ ...read, live }, { ...known, now: new Date(clock.now()).toISOString() });
  const realSeconds = (performance.now() - began) / 1_000;
  return { accounts: count, calls, seconds, findings: findings.length, unread: unread.length, realSeconds };
};

export const benchAudit = async (): Promise<readonly AuditFigures[]> => [await measured(20), await measured(500)];

const line = ({ accounts, calls, seconds, findings, realSeconds }: AuditFigures): string =>
  `  ${accounts} accounts: ${calls} calls in ${seconds.toFixed(1)} s, ${findings} findings; ${realSeconds.toFixed(1)} s here`;

export const auditLines = (figures: readonly AuditFigures[]): readonly string[] => [
  `audit: ${latency} ms to an answer`,
  ...figures.map(line),
];

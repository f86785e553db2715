/** Facts of one sound account, for a test to spoil. */
import type { AccountFacts, AuditContext, AuditFacts, AuditReport } from '../../src/model/audit.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Resource } from '../../src/model/resource.ts';
import { stateOf } from '../../src/model/resource.ts';
import { audit } from '../../src/evaluate/audit/audit.ts';

const now = '2026-11-23T12:00:00.000Z';

export const daysAgo = (days: number): string => new Date(Date.parse(now) - days * 24 * 3_600_000).toISOString();

export const sound: AccountFacts = {
  account: 'Production',
  id: '222222222222',
  root: { accessKeys: false, password: false, mfa: false },
  users: [],
  passwordPolicy: { minimumLength: 14, reusePrevention: 24 },
  trails: [{ name: 'organization', logging: true, multiRegion: true, validation: true }],
  analyzers: [{ name: 'external', access: 'external', of: 'account' }],
  analyzerFindings: [],
  roles: [],
  policies: [],
  unread: [],
};

const members: readonly Resource[] = [
  { kind: 'account', name: 'Management', id: '111111111111', parent: '' },
  { kind: 'account', name: 'Production', id: '222222222222', parent: '' },
];

export const liveOf = (resources: readonly Resource[] = []): Live => ({
  organization: 'o-1',
  managementAccountId: '111111111111',
  callerAccountId: '111111111111',
  state: stateOf([...members, ...resources]),
  users: [],
  suspended: [],
  unread: [],
  notes: [],
  reads: { route: 'none', calls: {} },
});

type Parts = {
  readonly account?: Partial<AccountFacts>;
  readonly others?: readonly AccountFacts[];
  readonly live?: Live;
  readonly delegates?: readonly string[];
  readonly context?: Partial<AuditContext>;
};

export const reportOn = ({
  account = {},
  others = [],
  live = liveOf(),
  delegates = [],
  context = {},
}: Parts): AuditReport => {
  const facts: AuditFacts = {
    region: 'eu-west-1',
    accounts: [{ ...sound, ...account }, ...others],
    live,
    delegates,
    unread: [],
  };
  const ordinary = {
    now,
    managementAccount: 'Management',
    waivers: [],
    declared: new Set<string>(),
    memberRole: 'GatehouseMember',
    administrators: [],
    openings: [],
    owner: 'acme/access',
  };
  return audit(facts, { ...ordinary, ...context });
};

/** `rule: subject: what was read` of every finding. */
export const told = (parts: Parts): readonly string[] =>
  reportOn(parts).findings.map(({ rule, subject, read }) => `${rule}: ${subject}: ${read}`);

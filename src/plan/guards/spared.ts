/** What a guard rail may take from break-glass all the same, because no emergency in a member account needs it. */
import { meetingBy } from '../../evaluate/reach/requester.ts';
import type { SpokenStatement } from '../../evaluate/reach/reach.ts';
import type { ReachTest } from '../../evaluate/reach/statements.ts';

/** The day on which these lists were written, by hand; docs/guards.md has them too. */
export const sparedOn = '2026-11-29';

/** Leaving everything behind, and turning the light off: what is really meant is done from the management account. */
export const sparedActions: readonly string[] = [
  ...['organizations:LeaveOrganization', 'account:CloseAccount'],
  ...['access-analyzer:Delete*', 'cloudtrail:Delete*', 'cloudtrail:Stop*', 'cloudtrail:Update*'],
  ...['cloudtrail:PutEventSelectors', 'config:Delete*', 'config:Stop*', 'config:DisassociateResourceTypes'],
  ...['guardduty:Delete*', 'guardduty:Disable*', 'guardduty:Disassociate*', 'guardduty:StopMonitoringMembers'],
  ...['guardduty:UpdateDetector', 'guardduty:UpdateMemberDetectors', 'securityhub:BatchDisable*'],
  ...['securityhub:Delete*', 'securityhub:Disable*', 'securityhub:Disassociate*'],
];

/** What a request that encrypts says: a denial that it does not meet leaves the action to whoever encrypts. */
export const encrypting: Readonly<Record<string, readonly string[]>> = {
  'aws:securetransport': ['true'],
  'ec2:encrypted': ['true'],
  'elasticfilesystem:encrypted': ['true'],
  'rds:storageencrypted': ['true'],
  's3:x-amz-server-side-encryption': ['AES256', 'aws:kms'],
};

const isMetWith = ({ key, holds }: ReachTest, value: string): boolean =>
  holds((asked) => (asked === key ? [value] : undefined)) !== false;

const isEscaped = (test: ReachTest, now: string): boolean =>
  (encrypting[test.key] ?? []).some((value) => !isMetWith(test, value)) || !meetingBy(test, { now, has: true }).some;

/** Whether it never meets a request of break-glass, or only those that do not encrypt. */
export const isSparing = ({ open }: SpokenStatement, now: string): boolean => open.some((test) => isEscaped(test, now));

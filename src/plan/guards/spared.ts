/** What a guard rail may take from break-glass all the same, because no emergency in a member account needs it. */
import { loadActionCatalogue } from '../../evaluate/action-catalogue.ts';
import { meetingBy } from '../../evaluate/reach/requester.ts';
import type { SpokenStatement } from '../../evaluate/reach/reach.ts';
import type { ReachTest } from '../../evaluate/reach/statements.ts';
import { once } from '../../model/lists.ts';

// Services, verbs and edits were chosen by hand on 2026-11-29; the catalogue says which actions they come to.
// docs/guards.md lists them, with that day.

/** They record what happens in an account, or look for attacks. */
const recorders = ['access-analyzer', 'cloudtrail', 'config', 'guardduty', 'securityhub'];

/** Turning the light off. */
const endings = ['BatchDisable', 'Delete', 'Disable', 'Disassociate', 'Stop'];

/** Edits that come to the same, and leaving everything behind: what is really meant is done from the management account. */
const others = [
  ...['organizations:LeaveOrganization', 'account:CloseAccount'],
  ...['cloudtrail:PutEventSelectors', 'cloudtrail:Update*'],
  ...['guardduty:UpdateDetector', 'guardduty:UpdateMemberDetectors'],
];

/** Patterns, because policies name such actions by patterns, too: of each recorder the endings that AWS lists as writes. */
export const sparedActions = once((): readonly string[] => {
  const writes = loadActionCatalogue().actions.filter(({ level }) => level === 'Write');
  const ending = recorders.flatMap((recorder) =>
    endings
      .filter((verb) => writes.some(({ service, name }) => service === recorder && name.startsWith(verb)))
      .map((verb) => `${recorder}:${verb}*`),
  );
  return [...others, ...ending];
});

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

/** What block public access leaves of the policy of a bucket. */
import { statements } from '../../model/policy.ts';
import type { Statement } from '../../model/policy.ts';
import type { ResourcePolicy } from '../../model/resource.ts';
import { openingFaults } from '../trust/judge.ts';

export const isOpenStatement = (statement: Statement): boolean =>
  statement.NotPrincipal !== undefined || openingFaults(statement).some(({ rule }) => rule === 'open-resource');

/** Whether S3 calls it public. */
export const isPublic = ({ resource, document }: ResourcePolicy): boolean =>
  resource.startsWith('arn:aws:s3:::') &&
  statements(document).some((statement) => statement.Effect === 'Allow' && isOpenStatement(statement));

/** What RestrictPublicBuckets comes to, as a statement: it says so in its Sid. */
export const restricting = ({ resource }: ResourcePolicy, accountId: string): Statement => ({
  Sid: 'RestrictPublicBuckets',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [resource, `${resource}/*`],
  Condition: {
    StringNotEquals: { 'aws:PrincipalAccount': accountId },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  },
});

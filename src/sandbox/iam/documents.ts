/** How large a policy may be. */
import { AwsError } from '../core.ts';

export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', message, { status: 409 });

/** IAM does not count white space ("IAM and AWS STS quotas"). */
export const documentSize = (document: string): number => document.replace(/[\t\n\r ]/g, '').length;

/** Throws LimitExceeded when the document is larger than a quota, named as IAM names it. */
export const checkSize = (document: string, name: string, quota: number): void => {
  if (documentSize(document) > quota) throw limitExceeded(`Cannot exceed quota for ${name}: ${quota}`);
};

/** What sso-admin and the identity store answer to an input that their models forbid. */
import { AwsError } from '../core.ts';
import type { BrokenMember } from '../model.ts';

export const ssoRefusal = (broken: readonly BrokenMember[], message: string): AwsError =>
  new AwsError(
    broken.some(({ fault }) => fault === 'type') ? 'SerializationException' : 'ValidationException',
    message,
  );

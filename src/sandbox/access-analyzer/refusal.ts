/** What Access Analyzer answers to an input that its model forbids. */
import { AwsError } from '../core.ts';
import type { BrokenMember } from '../model.ts';

export const analyzerRefusal = (broken: readonly BrokenMember[], message: string): AwsError =>
  new AwsError('ValidationException', message, {
    fields: { reason: 'fieldValidationFailed', fieldList: broken.map(({ at, rule }) => ({ name: at, message: rule })) },
  });

/** What Organizations answers to an input that its model forbids, and to other inputs that it does not take. */
import { AwsError } from '../core.ts';
import type { BrokenMember } from '../model.ts';

/** InvalidInputException, with the reason that programs read. */
export const invalidOrganizationsInput = (reason: string, message: string): AwsError =>
  new AwsError('InvalidInputException', message, { fields: { Reason: reason } });

/** ConstraintViolationException, with the reason that programs read. */
export const constraint = (reason: string, message: string): AwsError =>
  new AwsError('ConstraintViolationException', message, { fields: { Reason: reason } });

const answers: Readonly<Record<Exclude<BrokenMember['fault'], 'type'>, readonly [reason: string, message: string]>> = {
  required: ['INPUT_REQUIRED', 'You must provide a value for the required parameter.'],
  enum: ['INVALID_ENUM', 'You specified an invalid value.'],
  min: ['MIN_LENGTH_EXCEEDED', 'You provided a value that does not meet the minimum length or value.'],
  max: ['MAX_LENGTH_EXCEEDED', 'You provided a value that exceeds the maximum length or value.'],
  pattern: ['INVALID_PATTERN', 'You provided a value that does not match the required pattern.'],
};

export const organizationsRefusal = ([first]: readonly BrokenMember[], details: string): AwsError => {
  if (first === undefined || first.fault === 'type') return new AwsError('SerializationException', details);
  const [reason, message] = answers[first.fault];
  return invalidOrganizationsInput(first.kind === 'integer' ? reason.replace('LENGTH', 'VALUE') : reason, message);
};

/** GitHub's errors, worded as it words them. */
import type { Json } from './contract.ts';

export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly Json[] | undefined;
  constructor(status: number, message: string, errors?: readonly Json[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Not Found');
export const notAccessible = (): Refusal => new Refusal(403, 'Resource not accessible by integration');
export const invalid = (...errors: readonly Json[]): Refusal => new Refusal(422, 'Validation Failed', errors);
const fieldError = (resource: string, field: string, message: string): Json => ({
  resource,
  code: 'custom',
  field,
  message: `${field} ${message}`,
});
export const tooLong = (resource: string, limit: number): Json =>
  fieldError(resource, 'body', `is too long (maximum is ${limit} characters)`);

import type { CallInput, CallOutput } from '../core.ts';
import { takePage } from '../pages.ts';
import { invalidSsoInput } from './input.ts';

/** The largest page of sso-admin and of the identity store (MaxResults in both service models). */
const largestPage = 100;

const check = (size: unknown): void => {
  if (size === undefined || size === null) return;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > largestPage)
    throw invalidSsoInput(
      `1 validation error detected: Value at 'maxResults' failed to satisfy ` +
        `constraint: Member must have value between 1 and ${largestPage}`,
    );
};

/** One page of `rows` under the member `name`, with NextToken while there is more. */
export const paged = (input: CallInput, name: string, rows: readonly unknown[]): CallOutput => {
  check(input['MaxResults']);
  const page = takePage(rows, { token: input['NextToken'], size: input['MaxResults'], cap: largestPage });
  if (!page) throw invalidSsoInput('The NextToken is not valid.');
  return { [name]: page.items, ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }) };
};

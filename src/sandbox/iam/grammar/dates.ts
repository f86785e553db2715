/** Dates in conditions: ISO 8601 down to any part, or seconds since the epoch. */
import { isObject, plainOperator, textsOf, type PolicyStatement } from './syntax.ts';

const form =
  /^(-?\d{1,9})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:t(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.\d{1,9})?)?)?)?(?:z|[+-](\d{2})(?::?(\d{2}))?)?)?$/i;

/** The years that AWS's date type can hold. */
const [firstYear, lastYear] = [-292_275_054, 292_278_993];

/** Least and greatest value of year, month, day, hour, minute, second, and of the offset's hour and minute. */
const ranges: readonly (readonly [number, number])[] = [
  [firstYear, lastYear],
  [1, 12],
  [1, 31],
  [0, 23],
  [0, 59],
  [0, 59],
  [0, 23],
  [0, 59],
];

const isEpoch = (text: string): boolean => /^\d{1,19}$/.test(text) && BigInt(text) <= 9_223_372_036_854_775_807n;

const isPolicyDate = (text: string): boolean => {
  if (!/[t-]/i.test(text)) return isEpoch(text);
  const parts = form.exec(text);
  return (
    parts !== null &&
    ranges.every(([least, greatest], index) => {
      const part = parts[index + 1];
      return part === undefined || (Number(part) >= least && Number(part) <= greatest);
    })
  );
};

const datesOf = (statement: PolicyStatement): readonly string[] =>
  Object.entries(isObject(statement['Condition']) ? statement['Condition'] : {})
    .filter(([operator]) => plainOperator(operator).startsWith('Date'))
    .flatMap(([, block]) => Object.values(block as PolicyStatement).flatMap(textsOf));

/** Whether each date that the statement's conditions compare with is one; a policy variable may stand for it. */
export const hasReadableDates = (statement: PolicyStatement): boolean =>
  datesOf(statement).every((date) => isPolicyDate(date) || date.includes('${'));

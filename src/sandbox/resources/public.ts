/**
 * "The meaning of public" (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html): a
 * policy is public unless each of its grants is to fixed values, in which neither a wildcard nor a policy variable stands.
 * Written for itself, so that what the product thinks of a policy is held to another reading of the page.
 */
import type { PolicyStatement } from '../iam/grammar/syntax.ts';
import { isObject, parsePolicy, textsOf } from '../iam/grammar/syntax.ts';

const isFixed = (value: string): boolean => !/[*?]|\$\{/.test(value);

const isAnybody = ({ Principal, NotPrincipal }: PolicyStatement): boolean => {
  if (NotPrincipal !== undefined || Principal === '*') return true;
  return isObject(Principal) && Object.values(Principal).some((value) => textsOf(value).some((one) => !isFixed(one)));
};

/** `/8` for IPv4 and `/32` for IPv6, and private networks of any size. */
const isNarrowRange = (range: string): boolean => {
  const [address = '', length] = range.split('/');
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address)) return true;
  const bits = length === undefined ? 128 : Number(length);
  return bits >= (address.includes(':') ? 32 : 8);
};

const fixedKeys: readonly string[] = [
  ...['aws:sourcearn', 'aws:sourcevpc', 'aws:sourcevpce', 'aws:sourceowner', 'aws:sourceaccount'],
  ...['aws:sourceorgid', 'aws:principalorgid', 'aws:principalarn', 'aws:principalaccount'],
  's3:dataaccesspointaccount',
];

/** The name of the access point may be a wildcard as long as its account is none. */
const isAccessPoint = (value: string): boolean => /^arn:aws:s3:[^:]*:\d{12}:accesspoint\/./.test(value);

const narrows = (key: string, value: string): boolean => {
  if (key === 'aws:sourceip') return isNarrowRange(value);
  if (key === 's3:dataaccesspointarn') return isAccessPoint(value);
  // "outside the pattern AROLEID:*": that is every session of a role, which is a principal after all, but not to S3.
  if (key === 'aws:userid') return isFixed(value);
  // Paths end in a wildcard as they are meant to be written; the page does not name them.
  if (/^aws:(principal|source)orgpaths$/.test(key)) return /^o-[a-z0-9]{10,32}\//.test(value);
  return fixedKeys.includes(key) && isFixed(value);
};

/** An operator that is met by what is not there, or by all but some, says nothing of who comes. */
const isPositive = (operator: string): boolean =>
  /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|IpAddress)$/.test(operator);

const isNarrowed = ({ Condition }: PolicyStatement): boolean =>
  isObject(Condition) &&
  Object.entries(Condition).some(
    ([operator, block]) =>
      isPositive(operator) &&
      isObject(block) &&
      Object.entries(block).some(([key, value]) => {
        const values = textsOf(value);
        return values.length > 0 && values.every((one) => narrows(key.toLowerCase(), one));
      }),
  );

export const isPublicStatement = (statement: PolicyStatement): boolean =>
  statement['Effect'] === 'Allow' && isAnybody(statement) && !isNarrowed(statement);

export const isPublicPolicy = (text: string): boolean => parsePolicy(text).statements.some(isPublicStatement);

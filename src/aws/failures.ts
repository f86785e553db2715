/** What AWS's errors say, read from values of unknown type. */
import { UserError } from '../model/problem.ts';

export type AwsFailure = {
  readonly name: string;
  readonly message: string;
  /** Organizations and the identity store tell apart by Reason what they give one error name. */
  readonly reason?: string;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
};

type ThrownError = {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly Message?: unknown;
  readonly Reason?: unknown;
  readonly RetryAfterSeconds?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]: V });

/** What came back is not of AWS's protocol: some other server answers there. */
const foreignAnswer = ({ $metadata }: ThrownError): ThrownError => ({
  name: `HTTP ${$metadata?.httpStatusCode ?? 'answer'}`,
  message: 'the answer is not one that AWS gives',
  ...($metadata === undefined ? {} : { $metadata }),
});

export const failureOf = (thrown: unknown): AwsFailure => {
  const given = (typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }) as ThrownError;
  const error = given.name === 'SyntaxError' ? foreignAnswer(given) : given;
  return {
    name: typeof error.name === 'string' ? error.name : 'Error',
    message: [error.message, error.Message].find(isText) ?? '',
    ...optional('reason', typeof error.Reason === 'string' ? error.Reason : undefined),
    ...optional('status', error.$metadata?.httpStatusCode),
    ...optional('retryAfterSeconds', typeof error.RetryAfterSeconds === 'number' ? error.RetryAfterSeconds : undefined),
  };
};

const skewNames = ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'];
const signatureNames = ['InvalidSignatureException', 'SignatureDoesNotMatch'];

/**
 * AWS takes no request whose time is more than 5 minutes off its own, S3 15
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html).
 */
const isSkewed = ({ name, message }: AwsFailure): boolean =>
  skewNames.includes(name) || (signatureNames.includes(name) && /signature (expired|not yet current)/i.test(message));

const WRONG_CLOCK = 'The clock of this machine is wrong: set it, and run this again';

/** AWS's words with the error's name, on one line. */
export const awsFailureText = (thrown: unknown): string => {
  const failure = failureOf(thrown);
  const { name, message, reason } = failure;
  const text = message.replace(/\s+/g, ' ').replace(/\.?\s*$/, '');
  const said = name === 'Error' ? text : `${name}${reason === undefined ? '' : ` (${reason})`}: ${text}`;
  return isSkewed(failure) ? `${WRONG_CLOCK}. AWS says ${said}` : said;
};

export const isNamed = (thrown: unknown, ...names: readonly string[]): boolean =>
  names.includes(failureOf(thrown).name);

export const isDenied = (thrown: unknown): boolean =>
  isNamed(thrown, 'AccessDeniedException', 'AccessDenied', 'UnauthorizedException');

const operations = new WeakMap<object, string>();

/** Remembers which call threw; the SDK's errors do not say. */
export const rememberOperation = (thrown: unknown, operation: string): void => {
  if (typeof thrown === 'object' && thrown !== null && !operations.has(thrown)) operations.set(thrown, operation);
};

const operationOf = (thrown: unknown): string | undefined =>
  typeof thrown === 'object' && thrown !== null ? operations.get(thrown) : undefined;

/** The failed call and AWS's words. */
export const callFailure = (thrown: unknown): string => {
  const operation = operationOf(thrown);
  return operation === undefined ? awsFailureText(thrown) : `${operation} failed: ${awsFailureText(thrown)}`;
};

const badCredentials = [
  'ExpiredToken',
  'ExpiredTokenException',
  'CredentialsProviderError',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  ...signatureNames,
  ...skewNames,
];

/** Whether the account is not to blame: a bug in this program, or invalid credentials of the caller. */
export const isOurFault = (thrown: unknown): boolean => {
  if (thrown instanceof TypeError || thrown instanceof RangeError) return true;
  return operationOf(thrown)?.startsWith('sts:') === true && isNamed(thrown, ...badCredentials);
};

const advice = (thrown: unknown): string => {
  if (isSkewed(failureOf(thrown))) return 'Nothing was read.';
  if (isDenied(thrown)) return 'Allow the call to the identity that reads, or read with another one.';
  if (isNamed(thrown, 'AWSOrganizationsNotInUseException')) return 'Use credentials of an account of the organization.';
  if (isNamed(thrown, 'ExpiredToken', 'ExpiredTokenException')) return 'Sign in again.';
  if (isNamed(thrown, 'CredentialsProviderError')) return 'Sign in, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.';
  if (isNamed(thrown, 'UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidSignatureException')) {
    return 'Check the credentials.';
  }
  return 'Nothing was read; run it again.';
};

/** One line that names the call and says what to do; what is already told to users passes through. */
export const readError = (thrown: unknown): Error => {
  if (thrown instanceof UserError) return thrown;
  if (thrown instanceof TypeError || thrown instanceof RangeError) return thrown;
  const message = `${operationOf(thrown) ?? 'AWS'} failed: ${awsFailureText(thrown)}. ${advice(thrown)}`;
  return new UserError(message, { cause: thrown });
};

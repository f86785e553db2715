/** The values of a permission set and what AWS demands of them (sso-admin service model and quotas page). */
import { quotas } from '../../model/quotas.ts';
import type { CallInput } from '../core.ts';
import { AwsError } from '../core.ts';
import { checkInlineDocument } from '../iam/grammar/identity.ts';
import type { InputRule } from './input.ts';
import { invalidSsoInput, optionalInput, requiredInput, structure, structures } from './input.ts';
import type { SsoBoundary, PolicyReference } from './state.ts';

export const nameRule: InputRule = { min: 1, max: quotas.permissionSetNameLength, pattern: /^[\w+=,.@-]+$/ };
export const descriptionRule: InputRule = {
  min: 1,
  max: quotas.permissionSetDescriptionLength,
  pattern: /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]*$/,
};
export const relayStateRule: InputRule = {
  min: 1,
  max: quotas.relayStateLength,
  pattern: /^[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+[\] (){}]+$/,
};
export const managedPolicyArnRule: InputRule = {
  min: 20,
  max: 2048,
  pattern: /^arn:aws:iam::aws:policy((\/[A-Za-z0-9.,+@=_-]+)*)\/([A-Za-z0-9.,+=@_-]+)$/,
};
const policyNameRule: InputRule = { min: 1, max: quotas.policyNameLength, pattern: /^[\w+=,.@-]+$/ };
const policyPathRule: InputRule = { min: 1, max: quotas.pathLength, pattern: /^((\/[A-Za-z0-9.,+@=_-]+)*)\/$/ };
const durationRule: InputRule = { min: 1, max: 100 };

const durationPattern = /^P(?=\d|T\d)(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Seconds of an ISO 8601 duration of days and less; null when it is none. */
export const sessionSeconds = (text: string): number | null => {
  const parts = durationPattern.exec(text);
  if (!parts) return null;
  const [days, hours, minutes, rest] = parts.slice(1).map((part) => Number(part ?? 0));
  return (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (rest ?? 0);
};

/** SessionDuration, null when absent: one hour to twelve (permission set session duration page). */
export const sessionDuration = (input: CallInput): string | null => {
  const text = optionalInput(input, 'SessionDuration', durationRule);
  if (text === null) return null;
  const length = sessionSeconds(text);
  if (length === null || length < quotas.minSessionDuration || length > quotas.maxSessionDuration)
    throw invalidSsoInput(`Session duration ${text} must be an ISO 8601 duration between PT1H and PT12H.`);
  return text;
};

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

const refuseUngrammatical = (text: string): void => {
  try {
    checkInlineDocument(text);
  } catch (error) {
    throw error instanceof AwsError ? invalidSsoInput('Invalid PermissionsPolicy Document') : error;
  }
};

/** The inline policy's text, which AWS gives back as it came. */
export const inlinePolicy = (input: CallInput): string => {
  const text = requiredInput(input, 'InlinePolicy');
  const size = bytes(text.replace(/\s/g, ''));
  if (bytes(text) > quotas.inlinePolicySize || size > quotas.inlinePolicyNonWhitespace)
    throw invalidSsoInput(
      `Current size of the non-whitespace characters present in the InlinePolicy Document is ${size} bytes ` +
        `which has exceeded the maximum limit of ${quotas.inlinePolicyNonWhitespace} bytes`,
    );
  refuseUngrammatical(text);
  return text;
};

/** A customer managed policy by name and path; the path is `/` when it is left out. */
export const policyReference = (input: CallInput): PolicyReference => {
  const reference = structure(input, 'CustomerManagedPolicyReference');
  if (!reference)
    throw invalidSsoInput(
      "Value at 'customerManagedPolicyReference' failed to satisfy constraint: Member must not be null",
    );
  return {
    Name: requiredInput(reference, 'Name', policyNameRule),
    Path: optionalInput(reference, 'Path', policyPathRule) ?? '/',
  };
};

/** Exactly one kind of boundary. */
export const boundaryFrom = (input: CallInput): SsoBoundary => {
  const boundary = structure(input, 'PermissionsBoundary') ?? {};
  const arn = optionalInput(boundary, 'ManagedPolicyArn', managedPolicyArnRule);
  const reference = structure(boundary, 'CustomerManagedPolicyReference');
  if ((arn === null) === (reference === null))
    throw invalidSsoInput('A permissions boundary is either a ManagedPolicyArn or a CustomerManagedPolicyReference.');
  return arn === null ? { CustomerManagedPolicyReference: policyReference(boundary) } : { ManagedPolicyArn: arn };
};

const tagPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagKeyRule: InputRule = { min: 1, max: quotas.tagKeyLength, pattern: tagPattern };
const tagValueRule: InputRule = { min: 0, max: quotas.tagValueLength, pattern: tagPattern };

/** Tags of a request by key; keys that begin with `aws:` are AWS's own. */
export const tagsFrom = (input: CallInput): Record<string, string> => {
  const pairs = structures(input, 'Tags', { max: 75 }).map(
    (tag) => [requiredInput(tag, 'Key', tagKeyRule), requiredInput(tag, 'Value', tagValueRule)] as const,
  );
  const reserved = pairs.find(([key]) => key.toLowerCase().startsWith('aws:'));
  if (reserved) throw invalidSsoInput(`Tag keys that begin with aws: are reserved: ${reserved[0]}`);
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw invalidSsoInput('The same tag key is given twice.');
  return Object.fromEntries(pairs);
};

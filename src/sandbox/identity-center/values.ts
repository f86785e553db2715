/** The values of a permission set and what AWS demands of them (sso-admin service model and quotas page). */
import { quotas } from '../../model/quotas.ts';
import { AwsError, type Input } from '../core.ts';
import { checkInlineDocument } from '../iam/grammar/identity.ts';
import { invalid, optional, required, structure, structures, type Rule } from './input.ts';
import type { Boundary, PolicyReference } from './state.ts';

export const nameRule: Rule = { min: 1, max: quotas.permissionSetNameLength, pattern: /^[\w+=,.@-]+$/ };
export const descriptionRule: Rule = {
  min: 1,
  max: quotas.permissionSetDescriptionLength,
  pattern: /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]*$/,
};
export const relayStateRule: Rule = {
  min: 1,
  max: quotas.relayStateLength,
  pattern: /^[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+[\] (){}]+$/,
};
export const managedPolicyArnRule: Rule = {
  min: 20,
  max: 2048,
  pattern: /^arn:aws:iam::aws:policy((\/[A-Za-z0-9.,+@=_-]+)*)\/([A-Za-z0-9.,+=@_-]+)$/,
};
const policyNameRule: Rule = { min: 1, max: quotas.policyNameLength, pattern: /^[\w+=,.@-]+$/ };
const policyPathRule: Rule = { min: 1, max: quotas.pathLength, pattern: /^((\/[A-Za-z0-9.,+@=_-]+)*)\/$/ };
const durationRule: Rule = { min: 1, max: 100 };

const durationPattern = /^P(?=\d|T\d)(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Seconds of an ISO 8601 duration of days and less; null when it is none. */
export const durationSeconds = (text: string): number | null => {
  const parts = durationPattern.exec(text);
  if (!parts) return null;
  const [days, hours, minutes, rest] = parts.slice(1).map((part) => Number(part ?? 0));
  return (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (rest ?? 0);
};

/** SessionDuration, null when absent: one hour to twelve (permission set session duration page). */
export const sessionDuration = (input: Input): string | null => {
  const text = optional(input, 'SessionDuration', durationRule);
  if (text === null) return null;
  const length = durationSeconds(text);
  if (length === null || length < quotas.minSessionDuration || length > quotas.maxSessionDuration)
    throw invalid(`Session duration ${text} must be an ISO 8601 duration between PT1H and PT12H.`);
  return text;
};

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

const refuseUngrammatical = (text: string): void => {
  try {
    checkInlineDocument(text);
  } catch (error) {
    throw error instanceof AwsError ? invalid('Invalid PermissionsPolicy Document') : error;
  }
};

/** The inline policy's text, which AWS gives back as it came. */
export const inlinePolicy = (input: Input): string => {
  const text = required(input, 'InlinePolicy');
  const size = bytes(text.replace(/\s/g, ''));
  if (bytes(text) > quotas.inlinePolicySize || size > quotas.inlinePolicyNonWhitespace)
    throw invalid(
      `Current size of the non-whitespace characters present in the InlinePolicy Document is ${size} bytes ` +
        `which has exceeded the maximum limit of ${quotas.inlinePolicyNonWhitespace} bytes`,
    );
  refuseUngrammatical(text);
  return text;
};

/** A customer managed policy by name and path; the path is `/` when it is left out. */
export const policyReference = (input: Input): PolicyReference => {
  const reference = structure(input, 'CustomerManagedPolicyReference');
  if (!reference)
    throw invalid("Value at 'customerManagedPolicyReference' failed to satisfy constraint: Member must not be null");
  return {
    Name: required(reference, 'Name', policyNameRule),
    Path: optional(reference, 'Path', policyPathRule) ?? '/',
  };
};

/** Exactly one kind of boundary. */
export const boundaryFrom = (input: Input): Boundary => {
  const boundary = structure(input, 'PermissionsBoundary') ?? {};
  const arn = optional(boundary, 'ManagedPolicyArn', managedPolicyArnRule);
  const reference = structure(boundary, 'CustomerManagedPolicyReference');
  if ((arn === null) === (reference === null))
    throw invalid('A permissions boundary is either a ManagedPolicyArn or a CustomerManagedPolicyReference.');
  return arn === null ? { CustomerManagedPolicyReference: policyReference(boundary) } : { ManagedPolicyArn: arn };
};

const tagPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagKeyRule: Rule = { min: 1, max: quotas.tagKeyLength, pattern: tagPattern };
const tagValueRule: Rule = { min: 0, max: quotas.tagValueLength, pattern: tagPattern };

/** Tags of a request by key; keys that begin with `aws:` are AWS's own. */
export const tagsFrom = (input: Input): Record<string, string> => {
  const pairs = structures(input, 'Tags', { max: 75 }).map(
    (tag) => [required(tag, 'Key', tagKeyRule), required(tag, 'Value', tagValueRule)] as const,
  );
  const reserved = pairs.find(([key]) => key.toLowerCase().startsWith('aws:'));
  if (reserved) throw invalid(`Tag keys that begin with aws: are reserved: ${reserved[0]}`);
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw invalid('The same tag key is given twice.');
  return Object.fromEntries(pairs);
};

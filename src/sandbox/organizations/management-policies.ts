/**
 * Management policies: one element that the type names, and below it values that inheritance operators set ("Policy syntax
 * and inheritance for management policy types",
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html).
 */
import { isObject } from '../iam/grammar/syntax.ts';
import { own } from '../members.ts';
import type { JsonObject } from '../core.ts';

/** The element that each type's syntax page begins with. */
const elements: Readonly<Record<string, string>> = {
  TAG_POLICY: 'tags',
  BACKUP_POLICY: 'plans',
  AISERVICES_OPT_OUT_POLICY: 'services',
  CHATBOT_POLICY: 'chatbot',
  DECLARATIVE_POLICY_EC2: 'ec2_attributes',
  SECURITYHUB_POLICY: 'securityhub',
  INSPECTOR_POLICY: 'inspector',
  BEDROCK_POLICY: 'bedrock',
  S3_POLICY: 's3_attributes',
  UPGRADE_ROLLOUT_POLICY: 'upgrade_rollout',
  NETWORK_SECURITY_DIRECTOR_POLICY: 'network_security_director',
  GUARDDUTY_POLICY: 'guardduty',
};

const valueOperators: readonly string[] = ['@@assign', '@@append', '@@remove'];
const childOperators = '@@operators_allowed_for_child_policies';
const controls: readonly unknown[] = ['@@all', '@@none', ...valueOperators];

const isValue = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const isValueOrValues = (value: unknown): boolean => isValue(value) || (Array.isArray(value) && value.every(isValue));

const isSetBy = (operator: string, value: unknown): boolean => {
  if (valueOperators.includes(operator)) return isValueOrValues(value);
  const named: readonly unknown[] = [value].flat();
  return operator === childOperators && named.length > 0 && named.every((one) => controls.includes(one));
};

/** A value stands under an operator; everything else is an element with more below it. */
const isNode = (value: unknown): value is JsonObject =>
  isObject(value) &&
  Object.entries(value).every(([name, below]) => (name.startsWith('@@') ? isSetBy(name, below) : isNode(below)));

/** "Tag policy syntax and examples". */
const tagElements: readonly string[] = ['tag_key', 'tag_value', 'enforced_for', 'report_required_tag_for'];

const isTagRule = ([name, rule]: readonly [string, unknown]): boolean =>
  name.startsWith('@@') ||
  (isObject(rule) && Object.keys(rule).every((element) => element.startsWith('@@') || tagElements.includes(element)));

/** Whether the document is none of its type. */
export const managementFault = (type: string, document: JsonObject): boolean => {
  const names = Object.keys(document).filter((name) => !name.startsWith('@@'));
  const [name, ...more] = names;
  const expected = own(elements, type);
  if (name === undefined || more.length > 0 || !isNode(document)) return true;
  if (expected !== undefined && name !== expected) return true;
  return type === 'TAG_POLICY' && !Object.entries(document[name] as JsonObject).every(isTagRule);
};

/** What IAM says about the resources of a statement, by recorded answers of CreatePolicy. */

const partitions: readonly string[] = [
  ...['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc', '*'],
];

const iamTypes: readonly string[] = [
  ...['user/', 'federated-user/', 'role/', 'group/', 'instance-profile/', 'mfa/', 'server-certificate/', 'policy/'],
  ...['sms-mfa/', 'saml-provider/', 'oidc-provider/', 'report/', 'access-report/'],
];

/** Resources of S3 that have a Region; buckets and objects have none. */
const regionalS3 = /^(accesspoint|job|storage-lens|storage-lens-group|access-grants|async-request|\*|\?|\$\{)/;

type ParsedArn = {
  readonly text: string;
  readonly service: string;
  readonly region: string;
  readonly resource: string;
};

const iamFault = ({ text, region, resource }: ParsedArn): string | undefined => {
  if (region !== '') return `IAM resource ${text} cannot contain region information.`;
  const begins = iamTypes.some((type) => resource.startsWith(type));
  // A wildcard or a variable may stand for the type.
  if (begins || resource === 'root' || /^[^/]*([*?]|\$\{)/.test(resource)) return undefined;
  return `IAM resource path must either be "*", root, or start with ${iamTypes.join(', ')}.`;
};

const s3Fault = ({ text, region, resource }: ParsedArn): string | undefined =>
  region === '' || regionalS3.test(resource) ? undefined : `Resource ${text} can not contain region information.`;

const partitionFault = (partition: string, rest: readonly string[]): string => {
  const filled = rest.length === 0 ? ['*', '*', '*', '*'] : [...rest, ...['*', '*', '*'].slice(rest.length - 1)];
  return `Partition "${partition}" is not valid for resource "arn:${[partition, ...filled].join(':')}".`;
};

/** The words that IAM has for a resource that is no ARN, or not one of its service; undefined when there are none. */
export const resourceFault = (text: string): string | undefined => {
  if (text === '*') return undefined;
  if (!text.includes(':')) return `Resource ${text} must be in ARN format or "*".`;
  const [, partition = '', ...rest] = text.split(':');
  if (!partitions.includes(partition)) return partitionFault(partition, rest);
  if (rest.length === 0) return 'Resource vendor must be fully qualified and cannot contain regexes.';
  const [service = '', region = '', , ...resource] = rest;
  const arn = { text, service, region, resource: resource.join(':') };
  if (rest.length < 4) return undefined;
  if (service === 'iam') return iamFault(arn);
  return service === 's3' ? s3Fault(arn) : undefined;
};

/** Missing parts of an ARN stand for `*`, but then none of those that are there may be empty; a service there must be. */
export const isParsedArn = (text: string): boolean => {
  if (text === '*' || resourceFault(text) !== undefined) return true;
  const parts = text.split(':');
  return parts[2] !== '' && (parts.length >= 6 || !parts.includes(''));
};

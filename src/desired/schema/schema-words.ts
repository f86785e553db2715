/** The words that schema.ts is written in: names, dates, durations, tags, policy documents. Build time only, like it. */
import { Type } from 'typebox';
import type { Static, TArrayOptions, TSchema } from 'typebox';
import { quotas } from '../../model/quotas.ts';

type NameKind = 'account' | 'ou' | 'group' | 'permissionSet' | 'controlPolicy' | 'target' | 'role';
export type NamedSchemas<T> = Readonly<Record<string, T>>;

export const closed = { additionalProperties: false } as const;
export const optionalKey = <T extends TSchema>(schema: T) => Type.Optional(schema);
/** A map with free keys; patternProperties would let keys with a line break through. */
export const mapOf = <T extends TSchema>(value: T, options: object) =>
  Type.Unsafe<NamedSchemas<Static<T>>>({ type: 'object', additionalProperties: value, ...options });
export const arrayOf = <T extends TSchema>(item: T, options: TArrayOptions) => Type.Array(item, options);
export const oneOf = <const T extends readonly string[]>(values: T, options: object) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });

export const textSchema = (description: string, options: object = {}) => Type.String({ description, ...options });
const oneLine = { pattern: '^[^\\r\\n]*$', 'x-says': 'one line of text' };
export const nameSchema = (kind: NameKind, description: string) =>
  Type.String({ minLength: 1, description, 'x-names': kind, ...oneLine });

export const accountId = Type.String({
  pattern: '^[0-9]{12}$',
  description: 'Account id: 12 digits, in quotes (a number would lose its leading zeros)',
  examples: ['111111111111'],
  'x-rule': 'bad-account-id',
  'x-says': 'an account id: 12 digits in quotes',
});
export const plainName = { pattern: '^[^\\r\\n]*\\S[^\\r\\n]*$', 'x-rule': 'bad-name', 'x-says': 'a name on one line' };
/** IAM and Identity Center share this alphabet (sso-admin and IAM API models). */
export const awsName = {
  pattern: '^[\\w+=,.@-]+$',
  'x-rule': 'bad-name',
  'x-says': 'letters, digits and +=,.@_- without spaces',
};
export const pathSchema = Type.String({
  pattern: '^/([!-.0-~]+/)*$',
  maxLength: quotas.pathLength,
  description: 'IAM path: begins and ends with a slash; default /',
  examples: ['/gatehouse/'],
  'x-says': 'a path that begins and ends with "/"',
});
/** Paths of policies take fewer characters than those of roles (policyPathType of IAM's API model). */
export const policyPath = Type.String({
  pattern: '^/([A-Za-z0-9.,+@=_-]+/)*$',
  maxLength: quotas.pathLength,
  description: 'IAM path of a policy: begins and ends with a slash; default /',
  examples: ['/gatehouse/'],
  'x-says': 'a path of letters, digits and .,+@=_- that begins and ends with "/"',
});
export const date = (description: string) =>
  Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
    description,
    examples: ['2027-01-31'],
    'x-rule': 'bad-date',
    'x-says': 'a day, written YYYY-MM-DD',
  });
export const from = optionalKey(date('First valid day, UTC'));
export const until = optionalKey(date('Last valid day, UTC'));
export const reason = optionalKey(textSchema('Why; a ticket is best', { examples: ['SEC-41'] }));
export const previously = optionalKey(
  arrayOf(Type.String({ ...plainName }), {
    description: 'Former names: a rename is then one update',
    uniqueItems: true,
  }),
);
export const durationSchema = Type.String({
  pattern: '^(PT(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+S)?|(?=[0-9])([0-9]+h)?([0-9]+m)?([0-9]+s)?)$',
  description: 'Session duration from 1h to 12h',
  examples: ['1h', '90m', 'PT8H'],
  'x-rule': 'bad-duration',
  'x-says': 'a duration such as 8h, 90m or PT8H',
});
/** Tags that only the files know. */
export const tags = (description: string) =>
  mapOf(Type.String({ maxLength: quotas.tagValueLength }), {
    description,
    propertyNames: { minLength: 1, maxLength: quotas.tagKeyLength },
  });

/** Of tag keys and values in IAM, Identity Center, Organizations and STS (their API models). */
export const tagText = {
  pattern: '^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$',
  'x-says': 'letters, digits, spaces and _.:/=+-@, as AWS demands in tags',
};
/** Tags that are sent to AWS. */
export const tagsSchema = (description: string) =>
  mapOf(Type.String({ maxLength: quotas.tagValueLength, ...tagText }), {
    description,
    propertyNames: { minLength: 1, maxLength: quotas.tagKeyLength, ...tagText },
  });
/** PermissionSetDescription and roleDescriptionType of the API models. */
export const latin1 = {
  pattern: '^[\\t\\n\\r -~\\u00A1-\\u00FF]*$',
  'x-says': 'text in Latin-1 characters, as AWS demands',
};
export const externalId = {
  minLength: 2,
  maxLength: 1224,
  pattern: '^[\\w+=,.@:/-]*$',
  'x-says': 'letters, digits and +=,.@:/_-',
};

export const strings = (description: string) =>
  Type.Union([Type.String(), arrayOf(Type.String(), {})], { description });
const principal = Type.Union([
  Type.Unsafe<'*'>({ type: 'string', const: '*', 'x-says': '"*" or a map such as { AWS: … }' }),
  mapOf(strings('Who'), {}),
]);
const conditionValue = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const statement = Type.Object(
  {
    Sid: optionalKey(textSchema('Name of the statement')),
    Effect: oneOf(['Allow', 'Deny'], {}),
    Principal: optionalKey(principal),
    NotPrincipal: optionalKey(principal),
    Action: optionalKey(strings('Actions such as s3:GetObject')),
    NotAction: optionalKey(strings('Every action but these')),
    Resource: optionalKey(strings('ARNs')),
    NotResource: optionalKey(strings('Every resource but these')),
    Condition: optionalKey(
      mapOf(mapOf(Type.Union([Type.String(), Type.Number(), Type.Boolean(), arrayOf(conditionValue, {})]), {}), {
        description: 'Operator, then condition key, then value or values',
      }),
    ),
  },
  closed,
);
export const document = (description: string) =>
  Type.Object(
    {
      Version: optionalKey(oneOf(['2012-10-17', '2008-10-17'], { description: 'Write "2012-10-17"' })),
      Id: optionalKey(Type.String()),
      Statement: Type.Union([statement, arrayOf(statement, { minItems: 1 })]),
    },
    { ...closed, description },
  );
export const policyFile = (description: string) =>
  optionalKey(textSchema(description, { minLength: 1, examples: ['developer.json'] }));

export const targeting = {
  ous: optionalKey(
    arrayOf(nameSchema('ou', 'An OU path; Root means all accounts but the management account'), {
      uniqueItems: true,
      description: 'OUs with everything below them',
      examples: [['Workloads/Production']],
    }),
  ),
  accounts: optionalKey(arrayOf(nameSchema('account', 'An account of organization.yaml'), { uniqueItems: true })),
  tags: optionalKey(tags('Only accounts that carry all these tags')),
  except: optionalKey(
    arrayOf(nameSchema('target', 'An account or an OU path'), {
      uniqueItems: true,
      description: 'Accounts or OU paths left out',
    }),
  ),
};

const managedPolicy = textSchema('An AWS managed policy: its name or its ARN', {
  minLength: 1,
  examples: ['ReadOnlyAccess'],
});
const customerManagedPolicy = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: quotas.policyNameLength, ...awsName }),
    path: optionalKey(policyPath),
  },
  closed,
);
export const managedPolicies = optionalKey(
  arrayOf(managedPolicy, { description: 'AWS managed policies', uniqueItems: true }),
);
export const customerManagedPolicies = optionalKey(
  arrayOf(customerManagedPolicy, { description: 'Policies that exist under this name and path in every account' }),
);
export const permissionsBoundary = optionalKey(
  Type.Union([Type.Object({ managedPolicy }, closed), Type.Object({ customerManagedPolicy }, closed)], {
    description: 'The most the set can ever allow',
  }),
);

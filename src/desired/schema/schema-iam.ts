/** The form of access/roles/ and access/policies/; part of schema.ts, and build time only like it. */
import { Type } from 'typebox';
import { quotas } from '../../model/quotas.ts';
import { trust } from './schema-trust.ts';
import {
  awsName,
  tagsSchema,
  closed,
  customerManagedPolicies,
  document,
  durationSchema,
  from,
  latin1,
  arrayOf,
  managedPolicies,
  mapOf,
  optionalKey,
  pathSchema,
  permissionsBoundary,
  policyFile,
  policyPath,
  reason,
  targeting,
  textSchema,
  until,
} from './schema-words.ts';

/** Here `tags` are those in AWS: they select no account. */
const { tags: _selecting, ...places } = targeting;

export const roleName = Type.String({
  minLength: 1,
  maxLength: quotas.roleNameLength,
  description: 'Name of the role',
  ...awsName,
});
export const role = Type.Object(
  {
    role: roleName,
    path: optionalKey(pathSchema),
    description: optionalKey(textSchema('What it is for', { maxLength: 1000, ...latin1 })),
    ...places,
    trust: optionalKey(arrayOf(trust, { minItems: 1, description: 'Who may assume the role, in words' })),
    trustPolicy: optionalKey(document('The same as a policy document, where the words of trust do not suffice')),
    managedPolicies,
    customerManagedPolicies,
    inlinePolicies: optionalKey(
      mapOf(document('A policy'), { propertyNames: { minLength: 1, maxLength: 128, ...awsName } }),
    ),
    permissionsBoundary,
    maxSessionDuration: optionalKey(durationSchema),
    instanceProfile: optionalKey(Type.Boolean()),
    from,
    until,
    reason,
    tags: optionalKey(tagsSchema('Tags in AWS')),
  },
  { ...closed, description: 'One role in one or many accounts' },
);
export const policy = Type.Object(
  {
    policy: Type.String({
      minLength: 1,
      maxLength: quotas.policyNameLength,
      description: 'Name of the policy',
      ...awsName,
    }),
    path: optionalKey(policyPath),
    description: optionalKey(textSchema('What it allows', { maxLength: 1000 })),
    ...places,
    document: optionalKey(document('The policy')),
    documentFile: policyFile('The same, as a .json file beside this one'),
    from,
    until,
    reason,
    tags: optionalKey(tagsSchema('Tags in AWS')),
  },
  { ...closed, description: 'One customer managed policy in one or many accounts' },
);

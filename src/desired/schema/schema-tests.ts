/** The form of access tests; part of schema.ts, and build time only like it. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { settingsKinds } from '../../model/resource.ts';
import type { SettingsKind } from '../../model/resource.ts';
import {
  closed,
  date,
  arrayOf,
  mapOf,
  nameSchema,
  optionalKey,
  reason,
  strings,
  targeting,
  textSchema,
} from './schema-words.ts';

const context = optionalKey(
  mapOf(Type.Union([Type.String(), Type.Number(), Type.Boolean(), arrayOf(Type.String(), {})]), {
    description: 'Condition keys that are known',
  }),
);
const request = Type.Union([
  Type.String({ minLength: 1, examples: ['s3:GetObject'] }),
  Type.Object(
    {
      action: strings('Actions; * stands for any'),
      resource: optionalKey(strings('ARNs')),
      resourceAccount: optionalKey(nameSchema('account', 'Whose resource it is')),
      context,
    },
    closed,
  ),
]);
const subject = {
  group: optionalKey(nameSchema('group', 'A declared group')),
  user: optionalKey(textSchema('A user name', { minLength: 1 })),
  permissionSet: optionalKey(nameSchema('permissionSet', 'A permission set')),
  role: optionalKey(textSchema('ACCOUNT:NAME', { minLength: 1 })),
  rootUser: optionalKey(Type.Unsafe<true>({ type: 'boolean', const: true, 'x-says': 'true' })),
};
const setting = Type.Union([Type.String(), Type.Number(), Type.Boolean(), arrayOf(Type.String(), {})]);
const effective = Type.Unsafe<
  Readonly<Partial<Record<SettingsKind, Readonly<Record<string, Static<typeof setting>>>>>>
>({
  type: 'object',
  properties: Object.fromEntries(
    settingsKinds.map((kind) => [kind, mapOf(setting, { description: 'Values by the path of their setting' })]),
  ),
  additionalProperties: false,
  description: 'The settings that accounts have through policies of these types',
});
const test = Type.Object(
  {
    test: textSchema('What must hold, as a sentence', { minLength: 1 }),
    as: optionalKey(
      Type.Object(
        {
          ...subject,
          anyone: optionalKey(Type.Unsafe<true>({ type: 'boolean', const: true, 'x-says': 'true' })),
          except: optionalKey(arrayOf(Type.Object(subject, closed), {})),
        },
        { ...closed, description: 'Who: one of group, user, permissionSet, role, rootUser, anyone' },
      ),
    ),
    in: Type.Object(targeting, { ...closed, description: 'Where' }),
    at: optionalKey(date('The day it is asked for')),
    allowed: optionalKey(arrayOf(request, { minItems: 1 })),
    denied: optionalKey(arrayOf(request, { minItems: 1 })),
    effective: optionalKey(effective),
    only: optionalKey(Type.Boolean({ description: 'Nothing else is possible there' })),
    reason,
  },
  closed,
);
export const tests = arrayOf(test, { description: 'Access tests: what must hold' });

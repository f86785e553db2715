/** The form of access tests; part of schema.ts, and build time only like it. */
import { Type } from 'typebox';
import { closed, date, listOf, mapOf, nameOf, optional, reason, strings, targeting, text } from './schema-words.ts';

const context = optional(
  mapOf(Type.Union([Type.String(), Type.Number(), Type.Boolean(), listOf(Type.String(), {})]), {
    description: 'Condition keys that are known',
  }),
);
const request = Type.Union([
  Type.String({ minLength: 1, examples: ['s3:GetObject'] }),
  Type.Object(
    {
      action: strings('Actions; * stands for any'),
      resource: optional(strings('ARNs')),
      resourceAccount: optional(nameOf('account', 'Whose resource it is')),
      context,
    },
    closed,
  ),
]);
const subject = {
  group: optional(nameOf('group', 'A declared group')),
  user: optional(text('A user name', { minLength: 1 })),
  permissionSet: optional(nameOf('permissionSet', 'A permission set')),
  role: optional(text('ACCOUNT:NAME', { minLength: 1 })),
  rootUser: optional(Type.Unsafe<true>({ type: 'boolean', const: true, 'x-says': 'true' })),
};
const test = Type.Object(
  {
    test: text('What must hold, as a sentence', { minLength: 1 }),
    as: Type.Object(
      {
        ...subject,
        anyone: optional(Type.Unsafe<true>({ type: 'boolean', const: true, 'x-says': 'true' })),
        except: optional(listOf(Type.Object(subject, closed), {})),
      },
      { ...closed, description: 'Who: one of group, user, permissionSet, role, rootUser, anyone' },
    ),
    in: Type.Object(targeting, { ...closed, description: 'Where' }),
    at: optional(date('The day it is asked for')),
    allowed: optional(listOf(request, { minItems: 1 })),
    denied: optional(listOf(request, { minItems: 1 })),
    only: optional(Type.Boolean({ description: 'Nothing else is possible there' })),
    reason,
  },
  closed,
);
export const tests = listOf(test, { description: 'Access tests: what must hold' });

/**
 * The form of every file that people edit, said once: static types by `Static`, JSON Schemas by generate-schemas.ts.
 * typebox costs 200 ms to load, so nothing but the generator and `import type` may import this file.
 * `x-rule` and `x-says` are ours: the rule and the words for a value that a pattern or an enum refuses; `x-names` is the
 * kind of name that the schema command completes.
 */
import { controlKinds } from '../../model/resource.ts';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { quotas } from '../../model/quotas.ts';
import { policy, role, roleName } from './schema-iam.ts';
import { tests } from './schema-tests.ts';
import {
  closed,
  optionalKey,
  mapOf,
  arrayOf,
  oneOf,
  textSchema,
  nameSchema,
  accountId,
  plainName,
  awsName,
  tagsSchema,
  pathSchema,
  date,
  from,
  until,
  reason,
  previously,
  durationSchema,
  externalId,
  latin1,
  tags,
  tagText,
  document,
  policyFile,
  targeting,
  managedPolicies,
  customerManagedPolicies,
  permissionsBoundary,
} from './schema-words.ts';
import type { NamedSchemas } from './schema-words.ts';
import { resources } from './schema-resources.ts';
import { bindings, scp, settingsDocument, settingsPolicy } from './schema-policies.ts';

const accountEntry = Type.Union([
  accountId,
  Type.Object(
    { id: accountId, tags: optionalKey(tags('Labels that targets select by; AWS does not see them')) },
    closed,
  ),
]);
const accounts = mapOf(accountEntry, {
  description: 'Accounts directly in here, by name: the quoted id, or id and tags',
  propertyNames: { maxLength: 128, ...plainName },
});
export type OuEntry = {
  readonly previously?: readonly string[];
  readonly accounts?: NamedSchemas<Static<typeof accountEntry>>;
  readonly ous?: NamedSchemas<OuEntry>;
};
const ous = optionalKey(
  Type.Unsafe<NamedSchemas<OuEntry>>({
    type: 'object',
    description: 'Organizational units, by name',
    propertyNames: { maxLength: quotas.ouNameLength, ...plainName },
    additionalProperties: { $ref: '#/definitions/ou' },
  }),
);
const ou = Type.Object({ previously, accounts: optionalKey(accounts), ous }, closed);
const organization = Type.Object(
  {
    management: Type.Object(
      { name: Type.String({ maxLength: 128, ...plainName }), id: accountId, tags: optionalKey(tags('Labels')) },
      { ...closed, description: 'The management account' },
    ),
    accounts: optionalKey(accounts),
    ous,
  },
  { ...closed, description: 'The organization: its accounts and OUs, by name', definitions: { ou } },
);

const assignment = Type.Object(
  {
    permissionSet: optionalKey(nameSchema('permissionSet', 'The permission set that is given')),
    role: optionalKey(
      nameSchema('role', 'Instead of a permission set: the IAM role that is given, by account access manager'),
    ),
    ...targeting,
    from,
    until,
    reason,
  },
  closed,
);
const assignments = optionalKey(arrayOf(assignment, { description: 'What they are given, and where' }));
const userName = Type.String({
  minLength: 1,
  maxLength: quotas.userNameLength,
  pattern: '^[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+$',
  description: 'User name in the identity store',
  'x-rule': 'bad-name',
  'x-says': 'a user name without spaces',
});
/** GroupDisplayName and SensitiveStringType of the identity store's API model. */
const groupName = {
  ...plainName,
  pattern: '^(?=.*\\S)[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P} \\u00A0]+$',
};
const storeText = {
  pattern: '^[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r \\u00A0\\u3000]+$',
  'x-says': 'letters, digits, signs and spaces, as the identity store demands',
};
const member = Type.Union([userName, Type.Object({ user: userName, from, until, reason }, closed)]);
const state = optionalKey(oneOf(['present', 'absent'], { description: '`absent` deletes it', default: 'present' }));
const group = Type.Object(
  {
    group: Type.String({
      minLength: 1,
      maxLength: quotas.groupNameLength,
      description: 'Display name of the group',
      ...groupName,
    }),
    description: optionalKey(
      textSchema('What the group is for', { minLength: 1, maxLength: quotas.groupDescriptionLength, ...storeText }),
    ),
    source: optionalKey(
      oneOf(['identity-center', 'external'], {
        description: '`external`: synced from the corporate directory, never written',
        default: 'identity-center',
      }),
    ),
    members: optionalKey(arrayOf(member, { description: 'All members; without this key members are not managed' })),
    assignments,
    previously,
    state,
  },
  { ...closed, description: 'One group: members and assignments' },
);
const personText = (description: string) =>
  textSchema(description, {
    minLength: 1,
    maxLength: quotas.userTextLength,
    ...storeText,
    pattern: `^(?=[\\s\\S]*\\S)${storeText.pattern.slice(1)}`,
  });
const user = Type.Object(
  {
    user: userName,
    description: optionalKey(textSchema('Who this is')),
    create: optionalKey(
      Type.Boolean({
        description: 'Made where the directory of Identity Center has no such user; never edited or deleted',
      }),
    ),
    displayName: optionalKey(personText('As the person is shown')),
    name: optionalKey(
      Type.Object(
        { given: personText('Given name'), family: personText('Family name') },
        { ...closed, description: 'The name of the person' },
      ),
    ),
    email: optionalKey(
      Type.String({
        minLength: 3,
        maxLength: quotas.userTextLength,
        pattern: '^[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+$',
        description: 'Where the invitation goes; no two users have the same',
        examples: ['ada@securecart.example'],
        'x-says': 'an e-mail address',
      }),
    ),
    assignments,
  },
  { ...closed, description: 'One user: assignments. Groups are better where there is a choice' },
);

const permissionSet = Type.Object(
  {
    permissionSet: Type.String({
      minLength: 1,
      maxLength: quotas.permissionSetNameLength,
      description: 'Name; AWS cannot change it later',
      ...awsName,
    }),
    description: optionalKey(
      textSchema('What it is for', {
        minLength: 1,
        maxLength: quotas.permissionSetDescriptionLength,
        ...latin1,
      }),
    ),
    sessionDuration: optionalKey(durationSchema),
    relayState: optionalKey(
      textSchema('Where the console opens', {
        minLength: 1,
        maxLength: quotas.relayStateLength,
        pattern: '^[a-zA-Z0-9&$@#\\\\/%?=~\\-_\'"|!:,.;*+\\[\\]\\(\\)\\{\\} ]+$',
        examples: ['https://console.aws.amazon.com/'],
        'x-says': 'a URL',
      }),
    ),
    tags: optionalKey(tagsSchema('Tags in AWS')),
    managedPolicies,
    customerManagedPolicies,
    permissionsBoundary,
    inlinePolicy: optionalKey(document('A policy of its own')),
    inlinePolicyFile: policyFile('The same, as a .json file beside this one'),
    previously,
  },
  { ...closed, description: 'One permission set' },
);

/** AccessControlAttributeValueSource of the API model; one for each attribute, though the API takes a list. */
const attributeSource = {
  minLength: 1,
  maxLength: quotas.tagValueLength,
  pattern: '^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@\\[\\]{}$\\\\"]*$',
  examples: ['${path:enterprise.department}'],
  'x-says': 'a source such as ${path:enterprise.department}',
};

const risk = oneOf(['low', 'medium', 'high', 'critical'], {});
const budgetKinds = [
  'assignment',
  'entitlement',
  'membership',
  'permission-set',
  ...controlKinds,
  'attachment',
  'group',
  'ou',
  'role',
  'policy',
];
const limits = (names: readonly string[]) =>
  Type.Unsafe<NamedSchemas<number>>({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'integer', minimum: 0 }])),
    additionalProperties: false,
  });
const regionText = {
  pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$',
  examples: ['eu-west-1'],
  'x-says': 'a Region such as eu-west-1',
};
const enteringRole = Type.Object(
  {
    name: roleName,
    path: optionalKey(pathSchema),
    externalId: optionalKey(textSchema('External ID', externalId)),
    sessionTags: optionalKey(tagsSchema('Session tags, sent with every AssumeRole')),
  },
  closed,
);
const settings = Type.Object(
  {
    organization: optionalKey(
      textSchema('Id of the organization; left out for an account that belongs to none', {
        pattern: '^o-[a-z0-9]{10,32}$',
        examples: ['o-exampleorgid'],
        'x-says': 'an organization id, o- and 10 to 32 letters or digits',
      }),
    ),
    endpoints: optionalKey(arrayOf(Type.String({ minLength: 1 }), { description: 'Only for anything but AWS itself' })),
    region: textSchema('Region of Identity Center', regionText),
    owner: textSchema('Goes into the tag gatehouse:owner', {
      minLength: 1,
      maxLength: quotas.tagValueLength,
      ...tagText,
    }),
    ownership: optionalKey(Type.Object({ assignments: optionalKey(oneOf(['managed', 'exclusive'], {})) }, closed)),
    adopt: optionalKey(
      arrayOf(Type.String({ minLength: 1 }), {
        description: 'Keys of sets and policies of Organizations that become wholly ours',
        examples: [['permission-set/AdministratorAccess']],
      }),
    ),
    breakGlass: optionalKey(
      Type.Object(
        { group: nameSchema('group', 'The group'), permissionSet: nameSchema('permissionSet', 'Its set') },
        closed,
      ),
    ),
    reconciler: optionalKey(
      Type.Object({ plan: textSchema('Role that reads'), apply: textSchema('Role that writes') }, closed),
    ),
    delegatedAdministrator: optionalKey(Type.Union([nameSchema('account', 'The account'), Type.Null()])),
    memberRole: optionalKey(enteringRole),
    resourcePolicies: optionalKey(
      Type.Object(
        {
          regions: arrayOf(textSchema('A Region', regionText), {
            minItems: 1,
            description: 'Where policies of resources are read; buckets are read wherever they are',
          }),
          role: optionalKey(enteringRole),
        },
        { ...closed, description: 'Lets the audit and --live read the policies of resources in every account' },
      ),
    ),
    oidcProviders: optionalKey(oneOf(['manage', 'require'], { default: 'manage' })),
    attributes: optionalKey(
      mapOf(textSchema('Where the value comes from', attributeSource), {
        description: 'Attributes for access control: all of them, as tags of the sessions of people',
        propertyNames: { minLength: 1, maxLength: quotas.tagKeyLength, ...tagText },
      }),
    ),
    budgets: optionalKey(Type.Object({ delete: optionalKey(limits(budgetKinds)) }, closed)),
    approvals: optionalKey(
      arrayOf(
        Type.Object(
          {
            when: Type.Object(
              {
                risk: optionalKey(risk),
                path: optionalKey(textSchema('A glob')),
                account: optionalKey(nameSchema('account', '')),
                ou: optionalKey(nameSchema('ou', '')),
              },
              closed,
            ),
            users: optionalKey(arrayOf(Type.String(), {})),
            teams: optionalKey(arrayOf(Type.String(), {})),
            count: optionalKey(Type.Integer({ minimum: 1 })),
          },
          closed,
        ),
        { description: 'Who must approve what' },
      ),
    ),
    ignore: optionalKey(arrayOf(Type.String({ minLength: 1 }), { description: 'Names or keys, * for any text' })),
    quotas: optionalKey(limits(Object.keys(quotas))),
    exceptions: optionalKey(
      arrayOf(
        Type.Object(
          {
            guard: textSchema('Id of the guard', { minLength: 1 }),
            kind: optionalKey(Type.String()),
            count: optionalKey(Type.Integer({ minimum: 0 })),
            key: optionalKey(Type.String()),
            until: date('Last valid day'),
            reason: textSchema('Why', { minLength: 1 }),
          },
          closed,
        ),
        {},
      ),
    ),
    waivers: optionalKey(
      arrayOf(
        Type.Object(
          {
            finding: textSchema('Id of the finding', { minLength: 1 }),
            account: optionalKey(nameSchema('account', '')),
            until: date('Last valid day'),
            reason: textSchema('Why', { minLength: 1 }),
          },
          closed,
        ),
        {},
      ),
    ),
  },
  { ...closed, description: 'Settings of the reconciler' },
);

/** By kind of file. */
export const fileSchemas = {
  organization,
  settings,
  group,
  user,
  'permission-set': permissionSet,
  scp,
  'settings-policy': settingsPolicy,
  bindings,
  role,
  policy,
  tests,
  resources,
  'policy-document': document('A policy document'),
  'settings-document': settingsDocument('Settings of a policy of Organizations'),
};
export type FileSchemas = { readonly [K in keyof typeof fileSchemas]: Static<(typeof fileSchemas)[K]> };

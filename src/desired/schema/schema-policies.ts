/** The form of the files of scps/: policies, and where they hang. */
import { Type } from 'typebox';
import { quotas } from '../../model/quotas.ts';
import type { GuardRailKind } from '../../model/resource.ts';
import { guardRailKinds, settingsKinds } from '../../model/resource.ts';
import {
  previously,
  document,
  closed,
  optionalKey,
  plainName,
  textSchema,
  policyFile,
  oneOf,
  nameSchema,
  arrayOf,
  date,
  mapOf,
} from './schema-words.ts';
import { settingsPolicyTypes } from '../../kinds/control-policies.ts';
import type { SettingsDocument } from '../../model/settings-document.ts';

const controlPolicyName = Type.String({
  minLength: 1,
  maxLength: quotas.controlPolicyNameLength,
  description: 'Name of the policy; all policies of scps/ share one namespace',
  ...plainName,
});

type OptionalName = ReturnType<typeof optionalKey<typeof controlPolicyName>>;

export const scp = Type.Object(
  {
    ...(Object.fromEntries(guardRailKinds.map((kind) => [kind, optionalKey(controlPolicyName)])) as Readonly<
      Record<GuardRailKind, OptionalName>
    >),
    description: optionalKey(textSchema('What it prevents', { maxLength: quotas.controlPolicyDescriptionLength })),
    policy: optionalKey(document('What it denies')),
    policyFile: policyFile('The same, as a .json file beside this one'),
    previously,
  },
  { ...closed, description: 'One service control policy (scp) or resource control policy (rcp)' },
);

/** What stands below the element is AWS's to judge; an editor offers the elements of all types. */
export const settingsDocument = (description: string) =>
  Type.Unsafe<SettingsDocument>({
    type: 'object',
    properties: Object.fromEntries(
      settingsKinds.map((kind) => {
        const { element, longWord, page } = settingsPolicyTypes[kind];
        return [element, { type: 'object', description: `The settings of a ${longWord} (${kind}): ${page}` }];
      }),
    ),
    description,
  });

export const settingsPolicy = Type.Object(
  {
    'policy-type': oneOf(settingsKinds, { description: 'Which type of Organizations policy it is' }),
    name: controlPolicyName,
    description: optionalKey(textSchema('What it sets', { maxLength: quotas.controlPolicyDescriptionLength })),
    policy: optionalKey(settingsDocument('Its settings, under inheritance operators such as "@@assign"')),
    policyFile: policyFile('The same, as a .json file beside this one'),
    previously,
  },
  { ...closed, description: 'One policy of Organizations that sets settings: tags, backups, security services' },
);

const binding = Type.Union([
  arrayOf(nameSchema('controlPolicy', 'A policy of scps/'), { uniqueItems: true }),
  Type.Object(
    {
      policies: optionalKey(arrayOf(nameSchema('controlPolicy', 'A policy of scps/'), { uniqueItems: true })),
      fullAwsAccess: optionalKey(Type.Boolean({ default: true, description: 'false: FullAWSAccess is detached here' })),
    },
    closed,
  ),
]);

const rolloutStage = Type.Object(
  {
    ou: nameSchema('ou', 'An OU path; Root is the root'),
    from: optionalKey(date('First day on which it hangs here, UTC')),
    after: optionalKey(
      textSchema('Instead of from: days after the from of the stage before, when the drift job proposes a from', {
        pattern: '^[1-9][0-9]{0,2}d$',
        examples: ['7d'],
        'x-says': 'days such as 7d',
      }),
    ),
  },
  closed,
);

const rollout = arrayOf(rolloutStage, { minItems: 1, description: 'Where it hangs, one OU after the other' });

export const bindings = Type.Object(
  {
    ous: optionalKey(mapOf(binding, { description: 'By OU path; Root is the root', 'x-names': 'ou' })),
    accounts: optionalKey(mapOf(binding, { description: 'By account name', 'x-names': 'account' })),
    rollout: optionalKey(
      mapOf(rollout, {
        description: 'By policy that comes in stages; it stands nowhere else in this file',
        'x-names': 'controlPolicy',
      }),
    ),
  },
  { ...closed, description: 'Which policies of scps/ hang where' },
);

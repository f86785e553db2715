/** The form of access/resources/: policies of resources that others make. Build time only, like schema.ts. */
import { Type } from 'typebox';
import { resourceExamples } from '../../kinds/resource-policies.ts';
import {
  arrayOf,
  closed,
  document,
  nameSchema,
  oneOf,
  optionalKey,
  policyFile,
  reason,
  textSchema,
} from './schema-words.ts';

const resource = Type.Object(
  {
    resource: textSchema('ARN of the bucket, topic, key, secret, queue, function or repository', {
      minLength: 1,
      maxLength: 2048,
      pattern: '^arn:aws:[!-~]+$',
      examples: resourceExamples,
      'x-says': 'an ARN such as arn:aws:s3:::pictures',
    }),
    account: optionalKey(
      nameSchema('account', 'Whose it is; the ARN of a bucket does not say it, so there it has to be said'),
    ),
    region: optionalKey(
      textSchema('Where it is; of a bucket it has to be said', {
        pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$',
        examples: ['eu-west-1'],
        'x-says': 'a Region such as eu-west-1',
      }),
    ),
    policy: optionalKey(document('Who may do what with it')),
    policyFile: policyFile('The same, as a .json file beside this one'),
    state: optionalKey(
      oneOf(['present', 'absent'], { description: '`absent` takes the policy away', default: 'present' }),
    ),
    reason,
  },
  closed,
);
export const resources = Type.Object(
  { resources: arrayOf(resource, { minItems: 1, description: 'One entry for each resource' }) },
  { ...closed, description: 'Policies of resources: buckets, topics, keys, secrets' },
);

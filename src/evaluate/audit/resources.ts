/** Rules on the policies of resources: whom they let in. */
import type { AuditContext, ResourceOpening } from '../../model/audit.ts';
import { resourcePolicyKey } from '../../model/resource.ts';
import { grouped } from '../../model/lists.ts';
import { iamGuidePage } from './rule.ts';
import type { AccountRule, Hit } from './rule.ts';

const mostActions = 3;

const listed = (texts: readonly string[]): string => {
  const all = [...new Set(texts)];
  const rest = all.length - mostActions;
  return `${all.slice(0, mostActions).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};

const hitOf = (resource: string, openings: readonly ResourceOpening[], words: string): Hit => ({
  subject: resource,
  read: `${words} ${listed(openings.flatMap(({ who }) => who))} (${listed(openings.flatMap(({ actions }) => actions))})`,
});

type OpeningWords = { readonly words: string; readonly unlessDeclared?: true };

const eachOf =
  (kind: ResourceOpening['kind'], { words, unlessDeclared }: OpeningWords): AccountRule['find'] =>
  ({ account }, { openings, declared }: AuditContext) => {
    const mine = openings.filter(
      (one) =>
        one.account === account &&
        one.kind === kind &&
        (unlessDeclared !== true || !declared.has(resourcePolicyKey(one.resource))),
    );
    return [...grouped(mine, ({ resource }) => resource)].map(([resource, all]) => hitOf(resource, all, words));
  };

export const resourceRules: readonly AccountRule[] = [
  {
    id: 'resource-public',
    of: 'account',
    severity: 'critical',
    explanation:
      'Everybody may use the resource: no condition says who comes, and neither block public access nor an RCP keeps them out.',
    todo: 'Name who may use it, in Principal or by aws:PrincipalOrgID, and turn block public access of S3 on.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    find: eachOf('public', { words: 'open to' }),
  },
  {
    id: 'resource-open-outside',
    of: 'account',
    severity: 'high',
    explanation:
      'An account or an organization that is not ours, or whoever comes from an address, may use the resource, and the repository does not declare its policy.',
    todo: 'Take the statement away, or declare the policy in access/resources/.',
    link: iamGuidePage('access-analyzer-findings-remediate'),
    find: eachOf('outside', { words: 'open to', unlessDeclared: true }),
  },
  {
    id: 'resource-confused-deputy',
    of: 'account',
    severity: 'medium',
    explanation:
      'A service may use the resource on behalf of any customer of AWS: nothing says for which account or resource.',
    todo: 'Add a condition on aws:SourceAccount, aws:SourceArn or aws:SourceOrgID.',
    link: iamGuidePage('confused-deputy'),
    find: eachOf('confused-deputy', { words: 'open to' }),
  },
  {
    id: 'resource-dead-principal',
    of: 'account',
    severity: 'medium',
    explanation:
      'The policy names a role or user that was deleted: it shows by an id that nobody will ever have again.',
    todo: 'Write the policy anew; a role that was made again under the name is not meant by it.',
    link: iamGuidePage('reference_policies_elements_principal'),
    find: eachOf('dead', { words: 'names' }),
  },
];

/** Whether somebody from outside gets in by a statement, past the rest of the policy and the RCPs above the resource. */
import { coveredBy } from '../../kinds/resource-policies.ts';
import { listOf } from '../../model/policy.ts';
import type { Statement } from '../../model/policy.ts';
import type { Account, ResourcePolicy } from '../../model/resource.ts';
import { actionsMatching, hasWildcard } from '../ask/actions.ts';
import { decide } from '../decide.ts';
import { allowingAll } from '../layers.ts';
import { matches, parsePattern } from '../match.ts';
import type { AccessWorld } from '../policies-of.ts';
import type { RequestContext } from '../request.ts';

/** One for all of a kind. */
export type Stranger = {
  readonly who: string;
  /** As requests name it: an ARN, a service, `*`. */
  readonly principal: string;
  /** Id of its organization; absent: of none that anybody knows. */
  readonly organization?: string;
  /** The account on whose behalf a service comes. */
  readonly source?: string;
};

export type ResourceScene = {
  readonly world: AccessWorld;
  readonly policy: ResourcePolicy;
  readonly account: Account;
};

const strangeOrganization = 'o-0000000000';

/** Whoever has no name is of no organization, and neither is a service. */
const membershipOf = ({ principal, organization = strangeOrganization }: Stranger): RequestContext =>
  principal.startsWith('arn:')
    ? { 'aws:PrincipalOrgID': organization, 'aws:PrincipalOrgPaths': [`${organization}/r-0000/`] }
    : {};

const sourceOf = ({ source }: Stranger): RequestContext =>
  source === undefined ? {} : { 'aws:SourceAccount': source };

const isService = ({ principal }: Stranger): boolean => principal.endsWith('.amazonaws.com');

/** Keys that a stranger's request has not: a service says of whom it comes, and nobody else does. */
const absentFor = (stranger: Stranger): readonly string[] => [
  ...(stranger.principal.startsWith('arn:')
    ? []
    : ['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:PrincipalAccount']),
  ...(isService(stranger) ? [] : ['aws:PrincipalServiceName']),
];

const isLike = (pattern: string, text: string): boolean => matches(parsePattern(pattern), text);

/** A few of what the statement is about: the resource, something in it, and what a pattern of it matches. */
const resourcesOf = (statement: Statement, { policy }: ResourceScene): readonly string[] => {
  const all = coveredBy(policy.resource).map((pattern) => pattern.replaceAll('*', 'x'));
  const named = listOf(statement.Resource ?? [])
    .filter((pattern) => pattern !== '*')
    .map((pattern) => pattern.replaceAll('*', 'x').replaceAll('?', 'x'));
  return [...new Set([...named, ...all])].filter((arn) =>
    coveredBy(policy.resource).some((pattern) => isLike(pattern, arn)),
  );
};

const service = ({ policy }: ResourceScene): string => policy.resource.split(':')[2] ?? '';

const actionsOf = ({ Action }: Statement, scene: ResourceScene): readonly string[] =>
  (Action === undefined ? [`${service(scene)}:*`] : listOf(Action)).flatMap((pattern) =>
    hasWildcard(pattern) ? actionsMatching(pattern === '*' ? `${service(scene)}:*` : pattern) : [pattern],
  );

/** What hangs on something of the request that a stranger chooses counts as open. */
export const isLetIn = (stranger: Stranger, statement: Statement, scene: ResourceScene): boolean => {
  const { world, policy, account } = scene;
  const layers = {
    identityPolicies: [allowingAll],
    rcps: world.levels('rcp', account),
    resourcePolicy: { name: policy.resource, policy: policy.document },
  };
  const context: RequestContext = {
    'aws:SecureTransport': true,
    'aws:ViaAWSService': false,
    'aws:PrincipalIsAWSService': isService(stranger),
    'aws:ResourceOrgID': world.organization,
    ...membershipOf(stranger),
    ...sourceOf(stranger),
  };
  const absent = absentFor(stranger);
  const asked = { principal: stranger.principal, resourceAccount: account.id, context, absent, unknown: ['*'] };
  const resources = resourcesOf(statement, scene);
  return actionsOf(statement, scene).some((action) =>
    resources.some((resource) => decide({ ...asked, action, resource }, layers).decision !== 'denied'),
  );
};

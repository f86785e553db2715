/** The rules that a policy document is read by: the one list, from which docs/rules.md is held true. */
import type { Severity } from '../../model/problem.ts';

type LintRule = { readonly id: string; readonly severity: Severity; readonly explanation: string };

const rule = <const I extends string>(id: I, severity: Severity, explanation: string) =>
  ({ id, severity, explanation }) as const satisfies LintRule;

export const lintRules = [
  rule('bad-operator', 'error', 'The condition operator does not exist; IAM refuses the document.'),
  rule('bad-condition-value', 'error', 'The value is of no form that its operator reads, so that it never matches.'),
  rule(
    'bad-variable',
    'error',
    'A policy variable is not closed, or in a guard rail has no value in any request: what it stands in matches nothing.',
  ),
  rule(
    'variable-without-value',
    'warning',
    'A policy variable has no value in any request: what it stands in matches nothing, and a negated condition always holds.',
  ),
  rule(
    'bad-arn',
    'error',
    'A resource is no ARN of six parts with a possible partition, Region and account, or has a wildcard where AWS takes none.',
  ),
  rule(
    'uncatalogued-region',
    'warning',
    'A Region has the form of one, and the shipped list of AWS does not have it: nothing is there, unless AWS opened it since.',
  ),
  rule('bad-principal', 'error', 'A principal is of no kind that IAM knows, or has a wildcard inside its ARN.'),
  rule('trust-syntax', 'error', 'A trust policy has a Resource, or an action that assumes no role; IAM refuses it.'),
  rule('bad-sid', 'error', 'A Sid has letters and digits only.'),
  rule(
    'missing-version',
    'warning',
    'Without Version "2012-10-17" a policy is read as of 2008: its variables are plain text.',
  ),
  rule('unknown-action', 'warning', 'No such service or action: the entry says nothing.'),
  rule('empty-deny', 'error', 'A denial names an action that does not exist: it denies nothing and seems to.'),
  rule(
    'vacuous-test',
    'error',
    'An access test asks for an action that does not exist, or of a resource on which the action never acts: it shows nothing. If AWS has it since the catalogue was made, silence the rule.',
  ),
  rule(
    'uncatalogued-action',
    'warning',
    'An access test names an action that its service does not have in the shipped catalogue, and that is near no other.',
  ),
  rule(
    'settled-test',
    'error',
    'AWS decides it whatever any policy says: the access test can never fail, or never hold.',
  ),
  rule('contradictory-test', 'error', 'One access test wants the same allowed and denied: it can never hold.'),
  rule('unknown-condition-key', 'error', 'The condition key does not exist: it is absent from every request.'),
  rule(
    'unsupported-condition-key',
    'warning',
    'The action never carries this condition key: the statement fails, or holds, for it whatever the value.',
  ),
  rule('unknown-resource-type', 'warning', 'The service has no resource with an ARN of this form.'),
  rule('resource-fits-no-action', 'warning', 'None of the actions of the statement works on this resource.'),
  rule('action-fits-no-resource', 'warning', 'The action works on none of the resources of the statement.'),
  rule('never-matches', 'warning', 'No request can match the statement: it does nothing.'),
  rule('literal-wildcard', 'warning', 'The operator compares letter by letter: its wildcard is a plain character.'),
  rule('set-operator', 'warning', 'A key of many values needs ForAnyValue or ForAllValues, and only such a key does.'),
  rule('covered-statement', 'warning', 'Another statement of the document says all this already, or denies it all.'),
  rule('covered-action', 'note', 'Another pattern of the same list covers this one.'),
  rule('allow-not-action', 'warning', 'Allow with NotAction allows what AWS will invent tomorrow.'),
  rule('allow-not-principal', 'error', 'Allow with NotPrincipal allows everybody else, anonymous callers included.'),
  rule(
    'broad-pass-role',
    'warning',
    'Whoever may pass any role to any service may do whatever the strongest role of the account may.',
  ),
  rule('open-resource', 'error', 'A resource is open to everybody: no condition says who comes, or from where.'),
  rule('open-trust', 'error', 'The role may be assumed by anybody on AWS.'),
  rule(
    'confused-deputy',
    'warning',
    'A service may assume the role, or use the resource, on behalf of other customers: aws:SourceAccount, aws:SourceArn or aws:SourceOrgID is missing.',
  ),
  rule(
    'missing-external-id',
    'warning',
    'A third party that is trusted without an external ID can be tricked into it.',
  ),
  rule(
    'open-oidc-trust',
    'error',
    'A web identity is trusted without a fixed audience and subject: others of the same provider can assume the role.',
  ),
  rule(
    'missing-saml-audience',
    'warning',
    'A SAML provider is trusted without SAML:aud: an answer that it sent to another service lets in as well.',
  ),
  rule(
    'dead-principal',
    'warning',
    'A policy names the id of a role or user that was deleted: nobody comes by it, and AWS refuses to write it again.',
  ),
  rule(
    'forgeable-exception',
    'warning',
    'An exception for a role whose path nobody protects: who may create roles may create this one.',
  ),
  rule('rcp-syntax', 'error', 'An RCP has an element or an action that AWS refuses in RCPs.'),
  rule('rcp-unsupported', 'error', 'The service obeys no RCP: the entry denies nothing, and AWS refuses it.'),
  rule(
    'empty-exception',
    'error',
    'A guard rail excepts whom no request can come from, or everybody: it has no exception, or denies nothing.',
  ),
  rule('denies-everything', 'error', 'The conditions of the Deny of everything always hold: nobody can do anything.'),
  rule(
    'unkept-promise',
    'warning',
    'The Sid or the description of a guard rail names an action that no statement of it denies.',
  ),
  rule('shuts-out-break-glass', 'error', 'The guard rail or boundary stops break-glass. This cannot be silenced.'),
  rule('shuts-out-reconciler', 'error', 'The guard rail or boundary stops the reconciler. This cannot be silenced.'),
  rule('silence-without-reason', 'error', 'A silence says why: # gatehouse: allow RULE because REASON.'),
  rule('unknown-silence', 'error', 'The silenced rule does not exist or cannot be silenced.'),
  rule('useless-silence', 'warning', 'Nothing below this silence breaks the rule.'),
  rule('too-many-findings', 'note', 'The rest of what the lint found in this file is not shown.'),
] as const;

export type LintRuleId = (typeof lintRules)[number]['id'];

const severities = new Map<string, Severity>(lintRules.map(({ id, severity }) => [id, severity]));
export const severityOf = (id: LintRuleId): Severity => severities.get(id) ?? 'error';

/** Break-glass and the reconciler survive everything, a reason included; what is said of silences is not silenced. */
const unsilenceable: ReadonlySet<string> = new Set<LintRuleId>([
  'shuts-out-break-glass',
  'shuts-out-reconciler',
  'silence-without-reason',
  'unknown-silence',
  'useless-silence',
  'too-many-findings',
]);

export const silenceableRules: readonly string[] = lintRules.map(({ id }) => id).filter((id) => !unsilenceable.has(id));

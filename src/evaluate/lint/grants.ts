/** Statements that give away more than they seem to: open-ended grants, and trusts that let the wrong ones in. */
import { matchesAction, parseAction, parseActionPattern } from '../actions.ts';
import { parseRange } from '../ip.ts';
import { quote, testsOf } from './document.ts';
import type { LintFinding, LintStatement, LintTest } from './document.ts';
import type { LintContext } from './context.ts';
import { listOf } from '../../model/policy.ts';

const isAllow = ({ statement }: LintStatement): boolean => statement.Effect === 'Allow';

/** In an SCP, Allow with NotAction is an allow-list turned around, and as open as anywhere else. */
const allowNot = (at: LintStatement): readonly LintFinding[] => {
  if (!isAllow(at)) return [];
  const { NotAction, NotPrincipal } = at.statement;
  const found: LintFinding[] = [];
  if (NotAction !== undefined) {
    const message = 'Allow with NotAction allows every action that is not listed, those that do not exist yet too';
    found.push({ rule: 'allow-not-action', at: at.keyAt('NotAction'), message, hint: 'List what is meant in Action.' });
  }
  if (NotPrincipal !== undefined) {
    const message = 'Allow with NotPrincipal allows everybody who is not listed';
    found.push({
      rule: 'allow-not-principal',
      at: at.keyAt('NotPrincipal'),
      message,
      hint: 'List who is meant in Principal.',
    });
  }
  return found;
};

const passRole = parseAction('iam:PassRole');
/** Every role of an account, or of all accounts: a resource that no name or path narrows. */
const isEveryRole = (resource: string): boolean =>
  /^(\*|arn:[^:]*:(iam|\*):[^:]*:[^:]*:(\*|role\/?\*))$/.test(resource);
const narrowing = ['iam:passedtoservice', 'iam:associatedresourcearn'];

/** `Action: "*"` is an administrator's statement, which needs no PassRole to be one. */
const broadPassRole = (at: LintStatement): readonly LintFinding[] => {
  const isNarrowed = testsOf(at.statement).some(({ key, negated }) => narrowing.includes(key) && !negated);
  const isBroad = listOf(at.statement.Resource).some(isEveryRole) || at.statement.NotResource !== undefined;
  if (!isAllow(at) || isNarrowed || !isBroad) return [];
  return listOf(at.statement.Action).flatMap((pattern, index) => {
    if (pattern === '*' || !matchesAction(parseActionPattern(pattern), passRole)) return [];
    const message = `${quote(pattern)} lets every role be passed to every service`;
    const hint = 'Name the roles by a path in Resource, or the service in iam:PassedToService.';
    return [{ rule: 'broad-pass-role', at: at.at('Action', index), message, hint } as const];
  });
};

export const lintGrants = (at: LintStatement): readonly LintFinding[] =>
  at.of.use === 'identity' ? [...allowNot(at), ...broadPassRole(at)] : allowNot(at);

type Principals = readonly { readonly type: string; readonly name: string; readonly index: number }[];

const principalsOf = ({ statement }: LintStatement): Principals => {
  const { Principal } = statement;
  if (Principal === undefined) return [];
  if (Principal === '*') return [{ type: 'AWS', name: '*', index: 0 }];
  return Object.entries(Principal).flatMap(([type, names]) =>
    listOf(names).map((name, index) => ({ type, name, index })),
  );
};

/** A test that a request cannot pass by lacking the key or by any value at all. */
const isFirm = ({ base, ifExists, quantifier, negated, values }: LintTest): boolean =>
  base !== 'null' &&
  !ifExists &&
  quantifier !== 'forallvalues' &&
  !negated &&
  !values.some((value) => /^\**$/.test(value));

/**
 * Keys whose value says who comes or through what, as a whole: a part of it is anybody's ("The meaning of public",
 * docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
 */
const wholeKeys = /^(aws:(source(vpc|vpce|account|owner|orgid)|principal(account|orgid)|userid)|kms:calleraccount)$/;

/** "Values broader than /8 for IPv4 and /32 for IPv6 (excluding RFC1918 private ranges)", on the same page. */
const isBroadRange = (text: string): boolean => {
  if (/^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(text)) return false;
  const range = parseRange(text);
  return range === undefined || range.prefix < (range.bits === 32 ? 8 : 32);
};

const isPart = (value: string): boolean => /[*?]|\$\{/.test(value);

/** An ARN of anybody's account. Those of buckets name none. */
const isArnOfAnybody = (value: string): boolean => {
  const [, , service = '', , account = '', resource = ''] = value.split(':');
  return account === '' && service === 's3' ? isPart(resource.split('/')[0] ?? '') : !/^\d{12}$/.test(account);
};

/** Names that anybody may give a role or user of their own account, or an organization of theirs; most addresses there are. */
const namesAnybody = ({ key, values }: LintTest): boolean => {
  if (/^aws:(vpc)?sourceip$/.test(key)) return values.some(isBroadRange);
  if (wholeKeys.test(key)) return values.some(isPart);
  if (key === 'aws:sourcearn') return values.some(isArnOfAnybody);
  if (key === 'aws:principalarn') return values.some((value) => !/^arn:[^:]+:(iam|sts)::[^:*?]+:/.test(value));
  return /^aws:(principal|source)orgpaths$/.test(key) && values.some((value) => /^[^/]*[*?]/.test(value));
};

const hasFirm = (at: LintStatement, keys: readonly string[]): boolean =>
  testsOf(at.statement).some((test) => keys.includes(test.key) && isFirm(test) && !namesAnybody(test));

const whoKeys = [
  ...['aws:principalarn', 'aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths'],
  ...['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths', 'aws:userid'],
];

const sourceKeys = ['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/**
 * These assume a role for what runs in its own account: whoever starts it there needed iam:PassRole for it, and the
 * services send no source keys, or need none (IAM User Guide, "The confused deputy problem").
 */
const ownAccountServices = [
  ...['ec2.amazonaws.com', 'lambda.amazonaws.com', 'edgelambda.amazonaws.com', 'ecs-tasks.amazonaws.com'],
  ...['pods.eks.amazonaws.com', 'eks.amazonaws.com', 'batch.amazonaws.com', 'elasticmapreduce.amazonaws.com'],
];

const accountIn = (name: string): string | undefined =>
  /^(\d{12})$|^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(name)?.slice(1).find(Boolean);

const trusting = (at: LintStatement, context: Pick<LintContext, 'accounts'>): readonly LintFinding[] =>
  principalsOf(at).flatMap(({ type, name, index }): readonly LintFinding[] => {
    const place = at.at('Principal', type, index);
    if (type === 'AWS' && name === '*') {
      if (hasFirm(at, whoKeys)) return [];
      return [{ rule: 'open-trust', at: place, message: 'anybody on AWS may assume this role', hint: 'Name who may.' }];
    }
    if (type === 'Service' && !ownAccountServices.includes(name) && !hasFirm(at, sourceKeys)) {
      const message = `${quote(name)} may assume the role on behalf of any customer`;
      return [
        { rule: 'confused-deputy', at: place, message, hint: 'Add a condition on aws:SourceAccount or aws:SourceArn.' },
      ];
    }
    const account = type === 'AWS' ? accountIn(name) : undefined;
    if (
      account === undefined ||
      context.accounts.length === 0 ||
      context.accounts.includes(account) ||
      hasFirm(at, ['sts:externalid', 'aws:principalorgid'])
    )
      return [];
    const message = `account ${account} is not declared here and sends no external ID`;
    return [{ rule: 'missing-external-id', at: place, message, hint: 'Add a condition on sts:ExternalId.' }];
  });

const isWebIdentity = (at: LintStatement): boolean =>
  listOf(at.statement.Action).some((pattern) =>
    matchesAction(parseActionPattern(pattern), parseAction('sts:AssumeRoleWithWebIdentity')),
  );

/** Keys of AWS under which providers say the same (IAM User Guide, "Available keys for AWS OIDC federation"). */
const otherClaims = { aud: /:(app_id|oaud)$/, sub: /:(amr|repository|job_workflow_ref|user_id)$/ } as const;

const claimTests = (at: LintStatement, claim: 'aud' | 'sub'): readonly LintTest[] =>
  testsOf(at.statement).filter(({ key }) => key.endsWith(`:${claim}`) || otherClaims[claim].test(key));

/** Of GitHub and its like, the owner is the first part of the subject after its kind: it must not be a wildcard. */
const isOpenSubject = (value: string): boolean => /^[*?]|^[a-z_]+:[*?]/i.test(value);

const oidcTrust = (at: LintStatement): readonly LintFinding[] => {
  const provider = principalsOf(at).find(({ type }) => type === 'Federated');
  if (provider === undefined || !isWebIdentity(at)) return [];
  const place = at.at('Principal', 'Federated', provider.index);
  const missing = (['aud', 'sub'] as const).filter((claim) => !claimTests(at, claim).some(isFirm));
  const open = claimTests(at, 'sub').flatMap((test) =>
    test.values.flatMap((value, index): readonly LintFinding[] => {
      if (!isFirm(test) || !isOpenSubject(value)) return [];
      const where = at.at('Condition', test.operator, test.written, index);
      return [{ rule: 'open-oidc-trust', at: where, message: `the subject ${quote(value)} leaves open whose it is` }];
    }),
  );
  const words = { aud: 'audience', sub: 'subject' } as const;
  return [
    ...missing.map((claim): LintFinding => {
      const message = `no ${words[claim]} is demanded of ${quote(provider.name)}`;
      return { rule: 'open-oidc-trust', at: place, message, hint: `Add a condition on the provider's ${claim} claim.` };
    }),
    ...open,
  ];
};

const samlAction = parseAction('sts:AssumeRoleWithSAML');

const samlTrust = (at: LintStatement): readonly LintFinding[] => {
  const provider = principalsOf(at).find(({ type }) => type === 'Federated');
  const isSaml = listOf(at.statement.Action).some((one) => matchesAction(parseActionPattern(one), samlAction));
  if (provider === undefined || !isSaml || !provider.name.includes(':saml-provider/') || hasFirm(at, ['saml:aud']))
    return [];
  const message = `${quote(provider.name)} is trusted wherever its answer was sent`;
  const hint = 'Add a condition on SAML:aud, such as https://signin.aws.amazon.com/saml.';
  return [{ rule: 'missing-saml-audience', at: at.at('Principal', 'Federated', provider.index), message, hint }];
};

/** What IAM shows of a principal that was deleted (IAM User Guide, "Principal"). */
const deadPrincipals = (at: LintStatement): readonly LintFinding[] =>
  principalsOf(at).flatMap(({ type, name, index }) => {
    if (type !== 'AWS' || !/^A(RO|ID)A[A-Z0-9]+$/.test(name)) return [];
    const message = `${quote(name)} is the id of a role or user that was deleted: nobody comes by it, and AWS refuses it when the policy is written again`;
    return [{ rule: 'dead-principal', at: at.at('Principal', type, index), message } as const];
  });

/** Where a request comes from: what is behind it is not anybody. */
const placeKeys = ['aws:sourcevpc', 'aws:sourcevpce', 'aws:sourceip', 'aws:vpcsourceip', 'kms:calleraccount'];

const opening = (at: LintStatement): readonly LintFinding[] =>
  principalsOf(at).flatMap(({ type, name, index }): readonly LintFinding[] => {
    const place = at.statement.Principal === '*' ? at.at('Principal') : at.at('Principal', type, index);
    if (type === 'AWS' && name === '*' && !hasFirm(at, [...whoKeys, ...placeKeys, 'aws:sourceowner']))
      return [{ rule: 'open-resource', at: place, message: 'anybody may use this resource', hint: 'Name who may.' }];
    if (type !== 'Service' || ownAccountServices.includes(name) || hasFirm(at, [...sourceKeys, 'kms:viaservice']))
      return [];
    const message = `${quote(name)} may use the resource on behalf of any customer`;
    const hint = 'Add a condition on aws:SourceAccount or aws:SourceArn.';
    return [{ rule: 'confused-deputy', at: place, message, hint }];
  });

/** For documents that say who may use a resource. */
export const lintOpening = (at: LintStatement): readonly LintFinding[] =>
  at.of.use === 'resource' && isAllow(at) ? [...opening(at), ...deadPrincipals(at)] : [];

/** For documents that say who may assume a role. */
export const lintTrust = (at: LintStatement, context: Pick<LintContext, 'accounts'>): readonly LintFinding[] =>
  at.of.use === 'trust' && isAllow(at)
    ? [...trusting(at, context), ...oidcTrust(at), ...samlTrust(at), ...deadPrincipals(at)]
    : [];

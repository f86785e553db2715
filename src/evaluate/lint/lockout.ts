/** Guard rails and boundaries against those whom none may stop: break-glass and the reconciler. */
import type { Settings } from '../../model/desired.ts';
import { isGuardRailKind } from '../../model/resource.ts';
import { fullAccessDocument } from '../../model/policy.ts';
import { parseAction } from '../actions.ts';
import { decide } from '../decide.ts';
import type { Decision } from '../decide.ts';
import type { NamedPolicy, PolicyLayers } from '../layers.ts';
import type { LintFinding, LintDocument } from './document.ts';
import type { LintContext } from './context.ts';
import { splitArn } from '../match.ts';
import type { RequestContext, AccessRequest } from '../request.ts';
import { compile } from '../statements.ts';
import type { EssentialPrincipal, EssentialAction } from './keeper.ts';

const breakGlassNeeds = (region: string, path: string): readonly EssentialAction[] => [
  { action: 'iam:PutRolePolicy', resource: `arn:aws:iam::ID:role${path}any` },
  { action: 'iam:UpdateAssumeRolePolicy', resource: `arn:aws:iam::ID:role${path}any` },
  { action: 'iam:PutRolePolicy', resource: 'arn:aws:iam::ID:role/any' },
  { action: 's3:DeleteBucketPolicy', resource: 'arn:aws:s3:::any' },
  { action: 'kms:PutKeyPolicy', resource: `arn:aws:kms:${region}:ID:key/any` },
];

const memberNeeds = (path: string): readonly EssentialAction[] => [
  ...['GetRole', 'CreateRole', 'UpdateAssumeRolePolicy', 'PutRolePolicy', 'DeleteRole'].map((name) => {
    return { action: `iam:${name}`, resource: `arn:aws:iam::ID:role${path}any` };
  }),
  { action: 'iam:CreatePolicyVersion', resource: `arn:aws:iam::ID:policy${path}any` },
];

const applyNeeds: readonly EssentialAction[] = [
  ...['organizations:AttachPolicy', 'sso:CreateAccountAssignment', 'identitystore:CreateGroupMembership'],
].map((action) => ({ action, resource: '*' }));

/** `delegated`: the id of the account that the reconciler runs in, if that is no management account. */
export const keepersOf = (settings: Settings, delegated?: string): readonly EssentialPrincipal[] => {
  const { breakGlass, reconciler, memberRole, region } = settings;
  const path = memberRole?.path ?? '/';
  const folder = region === 'us-east-1' ? '' : `${region}/`;
  const set = breakGlass?.permissionSet;
  const sso = `arn:aws:iam::ID:role/aws-reserved/sso.amazonaws.com/${folder}AWSReservedSSO_${set ?? ''}_0123456789abcdef`;
  const arn = (role: string) => `arn:aws:iam::ID:role${role}`;
  const keepers: readonly (EssentialPrincipal | undefined)[] = [
    set === undefined
      ? undefined
      : { id: 'break-glass', name: set, arn: sso, needs: breakGlassNeeds(region, path), region },
    memberRole && {
      id: 'reconciler',
      name: memberRole.name,
      arn: arn(`${path}${memberRole.name}`),
      needs: memberNeeds(path),
      region,
    },
    reconciler && delegated !== undefined
      ? {
          id: 'reconciler',
          name: reconciler.apply,
          arn: arn(`/${reconciler.apply}`),
          needs: applyNeeds,
          account: delegated,
          region,
        }
      : undefined,
  ];
  return keepers.filter((keeper) => keeper !== undefined);
};

/** IAM, STS and Organizations answer from us-east-1, wherever they are called from. */
const isGlobal = (action: string): boolean => /^(iam|sts|organizations):/.test(action);

const everyKey = ['*'];
const contexts = new Map<string, RequestContext>();

/** What is always known (the same for all requests to a Region, so that it is read once); every other key is unknown. */
const contextIn = (region: string): RequestContext => {
  const known = contexts.get(region) ?? {
    'aws:RequestedRegion': region,
    'aws:SecureTransport': true,
    'aws:ViaAWSService': false,
    'aws:PrincipalIsAWSService': false,
    'aws:MultiFactorAuthPresent': false,
  };
  contexts.set(region, known);
  return known;
};

const requestOf = (
  { action, resource }: EssentialAction,
  keeper: EssentialPrincipal,
  account: string,
): AccessRequest => {
  const inAccount = (text: string) => text.replace('::ID:', `::${account}:`).replace(':ID:', `:${account}:`);
  const region = isGlobal(action) ? 'us-east-1' : splitArn(resource)[3] || keeper.region;
  return {
    action,
    resource: inAccount(resource),
    resourceAccount: account,
    principal: inAccount(keeper.arn),
    context: contextIn(region),
    unknown: everyKey,
  };
};

const administratorAccess: NamedPolicy = { name: 'AdministratorAccess', policy: fullAccessDocument };

/** A key's own policy has to name its account, or nobody reaches it (AWS KMS Developer Guide, "Key policies"). */
const ownAccount = (account: string): NamedPolicy => ({
  name: 'resource policy',
  policy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: '*', Resource: '*' }],
  },
});

const denialOf = (
  keeper: EssentialPrincipal,
  account: string,
  policies: PolicyLayers,
): { need: EssentialAction; decision: Decision } | undefined => {
  for (const need of keeper.needs) {
    const decision = decide(requestOf(need, keeper, account), {
      identityPolicies: [administratorAccess],
      resourcePolicy: ownAccount(account),
      ...policies,
    });
    if (decision.decision === 'denied') return { need, decision };
  }
  return undefined;
};

const placeholder = '000000000000';

/** Accounts that a document tells apart are those that it names; all others are alike. */
const accountsToTry = ({ document, accounts }: LintDocument): readonly string[] => {
  if (accounts === undefined || accounts.length === 0) return [placeholder];
  const named = new Set(JSON.stringify(document).match(/\b\d{12}\b/g) ?? []);
  const other = accounts.find((id) => !named.has(id));
  return [...accounts.filter((id) => named.has(id)), ...(other === undefined ? [] : [other])];
};

const ruleOf = ({ id }: { readonly id: EssentialPrincipal['id'] }) => `shuts-out-${id}` as const;

const railFor = (of: LintDocument): PolicyLayers => {
  const policies = [administratorAccess, { name: of.key, policy: of.document }];
  return of.use === 'rcp' ? { rcps: [{ level: of.key, policies }] } : { scps: [{ level: of.key, policies }] };
};

/** Most documents name none of these actions, and need no decision. */
const touched = ({ document }: LintDocument, keeper: EssentialPrincipal): EssentialPrincipal => {
  const denials = compile(document, 'plain').filter(({ effect }) => effect === 'Deny');
  const needs = keeper.needs.filter(({ action }) => denials.some((denial) => denial.action(parseAction(action))));
  return { ...keeper, needs };
};

const lockedOut = (of: LintDocument, keeper: EssentialPrincipal): readonly LintFinding[] => {
  const accounts = keeper.account === undefined ? accountsToTry(of) : [keeper.account];
  if (keeper.account !== undefined && of.accounts?.includes(keeper.account) !== true) return [];
  for (const account of accounts) {
    const denied = denialOf(keeper, account, railFor(of));
    if (denied?.decision.explicit !== true) continue;
    const at = of.at(['Statement', denied.decision.reasons[0]?.statement ?? 0]);
    return [
      { rule: ruleOf(keeper), at, message: `denies ${denied.need.action} to ${keeper.name}, which must keep it` },
    ];
  }
  return [];
};

/** A control policy by itself: what it denies outright, no other policy gives back. */
export const lintRail = (of: LintDocument, { keepers }: LintContext): readonly LintFinding[] =>
  isGuardRailKind(of.use) ? keepers.flatMap((keeper) => lockedOut(of, touched(of, keeper))) : [];

export const lintBoundaries = ({ keepers, boundaries }: LintContext): readonly LintFinding[] =>
  boundaries.flatMap(({ keeper: id, name, document, at }) => {
    const keeper = keepers.find((one) => one.id === id);
    if (keeper === undefined) return [];
    const denied = denialOf(keeper, placeholder, { boundary: [{ name, policy: document }] });
    if (denied === undefined) return [];
    const message = `the boundary ${name} does not leave ${denied.need.action} to ${keeper.name}`;
    return [{ rule: ruleOf(keeper), at, message }];
  });

/** Where FullAWSAccess was taken away, what the SCPs there do not allow is denied. */
export const lintAllowLists = (documents: readonly LintDocument[], context: LintContext): readonly LintFinding[] =>
  context.allowLists.flatMap(({ target, keys, accounts }) => {
    const here = documents.filter(({ key, use }) => use === 'scp' && keys.includes(key));
    const [first] = here;
    const account = accounts[0];
    if (first === undefined || account === undefined) return [];
    const policies = here.map(({ key, document }) => ({ name: key, policy: document }));
    return context.keepers.flatMap((keeper): readonly LintFinding[] => {
      if (keeper.account !== undefined && !accounts.includes(keeper.account)) return [];
      const denied = denialOf(keeper, keeper.account ?? account, { scps: [{ level: target, policies }] });
      if (denied === undefined || denied.decision.explicit) return [];
      const message = `without FullAWSAccess, nothing on ${target} allows ${denied.need.action} to ${keeper.name}`;
      return [{ rule: ruleOf(keeper), at: first.named, message }];
    });
  });

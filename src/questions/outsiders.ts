/** Whom the trust policies of an account's roles let in from outside: accounts, IAM users, services, providers, anybody. */
import { ask } from '../evaluate/ask/ask.ts';
import type { InquiryContext } from '../evaluate/ask/question.ts';
import type { Inquiry } from '../evaluate/ask/asking.ts';
import { globOf } from '../evaluate/ask/patterns.ts';
import { matchesAction, parseAction, parseActionPattern } from '../evaluate/actions.ts';
import { rootActor } from '../evaluate/actors.ts';
import type { RequestContext } from '../evaluate/request.ts';
import type { PlacedRole, AccessWorld } from '../evaluate/policies-of.ts';
import { glob, splitArn } from '../evaluate/match.ts';
import { parsePrincipal } from '../evaluate/principal.ts';
import { namesIn, valuesOf } from '../evaluate/trust/principals.ts';
import { statements, webIdentityProviders } from '../model/policy.ts';
import { UserError } from '../model/problem.ts';
import { findAccount } from './principals.ts';
import type { Statement } from '../model/policy.ts';
import type { Account } from '../model/resource.ts';
import type { Chain, PlaceLink } from '../model/why.ts';

/** Somebody who holds nothing in the account: how a question says that they ask. `action`: by which call they become a role. */
export type Outsider = {
  readonly name: string;
  readonly action: string;
  readonly context: RequestContext;
};

/** Of an account and an organization that nobody has. */
const nobodysAccount = '000000000000';
const anybody = `arn:aws:iam::${nobodysAccount}:role/anyone`;
const nobodysOrganization = { 'aws:PrincipalOrgID': 'o-0000000000', 'aws:PrincipalOrgPaths': ['o-0000000000/r-0000/'] };

export const callerIs = (name: string, arn: string, more: RequestContext = {}): Outsider => ({
  name,
  action: 'sts:AssumeRole',
  context: { ...more, 'aws:PrincipalArn': arn },
});

const wholeAccount = /^(\d{12})$|^arn:[^:]*:iam::(\d{12}):root$/;

const ofAws = (name: string): Outsider => {
  if (name === '*') return callerIs('anyone', anybody, nobodysOrganization);
  const account = wholeAccount.exec(name)?.slice(1).find(Boolean);
  return account === undefined
    ? callerIs(name, name)
    : callerIs(`account ${account}`, `arn:aws:iam::${account}:role/anyone`);
};

/** Somebody of the organization, or below the root or OU that a path of its ids leads to. */
const ofOrganization = (text: string): Outsider => {
  const [id = ''] = text.split('/');
  const of = { 'aws:PrincipalOrgID': id };
  if (id === text) return callerIs(`any account of organization ${id}`, anybody, of);
  const paths = [text.replaceAll('*', 'x').replaceAll('?', 'x')];
  return callerIs(`any account below ${text}`, anybody, { ...of, 'aws:PrincipalOrgPaths': paths });
};

/** One that the pattern matches, of an account that nobody has where it may be any. */
const sampleOf = (arn: string): string =>
  arn.replace('::*:', `::${nobodysAccount}:`).replaceAll('*', 'x').replaceAll('?', 'x');

/** Of an account as a whole, or of everybody: those whom the conditions name. */
const ofStatement = (name: string, { Condition }: Statement): readonly Outsider[] => {
  if (name !== '*' && !wholeAccount.test(name)) return [ofAws(name)];
  const places = valuesOf(Condition, /^(ForAnyValue:)?String(Equals|Like) aws:principalorg(id|paths)$/i);
  const arns = valuesOf(Condition, /^Arn(Like|Equals) aws:principalarn$/i);
  const callers = name === '*' && places.length > 0 ? places.map(ofOrganization) : [ofAws(name)];
  if (arns.length === 0) return callers;
  return callers.flatMap((one) => arns.map((arn) => callerIs(`${one.name} as ${arn}`, sampleOf(arn), one.context)));
};

const ofProvider = (name: string): Outsider => {
  const call = /:saml-provider\//.test(name) ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity';
  return { name: `provider ${name}`, action: call, context: { 'aws:FederatedProvider': name } };
};

const ofService = (name: string): Outsider => {
  return { name: `service ${name}`, action: 'sts:AssumeRole', context: { 'aws:PrincipalServiceName': name } };
};

const kinds: Readonly<Record<string, (name: string, statement: Statement) => readonly Outsider[]>> = {
  AWS: ofStatement,
  Service: (name) => [ofService(name)],
  Federated: (name) => [ofProvider(name)],
};

const isInside = (name: string, { id }: Account): boolean =>
  name === id || (splitArn(name)[4] === id && !/:(user|saml-provider|oidc-provider)\//.test(name));

/** Not those who act in the account by themselves, its own roles and the account as a whole; nor the ids of who is gone. */
export const outsidersNamed = (statement: Statement, account: Account): readonly Outsider[] => {
  if (statement.Effect !== 'Allow') return [];
  if (statement.NotPrincipal !== undefined) return [ofAws('*')];
  return namesIn(statement.Principal)
    .filter(([, name]) => !isInside(name, account) && (/^\d{12}$/.test(name) || parsePrincipal(name) !== undefined))
    .flatMap(([kind, name]) => kinds[kind]?.(name, statement) ?? []);
};

const trustedBy = ({ role, account }: PlacedRole): readonly Outsider[] =>
  statements(role.trust).flatMap((statement) => outsidersNamed(statement, account));

const accountNamed = (world: AccessWorld, text: string): Outsider => {
  return ofAws(/^\d{12}$/.test(text) ? text : findAccount(world, text).id);
};

const organizationNamed = (text: string): Outsider => {
  if (/^o-[a-z0-9]{10,32}(\/r-[a-z0-9]{4,32}\/.*)?$/.test(text)) return ofOrganization(text);
  throw new UserError(`"${text}" is neither the id of an organization nor a path of ids such as o-a1b2c3d4e5/r-ab12/*`);
};

const serviceNamed = (text: string): Outsider => {
  if (parsePrincipal(text)?.kind === 'service') return ofService(text);
  throw new UserError(`"${text}" is not a service, such as lambda.amazonaws.com`);
};

/** An OIDC provider's URL without its scheme. */
const issuer = /^[\w-]+(\.[\w-]+)+(\/[\w./-]+)?$/;

/** By ARN, or the issuer of an OIDC provider of the account. */
const providerNamed = (text: string, { id }: Account): Outsider => {
  const isIssuer = issuer.test(text) && !webIdentityProviders.includes(text);
  const name = isIssuer ? `arn:aws:iam::${id}:oidc-provider/${text}` : text;
  if (parsePrincipal(name)?.kind === 'identity-provider') return ofProvider(name);
  const example = 'such as token.actions.githubusercontent.com';
  throw new UserError(`"${text}" is neither the ARN of a SAML or OIDC provider nor an issuer, ${example}`);
};

/**
 * What `why` takes: `account ID` (or the name of one), `organization ID` (or a path of aws:PrincipalOrgPaths), `anyone`,
 * `service NAME`, `provider ARN` (or the issuer), or the ARN of an IAM user or role. Throws UserError for a name that can be none.
 */
export const readOutsider = (world: AccessWorld, text: string, account: Account): Outsider | undefined => {
  if (text === 'anyone') return ofAws('*');
  const [, kind, name = ''] = /^(account|organization|service|provider)[ :](.+)$/s.exec(text) ?? [];
  if (kind === 'account') return accountNamed(world, name);
  if (kind === 'organization') return organizationNamed(name);
  if (kind === 'service') return serviceNamed(name);
  if (kind === 'provider') return providerNamed(name, account);
  return /^arn:aws:(iam|sts)::\d{12}:(user|role|assumed-role|federated-user)\/./.test(text) ? ofAws(text) : undefined;
};

type Entrance = { readonly placed: PlacedRole; readonly outsider: Outsider };

const isAsked = ({ placed, outsider }: Entrance, { action, resource }: Inquiry): boolean =>
  matchesAction(parseActionPattern(action), parseAction(outsider.action)) &&
  (resource === undefined || glob(globOf(resource), placed.arn));

/** One role of those that are asked for, unless it alone is. */
const extentOf = ({ placed }: Entrance, { resource }: Inquiry): Pick<Chain, 'extent' | 'on'> =>
  resource === placed.arn ? {} : { extent: 'some-resource', on: placed.arn };

/** What lets somebody in from outside: a policy in an account, and what is asked of it. */
export type AskedEntrance = {
  readonly account: Account;
  readonly through: { readonly text: string; readonly place: PlaceLink | undefined };
  readonly policy: string;
  readonly question: Inquiry & { readonly resource: string };
};

/** The question says who asks: the root user of the account stands for nobody. */
export const answeredEntrance = (asker: InquiryContext, entrance: AskedEntrance): Chain => {
  const { account, through, policy, question } = entrance;
  const { action, decision, detail } = ask(asker, rootActor(asker.world, account), question);
  const { text, place } = through;
  return {
    through: [{ text, ...(place === undefined ? {} : { place }) }],
    decision,
    by: detail.by,
    ...(detail.because === undefined ? {} : { because: detail.because }),
    action,
    resource: question.resource,
    reasons: detail.reasons,
    dependsOn: detail.dependsOn,
    policies: [policy],
  };
};

const entranceChain = (asker: InquiryContext, entrance: Entrance, asking: Inquiry): Chain => {
  const { placed, outsider } = entrance;
  const context = { ...asking.context, ...outsider.context };
  const { role, account, arn, trust } = placed;
  const chain = answeredEntrance(asker, {
    account,
    through: { text: `the trust of ${role.account}:${role.name}`, place: trust.places?.[0] },
    policy: trust.name,
    question: { action: outsider.action, resource: arn, context },
  });
  return { ...chain, ...extentOf(entrance, asking) };
};

/** Of an account as a whole also those of its own whom a trust names one by one. */
const asNamed = (outsider: Outsider, placed: PlacedRole): readonly Outsider[] => {
  const id = /^account (\d{12})$/.exec(outsider.name)?.[1];
  if (id === undefined) return [outsider];
  return [outsider, ...trustedBy(placed).filter(({ name }) => splitArn(name)[4] === id)];
};

/** Every way of one outsider into a role of the account that is not shut. */
export const waysIn = (
  asker: InquiryContext,
  account: Account,
  { outsider, asking }: { outsider: Outsider; asking: Inquiry },
) =>
  asker.world
    .rolesIn(account.name)
    .flatMap((placed) => asNamed(outsider, placed).map((one) => ({ placed, outsider: one })))
    .filter((entrance) => isAsked(entrance, asking))
    .map((entrance) => {
      const chain = entranceChain(asker, entrance, asking);
      const { name } = entrance.outsider;
      return name === outsider.name ? chain : { ...chain, through: [{ text: name }, ...chain.through] };
    })
    .filter(({ decision }) => decision !== 'denied');

const entrancesIn = (world: AccessWorld, account: Account): readonly Entrance[] =>
  world.rolesIn(account.name).flatMap((placed) => {
    const outside = trustedBy(placed).filter(({ name }) => world.users.get(name)?.account !== account);
    const seen = new Map(outside.map((outsider) => [outsider.name, outsider]));
    return [...seen.values()].map((outsider) => ({ placed, outsider }));
  });

/** All outsiders whom a trust policy names, each with the role that lets them in. */
export const outsidersIn = (asker: InquiryContext, account: Account, asking: Inquiry) =>
  entrancesIn(asker.world, account)
    .filter((entrance) => isAsked(entrance, asking))
    .map((entrance) => ({ principal: entrance.outsider.name, chain: entranceChain(asker, entrance, asking) }));

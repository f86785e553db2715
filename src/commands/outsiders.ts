/** Whom the trust policies of an account's roles let in from outside: accounts, IAM users, services, providers, anybody. */
import { ask } from '../evaluate/ask/ask.ts';
import type { Asker, Asking } from '../evaluate/ask/question.ts';
import { globOf } from '../evaluate/ask/patterns.ts';
import { matchesAction, parseAction, parseActionPattern } from '../evaluate/actions.ts';
import { rootActor } from '../evaluate/actors.ts';
import type { PlacedRole, World } from '../evaluate/policies-of.ts';
import { glob, splitArn } from '../evaluate/match.ts';
import { statements } from '../model/policy.ts';
import type { OneOrMany } from '../model/policy.ts';
import type { Account } from '../model/resource.ts';
import type { Chain } from '../render/why.ts';

/** Somebody who holds nothing in the account: how a question says that they ask. `action`: by which call they become a role. */
export type Outsider = {
  readonly name: string;
  readonly action: string;
  readonly context: Readonly<Record<string, string>>;
};

const anybody = 'arn:aws:iam::000000000000:role/anyone';
export const callerIs = (name: string, arn: string): Outsider => ({
  name,
  action: 'sts:AssumeRole',
  context: { 'aws:PrincipalArn': arn },
});

const ofAws = (name: string): Outsider => {
  if (name === '*') return callerIs('anyone', anybody);
  const account = /^(\d{12})$|^arn:[^:]*:iam::(\d{12}):root$/.exec(name)?.slice(1).find(Boolean);
  return account === undefined
    ? callerIs(name, name)
    : callerIs(`account ${account}`, `arn:aws:iam::${account}:role/anyone`);
};

const ofProvider = (name: string): Outsider => {
  const call = /:saml-provider\//.test(name) ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity';
  return { name: `provider ${name}`, action: call, context: {} };
};

const ofService = (name: string): Outsider => {
  return { name: `service ${name}`, action: 'sts:AssumeRole', context: { 'aws:PrincipalServiceName': name } };
};

const kinds: ReadonlyMap<string, (name: string) => Outsider> = new Map([
  ['AWS', ofAws],
  ['Service', ofService],
  ['Federated', ofProvider],
]);

const listOf = (names: OneOrMany<string>): readonly string[] => (typeof names === 'string' ? [names] : names);

/** Not those who act in the account by themselves: its own roles, and the account as a whole. */
const trustedBy = ({ role, account }: PlacedRole): readonly Outsider[] =>
  statements(role.trust).flatMap(({ Effect, Principal }) => {
    if (Effect !== 'Allow' || Principal === undefined) return [];
    if (Principal === '*') return [ofAws('*')];
    return Object.entries(Principal).flatMap(([kind, names]) =>
      listOf(names)
        .filter(
          (name) =>
            name !== account.id &&
            (splitArn(name)[4] !== account.id || /:(user|saml-provider|oidc-provider)\//.test(name)),
        )
        .flatMap((name) => kinds.get(kind)?.(name) ?? []),
    );
  });

/** What `why` takes: `account ID`, `anyone`, `service NAME`, `provider ARN`, or the ARN of an IAM user or role. */
export const readOutsider = (text: string): Outsider | undefined => {
  if (text === 'anyone') return ofAws('*');
  const [, kind, name = ''] = /^(account|service|provider)[ :](.+)$/.exec(text) ?? [];
  if (kind === 'account') return /^\d{12}$/.test(name) ? ofAws(name) : undefined;
  if (kind === 'service') return ofService(name);
  if (kind === 'provider') return ofProvider(name);
  return /^arn:aws:iam::\d{12}:(user|role)\/./.test(text) ? ofAws(text) : undefined;
};

type Entrance = { readonly placed: PlacedRole; readonly outsider: Outsider };

const isAsked = ({ placed, outsider }: Entrance, { action, resource }: Asking): boolean =>
  matchesAction(parseActionPattern(action), parseAction(outsider.action)) &&
  (resource === undefined || glob(globOf(resource), placed.arn));

const entranceChain = (asker: Asker, { placed, outsider }: Entrance, asking: Asking): Chain => {
  const context = { ...asking.context, ...outsider.context };
  const answer = ask(asker, rootActor(asker.world, placed.account), {
    action: outsider.action,
    resource: placed.arn,
    context,
  });
  const place = placed.trust.places?.[0];
  const { detail } = answer;
  return {
    through: [
      { text: `the trust of ${placed.role.account}:${placed.role.name}`, ...(place === undefined ? {} : { place }) },
    ],
    decision: answer.decision,
    by: detail.by,
    ...(detail.because === undefined ? {} : { because: detail.because }),
    action: answer.action,
    resource: placed.arn,
    reasons: detail.reasons,
    dependsOn: detail.dependsOn,
    policies: [placed.trust.name],
  };
};

/** Every way of one outsider into a role of the account that is not shut. */
export const waysIn = (asker: Asker, account: Account, { outsider, asking }: { outsider: Outsider; asking: Asking }) =>
  asker.world
    .rolesIn(account.name)
    .map((placed) => ({ placed, outsider }))
    .filter((entrance) => isAsked(entrance, asking))
    .map((entrance) => entranceChain(asker, entrance, asking))
    .filter(({ decision }) => decision !== 'denied');

const entrancesIn = (world: World, account: Account): readonly Entrance[] =>
  world.rolesIn(account.name).flatMap((placed) => {
    const outside = trustedBy(placed).filter(({ name }) => world.users.get(name)?.account !== account);
    const seen = new Map(outside.map((outsider) => [outsider.name, outsider]));
    return [...seen.values()].map((outsider) => ({ placed, outsider }));
  });

/** All outsiders whom a trust policy names, each with the role that lets them in. */
export const outsidersIn = (asker: Asker, account: Account, asking: Asking) =>
  entrancesIn(asker.world, account)
    .filter((entrance) => isAsked(entrance, asking))
    .map((entrance) => ({ principal: entrance.outsider.name, chain: entranceChain(asker, entrance, asking) }));

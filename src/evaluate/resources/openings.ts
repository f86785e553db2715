/**
 * Whom the policies of resources let in who is not of the organization. Whom a statement means is read from it, by the rules that
 * the linter and the plan share; whether they come in is then asked of the whole policy, the RCPs above the account and, for a
 * bucket, block public access.
 */
import type { ResourceOpening } from '../../model/audit.ts';
import { listOf, statements } from '../../model/policy.ts';
import type { Statement } from '../../model/policy.ts';
import type { AccountPolicies } from '../../model/resource-reading.ts';
import type { Account, ResourcePolicy } from '../../model/resource.ts';
import { openingFaults, strangersIn } from '../trust/judge.ts';
import type { OurOrganization } from '../trust/judge.ts';
import { namesIn, valuesOf } from '../trust/principals.ts';
import type { AccessWorld } from '../policies-of.ts';
import { isLetIn } from './let-in.ts';
import type { Stranger } from './let-in.ts';
import { isOpenStatement, isPublic } from './public-buckets.ts';

export type OpeningScene = { readonly world: AccessWorld; readonly ours: OurOrganization };

const anyone = 'arn:aws:iam::000000000000:role/anyone';

/** As a pattern may mean them. */
const sampleOf = (arn: string): string => arn.replaceAll('*', 'x').replaceAll('?', 'x');

/** Those of the account whom the statement names, or anyone of it. */
const ofAccount = (id: string, { Principal, Condition }: Statement): readonly string[] => {
  const named = namesIn(Principal).flatMap(([type, name]) => (type === 'AWS' ? [name] : []));
  const arns = valuesOf(Condition, /^(String|Arn)(Equals|Like) aws:principalarn$/i);
  const own = [...named, ...arns].filter((arn) => arn.split(':')[4] === id && !arn.endsWith(':root')).map(sampleOf);
  const isNamed = own.length > 0 && !named.some((name) => name === id || name.endsWith(`:${id}:root`));
  return isNamed ? own : [`arn:aws:iam::${id}:role/anyone`];
};

const strangersFrom = (who: string, statement: Statement): readonly Stranger[] => {
  const [kind, id = ''] = who.split(' ');
  if (kind === 'account') return ofAccount(id, statement).map((principal) => ({ who, principal }));
  return [{ who, principal: anyone, organization: id }];
};

/** Without a name, and as somebody of an account that nobody knows. */
const everybody: readonly Stranger[] = [
  { who: 'everybody', principal: '*' },
  { who: 'everybody', principal: anyone },
];

/** An account that acts through a service, or that the statement asks for instead of a principal. */
const sourceAccounts = ({ Condition }: Statement): readonly string[] =>
  valuesOf(
    Condition,
    /^(ForAnyValue:)?(String|Arn)(Equals|Like) (aws:source(account|owner|arn)|kms:calleraccount)$/i,
  ).flatMap((value) => /^(\d{12})$|^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(value)?.slice(1).find(Boolean) ?? []);

const servicesIn = (statement: Statement): readonly string[] =>
  namesIn(statement.Principal).flatMap(([type, name]) => (type === 'Service' ? [name] : []));

const throughServices = (statement: Statement, { accounts }: OurOrganization): readonly Stranger[] =>
  sourceAccounts(statement)
    .filter((id) => !accounts.has(id))
    .flatMap((id) =>
      servicesIn(statement).map((service) => ({
        who: `account ${id} through ${service}`,
        principal: service,
        source: id,
      })),
    );

/** Of a statement that names nobody: from where. A private network is no place of the Internet's. */
const fromAddresses = (statement: Statement): readonly Stranger[] => {
  const isAnybody = namesIn(statement.Principal).some(([type, name]) => type === 'AWS' && name === '*');
  const ranges = valuesOf(statement.Condition, /^(ForAnyValue:)?IpAddress aws:sourceip$/i);
  const open = ranges.filter((range) => !/^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(range));
  if (!isAnybody || open.length === 0 || sourceAccounts(statement).length > 0) return [];
  return everybody.map(({ principal }) => ({ who: `anybody from ${open.join(', ')}`, principal }));
};

const outsidersOf = (statement: Statement, ours: OurOrganization): readonly Stranger[] => [
  ...strangersIn(statement, ours).flatMap((who) => strangersFrom(who, statement)),
  ...throughServices(statement, ours),
  ...fromAddresses(statement),
];

type PolicyScene = OpeningScene & { readonly policy: ResourcePolicy; readonly account: Account };

const actionsOf = ({ Action, NotAction }: Statement): readonly string[] =>
  Action === undefined ? listOf(NotAction).map((action) => `all but ${action}`) : listOf(Action);

type Found = Omit<ResourceOpening, 'account' | 'resource'>;

const found = (kind: ResourceOpening['kind'], statement: Statement, who: readonly string[]): readonly Found[] =>
  who.length === 0 ? [] : [{ kind, who: [...new Set(who)], actions: actionsOf(statement) }];

const letIn = (statement: Statement, strangers: readonly Stranger[], scene: PolicyScene): readonly string[] =>
  strangers.filter((stranger) => isLetIn(stranger, statement, scene)).map(({ who }) => who);

const byRule = (statement: Statement, rule: string): readonly string[] =>
  openingFaults(statement)
    .filter((fault) => fault.rule === rule)
    .map(({ message }) => /^"([^"]+)"/.exec(message)?.[1] ?? '');

const inStatement = (statement: Statement, scene: PolicyScene): readonly Found[] => {
  const isPublic = isOpenStatement(statement);
  const outside = isPublic ? [] : outsidersOf(statement, scene.ours);
  return [
    ...found('public', statement, isPublic ? letIn(statement, everybody, scene) : []),
    ...found('outside', statement, letIn(statement, outside, scene)),
    ...found('confused-deputy', statement, byRule(statement, 'confused-deputy')),
    ...found('dead', statement, byRule(statement, 'dead-principal')),
  ];
};

/** "Public policies … only AWS service principals and authorized users within the bucket owner's account" (RestrictPublicBuckets). */
export const isRestricted = (policy: ResourcePolicy, { accountBlock, bucketBlocks }: AccountPolicies): boolean => {
  const blocks = [accountBlock, bucketBlocks[policy.resource]];
  return blocks.some((block) => block?.restrictPublicBuckets === true) && isPublic(policy);
};

const ofOutsiders: readonly ResourceOpening['kind'][] = ['public', 'outside'];

/** Of one account; an account that is not in the world has none. */
export const openingsIn = (read: AccountPolicies, scene: OpeningScene): readonly ResourceOpening[] => {
  const account = [...scene.world.accounts.values()].find(({ name }) => name === read.account);
  if (account === undefined) return [];
  return read.policies.flatMap((policy) => {
    const restricted = isRestricted(policy, read);
    return statements(policy.document)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap((statement) => inStatement(statement, { ...scene, policy, account }))
      .filter(({ kind }) => !restricted || !ofOutsiders.includes(kind))
      .map((one) => ({ ...one, account: read.account, resource: policy.resource }));
  });
};

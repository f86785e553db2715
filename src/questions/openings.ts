/** Whom the policies of an account's resources let in from outside: accounts, roles and users of others, services, anybody. */
import { hasWildcard } from '../evaluate/ask/actions.ts';
import type { Inquiry } from '../evaluate/ask/asking.ts';
import { globOf } from '../evaluate/ask/patterns.ts';
import type { InquiryContext } from '../evaluate/ask/question.ts';
import { glob, splitArn } from '../evaluate/match.ts';
import type { PlacedResource } from '../evaluate/placed-resources.ts';
import { valuesOf } from '../evaluate/trust/principals.ts';
import { coveredBy, resourceOfArn } from '../kinds/resource-policies.ts';
import { grouped } from '../model/lists.ts';
import { listOf, statements } from '../model/policy.ts';
import type { Statement } from '../model/policy.ts';
import type { Account } from '../model/resource.ts';
import type { Chain } from '../model/why.ts';
import { answeredEntrance, outsidersNamed } from './outsiders.ts';
import type { Outsider } from './outsiders.ts';

/** What of the question a statement of a resource's policy speaks of, and whom it names. */
type OpenedPart = {
  readonly placed: PlacedResource;
  readonly outsiders: readonly Outsider[];
  readonly index: number;
  readonly action: string;
  readonly resource: string;
};

/** One way of an outsider to a resource. */
type OpenedWay = Omit<OpenedPart, 'outsiders'> & { readonly outsider: Outsider };

const within = (pattern: string, text: string): boolean => glob(globOf(pattern.toLowerCase()), text.toLowerCase());

/** Of two patterns the one that lies in the other; nothing where neither does. */
const narrower = (one: string, other: string): readonly string[] => {
  if (within(other, one)) return [one];
  return within(one, other) ? [other] : [];
};

const actionsIn = ({ Action, NotAction }: Statement, asked: string): readonly string[] => {
  if (Action === undefined)
    return hasWildcard(asked) || listOf(NotAction ?? []).some((pattern) => within(pattern, asked)) ? [] : [asked];
  return [...new Set(listOf(Action).flatMap((pattern) => narrower(asked, pattern)))];
};

const resourcesIn = (
  { Resource }: Statement,
  { arn }: PlacedResource,
  asked: string | undefined,
): readonly string[] => {
  const named = listOf(Resource ?? '*').flatMap((text) => (text === '*' ? coveredBy(arn) : [text]));
  const own = named.filter((text) => coveredBy(arn).some((pattern) => within(pattern, text)));
  return [...new Set(own.flatMap((text) => (asked === undefined ? [text] : narrower(asked, text))))];
};

/** AWS's own policy of a topic, for one: whoever acts for the account itself. */
const isForOwnAccount = ({ Condition }: Statement, { id }: Account): boolean => {
  const sources = valuesOf(Condition, /^(ForAnyValue:)?String(Equals|Like) aws:source(owner|account)$/i);
  return sources.length > 0 && sources.every((source) => source === id);
};

const partsOf = (placed: PlacedResource, asking: Inquiry): readonly OpenedPart[] =>
  statements(placed.policy.policy ?? { Statement: [] }).flatMap((statement, index) => {
    if (statement.Effect !== 'Allow' || isForOwnAccount(statement, placed.account)) return [];
    const resources = resourcesIn(statement, placed, asking.resource);
    const actions = actionsIn(statement, asking.action);
    const outsiders = outsidersNamed(statement, placed.account);
    return actions.flatMap((action) => resources.map((resource) => ({ placed, outsiders, index, action, resource })));
  });

const serviceAsked = ({ action }: Inquiry): string => (action.split(':')[0] ?? '').toLowerCase();

/** Only the own service of a resource has a policy that speaks of the action. */
const partsOfAll = (resources: readonly PlacedResource[], asking: Inquiry): readonly OpenedPart[] =>
  resources
    .filter(({ arn }) => within(serviceAsked(asking), resourceOfArn(arn)?.service ?? ''))
    .flatMap((placed) => partsOf(placed, asking));

const resourcesOfAccount = ({ world }: InquiryContext, account: Account): readonly PlacedResource[] =>
  world.resources.filter((placed) => placed.account === account);

const chainOf = (asker: InquiryContext, opening: OpenedWay, asking: Inquiry): Chain => {
  const { placed, outsider, index, action, resource } = opening;
  const { name, places = [] } = placed.policy;
  const chain = answeredEntrance(asker, {
    account: placed.account,
    through: { text: `the ${name}`, place: places[index] },
    policy: name,
    question: { action, resource, context: { ...asking.context, ...outsider.context } },
  });
  if (action !== asking.action) return { ...chain, extent: 'some-action' };
  return resource === asking.resource ? chain : { ...chain, extent: 'some-resource', on: resource };
};

const order: readonly Chain['decision'][] = ['allowed', 'depends', 'denied'];
const best = (chains: readonly Chain[]): readonly Chain[] =>
  [...chains].sort((a, b) => order.indexOf(a.decision) - order.indexOf(b.decision)).slice(0, 1);

/** One line for each outsider and resource. */
const linesOf = (asker: InquiryContext, openings: readonly OpenedWay[], asking: Inquiry) =>
  [...grouped(openings, ({ outsider, placed }) => `${outsider.name}\n${placed.arn}`).values()].flatMap((same) =>
    best(same.map((opening) => chainOf(asker, opening, asking))).map((chain) => ({
      principal: same[0]?.outsider.name ?? '',
      chain,
    })),
  );

/** All outsiders whom the policy of a resource names, each with what it lets them do of what is asked. */
export const resourceOpenings = (asker: InquiryContext, account: Account, asking: Inquiry) =>
  linesOf(
    asker,
    partsOfAll(resourcesOfAccount(asker, account), asking).flatMap(({ outsiders, ...part }) =>
      outsiders.map((outsider) => ({ ...part, outsider })),
    ),
    asking,
  );

/** Of an account as a whole also those of its own whom the statement names one by one. */
const asNamedIn = ({ placed, outsiders }: OpenedPart, outsider: Outsider): readonly Outsider[] => {
  const id = /^account (\d{12})$/.exec(outsider.name)?.[1];
  return id === undefined || id === placed.account.id
    ? [outsider]
    : [outsider, ...outsiders.filter(({ name }) => splitArn(name)[4] === id)];
};

/** A token of a provider asks for roles, and for nothing else. */
const asksForResources = ({ context }: Outsider): boolean =>
  'aws:PrincipalArn' in context || 'aws:PrincipalServiceName' in context;

/** Every way of one outsider to a resource that is not shut: to the one that is named, wherever it is, else to those of the account. */
export const waysOpened = (
  asker: InquiryContext,
  account: Account,
  { outsider, asking }: { readonly outsider: Outsider; readonly asking: Inquiry },
): readonly Chain[] => {
  if (!asksForResources(outsider)) return [];
  const resources = asking.resource === undefined ? resourcesOfAccount(asker, account) : asker.world.resources;
  const ways = partsOfAll(resources, asking).flatMap((part) =>
    asNamedIn(part, outsider).map((one): OpenedWay => ({ ...part, outsider: one })),
  );
  return linesOf(asker, ways, asking)
    .filter(({ chain }) => chain.decision !== 'denied')
    .map(({ principal, chain }) =>
      principal === outsider.name ? chain : { ...chain, through: [{ text: principal }, ...chain.through] },
    );
};

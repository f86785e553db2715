/**
 * Whoever the policy of a resource names comes in only as far as the RCPs above the account let them and, where the policy of a
 * bucket is public, as far as the account's S3 policies do: "public and cross-account access within any public bucket policy …
 * is blocked" (Amazon S3 User Guide, "Blocking public access", RestrictPublicBuckets).
 */
import type { ActionCatalogue, KnownAction } from '../../evaluate/action-catalogue.ts';
import { matchesAction, parseAction, parseActionPattern } from '../../evaluate/actions.ts';
import type { Decision } from '../../evaluate/decide.ts';
import { effectivePolicies, settingsByPath } from '../../evaluate/effective-policies.ts';
import { allowingAll } from '../../evaluate/layers.ts';
import type { PolicyLevel } from '../../evaluate/layers.ts';
import { accountOf } from '../../evaluate/policies-of.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import { isPublic, restricting } from '../../evaluate/resources/public-buckets.ts';
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import { grouped, rememberedOf } from '../../model/lists.ts';
import { fullAccessDocument, listOf, statements } from '../../model/policy.ts';
import type { Statement } from '../../model/policy.ts';
import { policyTypes } from '../../model/resource.ts';
import type { Account, Resource, ResourcePolicy, State } from '../../model/resource.ts';
import { decisionOn } from '../guards/asking.ts';
import type { TrustCaller } from '../guards/let-in.ts';
import { callersNamed, differs, mayMoveRcps, standingOf, whatOf } from './standing.ts';
import type { Entered, EntranceChange, EntranceStanding, WorldsBetween } from './standing.ts';

export type Doors = {
  /** Whether anything that bars the way differs anywhere. */
  readonly mayMove: boolean;
  /** Of a statement that the policy has on both sides. */
  readonly changeOf: (policies: PolicySides, statement: Statement) => EntranceChange | undefined;
  /** What keeps out, after, whom the statement would let in. */
  readonly shutAfter: (policy: ResourcePolicy, statement: Statement) => readonly string[];
};
type PolicySides = { readonly before: ResourcePolicy; readonly after: ResourcePolicy };
export type DoorContext = { readonly worlds: WorldsBetween; readonly actions: ActionCatalogue };

const blockName = 'S3 block public access';
const isOfBlocks = (resource: Resource | undefined): boolean => {
  if (resource?.kind === 'attachment') return resource.policy.kind === 's3-policy';
  if (resource?.kind === 'policy-type') return resource.type === policyTypes['s3-policy'];
  return resource?.kind === 's3-policy';
};

/** "all": the four settings of block public access, for every bucket (Organizations User Guide, "Amazon S3 policy syntax"). */
const isBlocked = ({ state }: AccessWorld, account: Account): boolean =>
  settingsByPath(effectivePolicies(state, 's3-policy')(account).settings)[
    's3_attributes.public_access_block_configuration'
  ] === 'all';

/** All that bars the way to the resource. */
const barsOf = (world: AccessWorld, account: Account, policy: ResourcePolicy): readonly PolicyLevel[] => {
  const rcps = world.levels('rcp', account);
  if (!isPublic(policy) || !isBlocked(world, account)) return rcps;
  const block = {
    ...fullAccessDocument,
    Statement: [...statements(fullAccessDocument), restricting(policy, account.id)],
  };
  return [...rcps, { level: blockName, policies: [{ name: blockName, policy: block }] }];
};

const byService = rememberedOf((catalogue: ActionCatalogue) => grouped(catalogue.actions, ({ service }) => service));

/** All of the resource's service. */
export const actionsFor = ({ resource }: ResourcePolicy, actions: ActionCatalogue): readonly KnownAction[] =>
  byService(actions).get(resourceOfArn(resource)?.service ?? '') ?? [];

const namesAction = ({ Action, NotAction }: Statement, known: KnownAction): boolean => {
  const action = parseAction(`${known.service}:${known.name}`);
  const isIn = (patterns: Statement['Action']): boolean =>
    listOf(patterns ?? []).some((pattern) => matchesAction(parseActionPattern(pattern), action));
  return Action === undefined ? !isIn(NotAction) : isIn(Action);
};

type AskedDoor = {
  readonly policy: ResourcePolicy;
  readonly statement: Statement;
  readonly actions: ActionCatalogue;
};

/** Of the actions that the statement means one for each way in which the bars speak of them. */
const actionsOf = ({ statement, policy, actions }: AskedDoor, bars: readonly Statement[]): readonly string[] => {
  const meant = actionsFor(policy, actions).filter((one) => namesAction(statement, one));
  const alike = new Map(
    meant.map((one) => [bars.map((bar) => Number(namesAction(bar, one))).join(''), `${one.service}:${one.name}`]),
  );
  return [...alike.values()];
};

/** One that the statement means. */
const resourceIn = (statement: Statement, { resource }: ResourcePolicy): string => {
  const [named] = listOf(statement.Resource ?? []).filter((text) => text !== '*');
  return (named ?? resource).replaceAll('*', 'x').replaceAll('?', 'x');
};

const standingIn = (world: AccessWorld, asked: AskedDoor): EntranceStanding | undefined => {
  const { policy, statement } = asked;
  const account = accountOf(world, policy.account);
  if (account === undefined) return undefined;
  const rcps = barsOf(world, account, policy);
  const bars = rcps.flatMap(({ policies }) =>
    policies.flatMap(({ policy: one }) => statements(one ?? fullAccessDocument)),
  );
  const layers = {
    identityPolicies: [allowingAll],
    resourcePolicy: { name: policy.resource, policy: policy.document },
    rcps,
  };
  const enter = ({ principal, action, context, absent = [] }: TrustCaller): Decision =>
    decisionOn(world, { principal, action, resource: resourceIn(statement, policy), account, context, absent }, layers);
  const entered: Entered = { world, account, enter };
  const callers = actionsOf(asked, bars).flatMap((action) =>
    callersNamed(statement).map((caller) => ({ ...caller, action })),
  );
  return standingOf(entered, callers);
};

const namesOf = ({ rails }: EntranceStanding): readonly string[] =>
  [...new Set(rails.map(({ policy }) => (policy === blockName ? policy : `RCP ${policy}`)))].sort();

/** Between two states of one organization. */
export const doorsBetween = (before: State, after: State, { worlds, actions }: DoorContext): Doors => ({
  mayMove: mayMoveRcps(before, after) || differs(before, after, isOfBlocks),
  changeOf: (policies, statement) => {
    const [first, last] = worlds();
    const was = standingIn(first, { policy: policies.before, statement, actions });
    const is = standingIn(last, { policy: policies.after, statement, actions });
    const what = was === undefined || is === undefined ? undefined : whatOf(was, is);
    return what === undefined ? undefined : { what, by: namesOf((is ?? was) as EntranceStanding) };
  },
  shutAfter: (policy, statement) => {
    const is = standingIn(worlds()[1], { policy, statement, actions });
    return is?.decision === 'denied' ? namesOf(is) : [];
  },
});

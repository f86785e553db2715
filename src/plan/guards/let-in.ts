/** Whom a trust policy lets in, by requests that it would answer: to see whether somebody of them still comes in. */
import type { Decision } from '../../evaluate/decide.ts';
import type { PlacedRole, AccessWorld } from '../../evaluate/policies-of.ts';
import { namesIn } from '../../evaluate/trust/principals.ts';
import type { ConditionBlock, PolicyDocument, Statement } from '../../model/policy.ts';
import { statements, listOf } from '../../model/policy.ts';
import { decisionOn, decisionText } from './asking.ts';
import { allowingAll } from '../../evaluate/layers.ts';

type CallerContext = Readonly<Record<string, string | boolean>>;
/** `type`: of the Principal element that names them. `absent`: keys that the request surely does not have. */
export type TrustCaller = {
  readonly type: string;
  readonly action: string;
  readonly principal: string;
  readonly context: CallerContext;
  readonly absent?: readonly string[];
};

/** A role as it stands in a world. */
export type RoleStanding = { readonly world: AccessWorld; readonly placed: PlacedRole };

/** RCPs of the role's account bind whoever comes in, besides its trust policy. */
export const entering = ({ world, placed }: RoleStanding, caller: Omit<TrustCaller, 'type'>): Decision => {
  const { account, arn, trust } = placed;
  const policies = { identityPolicies: [allowingAll], resourcePolicy: trust, rcps: world.levels('rcp', account) };
  return decisionOn(world, { ...caller, resource: arn, account }, policies);
};

/** Whether the trust policy, which is not all that binds, lets the caller in. */
export const isTrusted = ({ world, placed }: RoleStanding, caller: Omit<TrustCaller, 'type'>): boolean => {
  const { account, arn, trust } = placed;
  const asking = { ...caller, resource: arn, account };
  return decisionOn(world, asking, { identityPolicies: [allowingAll], resourcePolicy: trust }).decision === 'allowed';
};

const letsIn = (standing: RoleStanding, caller: TrustCaller): boolean =>
  entering(standing, caller).decision === 'allowed';

const positive = /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|Bool)$/i;
const mostSamples = 50;

/** One that the pattern matches. */
const sampleOf = (value: unknown): string => String(value).replaceAll('*', 'x').replaceAll('?', 'x');

/** Contexts that pass the conditions, as far as these ask for values: one for each combination of those listed. */
const contextsOf = (block: ConditionBlock | undefined): readonly CallerContext[] => {
  const wanted = Object.entries(block ?? {}).flatMap(([operator, keys]) =>
    positive.test(operator) ? Object.entries(keys).map(([key, values]) => [key, listOf(values)] as const) : [],
  );
  return wanted.reduce<readonly CallerContext[]>(
    (found, [key, values]) =>
      found.flatMap((one) => values.map((value) => ({ ...one, [key]: sampleOf(value) }))).slice(0, mostSamples),
    [{}],
  );
};

const actionFor = (type: string, name: string): string => {
  if (type !== 'Federated') return 'sts:AssumeRole';
  return /:saml-provider\//.test(name) ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity';
};

/** An account stands for every role in it, everybody for one of an account that nobody has. */
const callerNamed = (name: string, context: CallerContext): string => {
  const said = Object.entries(context).find(([key]) => key.toLowerCase() === 'aws:principalarn')?.[1];
  if (typeof said === 'string') return said;
  if (name === '*') return 'arn:aws:iam::000000000000:role/some';
  const [, id] = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(name) ?? [];
  return id === undefined ? name : `arn:aws:iam::${id}:role/some`;
};

/** Requests that the statement would let in, unless something else of it stands in the way. */
export const callersOf = ({ Principal, Condition }: Statement): readonly TrustCaller[] =>
  namesIn(Principal).flatMap(([type, name]) =>
    contextsOf(Condition).map((context) => ({
      type,
      action: actionFor(type, name),
      principal: callerNamed(name, context),
      context,
    })),
  );

const callersIn = (trust: PolicyDocument): readonly TrustCaller[] =>
  statements(trust)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(callersOf);

const whom: Readonly<Record<string, string>> = {
  AWS: 'roles and users',
  Service: 'services',
  Federated: 'identity providers',
};

/** The RCPs that shut somebody out, in words; nothing where a trust policy does. */
const byRail = (after: RoleStanding, callers: readonly TrustCaller[]): string => {
  const decision = callers
    .map((caller) => entering(after, caller))
    .find(({ reasons }) => reasons.some(({ type }) => type === 'rcp'));
  return decision === undefined ? '' : ` (${decisionText(decision)})`;
};

/**
 * The kinds of callers, in words, of which the role let some in before and lets in none of them after. A narrowed trust
 * still lets in some: of each side's own callers one passes the other.
 */
export const shutOut = (before: RoleStanding, after: RoleStanding): readonly string[] => {
  const callers = [...callersIn(before.placed.role.trust), ...callersIn(after.placed.role.trust)];
  const had = callers.filter((caller) => letsIn(before, caller));
  const types = [...new Set(had.map(({ type }) => type))];
  return types.flatMap((type) => {
    const alike = had.filter((caller) => caller.type === type);
    return alike.some((caller) => letsIn(after, caller)) ? [] : [`${whom[type] ?? type}${byRail(after, alike)}`];
  });
};

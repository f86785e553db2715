/** Whom a trust policy lets in, by requests that it would answer: to see whether somebody of them still comes in. */
import { decide } from '../../evaluate/decide.ts';
import type { PlacedRole } from '../../evaluate/policies-of.ts';
import type { ConditionBlock, OneOrMany, PolicyDocument, Statement } from '../../model/policy.ts';
import { statements } from '../../model/policy.ts';
import { fullAccessDocument } from '../../model/resource.ts';

type Context = Readonly<Record<string, string | boolean>>;
/** `type`: of the Principal element that names them. */
type Caller = { readonly type: string; readonly action: string; readonly principal: string; readonly context: Context };

/** The caller's own side is judged with its own role. */
const everything = { identityPolicies: [{ name: 'its own policies', policy: fullAccessDocument }] };

/** Everything is unknown that a request could choose, so that only what is always allowed counts. */
export const always = { 'aws:SecureTransport': true, 'aws:ViaAWSService': false };

export const letsIn = ({ account, arn, trust }: PlacedRole, caller: Omit<Caller, 'type'>): boolean => {
  const { action, principal, context } = caller;
  const request = { action, resource: arn, resourceAccount: account.id, principal };
  const decision = decide(
    { ...request, context: { ...always, ...context }, unknown: ['*'] },
    { ...everything, resourcePolicy: trust },
  );
  return decision.decision === 'allowed';
};

const listOf = <T>(items: OneOrMany<T> | undefined): readonly T[] =>
  items === undefined ? [] : Array.isArray(items) ? (items as readonly T[]) : [items as T];

const positive = /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|Bool)$/i;
const mostSamples = 50;

/** One that the pattern matches. */
const sampleOf = (value: unknown): string => String(value).replaceAll('*', 'x').replaceAll('?', 'x');

/** Contexts that pass the conditions, as far as these ask for values: one for each combination of those listed. */
const contextsOf = (block: ConditionBlock | undefined): readonly Context[] => {
  const wanted = Object.entries(block ?? {}).flatMap(([operator, keys]) =>
    positive.test(operator) ? Object.entries(keys).map(([key, values]) => [key, listOf(values)] as const) : [],
  );
  return wanted.reduce<readonly Context[]>(
    (found, [key, values]) =>
      found.flatMap((one) => values.map((value) => ({ ...one, [key]: sampleOf(value) }))).slice(0, mostSamples),
    [{}],
  );
};

const actionFor: Readonly<Record<string, string>> = {
  AWS: 'sts:AssumeRole',
  Service: 'sts:AssumeRole',
  Federated: 'sts:AssumeRoleWithWebIdentity',
};

/** An account stands for every role in it. */
const callerNamed = (name: string, context: Context): string => {
  const said = Object.entries(context).find(([key]) => key.toLowerCase() === 'aws:principalarn')?.[1];
  if (typeof said === 'string') return said;
  const [, id] = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(name) ?? [];
  return id === undefined ? name : `arn:aws:iam::${id}:role/some`;
};

const namesIn = ({ Principal }: Statement): readonly (readonly [type: string, name: string])[] => {
  if (Principal === undefined || Principal === '*') return [];
  return Object.entries(Principal).flatMap(([type, names]) => listOf(names).map((name) => [type, name] as const));
};

const callersIn = (trust: PolicyDocument): readonly Caller[] =>
  statements(trust)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) =>
      namesIn(statement).flatMap(([type, name]) =>
        contextsOf(statement.Condition).map((context) => ({
          type,
          action: actionFor[type] ?? 'sts:AssumeRole',
          principal: callerNamed(name, context),
          context,
        })),
      ),
    );

const whom: Readonly<Record<string, string>> = {
  AWS: 'roles and users',
  Service: 'services',
  Federated: 'identity providers',
};

/**
 * The kinds of callers, in words, of which the role let some in before and lets in none of them after. A narrowed trust
 * still lets in some: of each side's own callers one passes the other.
 */
export const shutOut = (before: PlacedRole, after: PlacedRole): readonly string[] => {
  const callers = [...callersIn(before.role.trust), ...callersIn(after.role.trust)];
  const had = callers.filter((caller) => letsIn(before, caller));
  const types = [...new Set(had.map(({ type }) => type))];
  return types
    .filter((type) => !had.some((caller) => caller.type === type && letsIn(after, caller)))
    .map((type) => whom[type] ?? type);
};

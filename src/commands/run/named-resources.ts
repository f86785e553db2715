/** The policies of resources that are named and that no file declares, read from AWS where they lie. */
import { readMeant } from '../../aws/resources/meant.ts';
import { isDefaultTopicPolicy } from '../../aws/resources/sns-policy.ts';
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import type { PolicyBearingResource } from '../../kinds/resource-policies.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import { UserError } from '../../model/problem.ts';
import { resourcePolicyKey, stateOf } from '../../model/resource.ts';
import type { Account, ResourcePolicy, State } from '../../model/resource.ts';
import type { CommandConnection } from './connect.ts';

type UndeclaredPolicy = { readonly arn: string; readonly kind: PolicyBearingResource };
type UndeclaredReading = { readonly connection: CommandConnection; readonly live: Live; readonly desired: Desired };

const prefix = resourcePolicyKey('');

const namedIn = (typed: readonly string[], { state }: Desired): readonly UndeclaredPolicy[] =>
  typed.flatMap((word) => {
    const arn = word.startsWith(prefix) ? word.slice(prefix.length) : word;
    const kind = resourceOfArn(arn);
    return kind === undefined || state[resourcePolicyKey(arn)] !== undefined ? [] : [{ arn, kind }];
  });

/** A bucket's ARN does not say whose it is: it may be in any account. */
const placesOf = (arn: string, { state, suspended }: Live): readonly Account[] => {
  const [, , , , owner = ''] = arn.split(':');
  const accounts = Object.values(state).flatMap((one) => (one.kind === 'account' ? [one] : []));
  const places = accounts.filter(({ name, id }) => !suspended.includes(name) && (owner === '' || id === owner));
  if (places.length === 0) throw new UserError(`${arn}: account ${owner} is not of the organization, or is suspended`);
  return places;
};

const policyOf = async ({ arn, kind }: UndeclaredPolicy, reading: UndeclaredReading): Promise<ResourcePolicy> => {
  const { connection, live, desired } = reading;
  const { resourcePolicies, memberRole, region: home } = desired.settings;
  const places = placesOf(arn, live);
  const [, , , region = ''] = arn.split(':');
  const role = resourcePolicies?.role ?? memberRole;
  const read = await readMeant(connection.clients, {
    places: places.map(({ name, id }) => ({ label: name, id })),
    meant: { services: [kind.service], regions: [region === '' ? home : region], only: arn },
    ...{ managementAccountId: live.managementAccountId, clock: connection.clock },
    ...(role === undefined ? {} : { role }),
  });
  const idOf = (label: string): string => places.find(({ name }) => name === label)?.id ?? '';
  const found = read
    .flatMap(({ policies }) => policies)
    .find(({ document, account }) => !isDefaultTopicPolicy(JSON.stringify(document), idOf(account)));
  if (found !== undefined) return found;
  const unread = read.flatMap((one) => one.unread.map(({ account, reason }) => `${account}: ${reason}`));
  const where = unread.length === 0 ? '' : `; not everything could be read (${[...new Set(unread)].join('; ')})`;
  throw new UserError(`${arn}: there is no such ${kind.word}, or it has no policy to declare${where}`);
};

/** Throws a UserError for one that is not there, has no policy, or could not be read. */
export const readNamedPolicies = async (typed: readonly string[], reading: UndeclaredReading): Promise<State> => {
  const named = namedIn(typed, reading.desired);
  return stateOf(await Promise.all(named.map((one) => policyOf(one, reading))));
};

/** The policies of resources that a question to AWS may hang on, where access/settings.yaml lets them be read. */
import { readMeant } from '../../aws/resources/meant.ts';
import type { ResourcesMeant } from '../../aws/resources/read.ts';
import { liveResources } from '../../evaluate/resources/live.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import type { WorldInput } from '../../evaluate/world-input.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { AccountPolicies } from '../../model/resource-reading.ts';
import type { Account, State } from '../../model/resource.ts';
import { resourcesAsked } from '../../questions/resources-meant.ts';
import { findAccount } from '../../questions/principals.ts';
import type { CommandConnection } from './connect.ts';

export type ResourceQuestion = {
  readonly account: string;
  readonly action: string;
  readonly resource?: string;
  /** Whose the resource is, if not the account's. */
  readonly resourceAccount?: string;
};

type ReadWorldPart = { readonly state: State; readonly unread: WorldInput['unreadResources'] };
type LiveAsking = { readonly live: Live; readonly desired: Desired; readonly world: AccessWorld };

/** All there are for the tests; of one question those of the account in which the resource lies. */
const placesOf = ({ live, world }: LiveAsking, question: ResourceQuestion | undefined): readonly Account[] => {
  if (question !== undefined) return [findAccount(world, question.resourceAccount ?? question.account)];
  return [...world.accounts.values()].filter(({ name }) => !live.suspended.includes(name));
};

const meantBy = (question: ResourceQuestion | undefined, regions: readonly string[]): ResourcesMeant | undefined => {
  if (question === undefined) return { regions };
  const asked = resourcesAsked(question);
  if (asked === undefined) return undefined;
  const { services, only, region } = asked;
  return { services, regions: region === undefined ? regions : [region], ...(only === undefined ? {} : { only }) };
};

/** What was refused as a whole counts as absent, and is said: nobody knows what there is. */
const saidUnread = (read: readonly AccountPolicies[]): readonly string[] => [
  ...new Set(
    read.flatMap(({ unread }) =>
      unread.flatMap(({ service, account, region, resource, reason }) => {
        if (resource !== undefined) return [];
        const what = service === undefined ? 'policies of resources' : `policies of ${service}`;
        const where = `${account}${region === undefined ? '' : `, ${region}`}`;
        return [`${what} in ${where} could not be read (${reason}); the answer counts them as absent`];
      }),
    ),
  ),
];

/** Nothing where the settings do not ask for it, or no policy of a resource has a say. */
export const readResourcesFor = async (
  connection: CommandConnection,
  asking: LiveAsking,
  { question, say }: { readonly question: ResourceQuestion | undefined; readonly say: (line: string) => void },
): Promise<ReadWorldPart> => {
  const { live, desired, world } = asking;
  const { resourcePolicies, memberRole } = desired.settings;
  const meant = resourcePolicies === undefined ? undefined : meantBy(question, resourcePolicies.regions);
  if (meant === undefined) return { state: {}, unread: [] };
  const role = resourcePolicies?.role ?? memberRole;
  const places = placesOf(asking, question);
  const read = await readMeant(connection.clients, {
    ...{ meant, managementAccountId: live.managementAccountId, clock: connection.clock },
    places: places.map(({ name, id }) => ({ label: name, id })),
    ...(role === undefined ? {} : { role }),
  });
  for (const line of saidUnread(read)) say(line);
  return liveResources(read, (label) => world.accounts.get(label)?.id);
};

/** What an apply does to AWS, seen call by call: which keys it writes, and what people can do after each write. */
import type { Assignment, State } from '../../../src/model/resource.ts';
import { resourcesOf } from '../../../src/model/resource.ts';
import type { Sandbox } from '../../../src/sandbox/handle.ts';
import { accessIn } from '../access.ts';
import { powersIn } from '../powers.ts';
import { bucketAccess } from './buckets.ts';
import { wayIn } from './way-in.ts';
import type { MemberRole } from './way-in.ts';
import { namingOf, worldState } from '../world-state.ts';
import { writeOf } from '../written-keys.ts';
import type { Write } from '../written-keys.ts';

type Labels = Readonly<Record<string, string>>;
type Glass = { readonly group: string; readonly permissionSet: string };

export type Moment = {
  readonly after: string;
  readonly access: ReadonlySet<string>;
  /** Where break-glass is what it is to be. */
  readonly glass: ReadonlySet<string>;
  /** What the reconciler can do in the accounts; nothing where it has no role there. */
  readonly wayIn: ReadonlySet<string>;
};

export type Watch = {
  readonly watched: Sandbox;
  readonly writes: readonly Write[];
  readonly moments: readonly Moment[];
};

/** By account, what anybody of break-glass can do there through its set, and that the set is given there. */
export const glassIn = (state: State, { group, permissionSet }: Glass): ReadonlySet<string> => {
  const isGlass = ({ principal, permissionSet: set }: Assignment): boolean =>
    principal.name === group && set === permissionSet;
  const powers = [...powersIn(state, isGlass)].map((one) => one.slice(one.indexOf(' ') + 1));
  const given = resourcesOf(state, 'assignment').filter(isGlass);
  return new Set([...powers, ...given.map(({ account }) => `${account} at all`)]);
};

const settledRequests = (sandbox: Sandbox): number =>
  sandbox.world().sso.requests.filter(({ status }) => status !== 'IN_PROGRESS').length;

type Watching = {
  readonly labels: Labels;
  readonly glass: Glass;
  readonly member: MemberRole | undefined;
  readonly now: () => number;
};

export const stateNow = (sandbox: Sandbox, { labels, now }: Pick<Watching, 'labels' | 'now'>): State =>
  worldState(sandbox.world(), labels, now());

/** What anybody can do, people and vendors. */
export const allAccessIn = (state: State): ReadonlySet<string> => new Set([...accessIn(state), ...bucketAccess(state)]);

export const watchOf = (sandbox: Sandbox, watching: Watching): Watch => {
  const writes: Write[] = [];
  const moments: Moment[] = [];
  let ended = settledRequests(sandbox);
  const look = (after: string): void => {
    const state = stateNow(sandbox, watching);
    const { glass, member } = watching;
    moments.push({
      after,
      access: allAccessIn(state),
      glass: glassIn(state, glass),
      wayIn: member === undefined ? new Set() : wayIn(state, member),
    });
  };
  return {
    writes,
    moments,
    watched: {
      ...sandbox,
      handle: (request, clock) => {
        const write = writeOf(request, sandbox.world(), namingOf(sandbox.world(), watching.labels));
        const response = sandbox.handle(request, clock);
        const isDone = write !== undefined && response.status < 300;
        if (isDone) writes.push(write);
        const endedNow = settledRequests(sandbox);
        if (isDone || endedNow !== ended)
          look(isDone ? `${write.operation} ${write.key}` : 'an asynchronous operation');
        ended = endedNow;
        return response;
      },
    },
  };
};

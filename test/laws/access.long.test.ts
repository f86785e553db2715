import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/evaluate/decide.ts';
import type { AccessChange, AccessItem } from '../../src/model/plan.ts';
import type { State } from '../../src/model/resource.ts';
import { resourcesOf } from '../../src/model/resource.ts';
import { accessBetween } from '../../src/plan/access/access.ts';
import type { AccessContext } from '../../src/plan/access/context.ts';
import { MANAGEMENT, ORGANIZATION } from '../support/build.ts';
import type { Ask } from '../support/access-worlds.ts';
import {
  actionCatalogue,
  actions,
  asks,
  neighbors,
  policiesOf,
  policyCatalogue,
  unknownAction,
} from '../support/access-worlds.ts';

const context: AccessContext = {
  knowledge: { actions: actionCatalogue, policies: policyCatalogue },
  place: { organization: ORGANIZATION, region: 'eu-west-1', managementAccount: MANAGEMENT },
  isProduction: (account) => account === 'A',
  unseen: [],
  isManagement: () => false,
  now: '2026-11-23T12:00:00.000Z',
};
const accounts = ['A', 'B', MANAGEMENT] as const;
const people = ['group:G1', 'user:ada', 'user:bob'] as const;
const everyAction = [...actions, unknownAction];

const groupsOf = (state: State, who: string): readonly string[] =>
  resourcesOf(state, 'membership')
    .filter(({ user }) => `user:${user}` === who)
    .map(({ group }) => `group:${group}`);

const held = new WeakMap<State, Map<string, readonly string[]>>();

const setsOf = (state: State, who: string, account: string): readonly string[] => {
  const known = held.get(state) ?? new Map<string, readonly string[]>();
  held.set(state, known);
  const found = known.get(`${who}@${account}`) ?? lookedUp(state, who, account);
  known.set(`${who}@${account}`, found);
  return found;
};

const lookedUp = (state: State, who: string, account: string): readonly string[] => {
  const holders = [who, ...groupsOf(state, who)];
  return [
    ...new Set(
      resourcesOf(state, 'assignment')
        .filter(
          ({ principal, account: on }) => on === account && holders.includes(`${principal.type}:${principal.name}`),
        )
        .map(({ permissionSet }) => permissionSet),
    ),
  ];
};

type Asked = Ask & { readonly who: string; readonly account: string; readonly action: string };

/** In some of the sessions that the person or group can choose. */
const allowed = (state: State, { who, account, action, resource, context: given, suffix }: Asked): boolean => {
  const id = resourcesOf(state, 'account').find(({ name }) => name === account)?.id ?? '';
  return setsOf(state, who, account).some((set) => {
    const principal = `arn:aws:iam::${id}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_${set}_${suffix}`;
    const request = { action, resource, principal, resourceAccount: id, context: given };
    return decide(request, policiesOf(state, set, account)).decision === 'allowed';
  });
};

/** A person's access is said in their own row, or in the row of a group that they are or were in. */
const rowsFor = (rows: readonly AccessChange[], states: readonly State[], { who, account }: Asked) => {
  const names = [who, ...states.flatMap((state) => groupsOf(state, who))];
  return rows.filter(({ principal, accounts: on }) => names.includes(principal) && on.includes(account));
};

/** `other:*` are the actions that no policy names; what some policy names has to be said by its name. */
const says = (items: readonly AccessItem[], action: string): boolean =>
  items.some((item) =>
    item.actions.some((pattern) => {
      const [a, p] = [action.toLowerCase(), pattern.toLowerCase()];
      const hit = p === a || p === '*' || (p.endsWith(':*') && a.startsWith(p.slice(0, -1)));
      return hit && !(item.except ?? []).some((not) => says([{ ...item, actions: [not], except: [] }], action));
    }),
  );

const nameIn = (states: readonly State[], action: string): string =>
  action === unknownAction && !JSON.stringify(states).includes('quantum') ? 'other:*' : action;

const askAll = (ask: Ask): readonly Asked[] =>
  people.flatMap((who) =>
    accounts.flatMap((account) => everyAction.map((action) => ({ ...ask, who, account, action }))),
  );

describe('the access in a plan', () => {
  it('never leaves a gain or a loss unsaid', () => {
    const seen = { gains: 0, losses: 0 };
    fc.assert(
      fc.property(neighbors, asks, ([before, after], ask) => {
        const rows = accessBetween(before, after, context).rows.map(({ change }) => change);
        for (const asked of askAll(ask)) {
          const [old, next] = [allowed(before, asked), allowed(after, asked)];
          if (old === next) continue;
          const found = rowsFor(rows, [before, after], asked);
          const name = nameIn([before, after], asked.action);
          const said = found.some((row) =>
            says(
              next
                ? [...row.gained, ...row.changed.filter(({ narrower }) => !narrower)]
                : [...row.lost, ...row.changed],
              name,
            ),
          );
          expect(said, `${asked.who} ${asked.action} ${asked.resource} in ${asked.account}`).toBe(true);
          seen[next ? 'gains' : 'losses'] += 1;
        }
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.gains, seen.losses)).toBeGreaterThan(500);
  });

  it('calls certain only what every request is allowed, and names everything that some request is allowed', () => {
    const seen = { certain: 0, possible: 0 };
    fc.assert(
      fc.property(neighbors, asks, ([state], ask) => {
        const nobody = Object.fromEntries(Object.entries(state).filter(([, { kind }]) => kind !== 'assignment'));
        const rows = accessBetween(nobody, state, context).rows.map(({ change }) => change);
        for (const asked of askAll(ask)) {
          const gained = rowsFor(rows, [state], asked).flatMap((row) => row.gained);
          const name = nameIn([state], asked.action);
          const certain = says(
            gained.filter(({ bound }) => bound === 'certain'),
            name,
          );
          const isAllowed = allowed(state, asked);
          if (certain)
            expect(isAllowed, `${asked.who} ${asked.action} ${asked.resource} in ${asked.account}`).toBe(true);
          if (isAllowed) expect(says(gained, name)).toBe(true);
          seen.certain += Number(certain);
          seen.possible += Number(isAllowed && !certain);
        }
      }),
      { numRuns: 600 },
    );
    expect(Math.min(seen.certain, seen.possible)).toBeGreaterThan(500);
  });

  it('says nothing where nothing changes', () => {
    fc.assert(
      fc.property(neighbors, ([state]) => {
        expect(accessBetween(state, structuredClone(state), context).rows).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

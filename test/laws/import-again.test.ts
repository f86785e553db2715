/** What a repository asks for, made in an organization where nothing was, is what an import of it says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Desired } from '../../src/model/desired.ts';
import { canonical } from '../../src/kinds/equal.ts';
import { resourcesOf, stateOf } from '../../src/model/resource.ts';
import type { Key, Resource, State } from '../../src/model/resource.ts';
import { withLabels } from '../../src/import/labels.ts';
import { plan } from '../../src/plan/plan.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { bench, catalogue, management, region } from '../aws/bench.ts';
import { simulatedClock } from '../aws/simulated-clock.ts';
import { NOW } from '../support/build.ts';
import { carryOut } from '../support/carry-out.ts';
import { desiredIn, filesOf, imported } from '../support/imported.ts';
import { organizations } from '../support/organizations.ts';

/** IAM and Identity Center refuse what names a policy, a role or a user that is not there. */
const standing = (one: Resource): readonly Resource[] => {
  if (one.kind === 'oidc-provider') return [];
  if (one.kind !== 'permission-set' && one.kind !== 'role') return [one];
  if (one.kind === 'role' && /:(role|user)\/(?!aws-reserved)|"A(RO|ID)A[A-Z0-9]+"/.test(JSON.stringify(one.trust)))
    return [];
  const { permissionsBoundary: boundary, ...rest } = { ...one, customerManagedPolicies: [] };
  return [boundary !== undefined && 'managedPolicy' in boundary ? { ...rest, permissionsBoundary: boundary } : rest];
};

const buildable = (desired: Desired): Desired => ({
  ...desired,
  state: stateOf(Object.values(desired.state).flatMap(standing)),
});

/** The accounts, people and external groups that no repository makes, and what somebody always leaves lying about. */
const emptyOrganization = ({ state }: Desired, users: readonly string[]) => {
  const accounts = resourcesOf(state, 'account').filter(({ id }) => id !== management.id);
  const external = resourcesOf(state, 'group').filter(({ source }) => source === 'external');
  const seed = {
    organizationId: 'o-securecart0',
    region,
    management,
    accounts,
    users,
    externalGroups: external.map(({ name }) => ({ name, members: [] })),
  };
  const sandbox = createSandbox(brownfield(seed, simulatedClock().now()), { catalogue });
  const labels = Object.fromEntries(resourcesOf(state, 'account').map(({ id, name }) => [id, name]));
  return bench({ sandbox }).cloudOf({ labels, iam: { accounts: 'all', policies: 'all' } });
};

const text = (one: Resource): string => {
  const { owner: _, scope: __, ...rest } = one as Resource & { readonly owner?: string; readonly scope?: string };
  return canonical(rest);
};

const isImplied = (key: Key): boolean => /^(policy-type|oidc-provider)\/|^attachment\/scp:FullAWSAccess@/.test(key);

const said = (state: State): Readonly<Record<Key, string>> =>
  Object.fromEntries(
    Object.entries(state).flatMap(([key, one]) => (isImplied(key) ? [] : [[key, text(one)] as const])),
  );

describe('import of what a repository made', () => {
  it('says the same, together with what was there before', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(organizations, async (grown) => {
        const desired = buildable(desiredIn(filesOf(await imported(withLabels(grown)))));
        const cloud = emptyOrganization(desired, grown.users);
        const before = await cloud.read();
        const outcomes = await carryOut(cloud, plan(desired, before, NOW));
        expect([...outcomes.values()].filter(({ status }) => status !== 'done')).toEqual([]);
        made += outcomes.size;
        const read = await Promise.all([cloud.read(), before].map(async (live) => imported(withLabels(await live))));
        const [after, left] = read.map((draft) => said(desiredIn(filesOf(draft)).state));
        expect(after).toEqual({ ...left, ...said(desired.state) });
      }),
      { numRuns: 5, endOnFailure: true },
    );
    expect(made).toBeGreaterThan(30);
  });
});

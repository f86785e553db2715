import { describe, expect, it } from 'vitest';
import { runTests } from '../../src/evaluate/access-test.ts';
import type { AccessTest, DeclaredTest } from '../../src/evaluate/access-test.ts';
import type { Assignment, Role, State } from '../../src/model/resource.ts';
import { isSettingsPolicy, resourcePolicyKey, resourcesOf, stateOf } from '../../src/model/resource.ts';
import { fullAccessDocument } from '../../src/model/policy.ts';
import { NOW, bent, desiredOn, tests } from '../support/securecart.ts';

const without = (kept: (key: string) => boolean) => (state: State) =>
  Object.fromEntries(Object.entries(state).filter(([key]) => kept(key)));
const failing = async (list: readonly DeclaredTest[], bend: (state: State) => State): Promise<readonly string[]> => {
  const results = await runTests(list, { now: NOW, worldAt: bent(bend) });
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
};

const ofAccess = tests.flatMap((test) => ('effective' in test ? [] : [test]));

/** One test for each request of one kind, so that none can hide behind another. */
const oneByOne = (kind: 'allowed' | 'denied'): readonly AccessTest[] =>
  ofAccess.flatMap((test) =>
    test[kind].flatMap((request, index) =>
      test.accounts.map((account) => ({
        ...test,
        name: `${test.name} / ${kind} ${index} / ${account}`,
        accounts: [account],
        allowed: kind === 'allowed' ? [request] : [],
        denied: kind === 'denied' ? [request] : [],
        only: false,
      })),
    ),
  );

/** Every role, of any day, may do everything and trusts everybody. */
const openRoles = resourcesOf(desiredOn(undefined).state, 'role').map(
  ({ permissionsBoundary: _boundary, ...role }): Role => ({
    ...role,
    inlinePolicies: { open: fullAccessDocument },
    trust: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:*' }] },
  }),
);

/** Everybody is administrator everywhere, and nothing guards anything. */
const open = (state: State): State => {
  const groups = resourcesOf(state, 'group');
  const sets = resourcesOf(state, 'permission-set');
  const assignments = resourcesOf(state, 'account').flatMap((account) =>
    groups.flatMap((group) =>
      sets.map((set): Assignment => ({
        kind: 'assignment',
        principal: { type: 'group', name: group.name },
        permissionSet: set.name,
        account: account.name,
      })),
    ),
  );
  const opened = sets.map(({ permissionsBoundary: _boundary, ...set }) => ({
    ...set,
    managedPolicies: [],
    inlinePolicy: fullAccessDocument,
  }));
  const bare = without((key) => !/^(attachment|policy-type|scp|resource-policy)\//.test(key))(state);
  return { ...bare, ...stateOf([...assignments, ...opened, ...openRoles]) };
};

describe("SecureCart's access tests", () => {
  it('hold', async () => {
    const results = await runTests(tests, { now: NOW, worldAt: bent((state) => state) });
    expect(results.flatMap(({ failures }) => failures.map(({ message }) => message))).toEqual([]);
  });

  it('ask at least sixty things, each test under a name of its own', () => {
    expect(oneByOne('allowed').length + oneByOne('denied').length).toBeGreaterThan(300);
    expect(new Set(tests.map(({ name }) => name)).size).toBe(tests.length);
  });

  const scps = Object.values(desiredOn(undefined).state).flatMap((one) => (one.kind === 'scp' ? [one.name] : []));
  it('ask about fourteen SCPs', () => expect(scps).toHaveLength(14));
  it.each(scps)('fail when %s is unbound', async (scp) => {
    const names = await failing(
      tests,
      without((key) => !key.startsWith(`attachment/scp:${scp}@`)),
    );
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThan(tests.length);
  });

  const settings = Object.values(desiredOn(undefined).state).flatMap((one) => (isSettingsPolicy(one) ? [one] : []));
  it.each(settings)('fail when $kind $name is unbound', async ({ kind, name }) => {
    const names = await failing(
      tests,
      without((key) => !key.startsWith(`attachment/${kind}:${name}@`)),
    );
    expect(names).toHaveLength(1);
  });

  const policies = resourcesOf(desiredOn(undefined).state, 'resource-policy');
  it.each(policies)('fail without the policy of $resource', async ({ resource }) => {
    const names = await failing(
      tests,
      without((key) => key !== resourcePolicyKey(resource)),
    );
    expect(names.length).toBeGreaterThan(0);
  });

  it('can each fail: nothing is allowed where nobody holds anything', async () => {
    const list = oneByOne('allowed');
    expect(
      await failing(
        list,
        without((key) => !/^(assignment|role|resource-policy)\//.test(key)),
      ),
    ).toEqual(list.map(({ name }) => name));
  });

  it('can each fail: nothing is denied where everybody is administrator and nothing guards', async () => {
    const list = oneByOne('denied');
    expect(await failing(list, open)).toEqual(list.map(({ name }) => name));
  });

  it('notice one action too many where only the listed is to be allowed', async () => {
    const only = ofAccess.filter((test) => test.only && test.as.group === 'SecureCart-Support');
    const wider = (state: State): State => {
      const set = resourcesOf(state, 'permission-set').find(({ name }) => name === 'SecureCart-Support');
      if (set === undefined) throw new Error('SecureCart-Support is gone');
      const Statement = { Effect: 'Allow', Action: 'dynamodb:Scan', Resource: '*' } as const;
      const arn = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess';
      return {
        ...state,
        ...stateOf([{ ...set, inlinePolicy: { Version: '2012-10-17', Statement }, managedPolicies: [arn] }]),
      };
    };
    expect(only.length).toBeGreaterThan(0);
    expect(
      await failing(
        only.map((test) => ({ ...test, allowed: ['iam:*'] })),
        wider,
      ),
    ).toHaveLength(only.length);
    expect(
      await failing(
        only.map((test) => ({ ...test, allowed: ['dynamodb:Scan'] })),
        wider,
      ),
    ).toHaveLength(only.length);
    const both = only.map((test) => ({ ...test, allowed: [{ action: 'dynamodb:Scan' }, 'iam:List*', 'iam:Get*'] }));
    const [result] = await runTests(both, { now: NOW, worldAt: bent(wider) });
    expect(result?.failures.map(({ action }) => action)).not.toContain('dynamodb:Scan');
  });

  it('name the statement that decided and its line', async () => {
    const root = ofAccess.filter(({ name }) => name.startsWith('Support neither'));
    const asked = root.map((test) => ({ ...test, denied: ['dynamodb:GetItem'], allowed: ['dynamodb:DeleteTable'] }));
    const [result] = await runTests(asked, { now: NOW, worldAt: bent((state) => state) });
    expect(result?.failures.map(({ message }) => message)).toEqual([
      'group:SecureCart-Support (through permission-set:SecureCart-Support) in SecureCart-Production: dynamodb:DeleteTable is denied, must be allowed',
      'group:SecureCart-Support (through permission-set:SecureCart-Support) in SecureCart-Production: dynamodb:GetItem on arn:aws:dynamodb:*:*:table/orders* is allowed, must be denied',
    ]);
    expect(result?.failures[1]?.reasons).toContainEqual(
      expect.objectContaining({
        policy: 'SecureCart-Support (inline)',
        place: { file: 'permission-sets/support.yaml', line: 12, column: 7 },
      }),
    );
  });
});

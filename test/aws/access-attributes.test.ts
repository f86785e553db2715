import { describe, expect, it } from 'vitest';
import { ACCESS_ATTRIBUTES } from '../../src/model/resource.ts';
import type { AccessAttributes } from '../../src/model/resource.ts';
import { create, update } from '../contract/changes.ts';
import { bench } from './bench.ts';
import type { BenchOptions } from './bench.ts';

const department: AccessAttributes = {
  kind: 'access-attributes',
  attributes: { department: '${path:enterprise.department}' },
};
const team: AccessAttributes = { kind: 'access-attributes', attributes: { team: '${path:enterprise.division}' } };

const room = async (options: BenchOptions = {}) => {
  const made = bench(options);
  const cloud = made.cloudOf();
  const { state, unread } = await cloud.read();
  const now = async () => (await made.cloudOf().read()).state[ACCESS_ATTRIBUTES];
  return { ...made, cloud, state, unread, now };
};

describe('attributes for access control', () => {
  it('are nothing until they are configured, and then what is asked for, all of it', async () => {
    const { cloud, state, now } = await room();
    expect(state[ACCESS_ATTRIBUTES]).toBeUndefined();
    expect(await cloud.apply(create(department))).toMatchObject({ status: 'done' });
    expect(await now()).toEqual(department);
    expect(await cloud.apply(update(department, team))).toMatchObject({ status: 'done' });
    expect(await now()).toEqual(team);
    const none: AccessAttributes = { kind: 'access-attributes', attributes: {} };
    expect(await cloud.apply(update(team, none))).toMatchObject({ status: 'done' });
    expect(await now()).toEqual(none);
  });

  it('are what is asked for when the answer to their creation is lost', async () => {
    const { cloud, now } = await room({ lose: ['CreateInstanceAccessControlAttributeConfiguration'] });
    expect(await cloud.apply(create(department))).toMatchObject({ status: 'done' });
    expect(await now()).toEqual(department);
  });

  it('are left alone where somebody changed them since the plan', async () => {
    const { cloud, sandbox, now } = await room();
    await cloud.apply(create(department));
    sandbox.world().sso.accessControlAttributes = [{ Key: 'theirs', Value: { Source: ['x'] } }];
    const planned = bench({ sandbox }).cloudOf();
    await planned.read();
    expect(await planned.apply(update(department, team))).toMatchObject({ status: 'held' });
    expect(await now()).toEqual({ kind: 'access-attributes', attributes: { theirs: 'x' } });
  });

  it('are unread for whoever may not read them', async () => {
    const { unread } = await room({ deny: 'DescribeInstanceAccessControlAttributeConfiguration' });
    expect(unread).toEqual([{ scope: ACCESS_ATTRIBUTES, reason: expect.stringMatching(/AccessDenied/) as string }]);
  });
});

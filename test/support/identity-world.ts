import type { SandboxCall, CallInput, CallOutput } from '../../src/sandbox/core.ts';
import { AwsError } from '../../src/sandbox/core.ts';
import { ssoAdminModel } from '../../src/sandbox/identity-center/model.ts';
import { identityStoreModel } from '../../src/sandbox/identity-store/model.ts';
import { checkInput } from '../../src/sandbox/model.ts';
import { emptyIdentityStore } from '../../src/sandbox/identity-store/state.ts';
import { identityStoreOperations } from '../../src/sandbox/identity-store/operations.ts';
import { ssoAdminOperations } from '../../src/sandbox/identity-center/operations.ts';
import { emptySso } from '../../src/sandbox/identity-center/state.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { defaultSettings } from '../../src/sandbox/world.ts';

export const management = '111111111111';
export const production = '222222222222';
export const staging = '333333333333';
export const delegate = '444444444444';
export const suspended = '555555555555';
export const instanceArn = 'arn:aws:sso:::instance/ssoins-1234567890abcdef';
export const identityStoreId = 'd-1234567890';
export const start = Date.parse('2026-11-23T00:00:00Z');

const account = (id: string, state: 'ACTIVE' | 'SUSPENDED') => ({
  Id: id,
  Name: `account-${id}`,
  Email: `${id}@securecart.example`,
  State: state,
  JoinedMethod: 'CREATED' as const,
  JoinedTimestamp: start / 1000,
  parent: 'r-root',
});

/** An organization of four working accounts and one that is suspended, with an unused Identity Center. */
export const identityWorld = (latencyMs = 0): SandboxWorld => ({
  version: 1,
  seedTime: start,
  settings: {
    ...defaultSettings(),
    latencyMs: { assignment: latencyMs, provisioning: latencyMs, policyType: 0 },
  },
  ids: { next: 0 },
  organizations: {
    id: 'o-securecart0',
    management,
    rootId: 'r-root',
    policyTypes: [],
    ous: {},
    accounts: {
      [management]: account(management, 'ACTIVE'),
      [production]: account(production, 'ACTIVE'),
      [staging]: account(staging, 'ACTIVE'),
      [delegate]: account(delegate, 'ACTIVE'),
      [suspended]: account(suspended, 'SUSPENDED'),
    },
    policies: {},
    attachments: {},
    tags: {},
    delegatedAdministrators: [{ account: delegate, services: ['sso.amazonaws.com'], since: start }],
    serviceAccess: [],
  },
  sso: emptySso({
    instanceArn,
    identityStoreId,
    ownerAccountId: management,
    region: 'eu-west-1',
    createdDate: start,
  }),
  identityStore: emptyIdentityStore(identityStoreId),
  iam: {},
  sessions: {},
  cloudTrail: { ids: { next: 0 }, events: [], trails: {} },
  accessAnalyzer: {},
  resources: {},
  buckets: {},
  requestLog: {},
});

export type Caller = { account: string; now: number };

/** Calls operations as an account at a time; both can be changed between calls. */
export const callerOf = (world: SandboxWorld) => {
  const caller: Caller = { account: management, now: start };
  const context = (service: string, operation: string): SandboxCall => ({
    service,
    operation,
    caller: {
      account: caller.account,
      principalArn: `arn:aws:iam::${caller.account}:role/Tester`,
      userId: 'AROATESTER:tester',
    },
    accessKeyId: 'AKIATESTER',
    source: { ip: '127.0.0.1', agent: 'test' },
    account: caller.account,
    principalArn: `arn:aws:iam::${caller.account}:role/Tester`,
    region: 'eu-west-1',
    now: caller.now,
    catalogue: {
      arns: () => [],
      has: (arn) => !arn.includes('NoSuchPolicy'),
      arnOf: () => undefined,
      document: () => undefined,
    },
  });
  const sso = (operation: string, input: CallInput = {}): CallOutput => {
    const run = ssoAdminOperations[operation];
    if (!run) throw new Error(`no such operation: ${operation}`);
    const whole = { InstanceArn: instanceArn, ...input };
    checkInput(ssoAdminModel, operation, whole);
    return run(world, whole, context('sso-admin', operation));
  };
  const store = (operation: string, input: CallInput = {}): CallOutput => {
    const run = identityStoreOperations[operation];
    if (!run) throw new Error(`no such operation: ${operation}`);
    const whole = { IdentityStoreId: identityStoreId, ...input };
    checkInput(identityStoreModel, operation, whole);
    return run(world, whole, context('identitystore', operation));
  };
  return { caller, sso, store };
};

/** What AWS refused with: the error's code, message and further members. */
export const refusalOf = (call: () => unknown): { code: string; message: string; fields: CallOutput } => {
  try {
    call();
  } catch (error) {
    if (error instanceof AwsError) return { code: error.code, message: error.message, fields: error.fields };
    throw error;
  }
  throw new Error('nothing was refused');
};

/** The value at a dotted path of an answer. */
export const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((here, name) => (here as Readonly<Record<string, unknown>> | undefined)?.[name], value);

export const textAt = (value: unknown, path: string): string => {
  const found = at(value, path);
  if (typeof found !== 'string') throw new Error(`${path} is not a text`);
  return found;
};

export const rowsAt = (value: unknown, path: string): readonly unknown[] => {
  const found = at(value, path);
  if (!Array.isArray(found)) throw new Error(`${path} is not a list`);
  return found;
};

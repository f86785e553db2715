/** What people make on AWS by hand in a history, beside what any meddler does: administrators that no file knows. */
import { callSandbox } from '../../../src/sandbox/call.ts';
import type { Sandbox } from '../../../src/sandbox/handle.ts';
import { meddle } from '../meddling.ts';
import { changeBucket } from './buckets.ts';
import type { Chance } from './chance.ts';

type Answer = Readonly<Record<string, unknown>>;

const caller =
  (sandbox: Sandbox, now: number) =>
  (service: string, operation: string, input: Answer): Answer => {
    const world = sandbox.world();
    const where = service === 'sso-admin' ? { InstanceArn: world.sso.instanceArn } : {};
    const store = service === 'identitystore' ? { IdentityStoreId: world.identityStore.identityStoreId } : {};
    const { ok, output } = callSandbox(
      sandbox,
      { service, operation, input: { ...where, ...store, ...input } },
      () => now,
    );
    return ok ? (output as Answer) : {};
  };

type Place = { readonly sandbox: Sandbox; readonly chance: Chance; readonly now: number };

/** A group gets what no file knows, through the names that files of these histories come upon. */
export const giveByHand = ({ sandbox, chance, now }: Place, to: string): void => {
  const call = caller(sandbox, now);
  const { sso, identityStore, organizations } = sandbox.world();
  const groupOf = (name: string): string | undefined =>
    Object.values(identityStore.groups).find(({ displayName }) => displayName === name)?.groupId;
  const setOf = (name: string): string | undefined =>
    Object.values(sso.permissionSets).find((one) => one.name === name)?.arn;
  call('identitystore', 'CreateGroup', { DisplayName: 'ByHand', Description: 'made by hand' });
  call('sso-admin', 'CreatePermissionSet', { Name: 'HandMade', SessionDuration: 'PT1H' });
  const set = setOf(chance.of('HandMade', 'HandMade', 'Admin'));
  const group = groupOf(to);
  const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
  call('sso-admin', 'AttachManagedPolicyToPermissionSet', {
    PermissionSetArn: setOf('HandMade'),
    ManagedPolicyArn: admin,
  });
  call('sso-admin', 'CreateAccountAssignment', {
    PermissionSetArn: set,
    TargetType: 'AWS_ACCOUNT',
    TargetId: chance.one(Object.keys(organizations.accounts)),
    PrincipalType: 'GROUP',
    PrincipalId: group,
  });
  const begun = sso.requests.at(-1);
  if (begun?.status === 'IN_PROGRESS') sso.requests.splice(-1, 1, { ...begun, dueAt: now });
};

export const byHand = (sandbox: Sandbox, chance: Chance, now: number): void => {
  if (chance.percent(12)) changeBucket(sandbox, chance, now);
  else if (chance.percent(60))
    giveByHand({ sandbox, chance, now }, chance.of('ByHand', 'ByHand', 'Support', 'Developers'));
  else meddle(sandbox, chance.below, now);
};
